//! What stands against an act whatever is entered with it. Asked before the act is offered and
//! again before it is done, so that no button is shown which would be refused.

use super::{ActName, Subject};
use crate::{
    application::Application,
    case::{Case, Commitment, Standing, hearing, validity},
    clock::Which,
    permission::{Mandate, Role, Standpoint},
    project::Project,
    refusal::Refusal,
};

/// The first thing that stands against it.
pub(super) fn hindrance(
    name: ActName,
    project: &Project,
    subject: Subject,
    mandate: &Mandate,
    at: &Standpoint<'_>,
) -> Option<Refusal> {
    match subject {
        Subject::Project => {
            (name == ActName::MarkKeyProject && project.key).then_some(Refusal::AlreadySo)
        }
        Subject::Application(id) => of_application(name, project.applications.get(&id)?, at),
        Subject::Case(id) => of_case(name, project, project.cases.get(&id)?, mandate, at),
    }
}

fn of_application(
    name: ActName,
    application: &Application,
    at: &Standpoint<'_>,
) -> Option<Refusal> {
    if name == ActName::RequestCorrection {
        let notified = application.correction.is_some();
        return notified
            .then_some(Refusal::AlreadyNotifiedOnce)
            .or_else(|| notice_too_late(application, at));
    }
    if name == ActName::ExtendJoint {
        return application.joint_extension.map(|_| Refusal::AlreadyExtended);
    }
    let answers = [ActName::SubmitCorrection, ActName::LapseCorrection].contains(&name);
    (answers && application.open_correction().is_none()).then_some(Refusal::AlreadySo)
}

/// After five working days without a notice the application counts as accepted.
fn notice_too_late(application: &Application, at: &Standpoint<'_>) -> Option<Refusal> {
    let late = at.today > application.notice_until && application.correction.is_none();
    late.then_some(Refusal::NoticeTooLate(application.notice_until))
}

