//! Names for the ids in facts.

use std::{collections::HashMap, sync::Arc};

use tongban_domain::{
    case::Predecessor,
    catalog::Catalog,
    fact::ActorStamp,
    ids::{AccountId, DepartmentId, SealedId},
    organisation::Organisation,
    permission::{Actor, Role, Standpoint},
    project::Project,
    sealed::Sealed,
    time::Day,
};
use tongban_store::{Store, StoreError};

/// Looks up people, departments and sealed words for one project.
pub(crate) struct Names {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) organisation: Arc<Organisation>,
    people: HashMap<AccountId, String>,
    words: HashMap<SealedId, String>,
    /// Names of owners' people are hidden from the public, not from parties.
    reveal: bool,
}

impl Names {
    /// Looks up everything the project's cases name.
    pub(crate) fn of(store: &Store, project: &Project, reveal: bool) -> Result<Self, StoreError> {
        let mut accounts: Vec<AccountId> = Vec::new();
        let mut sealed: Vec<&Sealed> = Vec::new();
        for case in project.cases.values() {
            accounts.extend(case.history.iter().filter_map(|step| step.by.account));
            accounts.extend(case.officer);
            accounts.extend(case.opinions.iter().filter_map(|opinion| opinion.by.account));
            let notice = case.hearing.iter().flat_map(|hearing| &hearing.notices);
            accounts.extend(notice.map(|notice| notice.chair));
            accounts.extend(case.urged.iter().filter_map(|(_, by)| by.account));
            let answers = case.consultations.iter().filter_map(|asked| asked.answer.as_ref());
            accounts.extend(answers.filter_map(|answer| answer.by.account));
            accounts.extend(case.consultations.iter().filter_map(|asked| asked.asked_by.account));
            sealed.extend(&case.words);
        }
        accounts.extend(project.agents.keys());
        for application in project.applications.values() {
            let demands = application.correction.iter().flat_map(|correction| &correction.demands);
            sealed.extend(demands.filter_map(|demand| demand.note.as_ref()));
        }
        Ok(Self {
            catalog: store.catalog()?,
            organisation: store.organisation(),
            people: store.account_names(accounts)?,
            words: store.open_sealed(sealed)?,
            reveal,
        })
    }

    /// Without anybody's name: for acts, which need none.
    pub(crate) fn without_people(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            catalog: store.catalog()?,
            organisation: store.organisation(),
            people: HashMap::new(),
            words: HashMap::new(),
            reveal: true,
        })
    }

    /// Where a reader stands on a day.
    pub(crate) fn standpoint<'a>(&'a self, actor: &'a Actor, today: Day) -> Standpoint<'a> {
        let (catalog, organisation) = (&*self.catalog, &*self.organisation);
        Standpoint { actor, catalog, organisation, today }
    }

    pub(crate) fn department(&self, id: DepartmentId) -> String {
        self.organisation
            .department(id)
            .map_or("（部门）", |department| &department.name)
            .to_owned()
    }

    pub(crate) fn person(&self, id: AccountId) -> String {
        let name = self.people.get(&id).map_or("", String::as_str);
        if self.reveal {
            return name.to_owned();
        }
        let first: String = name.chars().take(1).collect();
        if first.is_empty() { first } else { format!("{first}某") }
    }

    /// Who acted, with the department or role.
    pub(crate) fn actor(&self, stamp: &ActorStamp) -> String {
        if stamp.role == Role::Timer {
            return "系统".to_owned();
        }
        let unit = match stamp.department {
            Some(id) => self.department(id),
            None => stamp.role.name().to_owned(),
        };
        match stamp.account {
            Some(account) => format!("{unit} {}", self.person(account)),
            None => unit,
        }
    }

    /// The words behind a seal.
    pub(crate) fn words(&self, sealed: &Sealed) -> String {
        self.words.get(&sealed.id).cloned().unwrap_or_else(|| "（内容已依法删除）".to_owned())
    }

    /// An item's or milestone's name.
    pub(crate) fn predecessor(&self, predecessor: &Predecessor) -> String {
        match predecessor {
            Predecessor::Item(code) => self.item(code),
            Predecessor::Milestone(key) => self.milestone(key),
        }
    }

    pub(crate) fn item(&self, code: &str) -> String {
        self.catalog.item(code).map_or(code, |item| &item.name).to_owned()
    }

    pub(crate) fn milestone(&self, key: &str) -> String {
        self.catalog.milestone(key).map_or(key, |milestone| &milestone.name).to_owned()
    }

    pub(crate) fn paper(&self, key: &str) -> String {
        self.catalog.papers.get(key).map_or(key, |paper| &paper.name).to_owned()
    }

    /// A coded reason's name.
    pub(crate) fn reason(&self, key: &str) -> String {
        self.catalog.reason(key).map_or(key, |reason| &reason.name).to_owned()
    }

    /// A legal basis as people read it.
    pub(crate) fn basis(&self, reference: &str) -> String {
        let Ok(reference) = reference.parse::<tongban_domain::catalog::LawReference>();
        self.catalog.cite(&reference)
    }
}
