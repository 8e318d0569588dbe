//! A case in its department: whoever has it does the next thing.

use std::sync::Arc;

use tongban_domain::{
    acts::{CaseAct, Verdict},
    case::{Case, Hand, Recommendation, Standing},
    ids::CaseId,
    permission::Actor,
    reason::ReasonKind,
};
use tongban_store::ActOptions;

use crate::{
    cast::is_alone,
    city::Staff,
    error::SimulationError,
    fate::Fate,
    queue::Event,
    world::{World, carrying},
};

/// Working days until the papers of a pass with gap have to be there.
const GAP_DAYS: u32 = 10;

/// A case with its fate and the people who have it.
#[derive(Clone, Copy)]
pub(crate) struct Turn<'a> {
    /// Place of the project among the lives.
    pub(crate) who: usize,
    /// The case as it stands.
    pub(crate) case: &'a Case,
    /// What is going to become of it.
    pub(crate) fate: &'a Fate,
    /// Its department.
    pub(crate) staff: &'a Staff,
}

impl Turn<'_> {
    /// The officer who has it.
    pub(crate) fn officer(&self) -> &Actor {
        &self.staff.officers[self.fate.officer]
    }

    fn was_sent_back(&self) -> bool {
        self.case.opinions.iter().any(|opinion| opinion.recommendation.is_none())
    }

    /// What is recommended: papers that have not come yet make it a pass with gap.
    fn recommendation(&self) -> Recommendation {
        if self.fate.refuses {
            Recommendation::Refuse
        } else if owes(self.case) {
            Recommendation::PassWithGap
        } else {
            Recommendation::Pass
        }
    }
}

impl World {
    /// The next thing in a case, by where it stands.
    pub(crate) fn turn(&mut self, who: usize, id: CaseId) -> Result<(), SimulationError> {
        let Some(case) = self.case(who, id) else { return Ok(()) };
        let Some(fate) = self.lives[who].fates.get(&id).cloned() else { return Ok(()) };
        if fate.stops_at == Some(case.standing) {
            return Ok(());
        }
        let city = Arc::clone(&self.city);
        let Some(staff) = city.staff(case.department) else { return Ok(()) };
        let turn = Turn { who, case: &case, fate: &fate, staff };
        match case.standing {
            Standing::WithOfficer => self.officer_turn(turn),
            Standing::WithReviewer => self.reviewer_turn(turn),
            Standing::WithApprover => self.approver_turn(turn),
            Standing::Paused => self.end_special(turn),
            Standing::Received
            | Standing::NeedsCorrection
            | Standing::Corrected
            | Standing::Passed
            | Standing::PassedWithGap
            | Standing::Refused
            | Standing::NotRequired
            | Standing::AcceptanceRefused
            | Standing::Withdrawn
            | Standing::Revoked
            | Standing::Lapsed => Ok(()),
        }
    }

    fn officer_turn(&mut self, turn: Turn<'_>) -> Result<(), SimulationError> {
        let Turn { who, case, fate, .. } = turn;
        let id = case.opened.case;
        if case.asked_special().is_some() {
            return self.answer_special(turn);
        }
        if let Some(special) = &fate.special
            && case.specials.is_empty()
        {
            return self.ask_special(turn, special);
        }
        if fate.extends {
            self.extend(turn)?;
        }
        if is_alone(case) {
            return self.decide(turn, turn.officer());
        }
        if case.officer.is_none() {
            let act = CaseAct::ClaimCase.on(id);
            if self.attempt(who, turn.officer(), &act, ActOptions::default())?.is_some() {
                self.plan_after(fate.spans[1], who, Event::Turn(id));
            }
            return Ok(());
        }
        let recommendation = turn.recommendation();
        let reason = self.refusal(fate);
        let (text, value) = self.store.seal(words(recommendation));
        let act = CaseAct::GiveOpinion { recommendation, reason, text }.on(id);
        if self.attempt(who, turn.officer(), &act, carrying(value))?.is_some() {
            self.plan_after(fate.spans[2], who, Event::Turn(id));
        }
        Ok(())
    }

