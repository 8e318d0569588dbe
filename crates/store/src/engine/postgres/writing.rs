//! Writing to a database that others write to as well.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use tongban_domain::fact::StreamId;
use tongban_journal::Frontier;

use super::{Server, Session, bulk::Round};
use crate::{
    change::{Change, Expects, Head, Statement},
    engine::{
        Connection, Row, Value, execute,
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

/// The mark of a process.
const HOLD: &str = "SELECT value FROM meta WHERE name = $1 FOR UPDATE";
/// The edge of the tree; whoever else appends waits until the transaction ends.
const LOCK: &str = "SELECT value FROM meta WHERE name = 'frontier' FOR UPDATE";
/// Where streams end.
const HEADS: &str = "SELECT wanted.place, last.version, last.leaf \
                     FROM unnest($1::int8[], $2::bytea[]) WITH ORDINALITY \
                     AS wanted (kind, stream, place) \
                     JOIN LATERAL (SELECT version, leaf FROM facts \
                     WHERE stream_kind = wanted.kind AND stream = wanted.stream \
                     ORDER BY version DESC LIMIT 1) AS last ON TRUE";

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
    pub(crate) fn new(
        server: Server,
        connection: Connection,
        process: [u8; 16],
    ) -> Result<Self, StoreError> {
        let process: String = process.iter().map(|byte| format!("{byte:02x}")).collect();
        let (connection, mark) = (Box::new(connection), format!("writer {process}"));
        let writing = Self { server, connection, mark, groups: 0 };
        // There from the beginning, so that every transaction can hold it.
        let Statement { sql, values, .. } = writing.marked();
        execute(&writing.connection, sql, &values)?;
        Ok(writing)
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
            if matches!(error, StoreError::Unavailable(_)) {
                std::thread::sleep(PAUSE);
                // Also when it still stands: it may lead to a server that only reads.
                if let Ok(session) = self.server.connect() {
                    *self.connection = Connection::Postgres(session);
                }
            }
            if let Some(written) = committing {
                // It is worth more time to know.
                let longer = Instant::now() + PATIENCE;
                let known = self.reach(longer).and_then(|()| self.was_written());
                if known.map_err(|_| StoreError::Unknown)? {
                    return Ok(written);
                }
            }
        }
    }

    /// Takes the mark away: this process writes no more.
    pub(crate) fn close(&self) {
        const GONE: &str = "DELETE FROM meta WHERE name = $1";
        if let Err(error) = execute(&self.connection, GONE, &[self.mark.as_str().into()]) {
            tracing::warn!(%error, "the mark of this process stays in the database");
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
        let name = [self.mark.as_str().into()];
        let last = self.connection.transaction(|connection| {
            query(connection, HOLD, &name, |row| row.get::<Vec<u8>>(0))
        })?;
        Ok(last.first().is_some_and(|last| *last == self.groups.to_be_bytes()))
    }

    fn attempt(&self, changes: &[Change]) -> Result<Written, Failed> {
        match self.taken_back(self.write_together(changes)) {
            Err(Failed { error, committing: None }) if is_refusal(&error) => {}
            done => return done,
        }
        // One of them cannot be written: it is found by writing each for itself.
        self.taken_back(self.write_each(changes))
    }

    /// Of a transaction that failed nothing is left.
    fn taken_back(&self, done: Result<Written, Failed>) -> Result<Written, Failed> {
        if let Err(Failed { committing: None, .. }) = &done {
            self.connection.roll_back()?;
        }
        done
    }

    /// Begins a transaction: the edge of the tree, which nobody else moves until it ends, and where
    /// the streams end that the changes add to.
    fn begin(&self, changes: &[Change]) -> Result<(Frontier, HashMap<StreamId, Head>), StoreError> {
        let session = self.session()?;
        let own = changes.iter().filter_map(|change| change.facts.first()).map(|it| it.stream);
        let beside = changes.iter().flat_map(|it| &it.appended).map(|it| it.envelope.stream);
        let streams: Vec<StreamId> =
            own.chain(beside).collect::<HashSet<_>>().into_iter().collect();
        // Held until the end: who asks for the mark after a lost connection waits for what the
        // server may still be doing for it.
        let mark = [self.mark.as_str().into()];
        if streams.is_empty() {
            session.run("BEGIN")?;
            session.execute(HOLD, &mark)?;
            return Ok((Frontier::default(), HashMap::new()));
        }
        let kinds: Vec<Value> = streams.iter().map(|it| (it.kind as i64).into()).collect();
        let ids: Vec<Value> = streams.iter().map(|it| (&it.id).into()).collect();
        let (edge, ends) = session.begin_with((HOLD, &mark), LOCK, (HEADS, &[kinds, ids]))?;
        let missing = || StoreError::Damaged("the edge of the tree is missing".to_owned());
        let edge: Vec<u8> = Row::Postgres(edge.first().ok_or_else(missing)?).get(0)?;
        let edge =
            Frontier::from_bytes(&edge).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let heads = ends.iter().map(|row| {
            let row = Row::Postgres(row);
            Ok((streams[row.get::<i64>(0)? as usize - 1], read_head(&row, 1)?))
        });
        Ok((edge, heads.collect::<Result<_, StoreError>>()?))
    }

    /// All changes that were decided on what is stored, by a few statements for all of them.
    fn write_together(&self, changes: &[Change]) -> Result<Written, Failed> {
        let (before, mut heads) = self.begin(changes)?;
        let mut edge = before.clone();
        let mut outcomes = Vec::with_capacity(changes.len());
        let mut accepted: Vec<(&Change, Planned)> = Vec::with_capacity(changes.len());
        for change in changes {
            let known = |stream| Ok(heads.get(&stream).copied().unwrap_or_default());
            match plan(change, &mut edge, known) {
                Ok(planned) => {
                    heads.extend(planned.heads.iter().copied());
                    accepted.push((change, planned));
                    outcomes.push(Ok(()));
                }
                Err(StoreError::Conflict) => outcomes.push(Err(StoreError::Conflict)),
                Err(error) => return Err(error.into()),
            }
        }
        let (session, last) = (self.session()?, self.last(&before, &edge));
        let (mut round, mut streams) = (Round::default(), HashSet::new());
        for (change, planned) in &accepted {
            // The rows of two acts on one project follow each other.
            let own = change.facts.first().map(|fact| fact.stream);
            if own.is_none_or(|stream| !streams.insert(stream)) {
                round.send(session)?;
                streams = own.into_iter().collect();
            }
            round.take(session, &change.statements)?;
            round.take_in_any_order(&planned.statements);
            // Drafts and the like: two changes of one row, each by other statements.
            if own.is_none() {
                round.send(session)?;
            }
        }
        round.take_in_any_order(&last);
        self.finish(round, Written { outcomes, facts: edge.size() - before.size() })
    }

    /// The changes one by one, so that a refused one leaves nothing.
    fn write_each(&self, changes: &[Change]) -> Result<Written, Failed> {
        let (before, _) = self.begin(changes)?;
        let mut edge = before.clone();
        let outcomes = write_apart(&self.connection, &mut edge, changes)?;
        let (last, mut round) = (self.last(&before, &edge), Round::default());
        round.take_in_any_order(&last);
        self.finish(round, Written { outcomes, facts: edge.size() - before.size() })
    }

    /// The last statements of a transaction: the edge of the tree, and the mark of the group.
    fn last(&self, before: &Frontier, edge: &Frontier) -> Vec<Statement> {
        let moved = (edge != before).then(|| keep_frontier(edge));
        moved.into_iter().chain([self.marked()]).collect()
    }

    /// The last statements and the commit.
    fn finish(&self, mut round: Round<'_>, written: Written) -> Result<Written, Failed> {
        let session = self.session()?;
        // With the rest, unless it depends on what the rest brings about.
        let at_once = !round.expects_rows();
        if !at_once {
            round.send(session)?;
        }
        match round.send_with(session, Some("COMMIT")) {
            Ok(()) => Ok(written),
            // Told by a statement before it: then the commit took everything back.
            Err(error) if at_once && !matches!(error, StoreError::Unavailable(_)) => {
                Err(error.into())
            }
            Err(error) => Err(Failed { error, committing: Some(written) }),
        }
    }

    fn marked(&self) -> Statement {
        const MARK: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
                            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let number = Value::Blob(self.groups.to_be_bytes().to_vec());
        let values = vec![self.mark.as_str().into(), number];
        Statement { sql: MARK, values, expects: Expects::Anything }
    }
}
