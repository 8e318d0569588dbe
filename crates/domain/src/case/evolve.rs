//! How facts change a case. Total: a fact that does not fit changes nothing but what it says.

use super::{
    Case, CaseFact, Commitment, Consultation, ConsultationAnswer, Decided, FiledPaper, Hearing,
    HearingNotice, HearingStage, NationalState, Opinion, Outcome, Owed, OwedPaper, SpecialAnswer,
    SpecialProcedure, Standing, Step, Validity,
};
use crate::{
    clock::{Extension, Ledger, Pause},
    fact::Envelope,
    sealed::Sealed,
    time::Day,
};

impl Case {
    /// Takes one fact in. Total: a fact that does not fit changes nothing but what it says.
    pub fn evolve(&mut self, envelope: &Envelope, fact: &CaseFact) {
        let at = envelope.recorded_at;
        let by = || envelope.actor.clone();
        self.words.extend(fact.words().cloned());
        if !fact.leaves_the_case() {
            self.changed = envelope.version;
        }
        if !fact.follows() {
            let answer_of =
                if let CaseFact::ConsultationAnswered { of, .. } = fact { Some(*of) } else { None };
            self.ways_in.take(envelope, answer_of);
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
            CaseFact::Claimed { officer } => {
                self.officer = Some(*officer);
                self.handlers.push(*officer);
            }
            CaseFact::OpinionGiven { hand, recommendation, reason, text } => {
                self.handlers.extend(envelope.actor.account);
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
                self.handlers.extend(envelope.actor.account);
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
            CaseFact::PaperFiled { title, file } => {
                let (title, file) = (title.clone(), file.clone());
                self.filed.push(FiledPaper { title, file, by: by(), at });
            }
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
            CaseFact::Cancelled { reason, .. } => {
                self.standing = Standing::Lapsed;
                self.ended_for = Some(reason.clone());
                self.cancelled = Some(at.day());
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
            CaseFact::HearingOffered { ask_by, others, .. } => {
                self.hearing = Some(Hearing {
                    ask_by: *ask_by,
                    others: *others,
                    stage: HearingStage::Offered,
                    asked_by_owner: false,
                    notices: Vec::new(),
                });
            }
            CaseFact::HearingAsked { hold_by, .. } => {
                let by_owner = envelope.actor.role.is_outside();
                self.of_hearing(|hearing| {
                    hearing.stage = HearingStage::Asked(*hold_by);
                    hearing.asked_by_owner = by_owner;
                });
            }
            CaseFact::HearingWaived => {
                self.of_hearing(|hearing| hearing.stage = HearingStage::Waived);
            }
            CaseFact::HearingNotified { on, place, chair } => {
                let notice = HearingNotice { on: *on, place: place.clone(), chair: *chair };
                self.of_hearing(|hearing| hearing.notices.push(notice));
            }
            CaseFact::HearingHeld { on, .. } => {
                self.of_hearing(|hearing| hearing.stage = HearingStage::Held(*on));
            }
            CaseFact::DepartmentConsulted { of, until, text } => {
                self.consultations.push(Consultation {
                    of: *of,
                    until: *until,
                    text: text.clone(),
                    asked_by: by(),
                    asked_at: at,
                    answer: None,
                });
            }
            CaseFact::ConsultationAnswered { of, stance, text } => {
                let open = |asked: &&mut Consultation| asked.of == *of && asked.answer.is_none();
                if let Some(asked) = self.consultations.iter_mut().find(open) {
                    let (stance, text) = (*stance, text.clone());
                    asked.answer = Some(ConsultationAnswer { stance, text, by: by(), at });
                }
            }
            CaseFact::Urged { .. } => self.urged.push((at.day(), by())),
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
