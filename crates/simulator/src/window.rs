//! The window: what happens to an application before a department sees it.

use std::sync::Arc;

use tongban_domain::{
    acts::{ApplicationAct, CaseAct},
    application::Application,
    case::{Case, Standing},
    ids::{ApplicationId, CaseId},
    permission::Actor,
    project::Project,
    reason::ReasonKind,
};
use tongban_store::ActOptions;

use crate::{
    error::SimulationError,
    hours::working_days_before,
    life::Part,
    queue::Event,
    showcase,
    world::{World, carrying},
};

/// What the window does with a single case instead of accepting it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dismissal {
    /// 不予受理.
    Refused,
    /// 不受理.
    NotRequired,
}

impl World {
    /// An application has arrived: somebody will accept it, send the notice, or, now and then,
    /// leave it lying until the law accepts it.
    pub(crate) fn arrives(&mut self, who: usize, id: ApplicationId) {
        let Some((application, _)) = self.application(who, id) else { return };
        let last = self.span.last_working;
        let before_the_end = |days| working_days_before(&self.catalog.calendar, last, days);
        match self.lives[who].part {
            Part::JustArrived => {}
            Part::AwaitsCorrection => {
                let at = before_the_end(2).at(14, 0);
                self.plan(at, who, Event::Notice(id));
            }
            Part::HasCorrected => {
                let at = before_the_end(4).at(14, 0);
                self.plan(at, who, Event::Notice(id));
                self.plan(last.at(17, 40), who, Event::Answer(id));
            }
            // A later application for what was refused takes the usual way.
            Part::Crossroads if application.stage == 3 && self.now.day() < before_the_end(9) => {
                let at = before_the_end(9).at(10, 0);
                self.plan(at, who, Event::Accept(id));
            }
            Part::Ordinary | Part::Story | Part::Crossroads => {
                self.lies_with_the_window(who, &application);
            }
        }
    }

    fn lies_with_the_window(&mut self, who: usize, application: &Application) {
        let id = application.id;
        let first_look =
            |days| self.catalog.calendar.nth_working_day_after(application.received_on, days);
        let (same_day, next_day, third_day) = (first_look(0), first_look(1), first_look(2));
        let calm = self.lives[who].part.is_calm() || self.tried_before(who, application);
        let luck = if calm { 1000 } else { self.dice.below(1000) };
        if luck < 15 {
            let hours = i64::from(self.dice.between(1, 20));
            self.plan(self.now.plus_seconds(hours * 3600), who, Event::WithdrawAll(id));
        } else if luck < 40 && self.afford(who, 6) {
            // The window stays silent: the application counts as accepted after five days.
        } else if luck < 220 {
            let day = self.dice.pick(&[same_day, next_day, third_day]);
            self.plan_staff(day, who, Event::Notice(id));
        } else {
            let day = self.dice.pick(&[same_day, same_day, next_day, next_day, third_day]);
            self.plan_staff(day, who, Event::Accept(id));
        }
    }

    fn tried_before(&self, who: usize, application: &Application) -> bool {
        self.lives[who].project.as_ref().is_some_and(|project| {
            project.cases_of(application).any(|case| is_second_try(project, case))
        })
    }

    /// The window accepts what can be accepted.
    pub(crate) fn accept(&mut self, who: usize, id: ApplicationId) -> Result<(), SimulationError> {
        let Some((application, project)) = self.application(who, id) else { return Ok(()) };
        let clerk = self.clerk(who);
        let ready: Vec<Arc<Case>> =
            project.cases_of(&application).filter(|case| is_ready(case)).cloned().collect();
        for case in &ready {
            if let Some(dismissal) = self.dismissal(who, case) {
                self.dismiss(who, &clerk, case, dismissal)?;
            }
        }
        let Some((application, project)) = self.application(who, id) else { return Ok(()) };
        if !project.cases_of(&application).any(|case| is_ready(case)) {
            return Ok(());
        }
        let act = ApplicationAct::AcceptApplication { cases: Vec::new() }.on(id);
        if self.attempt(who, &clerk, &act, ActOptions::default())?.is_some() {
            self.start_cases(who, id);
        }
        Ok(())
    }

    fn dismissal(&mut self, who: usize, case: &Case) -> Option<Dismissal> {
        match self.lives[who].part {
            Part::Crossroads if case.stage == 3 && !self.is_repeated(who, case) => {
                showcase::dismissal(&case.opened.item)
            }
            Part::Ordinary => {
                let leaf = self.is_leaf(who, &case.opened.item);
                if self.is_repeated(who, case) {
                    None
                } else if self.trouble(who, 6, self.cost_of_repeating(who, case)) {
                    Some(Dismissal::Refused)
                } else if leaf && self.dice.chance(10) {
                    Some(Dismissal::NotRequired)
                } else {
                    None
                }
            }
            Part::Story
            | Part::Crossroads
            | Part::AwaitsCorrection
            | Part::HasCorrected
            | Part::JustArrived => None,
        }
    }

    fn dismiss(
        &mut self,
        who: usize,
        clerk: &Actor,
        case: &Case,
        dismissal: Dismissal,
    ) -> Result<(), SimulationError> {
        let id: CaseId = case.opened.case;
        let words = match dismissal {
            Dismissal::Refused => "不予受理的理由和救济途径已经书面告知。",
            Dismissal::NotRequired => "经核对，本项目依法不需要办理该事项。",
        };
        let (text, value) = self.store.seal(words);
        let text = Some(text);
        let act = match dismissal {
            Dismissal::Refused => {
                let reason = self.reason(ReasonKind::AcceptanceRefused);
                CaseAct::RefuseAcceptance { reason, text }.on(id)
            }
            Dismissal::NotRequired => {
                let reason = self.reason(ReasonKind::NotRequired);
                CaseAct::DeclareNotRequired { reason, text }.on(id)
            }
        };
        let done = self.attempt(who, clerk, &act, carrying(value))?;
        if done.is_some() && dismissal == Dismissal::Refused {
            self.try_again(who, case.stage, vec![case.opened.item.clone()], 3, 8);
        }
        Ok(())
    }

    /// An application with its project as they stand.
    pub(crate) fn application(
        &self,
        who: usize,
        id: ApplicationId,
    ) -> Option<(Arc<Application>, Arc<Project>)> {
        let project = self.lives[who].project.as_ref()?;
        Some((project.applications.get(&id)?.clone(), Arc::clone(project)))
    }
}

/// Whether the window can accept a case.
fn is_ready(case: &Case) -> bool {
    matches!(case.standing, Standing::Received | Standing::Corrected)
}

/// Whether the item of a case was applied for before.
pub(crate) fn is_second_try(project: &Project, case: &Case) -> bool {
    project
        .cases
        .values()
        .any(|other| other.opened.item == case.opened.item && other.received_at < case.received_at)
}
