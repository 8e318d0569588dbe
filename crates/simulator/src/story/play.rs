//! Playing the script with the real acts.

use std::sync::Arc;

use tongban_domain::{
    acts::{Act, ApplicationAct, CaseAct, ProjectAct, Verdict},
    application::{Application, Demand, Target},
    case::{Case, Recommendation},
    paper::Provenance,
    permission::Actor,
    time::{Day, Instant},
};
use tongban_store::ActOptions;

use super::{
    plan,
    script::{SCRIPT, Scene},
};
use crate::{
    city::Staff,
    error::SimulationError,
    hours::working_days_before,
    life::Phase,
    milestone::LAND_CONTRACT,
    queue::Event,
    world::{World, carrying},
};

impl World {
    /// Enters the scenes; `start` is the day of the first application.
    pub(crate) fn enter_scenes(&mut self, who: usize, start: Day) {
        for (place, (working_day, hour, minute, _)) in SCRIPT.iter().enumerate() {
            let calendar = &self.catalog.calendar;
            let day = match u32::try_from(*working_day) {
                Ok(after) => calendar.nth_working_day_after(start, after),
                Err(_) => working_days_before(calendar, start, working_day.unsigned_abs()),
            };
            let at: Instant = day.at(*hour, *minute);
            self.plan(at, who, Event::Scene(place));
        }
    }

    /// Plays a scene.
    pub(crate) fn play(&mut self, who: usize, place: usize) -> Result<(), SimulationError> {
        let Some((_, _, _, scene)) = SCRIPT.get(place) else { return Ok(()) };
        match *scene {
            Scene::Register => self.register(who),
            Scene::AgreePlan => self.agree_plan(who),
            Scene::MarkKey => {
                let supervisor = self.city.supervisor.clone();
                self.attempt(
                    who,
                    &supervisor,
                    &Act::Project(ProjectAct::MarkKeyProject),
                    ActOptions::default(),
                )?;
                Ok(())
            }
            Scene::LandContract => self.reach(who, LAND_CONTRACT),
            Scene::Apply(stage) => {
                self.answer(who, stage);
                let mut items = self.items(who, stage, false);
                items.extend(self.items(who, stage, true));
                self.apply(who, stage, &items)?;
                Ok(())
            }
            Scene::Notice(stage) => self.notify(who, stage),
            Scene::Correct(stage) => match self.application_of(who, stage) {
                Some(application) => self.answer_notice(who, application.id),
                None => Ok(()),
            },
            Scene::Accept(stage) => self.accept_all(who, stage),
            Scene::Alone(item) => self.sign(who, item, |staff| &staff.officers[0]),
            Scene::Approve(item) => self.sign(who, item, |staff| &staff.approver),
            Scene::Opinion(item) => self.recommend(who, item, false),
            Scene::Review(item) => self.recommend(who, item, true),
            Scene::AskExperts(item) => self.ask_experts(who, item),
            Scene::CallExperts(item) => self.with_case(who, item, |case, staff| {
                let act = CaseAct::ApproveSpecialProcedure.on(case.opened.case);
                (staff.approver.clone(), act)
            }),
            Scene::EndExperts(item) => self.with_case(who, item, |case, staff| {
                let act = CaseAct::EndSpecialProcedure.on(case.opened.case);
                (staff.officers[0].clone(), act)
            }),
            Scene::HandOver => {
                self.hand_over(who);
                Ok(())
            }
        }
    }

    fn agree_plan(&mut self, who: usize) -> Result<(), SimulationError> {
        let first = SCRIPT.iter().position(|(_, _, _, scene)| *scene == Scene::Apply(1));
        let agreed = SCRIPT.iter().position(|(_, _, _, scene)| *scene == Scene::AgreePlan);
        // Both stand in the script; the days between them are working days of the calendar.
        let days =
            first.zip(agreed).map_or(0, |(first, agreed)| SCRIPT[first].0 - SCRIPT[agreed].0);
        let start = self.working_day_in(days.unsigned_abs());
        let act = Act::Project(ProjectAct::AgreePlan { milestones: plan(start) });
        let owner = self.owner(who)?;
        self.attempt(who, &owner, &act, ActOptions::default())?;
        Ok(())
    }

