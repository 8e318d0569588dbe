//! The days: shortly after midnight the law's timers, then whatever is planned.

use std::collections::BTreeSet;

use tongban_domain::{
    acts::ActName,
    case::Standing,
    ids::{ApplicationId, CaseId},
    time::Day,
};
use tongban_store::{ActError, DueTimer, TimerKind};

use crate::{error::SimulationError, queue::Event, world::World};

/// Timers read at a time.
const AT_A_TIME: usize = 256;

impl World {
    /// Waits for everything done so far, because due timers are read from the disk, and fires
    /// what is due.
    pub(crate) fn begin_day(&mut self, day: Day) -> Result<(), SimulationError> {
        self.wait_for_all()?;
        self.set_clock(day.at(0, 5));
        let mut refused: BTreeSet<(TimerKind, [u8; 16])> = BTreeSet::new();
        loop {
            let mut fired = false;
            for timer in self.store.due_timers(AT_A_TIME)? {
                if refused.contains(&(timer.kind, timer.subject)) {
                    continue;
                }
                match self.store.fire(&timer) {
                    Ok(acted) => {
                        fired = true;
                        self.tally.acts += 1;
                        self.tally.timers += 1;
                        self.tally.facts += acted.facts as u64;
                        if let Some(who) = self.places.get(&timer.project).copied() {
                            self.lives[who].project = Some(acted.project);
                            self.after_timer(who, &timer);
                        }
                    }
                    Err(ActError::Refused(refusal)) => {
                        refused.insert((timer.kind, timer.subject));
                        self.tally.refuse(act_of(timer.kind), &refusal);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            if !fired {
                return Ok(());
            }
        }
    }

    fn after_timer(&mut self, who: usize, timer: &DueTimer) {
        match timer.kind {
            TimerKind::DeemAccepted => {
                self.start_cases(who, ApplicationId::from_bytes(timer.subject));
            }
            TimerKind::LapseCorrection => {
                let application = ApplicationId::from_bytes(timer.subject);
                if let Some((stage, items)) = self.contents(who, application) {
                    self.try_again(who, stage, items, 5, 15);
                }
            }
            TimerKind::ResumeClock => {
                let minutes = self.dice.between(60, 300);
                let case = CaseId::from_bytes(timer.subject);
                self.plan_after(minutes, who, Event::Turn(case));
            }
            TimerKind::EndTerm => {
                let lapsed = self
                    .case(who, CaseId::from_bytes(timer.subject))
                    .filter(|case| case.standing == Standing::Lapsed);
                if let Some(case) = lapsed {
                    self.try_again(who, case.stage, vec![case.opened.item.clone()], 5, 15);
                }
            }
            TimerKind::CloseGap | TimerKind::ServeResult | TimerKind::MissDuty => {}
        }
    }

    /// Everything planned for a day, in order of time.
    pub(crate) fn live_through(&mut self, day: Day) -> Result<(), SimulationError> {
        let midnight = day.plus(1).begins();
        while let Some(next) = self.queue.next_before(midnight) {
            self.set_clock(next.at);
            self.happen(next.who, next.event)?;
        }
        Ok(())
    }

    fn happen(&mut self, who: usize, event: Event) -> Result<(), SimulationError> {
        if self.lives[who].given_up {
            return Ok(());
        }
        match event {
            Event::Register => self.register(who),
            Event::Open(stage) => self.open_stage(who, stage),
            Event::Apply { stage, items } => self.hand_in(who, stage, &items),
            Event::Milestone(key) => self.reach(who, key),
            Event::Cancel => self.cancel(who),
            Event::Notice(application) => self.send_notice(who, application),
            Event::Answer(application) => self.answer_notice(who, application),
            Event::Accept(application) => self.accept(who, application),
            Event::WithdrawAll(application) => self.withdraw_all(who, application),
            Event::Turn(case) => self.turn(who, case),
            Event::Withdraw(case) => self.withdraw(who, case),
            Event::Provide(case) => self.provide(who, case),
            Event::Confirm(case) => self.confirm(who, case),
            Event::Revoke(case) => self.revoke(who, case),
            Event::Scene(place) => self.play(who, place),
        }
    }
}

fn act_of(timer: TimerKind) -> ActName {
    match timer {
        TimerKind::DeemAccepted => ActName::DeemAccepted,
        TimerKind::LapseCorrection => ActName::LapseCorrection,
        TimerKind::ResumeClock => ActName::ResumeClock,
        TimerKind::CloseGap => ActName::CloseGap,
        TimerKind::EndTerm => ActName::EndTerm,
        TimerKind::ServeResult => ActName::ServeResult,
        TimerKind::MissDuty => ActName::MissDuty,
    }
}
