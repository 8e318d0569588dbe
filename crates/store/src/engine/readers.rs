//! A few read-only connections, handed out in turn.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use super::{Connection, Source};
use crate::error::StoreError;

/// The readers of a node.
pub(crate) struct Readers {
    source: Source,
    connections: Vec<Mutex<Connection>>,
    next: AtomicUsize,
}

impl Readers {
    pub(crate) fn open(source: Source, count: usize) -> Result<Self, StoreError> {
        let connections: Result<Vec<_>, StoreError> =
            (0..count).map(|_| Ok(Mutex::new(source.reader()?))).collect();
        Ok(Self { source, connections: connections?, next: AtomicUsize::new(0) })
    }

    pub(crate) const fn source(&self) -> &Source {
        &self.source
    }

    /// Runs a read on a free connection, or waits for the next one in turn.
    pub(crate) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        for connection in &self.connections {
            if let Ok(free) = connection.try_lock() {
                return self.run(free, read);
            }
        }
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.connections.len();
        // A reader that panicked left no half-done change: the connection is still good.
        let connection = self.connections[turn].lock().unwrap_or_else(PoisonError::into_inner);
        self.run(connection, read)
    }

    fn run<T>(
        &self,
        mut connection: MutexGuard<'_, Connection>,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // The server was started again: so is the connection.
        if connection.is_lost() {
            *connection = self.source.reader()?;
        }
        read(&connection)
    }
}
