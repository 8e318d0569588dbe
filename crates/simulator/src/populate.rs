//! Which projects there will be, and when each is registered.

use std::sync::Arc;

use tongban_domain::time::Day;

use crate::{
    city::Trade,
    hours::{owner_time, working_days_before},
    life::{Life, Part},
    queue::Event,
    sketch::Sketch,
    story,
    world::World,
};

/// Fewer projects than these are all ordinary, apart from the story.
const SHOWCASE_FROM_PROJECTS: usize = 8;
/// In fewer days the crossroads project could not reach its third stage.
const SHOWCASE_FROM_DAYS: u32 = 100;
/// Calendar days before the end at which the crossroads project is registered.
const CROSSROADS_BEFORE_END: i32 = 99;
/// The owner of the story: whoever logs in as `owner` finds something at every turn.
const SHOWCASE_OWNER: usize = 0;

impl World {
    /// Makes up the projects and enters their registrations.
    pub(crate) fn populate(&mut self, projects: usize) {
        let city = Arc::clone(&self.city);
        let catalog = Arc::clone(&self.catalog);
        let story = story::start(&catalog, &city, self.span);
        for place in 0..projects {
            let part = self.part(place, projects, story.is_some());
            let sketch = match part {
                Part::Story => story::sketch(&catalog, place),
                Part::Ordinary => Sketch::draw(&mut self.dice, &catalog, &city, place),
                Part::Crossroads
                | Part::AwaitsCorrection
                | Part::HasCorrected
                | Part::JustArrived => {
                    let region = Sketch::region(&mut self.dice, &catalog, &city);
                    let dice = &mut self.dice;
                    let owner = (Trade::Industry, SHOWCASE_OWNER);
                    Sketch::of_owner(dice, &catalog, &city, place, owner, region)
                }
            };
            let eager = part == Part::Ordinary && self.dice.chance(150);
            self.lives.push(Life::new(part, sketch, eager));
            match (part, story) {
                (Part::Story, Some(start)) => self.enter_scenes(place, start),
                _ => {
                    let day = self.registration_day(part);
                    let at = owner_time(&mut self.dice, &catalog.calendar, day);
                    self.plan(at, place, Event::Register);
                }
            }
        }
    }

    /// The first project has the story, the last ones make up the showcase.
    fn part(&self, place: usize, projects: usize, story: bool) -> Part {
        let showcase = projects >= SHOWCASE_FROM_PROJECTS && self.span.days >= SHOWCASE_FROM_DAYS;
        match projects - place {
            1 if showcase => Part::Crossroads,
            2 if showcase => Part::AwaitsCorrection,
            3 if showcase => Part::HasCorrected,
            4 if showcase => Part::JustArrived,
            _ if place == 0 && story => Part::Story,
            _ => Part::Ordinary,
        }
    }

    fn registration_day(&mut self, part: Part) -> Day {
        let last = self.span.last_working;
        let newcomer = |world: &Self, days| {
            working_days_before(&world.catalog.calendar, last, days).max(world.span.from)
        };
        match part {
            Part::Story | Part::Ordinary => {
                // Those registered in the last weeks would hardly begin.
                let days = self.span.days * 88 / 100;
                self.span.from.plus(self.dice.below(days.max(1)) as i32)
            }
            Part::Crossroads => self.span.last.plus(-CROSSROADS_BEFORE_END).max(self.span.from),
            Part::AwaitsCorrection => newcomer(self, 8),
            Part::HasCorrected => newcomer(self, 10),
            Part::JustArrived => newcomer(self, 3),
        }
    }
}
