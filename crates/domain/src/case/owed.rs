//! Papers that may follow (容缺材料): owed from acceptance, returned, or missed.

use super::{Case, CaseFact, Owed};
use crate::{
    acts::Drafting, application::Application, reason::ReasonKind, refusal::Refusal, sealed::Sealed,
    time::Day,
};

/// Deferrable papers of this item that were not handed in.
pub(super) fn owed_at_acceptance(
    drafting: &Drafting<'_, '_>,
    application: &Application,
    case: &Case,
) -> Vec<Owed> {
    let catalog = drafting.context.catalog;
    let today = drafting.context.today();
    let until = catalog.calendar.nth_working_day_after(today, catalog.pack.owed_days);
    application
        .slots
        .iter()
        .filter(|slot| slot.slot.deferrable && slot.current().is_none())
        .filter(|slot| slot.slot.items.contains(&case.opened.item))
        .map(|slot| Owed { paper: slot.slot.paper.clone(), until })
        .collect()
}

/// Whether an owed paper has been handed in and waits for confirmation.
pub(super) fn open_debt(case: &Case, paper: &str) -> Result<bool, Refusal> {
    case.owed
        .iter()
        .find(|owed| owed.owed.paper == paper && owed.confirmed.is_none())
        .map(|owed| owed.provided.is_some())
        .ok_or_else(|| Refusal::NotOwed(paper.to_owned()))
}

/// A paper that came in time and was not the right one may be handed in again: never with fewer
/// days left than [`crate::catalog::Pack::returned_days`].
pub(super) fn return_owed(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    paper: &str,
    reason: &str,
    text: Option<&Sealed>,
) -> Result<(), Refusal> {
    drafting.context.check_reason(ReasonKind::Correction, reason)?;
    if !open_debt(case, paper)? {
        return Err(Refusal::PapersOwed(vec![paper.to_owned()]));
    }
    let catalog = drafting.context.catalog;
    let today = drafting.context.today();
    let again = catalog.calendar.nth_working_day_after(today, catalog.pack.returned_days);
    let known = case.owed.iter().find(|owed| owed.owed.paper == paper);
    let until = known.map_or(again, |owed| owed.owed.until.max(again));
    let (paper, reason, text) = (paper.to_owned(), reason.to_owned(), text.cloned());
    drafting.add_case(case.opened.case, CaseFact::OwedReturned { paper, reason, text, until });
    Ok(())
}

/// After a pass with gap: when an owed paper did not come in time, the decision is revoked.
pub(super) fn close_gap(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    text: &Sealed,
) -> Result<(), Refusal> {
    let today = drafting.context.today();
    let open: Vec<Day> = case
        .owed
        .iter()
        .filter(|owed| owed.provided.is_none())
        .map(|owed| owed.owed.until)
        .collect();
    let Some(first) = open.iter().min() else { return Err(Refusal::AlreadySo) };
    if today <= *first {
        return Err(Refusal::NotDueYet(first.plus(1)));
    }
    let reason = "gap-not-filled".to_owned();
    drafting.add_case(case.opened.case, CaseFact::Revoked { reason, text: text.clone() });
    Ok(())
}
