//! Acts on one case.

use super::{
    Case, CaseAct, CaseFact, Commitment, Decision, Hand, Outcome, Owed, Predecessor,
    Recommendation, Standing, Verdict, hearing, service, validity,
};
use crate::{
    acts::{ActName, Drafting, NumberKind},
    application::Application,
    catalog::LifeFrom,
    clock::Which,
    credit::{BROKEN_PROMISE_MONTHS, CreditEntry, CreditKind},
    ids::{CaseId, CreditRecordId},
    limit::PinnedLimit,
    project::Project,
    reason::ReasonKind,
    refusal::Refusal,
    sealed::Sealed,
    time::Day,
};

/// Calendar days in which administrative review may be asked for (行政复议法).
const REVIEW_DAYS: u16 = 60;
/// Months in which a suit may be brought (行政诉讼法).
const SUIT_MONTHS: u8 = 6;
/// Working days a special procedure may be planned for: a year of them.
const LONGEST_SPECIAL: u16 = 250;
/// Working days for papers that may follow acceptance; a default to be confirmed.
const OWED_DAYS: u32 = 10;
/// Working days at least to hand a returned paper in again; a default to be confirmed.
const RETURNED_DAYS: u32 = 5;

pub(crate) fn decide(
    drafting: &mut Drafting<'_, '_>,
    id: CaseId,
    act: &CaseAct,
) -> Result<(), Refusal> {
    let case = drafting.case(id)?;
    match act {
        CaseAct::RefuseAcceptance { reason, text } => {
            drafting.context.check_reason(ReasonKind::AcceptanceRefused, reason)?;
            let (reason, text) = (reason.clone(), text.clone());
            drafting.add_case(id, CaseFact::AcceptanceRefused { reason, text });
            Ok(())
        }
        CaseAct::DeclareNotRequired { reason, text } => {
            drafting.context.check_reason(ReasonKind::NotRequired, reason)?;
            let (reason, text) = (reason.clone(), text.clone());
            drafting.add_case(id, CaseFact::NotRequired { reason, text });
            Ok(())
        }
        CaseAct::ClaimCase => {
            let officer = drafting.context.actor.account;
            let officer = officer.ok_or(Refusal::NotAllowed(ActName::ClaimCase))?;
            drafting.add_case(id, CaseFact::Claimed { officer });
            Ok(())
        }
        CaseAct::GiveOpinion { recommendation, reason, text } => {
            claim_if_free(drafting, &case);
            opinion(drafting, &case, Hand::Officer, *recommendation, reason.as_ref(), text)
        }
        CaseAct::ReviewCase { recommendation, reason, text } => {
            opinion(drafting, &case, Hand::Reviewer, *recommendation, reason.as_ref(), text)
        }
        CaseAct::SendBack { reason, text } => {
            drafting.context.check_reason(ReasonKind::Return, reason)?;
            let hand = case.standing.hand().unwrap_or(Hand::Approver);
            let (reason, text) = (reason.clone(), text.clone());
            drafting.add_case(id, CaseFact::SentBack { hand, reason, text });
            Ok(())
        }
        CaseAct::DecideCase { verdict, text } => decide_case(drafting, &case, verdict, text),
        CaseAct::AskSpecialProcedure { reason, planned_days, text } => {
            ask_special(drafting, &case, reason, *planned_days, text)
        }
        CaseAct::ApproveSpecialProcedure => approve_special(drafting, &case),
        CaseAct::RejectSpecialProcedure => {
            drafting.add_case(id, CaseFact::SpecialRejected);
            Ok(())
        }
        CaseAct::EndSpecialProcedure => {
            let on = pause_end(drafting, &case);
            drafting.add_case(id, CaseFact::SpecialEnded { on, by_itself: false });
            Ok(())
        }
        CaseAct::ExtendLimit { days, reason } => extend(drafting, &case, *days, reason),
        CaseAct::WithdrawCase { reason, text } => withdraw(drafting, id, reason, text.clone()),
        CaseAct::RevokeDecision { reason, text } => {
            drafting.context.check_reason(ReasonKind::Revocation, reason)?;
            let (reason, text) = (reason.clone(), text.clone());
            drafting.add_case(id, CaseFact::Revoked { reason, text });
            if let Some(Commitment::ToMend(_)) = case.commitment {
                break_promise(drafting, &case);
            }
            Ok(())
        }
        CaseAct::ProvideOwedPaper { paper, file } => {
            open_debt(&case, paper)?;
            let (paper, file) = (paper.clone(), file.clone());
            drafting.add_case(id, CaseFact::OwedProvided { paper, file });
            Ok(())
        }
        CaseAct::ConfirmOwedPaper { paper } => {
            if !open_debt(&case, paper)? {
                return Err(Refusal::PapersOwed(vec![paper.clone()]));
            }
            drafting.add_case(id, CaseFact::OwedConfirmed { paper: paper.clone() });
            Ok(())
        }
        CaseAct::ReturnOwedPaper { paper, reason, text } => {
            return_owed(drafting, &case, paper, reason, text.as_ref())
        }
        CaseAct::AskExtension { text } => {
            drafting.add_case(id, CaseFact::ExtensionAsked { text: text.clone() });
            Ok(())
        }
        CaseAct::GrantExtension => {
            validity::extend(drafting, &case, false);
            Ok(())
        }
        CaseAct::RefuseExtension { text } => {
            validity::refuse(drafting, &case, text);
            Ok(())
        }
        CaseAct::Recheck { holds, text } => {
            let (text, on) = (text.clone(), drafting.context.today());
            let fact = if *holds { CaseFact::Rechecked { text } } else { CaseFact::Lapsed { on } };
            drafting.add_case(id, fact);
            Ok(())
        }
        CaseAct::EndTerm => validity::run_out(drafting, id),
        CaseAct::ServeResult => service::run_out(drafting, &case),
        CaseAct::CheckCommitment { kept, until, text } => {
            check_commitment(drafting, &case, *kept, *until, text)
        }
        CaseAct::SettleCalendar => settle_calendar(drafting, &case),
        CaseAct::Transfer => transfer(drafting, &case),
        CaseAct::OfferHearing { text } => {
            hearing::offer(drafting, &case, text);
            Ok(())
        }
        CaseAct::AskHearing { text } => {
            hearing::ask(drafting, &case, text);
            Ok(())
        }
        CaseAct::WaiveHearing => {
            drafting.add_case(id, CaseFact::HearingWaived);
            Ok(())
        }
        CaseAct::NotifyHearing(notice) => hearing::notify(drafting, &case, notice),
        CaseAct::HoldHearing { text } => {
            hearing::hold(drafting, &case, text);
            Ok(())
        }
        CaseAct::ResumeClock => resume(drafting, &case),
        CaseAct::CloseGap { text } => close_gap(drafting, &case, text),
    }
}

