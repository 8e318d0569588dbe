//! What one job of the writer does, as data: facts for the journal, statements beside them. The
//! writer gives positions, checks what was expected, and keeps all of it or nothing.

use tokio::sync::oneshot;
use tongban_domain::fact::{Recorded, StreamId};
use tongban_journal::{LeafHashes, leaf_hashes};

use crate::{
    engine::{Value, writer::Job},
    error::StoreError,
    node::Store,
};

/// A fact ready to be written.
pub(crate) struct NewFact {
    pub(crate) node: u32,
    pub(crate) stream: StreamId,
    pub(crate) version: u64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) leaf: LeafHashes,
}

/// Where a stream ends: the version of its last fact and the hashes of its bytes. A stream
/// without facts ends at version 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) version: u64,
    pub(crate) leaf: Option<LeafHashes>,
}

impl NewFact {
    pub(crate) fn of(recorded: &Recorded) -> Self {
        let bytes = recorded.to_bytes();
        let leaf = leaf_hashes(&bytes);
        let envelope = &recorded.envelope;
        let (node, stream, version) = (envelope.node, envelope.stream, envelope.version);
        Self { node, stream, version, bytes, leaf }
    }

    /// Where its stream ends with it.
    pub(crate) const fn head(&self) -> Head {
        Head { version: self.version, leaf: Some(self.leaf) }
    }
}

/// What a statement has to bring about; else nothing of the change is kept.
pub(crate) enum Expects {
    Anything,
    /// A value that must be unique; named when it is taken.
    Free(String),
    /// One row, which nobody changed in between.
    OneRow,
}

/// A statement with its values.
pub(crate) struct Statement {
    pub(crate) sql: &'static str,
    pub(crate) values: Vec<Value>,
    pub(crate) expects: Expects,
}

/// Everything one job writes.
#[derive(Default)]
pub(crate) struct Change {
    /// Facts of one stream, following each other.
    pub(crate) facts: Vec<NewFact>,
    /// The fact after which they were decided.
    pub(crate) after: Head,
    /// Facts that get the version which comes next in their stream, whatever that is.
    pub(crate) appended: Vec<Recorded>,
    /// Messages of the outbox without their place: the position of the first fact.
    pub(crate) messages: Vec<Vec<Value>>,
    /// Run in order, after the facts.
    pub(crate) statements: Vec<Statement>,
}

impl Change {
    /// Whether it writes nothing.
    pub(crate) const fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.appended.is_empty() && self.statements.is_empty()
    }

    pub(crate) fn add(&mut self, sql: &'static str, values: Vec<Value>) {
        self.statements.push(Statement { sql, values, expects: Expects::Anything });
    }

    pub(crate) fn add_unique(&mut self, sql: &'static str, values: Vec<Value>, what: &str) {
        let expects = Expects::Free(what.to_owned());
        self.statements.push(Statement { sql, values, expects });
    }

    pub(crate) fn add_one_row(&mut self, sql: &'static str, values: Vec<Value>) {
        self.statements.push(Statement { sql, values, expects: Expects::OneRow });
    }
}

impl Store {
    /// Writes a change and waits until it is durable.
    pub(crate) fn write(&self, change: Change) -> Result<(), StoreError> {
        let (sender, receiver) = oneshot::channel();
        self.submit(Job { change, answer: Box::new(move |done| drop(sender.send(done))) })?;
        receiver.blocking_recv().unwrap_or(Err(StoreError::Stopped))
    }
}
