//! What the node counts about its own work, for those who watch it. No names, no numbers of cases.

use prometheus_client::metrics::{counter::Counter, histogram::Histogram};

/// Bounds of the histogram of commits, in seconds.
const COMMIT_SECONDS: [f64; 10] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0];
/// Bounds of the histogram of groups, in changes.
const GROUP: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1024.0];

/// The figures of the writer. Clones count together.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Changes that are durable.
    pub changes: Counter,
    /// Changes that were refused: a value taken, a stream that grew.
    pub refused: Counter,
    /// Facts that are durable.
    pub facts: Counter,
    /// Transactions that failed as a whole.
    pub failures: Counter,
    /// Seconds from the begin of a transaction to the end of its flush.
    pub commit_seconds: Histogram,
    /// Changes that share a transaction.
    pub group: Histogram,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            changes: Counter::default(),
            refused: Counter::default(),
            facts: Counter::default(),
            failures: Counter::default(),
            commit_seconds: Histogram::new(COMMIT_SECONDS),
            group: Histogram::new(GROUP),
        }
    }
}
