//! How owners answer the questions that switch items: mostly as usual, now and then otherwise.

use std::{collections::BTreeMap, sync::Arc};

use tongban_domain::{application::Prospect, catalog::Question};

use crate::{dice::Dice, world::World};

/// Unusual answers with how often in a thousand each is given; otherwise the usual answer of
/// the catalogue.
const HABITS: &[(&str, &[(&str, u32)])] = &[
    ("land-government", &[("sale", 200), ("own", 200)]),
    ("land-enterprise", &[("own", 150), ("allocation", 60)]),
    ("land-industrial", &[("own", 180)]),
    ("new-land", &[("yes", 60)]),
    ("forest-land", &[("yes", 10)]),
    ("energy-review", &[("yes", 150), ("area", 200)]),
    ("eia-class", &[("form", 300), ("report", 40), ("none", 60)]),
    ("soil-water", &[("form", 250), ("report", 50), ("area", 150)]),
    ("river-range", &[("yes", 60)]),
    ("flood-area", &[("yes", 10)]),
    ("fill-channel", &[("yes", 15)]),
    ("water-abstraction", &[("yes", 20)]),
    ("waterway", &[("yes", 15)]),
    ("social-stability", &[("yes", 80)]),
    ("geological-hazard", &[("yes", 15), ("area", 60)]),
    ("mineral-overlay", &[("yes", 10), ("area", 60)]),
    ("seismic-safety", &[("yes", 10), ("area", 40)]),
    ("archaeology", &[("yes", 50)]),
    ("military", &[("yes", 15)]),
    ("airport", &[("yes", 15)]),
    ("weather-station", &[("yes", 10)]),
    ("hazardous", &[("yes", 25)]),
    ("civil-defence", &[("off-site", 100), ("none", 50)]),
    ("civil-defence-industrial", &[("build", 250), ("off-site", 100)]),
    ("high-rise", &[("yes", 25)]),
    ("outside-pipes", &[("yes", 300)]),
    ("infrastructure-fee", &[("yes", 600)]),
    ("metro", &[("yes", 80)]),
    ("railway", &[("yes", 20)]),
    ("heritage", &[("control-zone", 30), ("on-site", 10)]),
    ("historic-building", &[("yes", 10)]),
    ("fire-special", &[("yes", 350)]),
    ("tender-required", &[("yes", 250)]),
    ("piles-first", &[("yes", 80)]),
    ("demolition", &[("yes", 120)]),
    ("building-waste", &[("yes", 800)]),
    ("works-on-road", &[("yes", 600)]),
    ("green-land", &[("yes", 250)]),
    ("trees", &[("yes", 250)]),
    ("move-water", &[("yes", 120)]),
    ("move-drain", &[("yes", 120)]),
    ("move-gas", &[("yes", 100)]),
    ("sewer-discharge", &[("yes", 600)]),
    ("highway", &[("yes", 80)]),
    ("phased-acceptance", &[("yes", 50)]),
    ("presale", &[("yes", 250)]),
    ("title-registration", &[("yes", 700)]),
];

impl World {
    /// Answers what is still open among the questions of a stage.
    pub(crate) fn answer(&mut self, who: usize, stage: u8) {
        let Some(project) = self.lives[who].project.clone() else { return };
        // What the form or a result says is not asked, and counts all the same.
        let (catalog, credit) = (Arc::clone(&self.catalog), self.store.credit());
        let day = self.now.day();
        let prospect = Prospect { catalog: &catalog, project: &project, credit: &credit, day };
        let known = prospect.known_answers();
        self.lives[who].answers.extend(known);
        for question in prospect.questions(stage, &BTreeMap::new()) {
            let life = &mut self.lives[who];
            if life.answers.contains_key(&question.key) {
                continue;
            }
            let scripted = life.part.answers().iter().find(|(key, _)| *key == question.key);
            let answer = match scripted {
                Some((_, answer)) => (*answer).to_owned(),
                None if life.part.is_calm() => question.default.clone(),
                None => draw(&mut self.dice, question),
            };
            life.answers.insert(question.key.clone(), answer);
        }
    }
}

fn draw(dice: &mut Dice, question: &Question) -> String {
    let habits: &[(&str, u32)] = match HABITS.iter().find(|(key, _)| *key == question.key) {
        Some((_, habits)) => habits,
        None => &[],
    };
    let mut roll = dice.below(1000);
    for (answer, often) in habits {
        if roll < *often && question.offered().iter().any(|choice| choice.key == *answer) {
            return (*answer).to_owned();
        }
        roll = roll.saturating_sub(*often);
    }
    question.default.clone()
}
