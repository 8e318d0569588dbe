//! What can happen to a case.

use minicbor::{Decode, Encode};

use super::{Stance, Standing};
use crate::{
    catalog::{LifeEffect, Term},
    ids::{AccountId, DepartmentId},
    limit::PinnedLimit,
    paper::FileReference,
    sealed::Sealed,
    time::Day,
};

/// Something that must be there before a case may be decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Predecessor {
    /// A favourable decision on this item.
    #[n(0)]
    Item(#[n(0)] String),
    /// A recorded milestone.
    #[n(1)]
    Milestone(#[n(0)] String),
}

/// In whose hands a case is inside its department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Hand {
    /// 承办人.
    #[n(0)]
    Officer,
    /// 审核人.
    #[n(1)]
    Reviewer,
    /// 批准人.
    #[n(2)]
    Approver,
}

impl Hand {
    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Officer => "承办",
            Self::Reviewer => "审核",
            Self::Approver => "批准",
        }
    }

    /// Where the case goes after this hand's opinion.
    #[must_use]
    pub(super) const fn next(self) -> Standing {
        match self {
            Self::Officer => Standing::WithReviewer,
            Self::Reviewer | Self::Approver => Standing::WithApprover,
        }
    }
}

/// What an officer or reviewer recommends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Recommendation {
    /// Grant.
    #[n(0)]
    Pass,
    /// Grant, papers may follow.
    #[n(1)]
    PassWithGap,
    /// Refuse.
    #[n(2)]
    Refuse,
}

impl Recommendation {
    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "建议同意",
            Self::PassWithGap => "建议容缺同意",
            Self::Refuse => "建议不予许可",
        }
    }
}

/// A paper that may follow, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Owed {
    /// Paper key.
    #[n(0)]
    pub paper: String,
    /// Last day.
    #[n(1)]
    pub until: Day,
}

/// How a case was decided.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// 通过.
    #[n(0)]
    Pass,
    /// 容缺通过: papers are still owed.
    #[n(1)]
    PassWithGap {
        /// What, until when.
        #[n(0)]
        owed: Vec<Owed>,
    },
    /// 不通过, with the coded reason; the owner may ask for review within 60 days or sue
    /// within six months (行政许可法 art. 38; terms of 行政复议法 and 行政诉讼法).
    #[n(2)]
    Refuse {
        /// Coded reason.
        #[n(0)]
        reason: String,
        /// Calendar days within which administrative review may be asked for.
        #[n(1)]
        review_days: u16,
        /// Months within which a suit may be brought.
        #[n(2)]
        suit_months: u8,
    },
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Decision {
    /// How.
    #[n(0)]
    pub outcome: Outcome,
    /// Number of the result document; none when the item has none or was refused.
    #[n(1)]
    pub document: Option<String>,
    /// The words of the decision.
    #[n(2)]
    pub text: Sealed,
}

