//! What can go wrong with the database of a node.

use std::path::PathBuf;

use crate::database_error::DatabaseError;

/// Why a verb of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("the database failed")]
    Database(#[source] DatabaseError),
    /// The database server cannot be reached. What was asked for did not happen.
    #[error("the database server cannot be reached ({0}): nothing was written; it is tried again")]
    Unavailable(String),
    /// The connection was lost while something was written, and nobody can tell whether it was.
    #[error(
        "the connection to the database was lost while writing: look whether it was written before you repeat it"
    )]
    Unknown,
    /// The name of the database is not one.
    #[error("the database is not named as postgresql://user@/name?host=folder: {0}")]
    BadDatabaseName(String),
    /// Nothing says how the server of the database is known.
    #[error(
        "nothing says how the server of the database is known: add sslmode=verify-full&sslrootcert=FILE to its name, the file with the certificates that vouch for it, or sslmode=disable where the network between them is yours alone"
    )]
    UnknownServer,
    /// The certificates a database server would be known by cannot be read.
    #[error("the certificates in {file} cannot be used: {why}")]
    BadCertificates {
        /// Which file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file or folder could not be read or written.
    #[error("a file of the node could not be read or written")]
    File(#[source] std::io::Error),
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
    /// There is no node in the folder.
    #[error("there is no node in {0}")]
    NoNode(PathBuf),
    /// The data directory is of an older program and only looked at.
    #[error(
        "the data directory has schema version {found}, this program {known}: start the node once with this program first"
    )]
    Older {
        /// Version found.
        found: i64,
        /// Version known.
        known: i64,
    },
    /// Something is in the way.
    #[error("{0} exists already: choose another folder, nothing is overwritten")]
    Exists(PathBuf),
    /// The folder is no backup.
    #[error(
        "{0} is no backup: it was not made by `tongban backup`; a data directory is served where it is"
    )]
    NoBackup(PathBuf),
    /// There is a node in the database already.
    #[error("there is a node in the database already: name an empty one, nothing is overwritten")]
    DatabaseInUse,
    /// A copy is only looked at.
    #[error("this copy is only looked at: nothing is written to it")]
    OnlyLooking,
    /// Another process has the data directory open.
    #[error("{0} is in use by another process: stop that one first")]
    InUse(PathBuf),
    /// The data directory is of another node.
    #[error(
        "the data directory is of node {found}, the configuration says {configured}: correct one of them"
    )]
    AnotherNode {
        /// Found.
        found: u32,
        /// Configured.
        configured: u32,
    },
    /// The data directory belongs to another user of the machine.
    #[error(
        "{folder} belongs to user {owner}, this process runs as {own}: run it as that user, or give the folder to this one"
    )]
    AnotherOwner {
        /// The folder.
        folder: PathBuf,
        /// Numeric id of its owner.
        owner: u32,
        /// Numeric id of this process.
        own: u32,
    },
    /// Nothing can be written in the data directory.
    #[error("nothing can be written in {0}: mount it for writing, or verify a copy of it instead")]
    ReadOnly(PathBuf),
    /// The folder holds parts of a node but no database.
    #[error(
        "{0} holds parts of a node, and its database is empty or missing: name the right one, or restore it from a backup"
    )]
    HalfWritten(PathBuf),
    /// Others can read the key of the journal.
    #[error("others can read {0}: take the permission away (chmod 600) and think about new keys")]
    KeyExposed(PathBuf),
    /// The key file is not the one with which this journal was signed.
    #[error(
        "journal.key is not the key with which this journal was signed: put the right one back, or restore the node from a backup"
    )]
    OtherKeys,
    /// A key of the vault is missing.
    #[error(
        "what is stored about persons is encrypted under key {0}, and persons/{0}.key is not beside the node: put the folder `persons` back, which is kept apart from the backups"
    )]
    PersonKeyMissing(u16),
    /// A key of the vault is not the one that was used.
    #[error(
        "the keys in the folder `persons` are not those of this database: put the right ones back"
    )]
    OtherPersonKey,
    /// A key of the vault that cannot be taken away.
    #[error(
        "key {number} of persons is in use: {cells} rows are encrypted under it, or it is the last one"
    )]
    PersonKeyInUse {
        /// Its number.
        number: u16,
        /// Rows under it.
        cells: u64,
    },
    /// A key could not sign.
    #[error(transparent)]
    Signing(#[from] tongban_journal::SigningFailed),
    /// The catalogue of the node is missing.
    #[error("the node has no catalogue: publish a pack first")]
    NoCatalogue,
    /// The pack is not sound; nothing of it was taken over.
    #[error("the pack is refused: {} problems, first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    BadPack(Vec<tongban_domain::catalog::Problem>),
    /// A pack would have taken effect before today; running cases keep what they were promised.
    #[error("a pack cannot take effect on {0}: that day is past")]
    PackInThePast(tongban_domain::time::Day),
    /// Files of a pack that are kept by another level of government.
    #[error("{} is not kept at the level of this office: leave it as it is, or ask the one above", .0.join(", "))]
    BeyondOffice(Vec<String>),
    /// A version that takes effect later would undo what is published for a day before it.
    #[error("another version takes effect on {0}: publish from that day on")]
    VersionToCome(tongban_domain::time::Day),
    /// An earlier write failed; the node must be restarted before it writes again.
    #[error("the node stopped writing after a failure: restart it")]
    Stopped,
    /// There is no room on the disk. What was asked for did not happen; it can be asked for again
    /// when there is room.
    #[error(
        "the disk or a quota is full: nothing was written; make room, and the node goes on by itself"
    )]
    DiskFull,
    /// The clock of the machine stands behind the last act by so many seconds.
    #[error(
        "the clock of the machine stands {0} seconds behind the last act: set it right; nothing is decided until then"
    )]
    ClockBehind(i64),
    /// Somebody else's value: a code, number or name that must be unique.
    #[error("{0} is taken already")]
    Taken(String),
    /// The stream grew since it was read.
    #[error("somebody else acted at the same time")]
    Conflict,
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        if [StorageFull, QuotaExceeded].contains(&error.kind()) {
            Self::DiskFull
        } else {
            Self::File(error)
        }
    }
}
