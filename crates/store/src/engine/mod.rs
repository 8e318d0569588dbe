//! SQLite: opening with full durability, values, and the one helper that runs statements.

pub(crate) mod readers;
pub(crate) mod writer;

use std::{cell::RefCell, collections::HashMap, path::Path, rc::Rc};

use rusqlite::{Connection, OpenFlags, Row, types::ToSql};

use crate::error::StoreError;

/// The schema, step by step: a data directory of an older program takes the steps it lacks.
const STEPS: [&str; 4] = [
    include_str!("schema.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
    include_str!("schema-4.sql"),
];

/// The step with which the hash tree came.
const TREE_STEP: i64 = 3;

/// A value of a column. The same four kinds exist on both engines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl Value {
    pub(crate) fn from_column(row: &Row<'_>, column: usize) -> rusqlite::Result<Self> {
        use rusqlite::types::ValueRef;
        Ok(match row.get_ref(column)? {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Int(number),
            ValueRef::Text(text) => Self::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Self::Blob(bytes.to_vec()),
            ValueRef::Real(number) => Self::Int(number as i64),
        })
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8; 16]> for Value {
    fn from(id: &[u8; 16]) -> Self {
        Self::Blob(id.to_vec())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

thread_local! {
    /// Rewritten statements by address and length of their text, which never moves.
    static TEXTS: RefCell<HashMap<(usize, usize), Rc<str>>> = RefCell::default();
}

/// SQLite numbers `$n` by first appearance, so the portable text is rewritten to `?n`.
fn sqlite_text(sql: &'static str) -> Rc<str> {
    TEXTS.with_borrow_mut(|texts| {
        let fresh = || sql.replace('$', "?").into();
        Rc::clone(texts.entry((sql.as_ptr().addr(), sql.len())).or_insert_with(fresh))
    })
}

/// Runs a statement that changes rows; gives how many.
pub(crate) fn execute(
    connection: &Connection,
    sql: &'static str,
    values: &[Value],
) -> Result<usize, StoreError> {
    let mut statement = connection.prepare_cached(&sqlite_text(sql))?;
    Ok(statement.execute(rusqlite::params_from_iter(values))?)
}

/// Runs a query and hands over row by row, until one fails.
pub(crate) fn each<E: From<StoreError> + From<rusqlite::Error>>(
    connection: &Connection,
    sql: &'static str,
    values: &[Value],
    mut take: impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = connection.prepare_cached(&sqlite_text(sql))?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}

/// Runs a query and reads every row.
pub(crate) fn query<T>(
    connection: &Connection,
    sql: &'static str,
    values: &[Value],
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    each(connection, sql, values, |row| {
        found.push(read(row)?);
        Ok::<(), StoreError>(())
    })?;
    Ok(found)
}

/// Reads sixteen bytes of an id.
pub(crate) fn id_bytes(row: &Row<'_>, column: usize) -> Result<[u8; 16], StoreError> {
    let bytes: Vec<u8> = row.get(column)?;
    bytes.try_into().map_err(|_| StoreError::Damaged("an id does not have 16 bytes".to_owned()))
}

/// Reads an optional id.
pub(crate) fn optional_id(row: &Row<'_>, column: usize) -> Result<Option<[u8; 16]>, StoreError> {
    let bytes: Option<Vec<u8>> = row.get(column)?;
    let damaged = |_| StoreError::Damaged("an id does not have 16 bytes".to_owned());
    bytes.map(|bytes| bytes.try_into().map_err(damaged)).transpose()
}

/// Opens the writing connection: write-ahead log, every commit flushed. Less is an error.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
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
    migrate(&connection)?;
    Ok(connection)
}

fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = STEPS.len() as i64;
    if !(0..=known).contains(&found) {
        return Err(StoreError::Newer { found, known });
    }
    for (step, sql) in (1..).zip(STEPS).skip(found as usize) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        connection.execute_batch(sql)?;
        if step == TREE_STEP {
            crate::tree::fill(connection)?;
        }
        connection.execute_batch(&format!("PRAGMA user_version = {step}; COMMIT"))?;
    }
    Ok(())
}

/// Refuses a database that is not written as this program writes it.
pub(crate) fn check_schema(connection: &Connection) -> Result<(), StoreError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = STEPS.len() as i64;
    match found.cmp(&known) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(StoreError::Older { found, known }),
        std::cmp::Ordering::Greater => Err(StoreError::Newer { found, known }),
    }
}

/// Opens a connection that cannot write.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.execute_batch("PRAGMA cache_size = -32768; PRAGMA query_only = ON;")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}
