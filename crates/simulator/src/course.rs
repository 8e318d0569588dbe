//! The course of a project: which stage its owner turns to next, and when.

use std::sync::Arc;

use tongban_domain::{
    case::Standing,
    catalog::Endpoint,
    ids::{ApplicationId, CaseId},
    project::Project,
};

use crate::{
    error::SimulationError,
    life::{Part, Phase},
    milestone::{COMPLETION, LAND_CONTRACT},
    queue::Event,
    world::World,
};

impl World {
    /// The owner answers the questions of a stage and sees to what advances in parallel. Where
    /// that may hold up the joint application (bidding, heritage), it is handed in first.
    pub(crate) fn open_stage(&mut self, who: usize, stage: u8) -> Result<(), SimulationError> {
        self.answer(who, stage);
        self.lives[who].set_phase(stage, Phase::Open);
        let sides = self.items(who, stage, true);
        if stage == 2 || stage == 3 {
            self.hand_in(who, stage, &sides)?;
        } else if !sides.is_empty() {
            let days = self.dice.days(1, 6);
            self.plan_owner(days, who, Event::Apply { stage, items: sides });
        }
        let signed = self.lives[who].milestones.contains(LAND_CONTRACT);
        if !signed && self.needs_land_contract(who, stage) {
            let days = self.dice.days(0, 8);
            self.lives[who].milestones.insert(LAND_CONTRACT);
            self.plan_staff(self.now.day().plus(days), who, Event::Milestone(LAND_CONTRACT));
        }
        self.look_ahead(who);
        Ok(())
    }

    /// Hands in an application and lets it lie with the window.
    pub(crate) fn hand_in(
        &mut self,
        who: usize,
        stage: u8,
        items: &[String],
    ) -> Result<(), SimulationError> {
        if let Some(application) = self.apply(who, stage, items)? {
            self.arrives(who, application);
        }
        Ok(())
    }

    /// After something was decided or recorded: wakes the cases that waited for it, and sees
    /// what the owner can turn to now.
    pub(crate) fn look_ahead(&mut self, who: usize) {
        let Some(project) = self.lives[who].project.clone() else { return };
        self.wake(who, &project);
        if self.lives[who].given_up || self.lives[who].scripted {
            return;
        }
        for stage in 2..=4 {
            self.consider_opening(who, stage, &project);
        }
        for stage in 1..=4 {
            self.consider_applying(who, stage, &project);
        }
        self.consider_milestones(who, &project);
    }

    /// Cases that were ready except for their predecessors are decided soon after those.
    fn wake(&mut self, who: usize, project: &Arc<Project>) {
        let waiting: Vec<CaseId> = self.lives[who]
            .fates
            .iter()
            .filter(|(_, fate)| fate.waiting)
            .map(|(id, _)| *id)
            .collect();
        for id in waiting {
            let Some(case) = project.cases.get(&id) else { continue };
            if project.missing_predecessors(case).next().is_some() {
                continue;
            }
            self.change_fate(who, id, |fate| fate.waiting = false);
            if case.opened.at_once {
                let minutes = self.dice.between(10, 50);
                self.plan_today(minutes, who, Event::Turn(id));
            } else {
                let minutes = self.dice.between(20, 300);
                self.plan_after(minutes, who, Event::Turn(id));
            }
        }
    }

    fn consider_opening(&mut self, who: usize, stage: u8, project: &Project) {
        if self.lives[who].phase(stage) != Phase::Ahead {
            return;
        }
        let (may_open, shortest, longest) = match stage {
            2 => (self.is_behind(who, 1, project), 5, 30),
            3 => (self.is_behind(who, 2, project), 2, 15),
            _ => (project.milestones.contains_key(COMPLETION), 1, 6),
        };
        if may_open {
            self.lives[who].set_phase(stage, Phase::Opening);
            let days = self.dice.days(shortest, longest);
            self.plan_owner(days, who, Event::Open(stage));
        }
    }

