//! What is on record about owners: one stream per subject, all of them in memory.

use std::sync::{Arc, PoisonError};

use sm3::Digest as _;
use tongban_domain::{
    acts::ActName,
    codes::Uscc,
    credit::{Credit, CreditFact, NewRecord, enter, remove},
    fact::{Envelope, Fact, LAYOUT, Recorded, StreamId, StreamKind},
    ids::CreditRecordId,
    permission::{Actor, Role},
};

use crate::{
    acts::{ActError, ActOptions},
    append::{SEAL, seal_row},
    change::Change,
    error::StoreError,
    node::{Store, lock},
    streams::{Doer, all_of},
};

/// The stream of a subject.
fn stream_of(subject: &Uscc) -> StreamId {
    let digest: [u8; 32] = sm3::Sm3::digest(subject.to_string().as_bytes()).into();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    StreamId { kind: StreamKind::Credit, id }
}

/// A credit fact that an act on a project brought about, in its own stream.
pub(crate) fn beside(project: &Envelope, fact: CreditFact) -> Recorded {
    let stream = stream_of(fact.subject());
    let envelope = Envelope { stream, version: 0, ..project.clone() };
    Recorded { layout: LAYOUT, envelope, fact: Fact::Credit(fact) }
}

impl Store {
    /// What is on record about owners.
    #[must_use]
    pub fn credit(&self) -> Arc<Credit> {
        self.inner.credit.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Enters a credit record.
    ///
    /// # Errors
    /// When it is refused, or the database fails.
    pub fn enter_credit_record(&self, new: NewRecord, actor: &Actor) -> Result<(), ActError> {
        let _alone = lock(&self.inner.node_acts);
        let options = ActOptions::default();
        let (fact, _) =
            self.with_context(actor, &options, |context| enter(new.clone(), context))?;
        self.keep_credit(fact, ActName::EnterCreditRecord, actor, options)
    }

    /// Removes a credit record before its time.
    ///
    /// # Errors
    /// When it is refused, or the database fails.
    pub fn remove_credit_record(
        &self,
        record: CreditRecordId,
        why: &str,
        actor: &Actor,
    ) -> Result<(), ActError> {
        let _alone = lock(&self.inner.node_acts);
        let (text, value) = self.seal(why);
        let options = ActOptions { sealed: vec![value], ..ActOptions::default() };
        let (fact, _) =
            self.with_context(actor, &options, |context| remove(record, text.clone(), context))?;
        self.keep_credit(fact, ActName::RemoveCreditRecord, actor, options)
    }

    fn keep_credit(
        &self,
        fact: CreditFact,
        act: ActName,
        actor: &Actor,
        options: ActOptions,
    ) -> Result<(), ActError> {
        let catalog = self.catalog()?;
        let digests = (catalog.pack.digest, catalog.calendar.digest());
        let by =
            Doer { act, role: Role::Supervisor, account: actor.account, channel: actor.channel };
        let stream = stream_of(fact.subject());
        let mut also = Change::default();
        for sealed in &options.sealed {
            also.add(SEAL, seal_row(&self.inner.vault, sealed)?);
        }
        self.append_to(stream, Fact::Credit(fact.clone()), &by, digests, also)?;
        self.take_credit_in(fact);
        Ok(())
    }

    pub(crate) fn take_credit_in(&self, fact: CreditFact) {
        let mut current = self.inner.credit.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut current).evolve(&Fact::Credit(fact));
    }

    pub(crate) fn load_credit(&self) -> Result<(), StoreError> {
        let facts = self.read(|connection| all_of(connection, StreamKind::Credit))?;
        let mut credit = Credit::default();
        for recorded in &facts {
            credit.evolve(&recorded.fact);
        }
        *self.inner.credit.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(credit);
        Ok(())
    }
}
