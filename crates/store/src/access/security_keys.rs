//! Security keys (安全密钥) as a second factor: WebAuthn Level 3, for one address of the node. What a key
//! was asked waits with the session that asked, so that any process can take the answer, once.

use tongban_domain::{ids::AccountId, time::Instant};
use webauthn_rp::{
    AuthenticatedCredential, NonDiscoverableAuthentication, Registration,
    bin::{Decode as _, Encode as _},
    request::{
        AsciiDomain, Credentials as _, PublicKeyCredentialDescriptor, RpId,
        auth::{
            AllowedCredentials, AuthenticationVerificationOptions,
            NonDiscoverableAuthenticationServerState, NonDiscoverableCredentialRequestOptions,
        },
        register::{
            Nickname, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity,
            RegistrationServerState, RegistrationVerificationOptions, UserHandle, Username,
        },
    },
    response::{
        AuthTransports, CredentialId,
        register::{CompressedPubKey, DynamicState, StaticState},
    },
};

use super::{accounts::Account, events::AccessEvent, sessions::SessionId};
use crate::{
    change::Change,
    engine::{Value, query},
    error::StoreError,
    node::Store,
};

/// Accounts are known to keys by their sixteen bytes.
const LENGTH: usize = 16;
/// Most letters of a key's name.
const NAME: usize = 40;

/// A public key as it is kept.
type PublicKey = CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>;

/// For which address keys open the node.
#[derive(Debug)]
pub struct RelyingParty {
    id: RpId,
    origin: String,
}

impl RelyingParty {
    /// An address such as `https://spgl.example.gov.cn`. None for one without a name: keys are not
    /// for addresses of numbers (WebAuthn Level 3 §5.1.3, valid domain).
    #[must_use]
    pub fn at(address: &str) -> Option<Self> {
        let (scheme, rest) = address.split_once("://")?;
        let host_and_port = rest.split('/').next()?;
        let host = host_and_port.split(':').next()?;
        let is_number = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
        if host.is_empty() || is_number {
            return None;
        }
        let domain = AsciiDomain::try_from(host.to_owned()).ok()?;
        Some(Self { id: RpId::Domain(domain), origin: format!("{scheme}://{host_and_port}") })
    }
}

/// A key of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityKey {
    /// Id.
    pub id: [u8; 16],
    /// What its person calls it.
    pub name: String,
    /// When it was added.
    pub since: Instant,
    /// When it opened something last.
    pub used: Option<Instant>,
}

/// A key as the row has it.
struct Kept {
    id: [u8; 16],
    credential: Vec<u8>,
    transports: i64,
    public_key: Vec<u8>,
    state: Vec<u8>,
}

fn damaged(what: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(format!("a security key: {what}"))
}

impl Kept {
    fn described(&self) -> Result<PublicKeyCredentialDescriptor<Vec<u8>>, StoreError> {
        let id = CredentialId::decode(self.credential.clone()).map_err(damaged)?;
        let transports = u8::try_from(self.transports).map_err(damaged)?;
        let transports = AuthTransports::decode(transports).map_err(damaged)?;
        Ok(PublicKeyCredentialDescriptor { id, transports })
    }
}

