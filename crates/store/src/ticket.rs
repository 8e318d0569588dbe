//! Waiting for an act to be durable, and what follows when it is, or is not.

use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;
use tongban_domain::{acts::Act, credit::CreditFact, ids::ProjectId, permission::Actor};

use crate::{
    acts::{ActError, ActOptions, Acted, Entry},
    error::StoreError,
    node::{Store, lock},
};

/// How often an act is decided again that met one of another process.
const DECIDED_AGAIN: u8 = 10;

/// An act on its way to the disk.
pub struct Ticket {
    pub(crate) acted: Acted,
    pub(crate) done: oneshot::Receiver<Result<(), StoreError>>,
    /// On a shared database: what to decide again when another process was faster.
    pub(crate) again: Option<Box<Again>>,
}

/// An act, to be decided once more.
pub(crate) struct Again {
    pub(crate) store: Store,
    pub(crate) act: Act,
    pub(crate) actor: Actor,
    pub(crate) options: ActOptions,
    pub(crate) times: u8,
}

impl Ticket {
    /// Waits until the act is durable.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn durable(mut self) -> Result<Acted, ActError> {
        loop {
            let done = (&mut self.done).await.unwrap_or(Err(StoreError::Stopped));
            match self.finish(done)? {
                Ok(acted) => return Ok(acted),
                Err(again) => self = again,
            }
        }
    }

    /// The same, for threads outside the async runtime.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn wait(self) -> Result<Acted, ActError> {
        pollster::block_on(self.durable())
    }

    /// What the act will have brought about once durable: for the simulator, which goes on and
    /// waits later.
    #[must_use]
    pub fn expected(&self) -> &Acted {
        &self.acted
    }

    /// What came of it; or the next attempt.
    fn finish(mut self, done: Result<(), StoreError>) -> Result<Result<Acted, Self>, ActError> {
        match (done, self.again.take()) {
            (Ok(()), _) => Ok(Ok(self.acted)),
            (Err(StoreError::Conflict), Some(again)) if again.times < DECIDED_AGAIN => {
                let Again { store, act, actor, options, times } = *again;
                let id = self.acted.project.id;
                let mut ticket = store.act(id, &act, &actor, options)?;
                if let Some(again) = &mut ticket.again {
                    again.times = times + 1;
                }
                Ok(Err(ticket))
            }
            (Err(error), _) => Err(error.into()),
        }
    }
}

/// What is to be done in memory once it is known what became of an act, whoever still waits.
pub(crate) struct Afterwards {
    pub(crate) store: Store,
    pub(crate) kept: Arc<Mutex<Entry>>,
    pub(crate) id: ProjectId,
}

impl Afterwards {
    pub(crate) fn settle(self, result: &Result<(), StoreError>, credit: Vec<CreditFact>) {
        if result.is_err() {
            // What is in memory was built on an act that never happened. Whoever decides on this
            // entry all the same is refused when it is written.
            let mut cache = lock(&self.store.inner.cache);
            if cache.get(&self.id).is_some_and(|known| Arc::ptr_eq(known, &self.kept)) {
                cache.remove(&self.id);
            }
        }
        if credit.is_empty() {
            return;
        }
        match result {
            // Again: it may have been read from the journal while this was on its way there.
            Ok(()) => credit.into_iter().for_each(|fact| self.store.take_credit_in(fact)),
            Err(_) => {
                if let Err(error) = self.store.load_credit() {
                    tracing::error!(%error, "credit could not be read again");
                }
            }
        }
    }
}
