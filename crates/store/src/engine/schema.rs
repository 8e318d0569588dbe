//! The schema, step by step: a database of an older program takes the steps it lacks. It is
//! written once, for SQLite; for PostgreSQL the names of types are put in their place.

use super::{Connection, Value, execute, query};
use crate::error::StoreError;

const STEPS: [&str; 15] = [
    include_str!("schema/1-node.sql"),
    include_str!("schema/2-pack-draft.sql"),
    include_str!("schema/3-tree.sql"),
    include_str!("schema/4-queues.sql"),
    include_str!("schema/5-documents.sql"),
    include_str!("schema/6-vault.sql"),
    include_str!("schema/7-access.sql"),
    include_str!("schema/8-uploads.sql"),
    include_str!("schema/9-registers.sql"),
    include_str!("schema/10-systems.sql"),
    include_str!("schema/11-offices.sql"),
    include_str!("schema/12-logins.sql"),
    include_str!("schema/13-offices-by-level.sql"),
    include_str!("schema/14-agents.sql"),
    include_str!("schema/15-sessions.sql"),
];

/// The step with which the hash tree came.
const TREE_STEP: i64 = 3;

/// The step with which personal data became cells.
const VAULT_STEP: i64 = 6;

/// The text of a step as PostgreSQL reads it. Texts are ordered by their bytes, as in SQLite.
fn for_postgres(step: &str) -> String {
    let lines = step.lines().map(|line| line.split("--").next().unwrap_or_default());
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    text.replace(" STRICT, WITHOUT ROWID", "")
        .replace(" INTEGER", " BIGINT")
        .replace(" BLOB", " BYTEA")
        .replace(" TEXT", " TEXT COLLATE \"C\"")
}

/// Takes the steps that are missing.
pub(super) fn migrate(connection: &Connection) -> Result<(), StoreError> {
    if let Connection::Postgres(session) = connection
        && !session.has_table("schema_version")?
    {
        const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)";
        match connection.run(CREATE) {
            // Another process that starts at the same moment may be the one that makes it.
            Err(StoreError::Database(_)) if session.has_table("schema_version")? => {}
            made => made?,
        }
    }
    let (found, known) = (version(connection)?, STEPS.len() as i64);
    if !(0..=known).contains(&found) {
        return Err(StoreError::Newer { found, known });
    }
    for (step, sql) in (1..).zip(STEPS).skip(found as usize) {
        connection.alone(|connection| take_step(connection, step, sql))?;
    }
    Ok(())
}

fn take_step(connection: &Connection, step: i64, sql: &str) -> Result<(), StoreError> {
    const NOTE: &str = "INSERT INTO schema_version (version) VALUES ($1)";
    // Of processes that start together the second finds nothing to do.
    if version(connection)? >= step {
        return Ok(());
    }
    match connection {
        Connection::Sqlite(_) => connection.run(sql)?,
        Connection::Postgres(_) => connection.run(&for_postgres(sql))?,
    }
    if step == TREE_STEP {
        crate::tree::fill(connection)?;
    }
    if step == VAULT_STEP {
        super::in_clear::carry_over(connection)?;
    }
    match connection {
        Connection::Sqlite(_) => connection.run(&format!("PRAGMA user_version = {step}")),
        Connection::Postgres(_) => execute(connection, NOTE, &[Value::Int(step)]).map(drop),
    }
}

/// Refuses a database that is not written as this program writes it.
pub(crate) fn check(connection: &Connection) -> Result<(), StoreError> {
    let (found, known) = (version(connection)?, STEPS.len() as i64);
    match found.cmp(&known) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(StoreError::Older { found, known }),
        std::cmp::Ordering::Greater => Err(StoreError::Newer { found, known }),
    }
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    match connection {
        Connection::Sqlite(connection) => {
            Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
        }
        Connection::Postgres(_) => {
            const LAST: &str = "SELECT COALESCE(MAX(version), 0) FROM schema_version";
            let found = query(connection, LAST, &[], |row| row.get(0))?;
            Ok(found.first().copied().unwrap_or_default())
        }
    }
}
