//! Reading streams, and writing those that are no project's: the node's own, and one per subject
//! of credit.

use tongban_domain::{
    acts::ActName,
    fact::{ActorStamp, Channel, Envelope, Fact, LAYOUT, Recorded, StreamId, StreamKind},
    ids::{AccountId, ActId},
    permission::Role,
};

use crate::{
    change::{Change, Head, NewFact},
    engine::{Connection, Row, query, stored_head},
    error::StoreError,
    node::{Store, lock},
};

/// The one stream of publications, and in its kind that of organisation facts.
pub(crate) const NODE_STREAM: [u8; 16] = [0; 16];

/// Who does an act that belongs to no project, and how.
pub(crate) struct Doer {
    pub(crate) act: ActName,
    pub(crate) role: Role,
    pub(crate) account: Option<AccountId>,
    pub(crate) channel: Channel,
}

impl Store {
    /// Appends one fact to a stream that is no project's, with what is written beside it.
    pub(crate) fn append_to(
        &self,
        stream: StreamId,
        fact: Fact,
        by: &Doer,
        (catalog, calendar): ([u8; 32], [u8; 32]),
        mut also: Change,
    ) -> Result<(), StoreError> {
        also.appended.push(self.recorded_now(stream, fact, by, (catalog, calendar))?);
        self.write(also)
    }

    /// Appends one fact to the node's own stream of a kind, if nothing was appended since it was
    /// decided on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another process was faster.
    pub(crate) fn append_after(
        &self,
        after: Head,
        (kind, fact): (StreamKind, Fact),
        by: &Doer,
        digests: ([u8; 32], [u8; 32]),
        mut also: Change,
    ) -> Result<(), StoreError> {
        let stream = StreamId { kind, id: NODE_STREAM };
        let mut recorded = self.recorded_now(stream, fact, by, digests)?;
        recorded.envelope.version = after.version + 1;
        also.facts.push(NewFact::of(&recorded));
        also.after = after;
        self.write(also)
    }

    /// Where the node's own stream of a kind ends.
    pub(crate) fn head_of_own(&self, kind: StreamKind) -> Result<Head, StoreError> {
        self.read(|connection| stored_head(connection, StreamId { kind, id: NODE_STREAM }))
    }

    fn recorded_now(
        &self,
        stream: StreamId,
        fact: Fact,
        by: &Doer,
        (catalog, calendar): ([u8; 32], [u8; 32]),
    ) -> Result<Recorded, StoreError> {
        let now = self.moment_of_act()?;
        let act = ActId::from_bytes(lock(&self.inner.supply).id(now));
        let envelope = Envelope {
            node: self.inner.node,
            epoch: self.inner.epoch,
            origin: self.inner.node,
            stream,
            version: 0,
            act,
            actor: ActorStamp { account: by.account, role: by.role, department: None },
            channel: by.channel,
            visit: None,
            source_system: None,
            recorded_at: now,
            claimed_at: None,
            catalog,
            calendar,
            act_name: by.act,
        };
        self.acted_at(now);
        Ok(Recorded { layout: LAYOUT, envelope, fact })
    }
}

/// The facts of a stream, in order.
pub(crate) fn stream(
    connection: &Connection,
    kind: StreamKind,
    id: &[u8; 16],
) -> Result<Vec<Recorded>, StoreError> {
    const GET: &str =
        "SELECT bytes FROM facts WHERE stream_kind = $1 AND stream = $2 ORDER BY version";
    query(connection, GET, &[(kind as i64).into(), id.into()], recorded)
}

/// The facts of a stream with their positions and bytes.
pub(crate) fn positions(
    connection: &Connection,
    kind: StreamKind,
    id: &[u8; 16],
) -> Result<Vec<(u64, Vec<u8>, Recorded)>, StoreError> {
    const GET: &str = "SELECT bytes, position FROM facts \
                       WHERE stream_kind = $1 AND stream = $2 ORDER BY version";
    query(connection, GET, &[(kind as i64).into(), id.into()], |row| {
        Ok((row.get::<i64>(1)? as u64, row.get(0)?, recorded(row)?))
    })
}

/// All facts of a kind of stream, in the order of the journal.
pub(crate) fn all_of(
    connection: &Connection,
    kind: StreamKind,
) -> Result<Vec<Recorded>, StoreError> {
    const ALL: &str = "SELECT bytes FROM facts WHERE stream_kind = $1 ORDER BY position";
    query(connection, ALL, &[(kind as i64).into()], recorded)
}

fn recorded(row: &Row<'_>) -> Result<Recorded, StoreError> {
    let bytes: Vec<u8> = row.get(0)?;
    Recorded::from_bytes(&bytes).map_err(|error| StoreError::Damaged(error.to_string()))
}
