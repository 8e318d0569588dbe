//! Systems that departments keep for themselves (部门业务系统): their keys, what is new for them in
//! the order of the journal, and how far it was pushed to them.

use sm3::Digest as _;
use tongban_domain::{
    acts::ActName,
    fact::{Fact, Recorded, StreamKind},
    ids::{AccountId, ApplicationId, CaseId, DepartmentId, ProjectId},
    notice::Recipient,
    organisation::{Department, OrganisationFact},
    refusal::Refusal,
    time::Instant,
};

use crate::{
    acts::ActError,
    change::Change,
    engine::{Value, query},
    error::StoreError,
    node::{Store, lock},
    read::{MessageRow, message_of},
    streams::{NODE_STREAM, stream},
};

/// What every key of a system begins with, so that none is mistaken for a session.
const KEY: &str = "tbsys-";

/// A system that does not take what is pushed is tried again after half a minute, then twice as
/// long each time, a quarter of an hour at most; in microseconds.
const AGAIN: (i64, i64) = (30_000_000, 15 * 60_000_000);

/// Where a message stands: position in the journal, place within the act.
pub type Place = (i64, i64);

/// How far messages were pushed to a system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pushed {
    /// The last message it took; zeros before the first.
    pub last: Place,
    /// How often it did not take the next one.
    pub tries: i64,
    /// When the next one is tried; at once when nothing is said.
    pub next_at: Option<Instant>,
    /// Since when it does not take any.
    pub failing_since: Option<Instant>,
}

/// Something new for a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// Its place in the order of the journal.
    pub id: Place,
    /// The act that brought it about.
    pub act: ActName,
    /// When.
    pub at: Instant,
    /// In which project.
    pub project: ProjectId,
    /// In which application.
    pub application: Option<ApplicationId>,
    /// Which cases of the department it is about.
    pub cases: Vec<CaseId>,
}

fn digest(key: &str) -> [u8; 32] {
    sm3::Sm3::digest(key.as_bytes()).into()
}

impl Store {
    /// Connects the own system of a department and gives its key, which is kept nowhere and counts
    /// when somebody else has admitted it; a key it had before is void.
    ///
    /// # Errors
    /// When there is no such department, or the database fails.
    pub fn connect_system(
        &self,
        department: DepartmentId,
        system: &str,
        by: AccountId,
    ) -> Result<String, ActError> {
        let (_alone, after) = self.organising()?;
        if self.organisation().department(department).is_none_or(|it| it.merged.is_some()) {
            return Err(Refusal::UnknownDepartment.into());
        }
        let secret = lock(&self.inner.supply).secret();
        let digits: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let key = format!("{KEY}{digits}");
        let (system, sm3) = (system.to_owned(), digest(&key));
        let fact = OrganisationFact::SystemConnected { department, system, key: sm3 };
        self.organise(after, fact, ActName::ConnectSystem, Some(by))?;
        Ok(key)
    }

    /// Lets the key of a department's own system count.
    ///
    /// # Errors
    /// When none waits for it, who gave the key would let it count, or the database fails.
    pub fn admit_system(&self, department: DepartmentId, by: AccountId) -> Result<(), ActError> {
        let (_alone, after) = self.organising()?;
        let organisation = self.organisation();
        let system = organisation.department(department).and_then(|it| it.system.as_ref());
        if system.is_none_or(|system| system.admitted) {
            return Err(Refusal::AlreadySo.into());
        }
        if self.gave_the_key(department)? == Some(by) {
            return Err(Refusal::NotAllowed(ActName::AdmitSystem).into());
        }
        let fact = OrganisationFact::SystemAdmitted { department };
        Ok(self.organise(after, fact, ActName::AdmitSystem, Some(by))?)
    }

    /// Who connected the system of a department last.
    fn gave_the_key(&self, of: DepartmentId) -> Result<Option<AccountId>, StoreError> {
        let facts =
            self.read(|connection| stream(connection, StreamKind::Organisation, &NODE_STREAM))?;
        let given = |recorded: &&Recorded| {
            matches!(&recorded.fact, Fact::Organisation(
                OrganisationFact::SystemConnected { department, .. }) if *department == of)
        };
        Ok(facts.iter().rev().find(given).and_then(|recorded| recorded.envelope.actor.account))
    }

    /// Ends the connection of a department's own system; its key is void at once.
    ///
    /// # Errors
    /// When none is connected, or the database fails.
    pub fn disconnect_system(
        &self,
        department: DepartmentId,
        by: AccountId,
    ) -> Result<(), ActError> {
        let (_alone, after) = self.organising()?;
        let organisation = self.organisation();
        if organisation.department(department).is_none_or(|it| it.system.is_none()) {
            return Err(Refusal::AlreadySo.into());
        }
        let fact = OrganisationFact::SystemDisconnected { department };
        Ok(self.organise(after, fact, ActName::DisconnectSystem, Some(by))?)
    }

    /// Whether a token looks like the key of a system.
    #[must_use]
    pub fn is_system_key(token: &str) -> bool {
        token.starts_with(KEY)
    }

    /// The department whose system shows this key.
    #[must_use]
    pub fn department_with_key(&self, key: &str) -> Option<Department> {
        self.organisation().with_key(&digest(key)).cloned()
    }

