//! The departments of the node, as facts, and what a reorganisation moves.

use std::sync::{Arc, MutexGuard, PoisonError};

use tongban_domain::{
    acts::{ActName, CaseAct, declaration},
    codes::Uscc,
    fact::{Channel, Fact, StreamKind},
    ids::{AccountId, DepartmentId, ProjectId},
    organisation::{Organisation, OrganisationFact},
    permission::{Actor, Role},
    refusal::Refusal,
    time::Day,
};

use crate::{
    acts::{ActError, ActOptions},
    change::{Change, Head},
    engine::query,
    error::StoreError,
    node::{Store, lock},
    streams::{Doer, NODE_STREAM, stream},
    ticket::Ticket,
};

impl Store {
    /// The departments as they stand today.
    #[must_use]
    pub fn organisation(&self) -> Arc<Organisation> {
        let today = self.now().day();
        let known = self.inner.organisation.read().unwrap_or_else(PoisonError::into_inner);
        match &known.1 {
            Some((day, standing)) if *day == today => Arc::clone(standing),
            Some(_) | None => {
                drop(known);
                // Worked out under the lock that changes it: nothing older is kept.
                let mut known =
                    self.inner.organisation.write().unwrap_or_else(PoisonError::into_inner);
                let standing = Arc::new(known.0.on(today));
                known.1 = Some((today, Arc::clone(&standing)));
                standing
            }
        }
    }

    /// Establishes a department.
    ///
    /// # Errors
    /// When the database fails.
    pub fn establish_department(
        &self,
        key: &str,
        name: &str,
        region: u32,
        from: Day,
    ) -> Result<DepartmentId, StoreError> {
        let (_alone, after) = self.organising()?;
        let department = DepartmentId::from_bytes(self.new_id());
        let (key, name) = (key.to_owned(), name.to_owned());
        let fact = OrganisationFact::DepartmentEstablished { department, key, name, region, from };
        self.organise(after, fact, ActName::EstablishDepartment, None)?;
        Ok(department)
    }

    /// Puts the unified social credit code of a department on record; electronic licences name it.
    ///
    /// # Errors
    /// When there is no such department, it has this code already, or the database fails.
    pub fn register_department_code(
        &self,
        department: DepartmentId,
        code: Uscc,
        by: Option<AccountId>,
    ) -> Result<(), ActError> {
        let (_alone, after) = self.organising()?;
        let fact = OrganisationFact::DepartmentCoded { department, code };
        if self.organisation().department(department).is_none() {
            return Err(Refusal::UnknownDepartment.into());
        }
        self.not_decided_yet(&fact)?;
        Ok(self.organise(after, fact, ActName::RegisterDepartmentCode, by)?)
    }

    /// Gives a department another name from a day on.
    ///
    /// # Errors
    /// When there is no such department, the day has passed, or the database fails.
    pub fn rename_department(
        &self,
        department: DepartmentId,
        name: &str,
        (from, basis): (Day, &str),
        by: AccountId,
    ) -> Result<(), ActError> {
        let (_alone, after) = self.organising()?;
        self.may_change(department, from)?;
        let (name, basis) = (name.to_owned(), basis.to_owned());
        let fact = OrganisationFact::DepartmentRenamed { department, name, from, basis };
        self.not_decided_yet(&fact)?;
        Ok(self.organise(after, fact, ActName::RenameDepartment, Some(by))?)
    }

    /// Has the powers, cases and staff of a department go to another from a day on.
    ///
    /// # Errors
    /// When one of them does not exist, the day has passed, the merger would lead back to where
    /// it began, or the database fails.
    pub fn merge_department(
        &self,
        department: DepartmentId,
        into: DepartmentId,
        (from, basis): (Day, &str),
        by: AccountId,
    ) -> Result<(), ActError> {
        let (_alone, after) = self.organising()?;
        self.may_change(department, from)?;
        self.may_change(into, from)?;
        let basis = basis.to_owned();
        let fact = OrganisationFact::DepartmentMerged { department, into, from, basis };
        self.not_decided_yet(&fact)?;
        let organisation = self.organisation();
        if department == into || organisation.would_circle(department, into) {
            return Err(Refusal::MergesIntoItself.into());
        }
        // One merger at a time: cases and staff go the same way.
        if let Some(from) = [department, into].into_iter().find_map(|it| organisation.merges_on(it))
        {
            return Err(Refusal::MergerToCome(from).into());
        }
        Ok(self.organise(after, fact, ActName::MergeDepartment, Some(by))?)
    }

    /// Takes back what was decided about a department for a day still to come.
    ///
    /// # Errors
    /// When nothing was decided for that day, or the database fails.
    pub fn take_back_change(
        &self,
        department: DepartmentId,
        from: Day,
        by: AccountId,
    ) -> Result<(), ActError> {
        let (_alone, after) = self.organising()?;
        let organisation = self.organisation();
        let mut to_come = organisation.to_come();
        if !to_come.any(|(day, change)| *day == from && change.department() == department) {
            return Err(Refusal::AlreadySo.into());
        }
        let fact = OrganisationFact::ChangeTakenBack { department, from };
        Ok(self.organise(after, fact, ActName::TakeBackChange, Some(by))?)
    }

