//! Who comes in by the unified login (统一身份认证): which account is whose, and what keeps one login
//! apart from another while the browser is away.

use sm3::{Digest as _, Sm3};
use tongban_domain::{
    codes::{ResidentId, Uscc},
    ids::{AccountId, PersonId},
    permission::{Mandate, Role},
};

use super::{accounts::NewAccount, events::AccessEvent, sessions::SessionId};
use crate::{
    change::Change,
    engine::{Value, query},
    error::StoreError,
    hex::hex,
    node::{Store, lock},
    vault::{Column, Vault},
};

/// How long a browser may be away: ten minutes, in microseconds.
const AWAY: i64 = 10 * 60_000_000;

/// Somebody as a provider knows it.
#[derive(Debug, Clone, Copy)]
pub struct Entering<'a> {
    /// The provider, and by what it knows the person.
    pub subject: (&'a str, &'a str),
    /// The person's name.
    pub name: &'a str,
    /// Resident identity number, where it is told.
    pub id_number: Option<&'a str>,
    /// Telephone, where it is told.
    pub phone: Option<&'a str>,
    /// For whom the person acts: code and name of a legal person.
    pub organisation: Option<(&'a Uscc, &'a str)>,
}

/// Whose account that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// This one.
    As(AccountId),
    /// One that was closed.
    Closed,
    /// There is none: a natural person for whom nobody made an account.
    Nobody,
    /// More than one has this identity number.
    Several,
}

/// What a browser keeps while it is away, and what it is compared with when it comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginTicket {
    /// What the browser keeps: secret, last moment, and what is to be done then.
    pub kept: String,
    /// What is to be done then.
    pub purpose: String,
    /// When it went, in seconds since 1970.
    pub since: i64,
    /// Three secrets drawn from it that only this node can tell: state, nonce, verifier.
    pub secrets: [String; 3],
}

impl Store {
    /// A ticket for a browser that is sent away.
    ///
    /// # Errors
    /// When the keys beside the node are gone.
    pub fn login_ticket(&self, purpose: &str) -> Result<LoginTicket, StoreError> {
        let secret = lock(&self.inner.supply).secret();
        let kept = format!("{}.{}.{}", hex(&secret), self.now().0 + AWAY, hex(purpose.as_bytes()));
        let found = self.read_ticket(&kept)?;
        found.ok_or_else(|| StoreError::Damaged("a ticket that is none".to_owned()))
    }

    /// The ticket that a browser brings back with a state; none for one that is too old, or that
    /// the state was not drawn from.
    ///
    /// # Errors
    /// When the keys beside the node are gone.
    pub fn ticket_back(&self, kept: &str, state: &str) -> Result<Option<LoginTicket>, StoreError> {
        let found = self.read_ticket(kept)?;
        // Digests of both are compared, so that time tells nothing about them.
        Ok(found.filter(|it| Sm3::digest(&it.secrets[0]) == Sm3::digest(state)))
    }

    fn read_ticket(&self, kept: &str) -> Result<Option<LoginTicket>, StoreError> {
        let parts: Vec<&str> = kept.split('.').collect();
        let [_, until, purpose] = parts.as_slice() else { return Ok(None) };
        let until = until.parse().ok().filter(|until: &i64| self.now().0 < *until);
        let purpose = bytes(purpose).and_then(|bytes| String::from_utf8(bytes).ok());
        let (Some(until), Some(purpose)) = (until, purpose) else { return Ok(None) };
        let ring = self.inner.vault.ring();
        let drawn = |what: &str| {
            let text = format!("{what}.{kept}");
            match Vault::digest_with(&ring, Column::Login, &text)? {
                Value::Blob(digest) => Ok(hex(&digest)),
                Value::Null | Value::Int(_) | Value::Text(_) => {
                    Err(StoreError::PersonKeyMissing(1))
                }
            }
        };
        Ok(Some(LoginTicket {
            kept: kept.to_owned(),
            purpose,
            since: (until - AWAY) / 1_000_000,
            secrets: [drawn("state")?, drawn("nonce")?, drawn("verifier")?],
        }))
    }

