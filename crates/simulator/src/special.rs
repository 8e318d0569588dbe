//! Special procedures (特别程序) and extensions (延期).

use tongban_domain::{acts::CaseAct, permission::Actor, reason::ReasonKind};
use tongban_store::ActOptions;

use crate::{
    case_turn::Turn,
    error::SimulationError,
    fate::SpecialPlan,
    queue::Event,
    world::{World, carrying},
};

impl World {
    /// The officer asks for it.
    pub(crate) fn ask_special(
        &mut self,
        turn: Turn<'_>,
        special: &SpecialPlan,
    ) -> Result<(), SimulationError> {
        let id = turn.case.opened.case;
        let (text, value) = self.store.seal("需要按照规定组织，所需时间依法不计入办理期限。");
        let act = CaseAct::AskSpecialProcedure {
            reason: special.reason.clone(),
            planned_days: Some(special.days),
            text,
        }
        .on(id);
        if self.attempt(turn.who, turn.officer(), &act, carrying(value))?.is_some() {
            let minutes = self.dice.between(60, 300);
            self.plan_after(minutes, turn.who, Event::Turn(id));
        }
        Ok(())
    }

    /// The approver agrees, which pauses the clock, or does not.
    pub(crate) fn answer_special(&mut self, turn: Turn<'_>) -> Result<(), SimulationError> {
        let id = turn.case.opened.case;
        let approver: &Actor = &turn.staff.approver;
        let Some(special) = &turn.fate.special else { return Ok(()) };
        if special.rejected {
            let act = CaseAct::RejectSpecialProcedure.on(id);
            if self.attempt(turn.who, approver, &act, ActOptions::default())?.is_some() {
                self.plan_after(60, turn.who, Event::Turn(id));
            }
            return Ok(());
        }
        let act = CaseAct::ApproveSpecialProcedure.on(id);
        let done = self.attempt(turn.who, approver, &act, ActOptions::default())?;
        // Otherwise its planned end resumes the clock, by the timer.
        if done.is_some() && !special.by_itself {
            let day = self.working_day_in(u32::from(special.days) * 3 / 5);
            self.plan_staff(day, turn.who, Event::Turn(id));
        }
        Ok(())
    }

    /// The officer ends it before its planned end.
    pub(crate) fn end_special(&mut self, turn: Turn<'_>) -> Result<(), SimulationError> {
        let id = turn.case.opened.case;
        let act = CaseAct::EndSpecialProcedure.on(id);
        if self.attempt(turn.who, turn.officer(), &act, ActOptions::default())?.is_some() {
            let minutes = self.dice.between(60, 300);
            self.plan_after(minutes, turn.who, Event::Turn(id));
        }
        Ok(())
    }

    /// The approver extends the limit, once.
    pub(crate) fn extend(&mut self, turn: Turn<'_>) -> Result<(), SimulationError> {
        let id = turn.case.opened.case;
        self.change_fate(turn.who, id, |fate| fate.extends = false);
        let allowed = turn.case.ledger.as_ref().map_or(0, |ledger| ledger.statutory.extension());
        let reason = self.reason(ReasonKind::Extension);
        let act = CaseAct::ExtendLimit { days: allowed.min(6), reason }.on(id);
        self.attempt(turn.who, &turn.staff.approver, &act, ActOptions::default())?;
        Ok(())
    }
}
