//! Loads what a path names, if this person may see it.

use std::sync::Arc;

use tongban_domain::{
    application::Application,
    case::Case,
    ids::{ApplicationId, CaseId, ProjectId},
    permission::{Actor, Role},
    project::Project,
    time::Day,
};

use crate::{app::App, error::PageError, session::SignedIn, view::Names};

/// A project with names, for one reader.
pub(crate) struct Loaded {
    pub(crate) project: Arc<Project>,
    pub(crate) names: Names,
    pub(crate) actor: Actor,
    pub(crate) today: Day,
}

impl Loaded {
    /// Whether a clerk is handling the project for its owner.
    pub(crate) fn by_window(&self) -> bool {
        self.actor.is(Role::Window)
    }
}

fn load(app: &App, who: &SignedIn, id: Option<ProjectId>) -> Result<Loaded, PageError> {
    let store = app.store();
    let project = id.map(|id| store.project(id)).transpose()?.flatten();
    let project = project.ok_or(PageError::NotFound)?;
    let actor = who.actor();
    if !actor.may_see(&*app.catalog()?, &project) {
        return Err(PageError::NotFound);
    }
    let names = Names::of(store, &project, true)?;
    Ok(Loaded { project, names, actor, today: store.now().day() })
}

/// The project a path names.
pub(crate) fn load_project(app: &App, who: &SignedIn, id: &str) -> Result<Loaded, PageError> {
    load(app, who, id.parse().ok())
}

/// The application a path names, with its project.
pub(crate) fn load_application(
    app: &App,
    who: &SignedIn,
    id: &str,
) -> Result<(Loaded, Arc<Application>), PageError> {
    let id: ApplicationId = id.parse().map_err(|_| PageError::NotFound)?;
    let loaded = load(app, who, app.store().project_of_application(id)?)?;
    let application = loaded.project.applications.get(&id).cloned().ok_or(PageError::NotFound)?;
    Ok((loaded, application))
}

/// The case a path names, with its project.
pub(crate) fn load_case(
    app: &App,
    who: &SignedIn,
    id: &str,
) -> Result<(Loaded, Arc<Case>), PageError> {
    let id: CaseId = id.parse().map_err(|_| PageError::NotFound)?;
    let loaded = load(app, who, app.store().project_of_case(id)?)?;
    let case = loaded.project.cases.get(&id).cloned().ok_or(PageError::NotFound)?;
    Ok((loaded, case))
}
