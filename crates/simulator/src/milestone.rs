//! Milestones that are not items: who records them, and when they can.

use tongban_domain::{
    acts::{Act, ProjectAct},
    catalog::{Endpoint, Recorder},
    permission::Actor,
    project::Project,
};
use tongban_store::ActOptions;

use crate::{error::SimulationError, queue::Event, world::World};

/// 签订出让合同.
pub(crate) const LAND_CONTRACT: &str = "land-contract";
/// 开工.
pub(crate) const START_OF_WORKS: &str = "start-of-works";
/// 竣工验收.
pub(crate) const COMPLETION: &str = "completion-acceptance";
/// 环境保护设施自主验收.
const ENVIRONMENT_ACCEPTANCE: &str = "environment-acceptance";
/// 投入使用.
pub(crate) const PUT_INTO_USE: &str = "put-into-use";

/// Milestones that follow of themselves, with the days each takes at least and at most.
const FOLLOWING: [(&str, u32, u32); 7] = [
    ("residents-consent", 5, 20),
    ("renewal-review", 5, 20),
    ("village-decision", 3, 15),
    (START_OF_WORKS, 3, 20),
    (COMPLETION, 60, 200),
    (ENVIRONMENT_ACCEPTANCE, 20, 60),
    (PUT_INTO_USE, 10, 40),
];

impl World {
    /// Plans the milestones whose predecessors are all there.
    pub(crate) fn consider_milestones(&mut self, who: usize, project: &Project) {
        for (key, shortest, longest) in FOLLOWING {
            let known =
                project.milestones.contains_key(key) || self.lives[who].milestones.contains(key);
            // Before the last stage nobody knows yet what its use will need.
            let early = key == PUT_INTO_USE && !project.stage_is_done(4);
            let class = self.lives[who].answers.get("eia-class").map(String::as_str);
            let idle = key == ENVIRONMENT_ACCEPTANCE && !matches!(class, Some("report" | "form"));
            let named = self.catalog.milestones_of(&project.flow).any(|it| it.key == key);
            if !named || known || early || idle || !self.can_be_recorded(who, project, key) {
                continue;
            }
            self.lives[who].milestones.insert(key);
            // A few do not start in time, and their permit lapses.
            let late = key == START_OF_WORKS && self.dice.chance(25);
            let (shortest, longest) = if late { (100, 130) } else { (shortest, longest) };
            let days = self.dice.days(shortest, longest);
            self.plan_owner(days, who, Event::Milestone(key));
        }
    }

    /// Records a milestone, unless something before it is missing again.
    pub(crate) fn reach(&mut self, who: usize, key: &'static str) -> Result<(), SimulationError> {
        let Some(project) = self.lives[who].project.clone() else { return Ok(()) };
        if project.milestones.contains_key(key) {
            return Ok(());
        }
        if !self.can_be_recorded(who, &project, key) {
            self.lives[who].milestones.remove(key);
            return Ok(());
        }
        let act =
            Act::Project(ProjectAct::RecordMilestone { key: key.to_owned(), on: self.now.day() });
        let recorder = self.recorder(who, &project, key)?;
        if self.attempt(who, &recorder, &act, ActOptions::default())?.is_some() {
            self.look_ahead(who);
        }
        Ok(())
    }

    /// The owner, or an officer of the department whose duty it is.
    fn recorder(&self, who: usize, project: &Project, key: &str) -> Result<Actor, SimulationError> {
        let milestone = self.catalog.milestone(key);
        let Some(Recorder::Department(role)) = milestone.map(|known| &known.recorded_by) else {
            return self.owner(who);
        };
        let organisation = self.store.organisation();
        organisation
            .resolve(&self.catalog, role, project.site_region())
            .and_then(|department| self.city.staff(department.id))
            .map(|staff| staff.officers[0].clone())
            .ok_or_else(|| SimulationError::Missing(format!("department {role}")))
    }

    fn can_be_recorded(&self, who: usize, project: &Project, key: &str) -> bool {
        let milestone = Endpoint::Milestone(key.to_owned());
        self.flow(who).is_some_and(|flow| {
            flow.edges_into(&milestone, &self.lives[who].answers)
                .all(|edge| self.is_reached(who, project, &edge.before))
        })
    }

    /// Whether an item of a stage waits for the land contract.
    pub(crate) fn needs_land_contract(&self, who: usize, stage: u8) -> bool {
        let items = self.items(who, stage, false);
        let contract = Endpoint::Milestone(LAND_CONTRACT.to_owned());
        self.flow(who).is_some_and(|flow| {
            flow.edges.iter().filter(|edge| edge.before == contract).any(|edge| match &edge.after {
                Endpoint::Item(code) => items.contains(code),
                Endpoint::Milestone(_) => false,
            })
        })
    }
}
