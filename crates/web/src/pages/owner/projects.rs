//! The owner's projects.

use askama::Template;
use axum::extract::State;
use tongban_domain::permission::Role;
use tongban_store::read::ProjectRow;

use crate::{
    app::App,
    error::{PageError, PageResult},
    pages::{html, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

/// The projects of somebody's organisation, and those for whose owners it acts (true), the last
/// changed first.
pub(crate) fn own_projects(
    app: &App,
    who: &SignedIn,
) -> Result<Vec<(ProjectRow, bool)>, PageError> {
    let store = app.store();
    if !who.0.is_outside() {
        return Err(PageError::WrongDesk);
    }
    let own = match &who.0.organisation {
        Some(owner) => store.projects_of(owner)?,
        None => Vec::new(),
    };
    let others = store.projects_of_agent(who.0.id)?.into_iter().map(|row| (row, true));
    let mut projects: Vec<_> = own.into_iter().map(|row| (row, false)).chain(others).collect();
    projects.sort_by_key(|(row, _)| std::cmp::Reverse(row.last_change));
    Ok(projects)
}

struct ProjectLine {
    url: String,
    acting_for: Option<String>,
    name: String,
    code: String,
    region: String,
    flow: String,
    is_key: bool,
    stages_done: u8,
    open_cases: u32,
    changed: String,
}

#[derive(Template)]
#[template(path = "owner/projects.html")]
struct Projects {
    shell: Shell,
    may_register: bool,
    projects: Vec<ProjectLine>,
}

pub(crate) async fn projects(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        if who.0.is(Role::Window) {
            return Ok(redirect("/s/desk/receive"));
        }
        let catalog = app.catalog()?;
        let projects = own_projects(app, &who)?.into_iter().map(|(row, mandated)| ProjectLine {
            url: format!("/a/p/{}", row.id),
            // For whom, when it is not one's own.
            acting_for: mandated.then_some(row.owner_name),
            name: row.name,
            code: row.code,
            region: catalog.region_path(row.region),
            flow: catalog.flows.get(&row.flow).map_or(String::new(), |flow| flow.name.clone()),
            is_key: row.is_key,
            stages_done: row.stages_done,
            open_cases: row.open_cases,
            changed: words::day(row.last_change.day()),
        });
        let may_register = who.0.is(Role::Owner);
        let shell = frame.shell(Desk::Owner);
        html(&Projects { shell, may_register, projects: projects.collect() })
    })
    .await
}
