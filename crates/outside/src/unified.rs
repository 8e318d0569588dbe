//! Unified login (统一身份认证) of natural and legal persons, through OpenID Connect: the
//! authorization code flow with PKCE (OpenID Connect Core 1.0 §3.1, RFC 7636).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, TokenResponse as _, UserInfoClaims, UserInfoError,
    core::{
        CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreProviderMetadata,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tongban_domain::codes::Uscc;

use crate::client::{Asking, Client, OutsideError, guarded};

/// How long what a provider says about itself is believed: an hour.
const BELIEVED: Duration = Duration::from_secs(3600);
/// How long one that gave no answer is not asked again.
const LEFT_ALONE: Duration = Duration::from_secs(10);

/// What keeps one login apart from all others. Made by the node, known to it and the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginSecrets {
    /// Comes back with the answer.
    pub state: String,
    /// Comes back in the signed token.
    pub nonce: String,
    /// Whoever fetches the token shows it (RFC 7636 §4.1: 43 to 128 letters and digits).
    pub verifier: String,
}

/// What a login is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Somebody comes in.
    Entry,
    /// Somebody who is in proves anew who it is.
    Proof,
}

/// Who somebody is, as the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Which provider says so, and by what it knows the person for ever.
    pub subject: (String, String),
    /// The person's name.
    pub name: String,
    /// Resident identity number, where it is told.
    pub id_number: Option<String>,
    /// Telephone, where it is told.
    pub phone: Option<String>,
    /// For whom the person acts: code and name of a legal person (法人).
    pub organisation: Option<(Uscc, String)>,
    /// When the person proved it, in seconds since 1970, where it is told.
    pub proved_at: Option<i64>,
}

/// Lets people in by what somebody else knows of them.
pub trait UnifiedLogin: Send + Sync {
    /// The address to which a browser is sent.
    ///
    /// # Errors
    /// When the provider is away or cannot be understood.
    fn begin(&self, secrets: &LoginSecrets, wanted: Wanted) -> Result<String, OutsideError>;

    /// Who came back with a code.
    ///
    /// # Errors
    /// When the provider is away, refuses the code, or its answer is not for this login.
    fn finish(&self, code: String, secrets: &LoginSecrets) -> Result<Identity, OutsideError>;
}

/// By which names a provider tells what it knows. Each province has its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimNames {
    /// The person's name.
    pub name: String,
    /// Resident identity number.
    pub id_number: String,
    /// Telephone.
    pub phone: String,
    /// Unified social credit code of the legal person.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            name: "name".to_owned(),
            id_number: "id_number".to_owned(),
            phone: "phone_number".to_owned(),
            organisation: "uscc".to_owned(),
            organisation_name: "organisation_name".to_owned(),
        }
    }
}

/// Where a provider is, and as what the node is known there.
#[derive(Debug, Clone)]
pub struct ProviderAt {
    /// Its address, as it stands in its tokens.
    pub issuer: String,
    /// The name under which the node is known there.
    pub client: String,
    /// The address of the node to which browsers come back.
    pub back: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// Names of what it tells.
    pub claims: ClaimNames,
}

/// A provider of OpenID Connect. What it says about itself is fetched when it is first needed, so
/// a node starts whether or not it is there.
pub struct OpenIdProvider {
    issuer: IssuerUrl,
    client: ClientId,
    secret: Option<ClientSecret>,
    back: RedirectUrl,
    scopes: Vec<Scope>,
    claims: ClaimNames,
    http: Client,
    known: Mutex<Known>,
}

/// All that a provider says of a person, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Claims(HashMap<String, Value>);

impl AdditionalClaims for Claims {}

/// What is known of a provider.
#[derive(Clone, Default)]
struct Known {
    said: Option<(Instant, CoreProviderMetadata)>,
    failed: Option<(Instant, OutsideError)>,
}

impl Known {
    /// What it said, unless that is older.
    fn said_within(&self, age: Duration) -> Option<CoreProviderMetadata> {
        let said = self.said.as_ref().filter(|(at, _)| at.elapsed() < age);
        said.map(|(_, said)| said.clone())
    }
}

/// The client of the library, with the endpoints that a provider tells of.
type Asked = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

fn unclear(error: impl std::fmt::Display) -> OutsideError {
    OutsideError::Unclear(error.to_string())
}

impl OpenIdProvider {
    /// A provider; `asking.key` is what the node shows to it.
    ///
    /// # Errors
    /// [`OutsideError::Unclear`] when an address or the certificates cannot be read,
    /// [`OutsideError::InTheClear`] when the provider is not encrypted and not on this machine.
    pub fn at(provider: ProviderAt, mut asking: Asking) -> Result<Self, OutsideError> {
        guarded(&provider.issuer)?;
        let secret = asking.key.take().map(ClientSecret::new);
        Ok(Self {
            issuer: IssuerUrl::new(provider.issuer).map_err(unclear)?,
            client: ClientId::new(provider.client),
            secret,
            back: RedirectUrl::new(provider.back).map_err(unclear)?,
            scopes: provider.scopes.into_iter().map(Scope::new).collect(),
            claims: provider.claims,
            http: Client::new(asking)?,
            known: Mutex::default(),
        })
    }

