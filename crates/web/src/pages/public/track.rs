//! Progress look-up by receipt number and the last four digits of the contact's phone.

use std::sync::Arc;

use askama::Template;
use axum::{Form, extract::State};
use serde::Deserialize;
use tongban_domain::{application::Application, project::Project};
use tongban_store::{Guarded, Guess};

use crate::{
    app::App,
    error::{PageError, PageResult},
    pages::html,
    shell::{Desk, Frame, Shell},
    view::{CaseSummary, Names},
    words,
};

#[derive(Deserialize, Default)]
pub(crate) struct TrackForm {
    #[serde(default)]
    no: String,
    #[serde(default)]
    tail: String,
}

struct Progress {
    project: String,
    number: String,
    stage: u8,
    submitted: String,
    cases: Vec<CaseSummary>,
}

#[derive(Template)]
#[template(path = "public/track.html")]
struct TrackPage {
    shell: Shell,
    no: String,
    tail: String,
    asked: bool,
    progress: Option<Progress>,
}

/// The form alone.
pub(crate) async fn track(State(app): State<App>, frame: Frame) -> PageResult {
    found(State(app), frame, Form(TrackForm::default())).await
}

/// What was asked for, sent in the body: digits of a telephone stand in no address and no log.
pub(crate) async fn found(
    State(app): State<App>,
    frame: Frame,
    Form(form): Form<TrackForm>,
) -> PageResult {
    app.run(move |app| {
        let (no, tail) = (form.no.trim().to_owned(), form.tail.trim().to_owned());
        let asked = !no.is_empty() || !tail.is_empty();
        let progress = if asked { progress(app, &no, &tail)? } else { None };
        html(&TrackPage { shell: frame.shell(Desk::Public), no, tail, asked, progress })
    })
    .await
}

/// The project that has an application or a case of this number, for somebody who knows the last
/// four digits of the contact's phone. Four digits are soon tried out, so few tries are allowed.
pub(crate) fn project_of_number(
    app: &App,
    number: &str,
    tail: &str,
) -> Result<Option<Arc<Project>>, PageError> {
    let store = app.store();
    let Some(id) = store.project_of_number(number)? else { return Ok(None) };
    let Some(project) = store.project(id)? else { return Ok(None) };
    let guess = store.guess(Guarded::Number(number), || {
        let contact = project.contact.map(|contact| store.person(contact)).transpose()?;
        let phone = contact.flatten().map_or(String::new(), |person| person.phone);
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        Ok((tail.len() == 4 && digits.ends_with(tail)).then_some(()))
    })?;
    match guess {
        Guess::Right(()) => Ok(Some(project)),
        Guess::Wrong => Ok(None),
        Guess::TooMany(minutes) => Err(PageError::TooMany(minutes)),
    }
}

/// The application with this number, when the digits fit; a wrong number and wrong digits
/// look the same.
fn progress(app: &App, no: &str, tail: &str) -> Result<Option<Progress>, PageError> {
    let store = app.store();
    let Some(project) = project_of_number(app, no, tail)? else { return Ok(None) };
    let names = Names::of(store, &project, false)?;
    let today = store.now().day();
    let has_number = |application: &Application| {
        application.number == no
            || project.cases_of(application).any(|case| case.opened.number == no)
    };
    let found = project.applications.values().find(|application| has_number(application));
    Ok(found.map(|application| Progress {
        project: project.name.clone(),
        number: application.number.clone(),
        stage: application.stage,
        submitted: words::moment(application.submitted_at),
        cases: project
            .cases_of(application)
            .filter(|case| application.number == no || case.opened.number == no)
            .map(|case| CaseSummary::of(&project, case, &names, today, None))
            .collect(),
    }))
}
