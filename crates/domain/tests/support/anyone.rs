//! Any act by anybody, for the tests that try everything.

use tongban_domain::{
    acts::{Act, ActName, Verdict, declaration},
    case::{Case, Recommendation},
    permission::{Actor, Role},
    reason::ReasonKind,
    time::Day,
};

use super::people::{self, SUZHOU, catalog, file, sealed};

/// The person whom the declaration of an act names first.
pub(crate) fn right_person(name: ActName, case: &Case) -> Actor {
    person(declaration(name).by[0].role, case)
}

/// The person who holds a role for a case.
pub(crate) fn person(role: Role, case: &Case) -> Actor {
    match role {
        Role::Owner => people::owner(),
        Role::Window => people::window(SUZHOU),
        Role::Officer | Role::Reviewer | Role::Approver => {
            people::staff(role, Some(case.opened.department), SUZHOU, 1)
        }
        Role::Supervisor | Role::Administrator | Role::Government => {
            people::staff(role, None, SUZHOU, 1)
        }
        Role::Timer => Actor::timer(),
    }
}

/// One of the coded reasons of a kind.
pub(crate) fn reason(kind: ReasonKind, which: u8) -> String {
    let fitting: Vec<_> = catalog().reasons.iter().filter(|one| one.kind == kind).collect();
    fitting[usize::from(which) % fitting.len()].key.clone()
}

/// A paper that this case owes or might owe.
fn owed_paper(case: &Case) -> String {
    let owed = case.owed.first().map(|owed| owed.owed.paper.clone());
    owed.unwrap_or_else(|| "earthwork-agreement".to_owned())
}

fn recommendation(which: u8) -> Recommendation {
    match which % 8 {
        0 => Recommendation::Refuse,
        1 => Recommendation::PassWithGap,
        2.. => Recommendation::Pass,
    }
}

fn verdict(case: &Case, today: Day, which: u8) -> Verdict {
    match which % 4 {
        0 => Verdict::Refuse { reason: reason(ReasonKind::Refusal, which) },
        1 => Verdict::PassWithGap {
            papers: vec![owed_paper(case)],
            until: today.plus(i32::from(which % 16)),
        },
        2.. => Verdict::Pass,
    }
}

/// An act about this case, with details that differ by `which`; none for acts about
/// something else.
pub(crate) fn case_act(name: ActName, case: &Case, today: Day, which: u8) -> Option<Act> {
    let text = sealed("意见");
    let recommendation = recommendation(which);
    let refusal = reason(ReasonKind::Refusal, which);
    let against = (recommendation == Recommendation::Refuse).then_some(refusal);
    let paper = owed_paper(case);
    let case_reason = |kind| reason(kind, which);
    let (days, decided) = (u16::from(which % 12), verdict(case, today, which));
    let case = case.opened.case;
    let act = match name {
        ActName::RefuseAcceptance => {
            let reason = case_reason(ReasonKind::AcceptanceRefused);
            Act::RefuseAcceptance { case, reason, text: None }
        }
        ActName::DeclareNotRequired => {
            let reason = case_reason(ReasonKind::NotRequired);
            Act::DeclareNotRequired { case, reason, text: Some(text) }
        }
        ActName::ClaimCase => Act::ClaimCase { case },
        ActName::GiveOpinion => Act::GiveOpinion { case, recommendation, reason: against, text },
        ActName::ReviewCase => Act::ReviewCase { case, recommendation, reason: against, text },
        ActName::SendBack => Act::SendBack { case, reason: case_reason(ReasonKind::Return), text },
        ActName::DecideCase => Act::DecideCase { case, verdict: decided, text },
        ActName::AskSpecialProcedure => {
            let reason = case_reason(ReasonKind::SpecialProcedure);
            Act::AskSpecialProcedure { case, reason, planned_days: Some(days), text }
        }
        ActName::ApproveSpecialProcedure => Act::ApproveSpecialProcedure { case },
        ActName::RejectSpecialProcedure => Act::RejectSpecialProcedure { case },
        ActName::EndSpecialProcedure => Act::EndSpecialProcedure { case },
        ActName::ExtendLimit => {
            Act::ExtendLimit { case, days, reason: case_reason(ReasonKind::Extension) }
        }
        ActName::WithdrawCase => {
            let reason = case_reason(ReasonKind::Withdrawal);
            Act::WithdrawCase { case, reason, text: None }
        }
        ActName::RevokeDecision => {
            Act::RevokeDecision { case, reason: case_reason(ReasonKind::Revocation), text }
        }
        ActName::ProvideOwedPaper => Act::ProvideOwedPaper { case, paper, file: file() },
        ActName::ConfirmOwedPaper => Act::ConfirmOwedPaper { case, paper },
        ActName::ReturnOwedPaper => {
            let reason = case_reason(ReasonKind::Correction);
            Act::ReturnOwedPaper { case, paper, reason, text: None }
        }
        ActName::AskExtension => Act::AskExtension { case, text: Some(text) },
        ActName::GrantExtension => Act::GrantExtension { case },
        ActName::RefuseExtension => Act::RefuseExtension { case, text },
        ActName::Recheck => Act::Recheck { case, holds: which.is_multiple_of(2), text },
        ActName::EndTerm => Act::EndTerm { case },
        ActName::ServeResult => Act::ServeResult { case },
        ActName::SettleCalendar => Act::SettleCalendar { case },
        ActName::CheckCommitment => {
            let until = Some(today.plus(i32::from(which % 30)));
            Act::CheckCommitment { case, kept: which.is_multiple_of(2), until, text }
        }
        ActName::ResumeClock => Act::ResumeClock { case },
        ActName::CloseGap => Act::CloseGap { case, text },
        ActName::RegisterProject
        | ActName::AgreePlan
        | ActName::MarkKeyProject
        | ActName::RecordMilestone
        | ActName::SubmitApplication
        | ActName::RequestCorrection
        | ActName::SubmitCorrection
        | ActName::AcceptApplication
        | ActName::ChooseRelease
        | ActName::WithdrawApplication
        | ActName::DeemAccepted
        | ActName::LapseCorrection
        | ActName::ExtendJoint
        | ActName::MissDuty
        | ActName::PublishPack
        | ActName::EstablishDepartment => return None,
    };
    Some(act)
}
