//! Acts of the authority, read from the forms on its pages.

use axum::{
    Form,
    extract::{Path, State},
};
use tongban_domain::acts::Subject;

use super::staff_only;
use crate::{
    app::App,
    error::PageResult,
    forms::Typed,
    pages::owner_pages::{carry_out, load_application, load_case, load_project},
    session::SignedIn,
};

pub(crate) async fn application_act(
    State(app): State<App>,
    who: SignedIn,
    Path((id, act)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        staff_only(&who)?;
        let (loaded, application) = load_application(app, &who, &id)?;
        let subject = Subject::Application(application.id);
        carry_out(app, &loaded, &act, subject, &Typed::new(pairs), &format!("/s/j/{id}"))
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
        staff_only(&who)?;
        let (loaded, case) = load_case(app, &who, &id)?;
        let subject = Subject::Case(case.opened.case);
        let typed = Typed::new(pairs);
        // Acts of the window on one case go back to the application, where the others are.
        let back = match typed.get("back") {
            "application" => format!("/s/j/{}", case.application),
            "sign" => "/s/sign".to_owned(),
            _ => format!("/s/c/{id}"),
        };
        carry_out(app, &loaded, &act, subject, &typed, &back)
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
        staff_only(&who)?;
        let loaded = load_project(app, &who, &id)?;
        carry_out(app, &loaded, &act, Subject::Project, &Typed::new(pairs), &format!("/s/p/{id}"))
    })
    .await
}
