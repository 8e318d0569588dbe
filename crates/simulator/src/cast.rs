//! Drawing the fates: how long a department takes, and what goes wrong.

use tongban_domain::{
    case::{Case, Hand, Standing},
    ids::ApplicationId,
    limit::PinnedLimit,
    reason::ReasonKind,
};

use crate::{
    fate::{Fate, SpecialPlan},
    hours::DAY_MINUTES,
    life::Part,
    queue::Event,
    showcase,
    window::is_second_try,
    world::World,
};

/// Working days that a refusal of an item costs a stage in which others wait for it.
const REPEATED_WITH_OTHERS_WAITING: u32 = 26;

impl World {
    /// The departments start on the accepted cases of an application.
    pub(crate) fn start_cases(&mut self, who: usize, id: ApplicationId) {
        let Some((application, project)) = self.application(who, id) else { return };
        for case in project.cases_of(&application) {
            let id = case.opened.case;
            let known = self.lives[who].fates.contains_key(&id);
            if case.standing != Standing::WithOfficer || known {
                continue;
            }
            let fate = self.cast(who, case);
            if !case.owed.is_empty() && !fate.forgets {
                let days = self.dice.between(2, 8);
                let day = self.working_day_in(days);
                self.plan_owner(day.since(self.now.day()), who, Event::Provide(id));
            }
            if let Some(minutes) = fate.withdrawn_after {
                self.plan_after(minutes, who, Event::Withdraw(id));
            }
            if is_alone(case) {
                self.plan_today(fate.spans[0], who, Event::Turn(id));
            } else {
                self.plan_after(fate.spans[0], who, Event::Turn(id));
            }
            self.lives[who].fates.insert(id, fate);
        }
    }

    fn cast(&mut self, who: usize, case: &Case) -> Fate {
        let mut fate = Fate { officer: self.dice.below(2) as usize, ..Fate::default() };
        match self.lives[who].part {
            Part::Crossroads if case.stage == 3 && !self.is_repeated(who, case) => {
                showcase::decide_fate(&mut fate, case);
            }
            Part::Ordinary => {
                let minutes = self.minutes(who, case, &mut fate);
                fate.spans = spans(minutes);
                if !self.is_repeated(who, case) {
                    self.misfortunes(who, case, &mut fate);
                }
            }
            Part::Story
            | Part::Crossroads
            | Part::AwaitsCorrection
            | Part::HasCorrected
            | Part::JustArrived => {
                let minutes = self.minutes(who, case, &mut fate);
                fate.spans = spans(minutes);
            }
        }
        fate
    }

    /// Working minutes from acceptance to decision: a part of the promised days, except for
    /// the few that are late or extended.
    fn minutes(&mut self, who: usize, case: &Case, fate: &mut Fate) -> u32 {
        if is_alone(case) {
            return self.dice.between(10, 50);
        }
        let Some(ledger) = &case.ledger else { return DAY_MINUTES };
        let days = match ledger.promised {
            PinnedLimit::WorkingDays(days, _) => u32::from(days),
            PinnedLimit::CalendarDays(days, _) => u32::from(days) * 5 / 7,
            PinnedLimit::AtOnce => 1,
            PinnedLimit::None if case.opened.side => self.dice.between(6, 16),
            PinnedLimit::None => self.dice.between(2, 5),
        };
        let usual = days * DAY_MINUTES / 100 * self.dice.between(30, 85);
        if self.lives[who].part.is_calm() || ledger.promised == PinnedLimit::None {
            return usual;
        }
        let charged = if case.opened.side { 0 } else { 4 };
        let extension = u32::from(ledger.statutory.extension()).min(6);
        if extension > 1 && days >= 3 && self.trouble(who, 22, charged) {
            fate.extends = true;
            return days * DAY_MINUTES + extension / 2 * DAY_MINUTES;
        }
        if self.trouble(who, 30, charged) {
            return days * DAY_MINUTES + self.dice.between(DAY_MINUTES, 3 * DAY_MINUTES);
        }
        usual
    }

    fn misfortunes(&mut self, who: usize, case: &Case, fate: &mut Fate) {
        let repeating = self.cost_of_repeating(who, case);
        let leaf = self.is_leaf(who, &case.opened.item);
        fate.forgets = leaf && self.dice.chance(60);
        if self.trouble(who, 20, repeating) {
            fate.refuses = true;
        } else if leaf && self.trouble(who, 10, repeating) {
            fate.withdrawn_after = Some(fate.spans.iter().sum::<u32>() / 2);
        } else if leaf && self.trouble(who, 15, repeating) {
            fate.revoked_after = Some(self.dice.days(15, 60));
        }
        if is_alone(case) {
            return;
        }
        if self.dice.chance(80) {
            fate.special = self.special(who, case);
        }
        if self.dice.chance(30) {
            let by_reviewer = self.dice.chance(700);
            fate.sent_back_by = Some(if by_reviewer { Hand::Reviewer } else { Hand::Approver });
        }
    }

    fn special(&mut self, who: usize, case: &Case) -> Option<SpecialPlan> {
        let reason = self.reason(ReasonKind::SpecialProcedure);
        let usual = self.catalog.reason(&reason).and_then(|reason| reason.planned_days);
        let days = usual.unwrap_or(7).clamp(3, 15);
        let cost = if case.opened.side { 0 } else { u32::from(days) + 2 };
        self.afford(who, cost).then(|| SpecialPlan {
            reason,
            days,
            rejected: self.dice.chance(100),
            by_itself: self.dice.chance(500),
        })
    }

    /// Working days that applying again for the item of a case costs.
    pub(crate) fn cost_of_repeating(&self, who: usize, case: &Case) -> u32 {
        if case.opened.side {
            0
        } else if self.is_leaf(who, &case.opened.item) {
            12
        } else {
            REPEATED_WITH_OTHERS_WAITING
        }
    }

    /// Whether the item of a case was applied for before: nothing goes wrong twice.
    pub(crate) fn is_repeated(&self, who: usize, case: &Case) -> bool {
        let project = self.lives[who].project.as_ref();
        project.is_some_and(|project| is_second_try(project, case))
    }

    /// Whether trouble strikes that happens so often in a thousand and costs so many days.
    pub(crate) fn trouble(&mut self, who: usize, per_mille: u32, cost: u32) -> bool {
        self.dice.chance(per_mille) && self.afford(who, cost)
    }

    /// Takes working days from the slack of a project, if it has them.
    pub(crate) fn afford(&mut self, who: usize, cost: u32) -> bool {
        let life = &mut self.lives[who];
        let left = life.slack.checked_sub(cost);
        life.slack = left.unwrap_or(life.slack);
        left.is_some()
    }
}

/// Whether the officer decides alone: at once, or on a commitment.
pub(crate) fn is_alone(case: &Case) -> bool {
    case.opened.at_once || case.opened.committed
}

fn spans(minutes: u32) -> [u32; 4] {
    [minutes * 15 / 100, minutes * 45 / 100, minutes * 20 / 100, minutes * 20 / 100]
}
