//! The unified login (统一身份认证): the browser goes to the provider, and comes back with a code.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, header},
    response::{AppendHeaders, IntoResponse},
};
use serde::Deserialize;
use tongban_outside::{Identity, OutsideError, Wanted};
use tongban_store::{Entering, LoginTicket, Origin, Recognised};

use super::login::{self, home};
use crate::{
    app::App,
    error::{PageError, PageResult},
    forms::Typed,
    from::From,
    pages::{html, own_path, redirect},
    session::{self, SignedIn, prove},
    shell::{Desk, Frame, Shell},
    unified::{Passwords, Unified, secrets},
};

const COOKIE: &str = "unified";
/// The same over TLS: no other host and no path of this one can set it.
const SECURE_COOKIE: &str = "__Host-unified";
/// Seconds that clocks of two systems may be apart.
const APART: i64 = 60;

#[derive(Deserialize)]
pub(crate) struct BeginQuery {
    #[serde(default)]
    back: String,
    /// Somebody who is in proves anew who it is.
    #[serde(default)]
    confirm: bool,
}

#[derive(Deserialize)]
pub(crate) struct BackQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
}

#[derive(Template)]
#[template(path = "public/proved.html")]
struct ProvedPage {
    shell: Shell,
}

#[derive(Template)]
#[template(path = "public/link.html")]
struct LinkPage {
    shell: Shell,
    name: String,
    to: String,
}

/// For what a browser goes away: to prove who somebody is, to link an account, or to go on with a page.
const PROOF: &str = "confirm";
/// Before the account for which it is done.
const LINK: &str = "link:";

fn cookie_name(app: &App) -> &'static str {
    if app.settings().secure_cookies { SECURE_COOKIE } else { COOKIE }
}

fn set_cookie(app: &App, kept: &str, seconds: u32) -> String {
    let secure = if app.settings().secure_cookies { "; Secure" } else { "" };
    let name = cookie_name(app);
    format!("{name}={kept}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

fn unified(app: &App) -> Result<&Unified, PageError> {
    app.settings().unified.as_ref().ok_or(PageError::NotFound)
}

/// What a person reads when the provider gave no answer of use.
fn sentence(error: &OutsideError, name: &str) -> String {
    tracing::warn!(%error, "the unified login failed");
    match error {
        OutsideError::Away(_) => format!("{name}暂时没有响应，请稍后再试"),
        OutsideError::Refused(_) | OutsideError::Unclear(_) | OutsideError::InTheClear(_) => {
            format!("{name}的答复不能使用，请重新登录；仍然不行的，请联系系统管理员")
        }
    }
}

pub(crate) async fn begin(
    State(app): State<App>,
    frame: Frame,
    Query(query): Query<BeginQuery>,
) -> PageResult {
    app.run(move |app| {
        let unified = unified(app)?;
        let (wanted, purpose) = match query.confirm {
            true => (Wanted::Proof, PROOF),
            false => (Wanted::Entry, own_path(&query.back).unwrap_or_default()),
        };
        let ticket = app.store().login_ticket(purpose)?;
        match unified.provider.begin(&secrets(&ticket), wanted) {
            Ok(to) => {
                let cookie = set_cookie(app, &ticket.kept, 600);
                Ok(([(header::SET_COOKIE, cookie)], redirect(&to)).into_response())
            }
            Err(error) => login::again(app, frame, query.back, sentence(&error, &unified.name)),
        }
    })
    .await
}

pub(crate) async fn back(
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
    origin: Origin,
    Query(query): Query<BackQuery>,
) -> PageResult {
    app.run(move |app| {
        let unified = unified(app)?;
        let kept = session::cookie(&headers, cookie_name(app)).unwrap_or_default();
        let Some(ticket) = app.store().ticket_back(kept, &query.state)? else {
            let late = "这次登录已经过期，或者不是从这个浏览器开始的，请重新登录";
            return login::again(app, frame, String::new(), late.to_owned());
        };
        let to = own_path(&ticket.purpose).unwrap_or_default().to_owned();
        let is_inside = ticket.purpose == PROOF || ticket.purpose.starts_with(LINK);
        // Whoever is in stays in, and goes back to where that was asked.
        let over = |frame, sentence: String| match is_inside {
            true => Err(PageError::BadRequest(format!("{sentence}。"))),
            false => login::again(app, frame, to.clone(), sentence),
        };
        if !query.error.is_empty() || query.code.is_empty() {
            let cancelled = format!("在{}那边没有完成登录，请重新登录", unified.name);
            return over(frame, cancelled);
        }
        let identity = match unified.provider.finish(query.code, &secrets(&ticket)) {
            Ok(identity) => identity,
            Err(error) => return over(frame, sentence(&error, &unified.name)),
        };
        if let Some(account) = ticket.purpose.strip_prefix(LINK) {
            return linked(app, &headers, (account, &identity), &origin.address);
        }
        let gone = set_cookie(app, "", 0);
        if ticket.purpose == PROOF {
            // A proof finds nobody new and makes nothing.
            let known = app.store().known_as(&entering(&identity))?;
            return proved(app, &frame, &headers, (known, &identity, &ticket), gone);
        }
        let account = match app.store().recognise(entering(&identity), &origin.address)? {
            Recognised::As(account) => account,
            Recognised::Closed => {
                let closed = "您的账号已经停用，请联系安全管理员";
                return login::again(app, frame, to, closed.to_owned());
            }
            Recognised::Nobody => {
                let nobody = "您已经通过认证，但是还没有可以使用的账号。建设单位请选择法人登录；工作人员请联系系统管理员，用您的居民身份号码建立账号";
                return login::again(app, frame, to, nobody.to_owned());
            }
            Recognised::Several => {
                let several = "有几个账号登记了您的居民身份号码，请联系安全管理员停用多余的账号";
                return login::again(app, frame, to, several.to_owned());
            }
        };
        // Whatever was opened before in this browser ends: nobody goes on in another's session.
        if let Some(token) = session::token(app, &headers) {
            app.store().end_session(token)?;
        }
        let token = app.store().start_session(account, 1, &origin)?;
        let account = app.store().account(account)?;
        let to = own_path(&to).unwrap_or_else(|| account.as_ref().map_or("/", home));
        let cookies = AppendHeaders([
            (header::SET_COOKIE, session::set_cookie(app, &token)),
            (header::SET_COOKIE, gone),
        ]);
        Ok((cookies, redirect(to)).into_response())
    })
    .await
}

/// Somebody who is in proved anew who it is, for what is signed, issued or revoked.
fn proved(
    app: &App,
    frame: &Frame,
    headers: &HeaderMap,
    (known, identity, ticket): (Option<Recognised>, &Identity, &LoginTicket),
    gone: String,
) -> PageResult {
    let store = app.store();
    let session = session::token(app, headers).map(|token| store.session(token)).transpose()?;
    let Some(session) = session.flatten() else {
        return Err(PageError::LoginNeeded { back: "/".to_owned() });
    };
    // Not somebody else, and not from memory: after the browser was sent there.
    let is_new = identity.proved_at.is_some_and(|at| at >= ticket.since - APART);
    if known != Some(Recognised::As(session.account.id)) || !is_new {
        return Err(PageError::BadRequest(
            "没有确认：请用您自己的身份重新认证，再回到原来的页面。".to_owned(),
        ));
    }
    store.session_was_proved(session.id)?;
    let desk = if frame.is_staff() == Some(true) { Desk::Staff } else { Desk::Owner };
    let page = html(&ProvedPage { shell: frame.shell(desk) })?;
    Ok(([(header::SET_COOKIE, gone)], page).into_response())
}

/// Sends somebody who is in to the provider, to be found by it from then on. A page lies between:
/// a form of this site leads to no other one.
pub(crate) async fn link(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let unified = unified(app)?;
        prove(app, &who.0, who.1, &Typed::new(pairs))?;
        let ticket = app.store().login_ticket(&format!("{LINK}{}", who.0.id))?;
        let to = match unified.provider.begin(&secrets(&ticket), Wanted::Entry) {
            Ok(to) => to,
            Err(error) => {
                return Err(PageError::BadRequest(format!(
                    "{}。",
                    sentence(&error, &unified.name)
                )));
            }
        };
        let shell = frame.shell(if who.is_staff() { Desk::Staff } else { Desk::Owner });
        let page = html(&LinkPage { shell, name: unified.name.clone(), to })?;
        let cookie = set_cookie(app, &ticket.kept, 600);
        Ok(([(header::SET_COOKIE, cookie)], page).into_response())
    })
    .await
}

