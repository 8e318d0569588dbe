//! Who may do what: roles, mandates and the relation to the thing acted on. Deny by default:
//! whatever no declaration names is refused.

use minicbor::{Decode, Encode};

use crate::{
    acts::{ActName, Allowed, Scope, declaration},
    case::{Case, Hand},
    catalog::{Catalog, Milestone, Recorder},
    codes::Uscc,
    fact::Channel,
    ids::{AccountId, DepartmentId, PersonId},
    organisation::Organisation,
    project::{Agency, Project},
    time::Day,
};

/// What a person acts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// The owner's staff (建设单位).
    #[n(0)]
    Owner,
    /// A clerk of the integrated window (综合窗口).
    #[n(1)]
    Window,
    /// A case officer (承办人).
    #[n(2)]
    Officer,
    /// A reviewer (审核人).
    #[n(3)]
    Reviewer,
    /// An approver, usually the head (批准人).
    #[n(4)]
    Approver,
    /// Supervision (督查).
    #[n(5)]
    Supervisor,
    /// Keeps the catalogue (事项管理员).
    #[n(6)]
    Administrator,
    /// A legal timer of this node.
    #[n(7)]
    Timer,
    /// The head of government of the level (本级人民政府负责人).
    #[n(8)]
    Government,
    /// Keeps departments, accounts and the systems connected (系统管理员).
    #[n(9)]
    SystemAdministrator,
    /// Grants offices, closes accounts, replaces lost passwords and phones (安全管理员).
    #[n(10)]
    SecurityAdministrator,
    /// Looks at what the others did, and changes nothing (审计管理员).
    #[n(11)]
    AuditAdministrator,
    /// Acts for an owner within what that owner allowed (受托人).
    #[n(12)]
    Agent,
}

impl Role {
    /// All, in order.
    pub const ALL: [Self; 13] = [
        Self::Owner,
        Self::Window,
        Self::Officer,
        Self::Reviewer,
        Self::Approver,
        Self::Supervisor,
        Self::Administrator,
        Self::Timer,
        Self::Government,
        Self::SystemAdministrator,
        Self::SecurityAdministrator,
        Self::AuditAdministrator,
        Self::Agent,
    ];

    /// Stable name for storage.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Window => "window",
            Self::Officer => "officer",
            Self::Reviewer => "reviewer",
            Self::Approver => "approver",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::Timer => "timer",
            Self::Government => "government",
            Self::SystemAdministrator => "system-administrator",
            Self::SecurityAdministrator => "security-administrator",
            Self::AuditAdministrator => "audit-administrator",
            Self::Agent => "agent",
        }
    }

    /// The role with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "建设单位",
            Self::Window => "综合窗口",
            Self::Officer => "承办人",
            Self::Reviewer => "审核人",
            Self::Approver => "批准人",
            Self::Supervisor => "督查人员",
            Self::Administrator => "事项管理员",
            Self::Timer => "系统（到期处理）",
            Self::Government => "政府负责人",
            Self::SystemAdministrator => "系统管理员",
            Self::SecurityAdministrator => "安全管理员",
            Self::AuditAdministrator => "审计管理员",
            Self::Agent => "受托人",
        }
    }

    /// Whether it comes from outside the authority: an owner, or who acts for one.
    #[must_use]
    pub const fn is_outside(self) -> bool {
        matches!(self, Self::Owner | Self::Agent)
    }

    /// Whether it is one of the three that keep each other in check: nobody holds another office
    /// beside it (三员分立; GB/T 22239-2019 8.1.5, separation of powers).
    #[must_use]
    pub const fn stands_alone(self) -> bool {
        matches!(
            self,
            Self::SystemAdministrator | Self::SecurityAdministrator | Self::AuditAdministrator
        )
    }
}

/// An office held: a role, for a department where the role has one, in a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// The role.
    pub role: Role,
    /// The department.
    pub department: Option<DepartmentId>,
    /// The region and all below it.
    pub region: u32,
}

/// Who acts, with everything that decides what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account; none for a timer.
    pub account: Option<AccountId>,
    /// The person behind it.
    pub person: Option<PersonId>,
    /// Offices held now.
    pub mandates: Vec<Mandate>,
    /// The organisation an owner's account belongs to.
    pub organisation: Option<Uscc>,
    /// How the act comes in.
    pub channel: Channel,
}

