//! Threads that do the same thing again and again while a node is open.

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use crate::{
    error::StoreError,
    node::{Inner, Store},
};

/// A thread that does something at intervals, until it is stopped or the node is let go.
pub(crate) struct Repeating {
    stop: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Repeating {
    /// Starts it; the first time is after one interval.
    pub(crate) fn start(
        name: &'static str,
        store: &Store,
        every: Duration,
        mut work: impl FnMut(&Store) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (stop, stopped) = mpsc::channel();
        // Weak, so that the thread does not keep a node open that everybody else let go.
        let inner = Arc::downgrade(&store.inner);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            while stopped.recv_timeout(every) == Err(mpsc::RecvTimeoutError::Timeout) {
                let Some(inner): Option<Arc<Inner>> = inner.upgrade() else { break };
                if let Err(error) = work(&Store { inner }) {
                    tracing::error!(%error, "{name} could not be brought up to date");
                }
            }
        })?;
        Ok(Self { stop, thread })
    }

    /// Stops it and waits until it has.
    pub(crate) fn stop(self) {
        drop(self.stop);
        // A thread that panicked has nothing left to do.
        let _ = self.thread.join();
    }
}