    /// What is new for a department after a place, in the order of the journal, with the cases of
    /// the department that it is about.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tasks_after(
        &self,
        department: DepartmentId,
        after: Place,
        most: usize,
    ) -> Result<Vec<NewTask>, StoreError> {
        let organisation = self.organisation();
        let mut tasks = Vec::new();
        for message in self.messages_after(department, after, most)? {
            let project = self.project(message.project)?;
            let cases = project.iter().flat_map(|project| project.cases.values());
            let own = cases.filter(|case| {
                // What happens to the rest of an application is not for a department that is asked
                // about one case of it.
                let asked = message.case == Some(case.opened.case)
                    && case.consults(&organisation, department);
                (case.department == department || asked)
                    && match (message.case, message.application) {
                        (Some(one), _) => case.opened.case == one,
                        (None, Some(application)) => case.application == application,
                        (None, None) => true,
                    }
            });
            tasks.push(NewTask {
                cases: own.map(|case| case.opened.case).collect(),
                id: message.id,
                act: message.act,
                at: message.at,
                project: message.project,
                application: message.application,
            });
        }
        Ok(tasks)
    }

    fn messages_after(
        &self,
        department: DepartmentId,
        after: Place,
        most: usize,
    ) -> Result<Vec<MessageRow>, StoreError> {
        const NEW: &str = "SELECT position, place, recipient, act, project, application, case_id, \
                           at FROM messages WHERE recipient = $1 \
                           AND (position > $2 OR (position = $2 AND place > $3)) \
                           ORDER BY position, place LIMIT $4";
        let recipient = Recipient::Department(department).key();
        let values = [recipient.into(), after.0.into(), after.1.into(), (most as i64).into()];
        self.read(|connection| query(connection, NEW, &values, message_of))
    }

    /// How far messages were pushed to the system of a department.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pushed(&self, department: DepartmentId) -> Result<Pushed, StoreError> {
        const GET: &str = "SELECT position, place, tries, next_at, failing_since FROM pushed \
                           WHERE department = $1";
        let found = self.read(|connection| {
            query(connection, GET, &[department.as_bytes().into()], |row| {
                Ok(Pushed {
                    last: (row.get(0)?, row.get(1)?),
                    tries: row.get(2)?,
                    next_at: row.get::<Option<i64>>(3)?.map(Instant),
                    failing_since: row.get::<Option<i64>>(4)?.map(Instant),
                })
            })
        })?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    /// Notes that a system took messages up to a place.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_pushed(
        &self,
        department: DepartmentId,
        known: Pushed,
        last: Place,
    ) -> Result<(), StoreError> {
        self.keep_pushed(department, known, Pushed { last, ..Pushed::default() })
    }

    /// Notes that a system did not take what was pushed; it is tried again later.
    ///
    /// # Errors
    /// When the database fails.
    pub fn put_off_pushing(
        &self,
        department: DepartmentId,
        known: Pushed,
    ) -> Result<(), StoreError> {
        let (now, (first, most)) = (self.now(), AGAIN);
        let wait = (first << known.tries.clamp(0, 5)).min(most);
        let failing_since = known.failing_since.or(Some(now));
        let (tries, next_at) = (known.tries + 1, Some(Instant(now.0 + wait)));
        self.keep_pushed(department, known, Pushed { tries, next_at, failing_since, ..known })
    }

    /// Where another process has pushed further meanwhile, what it noted stays.
    fn keep_pushed(
        &self,
        department: DepartmentId,
        known: Pushed,
        pushed: Pushed,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO pushed (department, position, place, pushed_at, tries, \
                            next_at, failing_since) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                            ON CONFLICT (department) DO UPDATE SET position = excluded.position, \
                            place = excluded.place, pushed_at = excluded.pushed_at, \
                            tries = excluded.tries, next_at = excluded.next_at, \
                            failing_since = excluded.failing_since \
                            WHERE pushed.position = $8 AND pushed.place = $9";
        let values: Vec<Value> = vec![
            department.as_bytes().into(),
            pushed.last.0.into(),
            pushed.last.1.into(),
            self.now().0.into(),
            pushed.tries.into(),
            pushed.next_at.map(|at| at.0).into(),
            pushed.failing_since.map(|at| at.0).into(),
            known.last.0.into(),
            known.last.1.into(),
        ];
        let mut change = Change::default();
        change.add(KEEP, values);
        self.write(change)
    }

    /// How many acts were typed by hand for departments with a system of their own, and on how
    /// many cases, by department (人工补录).
    ///
    /// # Errors
    /// When the database fails.
    pub fn retyped(&self) -> Result<Vec<(DepartmentId, u64, u64)>, StoreError> {
        const SUM: &str = "SELECT department, COUNT(*), CAST(SUM(retyped) AS BIGINT) FROM \
                           (SELECT department, retyped FROM cases WHERE retyped > 0 \
                           UNION ALL SELECT department, retyped FROM consultations \
                           WHERE retyped > 0) AS counted GROUP BY department ORDER BY department";
        self.read(|connection| {
            query(connection, SUM, &[], |row| {
                let (cases, acts): (i64, i64) = (row.get(1)?, row.get(2)?);
                Ok((DepartmentId::from_bytes(row.get(0)?), cases as u64, acts as u64))
            })
        })
    }
}
