//! A few read-only connections, handed out in turn.

use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use rusqlite::Connection;

use crate::error::StoreError;

/// The readers of a node.
pub(crate) struct Readers {
    connections: Vec<Mutex<Connection>>,
    next: AtomicUsize,
}

impl Readers {
    pub(crate) fn open(path: &Path, count: usize) -> Result<Self, StoreError> {
        let connections: Result<Vec<_>, StoreError> =
            (0..count).map(|_| Ok(Mutex::new(super::open_reader(path)?))).collect();
        Ok(Self { connections: connections?, next: AtomicUsize::new(0) })
    }

    /// Runs a read on a free connection, or waits for the next one in turn.
    pub(crate) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        for connection in &self.connections {
            if let Ok(free) = connection.try_lock() {
                return read(&free);
            }
        }
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.connections.len();
        // A reader that panicked left no half-done change: the connection is still good.
        let connection = self.connections[turn].lock().unwrap_or_else(PoisonError::into_inner);
        read(&connection)
    }
}