impl Actor {
    /// The node's own timers.
    #[must_use]
    pub fn timer() -> Self {
        let mandate = Mandate { role: Role::Timer, department: None, region: 0 };
        Self {
            account: None,
            person: None,
            mandates: vec![mandate],
            organisation: None,
            channel: Channel::Timer,
        }
    }

    /// Whether one of the offices has this role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.mandates.iter().any(|mandate| mandate.role == role)
    }

    /// Whether the declaration of an act that belongs to no project allows it to this person; of
    /// the catalogue, at least a part.
    #[must_use]
    pub fn may(&self, act: ActName) -> bool {
        let of_node = |it: &&Allowed| matches!(it.scope, Scope::Anything | Scope::OwnCatalogue);
        declaration(act).by.iter().filter(of_node).any(|allowed| self.is(allowed.role))
    }

    /// The department that an office is in.
    #[must_use]
    pub fn department(&self) -> Option<DepartmentId> {
        self.mandates.iter().find_map(|mandate| mandate.department)
    }

    /// The regions of the offices of a role.
    #[must_use]
    pub fn regions_as(&self, role: Role) -> Vec<u32> {
        let held = self.mandates.iter().filter(|mandate| mandate.role == role);
        held.map(|mandate| mandate.region).collect()
    }

    /// Whether this person already acted on the current round in another role.
    fn had_a_hand_in(&self, case: &Case, role: Role) -> bool {
        let earlier = match role {
            Role::Reviewer => &[Hand::Officer][..],
            Role::Approver => &[Hand::Officer, Hand::Reviewer][..],
            Role::Owner
            | Role::Window
            | Role::Officer
            | Role::Supervisor
            | Role::Administrator
            | Role::Timer
            | Role::Government
            | Role::SystemAdministrator
            | Role::SecurityAdministrator
            | Role::AuditAdministrator
            | Role::Agent => &[][..],
        };
        earlier.iter().any(|hand| {
            case.last_opinion(*hand).is_some_and(|opinion| opinion.by.account == self.account)
        })
    }
}

/// Somebody with the rules and the day by which they are judged.
#[derive(Debug, Clone, Copy)]
pub struct Standpoint<'a> {
    /// Who looks or acts.
    pub actor: &'a Actor,
    /// The pack in force.
    pub catalog: &'a Catalog,
    /// The departments.
    pub organisation: &'a Organisation,
    /// The day.
    pub today: Day,
}

