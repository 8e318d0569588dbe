//! Passwords changed and reset, second factors set and removed, accounts closed: whatever was
//! opened with the old ones ends with the same change.

use tongban_domain::{ids::AccountId, permission::Role, time::Instant};
use zxcvbn::{Score, zxcvbn};

use super::{
    accounts::Account,
    events::AccessEvent,
    guesses::{Guarded, Guess},
    one_time::OneTimeSecret,
    sessions::SessionId,
};
use crate::{
    change::Change,
    engine::{Value, query},
    error::StoreError,
    node::{Store, lock},
    vault::Column,
};

/// Fewest letters of a password.
const SHORTEST: usize = 10;
/// Most: hashing a longer one would only cost time.
const LONGEST: usize = 128;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer than so many letters.
    Short(usize),
    /// More than so many.
    Long(usize),
    /// It has the name of the account in it.
    HasLogin,
    /// Somebody who tries what people choose would soon come to it.
    Simple,
}

/// Words that whoever guesses here would try first, beside names of person and organisation.
const WORDS: [&str; 8] =
    ["tongban", "通办", "gongjian", "shenpi", "jiangsu", "江苏", "gcjs", "spgl"];

/// Whether a password may be chosen. `known` are words that others know of its person.
///
/// # Errors
/// [`PasswordFault`] with what is wrong with it.
pub(super) fn check_password(
    login: &str,
    password: &str,
    known: &[&str],
) -> Result<(), PasswordFault> {
    let letters = password.chars().count();
    if letters < SHORTEST {
        return Err(PasswordFault::Short(SHORTEST));
    }
    if letters > LONGEST {
        return Err(PasswordFault::Long(LONGEST));
    }
    if login.len() >= 3 && password.to_lowercase().contains(&login.to_lowercase()) {
        return Err(PasswordFault::HasLogin);
    }
    let words: Vec<&str> = WORDS.iter().chain(known).chain([&login]).copied().collect();
    if zxcvbn(password, &words).score() < Score::Three {
        return Err(PasswordFault::Simple);
    }
    Ok(())
}

impl Store {
    /// Changes the password of somebody who knows the old one; all other sessions end.
    ///
    /// # Errors
    /// When the database fails.
    pub fn change_password(
        &self,
        account: &Account,
        (old, new): (&str, &str),
        keep: SessionId,
        address: &str,
    ) -> Result<Guess<Result<(), PasswordFault>>, StoreError> {
        const CHANGE: &str = "UPDATE accounts SET password = $2, temporary = 0 WHERE id = $1";
        match self.check_login(&account.login, old)? {
            Guess::Right(id) if id == account.id => {}
            Guess::TooMany(minutes) => return Ok(Guess::TooMany(minutes)),
            Guess::Right(_) | Guess::Wrong => return Ok(Guess::Wrong),
        }
        let same = if new == old { Err(PasswordFault::Simple) } else { Ok(()) };
        let organisation = account.organisation_name.as_deref().unwrap_or_default();
        let known = [account.name.as_str(), organisation];
        if let Err(fault) = same.and_then(|()| check_password(&account.login, new, &known)) {
            return Ok(Guess::Right(Err(fault)));
        }
        let hash = self.hash_password(new)?;
        let mut change = Change::default();
        change.add(CHANGE, vec![account.id.as_bytes().into(), hash.into()]);
        self.end_sessions(&mut change, account.id, Some(keep));
        self.note_access(&mut change, account.id, AccessEvent::PasswordChanged, None, address);
        self.write_account(change)?;
        Ok(Guess::Right(Ok(())))
    }

