//! The two databases a node can stand on, behind one way to run statements: SQLite in the data
//! directory for one process, PostgreSQL for several. Statements are written once, in the part of
//! SQL that both understand; parameters are `$1`, `$2` ….

mod copy;
mod in_clear;
mod plan;
pub(crate) mod postgres;
pub(crate) mod readers;
mod row;
mod schema;
pub(crate) mod sqlite;
#[cfg(test)]
mod statements;
mod value;
pub(crate) mod writer;

use std::path::{Path, PathBuf};

pub(crate) use copy::copy;
pub(crate) use in_clear::IN_CLEAR;
pub(crate) use plan::stored_head;
pub(crate) use row::Row;
pub(crate) use schema::check as check_schema;
pub(crate) use value::Value;

use crate::error::StoreError;

/// Where the database of a node is.
#[derive(Clone)]
pub(crate) enum Source {
    /// A file.
    Sqlite(PathBuf),
    /// A database on a server.
    Postgres(postgres::Server),
}

impl Source {
    /// Of a data directory, or on the server that is named.
    pub(crate) fn of(data: &Path, server: Option<&str>) -> Result<Self, StoreError> {
        match server {
            None => Ok(Self::Sqlite(data.join("node.db"))),
            Some(text) => Ok(Self::Postgres(postgres::Server::named(text)?)),
        }
    }

    /// A connection that writes; the schema is brought up to this program's.
    pub(crate) fn writer(&self) -> Result<Connection, StoreError> {
        let connection = match self {
            Self::Sqlite(path) => Connection::Sqlite(sqlite::open_writer(path)?),
            Self::Postgres(server) => Connection::Postgres(server.connect()?),
        };
        schema::migrate(&connection)?;
        Ok(connection)
    }

    /// A connection that cannot write.
    pub(crate) fn reader(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(path) => Ok(Connection::Sqlite(sqlite::open_reader(path)?)),
            Self::Postgres(server) => Ok(Connection::Postgres(server.connect_to_read()?)),
        }
    }

    /// Whether other processes write to the same database.
    pub(crate) const fn is_shared(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(_) => true,
        }
    }
}

/// A connection to one of the databases.
pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(postgres::Session),
}

impl Connection {
    /// The first fault in the file of the database, as the engine finds it. A server looks after
    /// its own files.
    ///
    /// # Errors
    /// When it cannot be read at all.
    pub(crate) fn damage(&self) -> Result<Option<String>, StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::damage(connection),
            Self::Postgres(_) => Ok(None),
        }
    }

    /// Writes the database anew without what was deleted from it.
    pub(crate) fn compact(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => self.run("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"),
            Self::Postgres(_) => self.run("VACUUM FULL"),
        }
    }

    /// Whether it is of no use any more: the server went away.
    pub(crate) fn is_lost(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(session) => session.is_lost(),
        }
    }

    /// Runs statements without values, which are no portable SQL.
    pub(crate) fn run(&self, text: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(text)?),
            Self::Postgres(session) => session.run(text),
        }
    }

    /// A transaction that keeps all of it or nothing.
    pub(crate) fn transaction<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.within("BEGIN IMMEDIATE", "BEGIN", work)
    }

    /// A transaction beside which no other of these is run, on any process.
    pub(crate) fn alone<T>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.transaction(|connection| {
            if let Self::Postgres(_) = connection {
                connection.run("LOCK TABLE schema_version")?;
            }
            work(connection)
        })
    }

    /// Reads that all see the database as of one moment.
    pub(crate) fn snapshot<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.within("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)
    }

    fn within<T, E: From<StoreError>>(
        &self,
        sqlite: &str,
        postgres: &str,
        work: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        })?;
        match work(self) {
            Ok(value) => {
                self.run("COMMIT")?;
                Ok(value)
            }
            Err(error) => {
                self.roll_back()?;
                Err(error)
            }
        }
    }

    fn roll_back(&self) -> Result<(), StoreError> {
        match self {
            // Of some failures the database rolls back by itself.
            Self::Sqlite(connection) if connection.is_autocommit() => Ok(()),
            // Whatever a lost session did not commit is gone with it.
            Self::Postgres(session) if session.is_lost() => Ok(()),
            Self::Sqlite(_) | Self::Postgres(_) => self.run("ROLLBACK"),
        }
    }
}

/// Runs a statement that changes rows; gives how many.
pub(crate) fn execute(
    connection: &Connection,
    sql: &'static str,
    values: &[Value],
) -> Result<u64, StoreError> {
    match connection {
        Connection::Sqlite(connection) => sqlite::execute(connection, sql, values),
        Connection::Postgres(session) => session.execute(sql, values),
    }
}

/// Runs a query and hands over row by row, until one fails. The connection runs nothing else in
/// between.
pub(crate) fn each<E: From<StoreError>>(
    connection: &Connection,
    sql: &'static str,
    values: &[Value],
    take: impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    match connection {
        Connection::Sqlite(connection) => sqlite::each(connection, sql, values, take),
        Connection::Postgres(session) => session.each(sql, values, take),
    }
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
