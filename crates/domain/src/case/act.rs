//! Acts on a case, with what each needs to know.

use super::{HearingNotice, Recommendation, Stance};
use crate::{
    acts::{Act, ActName},
    ids::{CaseId, DepartmentId},
    paper::FileReference,
    sealed::Sealed,
    time::Day,
};

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

/// An act on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseAct {
    /// 不予受理.
    RefuseAcceptance {
        /// Coded reason.
        reason: String,
        /// Words.
        text: Option<Sealed>,
    },
    /// 不受理.
    DeclareNotRequired {
        /// Coded reason.
        reason: String,
        /// Words.
        text: Option<Sealed>,
    },
    /// 承办.
    ClaimCase,
    /// 提出承办意见.
    GiveOpinion {
        /// What is recommended.
        recommendation: Recommendation,
        /// Coded reason of a recommended refusal.
        reason: Option<String>,
        /// Words.
        text: Sealed,
    },
    /// 审核.
    ReviewCase {
        /// What is recommended.
        recommendation: Recommendation,
        /// Coded reason of a recommended refusal.
        reason: Option<String>,
        /// Words.
        text: Sealed,
    },
    /// 退回承办.
    SendBack {
        /// Coded reason.
        reason: String,
        /// Words.
        text: Sealed,
    },
    /// 作出决定.
    DecideCase {
        /// How.
        verdict: Verdict,
        /// Words.
        text: Sealed,
    },
    /// 申请特别程序.
    AskSpecialProcedure {
        /// Coded kind.
        reason: String,
        /// Planned length in working days; what is usual for the kind when not given.
        planned_days: Option<u16>,
        /// Why.
        text: Sealed,
    },
    /// 批准特别程序.
    ApproveSpecialProcedure,
    /// 不批准特别程序.
    RejectSpecialProcedure,
    /// 结束特别程序.
    EndSpecialProcedure,
    /// 延长时限.
    ExtendLimit {
        /// Days, in the unit of the limit.
        days: u16,
        /// Coded reason.
        reason: String,
    },
    /// 撤回办件.
    WithdrawCase {
        /// Coded reason.
        reason: String,
        /// Words.
        text: Option<Sealed>,
    },
    /// 撤销决定.
    RevokeDecision {
        /// Coded reason.
        reason: String,
        /// Words.
        text: Sealed,
    },
    /// 补交容缺材料.
    ProvideOwedPaper {
        /// Paper key.
        paper: String,
        /// The file.
        file: FileReference,
    },
    /// 确认容缺材料.
    ConfirmOwedPaper {
        /// Paper key.
        paper: String,
    },
    /// 退回容缺材料.
    ReturnOwedPaper {
        /// Paper key.
        paper: String,
        /// Coded reason.
        reason: String,
        /// Words.
        text: Option<Sealed>,
    },
    /// 申请延续.
    AskExtension {
        /// Why.
        text: Option<Sealed>,
    },
    /// 准予延续.
    GrantExtension,
    /// 不予延续.
    RefuseExtension {
        /// Words.
        text: Sealed,
    },
    /// 重新审核.
    Recheck {
        /// Whether the result holds.
        holds: bool,
        /// Words.
        text: Sealed,
    },
    /// 注销许可.
    CancelResult {
        /// Coded reason.
        reason: String,
        /// Words.
        text: Sealed,
    },
    /// 有效期届满.
    EndTerm,
    /// 期限届满送达.
    ServeResult,
    /// 按新公布的日历重新计算.
    SettleCalendar,
    /// 告知承诺事后核查.
    CheckCommitment {
        /// Whether what was promised is so.
        kept: bool,
        /// When not: the last day to put it right.
        until: Option<Day>,
        /// What was found.
        text: Sealed,
    },
    /// 特别程序到期恢复计时.
    ResumeClock,
    /// 机构改革移交.
    Transfer,
    /// 告知听证权利.
    OfferHearing {
        /// Others than the owner are concerned.
        others: bool,
        /// What it is about, and why.
        text: Sealed,
    },
    /// 申请听证.
    AskHearing {
        /// By whom and why.
        text: Sealed,
    },
    /// 放弃听证.
    WaiveHearing,
    /// 通知听证时间地点.
    NotifyHearing(HearingNotice),
    /// 登记听证笔录.
    HoldHearing {
        /// What the minutes say.
        text: Sealed,
    },
    /// 容缺材料逾期，撤销.
    CloseGap {
        /// Words put on record.
        text: Sealed,
    },
    /// 归入部门材料.
    FilePaper {
        /// What it is.
        title: Sealed,
        /// The file.
        file: FileReference,
    },
    /// 征求部门意见.
    ConsultDepartment {
        /// Which.
        of: DepartmentId,
        /// Working days for the answer; what is usual when not given.
        days: Option<u16>,
        /// What is asked.
        text: Sealed,
    },
    /// 反馈意见.
    AnswerConsultation {
        /// What it comes to.
        stance: Stance,
        /// The words.
        text: Sealed,
    },
    /// 催办.
    UrgeCase {
        /// The words.
        text: Sealed,
    },
}

