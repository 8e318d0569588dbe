//! Papers that may follow (容缺): brought by the owner, confirmed by the officer.

use std::sync::Arc;

use tongban_domain::{
    acts::CaseAct,
    case::{Case, Standing},
    ids::CaseId,
};
use tongban_store::ActOptions;

use crate::{error::SimulationError, queue::Event, world::World};

impl World {
    /// The owner brings what is owed.
    pub(crate) fn provide(&mut self, who: usize, id: CaseId) -> Result<(), SimulationError> {
        let Some(case) = self.case(who, id).filter(|case| takes_papers(case)) else {
            return Ok(());
        };
        let owner = self.owner(who)?;
        let owed = case.owed.iter().filter(|owed| owed.provided.is_none());
        for paper in owed.map(|owed| owed.owed.paper.clone()) {
            let file = self.paper(who, &paper)?;
            let act = CaseAct::ProvideOwedPaper { paper, file }.on(id);
            self.attempt(who, &owner, &act, ActOptions::default())?;
        }
        let minutes = self.dice.between(120, 600);
        self.plan_after(minutes, who, Event::Confirm(id));
        Ok(())
    }

    /// The officer finds good what has been brought.
    pub(crate) fn confirm(&mut self, who: usize, id: CaseId) -> Result<(), SimulationError> {
        let Some(case) = self.case(who, id).filter(|case| takes_papers(case)) else {
            return Ok(());
        };
        let city = Arc::clone(&self.city);
        let Some(staff) = city.staff(case.department) else { return Ok(()) };
        let place = self.lives[who].fates.get(&id).map_or(0, |fate| fate.officer);
        let lying =
            case.owed.iter().filter(|owed| owed.provided.is_some() && owed.confirmed.is_none());
        for owed in lying {
            let act = CaseAct::ConfirmOwedPaper { paper: owed.owed.paper.clone() }.on(id);
            self.attempt(who, &staff.officers[place], &act, ActOptions::default())?;
        }
        Ok(())
    }
}

/// Whether papers can still follow where a case stands.
fn takes_papers(case: &Case) -> bool {
    case.standing.is_in_department() || case.standing == Standing::PassedWithGap
}
