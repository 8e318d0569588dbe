//! Somebody about to act. `story.officer("GH-02").recommends(Pass)` reads as it is meant.

use tongban_domain::{
    acts::Act,
    application::Target,
    fact::Channel,
    ids::{ApplicationId, CaseId},
    permission::{Actor, Mandate, Role},
};

use super::{
    Story,
    people::{self, NANJING, SUZHOU},
};

/// A person in a story, perhaps with the case of one item before them.
pub(crate) struct Somebody {
    pub(super) story: Story,
    actor: Actor,
    item: String,
}

/// A paper of the list.
pub(crate) fn paper(key: &str) -> Target {
    Target::Paper(key.to_owned())
}

/// A field of the form.
pub(crate) fn field(key: &str) -> Target {
    Target::Field(key.to_owned())
}

impl Somebody {
    /// Who works in the department's own system.
    pub(crate) fn by_system(mut self) -> Self {
        self.actor.channel = Channel::DepartmentSystem;
        self
    }
}

impl Story {
    /// Anybody at all.
    pub(crate) fn someone(self, actor: Actor) -> Somebody {
        Somebody { story: self, actor, item: String::new() }
    }

    /// The owner of the project.
    pub(crate) fn owner(self) -> Somebody {
        self.someone(people::owner())
    }

    /// The owner of another company.
    pub(crate) fn stranger(self) -> Somebody {
        self.someone(people::stranger())
    }

    /// A clerk of the window of Suzhou.
    pub(crate) fn window(self) -> Somebody {
        self.someone(people::window(SUZHOU))
    }

    /// A clerk of the window of another city.
    pub(crate) fn other_window(self) -> Somebody {
        self.someone(people::window(NANJING))
    }

    /// Supervision of Suzhou.
    pub(crate) fn supervisor(self) -> Somebody {
        self.someone(people::staff(Role::Supervisor, None, SUZHOU, 1))
    }

    /// An officer of the planning authority, which records land contracts.
    pub(crate) fn planning_authority(self) -> Somebody {
        let authority = people::organisation()
            .resolve(people::catalog(), "planning", SUZHOU)
            .map(|department| department.id);
        self.someone(people::staff(Role::Officer, authority, SUZHOU, 1))
    }

    /// The head of government of Suzhou.
    pub(crate) fn government(self) -> Somebody {
        self.someone(people::staff(Role::Government, None, SUZHOU, 1))
    }

    /// A timer of the node.
    pub(crate) fn timer(self) -> Somebody {
        self.someone(Actor::timer())
    }

    /// An officer of the item's department.
    pub(crate) fn officer(self, item: &str) -> Somebody {
        self.staff(Role::Officer, item, 1)
    }

    /// Another officer of the same department.
    pub(crate) fn second_officer(self, item: &str) -> Somebody {
        self.staff(Role::Officer, item, 2)
    }

    /// The reviewer of the item's department.
    pub(crate) fn reviewer(self, item: &str) -> Somebody {
        self.staff(Role::Reviewer, item, 1)
    }

    /// The head of the item's department.
    pub(crate) fn approver(self, item: &str) -> Somebody {
        self.staff(Role::Approver, item, 1)
    }

    /// An officer of the department that is asked about the item.
    pub(crate) fn consulted(self, item: &str) -> Somebody {
        let department = people::other_department(self.case(item).department);
        let actor = people::staff(Role::Officer, Some(department), SUZHOU, 1);
        Somebody { story: self, actor, item: item.to_owned() }
    }

    /// Somebody of the department that leads the stage of the item.
    pub(crate) fn lead(self, role: Role, item: &str) -> Somebody {
        let case = self.case(item);
        let lead = self.project.application_of(case).and_then(|application| application.lead);
        let actor = people::staff(role, lead, SUZHOU, 1);
        Somebody { story: self, actor, item: item.to_owned() }
    }

    fn staff(self, role: Role, item: &str, number: u8) -> Somebody {
        let department = self.case(item).department;
        let actor = people::staff(role, Some(department), SUZHOU, number);
        Somebody { story: self, actor, item: item.to_owned() }
    }
}

/// Anybody.
impl Somebody {
    /// Does it.
    pub(crate) fn does(self, act: Act) -> Story {
        self.story.act(&self.actor, &act)
    }

    /// Looks at the case of this item.
    pub(crate) fn about(mut self, item: &str) -> Self {
        self.item = item.to_owned();
        self
    }

    /// Holds another office in the same department.
    pub(crate) fn also(mut self, role: Role) -> Self {
        let department = self.actor.mandates.first().and_then(|mandate| mandate.department);
        self.actor.mandates.push(Mandate { role, department, region: SUZHOU });
        self
    }

    /// The case before them.
    pub(super) fn case(&self) -> CaseId {
        self.story.case(&self.item).opened.case
    }

    /// The latest application.
    pub(super) fn application(&self) -> ApplicationId {
        self.story.application().id
    }
}
