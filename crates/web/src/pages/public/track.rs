//! Progress look-up by receipt number and the last four digits of the contact's phone.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use tongban_domain::application::Application;

use crate::{
    app::App,
    error::PageResult,
    pages::html,
    shell::{Desk, Frame, Shell},
    view::{CaseSummary, Names},
    words,
};

#[derive(Deserialize, Default)]
pub(crate) struct TrackQuery {
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

pub(crate) async fn track(
    State(app): State<App>,
    frame: Frame,
    Query(query): Query<TrackQuery>,
) -> PageResult {
    app.run(move |app| {
        let (no, tail) = (query.no.trim().to_owned(), query.tail.trim().to_owned());
        let asked = !no.is_empty() || !tail.is_empty();
        let progress = if asked { progress(app, &no, &tail)? } else { None };
        html(&TrackPage { shell: frame.shell(Desk::Public), no, tail, asked, progress })
    })
    .await
}

/// The application with this number, when the digits fit; a wrong number and wrong digits
/// look the same.
fn progress(app: &App, no: &str, tail: &str) -> Result<Option<Progress>, crate::error::PageError> {
    let store = app.store();
    let Some(id) = store.project_of_number(no)? else { return Ok(None) };
    let Some(project) = store.project(id)? else { return Ok(None) };
    let phone = match project.contact {
        Some(contact) => store.person(contact)?.map(|person| person.phone),
        None => None,
    };
    let digits: String = phone.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    if tail.len() != 4 || !digits.ends_with(tail) {
        return Ok(None);
    }
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