    fn reviewer_turn(&mut self, turn: Turn<'_>) -> Result<(), SimulationError> {
        let Turn { who, case, fate, staff } = turn;
        let id = case.opened.case;
        if fate.sent_back_by == Some(Hand::Reviewer) && !turn.was_sent_back() {
            return self.send_back(turn, &staff.reviewer);
        }
        let recommendation = turn.recommendation();
        let reason = self.refusal(fate);
        let (text, value) = self.store.seal("同意承办意见。");
        let act = CaseAct::ReviewCase { recommendation, reason, text }.on(id);
        if self.attempt(who, &staff.reviewer, &act, carrying(value))?.is_some() {
            self.plan_after(fate.spans[3], who, Event::Turn(id));
            // An owner who is waiting for nothing but the signature applies for the next.
            if self.lives[who].eager {
                self.look_ahead(who);
            }
        }
        Ok(())
    }

    fn approver_turn(&mut self, turn: Turn<'_>) -> Result<(), SimulationError> {
        if turn.fate.sent_back_by == Some(Hand::Approver) && !turn.was_sent_back() {
            return self.send_back(turn, &turn.staff.approver);
        }
        self.decide(turn, &turn.staff.approver)
    }

    fn send_back(&mut self, turn: Turn<'_>, actor: &Actor) -> Result<(), SimulationError> {
        let id = turn.case.opened.case;
        let reason = self.reason(ReasonKind::Return);
        let (text, value) = self.store.seal("请补充审查依据后重新提出意见。");
        let act = CaseAct::SendBack { reason, text }.on(id);
        if self.attempt(turn.who, actor, &act, carrying(value))?.is_some() {
            let minutes = self.dice.between(60, 300);
            self.plan_after(minutes, turn.who, Event::Turn(id));
        }
        Ok(())
    }

    /// Decides, or notes that the case waits for a predecessor. Papers that lie there are
    /// looked at first.
    fn decide(&mut self, turn: Turn<'_>, actor: &Actor) -> Result<(), SimulationError> {
        let Turn { who, fate, .. } = turn;
        let id = turn.case.opened.case;
        let missing = self.lives[who]
            .project
            .as_ref()
            .is_some_and(|project| project.missing_predecessors(turn.case).next().is_some());
        if missing && !fate.refuses {
            self.change_fate(who, id, |fate| fate.waiting = true);
            return Ok(());
        }
        self.confirm(who, id)?;
        let owes = self.case(who, id).is_some_and(|case| owes(&case));
        let verdict = match (self.refusal(fate), owes) {
            (Some(reason), _) => Verdict::Refuse { reason },
            (None, true) => {
                let until = self.working_day_in(GAP_DAYS);
                Verdict::PassWithGap { papers: Vec::new(), until }
            }
            (None, false) => Verdict::Pass,
        };
        let (text, value) = self.store.seal(if fate.refuses {
            "经审查，不符合法定条件，决定不予许可。"
        } else {
            "经审查，符合法定条件，准予许可。"
        });
        let act = CaseAct::DecideCase { verdict, text }.on(id);
        if self.attempt(who, actor, &act, carrying(value))?.is_some() {
            self.decided(turn);
        }
        Ok(())
    }

    fn decided(&mut self, turn: Turn<'_>) {
        let Turn { who, case, fate, .. } = turn;
        if fate.refuses {
            self.try_again(who, case.stage, vec![case.opened.item.clone()], 3, 8);
        }
        if let Some(days) = fate.revoked_after {
            let day = self.now.day().plus(days);
            self.plan_staff(day, who, Event::Revoke(case.opened.case));
        }
        self.look_ahead(who);
    }

    /// The coded reason of a refusal, where there is one.
    fn refusal(&mut self, fate: &Fate) -> Option<String> {
        fate.refuses.then(|| self.reason(ReasonKind::Refusal))
    }
}

/// Whether papers are owed that nobody has found good yet.
fn owes(case: &Case) -> bool {
    case.owed.iter().any(|owed| owed.confirmed.is_none())
}

fn words(recommendation: Recommendation) -> &'static str {
    match recommendation {
        Recommendation::Pass => "申请材料齐全，符合法定条件、标准，建议同意。",
        Recommendation::PassWithGap => "主件齐全，符合法定条件，所缺材料按承诺补交，建议容缺同意。",
        Recommendation::Refuse => "经核对，不符合法定条件、标准，建议不予许可。",
    }
}
