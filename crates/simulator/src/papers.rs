//! The papers a project hands in. Their content is one small document; each project keeps its
//! own row for it, because who may see a project may see its files.

use std::collections::BTreeMap;

use tongban_domain::{application::Prospect, paper::FileReference};

use crate::{error::SimulationError, life::Part, showcase, world::World};

impl World {
    /// The papers an owner uploads for these items: all that nobody else provides, but of those
    /// that may follow some are left out.
    pub(crate) fn papers(
        &mut self,
        who: usize,
        prospect: &Prospect<'_>,
        stage: u8,
        items: &[String],
        committed: &[String],
        answers: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, FileReference>, SimulationError> {
        let mut all = prospect.project.answers.clone();
        all.extend(prospect.known_answers());
        all.extend(answers.clone());
        let mut papers = BTreeMap::new();
        for (slot, from) in prospect.papers(items, &all) {
            if from.is_some() {
                continue;
            }
            let may_follow =
                slot.deferrable && !slot.items.iter().any(|code| committed.contains(code));
            if may_follow && self.leaves_out(who, stage, &slot.paper) {
                continue;
            }
            let file = self.paper(who, &slot.paper)?;
            papers.insert(slot.paper, file);
        }
        Ok(papers)
    }

    fn leaves_out(&mut self, who: usize, stage: u8, paper: &str) -> bool {
        match self.lives[who].part {
            Part::Ordinary => self.dice.chance(150),
            Part::Crossroads => stage == 3 && paper == showcase::PAPER_LEFT_OUT,
            Part::Story | Part::AwaitsCorrection | Part::HasCorrected | Part::JustArrived => false,
        }
    }

    /// A file for a paper. Kept once for a project: keeping waits for the disk.
    pub(crate) fn paper(
        &mut self,
        who: usize,
        paper: &str,
    ) -> Result<FileReference, SimulationError> {
        let accept = self.catalog.papers.get(paper).map(|paper| paper.accept.as_slice());
        let takes =
            |kind: &str| accept.is_some_and(|kinds| kinds.iter().any(|known| known == kind));
        let picture = !takes("pdf") && takes("png");
        let life = &self.lives[who];
        let kept = if picture { life.picture.clone() } else { life.document.clone() };
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let Some(project) = life.project.as_ref().map(|project| project.id) else {
            return Err(SimulationError::Missing("project to keep a paper for".to_owned()));
        };
        let (name, kind, content) = if picture {
            ("现场照片.png", "png", PICTURE.to_vec())
        } else {
            ("申报材料.pdf", "pdf", document())
        };
        let accept = [kind.to_owned()];
        let file = self.store.keep_file(project, None, name, &content, &accept, 1)??.reference();
        let life = &mut self.lives[who];
        let place = if picture { &mut life.picture } else { &mut life.document };
        *place = Some(file.clone());
        Ok(file)
    }
}

/// One grey pixel.
const PICTURE: &[u8; 67] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b,
    0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x38, 0x03, 0x00, 0x00,
    0xce, 0x00, 0xcd, 0x79, 0xee, 0xea, 0x3d, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];

/// A document of one page, with the places of its objects as readers expect them.
fn document() -> Vec<u8> {
    let text = "BT /F1 18 Tf 72 760 Td (Tongban: sample paper of a simulated project) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let start = file.len();
    let size = objects.len() + 1;
    file.push_str(&table);
    file.push_str(&format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"));
    file.into_bytes()
}
