//! Accounts, passwords (argon2id) and offices held. Plain tables, outside the journal.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tongban_domain::{
    codes::Uscc,
    fact::Channel,
    ids::{AccountId, DepartmentId, PersonId},
    permission::{Actor, Mandate, Role},
    time::Instant,
};

use super::{
    events::AccessEvent,
    guesses::{Guarded, Guess},
};
use crate::{
    change::Change,
    engine::query,
    error::StoreError,
    node::{Store, lock},
    persons::{Person, keep},
    vault::Column,
};

/// An account with its offices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Id.
    pub id: AccountId,
    /// Login name.
    pub login: String,
    /// The person behind it.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// The owner organisation it belongs to.
    pub organisation: Option<Uscc>,
    /// The organisation's name.
    pub organisation_name: Option<String>,
    /// Offices held.
    pub mandates: Vec<Mandate>,
    /// Offices that are to be granted by the security administrator before they count.
    pub waiting: Vec<Mandate>,
    /// Whether it has a password: who comes in by the unified login may have none.
    pub has_password: bool,
    /// The password was given by somebody else and has to be changed.
    pub temporary: bool,
    /// Whether a phone makes one-time passwords for it.
    pub second_factor: bool,
    /// Whether it has security keys.
    pub has_key: bool,
    /// When it was closed.
    pub closed_at: Option<Instant>,
}

impl Account {
    /// The account as the one who acts.
    #[must_use]
    pub fn actor(&self, channel: Channel) -> Actor {
        let mut mandates = self.mandates.clone();
        // Another owner may let the staff of a company act for it: who, and how far, is on record
        // in its project.
        if self.is(Role::Owner) && !self.is(Role::Agent) {
            mandates.push(Mandate { role: Role::Agent, department: None, region: 0 });
        }
        Actor {
            account: Some(self.id),
            person: Some(self.person),
            mandates,
            organisation: self.organisation.clone(),
            channel,
        }
    }

    /// Whether it comes from outside the authority: an owner, or who acts for one.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        self.mandates.iter().any(|mandate| mandate.role.is_outside())
    }

    /// Whether one of the offices has this role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.mandates.iter().any(|mandate| mandate.role == role)
    }
}

