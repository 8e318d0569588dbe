//! SQLite: opening with full durability, and running statements.

use std::{cell::RefCell, collections::HashMap, path::Path, rc::Rc, time::Duration};

use rusqlite::{Connection, OpenFlags};

use super::{Row, Value};
use crate::error::StoreError;

/// How long to wait for another connection that holds the lock.
const BUSY: Duration = Duration::from_secs(10);

thread_local! {
    /// Rewritten statements by address and length of their text, which never moves.
    static TEXTS: RefCell<HashMap<(usize, usize), Rc<str>>> = RefCell::default();
}

/// SQLite numbers `$n` by first appearance, so the portable text is rewritten to `?n`.
fn own_text(sql: &'static str) -> Rc<str> {
    TEXTS.with_borrow_mut(|texts| {
        let fresh = || sql.replace('$', "?").into();
        Rc::clone(texts.entry((sql.as_ptr().addr(), sql.len())).or_insert_with(fresh))
    })
}

pub(super) fn execute(
    connection: &Connection,
    sql: &'static str,
    values: &[Value],
) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(&own_text(sql))?;
    Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
}

pub(super) fn each<E: From<StoreError>>(
    connection: &Connection,
    sql: &'static str,
    values: &[Value],
    mut take: impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = connection.prepare_cached(&own_text(sql)).map_err(StoreError::from)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(StoreError::from)?;
    while let Some(row) = rows.next().map_err(StoreError::from)? {
        take(&Row::Sqlite(row))?;
    }
    Ok(())
}

/// The first fault in the pages of the file, its indexes and its free pages; none when it is whole.
pub(super) fn damage(connection: &Connection) -> Result<Option<String>, StoreError> {
    let told: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok((told != "ok").then_some(told))
}

/// Opens the writing connection: write-ahead log, every commit flushed. Less is an error.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::NotDurable("a write-ahead log"));
    }
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    let synchronous: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
    if synchronous < 2 {
        return Err(StoreError::NotDurable("synchronous = FULL"));
    }
    connection.execute_batch(
        "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;",
    )?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Opens a connection that cannot write.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.execute_batch("PRAGMA cache_size = -32768; PRAGMA query_only = ON;")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// An empty database that is gone with the connection.
pub(super) fn in_memory() -> Result<Connection, StoreError> {
    Ok(Connection::open_in_memory()?)
}

/// The tables of a database with their columns, in order.
pub(super) fn tables(of: &super::Connection) -> Result<Vec<(String, Vec<String>)>, StoreError> {
    const ALL: &str = "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
                       WHERE m.type = 'table' ORDER BY m.name, c.cid";
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for (table, column) in super::query(of, ALL, &[], |row| Ok((row.get(0)?, row.get(1)?)))? {
        match tables.last_mut() {
            Some((last, columns)) if *last == table => columns.push(column),
            Some(_) | None => tables.push((table, vec![column])),
        }
    }
    Ok(tables)
}

/// The whole database into a new file, as of one moment, while others write.
pub(crate) fn copy_into(from: &Path, to: &Path) -> Result<(), StoreError> {
    let connection = open_reader(from)?;
    // A copy is no change, but the pragma would refuse it.
    connection.execute_batch("PRAGMA query_only = OFF")?;
    connection.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    Ok(())
}
