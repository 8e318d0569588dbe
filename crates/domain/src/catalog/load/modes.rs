//! Reads `modes.toml`: measures and area assessments. Packs published before it existed have
//! none.

use serde::Deserialize;
use toml::Spanned;

use super::{Reader, references};
use crate::catalog::{AreaAssessment, Effect, Measure, Retention};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct ModesFile {
    #[serde(default)]
    measure: Vec<RawMeasure>,
    #[serde(default)]
    area: Vec<RawArea>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMeasure {
    when: Spanned<String>,
    effect: Effect,
    months: Option<i32>,
    basis: Vec<String>,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: Retention,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawArea {
    region: u32,
    question: Spanned<String>,
    document: String,
    from: Spanned<String>,
    until: Spanned<String>,
    basis: Vec<String>,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: Retention,
}

impl Reader<'_> {
    pub(super) fn modes(&mut self) -> Option<(Vec<Measure>, Vec<AreaAssessment>)> {
        let path = "modes.toml";
        let there = self.files.iter().any(|file| file.path == path);
        let file: ModesFile = if there { self.one(path)? } else { ModesFile::default() };
        let mut measures = Vec::new();
        for row in file.measure {
            let line = self.line(path, &row.when);
            let Some(when) = self.parse(path, &row.when) else { continue };
            let effect = row.effect;
            let name = format!("{} {effect:?}", row.when.get_ref());
            self.place(path, line, "measure", name);
            let (months, basis) = (row.months, references(&row.basis));
            measures.push(Measure { when, effect, months, basis });
        }
        let mut areas = Vec::new();
        for row in file.area {
            let line = self.line(path, &row.question);
            let (from, until) = (self.parse(path, &row.from), self.parse(path, &row.until));
            let (Some(from), Some(until)) = (from, until) else { continue };
            if until < from {
                self.problem(path, line, format!("the assessment ends on {until}, before {from}"));
            }
            let question = row.question.into_inner();
            self.place(path, line, "area", format!("{} {question}", row.region));
            areas.push(AreaAssessment {
                region: row.region,
                question,
                document: row.document,
                from,
                until,
                basis: references(&row.basis),
            });
        }
        Some((measures, areas))
    }
}
