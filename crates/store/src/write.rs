//! Changes outside the journal, through the same writer and the same flush.

use tokio::sync::oneshot;

use crate::{
    error::StoreError,
    node::Store,
    sqlite::{
        Value, execute,
        writer::{Job, Work},
    },
};

/// Statements to be run together, outside the journal.
#[derive(Default)]
pub struct Batch {
    statements: Vec<(&'static str, Vec<Value>)>,
}

impl Batch {
    pub(crate) fn add(&mut self, sql: &'static str, values: Vec<Value>) {
        self.statements.push((sql, values));
    }

    pub(crate) fn run(&self, connection: &rusqlite::Connection) -> Result<(), StoreError> {
        for (sql, values) in &self.statements {
            execute(connection, sql, values)?;
        }
        Ok(())
    }
}

impl Store {
    /// Runs a batch and waits until it is durable.
    pub(crate) fn write(&self, batch: Batch) -> Result<(), StoreError> {
        self.write_work(Box::new(move |writing| batch.run(writing.connection)))
    }

    /// Runs work on the writer and waits until it is durable.
    pub(crate) fn write_work(&self, work: Work) -> Result<(), StoreError> {
        let (sender, receiver) = oneshot::channel();
        self.submit(Job { work, answer: Box::new(move |done| drop(sender.send(done))) })?;
        receiver.blocking_recv().unwrap_or(Err(StoreError::Stopped))
    }
}
