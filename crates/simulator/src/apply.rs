//! Handing in a joint application.

use std::{collections::BTreeMap, sync::Arc};

use tongban_domain::{
    acts::{Act, Submission},
    application::{Prospect, Release},
    fact::Channel,
    ids::ApplicationId,
    mode::Mode,
    permission::Actor,
    reason::ReasonKind,
};
use tongban_store::ActOptions;

use crate::{error::SimulationError, life::Part, world::World};

impl World {
    /// The items a stage needs under the answers so far: those of the joint application, or
    /// those that advance in parallel. Items that no body of the region handles, such as the
    /// owner's own duties (YS-11), cannot be applied for.
    pub(crate) fn items(&self, who: usize, stage: u8, side: bool) -> Vec<String> {
        let Some(flow) = self.flow(who) else { return Vec::new() };
        let life = &self.lives[who];
        self.catalog
            .needed(flow, stage, &life.answers, life.sketch.region)
            .filter(|entry| entry.side == side)
            .filter(|entry| {
                let item = self.catalog.item(&entry.item);
                item.is_some_and(|item| self.city.staff_of(&item.lead).is_some())
            })
            .map(|entry| entry.item.clone())
            .collect()
    }

    /// Applies for those of the items that are still needed and free. None when there is none,
    /// or when the application was refused.
    pub(crate) fn apply(
        &mut self,
        who: usize,
        stage: u8,
        items: &[String],
    ) -> Result<Option<ApplicationId>, SimulationError> {
        let Some(project) = self.lives[who].project.clone() else { return Ok(None) };
        self.answer(who, stage);
        let catalog = Arc::clone(&self.catalog);
        let given = &self.lives[who].answers;
        let needed = |code: &String| {
            self.flow(who).is_some_and(|flow| {
                catalog.needed(flow, stage, given, project.region).any(|entry| entry.item == *code)
            })
        };
        let items: Vec<String> =
            items.iter().filter(|code| needed(code) && project.is_free(code)).cloned().collect();
        if items.is_empty() {
            return Ok(None);
        }
        let credit = self.store.credit();
        let day = self.now.day();
        let prospect = Prospect { catalog: &catalog, project: &project, credit: &credit, day };
        let answers: BTreeMap<String, String> = prospect
            .questions(stage, &BTreeMap::new())
            .into_iter()
            .filter_map(|question| {
                let answer = given.get(&question.key)?;
                Some((question.key.clone(), answer.clone()))
            })
            .collect();
        let mut all = prospect.known_answers();
        all.extend(answers.clone());
        let form = self.fill(who, &prospect.fields(&items, &all))?;
        let committed = self.commitments(who, &prospect, &items);
        let papers = self.papers(who, &prospect, stage, &items, &committed, &answers)?;
        let release = self.release(who);
        let act = Act::Submit(Submission {
            stage,
            items,
            committed,
            answers,
            fields: form.fields,
            papers,
            taken: BTreeMap::new(),
            release,
        });
        let (actor, visit) = self.hands_in(who)?;
        let options = ActOptions { visit, sealed: form.sealed, ..ActOptions::default() };
        let done = self.attempt(who, &actor, &act, options)?;
        Ok(done.and_then(|done| done.application))
    }

    /// Items for which the owner signs a commitment (告知承诺) instead of proving everything.
    fn commitments(
        &mut self,
        who: usize,
        prospect: &Prospect<'_>,
        items: &[String],
    ) -> Vec<String> {
        if self.lives[who].part.is_calm() {
            return Vec::new();
        }
        let mut committed = Vec::new();
        for code in items {
            let open = prospect.mode(code, Mode::Commitment).is_some_and(|reason| reason.open);
            if open && self.dice.chance(60) {
                committed.push(code.clone());
            }
        }
        committed
    }

    fn release(&mut self, who: usize) -> Release {
        let early = match self.lives[who].part {
            Part::Story => true,
            Part::Ordinary
            | Part::Crossroads
            | Part::AwaitsCorrection
            | Part::HasCorrected
            | Part::JustArrived => self.dice.chance(250),
        };
        if early { Release::Early } else { Release::Together }
    }

    /// Who hands it in, and why somebody had to appear: mostly the owner on the web, sometimes
    /// by phone, sometimes at the window, where a clerk enters it.
    fn hands_in(&mut self, who: usize) -> Result<(Actor, Option<String>), SimulationError> {
        let (hour, _) = self.now.hour_minute();
        let open = (9..17).contains(&hour) && self.catalog.calendar.is_working(self.now.day());
        let ordinary = self.lives[who].part == Part::Ordinary;
        if ordinary && open && self.dice.chance(60) {
            let clerk = Actor { channel: Channel::Window, ..self.clerk(who) };
            let visit = self.reason(ReasonKind::Visit);
            return Ok((clerk, Some(visit).filter(|visit| !visit.is_empty())));
        }
        let owner = self.owner(who)?;
        let by_phone = ordinary && self.dice.chance(120);
        let channel = if by_phone { Channel::Phone } else { Channel::Web };
        Ok((Actor { channel, ..owner }, None))
    }
}
