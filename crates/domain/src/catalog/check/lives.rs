//! Terms of results and duties name what exists and rest on a law.

use super::Checker;
use crate::catalog::{Endpoint, LawReference};

impl Checker<'_> {
    pub(super) fn lives(&mut self) {
        let catalog = self.catalog;
        for life in &catalog.lives {
            self.named_item("life", &life.item);
            self.based("life", &life.item, &life.basis);
            if life.extensions > 0 && life.each.is_none() {
                let message = format!("{} may be extended, but by how much?", life.item);
                self.problem("life", &life.item, message);
            }
            for end in &life.unless {
                let known = match end {
                    Endpoint::Item(code) => catalog.item(code).is_some(),
                    Endpoint::Milestone(key) => catalog.milestone(key).is_some(),
                };
                if !known {
                    self.problem("life", &life.item, format!("there is no {end}"));
                }
            }
        }
        for duty in &catalog.duties {
            self.named_item("duty", &duty.item);
            self.based("duty", &duty.item, &duty.basis);
            let known = match Endpoint::read(&duty.after) {
                Endpoint::Item(_) => false,
                Endpoint::Milestone(key) => catalog.milestone(&key).is_some(),
            };
            if !known {
                let message = format!("a duty begins with a milestone, not {}", duty.after);
                self.problem("duty", &duty.item, message);
            }
        }
    }

    fn named_item(&mut self, kind: &'static str, code: &str) {
        if self.catalog.item(code).is_none() {
            self.problem(kind, code, format!("there is no item {code}"));
        }
    }

    fn based(&mut self, kind: &'static str, key: &str, basis: &str) {
        let Ok(reference) = basis.parse::<LawReference>();
        self.laws(kind, key, &[reference]);
    }
}