/// What can happen to a case. Variant numbers are never reused.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CaseFact {
    /// A correction notice names it (补正开始).
    #[n(0)]
    CorrectionAsked,
    /// The corrections came (补正结束).
    #[n(1)]
    CorrectionAnswered,
    /// Accepted (受理); the limits are pinned.
    #[n(2)]
    Accepted {
        /// The day of acceptance, day 0.
        #[n(0)]
        on: Day,
        /// Day 0 of the node clock; none while a predecessor is undecided.
        #[n(1)]
        starts: Option<Day>,
        /// Limit of the law.
        #[n(2)]
        statutory: PinnedLimit,
        /// Limit promised.
        #[n(3)]
        promised: PinnedLimit,
        /// Papers that may follow.
        #[n(4)]
        owed: Vec<Owed>,
        /// Accepted by law because no notice was sent in time (逾期不告知视为受理).
        #[n(5)]
        deemed: bool,
    },
    /// No permit is needed (不受理).
    #[n(3)]
    NotRequired {
        /// Coded reason.
        #[n(0)]
        reason: String,
        /// The words.
        #[n(1)]
        text: Option<Sealed>,
    },
    /// Acceptance refused (不予受理), also when corrections did not come in time.
    #[n(4)]
    AcceptanceRefused {
        /// Coded reason.
        #[n(0)]
        reason: String,
        /// The words.
        #[n(1)]
        text: Option<Sealed>,
    },
    /// The department starts (部门开始办理).
    #[n(5)]
    DepartmentStarted,
    /// The last predecessor's result arrived: the node clock starts.
    #[n(6)]
    NodeClockStarted {
        /// Day 0.
        #[n(0)]
        on: Day,
    },
    /// An officer took it up.
    #[n(7)]
    Claimed {
        /// The officer.
        #[n(0)]
        officer: AccountId,
    },
    /// An opinion passed it on to the next hand.
    #[n(8)]
    OpinionGiven {
        /// Whose.
        #[n(0)]
        hand: Hand,
        /// What is recommended.
        #[n(1)]
        recommendation: Recommendation,
        /// Coded reason of a recommended refusal.
        #[n(2)]
        reason: Option<String>,
        /// The words.
        #[n(3)]
        text: Sealed,
    },
    /// A reviewer or approver sent it back to the officer (退回承办).
    #[n(9)]
    SentBack {
        /// Whose.
        #[n(0)]
        hand: Hand,
        /// Coded reason.
        #[n(1)]
        reason: String,
        /// The words.
        #[n(2)]
        text: Sealed,
    },
    /// An officer asks for a special procedure.
    #[n(10)]
    SpecialAsked {
        /// Coded kind.
        #[n(0)]
        reason: String,
        /// Name.
        #[n(1)]
        name: String,
        /// Legal basis.
        #[n(2)]
        basis: String,
        /// Planned length in working days.
        #[n(3)]
        planned_days: u16,
        /// Why.
        #[n(4)]
        text: Sealed,
    },
    /// The approver agrees: the clock is paused (特别程序开始).
    #[n(11)]
    SpecialApproved {
        /// First day touched.
        #[n(0)]
        from: Day,
        /// Planned last day.
        #[n(1)]
        planned_end: Day,
    },
    /// The approver does not agree.
    #[n(12)]
    SpecialRejected,
    /// It is over: the clock runs again (特别程序结束).
    #[n(13)]
    SpecialEnded {
        /// Last day touched.
        #[n(0)]
        on: Day,
        /// Ended because the planned end had passed.
        #[n(1)]
        by_itself: bool,
    },
    /// The limit was extended (延期), once.
    #[n(14)]
    Extended {
        /// Days, in the unit of the limit.
        #[n(0)]
        days: u16,
        /// Coded reason.
        #[n(1)]
        reason: String,
    },
    /// Decided (办结).
    #[n(15)]
    Decided(#[n(0)] Decision),
    /// The result was served on the owner (送达).
    #[n(16)]
    Served,
    /// The owner withdrew it (撤件, 撤回).
    #[n(17)]
    Withdrawn {
        /// Coded reason.
        #[n(0)]
        reason: String,
        /// The words.
        #[n(1)]
        text: Option<Sealed>,
    },
    /// The decision was revoked (撤销).
    #[n(18)]
    Revoked {
        /// Coded reason.
        #[n(0)]
        reason: String,
        /// The words.
        #[n(1)]
        text: Sealed,
    },
    /// A paper owed was handed in.
    #[n(19)]
    OwedProvided {
        /// Paper key.
        #[n(0)]
        paper: String,
        /// The file.
        #[n(1)]
        file: FileReference,
    },
    /// A paper owed was found good.
    #[n(20)]
    OwedConfirmed {
        /// Paper key.
        #[n(0)]
        paper: String,
    },
    /// A paper owed was not what was asked for and is owed again.
    #[n(21)]
    OwedReturned {
        /// Paper key.
        #[n(0)]
        paper: String,
        /// Coded reason.
        #[n(1)]
        reason: String,
        /// The words.
        #[n(2)]
        text: Option<Sealed>,
        /// The last day now.
        #[n(3)]
        until: Day,
    },
    /// The term of the result began (有效期).
    #[n(22)]
    ValidityBegun {
        /// The last day it holds.
        #[n(0)]
        until: Day,
        /// What follows then.
        #[n(1)]
        effect: LifeEffect,
        /// What frees it of its term.
        #[n(2)]
        unless: Vec<Predecessor>,
        /// How often it may be extended.
        #[n(3)]
        extensions: u8,
        /// By how much each time.
        #[n(4)]
        each: Option<Term>,
        /// The last day to ask for an extension.
        #[n(5)]
        ask_by: Day,
        /// Whether silence grants an extension (行政许可法 art. 50).
        #[n(6)]
        deemed: bool,
        /// Legal basis.
        #[n(7)]
        basis: String,
    },
    /// The owner asked for an extension of the term (申请延续).
    #[n(23)]
    ExtensionAsked {
        /// Why.
        #[n(0)]
        text: Option<Sealed>,
    },
    /// The term was extended (准予延续).
    #[n(24)]
    ValidityExtended {
        /// The last day now.
        #[n(0)]
        until: Day,
        /// The last day to ask again.
        #[n(1)]
        ask_by: Day,
        /// By law, because no decision came in time.
        #[n(2)]
        by_law: bool,
    },
    /// The extension was refused (不予延续).
    #[n(25)]
    ExtensionRefused {
        /// The words.
        #[n(0)]
        text: Sealed,
    },
    /// The term ran out: the result is void (失效).
    #[n(26)]
    Lapsed {
        /// The last day it held.
        #[n(0)]
        on: Day,
    },
    /// The term ran out: its department has to look again (应当重新审核).
    #[n(27)]
    RecheckDue {
        /// The last day it held without.
        #[n(0)]
        on: Day,
    },
    /// A calendar published after acceptance changes days that this clock touches: from now on
    /// it reads the calendar named in the envelope (公布放假安排后重新计算).
    #[n(29)]
    CalendarSettled {
        /// The last day promised, by the new calendar.
        #[n(0)]
        promised: Option<Day>,
        /// The last day of the law, by the new calendar.
        #[n(1)]
        statutory: Option<Day>,
    },
    /// What the owner promised was checked on the spot (事后核查).
    #[n(30)]
    CommitmentChecked {
        /// Whether it is so.
        #[n(0)]
        kept: bool,
        /// When not: the last day to put it right (限期整改).
        #[n(1)]
        until: Option<Day>,
        /// What was found.
        #[n(2)]
        text: Sealed,
    },
    /// It went to another department with a reorganisation (机构改革移交).
    #[n(36)]
    Transferred {
        /// To which.
        #[n(0)]
        to: DepartmentId,
        /// The document that says so.
        #[n(1)]
        basis: String,
    },
    /// The right to a hearing was told (告知听证权利).
    #[n(31)]
    HearingOffered {
        /// The last day to ask for it.
        #[n(0)]
        ask_by: Day,
        /// What it is about, and why.
        #[n(1)]
        text: Sealed,
        /// Others than the owner are concerned.
        #[n(2)]
        #[cbor(default)]
        others: bool,
    },
    /// A hearing was asked for (申请听证).
    #[n(32)]
    HearingAsked {
        /// The last day on which it may be held.
        #[n(0)]
        hold_by: Day,
        /// By whom and why.
        #[n(1)]
        text: Sealed,
    },
    /// The right was given up (放弃听证).
    #[n(33)]
    HearingWaived,
    /// Time and place were told (听证通知).
    #[n(34)]
    HearingNotified {
        /// The day.
        #[n(0)]
        on: Day,
        /// Time of day and place.
        #[n(1)]
        place: Sealed,
        /// Who chairs.
        #[n(2)]
        chair: AccountId,
    },
    /// It was held; the decision rests on the minutes (听证笔录).
    #[n(35)]
    HearingHeld {
        /// The day.
        #[n(0)]
        on: Day,
        /// What the minutes say.
        #[n(1)]
        text: Sealed,
    },
    /// The result was struck off (注销): it ended, its holder did, or it cannot be used any more.
    #[n(37)]
    Cancelled {
        /// Coded reason.
        #[n(0)]
        reason: String,
        /// The words.
        #[n(1)]
        text: Sealed,
    },
    /// It was looked at again and holds (重新审核通过).
    #[n(28)]
    Rechecked {
        /// The words.
        #[n(0)]
        text: Sealed,
    },
    /// The department put a paper of its own on file (归入部门材料).
    #[n(38)]
    PaperFiled {
        /// What it is.
        #[n(0)]
        title: Sealed,
        /// The file.
        #[n(1)]
        file: FileReference,
    },
    /// Another department was asked for its opinion (征求意见).
    #[n(39)]
    DepartmentConsulted {
        /// Which.
        #[n(0)]
        of: DepartmentId,
        /// The last day for the answer.
        #[n(1)]
        until: Day,
        /// What was asked.
        #[n(2)]
        text: Sealed,
    },
    /// It answered (反馈意见).
    #[n(40)]
    ConsultationAnswered {
        /// Which department had been asked.
        #[n(0)]
        of: DepartmentId,
        /// What it comes to.
        #[n(1)]
        stance: Stance,
        /// The words.
        #[n(2)]
        text: Sealed,
    },
    /// The department that leads the stage urged (催办).
    #[n(41)]
    Urged {
        /// The words.
        #[n(0)]
        text: Sealed,
    },
}