/// Somebody came back who is to be found so from now on.
fn linked(
    app: &App,
    headers: &HeaderMap,
    (account, identity): (&str, &Identity),
    address: &str,
) -> PageResult {
    let store = app.store();
    let session = session::token(app, headers).map(|token| store.session(token)).transpose()?;
    let Some(session) = session.flatten() else {
        return Err(PageError::LoginNeeded { back: "/account".to_owned() });
    };
    // Wholly logged in, and as whoever began with it and proved it was them.
    if session.account.id.to_string() != account || session::lack(app, &session).is_some() {
        return Err(PageError::BadRequest(
            "没有关联：开始关联的不是现在登录的账号，请从「登录与安全」重新开始。".to_owned(),
        ));
    }
    let for_whom = identity.organisation.as_ref().map(|(code, _)| code);
    if for_whom != session.account.organisation.as_ref() {
        let sentence = match &session.account.organisation_name {
            Some(unit) => format!("没有关联：请用{unit}的法人身份登录。"),
            None => "没有关联：工作人员请用个人身份登录，不要选法人登录。".to_owned(),
        };
        return Err(PageError::BadRequest(sentence));
    }
    if !store.link_login(session.account.id, entering(identity), address)? {
        return Err(PageError::BadRequest(
            "这个身份已经关联了另一个账号，请先在那个账号解除关联。".to_owned(),
        ));
    }
    let gone = set_cookie(app, "", 0);
    Ok(([(header::SET_COOKIE, gone)], redirect("/account?done=linked")).into_response())
}

/// The unified login does not lead to one's account any more.
pub(crate) async fn unlink(
    State(app): State<App>,
    who: SignedIn,
    From(address): From,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        prove(app, &who.0, who.1, &Typed::new(pairs))?;
        // Nothing else would lead there.
        if !who.0.has_password || app.settings().passwords() == Passwords::Off {
            return Err(PageError::BadRequest(
                "这个账号只能用统一身份认证登录，不能解除关联。".to_owned(),
            ));
        }
        app.store().unlink_login(who.0.id, who.1.session, &address)?;
        Ok(redirect("/account?done=unlinked"))
    })
    .await
}

fn entering(identity: &Identity) -> Entering<'_> {
    Entering {
        subject: (&identity.subject.0, &identity.subject.1),
        name: &identity.name,
        id_number: identity.id_number.as_deref(),
        phone: identity.phone.as_deref(),
        organisation: identity.organisation.as_ref().map(|(code, name)| (code, name.as_str())),
    }
}
