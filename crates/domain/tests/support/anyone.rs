//! Any act by anybody, for the tests that try everything.

use tongban_domain::{
    acts::{Act, ActName, CaseAct, Scope, Verdict, declaration},
    case::{Case, HearingNotice, Recommendation, Stance},
    ids::AccountId,
    permission::{Actor, Role},
    project::Project,
    reason::ReasonKind,
    time::Day,
};

use super::people::{self, SUZHOU, catalog, file, sealed};

/// The person whom the declaration of an act names first.
pub(crate) fn right_person(name: ActName, case: &Case, project: &Project) -> Actor {
    let allowed = declaration(name).by[0];
    let department = people::other_department(case.department);
    match allowed.scope {
        Scope::ConsultedDepartment => people::staff(allowed.role, Some(department), SUZHOU, 1),
        Scope::LeadDepartment => {
            let lead = project.application_of(case).and_then(|application| application.lead);
            people::staff(allowed.role, lead, SUZHOU, 1)
        }
        Scope::OwnProject
        | Scope::Mandated(_)
        | Scope::AnyMandate
        | Scope::OwnRegion
        | Scope::OwnDepartment
        | Scope::OwnCase
        | Scope::UnclaimedOrOwnCase
        | Scope::OwnDepartmentFreshEyes
        | Scope::DepartmentOfACase
        | Scope::RecordingDepartment
        | Scope::OwnCatalogue
        | Scope::Anything => person(allowed.role, case),
    }
}

/// The person who holds a role for a case.
pub(crate) fn person(role: Role, case: &Case) -> Actor {
    match role {
        Role::Owner => people::owner(),
        Role::Window => people::window(SUZHOU),
        Role::Officer | Role::Reviewer | Role::Approver => {
            people::staff(role, Some(case.department), SUZHOU, 1)
        }
        Role::Supervisor
        | Role::Administrator
        | Role::SystemAdministrator
        | Role::SecurityAdministrator
        | Role::AuditAdministrator
        | Role::Government => people::staff(role, None, SUZHOU, 1),
        Role::Agent => people::agent(1),
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
    let of = people::other_department(case.department);
    let case = case.opened.case;
    let act = match name {
        ActName::RefuseAcceptance => {
            let reason = case_reason(ReasonKind::AcceptanceRefused);
            CaseAct::RefuseAcceptance { reason, text: None }.on(case)
        }
        ActName::DeclareNotRequired => {
            let reason = case_reason(ReasonKind::NotRequired);
            CaseAct::DeclareNotRequired { reason, text: Some(text) }.on(case)
        }
        ActName::ClaimCase => CaseAct::ClaimCase.on(case),
        ActName::GiveOpinion => {
            CaseAct::GiveOpinion { recommendation, reason: against, text }.on(case)
        }
        ActName::ReviewCase => {
            CaseAct::ReviewCase { recommendation, reason: against, text }.on(case)
        }
        ActName::SendBack => {
            CaseAct::SendBack { reason: case_reason(ReasonKind::Return), text }.on(case)
        }
        ActName::DecideCase => CaseAct::DecideCase { verdict: decided, text }.on(case),
        ActName::AskSpecialProcedure => {
            let reason = case_reason(ReasonKind::SpecialProcedure);
            CaseAct::AskSpecialProcedure { reason, planned_days: Some(days), text }.on(case)
        }
        ActName::ApproveSpecialProcedure => CaseAct::ApproveSpecialProcedure.on(case),
        ActName::RejectSpecialProcedure => CaseAct::RejectSpecialProcedure.on(case),
        ActName::EndSpecialProcedure => CaseAct::EndSpecialProcedure.on(case),
        ActName::ExtendLimit => {
            CaseAct::ExtendLimit { days, reason: case_reason(ReasonKind::Extension) }.on(case)
        }
        ActName::WithdrawCase => {
            let reason = case_reason(ReasonKind::Withdrawal);
            CaseAct::WithdrawCase { reason, text: None }.on(case)
        }
        ActName::RevokeDecision => {
            CaseAct::RevokeDecision { reason: case_reason(ReasonKind::Revocation), text }.on(case)
        }
        ActName::ProvideOwedPaper => CaseAct::ProvideOwedPaper { paper, file: file() }.on(case),
        ActName::ConfirmOwedPaper => CaseAct::ConfirmOwedPaper { paper }.on(case),
        ActName::ReturnOwedPaper => {
            let reason = case_reason(ReasonKind::Correction);
            CaseAct::ReturnOwedPaper { paper, reason, text: None }.on(case)
        }
        ActName::AskExtension => CaseAct::AskExtension { text: Some(text) }.on(case),
        ActName::GrantExtension => CaseAct::GrantExtension.on(case),
        ActName::RefuseExtension => CaseAct::RefuseExtension { text }.on(case),
        ActName::CancelResult => {
            let reason = reason(ReasonKind::Cancellation, which);
            CaseAct::CancelResult { reason, text }.on(case)
        }
        ActName::Recheck => CaseAct::Recheck { holds: which.is_multiple_of(2), text }.on(case),
        ActName::EndTerm => CaseAct::EndTerm.on(case),
        ActName::ServeResult => CaseAct::ServeResult.on(case),
        ActName::SettleCalendar => CaseAct::SettleCalendar.on(case),
        ActName::CheckCommitment => {
            let until = Some(today.plus(i32::from(which % 30)));
            CaseAct::CheckCommitment { kept: which.is_multiple_of(2), until, text }.on(case)
        }
        ActName::OfferHearing => {
            CaseAct::OfferHearing { others: which.is_multiple_of(2), text }.on(case)
        }
        ActName::AskHearing => CaseAct::AskHearing { text }.on(case),
        ActName::WaiveHearing => CaseAct::WaiveHearing.on(case),
        ActName::NotifyHearing => {
            let on = today.plus(i32::from(which % 30));
            let chair = AccountId::from_bytes([0xee; 16]);
            CaseAct::NotifyHearing(HearingNotice { on, place: text, chair }).on(case)
        }
        ActName::HoldHearing => CaseAct::HoldHearing { text }.on(case),
        ActName::TransferCase => CaseAct::Transfer.on(case),
        ActName::ResumeClock => CaseAct::ResumeClock.on(case),
        ActName::CloseGap => CaseAct::CloseGap { text }.on(case),
        ActName::FilePaper => CaseAct::FilePaper { title: text, file: file() }.on(case),
        ActName::ConsultDepartment => {
            CaseAct::ConsultDepartment { of, days: Some(days), text }.on(case)
        }
        ActName::AnswerConsultation => {
            let stance = Stance::ALL[usize::from(which % 3)];
            CaseAct::AnswerConsultation { stance, text }.on(case)
        }
        ActName::UrgeCase => CaseAct::UrgeCase { text }.on(case),
        ActName::RegisterProject
        | ActName::EnterCreditRecord
        | ActName::RenameDepartment
        | ActName::MergeDepartment
        | ActName::TakeBackChange
        | ActName::RemoveCreditRecord
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
        | ActName::RegisterDepartmentCode
        | ActName::IssueDocument
        | ActName::ReadInClear
        | ActName::RecordRegisterAnswer
        | ActName::ConnectSystem
        | ActName::DisconnectSystem
        | ActName::AdmitSystem
        | ActName::AuthoriseAgent
        | ActName::EndAgency
        | ActName::PublishPack
        | ActName::EstablishDepartment => return None,
    };
    Some(act)
}
