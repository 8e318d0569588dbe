//! Measures and area assessments rest on law and on things that exist.

use super::Checker;
use crate::{catalog::MeasureCause, credit::CreditKind};

impl Checker<'_> {
    pub(super) fn modes(&mut self) {
        let catalog = self.catalog;
        for measure in &catalog.measures {
            let cause = match measure.when {
                MeasureCause::KeyProject => "key-project",
                MeasureCause::Credit(kind) => kind.key(),
            };
            let name = format!("{cause} {:?}", measure.effect);
            if measure.basis.is_empty() {
                self.problem("measure", &name, format!("the measure {name} has no legal basis"));
            }
            self.laws("measure", &name, &measure.basis);
            let promise = CreditKind::BrokenPromise;
            let longest = *promise.months().end();
            let own = measure.when == MeasureCause::Credit(promise);
            if own != measure.months.is_some_and(|months| (1..=longest).contains(&months)) {
                let message =
                    format!("{name}: months from 1 to {longest}, for broken promises alone");
                self.problem("measure", &name, message);
            }
        }
        for area in &catalog.areas {
            let name = format!("{} {}", area.region, area.question);
            self.laws("area", &name, &area.basis);
            if area.basis.is_empty() || area.document.is_empty() {
                let message = format!("the area assessment {name} needs a document and a basis");
                self.problem("area", &name, message);
            }
            if !catalog.regions.contains_key(&area.region) {
                self.problem("area", &name, format!("there is no region {}", area.region));
            }
            let answered = catalog.question(&area.question).map(|it| it.area_choice().is_some());
            match answered {
                None => {
                    self.problem("area", &name, format!("there is no question {}", area.question))
                }
                Some(false) => {
                    let message = format!("{} has no option for an area assessment", area.question);
                    self.problem("area", &name, message);
                }
                Some(true) => {}
            }
        }
    }
}
