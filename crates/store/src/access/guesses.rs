//! Secrets that people type, such as passwords, cannot be found by trying: after some failures a
//! subject has to wait.

use sm3::Digest as _;
use tongban_domain::{ids::AccountId, time::Instant};

use crate::{change::Change, engine::query, error::StoreError, node::Store};

/// Failures after which the subject waits.
const FAILURES: i64 = 5;
/// Minutes it waits then; twice as long after each further failure.
const WAIT_MINUTES: u32 = 10;
/// Failures are forgotten after a day, in microseconds; nobody waits longer.
const FORGOTTEN: i64 = 24 * 60 * 60 * 1_000_000;

/// What somebody tries to get at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarded<'a> {
    /// An account, by the password.
    Login(&'a str),
    /// The progress of an application or a case by its number, by digits of the phone.
    Number(&'a str),
    /// An account whose password was right, by the one-time password.
    SecondFactor(AccountId),
}

impl Guarded<'_> {
    fn subject(self) -> String {
        match self {
            Self::Login(login) => format!("login {}", short(login)),
            Self::Number(number) => format!("number {}", short(number)),
            Self::SecondFactor(account) => format!("second factor {account}"),
        }
    }
}

/// What anybody may type, as a key: the digest of what is too long to be one, or no text.
fn short(typed: &str) -> String {
    if typed.len() <= 100 && !typed.contains(char::is_control) {
        return typed.to_owned();
    }
    let digest = sm3::Sm3::digest(typed.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How many minutes a subject waits after so many failures.
fn wait(failures: i64) -> u32 {
    if failures < FAILURES {
        return 0;
    }
    let doubled = u32::try_from(failures - FAILURES).unwrap_or(u32::MAX).min(7);
    WAIT_MINUTES << doubled
}

/// How a guess ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guess<T> {
    /// Right, and what it opens.
    Right(T),
    /// Wrong.
    Wrong,
    /// Not even looked at: too many were wrong; again in so many minutes.
    TooMany(u32),
}

impl Store {
    /// Checks a guess, unless too many were wrong lately. A right one clears the count.
    ///
    /// # Errors
    /// When the database or the check fails.
    pub fn guess<T>(
        &self,
        guarded: Guarded<'_>,
        check: impl FnOnce() -> Result<Option<T>, StoreError>,
    ) -> Result<Guess<T>, StoreError> {
        const CLEAR: &str = "DELETE FROM guesses WHERE subject = $1";
        const NOTE: &str = "INSERT INTO guesses (subject, failures, last_at) \
                            VALUES ($1, 1, $2) ON CONFLICT (subject) DO UPDATE SET \
                            failures = CASE WHEN guesses.last_at < $3 THEN 1 \
                            ELSE guesses.failures + 1 END, last_at = excluded.last_at";
        let now = self.now();
        let subject = guarded.subject();
        let (failures, last) = self.failures(&subject, now)?;
        let waits = i64::from(wait(failures)) * 60_000_000 - (now.0 - last);
        if waits > 0 {
            return Ok(Guess::TooMany((waits + 59_999_999).div_euclid(60_000_000) as u32));
        }
        let found = check()?;
        let mut change = Change::default();
        match found {
            Some(_) if failures == 0 => {}
            Some(_) => change.add(CLEAR, vec![subject.into()]),
            // Counted where it is written: of guesses at the same moment each counts.
            None => {
                change.add(NOTE, vec![subject.into(), now.0.into(), (now.0 - FORGOTTEN).into()]);
            }
        }
        if found.is_none() || failures > 0 {
            self.write(change)?;
        }
        Ok(found.map_or(Guess::Wrong, Guess::Right))
    }

    /// Failures that are not yet forgotten, and when the last of them was.
    fn failures(&self, subject: &str, now: Instant) -> Result<(i64, i64), StoreError> {
        const FAILED: &str = "SELECT failures, last_at FROM guesses WHERE subject = $1";
        let found = self.read(|connection| {
            query(connection, FAILED, &[subject.into()], |row| {
                Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))
            })
        })?;
        let recent = found.into_iter().find(|(_, last)| now.0 - last < FORGOTTEN);
        Ok(recent.unwrap_or_default())
    }
}
