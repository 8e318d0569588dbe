//! Works behind the pages: legal timers, the outbox, documents. Polling is the truth; every job may be
//! repeated without effect.

mod documents;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tongban_store::{ActError, MessageSender, Store, StoreError};

pub use documents::{DocumentWorker, Maker};

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
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// Pause between rounds when nothing is waiting.
const PAUSE: Duration = Duration::from_millis(500);

impl Worker {
    /// Starts working on a node.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(store: Store, sender: Box<dyn MessageSender>) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("worker".to_owned()).spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                match round(&store, &*sender) {
                    // A full batch means that more is waiting.
                    Ok(round) if round.fired.max(round.delivered) == BATCH => {}
                    Ok(_) => std::thread::sleep(PAUSE),
                    Err(error) => {
                        tracing::error!(%error, "the worker could not do its round");
                        std::thread::sleep(PAUSE * 10);
                    }
                }
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A worker that panicked has nothing to hand over.
            let _ = thread.join();
        }
    }
}
