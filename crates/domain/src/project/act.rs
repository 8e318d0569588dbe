//! Acts on a project as a whole, with what each needs to know.

use super::{Planned, Power};
use crate::{
    acts::ActName,
    document::Issued,
    ids::AccountId,
    paper::RegisterAnswer,
    sealed::Sealed,
    time::{Day, Instant},
};

/// An act on a project as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectAct {
    /// 约定里程碑计划.
    AgreePlan {
        /// When what is to be done.
        milestones: Vec<Planned>,
    },
    /// 列为重点项目.
    MarkKeyProject,
    /// 登记里程碑.
    RecordMilestone {
        /// Key.
        key: String,
        /// The day it was reached.
        on: Day,
    },
    /// 事后备案逾期.
    MissDuty,
    /// 制发文书: called for since that moment.
    IssueDocument(Box<Issued>, Instant),
    /// 查看个人信息.
    ReadInClear {
        /// Coded reason.
        reason: String,
        /// What it is about, in words.
        text: Option<Sealed>,
    },
    /// 登记系统核验.
    RecordRegisterAnswer(RegisterAnswer),
    /// 授权委托.
    AuthoriseAgent {
        /// Whom.
        agent: AccountId,
        /// What for.
        powers: Vec<Power>,
        /// The last day.
        until: Day,
    },
    /// 解除委托.
    EndAgency {
        /// Whom.
        agent: AccountId,
    },
}

impl ProjectAct {
    /// Which act it is.
    #[must_use]
    pub const fn name(&self) -> ActName {
        match self {
            Self::AgreePlan { .. } => ActName::AgreePlan,
            Self::MarkKeyProject => ActName::MarkKeyProject,
            Self::RecordMilestone { .. } => ActName::RecordMilestone,
            Self::MissDuty => ActName::MissDuty,
            Self::IssueDocument(..) => ActName::IssueDocument,
            Self::ReadInClear { .. } => ActName::ReadInClear,
            Self::RecordRegisterAnswer(_) => ActName::RecordRegisterAnswer,
            Self::AuthoriseAgent { .. } => ActName::AuthoriseAgent,
            Self::EndAgency { .. } => ActName::EndAgency,
        }
    }
}
