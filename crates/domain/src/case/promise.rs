//! Promises on which a case was decided (告知承诺): checked afterwards, broken at a price.

use super::{Case, CaseFact, Commitment};
use crate::{
    acts::Drafting,
    credit::{CreditEntry, CreditFact, CreditKind},
    ids::CreditRecordId,
    refusal::Refusal,
    sealed::Sealed,
    time::Day,
};

/// The coded reason of a revocation for a promise that was broken (责令限期改正后仍不符合).
const PROMISE_BROKEN: &str = "promise-broken";

/// Kept, or to be put right by a day: once. Who has not put it right by then loses the decision,
/// which is the approver's to revoke (行政许可法 art. 69).
pub(super) fn check_commitment(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    kept: bool,
    until: Option<Day>,
    text: &Sealed,
) -> Result<(), Refusal> {
    let until = match (kept, case.commitment, until) {
        (true, ..) => None,
        (false, None, Some(until)) if until > drafting.context.today() => Some(until),
        (false, None, Some(until)) => return Err(Refusal::BadDay(until)),
        (false, None, None) => return Err(Refusal::TermNeeded),
        (false, Some(_), _) => return Err(Refusal::AlreadyOrdered),
    };
    let text = text.clone();
    drafting.add_case(case.opened.case, CaseFact::CommitmentChecked { kept, until, text });
    Ok(())
}

/// Whether a revocation is for a promise not kept, nor put right in the time set; for any other
/// reason the fault may be the authority's own.
pub(super) fn is_broken(case: &Case, reason: &str, today: Day) -> Result<bool, Refusal> {
    if reason != PROMISE_BROKEN {
        return Ok(false);
    }
    match case.commitment {
        Some(Commitment::ToMend(until)) if today > until => Ok(true),
        Some(Commitment::ToMend(until)) => Err(Refusal::NotDueYet(until.plus(1))),
        Some(Commitment::Kept) | None => Err(Refusal::UnknownReason(reason.to_owned())),
    }
}

/// A promise that was not kept, nor put right in the time set, goes on the owner's record.
pub(super) fn break_promise(drafting: &mut Drafting<'_, '_>, case: &Case) {
    let Some(months) = drafting.context.catalog.broken_promise_months() else { return };
    let (now, from) = (drafting.context.now, drafting.context.today());
    let owner = drafting.project.owner.clone();
    let record = CreditRecordId::from_bytes(drafting.context.supply.id(now));
    drafting.add_credit(CreditFact::Entered(CreditEntry {
        record,
        subject: owner.uscc,
        name: owner.name,
        kind: CreditKind::BrokenPromise,
        list: format!("{}（{}）", case.opened.name, case.opened.number),
        from,
        until: from.plus_months(months),
        project: Some(drafting.project.id),
    }));
}
