//! A node: its database, its clock, its catalogue, its departments.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, mpsc::Sender},
};

use rusqlite::Connection;
use tongban_domain::acts::Supply as _;
use tongban_domain::ids::SealedId;
use tongban_domain::{
    catalog::Catalog,
    credit::Credit,
    ids::ProjectId,
    organisation::Organisation,
    sealed::{Sealed, SealedValue},
    time::{Day, Instant},
};
use tongban_journal::{Frontier, Roots};

use crate::{
    acts::Entry,
    clock::Clock,
    engine::{
        self, Value, execute, query,
        readers::Readers,
        writer::{self, Job},
    },
    error::StoreError,
    packs::{Published, in_force},
    supply::{COUNTER_NAMES, NodeSupply},
};

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
}

/// A node's database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

/// All organisation facts folded, and the same as of one day.
pub(crate) type Organised = (Arc<Organisation>, Option<(Day, Arc<Organisation>)>);

pub(crate) struct Inner {
    pub(crate) data: PathBuf,
    pub(crate) node: u32,
    pub(crate) epoch: u32,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) readers: Readers,
    pub(crate) supply: Mutex<NodeSupply>,
    pub(crate) packs: RwLock<Vec<Published>>,
    /// Everything decided about departments, and how they stand on the last day asked for.
    pub(crate) organisation: RwLock<Organised>,
    pub(crate) credit: RwLock<Arc<Credit>>,
    /// Held while an act that belongs to no project is decided and written: the second of two
    /// alike sees the first.
    pub(crate) node_acts: Mutex<()>,
    pub(crate) cache: Mutex<HashMap<ProjectId, Arc<Mutex<Entry>>>>,
    writer: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
}

/// A value behind a lock whose holder panicked was left whole: every critical section here
/// only replaces values.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    /// Opens a node, making its data directory when it is missing.
    ///
    /// # Errors
    /// When the directory cannot be used, is newer than this program, or not durable.
    pub fn open(options: NodeOptions) -> Result<Self, StoreError> {
        std::fs::create_dir_all(options.data.join("files"))?;
        let path = options.data.join("node.db");
        let connection = engine::open_writer(&path)?;
        let frontier = match meta(&connection, "frontier")? {
            Some(bytes) => Frontier::from_bytes(&bytes)
                .map_err(|error| StoreError::Damaged(error.to_string()))?,
            None => Frontier::default(),
        };
        let epoch = match meta(&connection, "epoch")? {
            Some(bytes) => u32::from_be_bytes(
                bytes.try_into().map_err(|_| StoreError::Damaged("epoch".to_owned()))?,
            ),
            None => {
                const SAVE: &str = "INSERT INTO meta (name, value) VALUES ($1, $2)";
                execute(&connection, SAVE, &["epoch".into(), Value::Blob(vec![0, 0, 0, 1])])?;
                1
            }
        };
        let counters = counters(&connection)?;
        let seed = match options.seed {
            // The journal's size makes a reopened seeded node go on with other ids.
            Some(seed) => {
                let mut bytes = [0; 32];
                bytes[..8].copy_from_slice(&seed.to_be_bytes());
                bytes[8..16].copy_from_slice(&frontier.size().to_be_bytes());
                bytes
            }
            None => {
                let mut bytes = [0; 32];
                getrandom::fill(&mut bytes)
                    .map_err(|error| StoreError::Damaged(format!("no randomness: {error}")))?;
                bytes
            }
        };
        let (writer, thread) = writer::start(connection, frontier)?;
        let store = Self {
            inner: Arc::new(Inner {
                data: options.data,
                node: options.node,
                epoch,
                clock: options.clock,
                readers: Readers::open(&path, 4)?,
                supply: Mutex::new(NodeSupply::new(seed, counters)),
                packs: RwLock::new(Vec::new()),
                organisation: RwLock::default(),
                credit: RwLock::new(Arc::default()),
                node_acts: Mutex::new(()),
                cache: Mutex::new(HashMap::new()),
                writer: Mutex::new(Some(writer)),
                thread: Mutex::new(Some(thread)),
            }),
        };
        store.load_catalog()?;
        store.load_organisation()?;
        store.load_credit()?;
        store.renew_projections()?;
        Ok(store)
    }

    /// Finishes what waits and closes the database.
    pub fn close(self) {
        drop(lock(&self.inner.writer).take());
        if let Some(thread) = lock(&self.inner.thread).take() {
            // A writer that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }

    pub(crate) fn submit(&self, job: Job) -> Result<(), StoreError> {
        let writer = lock(&self.inner.writer);
        let sender = writer.as_ref().ok_or(StoreError::Stopped)?;
        sender.send(job).map_err(|_| StoreError::Stopped)
    }

    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.inner.readers.with(read)
    }

    /// The moment now, by the node's clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.inner.clock.now()
    }

    /// The data directory.
    #[must_use]
    pub fn data(&self) -> &std::path::Path {
        &self.inner.data
    }

    /// The pack in force.
    ///
    /// # Errors
    /// [`StoreError::NoCatalogue`] before the first pack is published.
    pub fn catalog(&self) -> Result<Arc<Catalog>, StoreError> {
        let packs = self.inner.packs.read().unwrap_or_else(PoisonError::into_inner);
        let found = in_force(&packs, self.now().day());
        found.map(|published| published.catalog.clone()).ok_or(StoreError::NoCatalogue)
    }

    /// Seals a text for a fact; the value has to go with the act.
    #[must_use]
    pub fn seal(&self, text: &str) -> (Sealed, SealedValue) {
        let now = self.now();
        let mut supply = lock(&self.inner.supply);
        let id = SealedId::from_bytes(supply.id(now));
        let value = SealedValue { id, salt: supply.salt(), value: text.to_owned() };
        (value.seal(), value)
    }

    /// Sixteen bytes of a new id.
    #[must_use]
    pub fn new_id(&self) -> [u8; 16] {
        let now = self.now();
        lock(&self.inner.supply).id(now)
    }

    /// Size and roots of the journal tree as last committed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn roots(&self) -> Result<Roots, StoreError> {
        let stored = self.read(|connection| meta(connection, "frontier"))?;
        let frontier = stored.map_or(Ok(Frontier::default()), |bytes| Frontier::from_bytes(&bytes));
        frontier
            .map(|frontier| frontier.roots())
            .map_err(|error| StoreError::Damaged(error.to_string()))
    }

    /// A setting of the node.
    ///
    /// # Errors
    /// When the database fails.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let bytes = self.read(|connection| meta(connection, name))?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Keeps a setting of the node.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        const SAVE: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
                            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let mut change = crate::change::Change::default();
        change.add(SAVE, vec![name.into(), Value::Blob(value.as_bytes().to_vec())]);
        self.write(change)
    }
}

pub(crate) fn meta(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    const GET: &str = "SELECT value FROM meta WHERE name = $1";
    let found = query(connection, GET, &[name.into()], |row| Ok(row.get(0)?))?;
    Ok(found.into_iter().next())
}

fn counters(connection: &Connection) -> Result<HashMap<(&'static str, i64), u32>, StoreError> {
    const ALL: &str = "SELECT kind, period, last FROM counters ORDER BY kind, period";
    let rows = query(connection, ALL, &[], |row| {
        let kind: String = row.get(0)?;
        Ok((kind, row.get::<_, i64>(1)?, row.get::<_, u32>(2)?))
    })?;
    let named = rows.into_iter().filter_map(|(kind, period, last)| {
        let name = COUNTER_NAMES.into_iter().find(|name| *name == kind)?;
        Some(((name, period), last))
    });
    Ok(named.collect())
}
