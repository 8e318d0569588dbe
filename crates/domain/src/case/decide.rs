//! Acts on one case.

use super::{
    Case, CaseAct, CaseFact, Hand, Predecessor, Standing, consult, decision, hearing, owed,
    promise, service, special, validity,
};
use crate::{
    acts::{ActName, Drafting},
    application::Application,
    credit,
    ids::CaseId,
    limit::PinnedLimit,
    project::Project,
    reason::ReasonKind,
    refusal::Refusal,
    sealed::Sealed,
    time::Day,
};

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
            decision::opinion(
                drafting,
                &case,
                Hand::Officer,
                *recommendation,
                reason.as_ref(),
                text,
            )
        }
        CaseAct::ReviewCase { recommendation, reason, text } => decision::opinion(
            drafting,
            &case,
            Hand::Reviewer,
            *recommendation,
            reason.as_ref(),
            text,
        ),
        CaseAct::SendBack { reason, text } => {
            drafting.context.check_reason(ReasonKind::Return, reason)?;
            let hand = case.standing.hand().unwrap_or(Hand::Approver);
            let (reason, text) = (reason.clone(), text.clone());
            drafting.add_case(id, CaseFact::SentBack { hand, reason, text });
            Ok(())
        }
        CaseAct::DecideCase { verdict, text } => {
            decision::decide_case(drafting, &case, verdict, text)
        }
        CaseAct::AskSpecialProcedure { reason, planned_days, text } => {
            special::ask_special(drafting, &case, reason, *planned_days, text)
        }
        CaseAct::ApproveSpecialProcedure => special::approve_special(drafting, &case),
        CaseAct::RejectSpecialProcedure => {
            drafting.add_case(id, CaseFact::SpecialRejected);
            Ok(())
        }
        CaseAct::EndSpecialProcedure => {
            let on = special::pause_end(drafting, &case);
            drafting.add_case(id, CaseFact::SpecialEnded { on, by_itself: false });
            Ok(())
        }
        CaseAct::ExtendLimit { days, reason } => special::extend(drafting, &case, *days, reason),
        CaseAct::WithdrawCase { reason, text } => withdraw(drafting, id, reason, text.clone()),
        CaseAct::RevokeDecision { reason, text } => {
            drafting.context.check_reason(ReasonKind::Revocation, reason)?;
            let (reason, text) = (reason.clone(), text.clone());
            let broken = promise::is_broken(&case, &reason, drafting.context.today())?;
            drafting.add_case(id, CaseFact::Revoked { reason: reason.clone(), text });
            if case.standing == Standing::Refused {
                credit::lift(drafting, &case);
            } else {
                credit::arise(drafting, &case, &reason);
            }
            if broken {
                promise::break_promise(drafting, &case);
            }
            Ok(())
        }
        CaseAct::ProvideOwedPaper { paper, file } => {
            owed::open_debt(&case, paper)?;
            let (paper, file) = (paper.clone(), file.clone());
            drafting.add_case(id, CaseFact::OwedProvided { paper, file });
            Ok(())
        }
        CaseAct::ConfirmOwedPaper { paper } => {
            if !owed::open_debt(&case, paper)? {
                return Err(Refusal::PapersOwed(vec![paper.clone()]));
            }
            drafting.add_case(id, CaseFact::OwedConfirmed { paper: paper.clone() });
            Ok(())
        }
        CaseAct::ReturnOwedPaper { paper, reason, text } => {
            owed::return_owed(drafting, &case, paper, reason, text.as_ref())
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
        CaseAct::CancelResult { reason, text } => {
            drafting.context.check_reason(ReasonKind::Cancellation, reason)?;
            let (reason, text) = (reason.clone(), text.clone());
            drafting.add_case(id, CaseFact::Cancelled { reason, text });
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
            promise::check_commitment(drafting, &case, *kept, *until, text)
        }
        CaseAct::SettleCalendar => special::settle_calendar(drafting, &case),
        CaseAct::Transfer => transfer(drafting, &case),
        CaseAct::OfferHearing { others, text } => {
            hearing::offer(drafting, &case, *others, text);
            Ok(())
        }
        CaseAct::AskHearing { text } => {
            hearing::ask(drafting, &case, text);
            Ok(())
        }
        CaseAct::WaiveHearing => {
            hearing::waive(drafting, &case);
            Ok(())
        }
        CaseAct::NotifyHearing(notice) => hearing::notify(drafting, &case, notice),
        CaseAct::HoldHearing { text } => {
            hearing::hold(drafting, &case, text);
            Ok(())
        }
        CaseAct::ResumeClock => special::resume(drafting, &case),
        CaseAct::CloseGap { text } => owed::close_gap(drafting, &case, text),
        CaseAct::FilePaper { title, file } => {
            let (title, file) = (title.clone(), file.clone());
            drafting.add_case(id, CaseFact::PaperFiled { title, file });
            Ok(())
        }
        CaseAct::ConsultDepartment { of, days, text } => {
            consult::ask(drafting, &case, *of, *days, text)
        }
        CaseAct::AnswerConsultation { stance, text } => {
            consult::answer(drafting, &case, *stance, text)
        }
        CaseAct::UrgeCase { text } => {
            drafting.add_case(id, CaseFact::Urged { text: text.clone() });
            Ok(())
        }
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
    let owed = owed::owed_at_acceptance(drafting, application, case);
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

pub(super) fn claim_if_free(drafting: &mut Drafting<'_, '_>, case: &Case) {
    if let (None, Some(officer)) = (case.officer, drafting.context.actor.account) {
        drafting.add_case(case.opened.case, CaseFact::Claimed { officer });
    }
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
        let on = special::pause_end(drafting, &case);
        drafting.add_case(id, CaseFact::SpecialEnded { on, by_itself: false });
    }
    let reason = reason.to_owned();
    drafting.add_case(id, CaseFact::Withdrawn { reason, text });
    Ok(())
}
