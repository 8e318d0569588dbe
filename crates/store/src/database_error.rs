//! What the databases say when they fail, and what it means for the one who asked.

use crate::error::StoreError;

/// What a database says when it fails.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// SQLite.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    /// PostgreSQL. Only its main message: the details may name persons.
    #[error("{message} ({state})")]
    Postgres {
        /// SQLSTATE.
        state: String,
        /// The main message.
        message: String,
    },
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            Some(rusqlite::ErrorCode::DatabaseBusy) => {
                Self::Unavailable("another program holds it".to_owned())
            }
            Some(_) if is_without_room(&error) => Self::DiskFull,
            Some(_) | None => Self::Database(DatabaseError::Sqlite(error)),
        }
    }
}

/// A quota that is used up, or no room for the file that readers and the writer share: nothing was
/// written, as on a full disk. A flush that fails is another thing.
fn is_without_room(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE};
    error.sqlite_error().is_some_and(|failure| {
        [SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE].contains(&failure.extended_code)
    })
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        use std::error::Error as _;
        let Some(said) = error.as_db_error() else {
            let lost =
                error.is_closed() || error.source().is_some_and(|it| it.is::<std::io::Error>());
            let message = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            return if lost {
                Self::Unavailable(message)
            } else {
                Self::Database(DatabaseError::Postgres { state: "client".to_owned(), message })
            };
        };
        let (state, message) = (said.code().code().to_owned(), said.message().to_owned());
        match state.as_str() {
            "53100" => Self::DiskFull,
            // Shut down, starting up, idle for too long, read only after a failover, cancelled.
            "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25006" | "57014" | "55P03" => {
                Self::Unavailable(message)
            }
            // No such connection; no memory, no connections left.
            _ if state.starts_with("08") || state.starts_with("53") => Self::Unavailable(message),
            _ => Self::Database(DatabaseError::Postgres { state, message }),
        }
    }
}

impl StoreError {
    fn state(&self) -> Option<&str> {
        let Self::Database(DatabaseError::Postgres { state, .. }) = self else { return None };
        Some(state)
    }

    /// Whether the server took a transaction back for the sake of another: serialization failure,
    /// deadlock.
    pub(crate) fn is_taken_back(&self) -> bool {
        matches!(self.state(), Some("40001" | "40P01"))
    }

    /// Whether it is the values of one change that a database cannot take: too long for an index,
    /// a character that is none, a rule that is broken.
    pub(crate) fn is_of_values(&self) -> bool {
        let class = self.state().map(|state| &state[..state.len().min(2)]);
        matches!(class, Some("22" | "23" | "54"))
    }

    /// Whether the next change may succeed where this one failed.
    pub(crate) const fn passes(&self) -> bool {
        matches!(self, Self::DiskFull | Self::Unavailable(_) | Self::Unknown)
    }

    /// Whether it only keeps from writing: what is read is still good.
    pub(crate) const fn is_of_writing(&self) -> bool {
        matches!(self, Self::DiskFull | Self::Stopped | Self::Unknown)
    }

    /// What everybody is told whose change was in a group that failed.
    pub(crate) fn for_everybody(&self) -> Self {
        if let Self::Unavailable(why) = self {
            return Self::Unavailable(why.clone());
        }
        if matches!(self, Self::DiskFull) {
            return Self::DiskFull;
        }
        if matches!(self, Self::Unknown) { Self::Unknown } else { Self::Stopped }
    }
}

/// Whether a row was refused because its key, or a value that must be unique, is there already.
pub(crate) fn is_unique_violation(error: &StoreError) -> bool {
    let StoreError::Database(error) = error else { return false };
    match error {
        DatabaseError::Sqlite(rusqlite::Error::SqliteFailure(failure, _)) => {
            failure.code == rusqlite::ErrorCode::ConstraintViolation
        }
        DatabaseError::Sqlite(_) => false,
        // The second also when one statement for a list meets a key twice.
        DatabaseError::Postgres { state, .. } => matches!(state.as_str(), "23505" | "21000"),
    }
}
