//! How a node is opened.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use crate::{clock::Clock, engine::writer, scanner::Scanner, seals::SealService};

/// How to open a node.
pub struct NodeOptions {
    /// The data directory; made when missing.
    pub data: PathBuf,
    /// Number of the node in the province.
    pub node: u32,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Seed of ids and salts; none for the machine's randomness.
    pub seed: Option<u64>,
    /// A PostgreSQL database as `postgresql://user@/name?host=folder`, which several processes
    /// may share; none for SQLite in the data directory.
    pub database: Option<String>,
    /// Most changes in one transaction.
    pub group: usize,
    /// Holds the seals of documents; none for keys in the data directory.
    pub seals: Option<Arc<dyn SealService>>,
    /// Looks at every upload; none where that is not wanted.
    pub scanner: Option<Arc<dyn Scanner>>,
    /// Registers of others that a worker asks, by the names the catalogue gives them.
    pub registers: BTreeSet<String>,
}

impl NodeOptions {
    /// A node on SQLite in its data directory.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>, node: u32, clock: Arc<dyn Clock>) -> Self {
        let group = writer::GROUP;
        let (seed, database, seals, scanner) = (None, None, None, None);
        let registers = BTreeSet::new();
        Self { data: data.into(), node, clock, seed, database, group, seals, scanner, registers }
    }

    /// The same with ids and salts from a seed.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The same with seals that are held elsewhere (UKey、印章服务).
    #[must_use]
    pub fn sealing_with(mut self, seals: Arc<dyn SealService>) -> Self {
        self.seals = Some(seals);
        self
    }

    /// The same with uploads looked at by a scanner.
    #[must_use]
    pub fn scanned_by(mut self, scanner: Arc<dyn Scanner>) -> Self {
        self.scanner = Some(scanner);
        self
    }

    /// The same with registers of others that a worker asks, by the names the catalogue gives them.
    #[must_use]
    pub fn asking(mut self, registers: impl IntoIterator<Item = String>) -> Self {
        self.registers.extend(registers);
        self
    }

    /// The same on a PostgreSQL database, if one is named.
    #[must_use]
    pub fn on(mut self, database: Option<String>) -> Self {
        self.database = database;
        self
    }
}
