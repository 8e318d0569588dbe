//! Sessions on the server: an opaque token in a cookie, its digest in a table.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use sm3::Digest as _;
use tongban_domain::{ids::AccountId, time::Instant as Moment};

use super::{accounts::Account, events::AccessEvent};
use crate::{
    change::Change,
    engine::{Value, query},
    error::StoreError,
    hex::hex,
    node::{Store, lock},
};

/// A fresh token, as 64 hexadecimal digits for the cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionToken(pub String);

/// Minutes without a request after which a session ends.
const IDLE_MINUTES: i64 = 120;
/// Hours after which it ends in any case.
const HOURS: i64 = 12;
const MINUTE: i64 = 60_000_000;

/// How long a session that was read is believed without reading it again, should another process
/// have ended it, or changed the account, and could not tell.
const TRUSTED: Duration = Duration::from_secs(10);
/// Most sessions that are remembered.
const KNOWN: usize = 20_000;

/// Sessions by the digest of their token, as they were read a moment ago.
#[derive(Default)]
pub(crate) struct KnownSessions {
    by_digest: HashMap<[u8; 32], KnownSession>,
    /// Goes up whenever accounts change or a session ends: what was read before is not remembered
    /// after.
    generation: u64,
}

/// Which session: the digest of its token. The default is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SessionId(pub(crate) [u8; 32]);

/// From where somebody logs in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address on the network; empty when it is not known.
    pub address: String,
    /// What kind of device, as the person would call it; empty when it is not known.
    pub device: String,
}

/// A session that could go on, as its person is shown it (登录的地方).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningSession {
    /// Which.
    pub id: SessionId,
    /// When it began.
    pub began: Moment,
    /// When it was used last, to the minute.
    pub used: Moment,
    /// From where.
    pub origin: Origin,
}

/// A running session.
#[derive(Debug, Clone)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub account: Account,
    /// When the person last proved who it is.
    pub confirmed_at: Moment,
    /// By how many factors: password, phone.
    pub factors: u8,
}

/// A session as it was read.
struct KnownSession {
    session: Session,
    created: i64,
    seen: i64,
    read_at: Instant,
}

impl SessionId {
    /// For a form: it opens nothing.
    #[must_use]
    pub fn to_text(self) -> String {
        hex(&self.0)
    }
}

fn digest(token: &str) -> [u8; 32] {
    sm3::Sm3::digest(token.as_bytes()).into()
}

/// Since when a session has to have been there, and been used, to go on.
const fn oldest(now: i64) -> (i64, i64) {
    (now - HOURS * 60 * MINUTE, now - IDLE_MINUTES * MINUTE)
}

const fn is_over(now: i64, created: i64, seen: i64) -> bool {
    let oldest = oldest(now);
    created < oldest.0 || seen < oldest.1
}

impl Store {
    /// Starts a session.
    ///
    /// # Errors
    /// When the database fails.
    pub fn start_session(
        &self,
        account: AccountId,
        factors: u8,
        origin: &Origin,
    ) -> Result<SessionToken, StoreError> {
        const START: &str = "INSERT INTO sessions (digest, account, created_at, seen_at, \
                             confirmed_at, factors, address, device) \
                             VALUES ($1, $2, $3, $3, $3, $4, $5, $6)";
        const OVER: &str = "DELETE FROM sessions \
                            WHERE account = $1 AND (created_at < $2 OR seen_at < $3)";
        let secret = lock(&self.inner.supply).secret();
        let token = hex(&secret);
        let (created, seen) = oldest(self.now().0);
        let mut change = Change::default();
        // Nobody comes back to those: a browser that is closed says nothing.
        change.add(OVER, vec![account.as_bytes().into(), created.into(), seen.into()]);
        change.add(
            START,
            vec![
                Value::Blob(digest(&token).to_vec()),
                account.as_bytes().into(),
                self.now().0.into(),
                i64::from(factors).into(),
                origin.address.as_str().into(),
                origin.device.as_str().into(),
            ],
        );
        self.note_access(&mut change, account, AccessEvent::LoggedIn, None, &origin.address);
        self.write(change)?;
        Ok(SessionToken(token))
    }

