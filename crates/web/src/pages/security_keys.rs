//! Security keys (安全密钥) of the person who is logged in. A browser asks the key; scripts are needed for
//! that, and the phone does without.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use tongban_store::RelyingParty;

use crate::{
    app::App,
    components::FaultSummary,
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    from::From,
    pages::{html, html_with_faults, redirect},
    session::{self, SignedIn, prove},
    shell::{Desk, Frame, Shell},
};

#[derive(Template)]
#[template(path = "security-key.html")]
struct KeyPage {
    shell: Shell,
    name: String,
    /// What the browser asks the key.
    asked: String,
    faults: Faults,
}

impl KeyPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

fn party(app: &App) -> Result<&RelyingParty, PageError> {
    app.relying_party().ok_or(PageError::NotFound)
}

fn page(app: &App, frame: &Frame, who: &SignedIn, name: String, faults: Faults) -> PageResult {
    let asked = app.store().begin_key(who.1.session, &who.0, party(app)?)?;
    let faulty = !faults.is_empty();
    let shell = frame.shell(if who.is_staff() { Desk::Staff } else { Desk::Owner });
    let page = KeyPage { shell, name, asked, faults };
    if faulty { html_with_faults(&page) } else { html(&page) }
}

/// Begins with a new key: whoever finds a browser open adds none of theirs.
pub(crate) async fn new_key(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        prove(app, &who.0, who.1, &Typed::new(pairs))?;
        page(app, &frame, &who, "安全密钥".to_owned(), Faults::default())
    })
    .await
}

pub(crate) async fn keep_key(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    From(address): From,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        prove(app, &who.0, who.1, &typed)?;
        let (name, mut faults) = (typed.get("name").to_owned(), Faults::default());
        let given = (party(app)?, name.as_str());
        if name.is_empty() {
            faults.add("name", "请给密钥起个名字，以后认得出是哪一个");
        } else if typed.raw("key").is_empty() {
            faults.add("key", "没有读到密钥，请插入或者靠近密钥后再试");
        } else if !app.store().keep_key(who.1.session, &who.0, given, typed.raw("key"), &address)? {
            faults.add("key", "密钥没有通过核对，或者已经添加过，请再试一次");
        }
        if !faults.is_empty() {
            return page(app, &frame, &who, name, faults);
        }
        Ok(redirect("/account?done=key-added"))
    })
    .await
}

pub(crate) async fn remove_key(
    State(app): State<App>,
    who: SignedIn,
    Path(key): Path<String>,
    From(address): From,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        prove(app, &who.0, who.1, &Typed::new(pairs))?;
        let keys = app.store().security_keys(who.0.id)?;
        let key = keys.iter().find(|it| hex(&it.id) == key).ok_or(PageError::NotFound)?;
        app.store().remove_key(who.0.id, key.id, who.1.session, &address)?;
        Ok(redirect("/account?done=key-removed"))
    })
    .await
}

/// What the browser asks a key of whoever is half or wholly logged in.
pub(crate) async fn ask_key(State(app): State<App>, headers: HeaderMap) -> PageResult {
    let Some(session) = session::session(&headers, &app).await? else {
        return Err(PageError::LoginNeeded { back: "/".to_owned() });
    };
    app.run(move |app| {
        let asked = app.store().ask_key(session.id, session.account.id, party(app)?)?;
        let asked = asked.ok_or(PageError::NotFound)?;
        let json = [(header::CONTENT_TYPE, "application/json")];
        Ok((StatusCode::OK, json, asked).into_response())
    })
    .await
}

/// Bytes as small hexadecimal digits, as ids of keys stand in addresses.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
