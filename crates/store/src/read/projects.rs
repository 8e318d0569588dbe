//! Projects in lists.

use tongban_domain::{
    codes::Uscc,
    ids::{AccountId, ProjectId},
    time::Instant,
};

use crate::{
    engine::{Row, query},
    error::StoreError,
    node::Store,
};

/// A project in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectRow {
    /// Id.
    pub id: ProjectId,
    /// Division or zone of the site.
    pub region: u32,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Name of the owner.
    pub owner_name: String,
    /// Key of the flow.
    pub flow: String,
    /// Key project.
    pub is_key: bool,
    /// When it was registered.
    pub registered_at: Instant,
    /// The last stage done, 0 to 4.
    pub stages_done: u8,
    /// Open cases.
    pub open_cases: u32,
    /// When something last happened.
    pub last_change: Instant,
}

fn read_project(row: &Row<'_>) -> Result<ProjectRow, StoreError> {
    Ok(ProjectRow {
        id: ProjectId::from_bytes(row.get(0)?),
        region: row.get(1)?,
        code: row.get(2)?,
        name: row.get(3)?,
        owner_name: row.get(4)?,
        flow: row.get(5)?,
        is_key: row.get(6)?,
        registered_at: Instant(row.get(7)?),
        stages_done: row.get(8)?,
        open_cases: row.get(9)?,
        last_change: Instant(row.get(10)?),
    })
}

impl Store {
    /// The projects of an owner, the last changed first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn projects_of(&self, owner: &Uscc) -> Result<Vec<ProjectRow>, StoreError> {
        const OF: &str = "SELECT project, region, code, name, owner_name, flow, is_key, \
                          registered_at, stages_done, open_cases, last_change FROM projects \
                          WHERE owner = $1 ORDER BY last_change DESC, project LIMIT 500";
        self.read(|connection| query(connection, OF, &[owner.as_str().into()], read_project))
    }

    /// The projects for whose owners somebody may act today, the last changed first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn projects_of_agent(&self, agent: AccountId) -> Result<Vec<ProjectRow>, StoreError> {
        const OF: &str = "SELECT project, region, code, name, owner_name, flow, is_key, \
                          registered_at, stages_done, open_cases, last_change FROM projects \
                          WHERE project IN (SELECT project FROM agencies \
                          WHERE account = $1 AND until >= $2) \
                          ORDER BY last_change DESC, project LIMIT 500";
        let today = i64::from(self.now().day().0);
        let values = [agent.as_bytes().into(), today.into()];
        self.read(|connection| query(connection, OF, &values, read_project))
    }

    /// Projects whose name or code contains a text, the last changed first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find_projects(&self, text: &str, most: usize) -> Result<Vec<ProjectRow>, StoreError> {
        const FIND: &str = "SELECT project, region, code, name, owner_name, flow, is_key, \
                            registered_at, stages_done, open_cases, last_change FROM projects \
                            WHERE LOWER(name) LIKE LOWER($1) ESCAPE '!' OR LOWER(code) LIKE LOWER($1) ESCAPE '!' \
                            OR LOWER(owner_name) LIKE LOWER($1) ESCAPE '!' \
                            ORDER BY last_change DESC, project LIMIT $2";
        let values = [super::cases::containing(text).into(), (most as i64).into()];
        self.read(|connection| query(connection, FIND, &values, read_project))
    }

    /// All projects, in the order of their ids.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all_projects(&self) -> Result<Vec<ProjectId>, StoreError> {
        const ALL: &str = "SELECT project FROM projects ORDER BY project";
        self.read(|connection| {
            query(connection, ALL, &[], |row| Ok(ProjectId::from_bytes(row.get(0)?)))
        })
    }

    /// How many projects there are, and how many of them are done.
    ///
    /// # Errors
    /// When the database fails.
    pub fn project_counts(&self) -> Result<(u64, u64), StoreError> {
        const COUNT: &str = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN stages_done = 4 THEN 1 \
                             ELSE 0 END), 0) FROM projects";
        let found = self.read(|connection| {
            query(connection, COUNT, &[], |row| {
                Ok((row.get::<i64>(0)? as u64, row.get::<i64>(1)? as u64))
            })
        })?;
        Ok(found.into_iter().next().unwrap_or_default())
    }
}
