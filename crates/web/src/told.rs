//! Puts errors into words: a page in its frame for people, the envelope for programs.

use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use crate::{
    app::App,
    components::FaultSummary,
    error::{PageError, Untold},
    forms::Faults,
    pages::own_path,
    shell::{Desk, Frame, Shell},
    unified::Passwords,
};

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    shell: Shell,
    status: u16,
    title: &'a str,
    sentence: &'a str,
    /// The page the person was on.
    back: Option<&'a str>,
    /// Somebody acted since that page was made.
    changed: bool,
    /// What the person had written.
    lost: &'a str,
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmPage<'a> {
    shell: Shell,
    action: &'a str,
    typed: Vec<(String, String)>,
    /// What the unified login is called, where there is one.
    unified: Option<String>,
    passwords: Passwords,
    /// Whether the person has security keys that open this address.
    has_key: bool,
    faults: Faults,
}

impl ConfirmPage<'_> {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

/// Who asks, once a door has found out: the opaque id of an account, or of the department whose
/// system calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asking(Arc<OnceLock<String>>);

impl Asking {
    /// Notes who asks; the first one to say so is right.
    pub(crate) fn note(asked: &Parts, id: impl ToString) {
        if let Some(asking) = asked.extensions.get::<Self>() {
            let _ = asking.0.set(id.to_string());
        }
    }
}

/// Answers errors of handlers, and what the framework refuses before a handler is reached.
pub(crate) async fn tell(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let asking = Asking::default();
    parts.extensions.insert(asking.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    let untold = response.extensions().get::<Untold>().map(|untold| Arc::clone(&untold.0));
    let Some(error) = untold.or_else(|| unread(&response)) else { return response };
    // By its pattern: addresses hold ids.
    let route = asked.extensions.get::<MatchedPath>().map_or("unknown", MatchedPath::as_str);
    // Who tries doors is looked for by the account.
    if error.is_refusal()
        && let Some(by) = asking.0.get()
    {
        let (method, status) = (asked.method.as_str(), error.status().as_u16());
        tracing::warn!(method, route, status, by, "refused");
    }
    if error.status().is_server_error() {
        let cause = std::error::Error::source(&*error);
        tracing::error!(%error, ?cause, route, "a request failed");
    }
    let allowed = response.headers().get(header::ALLOW).cloned();
    let mut told = in_words(&app, &mut asked, &error).await;
    // Which methods an address has.
    told.headers_mut().extend(allowed.map(|allowed| (header::ALLOW, allowed)));
    told
}

async fn in_words(app: &App, asked: &mut Parts, error: &PageError) -> Response {
    if asked.uri.path().starts_with("/api/") {
        return crate::api::told(app, error);
    }
    if let PageError::ConfirmNeeded { typed, fault } = error
        && let Ok(html) = confirm(app, asked, typed, fault).await
    {
        return (error.status(), Html(html)).into_response();
    }
    match page(app, asked, error).await {
        Ok(html) => (error.status(), Html(html)).into_response(),
        Err(_) => (error.status(), "系统出错，请稍后再试。").into_response(),
    }
}

/// A request that the framework could not read is answered by a bare line; people get a page.
fn unread(response: &Response) -> Option<Arc<PageError>> {
    let bare = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|media| media.as_bytes().starts_with(b"text/plain"));
    let sentence = match response.status() {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY if bare => {
            "地址或者填写的内容不完整，请从页面上重新打开。"
        }
        StatusCode::PAYLOAD_TOO_LARGE if bare => "上传的内容超过了大小限制。",
        StatusCode::UNSUPPORTED_MEDIA_TYPE if bare => "请求体应当是 JSON。",
        StatusCode::METHOD_NOT_ALLOWED => return Some(Arc::new(PageError::WrongMethod)),
        _ => return None,
    };
    Some(Arc::new(PageError::BadRequest(sentence.to_owned())))
}

/// Asks the person to prove who it is, and keeps what was typed.
async fn confirm(
    app: &App,
    asked: &mut Parts,
    typed: &[(String, String)],
    fault: &str,
) -> Result<String, PageError> {
    let frame = Frame::from_request_parts(asked, app).await?;
    let desk = frame.desk_of(asked.uri.path());
    let typed: Vec<_> = typed
        .iter()
        .filter(|(name, _)| !["confirm", "security-key"].contains(&name.as_str()))
        .cloned()
        .collect();
    let mut faults = Faults::default();
    if !fault.is_empty() {
        faults.add("confirm", fault);
    }
    let settings = app.settings();
    let page = ConfirmPage {
        shell: frame.shell(desk),
        action: asked.uri.path(),
        typed,
        unified: settings.unified.as_ref().map(|unified| unified.name.clone()),
        passwords: settings.passwords(),
        has_key: frame.has_key() && app.relying_party().is_some(),
        faults,
    };
    Ok(page.render()?)
}

async fn page(app: &App, asked: &mut Parts, error: &PageError) -> Result<String, PageError> {
    let frame = Frame::from_request_parts(asked, app).await?;
    let status = error.status();
    let (changed, lost) = match error {
        PageError::Changed { back, lost } => (Some(back.as_str()), lost.as_str()),
        PageError::NotFound
        | PageError::LoginNeeded { .. }
        | PageError::LoginUnfinished { .. }
        | PageError::ConfirmNeeded { .. }
        | PageError::WrongDesk
        | PageError::Refused(_)
        | PageError::WrongMethod
        | PageError::BadRequest(_)
        | PageError::PasswordsOff
        | PageError::TooMany(_)
        | PageError::TooFast
        | PageError::Store(_)
        | PageError::NotItsOfficer(_)
        | PageError::OutOfOrder(_)
        | PageError::Broken(_) => (None, ""),
    };
    let title = match status {
        StatusCode::NOT_FOUND => "没有找到",
        StatusCode::FORBIDDEN => "不能这样操作",
        StatusCode::CONFLICT if changed.is_some() => "情况已经变化",
        StatusCode::CONFLICT => "现在不能这样办理",
        StatusCode::TOO_MANY_REQUESTS => "请稍后再试",
        StatusCode::UNPROCESSABLE_ENTITY => "需要改正",
        StatusCode::BAD_REQUEST => "请求不完整",
        _ => "暂时不能办理",
    };
    let came_from = if asked.method == Method::GET { None } else { referer(&asked.headers) };
    let back = changed.filter(|back| !back.is_empty()).or(came_from);
    let desk = frame.desk_of(asked.uri.path());
    let sentence = error.sentence(&*app.catalog()?);
    let page = ErrorPage {
        shell: frame.shell(desk),
        status: status.as_u16(),
        title,
        sentence: &sentence,
        back,
        changed: changed.is_some(),
        lost,
    };
    Ok(page.render()?)
}

/// The page of this site that the request came from.
fn referer(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let (_, rest) = headers.get(header::REFERER)?.to_str().ok()?.split_once("://")?;
    own_path(rest.strip_prefix(host)?)
}

impl Frame {
    /// The desk to show an error at: the one of the address, if it is this person's.
    fn desk_of(&self, path: &str) -> Desk {
        let under = |desk: &str| path == desk || path.starts_with(&format!("{desk}/"));
        match self.is_staff() {
            Some(true) if under("/s") => Desk::Staff,
            Some(false) if under("/a") => Desk::Owner,
            Some(_) | None => Desk::Public,
        }
    }
}
