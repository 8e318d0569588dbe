//! The owner's acts that need no page of their own.

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use tongban_domain::acts::{ActName, Subject};
use tongban_store::{ActOptions, Ticket};

use super::{Loaded, agents_page, load_application, load_case, load_project, plan_page};
use crate::{
    act_input::{is_plain, read_act},
    app::App,
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    pages::redirect,
    session::{SignedIn, confirm},
    shell::Frame,
};

/// Carries out an act read from a form, and goes back with a confirmation. Faults of the form
/// are given back: the page that has it shows them with what was typed.
pub(crate) fn carry_out(
    app: &App,
    loaded: &Loaded,
    act: &str,
    subject: Subject,
    typed: &Typed,
    back: &str,
) -> Result<Result<Response, Faults>, PageError> {
    let name = ActName::from_key(act).filter(|name| is_plain(*name)).ok_or(PageError::NotFound)?;
    confirm(app, &loaded.who.0, loaded.who.1, name, typed)?;
    loaded.before_reading(name, subject)?;
    let read =
        read_act(app.store(), &loaded.names.catalog, name, (&loaded.project, subject), typed);
    let read = match read {
        Ok(read) => read,
        Err(faults) => return Ok(Err(faults)),
    };
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
    Ok(Ok(redirect(&format!("{back}?done={}", name.key()))))
}

/// For forms of buttons and lists, which nobody can fill in wrongly by hand.
pub(crate) fn no_faults(faults: &Faults) -> PageError {
    let sentences: Vec<&str> = faults.iter().map(|(_, sentence)| sentence).collect();
    PageError::BadRequest(sentences.join("；"))
}

pub(crate) async fn project_act(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path((id, act)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        let typed = Typed::new(pairs);
        let back = match act.as_str() {
            "agree-plan" | "record-milestone" => format!("/a/p/{id}/plan"),
            // Whoever gives a mandate back does not see the project any more.
            "end-agency" if !loaded.may(ActName::AuthoriseAgent, Subject::Project) => {
                "/a/projects".to_owned()
            }
            "authorise-agent" | "end-agency" => format!("/a/p/{id}/agents"),
            _ => format!("/a/p/{id}"),
        };
        match carry_out(app, &loaded, &act, Subject::Project, &typed, &back)? {
            Ok(done) => Ok(done),
            Err(faults) if act == "agree-plan" => {
                plan_page(app, &frame, &who, &id, &typed, &faults)
            }
            Err(faults) if act == "authorise-agent" => {
                agents_page(app, &frame, &who, &id, &typed, faults)
            }
            Err(faults) => Err(no_faults(&faults)),
        }
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
        carry_out(app, &loaded, &act, subject, &Typed::new(pairs), &format!("/a/j/{id}"))?
            .map_err(|faults| no_faults(&faults))
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
        carry_out(app, &loaded, &act, subject, &Typed::new(pairs), &format!("/a/c/{id}"))?
            .map_err(|faults| no_faults(&faults))
    })
    .await
}
