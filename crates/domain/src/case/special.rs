//! Special procedures (特别程序), extensions and a new calendar: what moves a running clock.

use super::{Case, CaseFact, HEARING_REASON, decide::claim_if_free};
use crate::{
    acts::Drafting, clock::Which, reason::ReasonKind, refusal::Refusal, sealed::Sealed, time::Day,
};

/// Working days a special procedure may be planned for: a year of them.
const LONGEST_SPECIAL: u16 = 250;

pub(super) fn ask_special(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    reason: &str,
    planned_days: Option<u16>,
    text: &Sealed,
) -> Result<(), Refusal> {
    drafting.context.check_reason(ReasonKind::SpecialProcedure, reason)?;
    if reason == HEARING_REASON {
        return Err(Refusal::UnknownReason(reason.to_owned()));
    }
    let coded = drafting.context.catalog.reason(reason);
    let usual = coded.and_then(|reason| reason.planned_days);
    let planned_days = planned_days.or(usual).ok_or(Refusal::BadLength)?;
    if !(1..=LONGEST_SPECIAL).contains(&planned_days) {
        return Err(Refusal::BadLength);
    }
    claim_if_free(drafting, case);
    let (name, basis) = coded.map(|r| (r.name.clone(), r.basis.clone())).unwrap_or_default();
    let (reason, text) = (reason.to_owned(), text.clone());
    let fact = CaseFact::SpecialAsked { reason, name, basis, planned_days, text };
    drafting.add_case(case.opened.case, fact);
    Ok(())
}

pub(super) fn approve_special(drafting: &mut Drafting<'_, '_>, case: &Case) -> Result<(), Refusal> {
    let special = case.asked_special().ok_or(Refusal::NoSpecialPending)?;
    let from = drafting.context.today();
    // Days of the Licensing Law are working days (行政许可法 art. 82); the first is today's,
    // when today is one.
    let calendar = case.calendar(drafting.context.catalog);
    let first = calendar.working_day_from(from);
    let planned_end =
        calendar.nth_working_day_after(first, u32::from(special.planned_days).saturating_sub(1));
    drafting.add_case(case.opened.case, CaseFact::SpecialApproved { from, planned_end });
    Ok(())
}

/// The last day a pause touches when it is ended now: never past its planned end, after which
/// the clock runs by itself.
pub(super) fn pause_end(drafting: &Drafting<'_, '_>, case: &Case) -> Day {
    let today = drafting.context.today();
    let planned = case.ledger.as_ref().and_then(|ledger| ledger.pauses.last());
    planned.map_or(today, |pause| today.min(pause.planned_end))
}

pub(super) fn resume(drafting: &mut Drafting<'_, '_>, case: &Case) -> Result<(), Refusal> {
    let open = case
        .ledger
        .as_ref()
        .and_then(|ledger| ledger.pauses.last().filter(|pause| pause.ended.is_none()));
    let Some(pause) = open else { return Err(Refusal::AlreadySo) };
    if drafting.context.today() <= pause.planned_end {
        return Err(Refusal::NotDueYet(pause.planned_end.plus(1)));
    }
    let on = pause.planned_end;
    drafting.add_case(case.opened.case, CaseFact::SpecialEnded { on, by_itself: true });
    Ok(())
}

pub(super) fn extend(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    days: u16,
    reason: &str,
) -> Result<(), Refusal> {
    drafting.context.check_reason(ReasonKind::Extension, reason)?;
    let Some(ledger) = &case.ledger else { return Err(Refusal::ExtensionTooLong(0)) };
    let allowed = ledger.statutory.extension();
    if days == 0 || days > allowed {
        return Err(Refusal::ExtensionTooLong(allowed));
    }
    let reason = reason.to_owned();
    drafting.add_case(case.opened.case, CaseFact::Extended { days, reason });
    Ok(())
}

/// The clock reads the calendar in force from now on, if that moves any of its days.
pub(super) fn settle_calendar(drafting: &mut Drafting<'_, '_>, case: &Case) -> Result<(), Refusal> {
    let catalog = drafting.context.catalog;
    let ledger = case.ledger.as_ref().ok_or(Refusal::AlreadySo)?;
    if !ledger.is_moved_by(catalog.calendar_of(ledger.calendar), &catalog.calendar) {
        return Err(Refusal::AlreadySo);
    }
    let due = |which| ledger.due(&catalog.calendar, which);
    let (promised, statutory) = (due(Which::Promised), due(Which::Statutory));
    drafting.add_case(case.opened.case, CaseFact::CalendarSettled { promised, statutory });
    Ok(())
}
