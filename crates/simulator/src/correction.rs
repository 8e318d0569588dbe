//! The one correction notice (一次性告知), and the owner's answer to it.

use std::{collections::BTreeMap, sync::Arc};

use tongban_domain::{
    acts::ApplicationAct,
    application::{Application, Demand, Target},
    case::Standing,
    ids::ApplicationId,
    paper::Provenance,
    reason::ReasonKind,
};
use tongban_store::ActOptions;

use crate::{error::SimulationError, life::Part, queue::Event, world::World};

impl World {
    /// The one notice of everything to correct.
    pub(crate) fn send_notice(
        &mut self,
        who: usize,
        id: ApplicationId,
    ) -> Result<(), SimulationError> {
        let Some((application, project)) = self.application(who, id) else { return Ok(()) };
        let waits = project.cases_of(&application).any(|case| case.standing == Standing::Received);
        let in_time = self.now.day() <= application.notice_until;
        if !waits || !in_time || application.correction.is_some() {
            return Ok(());
        }
        let clerk = self.clerk(who);
        let (demands, options) = self.demands(&application);
        if demands.is_empty() {
            return self.accept(who, id);
        }
        let act = ApplicationAct::RequestCorrection { demands }.on(id);
        let done = self.attempt(who, &clerk, &act, options)?;
        if done.is_none() || self.lives[who].part != Part::Ordinary {
            return Ok(());
        }
        // Some owners let the fifteen days pass; the law's timer closes the case then.
        if !self.dice.chance(40) {
            let days = self.dice.between(1, 8);
            let day = self.working_day_in(days);
            self.plan_owner(day.since(self.now.day()), who, Event::Answer(id));
        }
        Ok(())
    }

    /// One to three demands: uploaded papers, and fields of this form.
    fn demands(&mut self, application: &Application) -> (Vec<Demand>, ActOptions) {
        let uploaded: Vec<&str> = application
            .slots
            .iter()
            .filter(|slot| matches!(slot.current(), Some(Provenance::Uploaded(_))))
            .map(|slot| slot.slot.paper.as_str())
            .collect();
        let fields: Vec<&str> = application.fields.keys().map(String::as_str).collect();
        let mut targets = Vec::new();
        for _ in 0..self.dice.between(1, 2) {
            if !uploaded.is_empty() {
                targets.push(Target::Paper(self.dice.pick(&uploaded).to_owned()));
            }
        }
        if !fields.is_empty() && (targets.is_empty() || self.dice.chance(300)) {
            targets.push(Target::Field(self.dice.pick(&fields).to_owned()));
        }
        targets.sort();
        targets.dedup();
        let mut options = ActOptions::default();
        let demands = targets
            .into_iter()
            .map(|target| {
                let words = match target {
                    Target::Paper(_) => "请补充盖章页，并确保图文清晰。",
                    Target::Field(_) => "与所附材料不一致，请核对后重新填写。",
                };
                let (note, value) = self.store.seal(words);
                options.sealed.push(value);
                let reason = self.reason(ReasonKind::Correction);
                Demand { target, reason, note: Some(note) }
            })
            .collect();
        (demands, options)
    }

    /// The owner corrects everything that was demanded.
    pub(crate) fn answer_notice(
        &mut self,
        who: usize,
        id: ApplicationId,
    ) -> Result<(), SimulationError> {
        let Some((application, project)) = self.application(who, id) else { return Ok(()) };
        let waits =
            project.cases_of(&application).any(|case| case.standing == Standing::NeedsCorrection);
        let Some(correction) = application.open_correction().filter(|_| waits) else {
            return Ok(());
        };
        let catalog = Arc::clone(&self.catalog);
        let mut papers = BTreeMap::new();
        let mut fields = BTreeMap::new();
        let mut options = ActOptions::default();
        for demand in &correction.demands {
            match &demand.target {
                Target::Paper(key) => {
                    papers.insert(key.clone(), self.paper(who, key)?);
                }
                Target::Field(key) => {
                    let asked: Vec<_> = catalog.field(key).into_iter().collect();
                    let form = self.fill(who, &asked)?;
                    fields.extend(form.fields);
                    options.sealed.extend(form.sealed);
                }
            }
        }
        let act = ApplicationAct::SubmitCorrection { papers, fields }.on(id);
        let owner = self.owner(who)?;
        let done = self.attempt(who, &owner, &act, options)?;
        if done.is_some() && !self.lives[who].scripted {
            let days = self.dice.between(0, 2);
            let day = self.working_day_in(days);
            self.plan_staff(day, who, Event::Accept(id));
        }
        Ok(())
    }
}