impl Store {
    /// The keys of an account, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn security_keys(&self, account: AccountId) -> Result<Vec<SecurityKey>, StoreError> {
        const GET: &str = "SELECT id, name, since, used FROM security_keys WHERE account = $1 \
                           ORDER BY since, id";
        self.read(|connection| {
            query(connection, GET, &[account.as_bytes().into()], |row| {
                Ok(SecurityKey {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    since: Instant(row.get(2)?),
                    used: row.get::<Option<i64>>(3)?.map(Instant),
                })
            })
        })
    }

    fn kept_keys(&self, account: AccountId) -> Result<Vec<Kept>, StoreError> {
        const GET: &str = "SELECT id, credential, transports, public_key, state \
                           FROM security_keys WHERE account = $1 ORDER BY since, id";
        self.read(|connection| {
            query(connection, GET, &[account.as_bytes().into()], |row| {
                Ok(Kept {
                    id: row.get(0)?,
                    credential: row.get(1)?,
                    transports: row.get(2)?,
                    public_key: row.get(3)?,
                    state: row.get(4)?,
                })
            })
        })
    }

    /// Asks a browser for a new key: what `navigator.credentials.create` takes, as JSON.
    ///
    /// # Errors
    /// When the database fails.
    pub fn begin_key(
        &self,
        session: SessionId,
        account: &Account,
        party: &RelyingParty,
    ) -> Result<String, StoreError> {
        let user = UserHandle::<LENGTH>::decode(*account.id.as_bytes()).map_err(damaged)?;
        let known = self.kept_keys(account.id)?;
        let known: Result<Vec<_>, _> = known.iter().map(Kept::described).collect();
        let mut entity = PublicKeyCredentialUserEntity::from(&user);
        // Names that the standard does not let through are left out; nothing depends on them.
        if let Ok(name) = Username::try_from(account.login.as_str()) {
            entity.name = name;
        }
        entity.display_name = Nickname::try_from(account.name.as_str()).ok();
        let options = PublicKeyCredentialCreationOptions::second_factor(&party.id, entity, known?);
        let (server, client) = options.start_ceremony().map_err(damaged)?;
        self.ask(session, server.encode().map_err(damaged)?)?;
        serde_json::to_string(&client).map_err(damaged)
    }

    /// Takes the key that a browser made; false when it is not what was asked for. The session has
    /// shown it, so it need not be shown again.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_key(
        &self,
        session: SessionId,
        account: &Account,
        (party, name): (&RelyingParty, &str),
        response: &str,
        address: &str,
    ) -> Result<bool, StoreError> {
        const KEEP: &str = "INSERT INTO security_keys (id, account, credential, transports, \
                            public_key, state, name, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        const PROVED: &str = "UPDATE sessions SET factors = 2 WHERE digest = $1";
        let Some(asked) = self.asked(session)? else { return Ok(false) };
        let Ok(state) = RegistrationServerState::<LENGTH>::decode(&asked) else { return Ok(false) };
        let Ok(made) = Registration::from_json_relaxed(response.as_bytes()) else {
            return Ok(false);
        };
        let origins = [party.origin.as_str()];
        let options = RegistrationVerificationOptions::<&str, &str> {
            allowed_origins: &origins,
            ..RegistrationVerificationOptions::default()
        };
        let Ok(key) = state.verify(&party.id, &made, &options) else { return Ok(false) };
        let (id, name): (_, String) = (self.new_id(), name.chars().take(NAME).collect());
        let credential = key.id();
        let mut change = Change::default();
        let values = vec![
            (&id).into(),
            account.id.as_bytes().into(),
            Value::Blob(credential.as_ref().to_vec()),
            i64::from(key.transports().encode().map_err(damaged)?).into(),
            Value::Blob(key.static_state().encode().map_err(damaged)?),
            Value::Blob(key.dynamic_state().encode().map_err(damaged)?.to_vec()),
            name.into(),
            self.now().0.into(),
        ];
        change.add_unique(KEEP, values, "security key");
        change.add(PROVED, vec![Value::Blob(session.0.to_vec())]);
        self.note_access(&mut change, account.id, AccessEvent::KeyAdded, None, address);
        match self.write_account(change) {
            Ok(()) => Ok(true),
            Err(StoreError::Taken(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Asks a browser for one of the keys of an account: what `navigator.credentials.get` takes, as
    /// JSON; none when the account has no key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn ask_key(
        &self,
        session: SessionId,
        account: AccountId,
        party: &RelyingParty,
    ) -> Result<Option<String>, StoreError> {
        let mut allowed = AllowedCredentials::default();
        for key in self.kept_keys(account)? {
            allowed.push(key.described()?.into());
        }
        let Ok(options) =
            NonDiscoverableCredentialRequestOptions::second_factor(&party.id, allowed)
        else {
            return Ok(None);
        };
        let (server, client) = options.start_ceremony().map_err(damaged)?;
        self.ask(session, server.encode().map_err(damaged)?)?;
        serde_json::to_string(&client).map(Some).map_err(damaged)
    }

    /// Whether a browser's answer is by one of the keys that were asked for, to what this session
    /// asked last. Nothing is answered twice.
    ///
    /// # Errors
    /// When the database fails.
    pub fn check_key(
        &self,
        session: SessionId,
        account: AccountId,
        party: &RelyingParty,
        response: &str,
    ) -> Result<bool, StoreError> {
        const USED: &str = "UPDATE security_keys SET state = $2, used = $3 \
                            WHERE id = $1 AND state = $4";
        let Some(asked) = self.asked(session)? else { return Ok(false) };
        let state = NonDiscoverableAuthenticationServerState::decode(&asked);
        let Ok(state) = state else { return Ok(false) };
        let read = NonDiscoverableAuthentication::<LENGTH>::from_json_relaxed(response.as_bytes());
        let Ok(answer) = read else { return Ok(false) };
        let keys = self.kept_keys(account)?;
        let raw = answer.raw_id();
        let Some(key) = keys.iter().find(|key| key.credential == raw.as_ref()) else {
            return Ok(false);
        };
        let user = UserHandle::<LENGTH>::decode(*account.as_bytes()).map_err(damaged)?;
        let id = CredentialId::<&[u8]>::decode(&key.credential).map_err(damaged)?;
        let fixed = StaticState::<PublicKey>::decode(&key.public_key).map_err(damaged)?;
        let last: [u8; 7] = key.state.as_slice().try_into().map_err(damaged)?;
        let last = DynamicState::decode(last).map_err(damaged)?;
        let mut known = AuthenticatedCredential::new(id, &user, fixed, last).map_err(damaged)?;
        let origins = [party.origin.as_str()];
        let options = AuthenticationVerificationOptions::<&str, &str> {
            allowed_origins: &origins,
            ..AuthenticationVerificationOptions::default()
        };
        if state.verify(&party.id, &answer, &mut known, &options).is_err() {
            return Ok(false);
        }
        let now = known.dynamic_state().encode().map_err(damaged)?.to_vec();
        let mut change = Change::default();
        let was = Value::Blob(key.state.clone());
        let values = vec![(&key.id).into(), Value::Blob(now), self.now().0.into(), was];
        change.add_one_row(USED, values);
        match self.write(change) {
            Ok(()) => Ok(true),
            // The same key at the same moment somewhere else: its count would run twice.
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Takes a key away from its account. Other sessions of it end.
    ///
    /// # Errors
    /// When the database fails.
    pub fn remove_key(
        &self,
        account: AccountId,
        key: [u8; 16],
        keep: SessionId,
        address: &str,
    ) -> Result<(), StoreError> {
        const REMOVE: &str = "DELETE FROM security_keys WHERE id = $1 AND account = $2";
        let mut change = Change::default();
        change.add(REMOVE, vec![(&key).into(), account.as_bytes().into()]);
        self.end_sessions(&mut change, account, Some(keep));
        self.note_access(&mut change, account, AccessEvent::KeyRemoved, None, address);
        self.write_account(change)
    }

    /// Keeps what a session asked a key.
    fn ask(&self, session: SessionId, asked: Vec<u8>) -> Result<(), StoreError> {
        const ASK: &str = "UPDATE sessions SET asked = $2 WHERE digest = $1";
        let mut change = Change::default();
        change.add(ASK, vec![Value::Blob(session.0.to_vec()), Value::Blob(asked)]);
        self.write(change)
    }

    /// What a session asked a key last; only the first who wants to know is told.
    fn asked(&self, session: SessionId) -> Result<Option<Vec<u8>>, StoreError> {
        const GET: &str = "SELECT asked FROM sessions WHERE digest = $1";
        const TAKEN: &str = "UPDATE sessions SET asked = NULL WHERE digest = $1 AND asked = $2";
        let key = Value::Blob(session.0.to_vec());
        let found = self.read(|connection| {
            query(connection, GET, std::slice::from_ref(&key), |row| row.get::<Option<Vec<u8>>>(0))
        })?;
        let Some(asked) = found.into_iter().next().flatten() else { return Ok(None) };
        let mut change = Change::default();
        change.add_one_row(TAKEN, vec![key, Value::Blob(asked.clone())]);
        match self.write(change) {
            Ok(()) => Ok(Some(asked)),
            Err(StoreError::Conflict) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_for_names_and_not_for_numbers() {
        for (address, origin) in [
            ("https://spgl.example.gov.cn", Some("https://spgl.example.gov.cn")),
            ("https://spgl.example.gov.cn/", Some("https://spgl.example.gov.cn")),
            ("http://localhost:8080", Some("http://localhost:8080")),
            ("http://127.0.0.1:8080", None),
            ("https://[::1]", None),
            ("spgl.example.gov.cn", None),
            ("", None),
        ] {
            let found = RelyingParty::at(address);
            assert_eq!(found.map(|it| it.origin).as_deref(), origin, "{address}");
        }
    }
}