impl CaseFact {
    /// The words that go with it.
    #[must_use]
    pub(super) const fn words(&self) -> Option<&Sealed> {
        match self {
            Self::NotRequired { text, .. }
            | Self::AcceptanceRefused { text, .. }
            | Self::Withdrawn { text, .. }
            | Self::OwedReturned { text, .. }
            | Self::ExtensionAsked { text } => text.as_ref(),
            Self::OpinionGiven { text, .. }
            | Self::SentBack { text, .. }
            | Self::SpecialAsked { text, .. }
            | Self::Decided(Decision { text, .. })
            | Self::Revoked { text, .. }
            | Self::ExtensionRefused { text }
            | Self::CommitmentChecked { text, .. }
            | Self::Rechecked { text }
            | Self::Cancelled { text, .. }
            | Self::HearingOffered { text, .. }
            | Self::HearingAsked { text, .. }
            | Self::HearingNotified { place: text, .. }
            | Self::PaperFiled { title: text, .. }
            | Self::DepartmentConsulted { text, .. }
            | Self::ConsultationAnswered { text, .. }
            | Self::Urged { text }
            | Self::HearingHeld { text, .. } => Some(text),
            Self::CorrectionAsked
            | Self::CorrectionAnswered
            | Self::Accepted { .. }
            | Self::DepartmentStarted
            | Self::NodeClockStarted { .. }
            | Self::Claimed { .. }
            | Self::SpecialApproved { .. }
            | Self::SpecialRejected
            | Self::SpecialEnded { .. }
            | Self::Extended { .. }
            | Self::Served
            | Self::OwedProvided { .. }
            | Self::OwedConfirmed { .. }
            | Self::ValidityBegun { .. }
            | Self::ValidityExtended { .. }
            | Self::Lapsed { .. }
            | Self::RecheckDue { .. }
            | Self::CalendarSettled { .. }
            | Self::Transferred { .. }
            | Self::HearingWaived => None,
        }
    }

    /// Whether it leaves everything an officer reads and writes as it was.
    #[must_use]
    pub(super) const fn leaves_the_case(&self) -> bool {
        matches!(
            self,
            Self::NodeClockStarted { .. } | Self::CalendarSettled { .. } | Self::Urged { .. }
        )
    }

    /// Whether it may follow from what was done to another case.
    #[must_use]
    pub(super) const fn follows(&self) -> bool {
        self.leaves_the_case() || matches!(self, Self::Served | Self::ValidityBegun { .. })
    }
}
