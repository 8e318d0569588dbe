//! The owner's acts that need no page of their own.

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use tongban_domain::acts::{ActName, Subject};
use tongban_store::{ActOptions, Ticket};

use super::{Loaded, load_application, load_case, load_project};
use crate::{
    act_input::{is_plain, read_act},
    app::App,
    error::{PageError, PageResult},
    forms::Typed,
    pages::redirect,
    session::SignedIn,
};

/// Carries out an act read from a form, and goes back with a confirmation.
pub(crate) fn carry_out(
    app: &App,
    loaded: &Loaded,
    act: &str,
    subject: Subject,
    typed: &Typed,
    back: &str,
) -> Result<Response, PageError> {
    let name = ActName::from_key(act).filter(|name| is_plain(*name)).ok_or(PageError::NotFound)?;
    let read = read_act(app.store(), &loaded.names.catalog, name, subject, typed);
    let read = read.map_err(|faults| {
        let sentences: Vec<&str> = faults.iter().map(|(_, sentence)| sentence).collect();
        PageError::BadRequest(sentences.join("；"))
    })?;
    let seen = match subject {
        Subject::Case(case) => typed.get("seen").parse().ok().map(|seen| (case, seen)),
        Subject::Project | Subject::Application(_) => None,
    };
    let visit = Some(typed.get("visit").to_owned()).filter(|visit| !visit.is_empty());
    let options = ActOptions { sealed: read.sealed, seen, visit, ..ActOptions::default() };
    app.store()
        .act(loaded.project.id, &read.act, &loaded.actor, options)
        .and_then(Ticket::wait)
        .map_err(|error| match PageError::from(error) {
            PageError::Changed { .. } => {
                PageError::Changed { back: back.to_owned(), lost: typed.get("text").to_owned() }
            }
            other => other,
        })?;
    Ok(redirect(&format!("{back}?done={}", name.key())))
}

pub(crate) async fn project_act(
    State(app): State<App>,
    who: SignedIn,
    Path((id, act)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        let typed = Typed::new(pairs);
        let tab = if act == "agree-plan" || act == "record-milestone" { "/plan" } else { "" };
        carry_out(app, &loaded, &act, Subject::Project, &typed, &format!("/a/p/{id}{tab}"))
    })
    .await
}

pub(crate) async fn application_act(
    State(app): State<App>,
    who: SignedIn,
    Path((id, act)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let (loaded, application) = load_application(app, &who, &id)?;
        let subject = Subject::Application(application.id);
        carry_out(app, &loaded, &act, subject, &Typed::new(pairs), &format!("/a/j/{id}"))
    })
    .await
}

pub(crate) async fn case_act(
    State(app): State<App>,
    who: SignedIn,
    Path((id, act)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let (loaded, case) = load_case(app, &who, &id)?;
        let subject = Subject::Case(case.opened.case);
        carry_out(app, &loaded, &act, subject, &Typed::new(pairs), &format!("/a/c/{id}"))
    })
    .await
}
