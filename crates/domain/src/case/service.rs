//! Handing a decision over (送达): within ten working days (行政许可法 art. 44), counted by the
//! calendar the case was pinned to, which no later one replaces.

use super::{Case, CaseFact};
use crate::{acts::Drafting, calendar::Calendar, catalog::Catalog, refusal::Refusal, time::Day};

/// Working days to hand a result over (行政许可法 art. 44).
const SERVICE_DAYS: u32 = 10;

impl Case {
    /// The calendar its clock was pinned to; without a clock, the one in force.
    #[must_use]
    pub fn calendar<'a>(&self, catalog: &'a Catalog) -> &'a Calendar {
        let in_force = &catalog.calendar;
        self.ledger.as_ref().map_or(in_force, |ledger| catalog.calendar_of(ledger.calendar))
    }

    /// The last day to hand the decision over; none before there is one.
    #[must_use]
    pub fn service_due(&self, catalog: &Catalog) -> Option<Day> {
        let decided = self.decision.as_ref()?.at.day();
        Some(self.calendar(catalog).nth_working_day_after(decided, SERVICE_DAYS))
    }
}

/// The timer after the last day.
pub(super) fn run_out(drafting: &mut Drafting<'_, '_>, case: &Case) -> Result<(), Refusal> {
    let last = case.service_due(drafting.context.catalog).ok_or(Refusal::AlreadySo)?;
    if drafting.context.today() <= last {
        return Err(Refusal::NotDueYet(last.plus(1)));
    }
    drafting.add_case(case.opened.case, CaseFact::Served);
    Ok(())
}