    /// What the provider says about itself; asked anew when it is old, or `anew`. Nobody waits for
    /// somebody else's question, and one that is away is left alone for some seconds.
    fn metadata(&self, anew: bool) -> Result<CoreProviderMetadata, OutsideError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(said) = known.said_within(if anew { Duration::ZERO } else { BELIEVED }) {
            return Ok(said);
        }
        if let Some((at, error)) = &known.failed
            && at.elapsed() < LEFT_ALONE
        {
            return known.said.map_or_else(|| Err(error.clone()), |(_, said)| Ok(said));
        }
        let http = |request| self.http.send(request);
        let asked =
            CoreProviderMetadata::discover(&self.issuer, &http).map_err(|error| match error {
                DiscoveryError::Request(error) => error,
                other => unclear(other),
            });
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match asked {
            Ok(said) => {
                *known = Known { said: Some((Instant::now(), said.clone())), failed: None };
                Ok(said)
            }
            Err(error) => {
                known.failed = Some((Instant::now(), error.clone()));
                // What it said before is better than nothing.
                known.said.clone().map_or(Err(error), |(_, said)| Ok(said))
            }
        }
    }

    fn client(&self, anew: bool) -> Result<Asked, OutsideError> {
        let metadata = self.metadata(anew)?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.client.clone(), self.secret.clone());
        Ok(client.set_redirect_uri(self.back.clone()))
    }

    fn identity(
        &self,
        subject: String,
        claims: &Map<String, Value>,
        proved_at: Option<i64>,
    ) -> Result<Identity, OutsideError> {
        let text = |name: &str| {
            let found = claims.get(name).and_then(Value::as_str).map(str::trim);
            found.filter(|text| !text.is_empty()).map(ToOwned::to_owned)
        };
        let names = &self.claims;
        // A legal person with a code that is none is not a natural person.
        let organisation = match text(&names.organisation) {
            None => None,
            Some(code) => {
                let code: Uscc = code.parse().map_err(unclear)?;
                let name = text(&names.organisation_name).unwrap_or_else(|| code.to_string());
                Some((code, name))
            }
        };
        Ok(Identity {
            subject: (self.issuer.to_string(), subject),
            name: text(&names.name).unwrap_or_default(),
            id_number: text(&names.id_number),
            phone: text(&names.phone),
            organisation,
            proved_at,
        })
    }
}

impl UnifiedLogin for OpenIdProvider {
    fn begin(&self, secrets: &LoginSecrets, wanted: Wanted) -> Result<String, OutsideError> {
        let client = self.client(false)?;
        let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
        let (state, nonce) = (secrets.state.clone(), secrets.nonce.clone());
        let mut ask = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .add_scopes(self.scopes.iter().cloned())
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if wanted == Wanted::Proof {
            // Whoever is logged in over there has to prove it again.
            ask = ask.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
        }
        let url = ask.url().0.to_string();
        // People type their passwords there, and where it is was told by somebody else.
        guarded(&url)?;
        Ok(url)
    }

    fn finish(&self, code: String, secrets: &LoginSecrets) -> Result<Identity, OutsideError> {
        let client = self.client(false)?;
        let http = |request| self.http.send(request);
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(unclear)?
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.clone()))
            .request(&http)
            .map_err(|error| match error {
                RequestTokenError::Request(error) => error,
                RequestTokenError::ServerResponse(answer) => {
                    OutsideError::Unclear(format!("the code is refused: {}", answer.error()))
                }
                other => unclear(other),
            })?;
        let token = tokens.id_token().ok_or_else(|| unclear("no token of an identity"))?;
        let nonce = Nonce::new(secrets.nonce.clone());
        // It may sign with a key that is newer than what is known of it.
        let is_known = token.claims(&client.id_token_verifier(), &nonce).is_ok();
        let client = if is_known { client } else { self.client(true)? };
        let verifier = client.id_token_verifier();
        let claims = token.claims(&verifier, &nonce).map_err(unclear)?;
        if let Some(expected) = claims.access_token_hash() {
            let found = AccessTokenHash::from_token(
                tokens.access_token(),
                token.signing_alg().map_err(unclear)?,
                token.signing_key(&verifier).map_err(unclear)?,
            );
            if found.map_err(unclear)? != *expected {
                return Err(unclear("a token for somebody else"));
            }
        }
        let (subject, proved_at) = (claims.subject().clone(), claims.auth_time());
        let mut told_of = payload(&token.to_string())?;
        // Most of it is told on another page of the provider, where it has one.
        if let Ok(ask) = client.user_info(tokens.access_token().clone(), Some(subject.clone())) {
            let more: UserInfoClaims<Claims, CoreGenderClaim> =
                ask.request(&http).map_err(|error| match error {
                    UserInfoError::Request(error) => error,
                    other => unclear(other),
                })?;
            if let Ok(Value::Object(more)) = serde_json::to_value(&more) {
                told_of.extend(more);
            }
        }
        let proved_at = proved_at.map(|at| at.timestamp());
        self.identity(subject.to_string(), &told_of, proved_at)
    }
}

/// What a token says whose signature was checked.
fn payload(token: &str) -> Result<Map<String, Value>, OutsideError> {
    let middle = token.split('.').nth(1).unwrap_or_default();
    let bytes = Base64UrlUnpadded::decode_vec(middle).map_err(unclear)?;
    serde_json::from_slice(&bytes).map_err(unclear)
}
