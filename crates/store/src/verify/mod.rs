//! Verification: read the journal again, rebuild its tree, check what was signed, fold every
//! stream, and compare what was derived with what is stored. It stops at the first difference.

mod journal;
mod rows;
mod vault;

pub(crate) use rows::project_messages;

use tongban_domain::catalog::Catalog;
use tongban_journal::{Origin, PublicKeys, Roots, SignedCheckpoint};

use crate::{engine::Connection, error::StoreError, node::Store};

/// What was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Facts read and hashed.
    pub facts: u64,
    /// Checkpoints whose roots and signatures were checked.
    pub checkpoints: u64,
    /// Facts that the last of them covers; those after it are not signed yet.
    pub signed: u64,
    /// Catalogue packs compared with the digests under which they were published.
    pub packs: u64,
    /// Projects folded.
    pub projects: u64,
    /// Projection rows compared.
    pub rows: u64,
    /// Messages compared.
    pub messages: u64,
    /// Sealed values compared with the digests in the facts.
    pub sealed: u64,
    /// Encrypted rows that were not read, because their key is not beside the node.
    pub unread: u64,
    /// Uploaded files compared with their digests.
    pub files: u64,
    /// The roots of the tree.
    pub roots: Roots,
}

/// The first difference found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// A fact is missing, or out of order.
    #[error("journal: expected position {expected}, found {found}")]
    Position {
        /// Expected.
        expected: u64,
        /// Found.
        found: u64,
    },
    /// The bytes of a fact are not canonical or cannot be read.
    #[error("journal position {position}: {fault}")]
    Fact {
        /// Where.
        position: u64,
        /// What.
        fault: String,
    },
    /// The bytes of a fact are not those that were hashed when it was written.
    #[error("journal position {position}: the fact is not the one that was written")]
    Leaf {
        /// Where.
        position: u64,
    },
    /// The columns by which a fact is found name another stream or version than the fact itself.
    #[error("journal position {position}: the row names another stream or version than its fact")]
    Misplaced {
        /// Where.
        position: u64,
    },
    /// A stored subtree is not that of the facts, though each fits its own hash: facts and hashes
    /// were changed together.
    #[error("journal positions {first} to {last}: facts and their hashes were changed")]
    Subtree {
        /// First position.
        first: u64,
        /// Last position.
        last: u64,
    },
    /// What was signed is not what the journal holds.
    #[error(
        "checkpoint of {size} facts: {fault}; the journal was changed at or before position {size}"
    )]
    Checkpoint {
        /// Number of facts it covers.
        size: u64,
        /// What.
        fault: String,
    },
    /// The tree over the facts is not the stored one: facts at the end are missing or new.
    #[error("the hash tree over the facts is not the one that was committed")]
    Tree,
    /// The file of the database is damaged where no row shows it.
    #[error("the file of the database: {fault}")]
    Database {
        /// What the engine found.
        fault: String,
    },
    /// A row differs.
    #[error("table {table}, row {row}: the journal says {expected}, stored is {stored}")]
    Row {
        /// Table.
        table: &'static str,
        /// Place of the row in key order.
        row: usize,
        /// From the journal.
        expected: String,
        /// As stored.
        stored: String,
    },
    /// A cell of the vault cannot be read.
    #[error("{column} of row {row}: the cell is damaged or belongs elsewhere")]
    Cell {
        /// Table and column.
        column: &'static str,
        /// Key of the row, hexadecimal.
        row: String,
    },
    /// A sealed value is not the one whose digest is in the journal.
    #[error("sealed value {id}: it is not the one that was sealed")]
    Sealed {
        /// Its id, in hexadecimal digits.
        id: String,
    },
    /// Keys were given, and nothing is signed with them.
    #[error("no checkpoint is signed with the keys of epoch {epoch} of node {node}")]
    Unsigned {
        /// The node.
        node: u32,
        /// The epoch.
        epoch: u32,
    },
    /// A catalogue pack is not the one that was published.
    #[error("catalogue pack {digest}: it is not the one that was published")]
    Pack {
        /// The digest under which it is stored, in hexadecimal digits.
        digest: String,
    },
    /// An uploaded file is missing or changed.
    #[error("file {id}: it is missing, or not what was uploaded")]
    File {
        /// Its id.
        id: String,
    },
}

/// Why verification stopped.
pub(crate) enum Stop {
    Different(Difference),
    Failed(StoreError),
}

impl From<Difference> for Stop {
    fn from(difference: Difference) -> Self {
        Self::Different(difference)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// What to check beyond what is in the database.
#[derive(Debug, Clone, Default)]
pub struct VerifyOptions {
    /// Keys kept outside of the node: something has to be signed with each. Checkpoints of other
    /// epochs are checked with the keys that are stored.
    pub keys: Vec<PublicKeys>,
    /// Checkpoints kept outside of the node: whoever changed the node could not change them.
    pub checkpoints: Vec<SignedCheckpoint>,
    /// Read every uploaded file.
    pub files: bool,
}

impl VerifyOptions {
    fn keys_of(&self, origin: Origin) -> Option<&PublicKeys> {
        self.keys.iter().find(|keys| keys.origin == origin)
    }
}

impl Store {
    /// Folds the journal and compares.
    ///
    /// # Errors
    /// The outer error when the database cannot be read; the inner is the first difference.
    pub fn verify(
        &self,
        options: &VerifyOptions,
    ) -> Result<Result<Report, Difference>, StoreError> {
        let catalog = self.catalog()?;
        let verified = self.read(|connection| {
            Ok(connection.snapshot(|connection| verify(connection, self, &catalog, options)))
        })?;
        let checked = verified.and_then(|mut report| {
            if options.files {
                report.files = self.verify_files()?;
            }
            Ok(report)
        });
        match checked {
            Ok(report) => Ok(Ok(report)),
            Err(Stop::Different(difference)) => Ok(Err(difference)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }
}

fn verify(
    connection: &Connection,
    store: &Store,
    catalog: &Catalog,
    options: &VerifyOptions,
) -> Result<Report, Stop> {
    let (read, noted) = journal::verify(connection, store.inner.node, options)?;
    let folded = rows::verify(connection, catalog)?;
    vault::verify_references(connection, &noted)?;
    // What no row of ours shows: pages that no question reads, indexes that leave a row out.
    if let Some(fault) = connection.damage()? {
        return Err(Difference::Database { fault }.into());
    }
    let cells = vault::verify(connection, &store.inner.vault, &noted)?;
    Ok(Report {
        facts: read.roots.size,
        checkpoints: read.checkpoints,
        signed: read.signed,
        packs: vault::verify_packs(connection)?,
        projects: folded.projects,
        rows: folded.rows,
        messages: folded.messages,
        sealed: cells.sealed,
        unread: cells.unread,
        files: 0,
        roots: read.roots,
    })
}
