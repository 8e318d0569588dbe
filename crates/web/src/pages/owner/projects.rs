//! The owner's projects.

use askama::Template;
use axum::extract::State;
use tongban_domain::permission::Role;

use crate::{
    app::App,
    error::{PageError, PageResult},
    pages::{html, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

struct ProjectLine {
    url: String,
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
    projects: Vec<ProjectLine>,
}

pub(crate) async fn projects(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        if who.0.is(Role::Window) {
            return Ok(redirect("/s/desk/receive"));
        }
        let Some(owner) = who.0.organisation.clone() else { return Err(PageError::WrongDesk) };
        let catalog = app.catalog()?;
        let projects = app.store().projects_of(&owner)?.into_iter().map(|row| ProjectLine {
            url: format!("/a/p/{}", row.id),
            name: row.name,
            code: row.code,
            region: catalog.region_path(row.region),
            flow: catalog.flows.get(&row.flow).map_or(String::new(), |flow| flow.name.clone()),
            is_key: row.is_key,
            stages_done: row.stages_done,
            open_cases: row.open_cases,
            changed: words::day(row.last_change.day()),
        });
        html(&Projects { shell: frame.shell(Desk::Owner), projects: projects.collect() })
    })
    .await
}
