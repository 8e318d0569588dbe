//! How many papers the owner was spared (少交材料).

use super::Provenance;
use crate::project::Project;

/// Papers of a project's applications, counted. GBOP 2019/11: one set of papers per stage, and
/// nothing that can be shared is asked for again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PaperFigure {
    /// As many as the items would ask for if each had a set of its own.
    pub by_items: usize,
    /// As many as there are in the sets.
    pub in_sets: usize,
    /// Of these pulled from results, registers and earlier applications.
    pub pulled: usize,
    /// Of these asked of the owner; neither are those that do not exist for the project.
    pub asked: usize,
}

impl PaperFigure {
    /// What the owner did not have to hand in.
    #[must_use]
    pub const fn saved(&self) -> usize {
        self.by_items - self.asked
    }

    fn add(&mut self, items: usize, from: Option<&Provenance>) {
        let pulled = from.is_some_and(Provenance::is_pulled);
        let asked = !pulled && !matches!(from, Some(Provenance::NotNeeded(_)));
        self.by_items += items;
        self.in_sets += 1;
        self.pulled += usize::from(pulled);
        self.asked += usize::from(asked);
    }
}

impl std::ops::AddAssign for PaperFigure {
    fn add_assign(&mut self, other: Self) {
        self.by_items += other.by_items;
        self.in_sets += other.in_sets;
        self.pulled += other.pulled;
        self.asked += other.asked;
    }
}

impl Project {
    /// The papers of all applications, as they stand.
    #[must_use]
    pub fn paper_figure(&self) -> PaperFigure {
        let mut figure = PaperFigure::default();
        for slot in self.applications.values().flat_map(|application| &application.slots) {
            figure.add(slot.slot.items.len(), slot.current());
        }
        figure
    }
}