    /// A running session, when it was asked for a moment ago and nothing about
    /// accounts has changed since: no look into the database.
    #[must_use]
    pub fn known_session(&self, token: &str) -> Option<Session> {
        let known = lock(&self.inner.sessions);
        let found = known.by_digest.get(&digest(token))?;
        let now = self.now().0;
        let fresh = found.read_at.elapsed() < TRUSTED && now - found.seen <= MINUTE;
        (fresh && !is_over(now, found.created, found.seen)).then(|| found.session.clone())
    }

    /// Nothing known about sessions holds any more: an account, an office or a department changed.
    pub(crate) fn forget_known_sessions(&self) {
        let mut known = lock(&self.inner.sessions);
        known.by_digest.clear();
        known.generation += 1;
    }

    /// Forgets what is known of one session: it is read again.
    pub(super) fn forget_session(&self, session: SessionId) {
        lock(&self.inner.sessions).by_digest.remove(&session.0);
    }

    /// A running session. Notes at most once a minute that it was used.
    ///
    /// # Errors
    /// When the database fails.
    pub fn session(&self, token: &str) -> Result<Option<Session>, StoreError> {
        const GET: &str = "SELECT account, created_at, seen_at, confirmed_at, factors \
                           FROM sessions WHERE digest = $1";
        const SEEN: &str = "UPDATE sessions SET seen_at = $1 WHERE digest = $2";
        if let Some(session) = self.known_session(token) {
            return Ok(Some(session));
        }
        let generation = lock(&self.inner.sessions).generation;
        let (now, read_at, digest) = (self.now().0, Instant::now(), digest(token));
        let key = Value::Blob(digest.to_vec());
        let found = self.read(|connection| {
            query(connection, GET, std::slice::from_ref(&key), |row| {
                let (confirmed, factors): (i64, i64) = (row.get(3)?, row.get(4)?);
                let proved = (Moment(confirmed), factors as u8);
                Ok((row.get(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?, proved))
            })
        })?;
        let Some((account, created, mut seen, (confirmed_at, factors))) = found.into_iter().next()
        else {
            return Ok(None);
        };
        if is_over(now, created, seen) {
            // Where nothing can be written it is over all the same.
            match self.end_session(token) {
                Err(error) if error.is_of_writing() => {}
                done => done?,
            }
            return Ok(None);
        }
        if now - seen > MINUTE {
            let mut change = Change::default();
            change.add(SEEN, vec![now.into(), key]);
            // A session goes on where nothing can be written; it only ends earlier.
            match self.write(change) {
                Ok(()) => seen = now,
                Err(error) if error.is_of_writing() => {}
                Err(error) => return Err(error),
            }
        }
        let account = self.account(AccountId::from_bytes(account))?;
        let Some(account) = account.filter(|account| account.closed_at.is_none()) else {
            return Ok(None);
        };
        let session = Session { id: SessionId(digest), account, confirmed_at, factors };
        let mut known = lock(&self.inner.sessions);
        if known.by_digest.len() >= KNOWN {
            known.by_digest.clear();
        }
        if known.generation == generation {
            let session = session.clone();
            known.by_digest.insert(digest, KnownSession { session, created, seen, read_at });
        }
        Ok(Some(session))
    }

    /// Sessions of somebody that could go on, the one used last first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn running_sessions(&self, account: AccountId) -> Result<Vec<RunningSession>, StoreError> {
        const GET: &str = "SELECT digest, created_at, seen_at, address, device FROM sessions \
                           WHERE account = $1 AND created_at >= $2 AND seen_at >= $3 \
                           ORDER BY seen_at DESC, digest";
        let (created, seen) = oldest(self.now().0);
        let values = [account.as_bytes().into(), created.into(), seen.into()];
        self.read(|connection| {
            query(connection, GET, &values, |row| {
                Ok(RunningSession {
                    id: SessionId(row.get(0)?),
                    began: Moment(row.get(1)?),
                    used: Moment(row.get(2)?),
                    origin: Origin { address: row.get(3)?, device: row.get(4)? },
                })
            })
        })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub fn end_session(&self, token: &str) -> Result<(), StoreError> {
        const END: &str = "DELETE FROM sessions WHERE digest = $1";
        let digest = digest(token);
        let mut change = Change::default();
        change.add(END, vec![Value::Blob(digest.to_vec())]);
        self.tell_of_access(&mut change);
        self.write(change)?;
        let mut known = lock(&self.inner.sessions);
        known.by_digest.remove(&digest);
        // Who read the session before it ended does not remember it after.
        known.generation += 1;
        Ok(())
    }
}
