//! What can go wrong with the database of a node.

/// Why a verb of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
    /// A file or folder could not be read or written.
    #[error("a file of the node could not be read or written")]
    File(#[from] std::io::Error),
    /// Stored bytes cannot be read.
    #[error("what is stored cannot be read: {0}")]
    Damaged(String),
    /// The data directory is of a program newer than this one.
    #[error(
        "the data directory has schema version {found}, this program knows {known}: start a newer program"
    )]
    Newer {
        /// Version found.
        found: i64,
        /// Version known.
        known: i64,
    },
    /// The database does not hold what it was set to; acknowledged acts would not be durable.
    #[error(
        "the database cannot be opened with {0}; acknowledged acts would not survive a power cut"
    )]
    NotDurable(&'static str),
    /// The catalogue of the node is missing.
    #[error("the node has no catalogue: publish a pack first")]
    NoCatalogue,
    /// The pack is not sound; nothing of it was taken over.
    #[error("the pack is refused: {} problems, first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    BadPack(Vec<tongban_domain::catalog::Problem>),
    /// A pack would have taken effect before today; running cases keep what they were promised.
    #[error("a pack cannot take effect on {0}: that day is past")]
    PackInThePast(tongban_domain::time::Day),
    /// An earlier write failed; the node must be restarted before it writes again.
    #[error("the node stopped writing after a failure: restart it")]
    Stopped,
    /// Somebody else's value: a code, number or name that must be unique.
    #[error("{0} is taken already")]
    Taken(String),
    /// The stream grew since it was read.
    #[error("somebody else acted at the same time")]
    Conflict,
}

/// Whether a row was refused because its key, or a value that must be unique, is there already.
pub(crate) fn is_unique_violation(error: &StoreError) -> bool {
    matches!(error, StoreError::Database(rusqlite::Error::SqliteFailure(failure, _))
        if failure.code == rusqlite::ErrorCode::ConstraintViolation)
}
