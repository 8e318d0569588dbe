//! Acts of the authority, read from the forms on its pages.

use axum::{
    Form,
    extract::{Path, State},
};
use tongban_domain::acts::Subject;

use super::{application_page, case_page};
use crate::{
    app::App,
    components::Again,
    error::PageResult,
    forms::Typed,
    pages::owner_pages::{carry_out, load_application, load_case, load_project, no_faults},
    session::SignedIn,
    shell::Frame,
};

pub(crate) async fn application_act(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path((id, act)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let (loaded, application) = load_application(app, &who, &id)?;
        let subject = Subject::Application(application.id);
        let typed = Typed::new(pairs);
        match carry_out(app, &loaded, &act, subject, &typed, &format!("/s/j/{id}"))? {
            Ok(done) => Ok(done),
            Err(faults) => {
                application_page(app, &frame, &who, &id, Again::new(&act, typed, &faults))
            }
        }
    })
    .await
}

pub(crate) async fn case_act(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path((id, act)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let (loaded, case) = load_case(app, &who, &id)?;
        let subject = Subject::Case(case.opened.case);
        let typed = Typed::new(pairs);
        // Acts of the window on one case go back to the application, where the others are.
        let back = match typed.get("back") {
            "application" => format!("/s/j/{}", case.application),
            "sign" => "/s/sign".to_owned(),
            _ => format!("/s/c/{id}"),
        };
        match carry_out(app, &loaded, &act, subject, &typed, &back)? {
            Ok(done) => Ok(done),
            Err(faults) => case_page(app, &frame, &who, &id, Again::new(&act, typed, &faults)),
        }
    })
    .await
}

pub(crate) async fn project_act(
    State(app): State<App>,
    who: SignedIn,
    Path((id, act)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        carry_out(app, &loaded, &act, Subject::Project, &Typed::new(pairs), &format!("/s/p/{id}"))?
            .map_err(|faults| no_faults(&faults))
    })
    .await
}
