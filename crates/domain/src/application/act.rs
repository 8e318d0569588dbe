//! Acts on a joint application, with what each needs to know.

use std::collections::BTreeMap;

use super::{Demand, Release};
use crate::{
    acts::{Act, ActName},
    ids::{ApplicationId, CaseId},
    paper::{FileReference, Taken},
    project::FieldValue,
    sealed::Sealed,
};

/// What is handed in for a stage (提交申报).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Stage 1–4.
    pub stage: u8,
    /// Item codes.
    pub items: Vec<String>,
    /// Items applied for by notice and commitment.
    pub committed: Vec<String>,
    /// Answers to the questions.
    pub answers: BTreeMap<String, String>,
    /// The form.
    pub fields: BTreeMap<String, FieldValue>,
    /// Uploaded papers by key.
    pub papers: BTreeMap<String, FileReference>,
    /// How those of them were chosen that were not simply uploaded.
    pub taken: BTreeMap<String, Taken>,
    /// When results are handed over.
    pub release: Release,
}

/// An act on a joint application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplicationAct {
    /// 一次性告知补正.
    RequestCorrection {
        /// Everything to correct.
        demands: Vec<Demand>,
    },
    /// 提交补正.
    SubmitCorrection {
        /// New papers by key.
        papers: BTreeMap<String, FileReference>,
        /// New values.
        fields: BTreeMap<String, FieldValue>,
    },
    /// 受理.
    AcceptApplication {
        /// The cases to accept; empty for all that can be.
        cases: Vec<CaseId>,
    },
    /// 选择送达方式.
    ChooseRelease {
        /// The choice.
        release: Release,
    },
    /// 撤回整次申报.
    WithdrawApplication {
        /// Coded reason.
        reason: String,
        /// Words.
        text: Option<Sealed>,
    },
    /// 延长联合办理时限.
    ExtendJoint {
        /// Working days.
        days: u16,
        /// Coded reason.
        reason: String,
    },
    /// 逾期未告知，视为受理.
    DeemAccepted,
    /// 逾期未补正.
    LapseCorrection,
}

impl ApplicationAct {
    /// The act on this application.
    #[must_use]
    pub const fn on(self, application: ApplicationId) -> Act {
        Act::Application(application, self)
    }

    /// Which act it is.
    #[must_use]
    pub const fn name(&self) -> ActName {
        match self {
            Self::RequestCorrection { .. } => ActName::RequestCorrection,
            Self::SubmitCorrection { .. } => ActName::SubmitCorrection,
            Self::AcceptApplication { .. } => ActName::AcceptApplication,
            Self::ChooseRelease { .. } => ActName::ChooseRelease,
            Self::WithdrawApplication { .. } => ActName::WithdrawApplication,
            Self::ExtendJoint { .. } => ActName::ExtendJoint,
            Self::DeemAccepted => ActName::DeemAccepted,
            Self::LapseCorrection => ActName::LapseCorrection,
        }
    }
}
