//! The library of papers (材料库): what a project handed in already is not asked for again.

use std::collections::BTreeMap;

use super::{FileReference, Provenance};
use crate::{
    application::{Application, Target},
    ids::ApplicationId,
    project::Project,
};

impl Project {
    /// The latest version of a paper that the owner handed in with an application which was not
    /// wholly refused, and that nobody sent back.
    #[must_use]
    pub fn handed_in(&self, paper: &str) -> Option<(ApplicationId, &FileReference)> {
        // Ids of later applications sort later.
        self.applications.values().rev().find_map(|application| {
            let file = application.slot(paper)?.current()?.file()?;
            let counts = self.cases_of(application).any(|case| case.is_open() || case.has_passed());
            (counts && !is_sent_back(application, paper)).then_some((application.id, file))
        })
    }

    /// Everything the owner handed in, the latest version of each paper, by paper.
    #[must_use]
    pub fn library(&self) -> BTreeMap<&str, &FileReference> {
        let mut library = BTreeMap::new();
        for application in self.applications.values() {
            for slot in &application.slots {
                let file = slot.current().and_then(Provenance::file);
                library.extend(file.map(|file| (slot.slot.paper.as_str(), file)));
            }
        }
        library
    }
}

/// Whether the one notice asks for another version that did not come yet.
fn is_sent_back(application: &Application, paper: &str) -> bool {
    application.open_correction().is_some_and(|correction| {
        correction
            .demands
            .iter()
            .any(|demand| matches!(&demand.target, Target::Paper(key) if key == paper))
    })
}