/// Accepts one case: pins its limits and starts the department.
pub(crate) fn accept(
    drafting: &mut Drafting<'_, '_>,
    application: &Application,
    case: &Case,
    on: Day,
    deemed: bool,
) -> Result<(), Refusal> {
    let id = case.opened.case;
    let catalog = drafting.context.catalog;
    let pinned = |limit: Option<&crate::limit::Limit>| limit.map_or(PinnedLimit::None, |l| l.pin());
    let terms = catalog.terms(&case.opened.item, drafting.project.region);
    let owed = owed_at_acceptance(drafting, application, case);
    let starts = clock_start(&drafting.project, case, on);
    drafting.add_case(
        id,
        CaseFact::Accepted {
            on,
            starts,
            statutory: pinned(terms.as_ref().map(|terms| &terms.item.statutory)),
            promised: pinned(terms.as_ref().map(|terms| terms.promised)),
            owed,
            deemed,
        },
    );
    drafting.add_case(id, CaseFact::DepartmentStarted);
    Ok(())
}

/// Day 0 of the node clock: the later of acceptance and the last predecessor's result; none
/// while one is missing.
fn clock_start(project: &Project, case: &Case, accepted: Day) -> Option<Day> {
    if project.missing_predecessors(case).next().is_some() {
        return None;
    }
    let arrived = case.opened.predecessors.iter().filter_map(|predecessor| match predecessor {
        Predecessor::Item(code) => {
            let decided = project.passed_case(code)?.decision.as_ref()?;
            Some(decided.at.day())
        }
        Predecessor::Milestone(key) => project.milestones.get(key).copied(),
    });
    Some(arrived.max().map_or(accepted, |last| last.max(accepted)))
}

/// Deferrable papers of this item that were not handed in.
fn owed_at_acceptance(
    drafting: &Drafting<'_, '_>,
    application: &Application,
    case: &Case,
) -> Vec<Owed> {
    let calendar = &drafting.context.catalog.calendar;
    let until = calendar.nth_working_day_after(drafting.context.today(), OWED_DAYS);
    application
        .slots
        .iter()
        .filter(|slot| slot.slot.deferrable && slot.current().is_none())
        .filter(|slot| slot.slot.items.contains(&case.opened.item))
        .map(|slot| Owed { paper: slot.slot.paper.clone(), until })
        .collect()
}

