//! Joint applications in lists, and the public look-up by number.

use tongban_domain::{
    case::Standing,
    ids::{ApplicationId, CaseId, ProjectId},
    time::{Day, Instant},
};

use crate::{
    engine::query,
    error::StoreError,
    node::{Store, lock},
};

/// A joint application in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// Id.
    pub id: ApplicationId,
    /// The project.
    pub project: ProjectId,
    /// Division or zone of the site.
    pub region: u32,
    /// Number on the receipt.
    pub number: String,
    /// Stage.
    pub stage: u8,
    /// The earliest standing of its cases.
    pub standing: Standing,
    /// When it was handed in.
    pub submitted_at: Instant,
    /// Last day for a correction notice.
    pub notice_until: Day,
    /// Last day for the corrections, while they are awaited.
    pub correction_until: Option<Day>,
    /// Cases in it.
    pub cases: u32,
    /// Name of the project.
    pub project_name: String,
    /// Name of the owner.
    pub owner_name: String,
}

/// Most applications and cases of which the project is known without a look.
const MOST_KNOWN: usize = 100_000;

impl Store {
    /// Applications before acceptance, for the window: the earliest deadline first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn applications_in(
        &self,
        standing: Standing,
        most: usize,
    ) -> Result<Vec<ApplicationRow>, StoreError> {
        const IN: &str = "SELECT application, project, region, number, stage, standing, \
                          submitted_at, notice_until, correction_until, cases, project_name, \
                          owner_name FROM applications WHERE standing = $1 \
                          ORDER BY notice_until, application LIMIT $2";
        let values = [standing.key().into(), (most as i64).into()];
        self.read(|connection| {
            query(connection, IN, &values, |row| {
                let standing: String = row.get(5)?;
                Ok(ApplicationRow {
                    id: ApplicationId::from_bytes(row.get(0)?),
                    project: ProjectId::from_bytes(row.get(1)?),
                    region: row.get(2)?,
                    number: row.get(3)?,
                    stage: row.get(4)?,
                    standing: Standing::from_key(&standing)
                        .ok_or_else(|| StoreError::Damaged(format!("standing {standing}")))?,
                    submitted_at: Instant(row.get(6)?),
                    notice_until: Day(row.get(7)?),
                    correction_until: row.get::<Option<i32>>(8)?.map(Day),
                    cases: row.get(9)?,
                    project_name: row.get(10)?,
                    owner_name: row.get(11)?,
                })
            })
        })
    }

    /// The project an application belongs to.
    ///
    /// # Errors
    /// When the database fails.
    pub fn project_of_application(
        &self,
        application: ApplicationId,
    ) -> Result<Option<ProjectId>, StoreError> {
        const OF: &str = "SELECT project FROM applications WHERE application = $1";
        self.always_of(OF, application.as_bytes())
    }

    /// The project a case belongs to.
    ///
    /// # Errors
    /// When the database fails.
    pub fn project_of_case(&self, case: CaseId) -> Result<Option<ProjectId>, StoreError> {
        const OF: &str = "SELECT project FROM cases WHERE case_id = $1";
        self.always_of(OF, case.as_bytes())
    }

    /// The project of an application or case number, as the receipt shows it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn project_of_number(&self, number: &str) -> Result<Option<ProjectId>, StoreError> {
        const APPLICATION: &str = "SELECT project FROM applications WHERE number = $1";
        const CASE: &str = "SELECT project FROM cases WHERE number = $1";
        match self.one_project(APPLICATION, number.into())? {
            Some(project) => Ok(Some(project)),
            None => self.one_project(CASE, number.into()),
        }
    }

    /// An application or a case never moves to another project: once read it is known.
    fn always_of(&self, sql: &'static str, id: &[u8; 16]) -> Result<Option<ProjectId>, StoreError> {
        let known = lock(&self.inner.belongs).get(id).copied();
        if known.is_some() {
            return Ok(known);
        }
        let found = self.one_project(sql, id.into())?;
        if let Some(project) = found {
            let mut belongs = lock(&self.inner.belongs);
            if belongs.len() >= MOST_KNOWN {
                belongs.clear();
            }
            belongs.insert(*id, project);
        }
        Ok(found)
    }

    fn one_project(
        &self,
        sql: &'static str,
        value: crate::engine::Value,
    ) -> Result<Option<ProjectId>, StoreError> {
        let found = self.read(|connection| {
            query(connection, sql, std::slice::from_ref(&value), |row| row.get(0))
        })?;
        Ok(found.into_iter().next().map(ProjectId::from_bytes))
    }
}