    /// The notice: one paper without its seal, one value that contradicts another.
    fn notify(&mut self, who: usize, stage: u8) -> Result<(), SimulationError> {
        let Some(application) = self.application_of(who, stage) else { return Ok(()) };
        let paper = application
            .slots
            .iter()
            .find(|slot| matches!(slot.current(), Some(Provenance::Uploaded(_))))
            .map(|slot| {
                let paper = Target::Paper(slot.slot.paper.clone());
                (paper, "paper-unsigned", "缺少注册师签章。")
            });
        let field =
            application.fields.keys().find(|key| key.as_str() == "floor-area-above").map(|key| {
                let field = Target::Field(key.clone());
                (field, "field-inconsistent", "与总平面图不一致。")
            });
        let mut options = ActOptions::default();
        let mut demands = Vec::new();
        for (target, reason, words) in paper.into_iter().chain(field) {
            let (note, value) = self.store.seal(words);
            options.sealed.push(value);
            demands.push(Demand { target, reason: reason.to_owned(), note: Some(note) });
        }
        let act = ApplicationAct::RequestCorrection { demands }.on(application.id);
        let clerk = self.clerk(who);
        self.attempt(who, &clerk, &act, options)?;
        Ok(())
    }

    fn accept_all(&mut self, who: usize, stage: u8) -> Result<(), SimulationError> {
        let Some(application) = self.application_of(who, stage) else { return Ok(()) };
        let act = ApplicationAct::AcceptApplication { cases: Vec::new() }.on(application.id);
        let clerk = self.clerk(who);
        self.attempt(who, &clerk, &act, ActOptions::default())?;
        Ok(())
    }

    fn recommend(&mut self, who: usize, item: &str, review: bool) -> Result<(), SimulationError> {
        let Some((case, staff)) = self.case_of(who, item) else { return Ok(()) };
        let (case, recommendation, reason) = (case.opened.case, Recommendation::Pass, None);
        let words = if review {
            "同意承办意见。"
        } else {
            "符合法定条件、标准，建议同意。"
        };
        let (text, value) = self.store.seal(words);
        let (actor, act) = if review {
            (&staff.reviewer, CaseAct::ReviewCase { recommendation, reason, text }.on(case))
        } else {
            (&staff.officers[0], CaseAct::GiveOpinion { recommendation, reason, text }.on(case))
        };
        self.attempt(who, actor, &act, carrying(value))?;
        Ok(())
    }

    fn sign(
        &mut self,
        who: usize,
        item: &str,
        by: impl FnOnce(&Staff) -> &Actor,
    ) -> Result<(), SimulationError> {
        let Some((case, staff)) = self.case_of(who, item) else { return Ok(()) };
        let (text, value) = self.store.seal("经审查，符合法定条件，准予许可。");
        let act = CaseAct::DecideCase { verdict: Verdict::Pass, text }.on(case.opened.case);
        self.attempt(who, by(&staff), &act, carrying(value))?;
        Ok(())
    }

    fn ask_experts(&mut self, who: usize, item: &str) -> Result<(), SimulationError> {
        let Some((case, staff)) = self.case_of(who, item) else { return Ok(()) };
        let (text, value) = self.store.seal("主厂房大跨度钢结构复杂，需要组织专家评审。");
        let act = CaseAct::AskSpecialProcedure {
            reason: "expert-review".to_owned(),
            planned_days: Some(10),
            text,
        }
        .on(case.opened.case);
        self.attempt(who, &staff.officers[0], &act, carrying(value))?;
        Ok(())
    }

    fn with_case(
        &mut self,
        who: usize,
        item: &str,
        act: impl FnOnce(&Case, &Staff) -> (Actor, Act),
    ) -> Result<(), SimulationError> {
        let Some((case, staff)) = self.case_of(who, item) else { return Ok(()) };
        let (actor, act) = act(&case, &staff);
        self.attempt(who, &actor, &act, ActOptions::default())?;
        Ok(())
    }

    /// The permit is there: the rest is left to the ordinary course, without misfortunes.
    fn hand_over(&mut self, who: usize) {
        for stage in 1..=3 {
            self.lives[who].set_phase(stage, Phase::Applied);
        }
        self.lives[who].scripted = false;
        self.look_ahead(who);
    }

    fn case_of(&self, who: usize, item: &str) -> Option<(Arc<Case>, Staff)> {
        let case = self.lives[who].project.as_ref()?.latest_case(item)?.clone();
        let staff = self.city.staff(case.department)?.clone();
        Some((case, staff))
    }

    fn application_of(&self, who: usize, stage: u8) -> Option<Arc<Application>> {
        let project = self.lives[who].project.as_ref()?;
        project.applications.values().find(|application| application.stage == stage).cloned()
    }
}
