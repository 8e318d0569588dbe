//! The acts with what each needs to know.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::{
    application::{Demand, Release},
    case::Recommendation,
    ids::{ApplicationId, CaseId},
    paper::FileReference,
    project::{FieldValue, Planned},
    sealed::Sealed,
    time::Day,
};

macro_rules! acts {
    ($($(#[$doc:meta])* $number:literal $name:ident = $key:literal),* $(,)?) => {
        /// Which act. Numbers are in the journal and never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(index_only)]
        pub enum ActName {
            $($(#[$doc])* #[n($number)] $name,)*
        }

        impl ActName {
            /// All acts, in order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Stable name for addresses and the API.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// The act with this key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|name| name.key() == key)
            }
        }
    };
}

acts! {
    /// 项目登记.
    0 RegisterProject = "register-project",
    /// 约定里程碑计划.
    1 AgreePlan = "agree-plan",
    /// 列为重点项目.
    2 MarkKeyProject = "mark-key-project",
    /// 登记里程碑.
    3 RecordMilestone = "record-milestone",
    /// 提交申报.
    4 SubmitApplication = "submit-application",
    /// 一次性告知补正.
    5 RequestCorrection = "request-correction",
    /// 提交补正.
    6 SubmitCorrection = "submit-correction",
    /// 受理.
    7 AcceptApplication = "accept-application",
    /// 选择送达方式.
    8 ChooseRelease = "choose-release",
    /// 撤回整次申报.
    9 WithdrawApplication = "withdraw-application",
    /// 不予受理.
    10 RefuseAcceptance = "refuse-acceptance",
    /// 不受理.
    11 DeclareNotRequired = "declare-not-required",
    /// 承办.
    12 ClaimCase = "claim-case",
    /// 提出承办意见.
    13 GiveOpinion = "give-opinion",
    /// 审核.
    14 ReviewCase = "review-case",
    /// 退回承办.
    15 SendBack = "send-back",
    /// 作出决定.
    16 DecideCase = "decide-case",
    /// 申请特别程序.
    17 AskSpecialProcedure = "ask-special-procedure",
    /// 批准特别程序.
    18 ApproveSpecialProcedure = "approve-special-procedure",
    /// 不批准特别程序.
    19 RejectSpecialProcedure = "reject-special-procedure",
    /// 结束特别程序.
    20 EndSpecialProcedure = "end-special-procedure",
    /// 延长时限.
    21 ExtendLimit = "extend-limit",
    /// 撤回办件.
    22 WithdrawCase = "withdraw-case",
    /// 撤销决定.
    23 RevokeDecision = "revoke-decision",
    /// 补交容缺材料.
    24 ProvideOwedPaper = "provide-owed-paper",
    /// 确认容缺材料.
    25 ConfirmOwedPaper = "confirm-owed-paper",
    /// 逾期未告知，视为受理.
    26 DeemAccepted = "deem-accepted",
    /// 逾期未补正.
    27 LapseCorrection = "lapse-correction",
    /// 特别程序到期恢复计时.
    28 ResumeClock = "resume-clock",
    /// 容缺材料逾期，撤销.
    29 CloseGap = "close-gap",
    /// 发布事项目录.
    30 PublishPack = "publish-pack",
    /// 设立部门.
    31 EstablishDepartment = "establish-department",
    /// 退回容缺材料.
    32 ReturnOwedPaper = "return-owed-paper",
    /// 申请延续.
    33 AskExtension = "ask-extension",
    /// 准予延续.
    34 GrantExtension = "grant-extension",
    /// 不予延续.
    35 RefuseExtension = "refuse-extension",
    /// 重新审核.
    36 Recheck = "recheck",
    /// 有效期届满.
    37 EndTerm = "end-term",
    /// 期限届满送达.
    38 ServeResult = "serve-result",
    /// 延长联合办理时限.
    39 ExtendJoint = "extend-joint",
    /// 事后备案逾期.
    40 MissDuty = "miss-duty",
    /// 按新公布的日历重新计算.
    41 SettleCalendar = "settle-calendar",
    /// 告知承诺事后核查.
    42 CheckCommitment = "check-commitment",
}

/// The kind of thing an act is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The project as a whole, or the node.
    Project,
    /// A joint application.
    Application,
    /// A case.
    Case,
}

impl ActName {
    /// The kind of thing this act is about.
    #[must_use]
    pub const fn about(self) -> About {
        match self {
            Self::RegisterProject
            | Self::AgreePlan
            | Self::MarkKeyProject
            | Self::RecordMilestone
            | Self::SubmitApplication
            | Self::PublishPack
            | Self::EstablishDepartment
            | Self::MissDuty => About::Project,
            Self::RequestCorrection
            | Self::SubmitCorrection
            | Self::AcceptApplication
            | Self::ChooseRelease
            | Self::WithdrawApplication
            | Self::DeemAccepted
            | Self::LapseCorrection
            | Self::ExtendJoint => About::Application,
            Self::RefuseAcceptance
            | Self::DeclareNotRequired
            | Self::ClaimCase
            | Self::GiveOpinion
            | Self::ReviewCase
            | Self::SendBack
            | Self::DecideCase
            | Self::AskSpecialProcedure
            | Self::ApproveSpecialProcedure
            | Self::RejectSpecialProcedure
            | Self::EndSpecialProcedure
            | Self::ExtendLimit
            | Self::WithdrawCase
            | Self::RevokeDecision
            | Self::ProvideOwedPaper
            | Self::ConfirmOwedPaper
            | Self::ReturnOwedPaper
            | Self::AskExtension
            | Self::GrantExtension
            | Self::RefuseExtension
            | Self::Recheck
            | Self::EndTerm
            | Self::ServeResult
            | Self::SettleCalendar
            | Self::CheckCommitment
            | Self::ResumeClock
            | Self::CloseGap => About::Case,
        }
    }
}

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

/// How a case is to be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// 同意.
    Pass,
    /// 容缺同意: these papers may follow until a day.
    PassWithGap {
        /// Paper keys.
        papers: Vec<String>,
        /// Last day.
        until: Day,
    },
    /// 不予许可, with a coded reason.
    Refuse {
        /// Coded reason.
        reason: String,
    },
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
    /// 提交申报.
    SubmitApplication {
        /// Stage 1–4.
        stage: u8,
        /// Item codes.
        items: Vec<String>,
        /// Items applied for by notice and commitment.
        committed: Vec<String>,
        /// Answers to the questions.
        answers: BTreeMap<String, String>,
        /// The form.
        fields: BTreeMap<String, FieldValue>,
        /// Uploaded papers by key.
        papers: BTreeMap<String, FileReference>,
        /// When results are handed over.
        release: Release,
    },
    /// 一次性告知补正.
    RequestCorrection {
        /// The application.
        application: ApplicationId,
        /// Everything to correct.
        demands: Vec<Demand>,
    },
    /// 提交补正.
    SubmitCorrection {
        /// The application.
        application: ApplicationId,
        /// New papers by key.
        papers: BTreeMap<String, FileReference>,
        /// New values.
        fields: BTreeMap<String, FieldValue>,
    },
    /// 受理.
    AcceptApplication {
        /// The application.
        application: ApplicationId,
        /// The cases to accept; empty for all that can be.
        cases: Vec<CaseId>,
    },
    /// 选择送达方式.
    ChooseRelease {
        /// The application.
        application: ApplicationId,
        /// The choice.
        release: Release,
    },
    /// 撤回整次申报.
    WithdrawApplication {
        /// The application.
        application: ApplicationId,
        /// Coded reason.
        reason: String,
        /// Words.
        text: Option<Sealed>,
    },
    /// 不予受理.
    RefuseAcceptance {
        /// The case.
        case: CaseId,
        /// Coded reason.
        reason: String,
        /// Words.
        text: Option<Sealed>,
    },
    /// 不受理.
    DeclareNotRequired {
        /// The case.
        case: CaseId,
        /// Coded reason.
        reason: String,
        /// Words.
        text: Option<Sealed>,
    },
    /// 承办.
    ClaimCase {
        /// The case.
        case: CaseId,
    },
    /// 提出承办意见.
    GiveOpinion {
        /// The case.
        case: CaseId,
        /// What is recommended.
        recommendation: Recommendation,
        /// Coded reason of a recommended refusal.
        reason: Option<String>,
        /// Words.
        text: Sealed,
    },
    /// 审核.
    ReviewCase {
        /// The case.
        case: CaseId,
        /// What is recommended.
        recommendation: Recommendation,
        /// Coded reason of a recommended refusal.
        reason: Option<String>,
        /// Words.
        text: Sealed,
    },
    /// 退回承办.
    SendBack {
        /// The case.
        case: CaseId,
        /// Coded reason.
        reason: String,
        /// Words.
        text: Sealed,
    },
    /// 作出决定.
    DecideCase {
        /// The case.
        case: CaseId,
        /// How.
        verdict: Verdict,
        /// Words.
        text: Sealed,
    },
    /// 申请特别程序.
    AskSpecialProcedure {
        /// The case.
        case: CaseId,
        /// Coded kind.
        reason: String,
        /// Planned length in working days; what is usual for the kind when not given.
        planned_days: Option<u16>,
        /// Why.
        text: Sealed,
    },
    /// 批准特别程序.
    ApproveSpecialProcedure {
        /// The case.
        case: CaseId,
    },
    /// 不批准特别程序.
    RejectSpecialProcedure {
        /// The case.
        case: CaseId,
    },
    /// 结束特别程序.
    EndSpecialProcedure {
        /// The case.
        case: CaseId,
    },
    /// 延长时限.
    ExtendLimit {
        /// The case.
        case: CaseId,
        /// Days, in the unit of the limit.
        days: u16,
        /// Coded reason.
        reason: String,
    },
    /// 撤回办件.
    WithdrawCase {
        /// The case.
        case: CaseId,
        /// Coded reason.
        reason: String,
        /// Words.
        text: Option<Sealed>,
    },
    /// 撤销决定.
    RevokeDecision {
        /// The case.
        case: CaseId,
        /// Coded reason.
        reason: String,
        /// Words.
        text: Sealed,
    },
    /// 补交容缺材料.
    ProvideOwedPaper {
        /// The case.
        case: CaseId,
        /// Paper key.
        paper: String,
        /// The file.
        file: FileReference,
    },
    /// 确认容缺材料.
    ConfirmOwedPaper {
        /// The case.
        case: CaseId,
        /// Paper key.
        paper: String,
    },
    /// 退回容缺材料.
    ReturnOwedPaper {
        /// The case.
        case: CaseId,
        /// Paper key.
        paper: String,
        /// Coded reason.
        reason: String,
        /// Words.
        text: Option<Sealed>,
    },
    /// 申请延续.
    AskExtension {
        /// The case.
        case: CaseId,
        /// Why.
        text: Option<Sealed>,
    },
    /// 准予延续.
    GrantExtension {
        /// The case.
        case: CaseId,
    },
    /// 不予延续.
    RefuseExtension {
        /// The case.
        case: CaseId,
        /// Words.
        text: Sealed,
    },
    /// 重新审核.
    Recheck {
        /// The case.
        case: CaseId,
        /// Whether the result holds.
        holds: bool,
        /// Words.
        text: Sealed,
    },
    /// 有效期届满.
    EndTerm {
        /// The case.
        case: CaseId,
    },
    /// 期限届满送达.
    ServeResult {
        /// The case.
        case: CaseId,
    },
    /// 按新公布的日历重新计算.
    SettleCalendar {
        /// The case.
        case: CaseId,
    },
    /// 告知承诺事后核查.
    CheckCommitment {
        /// The case.
        case: CaseId,
        /// Whether what was promised is so.
        kept: bool,
        /// When not: the last day to put it right.
        until: Option<Day>,
        /// What was found.
        text: Sealed,
    },
    /// 延长联合办理时限.
    ExtendJoint {
        /// The application.
        application: ApplicationId,
        /// Working days.
        days: u16,
        /// Coded reason.
        reason: String,
    },
    /// 事后备案逾期.
    MissDuty,
    /// 逾期未告知，视为受理.
    DeemAccepted {
        /// The application.
        application: ApplicationId,
    },
    /// 逾期未补正.
    LapseCorrection {
        /// The application.
        application: ApplicationId,
    },
    /// 特别程序到期恢复计时.
    ResumeClock {
        /// The case.
        case: CaseId,
    },
    /// 容缺材料逾期，撤销.
    CloseGap {
        /// The case.
        case: CaseId,
        /// Words put on record.
        text: Sealed,
    },
}

impl Act {
    /// Which act it is, and what it is about.
    #[must_use]
    pub fn name_and_subject(&self) -> (ActName, Subject) {
        match self {
            Self::AgreePlan { .. } => (ActName::AgreePlan, Subject::Project),
            Self::MarkKeyProject => (ActName::MarkKeyProject, Subject::Project),
            Self::RecordMilestone { .. } => (ActName::RecordMilestone, Subject::Project),
            Self::SubmitApplication { .. } => (ActName::SubmitApplication, Subject::Project),
            Self::RequestCorrection { application, .. } => {
                (ActName::RequestCorrection, Subject::Application(*application))
            }
            Self::SubmitCorrection { application, .. } => {
                (ActName::SubmitCorrection, Subject::Application(*application))
            }
            Self::AcceptApplication { application, .. } => {
                (ActName::AcceptApplication, Subject::Application(*application))
            }
            Self::ChooseRelease { application, .. } => {
                (ActName::ChooseRelease, Subject::Application(*application))
            }
            Self::WithdrawApplication { application, .. } => {
                (ActName::WithdrawApplication, Subject::Application(*application))
            }
            Self::RefuseAcceptance { case, .. } => {
                (ActName::RefuseAcceptance, Subject::Case(*case))
            }
            Self::DeclareNotRequired { case, .. } => {
                (ActName::DeclareNotRequired, Subject::Case(*case))
            }
            Self::ClaimCase { case } => (ActName::ClaimCase, Subject::Case(*case)),
            Self::GiveOpinion { case, .. } => (ActName::GiveOpinion, Subject::Case(*case)),
            Self::ReviewCase { case, .. } => (ActName::ReviewCase, Subject::Case(*case)),
            Self::SendBack { case, .. } => (ActName::SendBack, Subject::Case(*case)),
            Self::DecideCase { case, .. } => (ActName::DecideCase, Subject::Case(*case)),
            Self::AskSpecialProcedure { case, .. } => {
                (ActName::AskSpecialProcedure, Subject::Case(*case))
            }
            Self::ApproveSpecialProcedure { case } => {
                (ActName::ApproveSpecialProcedure, Subject::Case(*case))
            }
            Self::RejectSpecialProcedure { case } => {
                (ActName::RejectSpecialProcedure, Subject::Case(*case))
            }
            Self::EndSpecialProcedure { case } => {
                (ActName::EndSpecialProcedure, Subject::Case(*case))
            }
            Self::ExtendLimit { case, .. } => (ActName::ExtendLimit, Subject::Case(*case)),
            Self::WithdrawCase { case, .. } => (ActName::WithdrawCase, Subject::Case(*case)),
            Self::RevokeDecision { case, .. } => (ActName::RevokeDecision, Subject::Case(*case)),
            Self::ProvideOwedPaper { case, .. } => {
                (ActName::ProvideOwedPaper, Subject::Case(*case))
            }
            Self::ConfirmOwedPaper { case, .. } => {
                (ActName::ConfirmOwedPaper, Subject::Case(*case))
            }
            Self::ReturnOwedPaper { case, .. } => (ActName::ReturnOwedPaper, Subject::Case(*case)),
            Self::AskExtension { case, .. } => (ActName::AskExtension, Subject::Case(*case)),
            Self::GrantExtension { case } => (ActName::GrantExtension, Subject::Case(*case)),
            Self::RefuseExtension { case, .. } => (ActName::RefuseExtension, Subject::Case(*case)),
            Self::Recheck { case, .. } => (ActName::Recheck, Subject::Case(*case)),
            Self::EndTerm { case } => (ActName::EndTerm, Subject::Case(*case)),
            Self::ServeResult { case } => (ActName::ServeResult, Subject::Case(*case)),
            Self::SettleCalendar { case } => (ActName::SettleCalendar, Subject::Case(*case)),
            Self::CheckCommitment { case, .. } => (ActName::CheckCommitment, Subject::Case(*case)),
            Self::ExtendJoint { application, .. } => {
                (ActName::ExtendJoint, Subject::Application(*application))
            }
            Self::MissDuty => (ActName::MissDuty, Subject::Project),
            Self::DeemAccepted { application } => {
                (ActName::DeemAccepted, Subject::Application(*application))
            }
            Self::LapseCorrection { application } => {
                (ActName::LapseCorrection, Subject::Application(*application))
            }
            Self::ResumeClock { case } => (ActName::ResumeClock, Subject::Case(*case)),
            Self::CloseGap { case, .. } => (ActName::CloseGap, Subject::Case(*case)),
        }
    }
}
