//! What one act writes in its transaction: facts, claims, counters, rows, messages, the answer.

use std::collections::BTreeMap;

use rusqlite::Connection;
use tongban_domain::{
    application::ApplicationFact,
    case::CaseFact,
    credit::CreditFact,
    fact::{Fact, Recorded, StreamKind},
    ids::ProjectId,
    notice::messages,
    project::{Project, ProjectFact},
    sealed::SealedValue,
    time::Instant,
};
use tongban_journal::leaf_hashes;

use crate::{
    acts::{ActOptions, Counters},
    credit::beside,
    error::StoreError,
    projection::Rows,
    sqlite::{Value, execute, query, writer::Writing},
    streams::append_last,
};

/// Keeps the value of a seal.
pub(crate) const SEAL: &str = "INSERT INTO sealed (id, salt, value) VALUES ($1, $2, $3)";

pub(crate) fn seal_row(sealed: &SealedValue) -> [Value; 3] {
    let salt = Value::Blob(sealed.salt.to_vec());
    [sealed.id.as_bytes().into(), salt, sealed.value.clone().into()]
}

/// Everything one act writes, ready for the writer thread.
pub(crate) struct Append {
    project: ProjectId,
    facts: Vec<(u64, Vec<u8>, tongban_journal::LeafHashes)>,
    credit: Vec<Recorded>,
    claims: Vec<(&'static str, String)>,
    counters: Counters,
    rows: Vec<(&'static str, Vec<Value>)>,
    messages: Vec<Vec<Value>>,
    options: ActOptions,
    node: u32,
    at: Instant,
    answer: String,
}

impl Append {
    pub(crate) fn new(
        project: &Project,
        (facts, credit): (&[Recorded], &[CreditFact]),
        (old, new): (&Rows, &Rows),
        counters: Counters,
        options: ActOptions,
        answer: String,
    ) -> Self {
        let id = project.id;
        let envelope = facts.first().map(|recorded| &recorded.envelope);
        let at = envelope.map_or(Instant(0), |envelope| envelope.recorded_at);
        let written = facts.iter().map(|recorded| {
            let bytes = recorded.to_bytes();
            let leaf = leaf_hashes(&bytes);
            (recorded.envelope.version, bytes, leaf)
        });
        let messages = messages(project, facts).into_iter().map(|message| {
            vec![
                message.to.key().into(),
                message.act.key().into(),
                id.as_bytes().into(),
                message.application.as_ref().map(|id| id.as_bytes()).into(),
                message.case.as_ref().map(|id| id.as_bytes()).into(),
                at.0.into(),
            ]
        });
        Self {
            project: id,
            facts: written.collect(),
            credit: envelope.map_or_else(Vec::new, |envelope| {
                credit.iter().map(|fact| beside(envelope, fact.clone())).collect()
            }),
            claims: facts.iter().filter_map(claim).flatten().collect(),
            counters,
            rows: difference(old, new),
            messages: messages.collect(),
            options,
            node: envelope.map_or(0, |envelope| envelope.node),
            at,
            answer,
        }
    }

    pub(crate) fn write(self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let connection = writing.connection;
        let position = writing.frontier.size() as i64 + 1;
        self.write_facts(writing)?;
        self.write_claims(connection)?;
        for sealed in &self.options.sealed {
            execute(connection, SEAL, &seal_row(sealed))?;
        }
        for recorded in self.credit {
            append_last(writing, recorded)?;
        }
        for ((kind, period), last) in &self.counters {
            const COUNT: &str = "INSERT INTO counters (kind, period, last) VALUES ($1, $2, $3) \
                                 ON CONFLICT (kind, period) DO UPDATE SET last = \
                 CASE WHEN excluded.last > counters.last THEN excluded.last \
                 ELSE counters.last END";
            execute(
                connection,
                COUNT,
                &[(*kind).into(), (*period).into(), i64::from(*last).into()],
            )?;
        }
        for (sql, values) in &self.rows {
            execute(connection, sql, values)?;
        }
        for (place, message) in self.messages.iter().enumerate() {
            const SEND: &str = "INSERT INTO messages (position, place, recipient, act, project, \
                                application, case_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
            let mut values = vec![position.into(), (place as i64).into()];
            values.extend_from_slice(message);
            execute(connection, SEND, &values)?;
        }
        if let Some(draft) = &self.options.draft {
            crate::drafts::use_up(connection, draft)?;
        }
        if let Some(request) = &self.options.request {
            const KEEP: &str = "INSERT INTO answers (account, request, digest, answer, at) \
                                VALUES ($1, $2, $3, $4, $5)";
            let values = [
                request.account.as_bytes().into(),
                request.key.as_str().into(),
                Value::Blob(request.digest.to_vec()),
                self.answer.as_str().into(),
                self.at.0.into(),
            ];
            execute(connection, KEEP, &values).map_err(|error| taken(error, &request.key))?;
        }
        Ok(())
    }

    fn write_facts(&self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        const APPEND: &str = "INSERT INTO facts (node, position, stream_kind, stream, version, bytes) \
                              VALUES ($1, $2, $3, $4, $5, $6)";
        // An act that was built on one that failed must fail as well, not leave a gap.
        const LAST: &str = "SELECT COALESCE(MAX(version), 0) FROM facts \
                            WHERE stream_kind = $1 AND stream = $2";
        let stream = [(StreamKind::Project as i64).into(), self.project.as_bytes().into()];
        let last = query(writing.connection, LAST, &stream, |row| Ok(row.get::<_, i64>(0)?))?;
        let first = self.facts.first().map(|(version, ..)| *version as i64);
        if first.is_some_and(|first| last != [first - 1]) {
            return Err(StoreError::Conflict);
        }
        for (version, bytes, leaf) in &self.facts {
            writing.frontier.append(*leaf);
            let values = [
                i64::from(self.node).into(),
                (writing.frontier.size() as i64).into(),
                (StreamKind::Project as i64).into(),
                self.project.as_bytes().into(),
                (*version as i64).into(),
                Value::Blob(bytes.clone()),
            ];
            execute(writing.connection, APPEND, &values).map_err(conflict)?;
        }
        Ok(())
    }

    fn write_claims(&self, connection: &Connection) -> Result<(), StoreError> {
        const CLAIM: &str = "INSERT INTO claims (kind, value, stream) VALUES ($1, $2, $3)";
        for (kind, value) in &self.claims {
            let values = [(*kind).into(), value.as_str().into(), self.project.as_bytes().into()];
            execute(connection, CLAIM, &values).map_err(|error| taken(error, value))?;
        }
        Ok(())
    }
}

fn is_unique_violation(error: &StoreError) -> bool {
    matches!(error, StoreError::Database(rusqlite::Error::SqliteFailure(failure, _))
        if failure.code == rusqlite::ErrorCode::ConstraintViolation)
}

fn conflict(error: StoreError) -> StoreError {
    if is_unique_violation(&error) { StoreError::Conflict } else { error }
}

pub(crate) fn taken(error: StoreError, what: &str) -> StoreError {
    if is_unique_violation(&error) { StoreError::Taken(what.to_owned()) } else { error }
}

/// What must be unique over all streams.
fn claim(recorded: &Recorded) -> Option<Vec<(&'static str, String)>> {
    match &recorded.fact {
        Fact::Project(ProjectFact::Registered { code, .. }) => {
            Some(vec![("project-code", code.to_string())])
        }
        Fact::Application(_, ApplicationFact::Submitted { number, cases, .. }) => {
            let mut claims = vec![("application-number", number.clone())];
            claims.extend(cases.iter().map(|opened| ("case-number", opened.number.clone())));
            Some(claims)
        }
        Fact::Case(_, CaseFact::Decided(decision)) => {
            decision.document.clone().map(|number| vec![("document-number", number)])
        }
        Fact::Project(_)
        | Fact::Application(..)
        | Fact::Case(..)
        | Fact::PackPublished { .. }
        | Fact::Organisation(_)
        | Fact::Credit(_) => None,
    }
}

/// Statements that turn the old rows into the new ones.
fn difference(old: &Rows, new: &Rows) -> Vec<(&'static str, Vec<Value>)> {
    let mut statements = Vec::new();
    for ((table, key), row) in old {
        if new.get(&(*table, key.clone())) != Some(row) {
            statements.push((table.delete(), key.clone()));
        }
    }
    for ((table, key), row) in new {
        if old.get(&(*table, key.clone())) != Some(row) {
            statements.push((table.insert(), row.clone()));
        }
    }
    statements
}

/// Rows by table, for verification.
pub(crate) fn rows_by_table(rows: Rows) -> BTreeMap<crate::projection::Table, Vec<Vec<Value>>> {
    let mut tables: BTreeMap<_, Vec<Vec<Value>>> = BTreeMap::new();
    for ((table, _), row) in rows {
        tables.entry(table).or_default().push(row);
    }
    tables
}