fn of_case(
    name: ActName,
    project: &Project,
    case: &Case,
    mandate: &Mandate,
    at: &Standpoint<'_>,
) -> Option<Refusal> {
    let asked = case.asked_special();
    let pending = asked.map(|_| Refusal::SpecialPending);
    let handling = [
        ActName::ClaimCase,
        ActName::GiveOpinion,
        ActName::ReviewCase,
        ActName::SendBack,
        ActName::DecideCase,
    ];
    if handling.contains(&name) && case.is_chaired_by(at.actor.account) {
        return Some(Refusal::ChairHandledCase);
    }
    match name {
        ActName::RefuseAcceptance | ActName::DeclareNotRequired => {
            notice_too_late(project.applications.get(&case.application)?, at)
        }
        ActName::ClaimCase if at.actor.account.is_none() => Some(Refusal::NotAllowed(name)),
        ActName::ClaimCase => (case.officer == at.actor.account).then_some(Refusal::AlreadySo),
        ActName::GiveOpinion if case.is_decided_alone() => Some(Refusal::AtOnce),
        ActName::GiveOpinion | ActName::ReviewCase => pending.or_else(|| case.opinion_waits()),
        // Filings decided on the spot and commitments need no second and third hand; all else
        // is the approver's.
        ActName::DecideCase if case.standing == Standing::WithOfficer => {
            if case.is_decided_alone() {
                pending.or_else(|| case.waits_for_hearing(at.today))
            } else {
                Some(Refusal::NotAtOnce)
            }
        }
        ActName::DecideCase if mandate.role == Role::Officer => Some(Refusal::NotAllowed(name)),
        ActName::DecideCase => pending.or_else(|| case.waits_for_hearing(at.today)),
        ActName::AskSpecialProcedure if case.opened.at_once => Some(Refusal::AtOnce),
        ActName::AskSpecialProcedure => pending,
        // Four eyes: whoever asked does not approve.
        ActName::ApproveSpecialProcedure
            if asked.is_some_and(|asked| asked.asked_by.account == at.actor.account) =>
        {
            Some(Refusal::NotAllowed(name))
        }
        // While a hearing may be asked for, no other pause runs over that time.
        ActName::ApproveSpecialProcedure if case.waits_for_hearing(at.today).is_some() => {
            case.waits_for_hearing(at.today)
        }
        ActName::ApproveSpecialProcedure | ActName::RejectSpecialProcedure => {
            asked.is_none().then_some(Refusal::NoSpecialPending)
        }
        ActName::ExtendLimit => not_extendable(case, at),
        ActName::ProvideOwedPaper => {
            let owing = case.owed.iter().any(|owed| owed.confirmed.is_none());
            (!owing).then_some(Refusal::AlreadySo)
        }
        ActName::ConfirmOwedPaper | ActName::ReturnOwedPaper => {
            let open = || case.owed.iter().filter(|owed| owed.confirmed.is_none());
            if open().next().is_none() {
                Some(Refusal::AlreadySo)
            } else if open().any(|owed| owed.provided.is_some()) {
                None
            } else {
                Some(Refusal::PapersOwed(open().map(|owed| owed.owed.paper.clone()).collect()))
            }
        }
        ActName::AskExtension => validity::cannot_ask(project, case, at.today),
        ActName::GrantExtension | ActName::RefuseExtension => {
            validity::cannot_answer(project, case)
        }
        ActName::Recheck => validity::cannot_recheck(case),
        ActName::CancelResult => case.cancelled.map(|_| Refusal::AlreadySo),
        ActName::CheckCommitment if !case.opened.committed => {
            Some(Refusal::NoCommitment(case.opened.item.clone()))
        }
        ActName::CheckCommitment => {
            (case.commitment == Some(Commitment::Kept)).then_some(Refusal::AlreadySo)
        }
        ActName::ServeResult => case.served.map(|_| Refusal::AlreadySo),
        ActName::OfferHearing
        | ActName::AskHearing
        | ActName::WaiveHearing
        | ActName::NotifyHearing
        | ActName::HoldHearing => hearing::hindrance(name, case, mandate.role, at.today),
        // The days of a hearing end with the hearing.
        ActName::EndSpecialProcedure if case.pauses_for_hearing() => case.opinion_waits(),
        ActName::EndSpecialProcedure => None,
        ActName::SendBack
        | ActName::WithdrawCase
        | ActName::RevokeDecision
        | ActName::ResumeClock
        | ActName::CloseGap
        | ActName::RegisterProject
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
        | ActName::PublishPack
        | ActName::EstablishDepartment
        | ActName::EndTerm
        | ActName::ExtendJoint
        | ActName::MissDuty
        | ActName::RegisterDepartmentCode
        | ActName::IssueDocument
        | ActName::ReadInClear
        | ActName::RecordRegisterAnswer
        | ActName::ConnectSystem
        | ActName::DisconnectSystem
        | ActName::AdmitSystem
        | ActName::FilePaper
        | ActName::SettleCalendar
        | ActName::EnterCreditRecord
        | ActName::RemoveCreditRecord
        | ActName::RenameDepartment
        | ActName::MergeDepartment
        | ActName::TakeBackChange => None,
        ActName::ConsultDepartment
        | ActName::AnswerConsultation
        | ActName::AuthoriseAgent
        | ActName::EndAgency => None,
        // Once a day is heard; more often is noise.
        ActName::UrgeCase => {
            let last = case.urged.last();
            last.is_some_and(|(day, _)| *day == at.today).then_some(Refusal::AlreadySo)
        }
        ActName::TransferCase => {
            let stays = at.organisation.successor(case.department) == case.department;
            stays.then_some(Refusal::AlreadySo)
        }
    }
}

/// One extension, approved before the limit has passed, or none at all (行政许可法 art. 42).
fn not_extendable(case: &Case, at: &Standpoint<'_>) -> Option<Refusal> {
    let Some(ledger) = &case.ledger else { return Some(Refusal::ExtensionTooLong(0)) };
    if !ledger.extensions.is_empty() {
        return Some(Refusal::AlreadyExtended);
    }
    if ledger.statutory.extension() == 0 {
        return Some(Refusal::ExtensionTooLong(0));
    }
    let due = ledger.due(case.calendar(at.catalog), Which::Statutory)?;
    (at.today > due).then_some(Refusal::ExtensionTooLate(due))
}
