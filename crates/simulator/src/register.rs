//! Registering a project, and what its owner does first.

use std::sync::Arc;

use tongban_domain::{acts::ActName, catalog::Field, project::Registration};
use tongban_store::{ActError, ActOptions};

use crate::{
    error::SimulationError,
    hours::working_days_before,
    life::{Part, Phase},
    queue::Event,
    world::World,
};

impl World {
    /// The owner registers a project.
    pub(crate) fn register(&mut self, who: usize) -> Result<(), SimulationError> {
        let catalog = Arc::clone(&self.catalog);
        let asked: Vec<&Field> =
            catalog.fields.iter().filter(|field| field.at_registration).collect();
        let form = self.fill(who, &asked)?;
        let city = Arc::clone(&self.city);
        let sketch = &self.lives[who].sketch;
        let Some(owner) = city.owners.get(sketch.owner) else {
            return Err(SimulationError::Missing("owner in the city".to_owned()));
        };
        let registration = Registration {
            code: None,
            name: sketch.name.clone(),
            owner: owner.organisation.clone(),
            region: sketch.region,
            flow: sketch.flow.clone(),
            fields: form.fields,
            contact: owner.actor.person,
        };
        let options = ActOptions { sealed: form.sealed, ..ActOptions::default() };
        match self.store.register(registration, &owner.actor, options) {
            Ok(ticket) => {
                let project = self.done(who, ticket)?.project.id;
                self.places.insert(project, who);
                self.first_steps(who);
                Ok(())
            }
            Err(ActError::Refused(refusal)) => {
                self.tally.refuse(ActName::RegisterProject, &refusal);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What follows the registration, by the part the project has.
    fn first_steps(&mut self, who: usize) {
        let last = self.span.last_working;
        let calendar = &self.catalog.calendar;
        let before_the_end = |days| working_days_before(calendar, last, days);
        let opening = match self.lives[who].part {
            // Its scenes are entered already.
            Part::Story => return,
            Part::Ordinary => None,
            Part::Crossroads => {
                let third_stage = before_the_end(11).at(10, 0);
                self.lives[who].set_phase(3, Phase::Opening);
                self.plan(third_stage, who, Event::Open(3));
                None
            }
            Part::AwaitsCorrection => Some(before_the_end(4).at(10, 0)),
            Part::HasCorrected => Some(before_the_end(6).at(10, 0)),
            Part::JustArrived => Some(last.at(18, 30)),
        };
        self.lives[who].set_phase(1, Phase::Opening);
        match opening {
            Some(at) => self.plan(at, who, Event::Open(1)),
            None => {
                let days = self.dice.days(1, 10);
                self.plan_owner(days, who, Event::Open(1));
            }
        }
        if !self.lives[who].part.is_calm() && self.dice.chance(15) {
            let days = self.dice.days(20, 220);
            self.plan_owner(days, who, Event::Cancel);
        }
    }
}