pub(super) fn claim_if_free(drafting: &mut Drafting<'_, '_>, case: &Case) {
    if let (None, Some(officer)) = (case.officer, drafting.context.actor.account) {
        drafting.add_case(case.opened.case, CaseFact::Claimed { officer });
    }
}

fn opinion(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    hand: Hand,
    recommendation: Recommendation,
    reason: Option<&String>,
    text: &Sealed,
) -> Result<(), Refusal> {
    match (recommendation, reason) {
        (Recommendation::Refuse, Some(reason)) => {
            drafting.context.check_reason(ReasonKind::Refusal, reason)?;
        }
        (Recommendation::Refuse, None) => return Err(Refusal::ReasonNeeded),
        (Recommendation::PassWithGap, _) if !case.opened.deferral => {
            return Err(Refusal::NoDeferral);
        }
        (Recommendation::Pass | Recommendation::PassWithGap, _) => {}
    }
    let reason = reason.filter(|_| recommendation == Recommendation::Refuse).cloned();
    let text = text.clone();
    let fact = CaseFact::OpinionGiven { hand, recommendation, reason, text };
    drafting.add_case(case.opened.case, fact);
    Ok(())
}

fn decide_case(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    verdict: &Verdict,
    text: &Sealed,
) -> Result<(), Refusal> {
    let outcome = outcome(drafting, case, verdict)?;
    let granted = !matches!(outcome, Outcome::Refuse { .. });
    if granted {
        let missing: Vec<Predecessor> =
            drafting.project.missing_predecessors(case).cloned().collect();
        if !missing.is_empty() {
            return Err(Refusal::WaitsFor(missing));
        }
    }
    if case.standing == Standing::WithOfficer {
        claim_if_free(drafting, case);
    }
    let today = drafting.context.today();
    let document = (granted && !case.opened.result.is_empty()).then(|| {
        let kind = if is_construction_permit(case) {
            NumberKind::ConstructionPermit
        } else {
            NumberKind::Document
        };
        let serial = drafting.context.supply.number(kind, today);
        document_number(case, drafting.project.region, today, serial)
    });
    let decision = Decision { outcome, document, text: text.clone() };
    drafting.add_case(case.opened.case, CaseFact::Decided(decision));
    if granted && let Some(begun) = validity::begin(drafting, case, LifeFrom::Decided, today) {
        drafting.add_case(case.opened.case, begun);
    }
    Ok(())
}

fn outcome(
    drafting: &Drafting<'_, '_>,
    case: &Case,
    verdict: &Verdict,
) -> Result<Outcome, Refusal> {
    let unconfirmed: Vec<String> = case
        .owed
        .iter()
        .filter(|owed| owed.confirmed.is_none())
        .map(|owed| owed.owed.paper.clone())
        .collect();
    match verdict {
        Verdict::Pass if unconfirmed.is_empty() => Ok(Outcome::Pass),
        Verdict::Pass => Err(Refusal::PapersOwed(unconfirmed)),
        Verdict::PassWithGap { papers, until } => {
            if !case.opened.deferral {
                return Err(Refusal::NoDeferral);
            }
            if *until <= drafting.context.today() {
                return Err(Refusal::BadDay(*until));
            }
            let mut owed: Vec<String> = unconfirmed;
            owed.extend(
                papers.iter().filter(|paper| !owed.contains(paper)).cloned().collect::<Vec<_>>(),
            );
            if owed.is_empty() {
                return Err(Refusal::NothingChosen);
            }
            let item = drafting.context.catalog.item(&case.opened.item);
            for paper in papers {
                if !item.is_some_and(|item| item.deferrable.contains(paper)) {
                    return Err(Refusal::NotOwed(paper.clone()));
                }
            }
            let owed = owed.into_iter().map(|paper| Owed { paper, until: *until }).collect();
            Ok(Outcome::PassWithGap { owed })
        }
        Verdict::Refuse { reason } => {
            drafting.context.check_reason(ReasonKind::Refusal, reason)?;
            Ok(Outcome::Refuse {
                reason: reason.clone(),
                review_days: REVIEW_DAYS,
                suit_months: SUIT_MONTHS,
            })
        }
    }
}

fn is_construction_permit(case: &Case) -> bool {
    case.opened.national_code.starts_with("012")
}

