//! Who is asking: the session cookie, and the account behind it.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use tongban_domain::{
    acts::{ActName, declaration},
    fact::Channel,
    permission::{Actor, Role},
    time::Instant,
};
use tongban_store::{Account, Guess, Session, SessionId, SessionToken};

use crate::{
    app::{App, SecondFactor},
    error::PageError,
    forms::Typed,
    systems::CallingSystem,
    unified::Passwords,
    words,
};

const COOKIE: &str = "session";
/// The same over TLS: no other host and no path of this one can set it.
const SECURE_COOKIE: &str = "__Host-session";
/// How long somebody who proved who it is may sign, issue and revoke: fifteen minutes, in
/// microseconds.
const CONFIRMED: i64 = 15 * 60_000_000;

/// The token in the request's cookie, or for programs in its authorization header.
pub(crate) fn token<'a>(app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let name = if app.settings().secure_cookies { SECURE_COOKIE } else { COOKIE };
    bearer.or_else(|| cookie(headers, name))
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
    if app.settings().secure_cookies {
        return format!("{SECURE_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Secure", token.0);
    }
    format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", token.0)
}

/// The header that removes it.
pub(crate) fn clear_cookie(app: &App) -> String {
    if app.settings().secure_cookies {
        return format!("{SECURE_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    }
    format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// How somebody who has logged in proved who it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proof {
    /// Which session.
    pub(crate) session: SessionId,
    /// When it was proved last.
    pub(crate) confirmed_at: Instant,
}

/// Somebody who has logged in, or for whom a department's system calls.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn(pub(crate) Account, pub(crate) Proof, pub(crate) Option<CallingSystem>);

/// What is missing of a login after the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lack {
    /// The password was given by somebody else.
    OwnPassword,
    /// The password of the phone.
    Code,
    /// A phone that makes passwords.
    Phone,
}

/// What is missing before a session opens anything.
pub(crate) fn lack(app: &App, session: &Session) -> Option<Lack> {
    let account = &session.account;
    let official = !account.is_outside();
    let required = official && app.settings().second_factor == SecondFactor::Required;
    match () {
        () if (account.second_factor || account.has_key) && session.factors < 2 => Some(Lack::Code),
        () if account.temporary && app.settings().passwords() == Passwords::Accepted => {
            Some(Lack::OwnPassword)
        }
        () if required && !account.second_factor && !account.has_key => Some(Lack::Phone),
        () => None,
    }
}

/// Before an act that is signed, issues or revokes: whether the person proved who it is a moment
/// ago, or does so now with what was typed.
pub(crate) fn confirm(
    app: &App,
    who: &Account,
    proof: Proof,
    act: ActName,
    typed: &Typed,
) -> Result<(), PageError> {
    if !declaration(act).confirms {
        return Ok(());
    }
    prove(app, who, proof, typed)
}

/// The same for what is no act: accounts of others.
pub(crate) fn prove(
    app: &App,
    who: &Account,
    proof: Proof,
    typed: &Typed,
) -> Result<(), PageError> {
    let store = app.store();
    let is_fresh = |at: Instant| store.now().0 - at.0 < CONFIRMED;
    if is_fresh(proof.confirmed_at) {
        return Ok(());
    }
    let asks = |fault: String| PageError::ConfirmNeeded { typed: typed.pairs(), fault };
    let (given, answer) = (typed.raw("confirm"), typed.raw("security-key"));
    if !answer.is_empty() {
        let party = app.relying_party();
        let check = |party| store.check_key(proof.session, who.id, party, answer);
        if !party.map(check).transpose()?.unwrap_or(false) {
            return Err(asks("安全密钥没有通过核对，请再试一次".to_owned()));
        }
        store.session_was_proved(proof.session)?;
        return Ok(());
    }
    if given.is_empty() {
        // Another process may know of a later proof.
        if is_fresh(store.confirmed_at(proof.session)?) {
            return Ok(());
        }
        return Err(asks(String::new()));
    }
    let is_code = given.len() == 6 && given.bytes().all(|it| it.is_ascii_digit());
    if app.settings().passwords() == Passwords::Off && !(is_code && who.second_factor) {
        return Err(asks("动态口令是六位数字，请重新输入，或者到统一身份认证确认".to_owned()));
    }
    match store.confirm_session(proof.session, who, given)? {
        Guess::Right(()) => Ok(()),
        Guess::Wrong => Err(asks("密码或者动态口令不对，请重新输入".to_owned())),
        Guess::TooMany(minutes) => Err(asks(words::too_many(minutes))),
    }
}

impl SignedIn {
    /// The account as the one who acts. What a clerk does at the window comes in by window.
    pub(crate) fn actor(&self) -> Actor {
        if self.2.is_some() {
            return CallingSystem::actor(&self.0);
        }
        let channel = if self.0.is(Role::Window) { Channel::Window } else { Channel::Web };
        self.0.actor(channel)
    }

    /// Whether the person works for an authority.
    pub(crate) fn is_staff(&self) -> bool {
        !self.0.is_outside()
    }
}

/// The session of a request, whatever it still lacks.
pub(crate) async fn session(headers: &HeaderMap, app: &App) -> Result<Option<Session>, PageError> {
    let Some(token) = token(app, headers).map(ToOwned::to_owned) else { return Ok(None) };
    // Mostly it was read a moment ago: then there is nothing to wait for.
    if let Some(known) = app.store().known_session(&token) {
        return Ok(Some(known));
    }
    app.run(move |app| Ok(app.store().session(&token)?)).await
}

impl SignedIn {
    fn with(session: Session) -> Self {
        let proof = Proof { session: session.id, confirmed_at: session.confirmed_at };
        Self(session.account, proof, None)
    }

    /// Whoever sends this request; who has not logged in is asked to, and comes back then.
    pub(crate) async fn of(parts: &Parts, app: &App) -> Result<Self, PageError> {
        let back = parts.uri.path_and_query().map_or("/", |whole| whole.as_str()).to_owned();
        match session(&parts.headers, app).await? {
            None => Err(PageError::LoginNeeded { back }),
            Some(session) if lack(app, &session).is_some() => {
                Err(PageError::LoginUnfinished { back })
            }
            Some(session) => Ok(Self::with(session)),
        }
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
        let found = session(&parts.headers, app).await?;
        Ok(found.filter(|session| lack(app, session).is_none()).map(Self::with))
    }
}