/// An account to be made.
pub struct NewAccount {
    /// Login name.
    pub login: String,
    /// Password in clear; only its hash is kept.
    pub password: String,
    /// The person's name.
    pub name: String,
    /// The person's telephone.
    pub phone: String,
    /// The person's resident identity number, by which the unified login finds the account; may be
    /// empty.
    pub id_number: String,
    /// The owner organisation, code and name.
    pub organisation: Option<(Uscc, String)>,
    /// Offices.
    pub mandates: Vec<Mandate>,
    /// Who makes it, when its offices are still to be granted by somebody else; none where the node
    /// is founded.
    pub made_by: Option<AccountId>,
    /// Whether the password has to be changed at the first login.
    pub temporary: bool,
}

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the login name is in use.
    pub fn make_account(&self, new: NewAccount) -> Result<Account, StoreError> {
        let hash = self.hash_password(&new.password)?;
        self.make_account_hashed(new, &hash)
    }

    /// The hash of a password, as it is stored.
    ///
    /// # Errors
    /// When hashing fails for want of memory.
    pub fn hash_password(&self, password: &str) -> Result<String, StoreError> {
        let salt = lock(&self.inner.supply).salt();
        Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|error| StoreError::Damaged(format!("password hash: {error}")))
    }

    /// Makes an account whose password hash is known already.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the login name is in use.
    pub fn make_account_hashed(&self, new: NewAccount, hash: &str) -> Result<Account, StoreError> {
        let (change, account) = self.new_account(new, hash)?;
        self.write_account(change)?;
        Ok(account)
    }

    /// An account as it will be, and what has to be written for it.
    pub(super) fn new_account(
        &self,
        new: NewAccount,
        hash: &str,
    ) -> Result<(Change, Account), StoreError> {
        const ACCOUNT: &str = "INSERT INTO accounts (id, login, person, password, organisation, \
                               organisation_name, temporary) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        const MANDATE: &str = "INSERT INTO mandates (account, place, role, department, region, \
                               granted_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let granted_at = new.made_by.is_none().then(|| self.now().0);
        let id = AccountId::from_bytes(self.new_id());
        let person = PersonId::from_bytes(self.new_id());
        let mut change = Change::default();
        let own = Person {
            id: person,
            name: new.name.clone(),
            phone: new.phone,
            id_number: new.id_number,
        };
        keep(&self.inner.vault, &mut change, &own)?;
        let (uscc, organisation_name) = new.organisation.unzip();
        change.add_unique(
            ACCOUNT,
            vec![
                id.as_bytes().into(),
                new.login.clone().into(),
                person.as_bytes().into(),
                hash.into(),
                uscc.as_ref().map(ToString::to_string).into(),
                organisation_name.clone().into(),
                i64::from(new.temporary).into(),
            ],
            &new.login,
        );
        for (place, mandate) in new.mandates.iter().enumerate() {
            change.add(
                MANDATE,
                vec![
                    id.as_bytes().into(),
                    (place as i64).into(),
                    mandate.role.key().into(),
                    mandate.department.as_ref().map(|id| id.as_bytes()).into(),
                    i64::from(mandate.region).into(),
                    granted_at.into(),
                ],
            );
        }
        if new.made_by.is_some() {
            self.note_access(&mut change, id, AccessEvent::Made, new.made_by, "");
        }
        let account = Account {
            id,
            login: new.login,
            person,
            name: new.name,
            organisation: uscc.filter(|_| granted_at.is_some()),
            organisation_name,
            mandates: if granted_at.is_some() { new.mandates.clone() } else { Vec::new() },
            waiting: if granted_at.is_some() { Vec::new() } else { new.mandates },
            has_password: !hash.is_empty(),
            temporary: new.temporary,
            second_factor: false,
            has_key: false,
            closed_at: None,
        };
        Ok((change, account))
    }

    /// Writes something about an account: every process forgets what it knew of sessions.
    pub(super) fn write_account(&self, mut change: Change) -> Result<(), StoreError> {
        self.tell_of_access(&mut change);
        self.write(change)?;
        self.forget_known_sessions();
        Ok(())
    }

    /// A password nobody chose: twelve letters and digits that are not mistaken for each other.
    #[must_use]
    pub fn new_password(&self) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";
        let salt = lock(&self.inner.supply).salt();
        salt.iter().take(12).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
    }

    /// Checks a name and password. Slow on purpose: call it off the async threads.
    ///
    /// # Errors
    /// When the database fails.
    pub fn check_login(&self, login: &str, password: &str) -> Result<Guess<AccountId>, StoreError> {
        const GET: &str = "SELECT id, password FROM accounts \
                           WHERE login = $1 AND closed_at IS NULL";
        self.guess(Guarded::Login(login), || {
            let found = self.read(|connection| {
                query(connection, GET, &[login.into()], |row| {
                    Ok((row.get(0)?, row.get::<String>(1)?))
                })
            })?;
            let found = found.into_iter().next();
            // An unknown name costs as much time as a wrong password.
            let unknown = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
            // An account that has none neither.
            let hash = found.as_ref().map(|(_, hash)| hash.as_str());
            let hash = hash.filter(|hash| !hash.is_empty()).unwrap_or(unknown);
            let right = PasswordHash::new(hash).is_ok_and(|hash| {
                Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
            });
            Ok(found.filter(|_| right).map(|(id, _)| AccountId::from_bytes(id)))
        })
    }

    /// Notes that somebody failed to log in, whether or not there is such an account: it takes as
    /// much time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_failed_login(&self, login: &str, address: &str) -> Result<(), StoreError> {
        const GET: &str = "SELECT id FROM accounts WHERE login = $1";
        let found = self.read(|connection| {
            query(connection, GET, &[login.into()], |row| row.get::<[u8; 16]>(0))
        })?;
        let account = AccountId::from_bytes(found.first().copied().unwrap_or_default());
        let mut change = Change::default();
        self.note_access(&mut change, account, AccessEvent::Failed, None, address);
        self.write(change)
    }

    /// An account with its offices as they are now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        const GET: &str = "SELECT a.login, a.person, p.name, a.organisation, a.organisation_name, \
                           a.temporary, a.closed_at, a.second_factor, \
                           a.password, \
                           (SELECT COUNT(*) FROM security_keys k WHERE k.account = a.id) AS keys \
                           FROM accounts a JOIN persons p ON p.id = a.person WHERE a.id = $1";
        const MANDATES: &str = "SELECT role, department, region, granted_at FROM mandates \
                                WHERE account = $1 ORDER BY place";
        // Staff go with their department when it is merged.
        let organisation = self.organisation();
        self.read(|connection| {
            let mandates = query(connection, MANDATES, &[id.as_bytes().into()], |row| {
                let role: String = row.get(0)?;
                let role = Role::from_key(&role)
                    .ok_or_else(|| StoreError::Damaged(format!("role {role}")))?;
                let department = row.get::<Option<[u8; 16]>>(1)?.map(DepartmentId::from_bytes);
                let department = department.map(|id| organisation.successor(id));
                let granted: Option<i64> = row.get(3)?;
                Ok((Mandate { role, department, region: row.get(2)? }, granted.is_some()))
            })?;
            let of = |granted: bool| {
                let found = mandates.iter().filter(move |(_, is)| *is == granted);
                found.map(|(mandate, _)| mandate.clone()).collect::<Vec<_>>()
            };
            let found = query(connection, GET, &[id.as_bytes().into()], |row| {
                let (person, name): ([u8; 16], Vec<u8>) = (row.get(1)?, row.get(2)?);
                let uscc: Option<String> = row.get(3)?;
                Ok(Account {
                    id,
                    login: row.get(0)?,
                    person: PersonId::from_bytes(person),
                    name: self.inner.vault.open(Column::Name, &person, &name)?,
                    // Whose it is counts with the office of an owner, granted like others.
                    organisation: uscc
                        .filter(|_| of(true).iter().any(|it| it.role == Role::Owner))
                        .and_then(|code| code.parse().ok()),
                    organisation_name: row.get(4)?,
                    mandates: of(true),
                    waiting: of(false),
                    has_password: !row.get::<String>(8)?.is_empty(),
                    has_key: row.get::<i64>(9)? > 0,
                    temporary: row.get::<i64>(5)? != 0,
                    closed_at: row.get::<Option<i64>>(6)?.map(Instant),
                    second_factor: row.get::<Option<Vec<u8>>>(7)?.is_some(),
                })
            })?;
            Ok(found.into_iter().next())
        })
    }

    /// The account with a login name, unless it was closed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn account_named(&self, login: &str) -> Result<Option<Account>, StoreError> {
        const GET: &str = "SELECT id FROM accounts WHERE login = $1 AND closed_at IS NULL";
        let found =
            self.read(|connection| query(connection, GET, &[login.into()], |row| row.get(0)))?;
        found.first().map_or(Ok(None), |id| self.account(AccountId::from_bytes(*id)))
    }

    /// How many accounts have an office that is still to be granted.
    ///
    /// # Errors
    /// When the database fails.
    pub fn waiting_accounts(&self) -> Result<u64, StoreError> {
        const COUNT: &str = "SELECT COUNT(DISTINCT account) FROM mandates WHERE granted_at IS NULL";
        let found =
            self.read(|connection| query(connection, COUNT, &[], |row| row.get::<i64>(0)))?;
        Ok(found.first().map_or(0, |count| *count as u64))
    }

    /// All accounts, by login name, for the printed list of a demo and for look-ups of names.
    ///
    /// # Errors
    /// When the database fails.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        const ALL: &str = "SELECT id FROM accounts ORDER BY login";
        let ids = self.read(|connection| query(connection, ALL, &[], |row| row.get(0)))?;
        let mut accounts = Vec::new();
        for id in ids {
            accounts.extend(self.account(AccountId::from_bytes(id))?);
        }
        Ok(accounts)
    }

    /// Names of the persons behind accounts.
    ///
    /// # Errors
    /// When the database fails.
    pub fn account_names(
        &self,
        accounts: impl IntoIterator<Item = AccountId>,
    ) -> Result<std::collections::HashMap<AccountId, String>, StoreError> {
        const NAME: &str = "SELECT p.id, p.name FROM accounts a JOIN persons p ON p.id = a.person \
                            WHERE a.id = $1";
        self.read(|connection| {
            let mut names = std::collections::HashMap::new();
            for account in accounts {
                if names.contains_key(&account) {
                    continue;
                }
                let found = query(connection, NAME, &[account.as_bytes().into()], |row| {
                    let (person, name): ([u8; 16], Vec<u8>) = (row.get(0)?, row.get(1)?);
                    self.inner.vault.open(Column::Name, &person, &name)
                })?;
                names.extend(found.into_iter().next().map(|name| (account, name)));
            }
            Ok(names)
        })
    }
}
