//! What other processes on a shared database did, taken in: departments, credit, packs, sessions.
//!
//! Projects need none of this: an act that was decided on an older state is found when it is
//! written, and decided again.

use std::time::Duration;

use tongban_domain::fact::{Fact, Recorded, StreamKind};

use crate::{
    change::Change,
    engine::{Value, query},
    error::StoreError,
    node::{Store, lock, meta, stored_frontier},
    repeating::Repeating,
};

/// How often other processes are followed: so long one of them may go on with what another has
/// changed about departments, credit, the catalogue or sessions.
const EVERY: Duration = Duration::from_millis(200);

/// The setting that is another one whenever accounts change or a session ends.
const ACCESS: &str = "access";

/// How far a process has followed the others.
struct Followed {
    position: u64,
    access: Option<Vec<u8>>,
}

impl Store {
    /// Starts to follow from where the journal ended before everything was loaded.
    pub(crate) fn start_following(&self, position: u64) -> Result<(), StoreError> {
        let Some(writing) = &self.inner.writing else { return Ok(()) };
        let mut followed = Followed { position, access: None };
        let follow = move |store: &Self| store.follow(&mut followed);
        *lock(&writing.following) = Some(Repeating::start("following", self, EVERY, follow)?);
        Ok(())
    }

    fn follow(&self, followed: &mut Followed) -> Result<(), StoreError> {
        const NEW: &str = "SELECT bytes FROM facts WHERE node = $1 AND position > $2 \
                           AND position <= $3 AND (stream_kind <> $4 OR position = $3) \
                           ORDER BY position";
        let node = self.inner.node;
        let (reached, access) = self.read(|connection| {
            Ok((stored_frontier(connection)?.size(), meta(connection, ACCESS)?))
        })?;
        if access != followed.access {
            self.forget_known_sessions();
            followed.access = access;
        }
        if reached <= followed.position {
            return Ok(());
        }
        let values = [
            i64::from(node).into(),
            (followed.position as i64).into(),
            (reached as i64).into(),
            (StreamKind::Project as i64).into(),
        ];
        let new = self.read(|connection| {
            query(connection, NEW, &values, |row| {
                let bytes: Vec<u8> = row.get(0)?;
                Recorded::from_bytes(&bytes).map_err(|error| StoreError::Damaged(error.to_string()))
            })
        })?;
        let (mut departments, mut packs) = (false, false);
        for recorded in new {
            self.acted_at(recorded.envelope.recorded_at);
            match recorded.fact {
                Fact::Organisation(_) => departments = true,
                Fact::PackPublished { .. } => packs = true,
                Fact::Credit(fact) => self.take_credit_in(fact),
                Fact::Project(_) | Fact::Application(..) | Fact::Case(..) => {}
            }
        }
        if departments {
            self.load_organisation()?;
            self.forget_known_sessions();
        }
        if packs {
            self.load_catalog()?;
        }
        followed.position = reached;
        Ok(())
    }

    /// Adds to a change that other processes must read sessions and accounts again.
    pub(crate) fn tell_of_access(&self, change: &mut Change) {
        const TELL: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
                            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        if self.is_shared() {
            change.add(TELL, vec![ACCESS.into(), Value::Blob(self.new_id().to_vec())]);
        }
    }
}
