//! Reads `lives.toml`: terms of results and duties afterwards.

use serde::Deserialize;
use toml::Spanned;

use super::Reader;
use crate::catalog::{Duty, Endpoint, Life, LifeEffect, LifeFrom, Retention};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LivesFile {
    #[serde(default)]
    life: Vec<RawLife>,
    #[serde(default)]
    duty: Vec<RawDuty>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLife {
    item: Spanned<String>,
    from: LifeFrom,
    ends: Spanned<String>,
    #[serde(default)]
    unless: Vec<String>,
    effect: LifeEffect,
    #[serde(default)]
    extensions: u8,
    each: Option<Spanned<String>>,
    ask_before: Option<Spanned<String>>,
    #[serde(default)]
    deemed: bool,
    basis: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: Retention,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDuty {
    after: String,
    item: Spanned<String>,
    within: Spanned<String>,
    basis: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: Retention,
}

impl Reader<'_> {
    pub(super) fn lives(&mut self) -> Option<(Vec<Life>, Vec<Duty>)> {
        let path = "lives.toml";
        let file: LivesFile = self.one(path)?;
        let mut lives = Vec::new();
        for row in file.life {
            let ends = self.parse(path, &row.ends);
            let each = row.each.as_ref().map(|text| self.parse(path, text));
            let ask_before = row.ask_before.as_ref().map(|text| self.parse(path, text));
            let item = self.placed(path, "life", row.item);
            let Some(ends) = ends else { continue };
            lives.push(Life {
                item,
                from: row.from,
                ends,
                unless: row.unless.iter().map(|end| Endpoint::read(end)).collect(),
                effect: row.effect,
                extensions: row.extensions,
                each: each.flatten(),
                ask_before: ask_before.flatten(),
                deemed: row.deemed,
                basis: row.basis,
            });
        }
        let mut duties = Vec::new();
        for row in file.duty {
            let within = self.parse(path, &row.within);
            let item = self.placed(path, "duty", row.item);
            let Some(within) = within else { continue };
            duties.push(Duty { after: row.after, item, within, basis: row.basis });
        }
        Some((lives, duties))
    }
}
