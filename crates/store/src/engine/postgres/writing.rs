//! Writing to a database that others write to as well.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use tongban_domain::fact::StreamId;
use tongban_journal::Frontier;

use super::{
    Server, Session,
    bulk::Round,
    session::{Answering, pipeline},
};
use crate::{
    change::{Change, Expects, Head, Statement},
    engine::{
        Connection, Value,
        plan::{Planned, is_refusal, keep_frontier, plan, read_head},
        query,
        writer::{Written, write_apart},
    },
    error::StoreError,
};

/// How long a group waits for a server that went away before it is given up.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two attempts to reach the server.
const PAUSE: Duration = Duration::from_millis(100);
/// How often a group is tried again that the server took back for the sake of another.
const ATTEMPTS: u32 = 20;

/// The writing side of a process.
pub(crate) struct Writing {
    server: Server,
    connection: Box<Connection>,
    /// The setting under which this process notes each group with the group: after a lost
    /// connection it tells whether the group was written.
    mark: String,
    groups: i64,
}

/// Why a group was not written.
struct Failed {
    error: StoreError,
    /// Whether the commit was on its way: then it may have been written all the same, with these
    /// outcomes.
    committing: Option<Written>,
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self { error, committing: None }
    }
}

impl Writing {
    /// A process that writes; its name is its own.
    pub(crate) fn new(server: Server, connection: Connection, process: [u8; 16]) -> Self {
        let process: String = process.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            server,
            connection: Box::new(connection),
            mark: format!("writer {process}"),
            groups: 0,
        }
    }

    /// Writes a group. What the server takes back for the sake of another transaction is written
    /// again, and so is what was lost with a connection, as long as there is patience.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when nothing was written, [`StoreError::Unknown`] when nobody
    /// can tell.
    pub(crate) fn write(&mut self, changes: &[Change]) -> Result<Written, StoreError> {
        let until = Instant::now() + PATIENCE;
        let mut attempts = 0;
        self.groups += 1;
        loop {
            self.reach(until)?;
            let Failed { error, committing } = match self.attempt(changes) {
                Ok(written) => return Ok(written),
                Err(failed) => failed,
            };
            attempts += u32::from(error.is_taken_back());
            let again = error.is_taken_back() && attempts <= ATTEMPTS
                || matches!(error, StoreError::Unavailable(_)) && Instant::now() < until;
            if !again {
                return Err(if committing.is_some() { StoreError::Unknown } else { error });
            }
            tracing::warn!(%error, "a group of changes is written again");
            if let Some(written) = committing {
                let known = self.reach(until).and_then(|()| self.was_written());
                if known.map_err(|_| StoreError::Unknown)? {
                    return Ok(written);
                }
            }
        }
    }

    /// Connects again when the server went away.
    fn reach(&mut self, until: Instant) -> Result<(), StoreError> {
        while self.connection.is_lost() {
            match self.server.connect() {
                Ok(session) => *self.connection = Connection::Postgres(session),
                Err(error) if Instant::now() >= until => return Err(error),
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
        Ok(())
    }

    fn session(&self) -> Result<&Session, StoreError> {
        match &*self.connection {
            Connection::Postgres(session) => Ok(session),
            Connection::Sqlite(_) => Err(StoreError::Stopped),
        }
    }

    /// Whether this group is there. Waits for the lost connection, should the server still be at
    /// work for it.
    fn was_written(&self) -> Result<bool, StoreError> {
        const LAST: &str = "SELECT value FROM meta WHERE name = $1 FOR UPDATE";
        let name = [self.mark.as_str().into()];
        let last = self.connection.transaction(|connection| {
            query(connection, LAST, &name, |row| row.get::<Vec<u8>>(0))
        })?;
        Ok(last.first().is_some_and(|last| *last == self.groups.to_be_bytes()))
    }

    fn attempt(&self, changes: &[Change]) -> Result<Written, Failed> {
        match self.transaction(changes, |frontier| self.write_together(frontier, changes)) {
            Err(Failed { error, committing: None }) if is_refusal(&error) => {}
            done => return done,
        }
        // One of them cannot be written: it is found by writing each for itself.
        self.transaction(changes, |frontier| write_apart(&self.connection, frontier, changes))
    }

    /// A transaction that keeps all of it, with the edge of the tree and the mark of the group.
    fn transaction(
        &self,
        changes: &[Change],
        work: impl FnOnce(&mut Frontier) -> Result<Vec<Result<(), StoreError>>, StoreError>,
    ) -> Result<Written, Failed> {
        let appends = changes.iter().any(|it| !it.facts.is_empty() || !it.appended.is_empty());
        self.connection.run("BEGIN")?;
        let worked = (|| -> Result<(Written, Frontier), StoreError> {
            let before =
                if appends { lock_frontier(&self.connection)? } else { Frontier::default() };
            let mut edge = before.clone();
            let outcomes = work(&mut edge)?;
            Ok((Written { outcomes, facts: edge.size() - before.size() }, edge))
        })();
        let (written, edge) = match worked {
            Ok(worked) => worked,
            Err(error) => {
                self.connection.roll_back()?;
                return Err(error.into());
            }
        };
        let mut last = vec![self.marked()];
        if written.facts > 0 {
            last.insert(0, keep_frontier(&edge));
        }
        let session = self.session()?;
        let sent: Result<Vec<_>, StoreError> =
            last.iter().map(|it| Ok(session.send(session.prepared(it.sql)?, &it.values))).collect();
        let mut sent: Vec<Answering<'_, u64>> = sent?;
        sent.push(session.send_text("COMMIT"));
        match pipeline(sent).into_iter().find_map(Result::err) {
            None => Ok(written),
            Some(error) => Err(Failed { error, committing: Some(written) }),
        }
    }

    fn marked(&self) -> Statement {
        const MARK: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
                            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let number = Value::Blob(self.groups.to_be_bytes().to_vec());
        let values = vec![self.mark.as_str().into(), number];
        Statement { sql: MARK, values, expects: Expects::Anything }
    }

    /// All changes that were decided on what is stored, by a few statements for all of them.
    fn write_together(
        &self,
        frontier: &mut Frontier,
        changes: &[Change],
    ) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        let mut heads = self.heads(changes)?;
        let mut outcomes = Vec::with_capacity(changes.len());
        let mut accepted: Vec<(&Change, Planned)> = Vec::with_capacity(changes.len());
        for change in changes {
            let known = |stream| Ok(heads.get(&stream).copied().unwrap_or_default());
            match plan(change, frontier, known) {
                Ok(planned) => {
                    heads.extend(planned.heads.iter().copied());
                    accepted.push((change, planned));
                    outcomes.push(Ok(()));
                }
                Err(StoreError::Conflict) => outcomes.push(Err(StoreError::Conflict)),
                Err(error) => return Err(error),
            }
        }
        let session = self.session()?;
        let (mut round, mut streams) = (Round::default(), HashSet::new());
        for (change, planned) in &accepted {
            // The rows of two acts on one project follow each other.
            let own = change.facts.first().map(|fact| fact.stream);
            if own.is_some_and(|stream| !streams.insert(stream)) {
                round.send(session)?;
                streams = own.into_iter().collect();
            }
            round.take(session, &change.statements)?;
            round.take_in_any_order(&planned.statements);
        }
        round.send(session)?;
        Ok(outcomes)
    }

    /// Where the streams end that the changes add to.
    fn heads(&self, changes: &[Change]) -> Result<HashMap<StreamId, Head>, StoreError> {
        const HEADS: &str = "SELECT wanted.place, last.version, last.leaf \
             FROM unnest($1::int8[], $2::bytea[]) WITH ORDINALITY AS wanted (kind, stream, place) \
             JOIN LATERAL (SELECT version, leaf FROM facts \
             WHERE stream_kind = wanted.kind AND stream = wanted.stream \
             ORDER BY version DESC LIMIT 1) AS last ON TRUE";
        let own = changes.iter().filter_map(|change| change.facts.first()).map(|it| it.stream);
        let beside = changes.iter().flat_map(|it| &it.appended).map(|it| it.envelope.stream);
        let streams: Vec<StreamId> =
            own.chain(beside).collect::<HashSet<_>>().into_iter().collect();
        if streams.is_empty() {
            return Ok(HashMap::new());
        }
        let kinds: Vec<Value> = streams.iter().map(|it| (it.kind as i64).into()).collect();
        let ids: Vec<Value> = streams.iter().map(|it| (&it.id).into()).collect();
        let mut heads = HashMap::new();
        self.session()?.each(HEADS, &[kinds, ids], |row| {
            let place = row.get::<i64>(0)? as usize;
            heads.insert(streams[place - 1], read_head(row, 1)?);
            Ok::<(), StoreError>(())
        })?;
        Ok(heads)
    }
}

/// The edge of the tree; whoever else appends waits until this transaction ends.
fn lock_frontier(connection: &Connection) -> Result<Frontier, StoreError> {
    const LOCK: &str = "SELECT value FROM meta WHERE name = 'frontier' FOR UPDATE";
    let found = query(connection, LOCK, &[], |row| row.get::<Vec<u8>>(0))?;
    let missing = || StoreError::Damaged("the edge of the tree is missing".to_owned());
    Frontier::from_bytes(found.first().ok_or_else(missing)?)
        .map_err(|error| StoreError::Damaged(error.to_string()))
}
