//! Loads what a path names, if this person may see it.

use std::sync::Arc;

use tongban_domain::{
    acts::{ActName, Declaration, Subject, available},
    application::{Application, Prospect},
    case::Case,
    credit::Credit,
    ids::{ApplicationId, CaseId, ProjectId},
    permission::{Actor, Role, Standpoint},
    project::Project,
    time::Day,
};

use crate::{app::App, error::PageError, session::SignedIn, view::Names};

/// A project with names, for one reader.
pub(crate) struct Loaded {
    pub(crate) project: Arc<Project>,
    pub(crate) names: Names,
    pub(crate) actor: Actor,
    pub(crate) credit: Arc<Credit>,
    pub(crate) today: Day,
}

impl Loaded {
    /// Where the reader stands today.
    pub(crate) fn standpoint(&self) -> Standpoint<'_> {
        self.names.standpoint(&self.actor, self.today)
    }

    /// The project on the day of an application.
    pub(crate) fn prospect(&self) -> Prospect<'_> {
        Prospect {
            catalog: &self.names.catalog,
            project: &self.project,
            credit: &self.credit,
            day: self.today,
        }
    }

    /// What the reader could do now.
    pub(crate) fn available(&self, subject: Subject) -> Vec<&'static Declaration> {
        available(&self.project, subject, &self.standpoint())
    }

    /// Whether the reader could do an act now.
    pub(crate) fn may(&self, act: ActName, subject: Subject) -> bool {
        self.available(subject).iter().any(|declared| declared.name == act)
    }

    /// Whether a clerk is handling the project for its owner.
    pub(crate) fn by_window(&self) -> bool {
        self.actor.is(Role::Window)
    }
}

/// What something is loaded for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// To show it: with the names of people and the words behind seals.
    ToShow,
    /// To act on it: without them.
    ToAct,
}

/// A project, if this person may see it.
pub(crate) fn load(
    app: &App,
    who: &SignedIn,
    id: Option<ProjectId>,
    look: Look,
) -> Result<Loaded, PageError> {
    let store = app.store();
    let project = id.map(|id| store.project(id)).transpose()?.flatten();
    let project = project.ok_or(PageError::NotFound)?;
    let actor = who.actor();
    let names = match look {
        Look::ToShow => Names::of(store, &project, true)?,
        Look::ToAct => Names::without_people(store)?,
    };
    let (credit, today) = (store.credit(), store.now().day());
    let loaded = Loaded { project, names, actor, credit, today };
    if loaded.standpoint().may_see(&loaded.project) { Ok(loaded) } else { Err(PageError::NotFound) }
}

/// The project a path names, to be shown.
pub(crate) fn load_project(app: &App, who: &SignedIn, id: &str) -> Result<Loaded, PageError> {
    load(app, who, id.parse().ok(), Look::ToShow)
}

/// The application a path names, with its project, to be shown.
pub(crate) fn load_application(
    app: &App,
    who: &SignedIn,
    id: &str,
) -> Result<(Loaded, Arc<Application>), PageError> {
    application(app, who, id, Look::ToShow)
}

/// The application a path names, with its project.
pub(crate) fn application(
    app: &App,
    who: &SignedIn,
    id: &str,
    look: Look,
) -> Result<(Loaded, Arc<Application>), PageError> {
    let id: ApplicationId = id.parse().map_err(|_| PageError::NotFound)?;
    let loaded = load(app, who, app.store().project_of_application(id)?, look)?;
    let application = loaded.project.applications.get(&id).cloned().ok_or(PageError::NotFound)?;
    Ok((loaded, application))
}

/// The case a path names, with its project, to be shown.
pub(crate) fn load_case(
    app: &App,
    who: &SignedIn,
    id: &str,
) -> Result<(Loaded, Arc<Case>), PageError> {
    case(app, who, id, Look::ToShow)
}

/// The case a path names, with its project.
pub(crate) fn case(
    app: &App,
    who: &SignedIn,
    id: &str,
    look: Look,
) -> Result<(Loaded, Arc<Case>), PageError> {
    let id: CaseId = id.parse().map_err(|_| PageError::NotFound)?;
    let loaded = load(app, who, app.store().project_of_case(id)?, look)?;
    let case = loaded.project.cases.get(&id).cloned().ok_or(PageError::NotFound)?;
    Ok((loaded, case))
}
