//! A case (办件): one application for one item, with its state, its hands and its clock.

mod act;
mod consult;
mod decide;
mod decision;
mod evolve;
mod facts;
pub(crate) mod hearing;
mod owed;
mod promise;
mod service;
mod special;
mod state;
pub(crate) mod validity;
mod ways_in;

pub use act::{CaseAct, Verdict};
pub use consult::{Consultation, ConsultationAnswer, Stance};
pub(crate) use decide::{accept, decide, withdraw};
pub use facts::{CaseFact, Decision, Hand, Outcome, Owed, Predecessor, Recommendation};
pub use hearing::{HEARING_REASON, Hearing, HearingNotice, HearingStage, NOTICE_AHEAD};
pub use state::{NationalState, Standing};
pub use validity::Validity;
pub use ways_in::WaysIn;

use crate::{
    catalog::PackDigest,
    clock::Ledger,
    fact::{ActorStamp, Envelope},
    ids::{AccountId, ApplicationId, CaseId, DepartmentId},
    mode::{Mode, ModeReason},
    paper::FileReference,
    sealed::Sealed,
    time::{Day, Instant},
};

/// What a case is from its submission on.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Opened {
    /// Its id.
    #[n(0)]
    pub case: CaseId,
    /// Its number (办件编号): area, day, serial.
    #[n(1)]
    pub number: String,
    /// Item code.
    #[n(2)]
    pub item: String,
    /// Item name on the day of submission.
    #[n(3)]
    pub name: String,
    /// The department that decides.
    #[n(4)]
    pub department: DepartmentId,
    /// What must be decided before it.
    #[n(5)]
    pub predecessors: Vec<Predecessor>,
    /// The bundle it is a part of.
    #[n(6)]
    pub part_of: Option<String>,
    /// Marks the stage as done.
    #[n(7)]
    pub milestone: bool,
    /// Outside the stage clock.
    #[n(8)]
    pub side: bool,
    /// Papers may follow.
    #[n(9)]
    pub deferral: bool,
    /// Decided at once (即办).
    #[n(10)]
    pub at_once: bool,
    /// Name of the result document; empty when there is none.
    #[n(11)]
    pub result: String,
    /// Items handled inside it (合并办理).
    #[n(12)]
    pub merged: Vec<String>,
    /// 对应标准审批事项编码.
    #[n(13)]
    pub national_code: String,
    /// Applied for by notice and commitment (告知承诺): decided at once, checked later.
    #[n(14)]
    pub committed: bool,
    /// Which ways of handling were open, and why; empty in the oldest facts.
    #[n(15)]
    #[cbor(default)]
    pub modes: Vec<ModeReason>,
}

impl Opened {
    /// Whether it goes first in every queue (绿色通道).
    #[must_use]
    pub fn goes_first(&self) -> bool {
        self.modes.iter().any(|reason| reason.mode == Mode::GreenChannel && reason.open)
    }
}

/// One entry of the history in national states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state entered.
    pub state: NationalState,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: ActorStamp,
}

/// An opinion inside the department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Whose hands it was in.
    pub hand: Hand,
    /// What is recommended; none when the case was sent back.
    pub recommendation: Option<Recommendation>,
    /// Coded reason, when sent back or recommending refusal.
    pub reason: Option<String>,
    /// The words.
    pub text: Sealed,
    /// Who.
    pub by: ActorStamp,
    /// When.
    pub at: Instant,
}

/// A special procedure that was asked for (特别程序).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialProcedure {
    /// Coded kind, such as `expert-review`.
    pub reason: String,
    /// Name on that day.
    pub name: String,
    /// Legal basis.
    pub basis: String,
    /// Planned length in working days.
    pub planned_days: u16,
    /// Why.
    pub text: Sealed,
    /// Who asked.
    pub asked_by: ActorStamp,
    /// When.
    pub asked_at: Instant,
    /// Approved, rejected, or still open.
    pub answer: Option<SpecialAnswer>,
}

/// What became of a special procedure that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpecialAnswer {
    /// Approved: the clock is paused from this day.
    Approved {
        /// When.
        at: Instant,
        /// Planned end.
        planned_end: Day,
        /// The end, when it came.
        ended: Option<Instant>,
    },
    /// Not approved.
    Rejected {
        /// When.
        at: Instant,
    },
}

/// A paper still owed after acceptance or decision (容缺).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedPaper {
    /// What and until when.
    pub owed: Owed,
    /// Handed in, not yet confirmed.
    pub provided: Option<FileReference>,
    /// Found good by the department.
    pub confirmed: Option<Instant>,
    /// Sent back: the coded reason and the words, until it is handed in again.
    pub returned: Option<(String, Option<Sealed>)>,
}

/// A paper that the department put on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledPaper {
    /// What it is.
    pub title: Sealed,
    /// The file.
    pub file: FileReference,
    /// Who.
    pub by: ActorStamp,
    /// When.
    pub at: Instant,
}

