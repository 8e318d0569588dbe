//! The department whose system is tried: the one with most to do.

use std::collections::BTreeMap;

use anyhow::Context as _;
use tongban_domain::{
    case::Standing,
    ids::{CaseId, DepartmentId},
    permission::Role,
};
use tongban_store::Store;

/// A department with its people and its work.
pub(crate) struct Desk {
    /// Which.
    pub(crate) department: DepartmentId,
    /// Login names of an officer, a reviewer and an approver.
    pub(crate) logins: [String; 3],
    /// Cases that are with an officer when it begins.
    pub(crate) cases: Vec<CaseId>,
}

impl Desk {
    pub(crate) fn busiest(store: &Store) -> anyhow::Result<Self> {
        let mut open: BTreeMap<DepartmentId, Vec<CaseId>> = BTreeMap::new();
        for id in store.all_projects()? {
            let Some(project) = store.project(id)? else { continue };
            for case in project.cases.values().filter(|it| it.standing == Standing::WithOfficer) {
                // What is decided by one person alone tries too little.
                if case.officer.is_none() && !case.is_decided_alone() {
                    open.entry(case.department).or_default().push(case.opened.case);
                }
            }
        }
        let (department, cases) = open
            .into_iter()
            .max_by_key(|(_, cases)| cases.len())
            .context("the city has no open case")?;
        let accounts = store.accounts()?;
        let login = |role: Role| {
            let held = |mandate: &tongban_domain::permission::Mandate| {
                mandate.role == role && mandate.department == Some(department)
            };
            let found = accounts.iter().find(|account| account.mandates.iter().any(held));
            found.map(|account| account.login.clone()).context("an office is vacant")
        };
        let logins = [login(Role::Officer)?, login(Role::Reviewer)?, login(Role::Approver)?];
        Ok(Self { department, logins, cases })
    }
}
