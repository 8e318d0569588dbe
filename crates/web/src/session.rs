//! Who is asking: the session cookie, and the account behind it.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use tongban_domain::{
    fact::Channel,
    permission::{Actor, Role},
};
use tongban_store::{Account, SessionToken};

use crate::{app::App, error::PageError};

const COOKIE: &str = "session";

/// The token in the request's cookie, or for programs in its authorization header.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    bearer.or_else(|| cookie(headers, COOKIE))
}

/// A cookie by name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// The header that sets the session cookie.
pub(crate) fn set_cookie(app: &App, token: &SessionToken) -> String {
    let secure = if app.settings().secure_cookies { "; Secure" } else { "" };
    format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax{secure}", token.0)
}

/// The header that removes it.
pub(crate) fn clear_cookie() -> String {
    format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// Somebody who has logged in.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn(pub(crate) Account);

impl SignedIn {
    /// The account as the one who acts. What a clerk does at the window comes in by window.
    pub(crate) fn actor(&self) -> Actor {
        let channel = if self.0.is(Role::Window) { Channel::Window } else { Channel::Web };
        self.0.actor(channel)
    }

    /// Whether the person works for an authority.
    pub(crate) fn is_staff(&self) -> bool {
        !self.0.is(Role::Owner)
    }
}

async fn account(headers: &HeaderMap, app: &App) -> Result<Option<Account>, PageError> {
    let Some(token) = token(headers).map(ToOwned::to_owned) else { return Ok(None) };
    // Mostly it was read a moment ago: then there is nothing to wait for.
    if let Some(known) = app.store().known_session(&token) {
        return Ok(Some(known));
    }
    app.run(move |app| Ok(app.store().session(&token)?)).await
}

impl SignedIn {
    /// Whoever sends this request; who has not logged in is asked to, and comes back then.
    pub(crate) async fn of(parts: &Parts, app: &App) -> Result<Self, PageError> {
        let back = parts.uri.path_and_query().map_or("/", |whole| whole.as_str()).to_owned();
        let found = account(&parts.headers, app).await?;
        found.map(Self).ok_or(PageError::LoginNeeded { back })
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        // The door found out already.
        match parts.extensions.get::<Self>() {
            Some(known) => Ok(known.clone()),
            None => Self::of(parts, app).await,
        }
    }
}

impl OptionalFromRequestParts<App> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, PageError> {
        Ok(account(&parts.headers, app).await?.map(Self))
    }
}