    /// Gives somebody a password that has to be changed at the next login.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reset_password(&self, account: AccountId, by: AccountId) -> Result<String, StoreError> {
        const RESET: &str = "UPDATE accounts SET password = $2, temporary = 1 WHERE id = $1";
        let password = self.new_password();
        let hash = self.hash_password(&password)?;
        let mut change = Change::default();
        change.add(RESET, vec![account.as_bytes().into(), hash.into()]);
        self.end_sessions(&mut change, account, None);
        self.note_access(&mut change, account, AccessEvent::PasswordReset, Some(by), "");
        self.write_account(change)?;
        Ok(password)
    }

    /// Closes an account, or opens it again. Whoever is logged in with it is out at once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn close_account(
        &self,
        account: AccountId,
        closed: bool,
        by: AccountId,
    ) -> Result<(), StoreError> {
        const CLOSE: &str = "UPDATE accounts SET closed_at = $2 WHERE id = $1";
        let at = if closed { Value::Int(self.now().0) } else { Value::Null };
        let event = if closed { AccessEvent::Closed } else { AccessEvent::Opened };
        let mut change = Change::default();
        change.add(CLOSE, vec![account.as_bytes().into(), at]);
        self.end_sessions(&mut change, account, None);
        self.note_access(&mut change, account, event, Some(by), "");
        self.write_account(change)
    }

    /// Grants the offices that wait, or takes them back. Neither to oneself, nor by who made the
    /// account: whoever gives an office is not who lets it count.
    ///
    /// # Errors
    /// When the database fails. Where nothing waits, nothing happens.
    pub fn grant_offices(
        &self,
        account: AccountId,
        granted: bool,
        by: AccountId,
    ) -> Result<bool, StoreError> {
        const MADE: &str = "SELECT COUNT(*) FROM access_events \
                            WHERE account = $1 AND event = 'made' AND done_by = $2";
        const GRANT: &str = "UPDATE mandates SET granted_at = $2, granted_by = $3 \
                             WHERE account = $1 AND granted_at IS NULL";
        const TAKE_BACK: &str = "DELETE FROM mandates WHERE account = $1 AND granted_at IS NULL";
        let waits = self.account(account)?.is_some_and(|account| !account.waiting.is_empty());
        let values = [account.as_bytes().into(), by.as_bytes().into()];
        let made =
            self.read(|connection| query(connection, MADE, &values, |row| row.get::<i64>(0)))?;
        // Where there is nobody else who could, as on nodes from before, the rule would let no office
        // count ever again.
        let could = |it: &Account| {
            it.id != by && it.is(Role::SecurityAdministrator) && it.closed_at.is_none()
        };
        let alone = !self.accounts()?.iter().any(could);
        let own = made.first().is_some_and(|count| *count > 0);
        if !waits || account == by || own && !alone {
            return Ok(false);
        }
        let mut change = Change::default();
        let event = if granted {
            // Of two who decide at once the second finds nothing that waits.
            change.add_one_row(
                GRANT,
                vec![account.as_bytes().into(), self.now().0.into(), by.as_bytes().into()],
            );
            AccessEvent::Granted
        } else {
            change.add_one_row(TAKE_BACK, vec![account.as_bytes().into()]);
            AccessEvent::NotGranted
        };
        self.note_access(&mut change, account, event, Some(by), "");
        match self.write_account(change) {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Ends every session of somebody but one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn end_other_sessions(
        &self,
        account: AccountId,
        keep: SessionId,
        address: &str,
    ) -> Result<(), StoreError> {
        let mut change = Change::default();
        self.end_sessions(&mut change, account, Some(keep));
        self.note_access(&mut change, account, AccessEvent::SessionsEnded, None, address);
        self.write_account(change)
    }

    /// Ends one other session of somebody, as [`SessionId::to_text`] tells it; gives whether it was
    /// there.
    ///
    /// # Errors
    /// When the database fails.
    pub fn end_session_of(
        &self,
        account: AccountId,
        session: &str,
        address: &str,
    ) -> Result<bool, StoreError> {
        const END: &str = "DELETE FROM sessions WHERE account = $1 AND digest = $2";
        let all = self.running_sessions(account)?;
        let Some(found) = all.into_iter().find(|it| it.id.to_text() == session) else {
            return Ok(false);
        };
        let mut change = Change::default();
        change.add(END, vec![account.as_bytes().into(), Value::Blob(found.id.0.to_vec())]);
        self.note_access(&mut change, account, AccessEvent::SessionEnded, None, address);
        self.write_account(change)?;
        Ok(true)
    }

    /// A secret for a phone; it counts when the phone shows that it has it.
    #[must_use]
    pub fn new_one_time_secret(&self) -> OneTimeSecret {
        let bytes = lock(&self.inner.supply).secret();
        let mut own = [0; 20];
        own.copy_from_slice(&bytes[..20]);
        OneTimeSecret::from_bytes(own)
    }

    /// Sets the second factor, when the password of the phone is right; gives whether it was. The
    /// session in which it was shown goes on, others are asked for it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_second_factor(
        &self,
        account: AccountId,
        session: SessionId,
        (secret, code): (&OneTimeSecret, &str),
        address: &str,
    ) -> Result<bool, StoreError> {
        const PROVED: &str = "UPDATE sessions SET factors = 2 WHERE digest = $1";
        const SET: &str = "UPDATE accounts SET second_factor = $2, last_step = $3 \
                           WHERE id = $1 AND second_factor IS NULL";
        let Some(step) = secret.step_of(code, self.inner.clock.outside()) else { return Ok(false) };
        let id = account.as_bytes();
        let cell = self.inner.vault.seal(Column::SecondFactor, id, &secret.to_text())?;
        let mut change = Change::default();
        change.add_one_row(SET, vec![id.into(), cell, step.into()]);
        change.add(PROVED, vec![Value::Blob(session.0.to_vec())]);
        self.note_access(&mut change, account, AccessEvent::SecondFactorSet, None, address);
        match self.write_account(change) {
            Ok(()) => Ok(true),
            // Another phone was set meanwhile: that one counts.
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes the second factor. Sessions that were asked for it end, but for one's own.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_second_factor(
        &self,
        account: AccountId,
        keep: Option<SessionId>,
        by: Option<AccountId>,
        address: &str,
    ) -> Result<(), StoreError> {
        const REMOVE: &str = "UPDATE accounts SET second_factor = NULL WHERE id = $1";
        const KEYS: &str = "DELETE FROM security_keys WHERE account = $1";
        let mut change = Change::default();
        change.add(REMOVE, vec![account.as_bytes().into()]);
        // Who lost both is helped at once; one's own are taken away one by one.
        if by.is_some() {
            change.add(KEYS, vec![account.as_bytes().into()]);
        }
        self.end_sessions(&mut change, account, keep);
        self.note_access(&mut change, account, AccessEvent::SecondFactorRemoved, by, address);
        self.write_account(change)
    }

    /// Checks a password of the phone. None opens twice.
    ///
    /// # Errors
    /// When the database fails.
    pub fn check_second_factor(
        &self,
        account: AccountId,
        code: &str,
    ) -> Result<Guess<()>, StoreError> {
        const GET: &str = "SELECT second_factor, last_step FROM accounts WHERE id = $1";
        const USED: &str = "UPDATE accounts SET last_step = $2 WHERE id = $1 AND last_step < $2";
        let id = account.as_bytes();
        self.guess(Guarded::SecondFactor(account), || {
            let found = self.read(|connection| {
                query(connection, GET, &[id.into()], |row| {
                    Ok((row.get::<Option<Vec<u8>>>(0)?, row.get::<i64>(1)?))
                })
            })?;
            let Some((Some(cell), last)) = found.into_iter().next() else { return Ok(None) };
            let text = self.inner.vault.open(Column::SecondFactor, id, &cell)?;
            let secret = OneTimeSecret::from_text(&text);
            let step = secret.and_then(|secret| secret.step_of(code, self.inner.clock.outside()));
            let Some(step) = step.filter(|step| *step > last) else { return Ok(None) };
            let mut change = Change::default();
            change.add_one_row(USED, vec![id.into(), step.into()]);
            match self.write(change) {
                Ok(()) => Ok(Some(())),
                // Somebody else used it at the same moment.
                Err(StoreError::Conflict) => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    /// Whether this is the password, or the one-time password, of somebody who is logged in; if so
    /// the session is confirmed anew.
    ///
    /// # Errors
    /// When the database fails.
    pub fn confirm_session(
        &self,
        session: SessionId,
        account: &Account,
        proof: &str,
    ) -> Result<Guess<()>, StoreError> {
        let is_code = proof.len() == 6 && proof.bytes().all(|it| it.is_ascii_digit());
        let checked = if account.second_factor && is_code {
            self.check_second_factor(account.id, proof)?
        } else {
            match self.check_login(&account.login, proof)? {
                Guess::Right(id) if id == account.id => Guess::Right(()),
                Guess::Right(_) | Guess::Wrong => Guess::Wrong,
                Guess::TooMany(minutes) => Guess::TooMany(minutes),
            }
        };
        if checked == Guess::Right(()) {
            let mut change = Change::default();
            self.prove_session(&mut change, session);
            self.write(change)?;
            self.forget_session(session);
        }
        Ok(checked)
    }

    /// When a session was confirmed last, whatever is remembered of it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn confirmed_at(&self, session: SessionId) -> Result<Instant, StoreError> {
        const GET: &str = "SELECT confirmed_at FROM sessions WHERE digest = $1";
        let key = [Value::Blob(session.0.to_vec())];
        let found = self.read(|connection| query(connection, GET, &key, |row| row.get(0)))?;
        Ok(Instant(found.first().copied().unwrap_or_default()))
    }

    pub(super) fn end_sessions(
        &self,
        change: &mut Change,
        account: AccountId,
        keep: Option<SessionId>,
    ) {
        const END: &str = "DELETE FROM sessions WHERE account = $1 AND digest <> $2";
        let keep = keep.map_or(Vec::new(), |session| session.0.to_vec());
        change.add(END, vec![account.as_bytes().into(), Value::Blob(keep)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_among_the_first_that_are_tried() {
        let check = |password: &str| check_password("wangmin", password, &["王敏", "平江置业"]);
        assert_eq!(check("马场湖的石桥没有栏杆哦"), Ok(()));
        assert_eq!(check("tR7-lake-pier"), Ok(()));
        assert_eq!(check("tR7-lake"), Err(PasswordFault::Short(10)));
        let long = "tR7-lake-pier".repeat(10);
        assert_eq!(check(&long), Err(PasswordFault::Long(128)));
        assert_eq!(check("WangMin-2026!"), Err(PasswordFault::HasLogin));
        for simple in [
            "aaaaaaaaaaaa",
            "1234567890",
            "abababababab",
            "abcdefghijkl",
            "password1234",
            "qwertyuiop12",
            "1q2w3e4r5t6y",
            "iloveyou12345",
            "tongban-2026",
            "平江置业平江置业2026",
        ] {
            assert_eq!(check(simple), Err(PasswordFault::Simple), "{simple}");
        }
    }
}