/// Construction permits have a national form: area, day, two digits of serial, class (01
/// buildings). Other documents: item, area, year and serial of the day.
fn document_number(case: &Case, region: u32, day: Day, serial: u32) -> String {
    let (year, month, date) = day.ymd();
    if is_construction_permit(case) {
        return format!("{region:06}{year:04}{month:02}{date:02}{:02}01", serial % 100);
    }
    let item = case.opened.item.replace('-', "");
    format!("{item}-{region:06}-{year:04}{month:02}{date:02}-{serial:03}")
}

fn ask_special(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    reason: &str,
    planned_days: Option<u16>,
    text: &Sealed,
) -> Result<(), Refusal> {
    drafting.context.check_reason(ReasonKind::SpecialProcedure, reason)?;
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

fn approve_special(drafting: &mut Drafting<'_, '_>, case: &Case) -> Result<(), Refusal> {
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

fn resume(drafting: &mut Drafting<'_, '_>, case: &Case) -> Result<(), Refusal> {
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

fn extend(
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

/// Kept, or to be put right by a day: once. Who has not put it right by then loses the decision,
/// which is the approver's to revoke (行政许可法 art. 69).
fn check_commitment(
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

/// The case follows the powers of its department.
fn transfer(drafting: &mut Drafting<'_, '_>, case: &Case) -> Result<(), Refusal> {
    let organisation = drafting.context.organisation;
    let merged = organisation.department(case.department).and_then(|it| it.merged.clone());
    let Some((_, basis)) = merged else { return Err(Refusal::AlreadySo) };
    let to = organisation.successor(case.department);
    drafting.add_case(case.opened.case, CaseFact::Transferred { to, basis });
    Ok(())
}

/// A promise that was not kept, nor put right in the time set, goes on the owner's record.
fn break_promise(drafting: &mut Drafting<'_, '_>, case: &Case) {
    let (now, from) = (drafting.context.now, drafting.context.today());
    let owner = drafting.project.owner.clone();
    let record = CreditRecordId::from_bytes(drafting.context.supply.id(now));
    drafting.add_credit(CreditEntry {
        record,
        subject: owner.uscc,
        name: owner.name,
        kind: CreditKind::BrokenPromise,
        list: format!("{}（{}）", case.opened.name, case.opened.number),
        from,
        until: from.plus_months(BROKEN_PROMISE_MONTHS),
        project: Some(drafting.project.id),
    });
}

/// The clock reads the calendar in force from now on, if that moves any of its days.
fn settle_calendar(drafting: &mut Drafting<'_, '_>, case: &Case) -> Result<(), Refusal> {
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

/// Withdraws one case. A running special procedure ends first, so that states pair.
pub(crate) fn withdraw(
    drafting: &mut Drafting<'_, '_>,
    id: CaseId,
    reason: &str,
    text: Option<Sealed>,
) -> Result<(), Refusal> {
    drafting.context.check_reason(ReasonKind::Withdrawal, reason)?;
    let case = drafting.case(id)?;
    if case.standing == Standing::Paused {
        let on = pause_end(drafting, &case);
        drafting.add_case(id, CaseFact::SpecialEnded { on, by_itself: false });
    }
    let reason = reason.to_owned();
    drafting.add_case(id, CaseFact::Withdrawn { reason, text });
    Ok(())
}

/// Whether an owed paper has been handed in and waits for confirmation.
fn open_debt(case: &Case, paper: &str) -> Result<bool, Refusal> {
    case.owed
        .iter()
        .find(|owed| owed.owed.paper == paper && owed.confirmed.is_none())
        .map(|owed| owed.provided.is_some())
        .ok_or_else(|| Refusal::NotOwed(paper.to_owned()))
}

/// A paper that came in time and was not the right one may be handed in again: never with fewer
/// days left than [`RETURNED_DAYS`].
fn return_owed(
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
    let calendar = &drafting.context.catalog.calendar;
    let again = calendar.nth_working_day_after(drafting.context.today(), RETURNED_DAYS);
    let known = case.owed.iter().find(|owed| owed.owed.paper == paper);
    let until = known.map_or(again, |owed| owed.owed.until.max(again));
    let (paper, reason, text) = (paper.to_owned(), reason.to_owned(), text.cloned());
    drafting.add_case(case.opened.case, CaseFact::OwedReturned { paper, reason, text, until });
    Ok(())
}

/// After a pass with gap: when an owed paper did not come in time, the decision is revoked.
fn close_gap(drafting: &mut Drafting<'_, '_>, case: &Case, text: &Sealed) -> Result<(), Refusal> {
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