impl<'a> Standpoint<'a> {
    /// The mandate under which one of these relations holds for the project and case.
    #[must_use]
    pub fn mandate_for(
        &self,
        allowed: &[Allowed],
        project: &Project,
        case: Option<&Case>,
    ) -> Option<&'a Mandate> {
        allowed.iter().find_map(|allowed| {
            self.actor.mandates.iter().find(|mandate| {
                mandate.role == allowed.role
                    && self.stands_in(allowed.scope, mandate, project, case)
            })
        })
    }

    fn stands_in(
        &self,
        scope: Scope,
        mandate: &Mandate,
        project: &Project,
        case: Option<&Case>,
    ) -> bool {
        let actor = self.actor;
        let own_department =
            || case.is_some_and(|case| mandate.department == Some(self.department_of(case)));
        match scope {
            Scope::Mandated(power) => {
                self.agency(project).is_some_and(|agency| agency.powers.contains(&power))
            }
            Scope::AnyMandate => self.agency(project).is_some(),
            Scope::OwnProject => actor.organisation.as_ref() == Some(&project.owner.uscc),
            Scope::OwnRegion => covers(self.catalog, mandate.region, project.site_region()),
            Scope::OwnDepartment => own_department(),
            Scope::OwnCase => {
                own_department() && case.is_some_and(|case| case.officer == actor.account)
            }
            Scope::UnclaimedOrOwnCase => {
                own_department()
                    && case
                        .is_some_and(|case| case.officer.is_none() || case.officer == actor.account)
            }
            Scope::OwnDepartmentFreshEyes => {
                own_department()
                    && case.is_some_and(|case| !actor.had_a_hand_in(case, mandate.role))
            }
            Scope::ConsultedDepartment => case.is_some_and(|case| {
                let asked = |department| case.open_question(self.organisation, department);
                mandate.department.and_then(asked).is_some()
            }),
            Scope::LeadDepartment => {
                !own_department() && case.is_some_and(|case| self.leads(mandate, project, case))
            }
            Scope::DepartmentOfACase => self.has_a_case(mandate, project),
            Scope::RecordingDepartment => self.records_milestones(mandate, project),
            // The lists that hold at the site; what of them is whose is asked of the files.
            Scope::OwnCatalogue => covers(self.catalog, mandate.region, project.site_region()),
            Scope::Anything => true,
        }
    }

    /// The department that has the powers over a case today.
    fn department_of(&self, case: &Case) -> DepartmentId {
        self.organisation.successor(case.department)
    }

    /// Whether a case of the project is with the department of the office.
    fn has_a_case(&self, mandate: &Mandate, project: &Project) -> bool {
        let mut cases = project.cases.values();
        cases.any(|case| mandate.department == Some(self.department_of(case)))
    }

    /// What the owner of a project left to this person.
    #[must_use]
    pub fn agency<'p>(&self, project: &'p Project) -> Option<&'p Agency> {
        project.agency(self.actor.account?, self.today)
    }

    /// Whether the department of the office leads the stage of a case (牵头部门).
    fn leads(&self, mandate: &Mandate, project: &Project, case: &Case) -> bool {
        let lead = project.application_of(case).and_then(|application| application.lead);
        lead.is_some_and(|lead| mandate.department == Some(self.organisation.successor(lead)))
    }

    /// Whether the department of the office has to do with a case that is another's: as the one
    /// that leads the stage, or is consulted.
    fn touches_a_case(&self, mandate: &Mandate, project: &Project) -> bool {
        project.cases.values().any(|case| {
            let consulted = |department| case.consults(self.organisation, department);
            self.leads(mandate, project, case) || mandate.department.is_some_and(consulted)
        })
    }

    /// Whether the office is in a department whose duty it is to record a milestone of the
    /// project's flow.
    fn records_milestones(&self, mandate: &Mandate, project: &Project) -> bool {
        mandate.department.is_some()
            && self
                .catalog
                .milestones_of(&project.flow)
                .any(|milestone| self.recorder(project, milestone) == mandate.department)
    }

    /// The department whose duty it is to record a milestone of a project; none where it is the
    /// owner's.
    #[must_use]
    pub fn recorder(&self, project: &Project, milestone: &Milestone) -> Option<DepartmentId> {
        match &milestone.recorded_by {
            Recorder::Owner => None,
            Recorder::Department(key) => self
                .organisation
                .resolve(self.catalog, key, project.site_region())
                .map(|department| department.id),
        }
    }

    /// Whether it is for this person to record a milestone: the owner's for its own people and
    /// the window, a department's for its officers.
    #[must_use]
    pub fn may_record(&self, project: &Project, milestone: &Milestone) -> bool {
        let (allowed, recorder) =
            (declaration(ActName::RecordMilestone).by, &milestone.recorded_by);
        self.actor.mandates.iter().any(|mandate| {
            let own = allowed.iter().any(|allowed| {
                allowed.role == mandate.role
                    && self.stands_in(allowed.scope, mandate, project, None)
            });
            own && match recorder {
                Recorder::Owner => mandate.department.is_none(),
                Recorder::Department(_) => {
                    mandate.department.is_some()
                        && self.recorder(project, milestone) == mandate.department
                }
            }
        })
    }

    /// Whether this person may read the project: its owner, or staff whose offices touch it.
    #[must_use]
    pub fn may_see(&self, project: &Project) -> bool {
        self.actor.mandates.iter().any(|mandate| match mandate.role {
            Role::Owner => self.actor.organisation.as_ref() == Some(&project.owner.uscc),
            Role::Agent => self.agency(project).is_some(),
            Role::Window | Role::Supervisor | Role::Government => {
                covers(self.catalog, mandate.region, project.site_region())
            }
            Role::Officer | Role::Reviewer | Role::Approver => {
                self.has_a_case(mandate, project)
                    || self.touches_a_case(mandate, project)
                    || self.records_milestones(mandate, project)
            }
            Role::Administrator
            | Role::Timer
            | Role::SystemAdministrator
            | Role::SecurityAdministrator
            | Role::AuditAdministrator => false,
        })
    }
}

/// Whether `region` is `office` or lies below it.
#[must_use]
pub fn covers(catalog: &Catalog, office: u32, region: u32) -> bool {
    catalog.region_and_above(region).any(|above| above.code == office)
}
