//! A node: its database, its clock, its catalogue, its departments.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
        mpsc::Sender,
    },
};

use tongban_domain::ids::SealedId;
use tongban_domain::{
    catalog::Catalog,
    credit::Credit,
    ids::ProjectId,
    organisation::Organisation,
    sealed::{Sealed, SealedValue},
    time::{Day, Instant},
};
use tongban_journal::{Frontier, NodeKeys, Roots};

use crate::{
    access::KnownSessions,
    acts::Entry,
    clock::Clock,
    engine::{
        self, Connection, Source, Value,
        postgres::Writing as PostgresWriting,
        query,
        readers::Readers,
        writer::{self, Job, Sink},
    },
    error::StoreError,
    figures::Figures,
    keys, opening,
    options::NodeOptions,
    packs::{Published, in_force},
    repeating::Repeating,
    scanner::Scanner,
    seals::{SealService, SealsInFiles},
    supply::{COUNTER_NAMES, NodeSupply, Numbers, Series},
    vault::Vault,
};

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
    /// Who loads the packs is alone: what was read before a publication never replaces it.
    pub(crate) loading_packs: Mutex<()>,
    /// Everything decided about departments, and how they stand on the last day asked for.
    pub(crate) organisation: RwLock<Organised>,
    pub(crate) credit: RwLock<Arc<Credit>>,
    /// Held while an act that belongs to no project is decided and written: the second of two
    /// alike sees the first.
    pub(crate) node_acts: Mutex<()>,
    /// Personal data, opinions and notes are encrypted with it.
    pub(crate) vault: Vault,
    pub(crate) sessions: Mutex<KnownSessions>,
    pub(crate) cache: Mutex<HashMap<ProjectId, Arc<Mutex<Entry>>>>,
    /// The project of an application or a case.
    pub(crate) belongs: Mutex<HashMap<[u8; 16], ProjectId>>,
    /// Held while a checkpoint is made.
    pub(crate) signing_acts: Mutex<()>,
    /// The moment of the latest act, microseconds since 1970-01-01 UTC.
    latest: AtomicI64,
    /// None when a copy is only looked at.
    pub(crate) writing: Option<Writing>,
}