    /// A department that has its powers today may change from today on.
    fn may_change(&self, department: DepartmentId, from: Day) -> Result<(), Refusal> {
        let organisation = self.organisation();
        if organisation.department(department).is_none_or(|it| it.merged.is_some()) {
            return Err(Refusal::UnknownDepartment);
        }
        if from < self.now().day() { Err(Refusal::BadDay(from)) } else { Ok(()) }
    }

    /// The same form sent twice decides once.
    fn not_decided_yet(&self, fact: &OrganisationFact) -> Result<(), Refusal> {
        let organisation = self.organisation();
        let done = match fact {
            OrganisationFact::DepartmentRenamed { department, name, .. } => {
                organisation.department(*department).is_some_and(|it| it.name == *name)
            }
            OrganisationFact::DepartmentCoded { department, code } => {
                let known = organisation.department(*department);
                known.is_some_and(|it| it.code.as_ref() == Some(code))
            }
            OrganisationFact::DepartmentMerged { .. }
            | OrganisationFact::DepartmentEstablished { .. }
            | OrganisationFact::SystemConnected { .. }
            | OrganisationFact::SystemDisconnected { .. }
            | OrganisationFact::SystemAdmitted { .. }
            | OrganisationFact::ChangeTakenBack { .. } => false,
        };
        let again = done || organisation.to_come().any(|(_, known)| known == fact);
        if again { Err(Refusal::AlreadySo) } else { Ok(()) }
    }

    /// Decides about departments alone: on what is so now, and what others decide meanwhile is
    /// found when it is written.
    pub(crate) fn organising(&self) -> Result<(MutexGuard<'_, ()>, Head), StoreError> {
        let alone = lock(&self.inner.node_acts);
        let after = self.head_of_own(StreamKind::Organisation)?;
        if self.is_shared() {
            self.load_organisation()?;
        }
        Ok((alone, after))
    }

    pub(crate) fn organise(
        &self,
        after: Head,
        fact: OrganisationFact,
        act: ActName,
        account: Option<AccountId>,
    ) -> Result<(), StoreError> {
        let fact = Fact::Organisation(fact);
        let catalog = self.catalog()?;
        let digests = (catalog.pack.digest, catalog.calendar.digest());
        let channel = if account.is_some() { Channel::Web } else { Channel::Import };
        let role = declaration(act).by.first().map_or(Role::SystemAdministrator, |it| it.role);
        let by = Doer { act, role, account, channel };
        let decided = (StreamKind::Organisation, fact.clone());
        self.append_after(after, decided, &by, digests, Change::default())?;
        if self.is_shared() {
            // It may have been followed already.
            self.load_organisation()?;
        } else {
            let mut known = self.inner.organisation.write().unwrap_or_else(PoisonError::into_inner);
            Arc::make_mut(&mut known.0).evolve(&fact);
            known.1 = None;
        }
        self.forget_known_sessions();
        Ok(())
    }

    /// Moves the cases of departments that were merged to those that have their powers now, each
    /// by a fact. Gives how many; doing it again moves none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn transfer_cases(&self) -> Result<usize, StoreError> {
        const OF: &str = "SELECT DISTINCT project FROM cases WHERE department = $1 AND standing IN \
                          ('received', 'needs-correction', 'corrected', 'with-officer', \
                          'with-reviewer', 'with-approver', 'paused', 'passed', 'passed-with-gap')";
        let organisation = self.organisation();
        let mut moved = 0;
        for department in organisation.departments().filter(|it| it.merged.is_some()) {
            let values = [department.id.as_bytes().into()];
            let projects = self.read(|connection| {
                query(connection, OF, &values, |row| Ok(ProjectId::from_bytes(row.get(0)?)))
            })?;
            for id in projects {
                let Some(project) = self.project(id)? else { continue };
                for case in project.cases.values().filter(|it| it.department == department.id) {
                    let act = CaseAct::Transfer.on(case.opened.case);
                    let options = ActOptions::default();
                    let done = self.act(id, &act, &Actor::timer(), options).and_then(Ticket::wait);
                    match done {
                        Ok(_) => moved += 1,
                        // Ended without a result: it stays where it was decided.
                        Err(
                            ActError::Refused(_)
                            | ActError::Changed
                            | ActError::OutOfOrder(_)
                            | ActError::UnknownProject,
                        ) => {}
                        Err(ActError::Store(error)) => return Err(error),
                    }
                }
            }
        }
        Ok(moved)
    }

    pub(crate) fn load_organisation(&self) -> Result<(), StoreError> {
        let facts =
            self.read(|connection| stream(connection, StreamKind::Organisation, &NODE_STREAM))?;
        let mut organisation = Organisation::default();
        for recorded in &facts {
            organisation.evolve(&recorded.fact);
        }
        *self.inner.organisation.write().unwrap_or_else(PoisonError::into_inner) =
            (Arc::new(organisation), None);
        Ok(())
    }
}
