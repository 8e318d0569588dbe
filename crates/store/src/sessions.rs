//! Sessions on the server: an opaque token in a cookie, its digest in a table.

use sm3::Digest as _;
use tongban_domain::ids::AccountId;

use crate::{
    accounts::Account,
    change::Change,
    engine::{Value, id_bytes, query},
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

fn digest(token: &str) -> Value {
    Value::Blob(sm3::Sm3::digest(token.as_bytes()).to_vec())
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
        change.add(START, vec![digest(&token), account.as_bytes().into(), self.now().0.into()]);
        self.write(change)?;
        Ok(SessionToken(token))
    }

    /// The account of a running session. Notes at most once a minute that it was used.
    ///
    /// # Errors
    /// When the database fails.
    pub fn session(&self, token: &str) -> Result<Option<Account>, StoreError> {
        const GET: &str = "SELECT account, created_at, seen_at FROM sessions WHERE digest = $1";
        const SEEN: &str = "UPDATE sessions SET seen_at = $1 WHERE digest = $2";
        let now = self.now().0;
        let found = self.read(|connection| {
            query(connection, GET, &[digest(token)], |row| {
                Ok((id_bytes(row, 0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
            })
        })?;
        let Some((account, created, seen)) = found.into_iter().next() else { return Ok(None) };
        if now - seen > IDLE_MINUTES * MINUTE || now - created > HOURS * 60 * MINUTE {
            self.end_session(token)?;
            return Ok(None);
        }
        if now - seen > MINUTE {
            let mut change = Change::default();
            change.add(SEEN, vec![now.into(), digest(token)]);
            // A session goes on where nothing can be written; it only ends earlier.
            match self.write(change) {
                Ok(()) | Err(StoreError::DiskFull | StoreError::Stopped) => {}
                Err(error) => return Err(error),
            }
        }
        self.account(AccountId::from_bytes(account))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub fn end_session(&self, token: &str) -> Result<(), StoreError> {
        const END: &str = "DELETE FROM sessions WHERE digest = $1";
        let mut change = Change::default();
        change.add(END, vec![digest(token)]);
        self.write(change)
    }
}
