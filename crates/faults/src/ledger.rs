//! What the client was told, kept outside of everything that can break.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::ensure;

use crate::node::Place;

/// What was sent, and what was acknowledged.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Project codes that were sent.
    pub(crate) sent: BTreeSet<String>,
    /// Code and id of projects whose registration was acknowledged.
    pub(crate) registered: BTreeMap<String, String>,
    /// Codes of projects that were to be marked.
    pub(crate) marking: BTreeSet<String>,
    /// Codes of projects whose mark was acknowledged.
    pub(crate) marked: BTreeSet<String>,
    /// Next number of a project.
    pub(crate) next: u32,
}

impl Ledger {
    /// Codes whose registration was sent and not acknowledged, the latest first.
    pub(crate) fn open(&self) -> Vec<String> {
        let open = self.sent.iter().rev().filter(|code| !self.registered.contains_key(*code));
        open.cloned().collect()
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.registered.len() + self.marked.len()
    }

    /// Compares with what a node holds now.
    pub(crate) fn check(&self, place: &Place) -> anyhow::Result<()> {
        let store = place.look()?;
        let found = store.find_projects("", usize::MAX >> 1)?;
        let mut codes = BTreeSet::new();
        for row in &found {
            ensure!(codes.insert(row.code.clone()), "{} is there twice", row.code);
            ensure!(self.sent.contains(&row.code), "{} was never sent", row.code);
            if row.is_key {
                ensure!(self.marking.contains(&row.code), "{} was never marked", row.code);
            } else {
                ensure!(!self.marked.contains(&row.code), "the mark of {} is lost", row.code);
            }
            // One fact for each act that happened: none happened twice.
            let facts = store.history(row.id)?.len();
            ensure!(facts == 1 + usize::from(row.is_key), "{} has {facts} facts", row.code);
            let known = self.registered.get(&row.code);
            let id = row.id.to_string();
            ensure!(known.is_none_or(|known| *known == id), "{} has another id", row.code);
        }
        for code in self.registered.keys() {
            ensure!(codes.contains(code), "{code} was acknowledged and is lost");
        }
        Ok(())
    }
}
