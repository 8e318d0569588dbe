//! Projections of an older program are made anew when a node is opened.

use tongban_domain::{
    fact::{Recorded, StreamKind},
    ids::ProjectId,
};

use crate::{
    acts::fold,
    change::Change,
    engine::query,
    error::StoreError,
    node::{Store, lock},
    projection::{Table, rows},
    streams::positions,
    verify::project_messages,
};

/// Goes up whenever rows come out differently for the same facts.
const VERSION: &str = "6";
/// The setting that names the version the rows were made by.
const SETTING: &str = "projections";

impl Store {
    /// Makes all rows anew from the journal when another version made them. What a program
    /// newly derives, such as timers, is then there for facts recorded before it.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn renew_projections(&self) -> Result<(), StoreError> {
        match self.inner.writing.as_ref().and_then(|writing| writing.reserving.as_ref()) {
            // Of processes that start together the second waits and finds it done: what it had
            // folded before would be older than what the first has written since.
            Some(connection) => lock(connection).alone(|_| self.renew()),
            None => self.renew(),
        }
    }

    fn renew(&self) -> Result<(), StoreError> {
        const STREAMS: &str = "SELECT DISTINCT stream FROM facts WHERE stream_kind = $1";
        const MESSAGE: &str = "INSERT INTO messages (position, place, recipient, act, project, \
                               application, case_id, at, delivered_at) \
                               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                               ON CONFLICT (position, place) DO NOTHING";
        if self.setting(SETTING)?.as_deref() == Some(VERSION) {
            return Ok(());
        }
        let kind = [(StreamKind::Project as i64).into()];
        let streams = self.read(|connection| {
            query(connection, STREAMS, &kind, |row| Ok(ProjectId::from_bytes(row.get(0)?)))
        })?;
        if !streams.is_empty() {
            let catalog = self.catalog()?;
            let mut change = Change::default();
            for table in Table::ALL {
                change.add(table.clear(), Vec::new());
            }
            for id in streams {
                let placed = self.placed_history(id)?;
                // A message that an older program did not leave.
                for mut row in project_messages(id, &placed) {
                    row.extend(row.last().cloned());
                    change.add(MESSAGE, row);
                }
                let facts: Vec<Recorded> = placed.into_iter().map(|(_, it)| it).collect();
                if let Some(project) = fold(id, &facts) {
                    for ((table, _), row) in rows(&project, &catalog) {
                        change.add(table.insert(), row);
                    }
                }
            }
            self.write(change)?;
        }
        self.keep_setting(SETTING, VERSION)
    }

    /// The facts of a project with their positions in the journal.
    fn placed_history(&self, id: ProjectId) -> Result<Vec<(u64, Recorded)>, StoreError> {
        let found =
            self.read(|connection| positions(connection, StreamKind::Project, id.as_bytes()))?;
        Ok(found.into_iter().map(|(position, _, recorded)| (position, recorded)).collect())
    }
}
