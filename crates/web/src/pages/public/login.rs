//! Login and logout.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use serde::Deserialize;
use tongban_store::{Account, Guess, Origin};

use crate::{
    app::App,
    components::FaultSummary,
    error::{PageError, PageResult},
    forms::Faults,
    pages::{html, html_with_faults, own_path, redirect},
    session,
    shell::{Desk, Frame, Shell},
    unified::Passwords,
    words,
};

#[derive(Deserialize, Default)]
pub(crate) struct LoginQuery {
    #[serde(default)]
    pub(super) back: String,
}

#[derive(Deserialize)]
pub(crate) struct LoginForm {
    #[serde(default)]
    user: String,
    #[serde(default)]
    pass: String,
    #[serde(default)]
    back: String,
}

#[derive(Template)]
#[template(path = "public/login.html")]
struct LoginPage {
    shell: Shell,
    back: String,
    user: String,
    /// What the unified login is called, and where it begins.
    unified: Option<(String, String)>,
    passwords: Passwords,
    /// Why a login elsewhere came to nothing.
    problem: String,
    faults: Faults,
}

impl LoginPage {
    fn new(app: &App, frame: &Frame, back: String, user: String, faults: Faults) -> Self {
        let (shell, settings) = (frame.shell(Desk::Public), app.settings());
        let unified = settings.unified.as_ref().map(|unified| {
            let to = format!("/login/unified?back={}", words::percent_encoded(&back));
            (unified.name.clone(), to)
        });
        Self {
            shell,
            back,
            user,
            unified,
            passwords: settings.passwords(),
            problem: String::new(),
            faults,
        }
    }

    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

pub(crate) async fn login(
    State(app): State<App>,
    frame: Frame,
    Query(query): Query<LoginQuery>,
) -> PageResult {
    html(&LoginPage::new(&app, &frame, query.back, String::new(), Faults::default()))
}

/// The page again, after a login elsewhere came to nothing.
pub(super) fn again(app: &App, frame: Frame, back: String, sentence: String) -> PageResult {
    let page = LoginPage::new(app, &frame, back, String::new(), Faults::default());
    html_with_faults(&LoginPage { problem: sentence, ..page })
}

pub(crate) async fn log_in(
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
    origin: Origin,
    Form(form): Form<LoginForm>,
) -> PageResult {
    app.run(move |app| {
        if app.settings().passwords() == Passwords::Off {
            return Err(PageError::PasswordsOff);
        }
        let checked = app.store().check_login(form.user.trim(), &form.pass)?;
        let checked = match checked {
            Guess::Right(account) => Ok(account),
            Guess::Wrong => {
                app.store().note_failed_login(form.user.trim(), &origin.address)?;
                Err(words::WRONG_LOGIN.to_owned())
            }
            Guess::TooMany(minutes) => Err(words::too_many(minutes)),
        };
        let account = match checked {
            Ok(account) => account,
            Err(sentence) => {
                let mut faults = Faults::default();
                faults.add("user", sentence);
                let page = LoginPage::new(app, &frame, form.back, form.user, faults);
                return html_with_faults(&page);
            }
        };
        // Whatever was opened before in this browser ends: nobody goes on in another's session.
        if let Some(token) = session::token(app, &headers) {
            app.store().end_session(token)?;
        }
        let token = app.store().start_session(account, 1, &origin)?;
        let account = app.store().account(account)?;
        // What the login still lacks is asked for on the way.
        let to = own_path(&form.back).unwrap_or_else(|| account.as_ref().map_or("/", home));
        Ok(([(header::SET_COOKIE, session::set_cookie(app, &token))], redirect(to)).into_response())
    })
    .await
}

/// The desk a person starts at.
pub(super) fn home(account: &Account) -> &'static str {
    if account.is_outside() { "/a" } else { "/s" }
}

pub(crate) async fn log_out(State(app): State<App>, headers: HeaderMap) -> PageResult {
    app.run(move |app| {
        if let Some(token) = session::token(app, &headers) {
            app.store().end_session(token)?;
        }
        Ok(([(header::SET_COOKIE, session::clear_cookie(app))], redirect("/")).into_response())
    })
    .await
}
