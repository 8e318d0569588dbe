//! Reads the overlays of a pack: `overlays/…/*.toml`, one per region.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

use super::Reader;
use crate::catalog::{Office, Overlay, Tightening};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverlayFile {
    overlay: RawOverlay,
    #[serde(default)]
    item: Vec<RawTightening>,
    #[serde(default)]
    stage: Vec<RawBudget>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOverlay {
    region: Spanned<u32>,
    name: String,
    version: String,
    #[serde(default)]
    signed_off_by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTightening {
    code: Spanned<String>,
    promised: Option<Spanned<String>>,
    #[serde(default)]
    drop_papers: Vec<String>,
    lead: Option<String>,
    office: Option<RawOffice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOffice {
    address: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    hours: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBudget {
    flow: Spanned<String>,
    stage: u8,
    budget: u32,
}

impl Reader<'_> {
    /// All overlays by region. A pack need not have any.
    pub(super) fn overlays(&mut self) -> BTreeMap<u32, Overlay> {
        let mut paths: Vec<String> = self
            .files
            .iter()
            .map(|file| file.path.clone())
            .filter(|path| path.starts_with("overlays/") && path.ends_with(".toml"))
            .collect();
        paths.sort_unstable();
        let mut overlays = BTreeMap::new();
        for path in paths {
            if let Some(file) = self.one::<OverlayFile>(&path)
                && let Some(overlay) = self.overlay(&path, file)
            {
                overlays.insert(overlay.region, overlay);
            }
        }
        overlays
    }

    fn overlay(&mut self, path: &str, file: OverlayFile) -> Option<Overlay> {
        let line = self.line(path, &file.overlay.region);
        let region = file.overlay.region.into_inner();
        self.place(path, line, "overlay", region.to_string());
        let mut items = BTreeMap::new();
        for row in file.item {
            let promised = match &row.promised {
                Some(text) => Some(self.parse(path, text)?),
                None => None,
            };
            let line = self.line(path, &row.code);
            let code = row.code.into_inner();
            self.place(path, line, "tightening", format!("{region} {code}"));
            let office = row.office.map(|office| Office {
                address: office.address,
                phone: office.phone,
                hours: office.hours,
            });
            let dropped = row.drop_papers.into_iter().collect();
            items.insert(code, Tightening { promised, dropped, lead: row.lead, office });
        }
        let mut budgets = BTreeMap::new();
        for row in file.stage {
            let line = self.line(path, &row.flow);
            let flow = row.flow.into_inner();
            self.place(path, line, "budget", format!("{region} {flow} {}", row.stage));
            budgets.insert((flow, row.stage), row.budget);
        }
        Some(Overlay {
            region,
            name: file.overlay.name,
            version: file.overlay.version,
            signed_off_by: file.overlay.signed_off_by,
            items,
            budgets,
        })
    }
}