    /// The account of somebody whom a provider knows. Who acts for a legal person and comes for
    /// the first time gets one; a natural person gets the one that was made for its identity
    /// number.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recognise(&self, who: Entering<'_>, address: &str) -> Result<Recognised, StoreError> {
        let known = self.known_as(&who)?;
        let done = match (known, who.organisation) {
            (Some(Recognised::Closed), None) => {
                // Whoever has another account now is not kept out by the one that was closed.
                let found = self.find_by_number(&who, address)?;
                Ok(if found == Recognised::Nobody { Recognised::Closed } else { found })
            }
            (Some(known), _) => Ok(known),
            (None, Some(organisation)) => self.welcome(&who, organisation, address),
            (None, None) => self.find_by_number(&who, address),
        };
        match done {
            // It came in somewhere else at the same moment.
            Err(StoreError::Taken(_)) => Ok(self.known_as(&who)?.unwrap_or(Recognised::Nobody)),
            done => done,
        }
    }

    /// Whether an account is recognised by the unified login.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_linked(&self, account: AccountId) -> Result<bool, StoreError> {
        const GET: &str = "SELECT COUNT(*) FROM unified_logins WHERE account = $1";
        let key = [account.as_bytes().into()];
        let found =
            self.read(|connection| query(connection, GET, &key, |row| row.get::<i64>(0)))?;
        Ok(found.first().is_some_and(|count| *count > 0))
    }

    /// From now on whom the provider knows so is this account; false when it is another one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn link_login(
        &self,
        account: AccountId,
        who: Entering<'_>,
        address: &str,
    ) -> Result<bool, StoreError> {
        match self.known_as(&who)? {
            Some(Recognised::As(known)) => return Ok(known == account),
            // One that was closed does not stand in the way.
            Some(Recognised::Closed | Recognised::Nobody | Recognised::Several) | None => {}
        }
        let mut change = Change::default();
        self.link(&mut change, &who, account, address)?;
        match self.write_account(change) {
            Ok(()) => Ok(true),
            Err(StoreError::Taken(_)) => Ok(self.known_as(&who)? == Some(Recognised::As(account))),
            Err(error) => Err(error),
        }
    }

    /// The unified login does not lead to this account any more, nor does its identity number. Other
    /// sessions of it end.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unlink_login(
        &self,
        account: AccountId,
        keep: SessionId,
        address: &str,
    ) -> Result<(), StoreError> {
        const UNLINK: &str = "DELETE FROM unified_logins WHERE account = $1";
        const FORGET: &str = "UPDATE persons SET id_number = $2, id_digest = NULL WHERE id = \
                              (SELECT person FROM accounts WHERE id = $1)";
        let mut change = Change::default();
        change.add(UNLINK, vec![account.as_bytes().into()]);
        // By its number the next login would find it again.
        if let Some(known) = self.account(account)? {
            let none = self.inner.vault.seal(Column::IdNumber, known.person.as_bytes(), "")?;
            change.add(FORGET, vec![account.as_bytes().into(), none]);
        }
        self.end_sessions(&mut change, account, Some(keep));
        self.note_access(&mut change, account, AccessEvent::Unlinked, None, address);
        self.write_account(change)
    }

    /// The account of somebody who came before; nothing is written.
    ///
    /// # Errors
    /// When the database fails.
    pub fn known_as(&self, who: &Entering<'_>) -> Result<Option<Recognised>, StoreError> {
        const GET: &str = "SELECT u.account, a.closed_at FROM unified_logins u \
                           JOIN accounts a ON a.id = u.account \
                           WHERE u.subject_digest = $1 AND u.organisation = $2";
        let organisation = who.organisation.map_or(String::new(), |(code, _)| code.to_string());
        self.read(|connection| {
            for digest in self.inner.vault.digests(Column::Login, &subject(who)) {
                let values = [digest, organisation.as_str().into()];
                let found = query(connection, GET, &values, |row| {
                    let closed: Option<i64> = row.get(1)?;
                    let account = AccountId::from_bytes(row.get(0)?);
                    Ok(match closed {
                        None => Recognised::As(account),
                        Some(_) => Recognised::Closed,
                    })
                })?;
                if let Some(found) = found.into_iter().next() {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        })
    }

    /// An account for somebody who acts for a legal person: that it does is what the provider
    /// vouches for, so nobody else grants it.
    fn welcome(
        &self,
        who: &Entering<'_>,
        (code, name): (&Uscc, &str),
        address: &str,
    ) -> Result<Recognised, StoreError> {
        let drawn = hex(&lock(&self.inner.supply).salt()[..5]);
        let new = NewAccount {
            login: format!("unified-{drawn}"),
            password: String::new(),
            name: who.name.to_owned(),
            phone: who.phone.unwrap_or_default().to_owned(),
            id_number: number(who).map_or(String::new(), |it| it.in_clear().to_owned()),
            organisation: Some((code.clone(), name.to_owned())),
            mandates: vec![Mandate { role: Role::Owner, department: None, region: 0 }],
            made_by: None,
            temporary: false,
        };
        let (mut change, account) = self.new_account(new, "")?;
        self.link(&mut change, who, account.id, address)?;
        self.write_account(change)?;
        Ok(Recognised::As(account.id))
    }

    /// The one open account of a natural person with this identity number.
    fn find_by_number(&self, who: &Entering<'_>, address: &str) -> Result<Recognised, StoreError> {
        const OWN: &str = "SELECT id FROM accounts WHERE person = $1 AND organisation IS NULL \
                           AND closed_at IS NULL";
        let Some(number) = number(who) else { return Ok(Recognised::Nobody) };
        let persons: Vec<PersonId> = self.persons_with_id_number(&number)?;
        let accounts = self.read(|connection| {
            let mut accounts: Vec<[u8; 16]> = Vec::new();
            for person in &persons {
                let key = [person.as_bytes().into()];
                accounts.extend(query(connection, OWN, &key, |row| row.get::<[u8; 16]>(0))?);
            }
            Ok(accounts)
        })?;
        match accounts.as_slice() {
            [] => Ok(Recognised::Nobody),
            [account] => {
                let account = AccountId::from_bytes(*account);
                let mut change = Change::default();
                self.link(&mut change, who, account, address)?;
                self.write_account(change)?;
                Ok(Recognised::As(account))
            }
            [_, _, ..] => Ok(Recognised::Several),
        }
    }

    /// From now on whom the provider knows so is this account. A password that somebody else gave
    /// it and nobody used opens nothing any more.
    fn link(
        &self,
        change: &mut Change,
        who: &Entering<'_>,
        account: AccountId,
        address: &str,
    ) -> Result<(), StoreError> {
        const LINK: &str = "INSERT INTO unified_logins (id, subject, subject_digest, \
                            organisation, account, since) VALUES ($1, $2, $3, $4, $5, $6)";
        const UNUSED: &str = "UPDATE accounts SET password = '', temporary = 0 \
                              WHERE id = $1 AND temporary = 1";
        const BEFORE: &str = "DELETE FROM unified_logins WHERE subject_digest = $1 \
                              AND organisation = $2 AND account IN \
                              (SELECT id FROM accounts WHERE closed_at IS NOT NULL)";
        let (id, ring) = (self.new_id(), self.inner.vault.ring());
        let (subject, now) = (subject(who), self.now().0);
        let organisation = who.organisation.map_or(String::new(), |(code, _)| code.to_string());
        for digest in self.inner.vault.digests(Column::Login, &subject) {
            change.add(BEFORE, vec![digest, organisation.as_str().into()]);
        }
        let values = vec![
            (&id).into(),
            Vault::seal_with(&ring, Column::Login, &id, &subject)?,
            Vault::digest_with(&ring, Column::Login, &subject)?,
            organisation.into(),
            account.as_bytes().into(),
            now.into(),
        ];
        change.add_unique(LINK, values, "unified login");
        change.add(UNUSED, vec![account.as_bytes().into()]);
        self.note_access(change, account, AccessEvent::Recognised, None, address);
        Ok(())
    }

    /// Notes that somebody who is in proved anew who it is, otherwise than to this node.
    ///
    /// # Errors
    /// When the database fails.
    pub fn session_was_proved(&self, session: SessionId) -> Result<(), StoreError> {
        let mut change = Change::default();
        self.prove_session(&mut change, session);
        self.write(change)?;
        self.forget_session(session);
        Ok(())
    }

    /// The same with whatever else a change does.
    pub(super) fn prove_session(&self, change: &mut Change, session: SessionId) {
        const CONFIRM: &str = "UPDATE sessions SET confirmed_at = $2 WHERE digest = $1";
        change.add(CONFIRM, vec![Value::Blob(session.0.to_vec()), self.now().0.into()]);
    }
}

/// The identity number, when it is one.
fn number(who: &Entering<'_>) -> Option<ResidentId> {
    who.id_number.and_then(|number| number.parse().ok())
}

/// What is kept of provider and subject.
fn subject(who: &Entering<'_>) -> String {
    format!("{}\n{}", who.subject.0, who.subject.1)
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
