//! Sessions on the server: an opaque token in a cookie, its digest in a table.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use sm3::Digest as _;
use tongban_domain::ids::AccountId;

use crate::{
    accounts::Account,
    change::Change,
    engine::{Value, query},
    error::StoreError,
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

/// A session as it was read.
struct KnownSession {
    account: Account,
    created: i64,
    seen: i64,
    read_at: Instant,
}

fn digest(token: &str) -> [u8; 32] {
    sm3::Sm3::digest(token.as_bytes()).into()
}

fn is_over(now: i64, created: i64, seen: i64) -> bool {
    now - seen > IDLE_MINUTES * MINUTE || now - created > HOURS * 60 * MINUTE
}

impl Store {
    /// Starts a session.
    ///
    /// # Errors
    /// When the database fails.
    pub fn start_session(&self, account: AccountId) -> Result<SessionToken, StoreError> {
        const START: &str = "INSERT INTO sessions (digest, account, created_at, seen_at) \
                             VALUES ($1, $2, $3, $3)";
        let secret = lock(&self.inner.supply).secret();
        let token: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut change = Change::default();
        change.add(
            START,
            vec![
                Value::Blob(digest(&token).to_vec()),
                account.as_bytes().into(),
                self.now().0.into(),
            ],
        );
        self.write(change)?;
        Ok(SessionToken(token))
    }

    /// The account of a running session, when it was asked for a moment ago and nothing about
    /// accounts has changed since: no look into the database.
    #[must_use]
    pub fn known_session(&self, token: &str) -> Option<Account> {
        let known = lock(&self.inner.sessions);
        let session = known.by_digest.get(&digest(token))?;
        let now = self.now().0;
        let fresh = session.read_at.elapsed() < TRUSTED && now - session.seen <= MINUTE;
        (fresh && !is_over(now, session.created, session.seen)).then(|| session.account.clone())
    }

    /// Nothing known about sessions holds any more: an account, an office or a department changed.
    pub(crate) fn forget_known_sessions(&self) {
        let mut known = lock(&self.inner.sessions);
        known.by_digest.clear();
        known.generation += 1;
    }

    /// The account of a running session. Notes at most once a minute that it was used.
    ///
    /// # Errors
    /// When the database fails.
    pub fn session(&self, token: &str) -> Result<Option<Account>, StoreError> {
        const GET: &str = "SELECT account, created_at, seen_at FROM sessions WHERE digest = $1";
        const SEEN: &str = "UPDATE sessions SET seen_at = $1 WHERE digest = $2";
        if let Some(account) = self.known_session(token) {
            return Ok(Some(account));
        }
        let generation = lock(&self.inner.sessions).generation;
        let (now, read_at, digest) = (self.now().0, Instant::now(), digest(token));
        let key = Value::Blob(digest.to_vec());
        let found = self.read(|connection| {
            query(connection, GET, std::slice::from_ref(&key), |row| {
                Ok((row.get(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?))
            })
        })?;
        let Some((account, created, mut seen)) = found.into_iter().next() else { return Ok(None) };
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
        let Some(account) = self.account(AccountId::from_bytes(account))? else { return Ok(None) };
        let mut known = lock(&self.inner.sessions);
        if known.by_digest.len() >= KNOWN {
            known.by_digest.clear();
        }
        if known.generation == generation {
            let session = KnownSession { account: account.clone(), created, seen, read_at };
            known.by_digest.insert(digest, session);
        }
        Ok(Some(account))
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