/// A case, folded from its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What it is.
    pub opened: Opened,
    /// The joint application it belongs to.
    pub application: ApplicationId,
    /// The department that handles it now.
    pub department: DepartmentId,
    /// Stage 1–4.
    pub stage: u8,
    /// Region of the site.
    pub region: u32,
    /// When it was received.
    pub received_at: Instant,
    /// Where it stands; derived, never set.
    pub standing: Standing,
    /// All national states entered, those that lasted no time included.
    pub history: Vec<Step>,
    /// The clock, from acceptance on.
    pub ledger: Option<Ledger>,
    /// The officer who took it up (承办人).
    pub officer: Option<AccountId>,
    /// Everybody of the department who had a hand in it; such a person does not chair its hearing.
    pub handlers: Vec<AccountId>,
    /// Opinions in order.
    pub opinions: Vec<Opinion>,
    /// Special procedures in order.
    pub specials: Vec<SpecialProcedure>,
    /// Papers owed.
    pub owed: Vec<OwedPaper>,
    /// The decision.
    pub decision: Option<Decided>,
    /// When the result was served on the owner (送达).
    pub served: Option<Instant>,
    /// When its result was struck off (注销).
    pub cancelled: Option<Day>,
    /// The term of the result, if it has one.
    pub validity: Option<Validity>,
    /// The pack in force at acceptance, whose limits are pinned.
    pub accepted_under: Option<PackDigest>,
    /// A hearing, once its right was told.
    pub hearing: Option<Hearing>,
    /// What a check after a decision on commitment found; none before the first.
    pub commitment: Option<Commitment>,
    /// Coded reason of an end without decision.
    pub ended_for: Option<String>,
    /// The words that go with it.
    pub ended_text: Option<Sealed>,
    /// Papers that its department put on file, in order (部门材料).
    pub filed: Vec<FiledPaper>,
    /// What other departments were asked, in order (征求意见).
    pub consultations: Vec<Consultation>,
    /// On which days it was urged, and by whom (催办).
    pub urged: Vec<(Day, ActorStamp)>,
    /// How the acts of departments came in.
    pub ways_in: WaysIn,
    /// The words of all its facts, in order.
    pub words: Vec<Sealed>,
    /// Version of the stream after the last fact about this case that somebody who works on it
    /// must have seen. A clock that starts or settles takes nobody's opinion away.
    pub changed: u64,
}

/// What became of a promise on which a case was decided (告知承诺).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commitment {
    /// It is as promised.
    Kept,
    /// It is not, and has to be put right by this day.
    ToMend(Day),
}

/// A decision with who and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What was decided.
    pub decision: Decision,
    /// Who.
    pub by: ActorStamp,
    /// When.
    pub at: Instant,
}

impl Case {
    /// A case as it is when its application arrives.
    #[must_use]
    pub fn open(
        opened: Opened,
        application: ApplicationId,
        stage: u8,
        region: u32,
        envelope: &Envelope,
    ) -> Self {
        let received = Step {
            state: NationalState::Received,
            at: envelope.recorded_at,
            by: envelope.actor.clone(),
        };
        Self {
            department: opened.department,
            opened,
            application,
            stage,
            region,
            received_at: envelope.recorded_at,
            standing: Standing::Received,
            history: vec![received],
            ledger: None,
            officer: None,
            handlers: Vec::new(),
            opinions: Vec::new(),
            specials: Vec::new(),
            owed: Vec::new(),
            decision: None,
            served: None,
            cancelled: None,
            validity: None,
            accepted_under: None,
            hearing: None,
            commitment: None,
            ended_for: None,
            ended_text: None,
            filed: Vec::new(),
            consultations: Vec::new(),
            urged: Vec::new(),
            ways_in: WaysIn::default(),
            words: Vec::new(),
            changed: envelope.version,
        }
    }

    /// The national state (办理状态) it is in.
    #[must_use]
    pub fn state(&self) -> NationalState {
        self.history.last().map_or(NationalState::Received, |step| step.state)
    }

    /// How many papers are still to be brought and confirmed (容缺).
    #[must_use]
    pub fn owed_count(&self) -> u32 {
        self.owed.iter().filter(|owed| owed.confirmed.is_none()).count() as u32
    }

    /// Whether nothing has ended it yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.standing.is_open()
    }

    /// Whether it was decided in the owner's favour and still stands.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        matches!(self.standing, Standing::Passed | Standing::PassedWithGap)
    }

    /// Whether it holds now: granted, and not to be looked at again first.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.has_passed() && !self.validity.as_ref().is_some_and(|validity| validity.recheck)
    }

    /// Whether its officer decides it alone: filings on the spot and commitments.
    #[must_use]
    pub fn is_decided_alone(&self) -> bool {
        self.opened.at_once || self.opened.committed
    }

    /// The special procedure that waits for approval.
    #[must_use]
    pub fn asked_special(&self) -> Option<&SpecialProcedure> {
        self.specials.last().filter(|special| special.answer.is_none())
    }

    /// Who gave the last opinion for this hand.
    #[must_use]
    pub fn last_opinion(&self, hand: Hand) -> Option<&Opinion> {
        self.opinions.iter().rev().find(|opinion| opinion.hand == hand)
    }
}