impl CaseAct {
    /// The act on this case.
    #[must_use]
    pub const fn on(self, case: CaseId) -> Act {
        Act::Case(case, self)
    }

    /// Which act it is.
    #[must_use]
    pub const fn name(&self) -> ActName {
        match self {
            Self::RefuseAcceptance { .. } => ActName::RefuseAcceptance,
            Self::DeclareNotRequired { .. } => ActName::DeclareNotRequired,
            Self::ClaimCase => ActName::ClaimCase,
            Self::GiveOpinion { .. } => ActName::GiveOpinion,
            Self::ReviewCase { .. } => ActName::ReviewCase,
            Self::SendBack { .. } => ActName::SendBack,
            Self::DecideCase { .. } => ActName::DecideCase,
            Self::AskSpecialProcedure { .. } => ActName::AskSpecialProcedure,
            Self::ApproveSpecialProcedure => ActName::ApproveSpecialProcedure,
            Self::RejectSpecialProcedure => ActName::RejectSpecialProcedure,
            Self::EndSpecialProcedure => ActName::EndSpecialProcedure,
            Self::ExtendLimit { .. } => ActName::ExtendLimit,
            Self::WithdrawCase { .. } => ActName::WithdrawCase,
            Self::RevokeDecision { .. } => ActName::RevokeDecision,
            Self::ProvideOwedPaper { .. } => ActName::ProvideOwedPaper,
            Self::ConfirmOwedPaper { .. } => ActName::ConfirmOwedPaper,
            Self::ReturnOwedPaper { .. } => ActName::ReturnOwedPaper,
            Self::AskExtension { .. } => ActName::AskExtension,
            Self::GrantExtension => ActName::GrantExtension,
            Self::RefuseExtension { .. } => ActName::RefuseExtension,
            Self::Recheck { .. } => ActName::Recheck,
            Self::CancelResult { .. } => ActName::CancelResult,
            Self::EndTerm => ActName::EndTerm,
            Self::ServeResult => ActName::ServeResult,
            Self::SettleCalendar => ActName::SettleCalendar,
            Self::CheckCommitment { .. } => ActName::CheckCommitment,
            Self::Transfer => ActName::TransferCase,
            Self::OfferHearing { .. } => ActName::OfferHearing,
            Self::AskHearing { .. } => ActName::AskHearing,
            Self::WaiveHearing => ActName::WaiveHearing,
            Self::NotifyHearing(_) => ActName::NotifyHearing,
            Self::HoldHearing { .. } => ActName::HoldHearing,
            Self::ResumeClock => ActName::ResumeClock,
            Self::CloseGap { .. } => ActName::CloseGap,
            Self::FilePaper { .. } => ActName::FilePaper,
            Self::ConsultDepartment { .. } => ActName::ConsultDepartment,
            Self::AnswerConsultation { .. } => ActName::AnswerConsultation,
            Self::UrgeCase { .. } => ActName::UrgeCase,
        }
    }
}
