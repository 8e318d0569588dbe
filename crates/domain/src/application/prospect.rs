//! A project on the day of an application: what is known about it, asked of it and open to it.

use std::collections::BTreeMap;

use super::{AreaUse, papers, questions};
use crate::{
    catalog::{Catalog, Field, Question},
    credit::Credit,
    mode::{Mode, ModeReason, modes},
    paper::{Provenance, Slot},
    project::Project,
    time::Day,
};

/// A project with everything that decides what an application of it consists of.
#[derive(Debug, Clone, Copy)]
pub struct Prospect<'a> {
    /// The pack in force.
    pub catalog: &'a Catalog,
    /// The project.
    pub project: &'a Project,
    /// What is on record about owners.
    pub credit: &'a Credit,
    /// The day.
    pub day: Day,
}

impl<'a> Prospect<'a> {
    /// Answers the project knows: given before, found in an area assessment of the site, or
    /// following from its form and its results.
    #[must_use]
    pub fn known_answers(&self) -> BTreeMap<String, String> {
        questions::known_answers(self)
    }

    /// The questions whose answers can still change what a stage consists of, beside those
    /// already given. An answer that settles an item makes the others about it idle.
    #[must_use]
    pub fn questions(&self, stage: u8, given: &BTreeMap<String, String>) -> Vec<&'a Question> {
        questions::stage_questions(self, stage, given)
    }

    /// The stage form: fields that the items, and those merged into them, need and the project
    /// does not know yet.
    #[must_use]
    pub fn fields(&self, items: &[String], answers: &BTreeMap<String, String>) -> Vec<&'a Field> {
        papers::stage_fields(self, items, answers)
    }

    /// The one set of papers: every paper the items ask for, once, with where it comes from when
    /// the owner need not hand it in. `answers` are those of the project and of this application.
    #[must_use]
    pub fn papers(
        &self,
        items: &[String],
        answers: &BTreeMap<String, String>,
    ) -> Vec<(Slot, Option<Provenance>)> {
        papers::paper_set(self, items, answers)
    }

    /// The ways of handling an item, each with what decides it.
    #[must_use]
    pub fn modes(&self, item: &str) -> Vec<ModeReason> {
        let item = self.catalog.item(item);
        item.map(|item| modes(self.catalog, self.project, item, self.credit, self.day))
            .unwrap_or_default()
    }

    /// Why a way of handling an item is open or closed.
    #[must_use]
    pub fn mode(&self, item: &str, mode: Mode) -> Option<ModeReason> {
        self.modes(item).into_iter().find(|reason| reason.mode == mode)
    }

    /// What area assessments of the site say today.
    #[must_use]
    pub fn area_answers(&self) -> BTreeMap<String, String> {
        let asked = self.catalog.questions.iter();
        asked
            .filter(|question| question.flows.contains(&self.project.flow))
            .filter_map(|question| {
                let choice = question.area_choice()?;
                self.catalog.area_assessment(question, self.project.region, self.day)?;
                Some((question.key.clone(), choice.key.clone()))
            })
            .collect()
    }

    /// The area assessments on which known answers rest.
    pub(super) fn areas<'b>(
        &'b self,
        answers: &'b BTreeMap<String, String>,
    ) -> impl Iterator<Item = AreaUse> + 'b {
        answers.iter().filter_map(|(key, answer)| {
            let question = self.catalog.question(key)?;
            if question.area_choice()?.key != *answer {
                return None;
            }
            let area = self.catalog.area_assessment(question, self.project.region, self.day)?;
            let (document, until) = (area.document.clone(), area.until);
            Some(AreaUse { question: key.clone(), document, until })
        })
    }
}
