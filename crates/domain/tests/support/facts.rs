//! Names of facts, for tests that say what an act brought about.

use tongban_domain::{
    application::ApplicationFact, case::CaseFact, credit::CreditFact, fact::Fact,
    organisation::OrganisationFact, project::ProjectFact,
};

/// The name of the variant. A new variant does not compile until it has one here, and an
/// example among the golden bytes.
pub(crate) fn name(fact: &Fact) -> &'static str {
    match fact {
        Fact::Project(fact) => project(fact),
        Fact::Application(_, fact) => application(fact),
        Fact::Case(_, fact) => case(fact),
        Fact::PackPublished { .. } => "PackPublished",
        Fact::Organisation(fact) => organisation(fact),
        Fact::Credit(CreditFact::Entered(_)) => "CreditEntered",
        Fact::Credit(CreditFact::Removed { .. }) => "CreditRemoved",
        Fact::Credit(CreditFact::Barred(_)) => "Barred",
        Fact::Credit(CreditFact::BarLifted { .. }) => "BarLifted",
    }
}

fn organisation(fact: &OrganisationFact) -> &'static str {
    match fact {
        OrganisationFact::DepartmentEstablished { .. } => "DepartmentEstablished",
        OrganisationFact::DepartmentRenamed { .. } => "DepartmentRenamed",
        OrganisationFact::DepartmentMerged { .. } => "DepartmentMerged",
        OrganisationFact::ChangeTakenBack { .. } => "ChangeTakenBack",
        OrganisationFact::DepartmentCoded { .. } => "DepartmentCoded",
        OrganisationFact::SystemConnected { .. } => "SystemConnected",
        OrganisationFact::SystemDisconnected { .. } => "SystemDisconnected",
        OrganisationFact::SystemAdmitted { .. } => "SystemAdmitted",
    }
}

fn project(fact: &ProjectFact) -> &'static str {
    match fact {
        ProjectFact::Registered { .. } => "Registered",
        ProjectFact::PlanAgreed { .. } => "PlanAgreed",
        ProjectFact::MarkedKey => "MarkedKey",
        ProjectFact::MilestoneReached { .. } => "MilestoneReached",
        ProjectFact::DutyArose { .. } => "DutyArose",
        ProjectFact::DutyMissed { .. } => "DutyMissed",
        ProjectFact::DocumentIssued(_) => "DocumentIssued",
        ProjectFact::PersonsRead { .. } => "PersonsRead",
        ProjectFact::RegisterAnswered(_) => "RegisterAnswered",
        ProjectFact::AgentAuthorised { .. } => "AgentAuthorised",
        ProjectFact::AgencyEnded { .. } => "AgencyEnded",
    }
}

fn application(fact: &ApplicationFact) -> &'static str {
    match fact {
        ApplicationFact::Submitted { .. } => "Submitted",
        ApplicationFact::CorrectionRequested { .. } => "CorrectionRequested",
        ApplicationFact::Corrected { .. } => "Corrected",
        ApplicationFact::ReleaseChosen(_) => "ReleaseChosen",
        ApplicationFact::JointExtended { .. } => "JointExtended",
    }
}

fn case(fact: &CaseFact) -> &'static str {
    match fact {
        CaseFact::CorrectionAsked => "CorrectionAsked",
        CaseFact::CorrectionAnswered => "CorrectionAnswered",
        CaseFact::Accepted { .. } => "Accepted",
        CaseFact::NotRequired { .. } => "NotRequired",
        CaseFact::AcceptanceRefused { .. } => "AcceptanceRefused",
        CaseFact::DepartmentStarted => "DepartmentStarted",
        CaseFact::NodeClockStarted { .. } => "NodeClockStarted",
        CaseFact::Claimed { .. } => "Claimed",
        CaseFact::OpinionGiven { .. } => "OpinionGiven",
        CaseFact::SentBack { .. } => "SentBack",
        CaseFact::SpecialAsked { .. } => "SpecialAsked",
        CaseFact::SpecialApproved { .. } => "SpecialApproved",
        CaseFact::SpecialRejected => "SpecialRejected",
        CaseFact::SpecialEnded { .. } => "SpecialEnded",
        CaseFact::Extended { .. } => "Extended",
        CaseFact::Decided(_) => "Decided",
        CaseFact::Served => "Served",
        CaseFact::Withdrawn { .. } => "Withdrawn",
        CaseFact::Revoked { .. } => "Revoked",
        CaseFact::OwedProvided { .. } => "OwedProvided",
        CaseFact::OwedConfirmed { .. } => "OwedConfirmed",
        CaseFact::OwedReturned { .. } => "OwedReturned",
        CaseFact::ValidityBegun { .. } => "ValidityBegun",
        CaseFact::ExtensionAsked { .. } => "ExtensionAsked",
        CaseFact::ValidityExtended { .. } => "ValidityExtended",
        CaseFact::ExtensionRefused { .. } => "ExtensionRefused",
        CaseFact::Lapsed { .. } => "Lapsed",
        CaseFact::RecheckDue { .. } => "RecheckDue",
        CaseFact::Rechecked { .. } => "Rechecked",
        CaseFact::Cancelled { .. } => "Cancelled",
        CaseFact::CalendarSettled { .. } => "CalendarSettled",
        CaseFact::CommitmentChecked { .. } => "CommitmentChecked",
        CaseFact::HearingOffered { .. } => "HearingOffered",
        CaseFact::Transferred { .. } => "Transferred",
        CaseFact::HearingAsked { .. } => "HearingAsked",
        CaseFact::HearingWaived => "HearingWaived",
        CaseFact::HearingNotified { .. } => "HearingNotified",
        CaseFact::HearingHeld { .. } => "HearingHeld",
        CaseFact::PaperFiled { .. } => "PaperFiled",
        CaseFact::DepartmentConsulted { .. } => "DepartmentConsulted",
        CaseFact::ConsultationAnswered { .. } => "ConsultationAnswered",
        CaseFact::Urged { .. } => "Urged",
    }
}
