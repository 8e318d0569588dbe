//! What a change brings to the journal: its facts get their positions, the tree its leaves, the
//! outbox its messages. The same for both engines, as statements still to be run.

use tongban_domain::fact::StreamId;
use tongban_journal::{Frontier, LeafHashes};

use super::{Connection, Row, Value, execute, query};
use crate::{
    change::{Change, Expects, Head, NewFact, Statement},
    database_error::is_unique_violation,
    error::StoreError,
    tree,
};

/// The last fact of a stream, as a query for one or for many finds it: version, leaf.
pub(super) fn read_head(row: &Row<'_>, column: usize) -> Result<Head, StoreError> {
    let leaf: Vec<u8> = row.get(column + 1)?;
    let leaf =
        LeafHashes::from_bytes(&leaf).map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(Head { version: row.get::<i64>(column)? as u64, leaf: Some(leaf) })
}

/// The last fact of a stream as it is stored.
pub(crate) fn stored_head(connection: &Connection, stream: StreamId) -> Result<Head, StoreError> {
    const LAST: &str = "SELECT version, leaf FROM facts WHERE stream_kind = $1 AND stream = $2 \
                        ORDER BY version DESC LIMIT 1";
    let stream = [(stream.kind as i64).into(), (&stream.id).into()];
    let found = query(connection, LAST, &stream, |row| read_head(row, 0))?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// What is written for a change before its own statements.
pub(super) struct Planned {
    pub(super) statements: Vec<Statement>,
    /// Where its streams end afterwards.
    pub(super) heads: Vec<(StreamId, Head)>,
}

/// Gives positions to the facts of a change.
///
/// # Errors
/// [`StoreError::Conflict`] when the change was decided on another state of its stream; then the
/// edge is as it was.
pub(super) fn plan(
    change: &Change,
    frontier: &mut Frontier,
    mut head_of: impl FnMut(StreamId) -> Result<Head, StoreError>,
) -> Result<Planned, StoreError> {
    let position = frontier.size() as i64 + 1;
    let mut planned = Planned { statements: Vec::new(), heads: Vec::new() };
    if let (Some(first), Some(last)) = (change.facts.first(), change.facts.last()) {
        // An act that was built on one that failed, or beside one of another process, must fail
        // as well: versions alone would not tell.
        if head_of(first.stream)? != change.after {
            return Err(StoreError::Conflict);
        }
        planned.heads.push((last.stream, last.head()));
    }
    for fact in &change.facts {
        append(&mut planned.statements, frontier, fact);
    }
    for recorded in &change.appended {
        let stream = recorded.envelope.stream;
        let known = planned.heads.iter().rev().find(|(own, _)| *own == stream);
        let last = known.map_or_else(|| head_of(stream), |(_, head)| Ok(*head))?;
        let mut recorded = recorded.clone();
        recorded.envelope.version = last.version + 1;
        let fact = NewFact::of(&recorded);
        planned.heads.push((stream, fact.head()));
        append(&mut planned.statements, frontier, &fact);
    }
    for (place, message) in change.messages.iter().enumerate() {
        const SEND: &str = "INSERT INTO messages (position, place, recipient, act, project, \
                            application, case_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let mut values = vec![position.into(), (place as i64).into()];
        values.extend_from_slice(message);
        planned.statements.push(Statement { sql: SEND, values, expects: Expects::Anything });
    }
    Ok(planned)
}

fn append(statements: &mut Vec<Statement>, frontier: &mut Frontier, fact: &NewFact) {
    const APPEND: &str = "INSERT INTO facts (node, position, stream_kind, stream, version, bytes, leaf) \
                          VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tree::append(statements, frontier, fact.node, fact.leaf);
    let values = vec![
        i64::from(fact.node).into(),
        (frontier.size() as i64).into(),
        (fact.stream.kind as i64).into(),
        (&fact.stream.id).into(),
        (fact.version as i64).into(),
        Value::Blob(fact.bytes.clone()),
        Value::Blob(fact.leaf.to_bytes().to_vec()),
    ];
    statements.push(Statement { sql: APPEND, values, expects: Expects::Anything });
}

/// The edge of the tree, to be kept with what was appended.
pub(super) fn keep_frontier(frontier: &Frontier) -> Statement {
    const SAVE: &str = "INSERT INTO meta (name, value) VALUES ('frontier', $1) \
                        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    let values = vec![Value::Blob(frontier.to_bytes())];
    Statement { sql: SAVE, values, expects: Expects::Anything }
}

/// Runs a statement and sees that it did what was expected.
pub(super) fn run(connection: &Connection, statement: &Statement) -> Result<(), StoreError> {
    let done = execute(connection, statement.sql, &statement.values);
    fulfilled(&statement.expects, done)
}

/// Whether a statement did what was expected.
pub(super) fn fulfilled(
    expects: &Expects,
    done: Result<u64, StoreError>,
) -> Result<(), StoreError> {
    match expects {
        Expects::Anything => done.map(drop),
        Expects::Free(what) => done.map(drop).map_err(|error| {
            if is_unique_violation(&error) { StoreError::Taken(what.clone()) } else { error }
        }),
        Expects::OneRow => match done? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict),
        },
    }
}

/// Whether it is a change that cannot be written, and not the database that failed.
pub(super) fn is_refusal(error: &StoreError) -> bool {
    matches!(error, StoreError::Taken(_) | StoreError::Conflict)
        || is_unique_violation(error)
        || error.is_of_values()
}
