//! Makes the documents that facts call for (制证): fills in the wording, has it set, sealed and put
//! on record. Whatever keeps one from being made is noted for people to read and tried again.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use sm3::Digest as _;
use tongban_documents::{ComposeError, SettingError, Sources, Typesetter, compose, sealed};
use tongban_domain::{
    document::{Wanted, wanted},
    ids::ProjectId,
    project::Project,
};
use tongban_store::{ActError, MadeDocument, Store, StoreError};

use crate::thread::Rounds;

/// Most projects in one round.
const BATCH: usize = 50;

/// Older calls are answered when somebody looks for the document: a node that begins with years of
/// cases behind it does not spend its first day on them. Microseconds.
const LATELY: i64 = 30 * 86_400_000_000;

/// A document that could not be made is tried again after this.
const AGAIN: Duration = Duration::from_secs(60);

/// Makes documents.
pub struct Maker {
    store: Store,
    typesetter: Typesetter,
    /// Under which address the node is reached, such as `https://spgl.example.gov.cn`.
    address: String,
    /// Projects with a document that could not be made, and when it was tried.
    failed: HashMap<ProjectId, Instant>,
}

/// Why a document was not made.
#[derive(Debug, thiserror::Error)]
enum Unmade {
    #[error(transparent)]
    Words(#[from] ComposeError),
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error(transparent)]
    Act(#[from] ActError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Unmade {
    /// Another process made it, or it is not called for any more.
    const fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Act(
                ActError::Refused(_)
                    | ActError::Changed
                    | ActError::OutOfOrder(_)
                    | ActError::UnknownProject
            )
        )
    }

    /// The next one would fare no better: the node does not write, or the press is away.
    const fn is_stuck(&self) -> bool {
        match self {
            Self::Words(_) | Self::Setting(SettingError::Refused(_)) => false,
            Self::Setting(SettingError::Away(_) | SettingError::Late(_)) => true,
            Self::Store(error) | Self::Act(ActError::Store(error)) => matches!(
                error,
                StoreError::Database(_)
                    | StoreError::Unavailable(_)
                    | StoreError::Unknown
                    | StoreError::Stopped
                    | StoreError::DiskFull
                    | StoreError::OnlyLooking
                    | StoreError::ClockBehind(_)
            ),
            Self::Act(_) => false,
        }
    }
}

impl Maker {
    /// Makes documents of a node that is reached under `address`.
    #[must_use]
    pub fn new(store: Store, typesetter: Typesetter, address: String) -> Self {
        Self { store, typesetter, address, failed: HashMap::new() }
    }

    /// Makes what is called for now; gives how many documents that were.
    ///
    /// # Errors
    /// When the database fails.
    pub fn round(&mut self) -> Result<usize, StoreError> {
        self.round_until(&AtomicBool::new(false))
    }

    /// The same, but no document is begun after somebody says to stop.
    fn round_until(&mut self, stop: &AtomicBool) -> Result<usize, StoreError> {
        // A pack from before there were documents makes none.
        if self.store.catalog()?.documents.is_empty() {
            return Ok(0);
        }
        self.failed.retain(|_, tried| tried.elapsed() < AGAIN);
        let mut since = self.store.now();
        since.0 -= LATELY;
        let mut made = 0;
        // Those that failed do not take the place of others.
        for id in self.store.unmade(since, BATCH + self.failed.len())? {
            if self.failed.contains_key(&id) {
                continue;
            }
            let Some(project) = self.store.project(id)? else { continue };
            for wanted in wanted(&project) {
                if stop.load(Ordering::Relaxed) {
                    return Ok(made);
                }
                let error = match self.make(&project, &wanted) {
                    Ok(()) => {
                        made += 1;
                        continue;
                    }
                    Err(error) => error,
                };
                if error.is_over() {
                    continue;
                }
                tracing::warn!(project = %id, kind = wanted.kind.key(), %error, "a document was not made");
                self.failed.insert(id, Instant::now());
                let stuck = error.is_stuck();
                match error {
                    Unmade::Store(error) | Unmade::Act(ActError::Store(error)) if stuck => {
                        return Err(error);
                    }
                    error => {
                        self.store.note_document_problem(id, &wanted, &error.to_string())?;
                    }
                }
                if stuck {
                    return Ok(made);
                }
            }
        }
        Ok(made)
    }

    fn make(&mut self, project: &Project, wanted: &Wanted) -> Result<(), Unmade> {
        let sealed = sealed(project, wanted);
        let opened = self.store.open_sealed(&sealed)?;
        let (catalog, organisation) = (self.store.catalog()?, self.store.organisation());
        let sources = Sources {
            project,
            catalog: &catalog,
            organisation: &organisation,
            opened: &opened,
            today: self.store.now().day(),
        };
        let document = self.store.new_document();
        let composed = compose(&sources, wanted, document, &self.address)?;
        let set = self.typesetter.set(&composed.sheet)?;
        let words = sm3::Sm3::digest(composed.sheet.to_bytes()).into();
        let made = MadeDocument {
            document,
            title: composed.sheet.title,
            number: composed.number,
            identity: composed.identity,
            issuer: composed.sheet.issuer,
            issuer_code: composed.issuer_code,
            words,
            pdf: set.pdf,
            ofd: set.ofd,
        };
        self.store.issue_document(project, wanted, made)?;
        Ok(())
    }
}

/// Pause between rounds when nothing is called for.
const PAUSE: Duration = Duration::from_millis(500);

/// A thread that makes documents; it stops when dropped.
pub struct DocumentWorker {
    _thread: Rounds,
}

impl DocumentWorker {
    /// Starts making documents.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(mut maker: Maker) -> std::io::Result<Self> {
        let thread = Rounds::start("documents", PAUSE, move |stopped| {
            maker.round_until(stopped).map(|made| made > 0)
        })?;
        Ok(Self { _thread: thread })
    }
}