    /// Whether a stage is done, or there is nothing in it that would show it, and the one before.
    fn is_behind(&self, who: usize, stage: u8, project: &Project) -> bool {
        let shows = self.flow(who).is_some_and(|flow| {
            let answers = &self.lives[who].answers;
            self.catalog.needed(flow, stage, answers, project.region).any(|entry| entry.milestone)
        });
        project.stage_is_done(stage)
            || (!shows && (stage == 1 || self.is_behind(who, stage - 1, project)))
    }

    fn consider_applying(&mut self, who: usize, stage: u8, project: &Project) {
        if self.lives[who].phase(stage) != Phase::Open || !self.is_ready(who, stage, project) {
            return;
        }
        self.lives[who].set_phase(stage, Phase::Applied);
        let mut items = self.items(who, stage, false);
        if self.lives[who].part.is_calm() {
            if stage == 1 {
                items.extend(self.items(who, stage, true));
            }
            self.plan(self.now, who, Event::Apply { stage, items });
            return;
        }
        // What advances in parallel may go along with the joint application.
        if self.dice.chance(350) {
            items.extend(self.items(who, stage, true));
        }
        let days = self.dice.days(0, 4);
        self.plan_owner(days, who, Event::Apply { stage, items });
    }

    /// Whether everything that the items of a stage wait for, apart from each other, is there.
    /// An eager owner also applies when it is about to come.
    fn is_ready(&self, who: usize, stage: u8, project: &Project) -> bool {
        let life = &self.lives[who];
        if life.part == Part::Crossroads && stage == 3 {
            return true;
        }
        let Some(flow) = self.flow(who) else { return false };
        let together = self.items(who, stage, false);
        let among = |end: &Endpoint| match end {
            Endpoint::Item(code) => together.contains(code),
            Endpoint::Milestone(_) => false,
        };
        flow.edges.iter().filter(|edge| among(&edge.after) && !among(&edge.before)).all(|edge| {
            self.is_reached(who, project, &edge.before)
                || (life.eager && is_near(project, &edge.before))
        })
    }

    /// Whether one end of an edge is behind the project, or does not concern it.
    pub(crate) fn is_reached(&self, who: usize, project: &Project, end: &Endpoint) -> bool {
        match end {
            Endpoint::Milestone(key) => project.milestones.contains_key(key),
            Endpoint::Item(code) => {
                let answers = &self.lives[who].answers;
                let needed = self.flow(who).is_some_and(|flow| {
                    flow.entries
                        .iter()
                        .any(|entry| entry.item == *code && entry.need.holds(answers))
                });
                !needed || project.passed_case(code).is_some()
            }
        }
    }

    /// Whether no other item or milestone waits for this one, so that trouble with it holds
    /// nothing up.
    pub(crate) fn is_leaf(&self, who: usize, item: &str) -> bool {
        let Some(flow) = self.flow(who) else { return false };
        let item = Endpoint::Item(item.to_owned());
        !flow.edges.iter().any(|edge| edge.before == item)
            && !flow
                .entries
                .iter()
                .any(|entry| entry.milestone && Endpoint::Item(entry.item.clone()) == item)
    }

    /// Applies again for what an application or a case did not bring.
    pub(crate) fn try_again(
        &mut self,
        who: usize,
        stage: u8,
        items: Vec<String>,
        shortest: u32,
        longest: u32,
    ) {
        let days = self.dice.days(shortest, longest);
        self.plan_owner(days, who, Event::Apply { stage, items });
    }

    /// The items of an application, with its stage.
    pub(crate) fn contents(&self, who: usize, id: ApplicationId) -> Option<(u8, Vec<String>)> {
        let project = self.lives[who].project.as_ref()?;
        let application = project.applications.get(&id)?;
        let items = project.cases_of(application).map(|case| case.opened.item.clone()).collect();
        Some((application.stage, items))
    }
}

/// Whether a decision only has to be signed, or a contract that is being drawn up.
fn is_near(project: &Project, end: &Endpoint) -> bool {
    match end {
        Endpoint::Milestone(_) => true,
        Endpoint::Item(code) => project.latest_case(code).is_some_and(|case| {
            case.standing == Standing::WithApprover
                && project.missing_predecessors(case).next().is_none()
        }),
    }
}
