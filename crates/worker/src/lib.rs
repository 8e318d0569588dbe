//! Works behind the pages: legal timers, the outbox, documents. Polling is the truth; every job may be
//! repeated without effect.

mod documents;
mod registers;
mod systems;
mod thread;

use std::time::Duration;

use thread::Rounds;
use tongban_store::{ActError, MessageSender, Store, StoreError};

pub use documents::{DocumentWorker, Maker};
pub use registers::{RegisterWorker, ask_round};
pub use systems::{SystemWorker, push_round, travelling};

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Timers carried out.
    pub fired: usize,
    /// Timers that were refused: somebody acted first, or the law does not allow it any more.
    pub refused: usize,
    /// Clocks that read a new calendar now.
    pub settled: usize,
    /// Cases that went to another department with a reorganisation.
    pub transferred: usize,
    /// Messages delivered.
    pub delivered: usize,
}

/// Most timers and messages in one round.
const BATCH: usize = 200;

/// Carries out what is due now.
///
/// # Errors
/// When the database fails.
pub fn round(store: &Store, sender: &dyn MessageSender) -> Result<Round, StoreError> {
    let mut round = Round::default();
    for timer in store.due_timers(BATCH)? {
        match store.fire(&timer) {
            Ok(_) => round.fired += 1,
            Err(ActError::Store(error)) => return Err(error),
            Err(refused) => {
                tracing::warn!(kind = timer.kind.key(), project = %timer.project, %refused, "a timer was refused");
                round.refused += 1;
            }
        }
    }
    round.settled = store.settle_calendar()?;
    round.transferred = store.transfer_cases()?;
    let waiting = store.undelivered(BATCH)?;
    let sent: Vec<_> = waiting.into_iter().filter(|message| sender.send(message)).collect();
    if !sent.is_empty() {
        store.mark_delivered(&sent)?;
        round.delivered = sent.len();
    }
    Ok(round)
}

/// A worker thread; it stops when dropped.
pub struct Worker {
    _thread: Rounds,
}

/// A thread that takes over new keys of the vault, in every process that writes; it stops when
/// dropped.
pub struct KeyWorker {
    _thread: Rounds,
}

/// Pause between rounds when nothing is waiting.
const PAUSE: Duration = Duration::from_millis(500);
/// How often it is looked for a new key of the vault.
const KEYS: Duration = Duration::from_secs(10);

impl Worker {
    /// Starts working on a node.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(store: Store, sender: Box<dyn MessageSender>) -> std::io::Result<Self> {
        let rounds = Rounds::start("worker", PAUSE, move |_| {
            // A full batch means that more is waiting.
            round(&store, &*sender).map(|done| done.fired.max(done.delivered) == BATCH)
        })?;
        Ok(Self { _thread: rounds })
    }
}

impl KeyWorker {
    /// Starts looking for new keys.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(store: Store) -> std::io::Result<Self> {
        let thread = Rounds::start("keys", KEYS, move |_| {
            if let Some(renewed) = store.renew_person_keys()? {
                tracing::info!(
                    rows = renewed.rows,
                    "what is known of persons is under the new key"
                );
            }
            Ok(false)
        })?;
        Ok(Self { _thread: thread })
    }
}