/// What a node has that writes.
pub(crate) struct Writing {
    writer: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
    /// With which the journal is signed.
    pub(crate) keys: Arc<NodeKeys>,
    pub(crate) seals: Arc<dyn SealService>,
    pub(crate) scanner: Option<Arc<dyn Scanner>>,
    /// Registers of others that are asked.
    pub(crate) registers: BTreeSet<String>,
    pub(crate) signing: Mutex<Option<Repeating>>,
    /// On a shared database: where numbers are reserved.
    pub(crate) reserving: Option<Mutex<Connection>>,
    /// On a shared database: takes in what other processes wrote.
    pub(crate) following: Mutex<Option<Repeating>>,
    figures: Figures,
    /// A commit failed: nothing is written until the node is restarted.
    stopped: Arc<AtomicBool>,
    /// Keeps other processes out while the node is open.
    _data_lock: std::fs::File,
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
        let source = Source::of(&options.data, options.database.as_deref())?;
        let shared = source.is_shared();
        let data_lock = opening::take(&options.data, shared)?;
        let connection = source.writer()?;
        let files = options.data.join("files");
        std::fs::create_dir_all(&files)?;
        match crate::files::sweep(&files, shared)? {
            0 => {}
            swept => tracing::warn!(swept, "uploads that were cut off were removed"),
        }
        let (frontier, epoch) = connection.alone(|connection| {
            opening::check_whole(connection, &options.data)?;
            opening::check_node(connection, options.node)?;
            opening::lay_frontier(connection)?;
            crate::backup::wake(connection, options.clock.now())?;
            Ok((stored_frontier(connection)?, opening::epoch(connection)?))
        })?;
        let latest = opening::latest_act(&connection)?;
        let keys = Arc::new(keys::node_keys(&options.data)?);
        let mut seed = [0; 32];
        match options.seed {
            // The journal's size makes a reopened seeded node go on with other ids.
            Some(number) => {
                seed[..8].copy_from_slice(&number.to_be_bytes());
                seed[8..16].copy_from_slice(&frontier.size().to_be_bytes());
            }
            None => getrandom::fill(&mut seed)
                .map_err(|error| StoreError::Damaged(format!("no randomness: {error}")))?,
        }
        let figures = Figures::default();
        let begun = frontier.size();
        let numbers = match &source {
            Source::Sqlite(_) => Numbers::Counted(counters(&connection)?),
            Source::Postgres(_) => Numbers::Reserved(HashMap::new()),
        };
        let mut supply = NodeSupply::new(seed, numbers);
        let stopped = Arc::new(AtomicBool::new(false));
        let sink = match &source {
            Source::Sqlite(_) => Sink::Sqlite(Box::new(connection), frontier),
            Source::Postgres(server) => {
                let process = supply.salt();
                let writing = PostgresWriting::new(server.clone(), connection, process)?;
                Sink::Postgres(writing)
            }
        };
        let reserving = shared.then(|| source.writer()).transpose()?;
        let told = Arc::clone(&stopped);
        let (writer, thread) = writer::start(sink, options.group, figures.clone(), told)?;
        let writing = Writing {
            writer: Mutex::new(Some(writer)),
            thread: Mutex::new(Some(thread)),
            keys: Arc::clone(&keys),
            seals: options.seals.unwrap_or_else(|| Arc::new(SealsInFiles::of(&options.data))),
            scanner: options.scanner,
            registers: options.registers,
            figures,
            stopped,
            signing: Mutex::new(None),
            reserving: reserving.map(Mutex::new),
            following: Mutex::new(None),
            _data_lock: data_lock,
        };
        let (data, node, clock) = (options.data, options.node, options.clock);
        let vault = Vault::beside(&data)?;
        // Whoever waits for a server takes no processor meanwhile.
        let readers = Readers::open(source, if shared { 16 } else { 4 })?;
        let store = Self::assemble(
            (data, node, epoch),
            vault,
            clock,
            readers,
            supply,
            latest,
            Some(writing),
        );
        store.check_person_keys()?;
        store.publish_keys(&keys)?;
        store.load()?;
        store.renew_projections()?;
        store.start_signing()?;
        if shared {
            store.start_following(begun)?;
        }
        Ok(store)
    }

    /// Opens a node to look at it: nothing is written, whatever it is asked to do. The folder may
    /// be a copy, a backup, or that of a running node.
    ///
    /// # Errors
    /// When there is no node, or another program wrote it.
    pub fn open_copy(data: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Self::look_at(data, None, clock)
    }

    /// The same of a backup, whose keys of persons lie beside a node elsewhere.
    ///
    /// # Errors
    /// When there is no node, or another program wrote it.
    pub fn open_backup(
        backup: &Path,
        keys: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        Self::look_with(backup, None, keys, clock)
    }

    /// The same, of a node on the database that is named, if one is.
    ///
    /// # Errors
    /// When there is no node, or another program wrote it.
    pub fn look_at(
        data: &Path,
        database: Option<&str>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        Self::look_with(data, database, data, clock)
    }

    fn look_with(
        data: &Path,
        database: Option<&str>,
        keys: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let source = Source::of(data, database)?;
        if matches!(&source, Source::Sqlite(path) if !path.exists()) {
            return Err(StoreError::NoNode(data.to_owned()));
        }
        let readers = Readers::open(source, 1)?;
        let (node, epoch) = readers.with(|connection| {
            engine::check_schema(connection)?;
            let damaged = || StoreError::HalfWritten(data.to_owned());
            let number = |name| opening::number(connection, name)?.ok_or_else(damaged);
            Ok((number("node")?, number("epoch")?))
        })?;
        let supply = NodeSupply::new([0; 32], Numbers::Reserved(HashMap::new()));
        let store = Self::assemble(
            (data.to_owned(), node, epoch),
            Vault::beside(keys)?,
            clock,
            readers,
            supply,
            Instant(0),
            None,
        );
        store.load()?;
        Ok(store)
    }

    fn assemble(
        (data, node, epoch): (PathBuf, u32, u32),
        vault: Vault,
        clock: Arc<dyn Clock>,
        readers: Readers,
        supply: NodeSupply,
        latest: Instant,
        writing: Option<Writing>,
    ) -> Self {
        let latest = latest.0;
        Self {
            inner: Arc::new(Inner {
                data,
                node,
                epoch,
                clock,
                readers,
                supply: Mutex::new(supply),
                packs: RwLock::new(Vec::new()),
                loading_packs: Mutex::new(()),
                organisation: RwLock::default(),
                credit: RwLock::new(Arc::default()),
                node_acts: Mutex::new(()),
                vault,
                sessions: Mutex::default(),
                belongs: Mutex::default(),
                signing_acts: Mutex::new(()),
                latest: AtomicI64::new(latest),
                cache: Mutex::new(HashMap::new()),
                writing,
            }),
        }
    }

    fn load(&self) -> Result<(), StoreError> {
        self.load_catalog()?;
        self.load_organisation()?;
        self.load_credit()
    }

    /// Finishes what waits and closes the database.
    pub fn close(self) {
        let Some(writing) = &self.inner.writing else { return };
        for repeating in [&writing.signing, &writing.following] {
            if let Some(repeating) = lock(repeating).take() {
                repeating.stop();
            }
        }
        // What was done since the last second is signed as well.
        if let Err(error) = self.sign_checkpoint() {
            tracing::warn!(%error, "the journal was not signed at the end");
        }
        drop(lock(&writing.writer).take());
        if let Some(thread) = lock(&writing.thread).take() {
            // A writer that panicked has nothing left to finish.
            let _ = thread.join();
        }
    }

    pub(crate) fn submit(&self, job: Job) -> Result<(), StoreError> {
        let writing = self.inner.writing.as_ref().ok_or(StoreError::OnlyLooking)?;
        let writer = lock(&writing.writer);
        let sender = writer.as_ref().ok_or(StoreError::Stopped)?;
        sender.send(job).map_err(|_| StoreError::Stopped)
    }

    /// The moment of an act: never before the one before it. A clock that was set back a moment
    /// stands still; one that was set back further stops everything that has a day.
    pub(crate) fn moment_of_act(&self) -> Result<Instant, StoreError> {
        const TOLERATED: i64 = 2_000_000;
        let now = self.now().0;
        let latest = self.inner.latest.load(Ordering::Relaxed);
        if now < latest - TOLERATED {
            return Err(StoreError::ClockBehind((latest - now) / 1_000_000));
        }
        Ok(Instant(now.max(latest)))
    }

    /// An act is about to be written: none after it is of an earlier moment. What was refused does
    /// not count, should the clock have been wrong.
    pub(crate) fn acted_at(&self, moment: Instant) {
        self.inner.latest.fetch_max(moment.0, Ordering::Relaxed);
    }

    /// What the writer counts; nothing of a copy that is only looked at.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.inner.writing.as_ref().map(|writing| writing.figures.clone()).unwrap_or_default()
    }

    /// Whether acts can be written: no commit failed for another reason than want of room, and the
    /// database server answers.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        let Some(writing) = &self.inner.writing else { return false };
        let open = lock(&writing.writer).is_some() && !writing.stopped.load(Ordering::Acquire);
        open && (!self.is_shared() || self.read(|connection| meta(connection, "node")).is_ok())
    }

    /// Whether other processes write to the same database: then whoever decides waits for a
    /// server.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.inner.readers.source().is_shared()
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
    pub fn data(&self) -> &Path {
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
        Ok(self.read(stored_frontier)?.roots())
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
    let found = query(connection, GET, &[name.into()], |row| row.get(0))?;
    Ok(found.into_iter().next())
}

/// The right edge of the tree as last committed.
pub(crate) fn stored_frontier(connection: &Connection) -> Result<Frontier, StoreError> {
    meta(connection, "frontier")?.map_or(Ok(Frontier::default()), |bytes| {
        Frontier::from_bytes(&bytes).map_err(|error| StoreError::Damaged(error.to_string()))
    })
}

fn counters(connection: &Connection) -> Result<HashMap<Series, u32>, StoreError> {
    const ALL: &str = "SELECT kind, period, last FROM counters ORDER BY kind, period";
    let rows = query(connection, ALL, &[], |row| {
        let kind: String = row.get(0)?;
        Ok((kind, row.get::<i64>(1)?, row.get::<u32>(2)?))
    })?;
    let named = rows.into_iter().filter_map(|(kind, period, last)| {
        let name = COUNTER_NAMES.into_iter().find(|name| *name == kind)?;
        Some(((name, period), last))
    });
    Ok(named.collect())
}
