//! Drafts (草稿): what is being filled in, saved on every field, outside the journal.

use std::collections::BTreeMap;

use tongban_domain::{
    ids::{AccountId, ApplicationId, DraftId, ProjectId},
    time::Instant,
};

use crate::{
    change::Change,
    engine::{Row, query},
    error::StoreError,
    node::Store,
    vault::{Column, draft_row},
};

/// What a draft will become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftKind {
    /// An application for a stage.
    Application,
    /// Corrections to an application.
    Correction,
}

impl DraftKind {
    const fn key(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Correction => "correction",
        }
    }
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Id.
    pub id: DraftId,
    /// The project.
    pub project: ProjectId,
    /// What it will become.
    pub kind: DraftKind,
    /// Stage 1–4.
    pub stage: u8,
    /// The application to be corrected.
    pub subject: Option<ApplicationId>,
    /// When it was last saved.
    pub changed_at: Instant,
}

/// What was typed so far, by kind (`field`, `answer`, `item`, `paper`, `choice`) and name.
pub type DraftValues = BTreeMap<(String, String), String>;

const COLUMNS: &str =
    "SELECT id, project, kind, stage, subject, changed_at FROM drafts WHERE id = $1";

fn read_draft(row: &Row<'_>) -> Result<Draft, StoreError> {
    let kind: String = row.get(2)?;
    let kind = [DraftKind::Application, DraftKind::Correction]
        .into_iter()
        .find(|known| known.key() == kind)
        .ok_or_else(|| StoreError::Damaged(format!("draft kind {kind}")))?;
    Ok(Draft {
        id: DraftId::from_bytes(row.get(0)?),
        project: ProjectId::from_bytes(row.get(1)?),
        kind,
        stage: row.get(3)?,
        subject: row.get::<Option<[u8; 16]>>(4)?.map(ApplicationId::from_bytes),
        changed_at: Instant(row.get(5)?),
    })
}

/// Removes a draft inside the transaction of the act that used it. Its files stay: the
/// application names them now.
pub(crate) fn use_up(change: &mut Change, draft: &DraftId) {
    const VALUES: &str = "DELETE FROM draft_values WHERE draft = $1";
    const DRAFT: &str = "DELETE FROM drafts WHERE id = $1";
    const FILES: &str = "UPDATE files SET draft = NULL WHERE draft = $1";
    for sql in [VALUES, DRAFT, FILES] {
        change.add(sql, vec![draft.as_bytes().into()]);
    }
}

impl Store {
    /// Starts a draft.
    ///
    /// # Errors
    /// When the database fails.
    pub fn start_draft(
        &self,
        project: ProjectId,
        kind: DraftKind,
        stage: u8,
        subject: Option<ApplicationId>,
        made_by: AccountId,
    ) -> Result<DraftId, StoreError> {
        const START: &str = "INSERT INTO drafts (id, project, kind, stage, subject, made_by, \
                             changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let id = DraftId::from_bytes(self.new_id());
        let mut change = Change::default();
        change.add(
            START,
            vec![
                id.as_bytes().into(),
                project.as_bytes().into(),
                kind.key().into(),
                i64::from(stage).into(),
                subject.as_ref().map(|id| id.as_bytes()).into(),
                made_by.as_bytes().into(),
                self.now().0.into(),
            ],
        );
        self.write(change)?;
        Ok(id)
    }

    /// A draft with what was typed so far.
    ///
    /// # Errors
    /// When the database fails.
    pub fn draft(&self, id: DraftId) -> Result<Option<(Draft, DraftValues)>, StoreError> {
        const VALUES: &str = "SELECT kind, name, value FROM draft_values WHERE draft = $1 \
                              ORDER BY kind, name";
        self.read(|connection| {
            let found = query(connection, COLUMNS, &[id.as_bytes().into()], read_draft)?;
            let Some(draft) = found.into_iter().next() else { return Ok(None) };
            let values = query(connection, VALUES, &[id.as_bytes().into()], |row| {
                let (kind, name): (String, String) = (row.get(0)?, row.get(1)?);
                let place = draft_row(id.as_bytes(), &kind, &name);
                let cell: Vec<u8> = row.get(2)?;
                let value = self.inner.vault.open(Column::DraftValue, &place, &cell)?;
                Ok(((kind, name), value))
            })?;
            Ok(Some((draft, values.into_iter().collect())))
        })
    }

    /// The drafts of a project, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn drafts_of(&self, project: ProjectId) -> Result<Vec<Draft>, StoreError> {
        const OF: &str = "SELECT id, project, kind, stage, subject, changed_at FROM drafts \
                          WHERE project = $1 ORDER BY changed_at DESC, id";
        self.read(|connection| query(connection, OF, &[project.as_bytes().into()], read_draft))
    }

    /// Saves values; an empty value removes what was there.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_draft(
        &self,
        id: DraftId,
        values: &[(&str, &str, &str)],
    ) -> Result<Instant, StoreError> {
        const SAVE: &str = "INSERT INTO draft_values (draft, kind, name, value) \
                            VALUES ($1, $2, $3, $4) \
                            ON CONFLICT (draft, kind, name) DO UPDATE SET value = excluded.value";
        const DROP: &str = "DELETE FROM draft_values WHERE draft = $1 AND kind = $2 AND name = $3";
        const TOUCH: &str = "UPDATE drafts SET changed_at = $1 WHERE id = $2";
        let now = self.now();
        let mut change = Change::default();
        for (kind, name, value) in values {
            let mut row = vec![id.as_bytes().into(), (*kind).into(), (*name).into()];
            if value.is_empty() {
                change.add(DROP, row);
            } else {
                let place = draft_row(id.as_bytes(), kind, name);
                row.push(self.inner.vault.seal(Column::DraftValue, &place, value)?);
                change.add(SAVE, row);
            }
        }
        change.add(TOUCH, vec![now.0.into(), id.as_bytes().into()]);
        self.write(change)?;
        Ok(now)
    }

    /// Removes all values of a kind, before a set of them is saved anew.
    ///
    /// # Errors
    /// When the database fails.
    pub fn clear_draft(&self, id: DraftId, kind: &str) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM draft_values WHERE draft = $1 AND kind = $2";
        let mut change = Change::default();
        change.add(CLEAR, vec![id.as_bytes().into(), kind.into()]);
        self.write(change)
    }

    /// Throws a draft away. Its files become orphans, which the sweep removes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn discard_draft(&self, id: DraftId) -> Result<(), StoreError> {
        const VALUES: &str = "DELETE FROM draft_values WHERE draft = $1";
        const DRAFT: &str = "DELETE FROM drafts WHERE id = $1";
        let mut change = Change::default();
        for sql in [VALUES, DRAFT] {
            change.add(sql, vec![id.as_bytes().into()]);
        }
        self.write(change)
    }
}
