//! A case (办件): one application for one item, with its state, its hands and its clock.

mod act;
mod decide;
mod facts;
pub(crate) mod hearing;
mod service;
mod state;
pub(crate) mod validity;

pub use act::{CaseAct, Verdict};
pub(crate) use decide::{accept, decide, withdraw};
pub use facts::{CaseFact, Decision, Hand, Outcome, Owed, Predecessor, Recommendation};
pub use hearing::{Hearing, HearingNotice, HearingStage};
pub use state::{NationalState, Standing};
pub use validity::Validity;

use crate::{
    catalog::PackDigest,
    clock::{Extension, Ledger, Pause},
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
            opinions: Vec::new(),
            specials: Vec::new(),
            owed: Vec::new(),
            decision: None,
            served: None,
            validity: None,
            accepted_under: None,
            hearing: None,
            commitment: None,
            ended_for: None,
            ended_text: None,
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

    /// Takes one fact in. Total: a fact that does not fit changes nothing but what it says.
    pub fn evolve(&mut self, envelope: &Envelope, fact: &CaseFact) {
        let at = envelope.recorded_at;
        let by = || envelope.actor.clone();
        self.words.extend(fact.words().cloned());
        if !fact.moves_only_the_clock() {
            self.changed = envelope.version;
        }
        match fact {
            CaseFact::CorrectionAsked => self.enter(NationalState::CorrectionStarted, envelope),
            CaseFact::CorrectionAnswered => self.enter(NationalState::CorrectionEnded, envelope),
            CaseFact::Accepted { on, starts, statutory, promised, owed, deemed: _ } => {
                self.ledger = Some(Ledger {
                    accepted: *on,
                    started: *starts,
                    pauses: Vec::new(),
                    extensions: Vec::new(),
                    stopped: None,
                    statutory: *statutory,
                    promised: *promised,
                    calendar: envelope.calendar,
                });
                self.accepted_under = Some(envelope.catalog);
                self.owe(owed);
                self.enter(NationalState::Accepted, envelope);
            }
            CaseFact::NotRequired { reason, text } => {
                self.end(NationalState::NotRequired, envelope, Some(reason), text.as_ref());
            }
            CaseFact::AcceptanceRefused { reason, text } => {
                self.end(NationalState::AcceptanceRefused, envelope, Some(reason), text.as_ref());
            }
            CaseFact::DepartmentStarted => self.enter(NationalState::DepartmentStarted, envelope),
            CaseFact::NodeClockStarted { on } => {
                if let Some(ledger) = &mut self.ledger {
                    ledger.started.get_or_insert(*on);
                }
            }
            CaseFact::Claimed { officer } => self.officer = Some(*officer),
            CaseFact::OpinionGiven { hand, recommendation, reason, text } => {
                self.opinions.push(Opinion {
                    hand: *hand,
                    recommendation: Some(*recommendation),
                    reason: reason.clone(),
                    text: text.clone(),
                    by: by(),
                    at,
                });
                self.standing = hand.next();
            }
            CaseFact::SentBack { hand, reason, text } => {
                self.opinions.push(Opinion {
                    hand: *hand,
                    recommendation: None,
                    reason: Some(reason.clone()),
                    text: text.clone(),
                    by: by(),
                    at,
                });
                self.standing = Standing::WithOfficer;
            }
            CaseFact::SpecialAsked { reason, name, basis, planned_days, text } => {
                self.specials.push(SpecialProcedure {
                    reason: reason.clone(),
                    name: name.clone(),
                    basis: basis.clone(),
                    planned_days: *planned_days,
                    text: text.clone(),
                    asked_by: by(),
                    asked_at: at,
                    answer: None,
                });
            }
            CaseFact::SpecialApproved { from, planned_end } => {
                self.pause(*from, *planned_end, envelope);
            }
            CaseFact::SpecialRejected => {
                if let Some(special) = self.specials.last_mut() {
                    special.answer = Some(SpecialAnswer::Rejected { at });
                }
            }
            CaseFact::SpecialEnded { on, by_itself: _ } => self.resume(*on, envelope),
            CaseFact::Extended { days, reason } => {
                if let (Some(ledger), Some(account)) = (&mut self.ledger, envelope.actor.account) {
                    let on = at.day();
                    let reason = reason.clone();
                    ledger.extensions.push(Extension { on, days: *days, reason, by: account });
                }
            }
            CaseFact::Decided(decision) => {
                let state = match decision.outcome {
                    Outcome::Pass => NationalState::Passed,
                    Outcome::PassWithGap { .. } => NationalState::PassedWithGap,
                    Outcome::Refuse { .. } => NationalState::NotPassed,
                };
                if let Outcome::PassWithGap { owed } = &decision.outcome {
                    self.owe(owed);
                }
                self.decision = Some(Decided { decision: decision.clone(), by: by(), at });
                self.end(state, envelope, None, None);
            }
            CaseFact::Served => self.served = Some(at),
            CaseFact::Withdrawn { reason, text } => {
                let before_acceptance = self.ledger.is_none();
                let state = if before_acceptance {
                    NationalState::WithdrawnBeforeAcceptance
                } else {
                    NationalState::Withdrawn
                };
                self.end(state, envelope, Some(reason), text.as_ref());
            }
            CaseFact::Revoked { reason, text } => {
                self.end(NationalState::Revoked, envelope, Some(reason), Some(text));
            }
            CaseFact::OwedProvided { paper, file } => {
                if let Some(owed) = self.owed.iter_mut().find(|owed| owed.owed.paper == *paper) {
                    owed.provided = Some(file.clone());
                    owed.returned = None;
                }
            }
            CaseFact::OwedConfirmed { paper } => {
                if let Some(owed) = self.owed.iter_mut().find(|owed| owed.owed.paper == *paper) {
                    owed.confirmed = Some(at);
                }
            }
            CaseFact::ValidityBegun {
                until,
                effect,
                unless,
                extensions,
                each,
                ask_by,
                deemed,
                basis,
            } => {
                self.validity = Some(Validity {
                    until: *until,
                    effect: *effect,
                    unless: unless.clone(),
                    extensions_left: *extensions,
                    each: *each,
                    ask_by: *ask_by,
                    deemed: *deemed,
                    basis: basis.clone(),
                    asked: None,
                    recheck: false,
                });
            }
            CaseFact::ExtensionAsked { .. } => {
                self.of_validity(|validity| validity.asked = Some(at));
            }
            CaseFact::ValidityExtended { until, ask_by, .. } => self.of_validity(|validity| {
                (validity.until, validity.ask_by) = (*until, *ask_by);
                validity.extensions_left = validity.extensions_left.saturating_sub(1);
                validity.asked = None;
            }),
            CaseFact::ExtensionRefused { .. } => {
                self.of_validity(|validity| validity.asked = None);
            }
            CaseFact::Lapsed { .. } => {
                self.standing = Standing::Lapsed;
                self.of_validity(|validity| validity.recheck = false);
            }
            CaseFact::RecheckDue { .. } => self.of_validity(|validity| validity.recheck = true),
            // Looked at once, it holds without a term.
            CaseFact::Rechecked { .. } => self.validity = None,
            CaseFact::CalendarSettled { .. } => {
                if let Some(ledger) = &mut self.ledger {
                    ledger.calendar = envelope.calendar;
                }
            }
            CaseFact::CommitmentChecked { kept, until, .. } => {
                self.commitment = match (kept, until) {
                    (false, Some(until)) => Some(Commitment::ToMend(*until)),
                    (true, _) | (false, None) => Some(Commitment::Kept),
                };
            }
            CaseFact::Transferred { to, .. } => self.department = *to,
            CaseFact::HearingOffered { ask_by, .. } => {
                let stage = HearingStage::Offered;
                self.hearing = Some(Hearing { ask_by: *ask_by, stage, notice: None });
            }
            CaseFact::HearingAsked { hold_by, .. } => {
                self.of_hearing(|hearing| hearing.stage = HearingStage::Asked(*hold_by));
            }
            CaseFact::HearingWaived => {
                self.of_hearing(|hearing| hearing.stage = HearingStage::Waived);
            }
            CaseFact::HearingNotified { on, place, chair } => {
                let notice = HearingNotice { on: *on, place: place.clone(), chair: *chair };
                self.of_hearing(|hearing| hearing.notice = Some(notice));
            }
            CaseFact::HearingHeld { on, .. } => {
                self.of_hearing(|hearing| hearing.stage = HearingStage::Held(*on));
            }
            CaseFact::OwedReturned { paper, reason, text, until } => {
                if let Some(owed) = self.owed.iter_mut().find(|owed| owed.owed.paper == *paper) {
                    owed.provided = None;
                    owed.owed.until = *until;
                    owed.returned = Some((reason.clone(), text.clone()));
                }
            }
        }
    }

    fn of_validity(&mut self, change: impl FnOnce(&mut Validity)) {
        if let Some(validity) = &mut self.validity {
            change(validity);
        }
    }

    fn of_hearing(&mut self, change: impl FnOnce(&mut Hearing)) {
        if let Some(hearing) = &mut self.hearing {
            change(hearing);
        }
    }

    fn owe(&mut self, owed: &[Owed]) {
        for owed in owed {
            match self.owed.iter_mut().find(|known| known.owed.paper == owed.paper) {
                Some(known) => known.owed.until = owed.until,
                None => {
                    let owed = owed.clone();
                    self.owed.push(OwedPaper {
                        owed,
                        provided: None,
                        confirmed: None,
                        returned: None,
                    });
                }
            }
        }
    }

    fn enter(&mut self, state: NationalState, envelope: &Envelope) {
        self.history.push(Step { state, at: envelope.recorded_at, by: envelope.actor.clone() });
        self.standing = self.standing.after(state);
    }

    fn end(
        &mut self,
        state: NationalState,
        envelope: &Envelope,
        reason: Option<&String>,
        text: Option<&Sealed>,
    ) {
        self.enter(state, envelope);
        if let Some(ledger) = &mut self.ledger {
            ledger.stopped.get_or_insert(envelope.recorded_at.day());
        }
        self.ended_for = reason.cloned().or(self.ended_for.take());
        self.ended_text = text.cloned().or(self.ended_text.take());
    }

    fn pause(&mut self, from: Day, planned_end: Day, envelope: &Envelope) {
        let at = envelope.recorded_at;
        let Some(special) = self.specials.last_mut() else { return };
        special.answer = Some(SpecialAnswer::Approved { at, planned_end, ended: None });
        let (reason, basis) = (special.reason.clone(), special.basis.clone());
        if let (Some(ledger), Some(by)) = (&mut self.ledger, envelope.actor.account) {
            ledger.pauses.push(Pause { from, planned_end, ended: None, reason, basis, by });
        }
        self.enter(NationalState::SpecialStarted, envelope);
    }

    fn resume(&mut self, on: Day, envelope: &Envelope) {
        if let Some(SpecialAnswer::Approved { ended, .. }) =
            self.specials.last_mut().and_then(|special| special.answer.as_mut())
        {
            *ended = Some(envelope.recorded_at);
        }
        if let Some(pause) = self.ledger.as_mut().and_then(|ledger| ledger.pauses.last_mut()) {
            pause.ended.get_or_insert(on);
        }
        self.enter(NationalState::SpecialEnded, envelope);
    }
}
