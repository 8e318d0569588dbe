//! Messages an act causes (通知). The declaration says who; here it is resolved to whom.

use std::iter;

use crate::{
    acts::{ActName, Party, declaration},
    case::{Case, CaseFact},
    fact::{Fact, Recorded},
    ids::{AccountId, ApplicationId, CaseId, DepartmentId},
    project::{Project, ProjectFact},
};

/// Whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    /// All staff of an organisation, by its unified social credit code.
    Organisation(String),
    /// The window of a region.
    Window(u32),
    /// A department.
    Department(DepartmentId),
    /// One person: who acts for an owner.
    Account(AccountId),
}

impl Recipient {
    /// Stable text for storage: kind, colon, id.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Organisation(uscc) => format!("organisation:{uscc}"),
            Self::Window(region) => format!("window:{region}"),
            Self::Department(id) => format!("department:{id}"),
            Self::Account(id) => format!("account:{id}"),
        }
    }
}

/// A message to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub to: Recipient,
    /// About which act.
    pub act: ActName,
    /// The application it is about, if one.
    pub application: Option<ApplicationId>,
    /// The case it is about, if one alone.
    pub case: Option<CaseId>,
}

/// The messages of one act, from its facts and the project afterwards.
#[must_use]
pub fn messages(project: &Project, facts: &[Recorded]) -> Vec<Message> {
    let Some(first) = facts.first() else { return Vec::new() };
    let act = first.envelope.act_name;
    let mut cases: Vec<CaseId> = Vec::new();
    let mut application = None;
    for recorded in facts {
        match &recorded.fact {
            Fact::Case(id, _) if !cases.contains(id) => cases.push(*id),
            Fact::Application(id, _) => application = application.or(Some(*id)),
            Fact::Case(..)
            | Fact::Project(_)
            | Fact::PackPublished { .. }
            | Fact::Organisation(_)
            | Fact::Credit(_) => {}
        }
    }
    let first_case = cases.first().and_then(|id| project.cases.get(id));
    let application = application.or(first_case.map(|case| case.application));
    let case = match cases[..] {
        [only] => Some(only),
        _ => None,
    };
    let mut messages = Vec::new();
    let mut told: Vec<DepartmentId> = Vec::new();
    for party in declaration(act).notifies {
        let recipients = match party {
            // Whoever acts for the owner hears what the owner hears, but for what concerns another.
            Party::Owner => {
                let today = first.envelope.recorded_at.day();
                let agents = project.agents.keys().filter(|_| act != ActName::EndAgency);
                let agents = agents.filter(|agent| project.agency(**agent, today).is_some());
                let owner = Recipient::Organisation(project.owner.uscc.to_string());
                iter::once(owner).chain(agents.copied().map(Recipient::Account)).collect()
            }
            Party::Agent => facts
                .iter()
                .filter_map(|recorded| match &recorded.fact {
                    Fact::Project(
                        ProjectFact::AgentAuthorised { agent, .. }
                        | ProjectFact::AgencyEnded { agent },
                    ) => Some(Recipient::Account(*agent)),
                    Fact::Project(_)
                    | Fact::Application(..)
                    | Fact::Case(..)
                    | Fact::PackPublished { .. }
                    | Fact::Organisation(_)
                    | Fact::Credit(_) => None,
                })
                .collect(),
            Party::Window => vec![Recipient::Window(project.region)],
            Party::Department => {
                let mut departments: Vec<DepartmentId> = cases
                    .iter()
                    .filter_map(|id| project.cases.get(id))
                    .map(|case| case.department)
                    .collect();
                departments.sort_unstable();
                departments.dedup();
                told.clone_from(&departments);
                departments.into_iter().map(Recipient::Department).collect()
            }
            Party::Consulted => first_case
                .iter()
                .flat_map(|case| &case.consultations)
                .filter(|asked| {
                    asked.answer.is_none() && asked.asked_at == first.envelope.recorded_at
                })
                .map(|asked| Recipient::Department(asked.of))
                .collect(),
        };
        let message = |to| Message { to, act, application, case };
        messages.extend(recipients.into_iter().map(message));
    }
    // What a department waited for has come.
    for (id, case) in facts.iter().filter_map(|recorded| started(project, recorded)) {
        if !told.contains(&case.department) {
            messages.push(Message {
                to: Recipient::Department(case.department),
                act,
                application: Some(case.application),
                case: Some(id),
            });
        }
    }
    messages
}

/// The case whose clock a fact starts.
fn started<'a>(project: &'a Project, recorded: &Recorded) -> Option<(CaseId, &'a Case)> {
    match &recorded.fact {
        Fact::Case(id, CaseFact::NodeClockStarted { .. }) => Some((*id, &**project.cases.get(id)?)),
        Fact::Case(..)
        | Fact::Application(..)
        | Fact::Project(_)
        | Fact::PackPublished { .. }
        | Fact::Organisation(_)
        | Fact::Credit(_) => None,
    }
}
