//! An act on an existing project, and what it is about.

use super::{About, ActName};
use crate::{
    application::{ApplicationAct, Submission},
    case::CaseAct,
    ids::{ApplicationId, CaseId},
    project::ProjectAct,
};

/// What an act is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The project as a whole.
    Project,
    /// A joint application.
    Application(ApplicationId),
    /// A case.
    Case(CaseId),
}

impl Subject {
    /// Its kind.
    #[must_use]
    pub const fn about(self) -> About {
        match self {
            Self::Project => About::Project,
            Self::Application(_) => About::Application,
            Self::Case(_) => About::Case,
        }
    }
}

/// An act on an existing project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// On the project as a whole.
    Project(ProjectAct),
    /// 提交申报: about the project, which has no such application yet.
    Submit(Submission),
    /// On a joint application.
    Application(ApplicationId, ApplicationAct),
    /// On a case.
    Case(CaseId, CaseAct),
}

impl Act {
    /// Which act it is.
    #[must_use]
    pub const fn name(&self) -> ActName {
        match self {
            Self::Project(act) => act.name(),
            Self::Submit(_) => ActName::SubmitApplication,
            Self::Application(_, act) => act.name(),
            Self::Case(_, act) => act.name(),
        }
    }

    /// What it is about.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        match self {
            Self::Project(_) | Self::Submit(_) => Subject::Project,
            Self::Application(id, _) => Subject::Application(*id),
            Self::Case(id, _) => Subject::Case(*id),
        }
    }
}
