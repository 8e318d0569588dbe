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
    refusal::Refusal,
    time::Day,
};

use crate::{app::App, error::PageError, session::SignedIn, view::Names};

/// A project with names, for one reader.
pub(crate) struct Loaded {
    pub(crate) project: Arc<Project>,
    pub(crate) names: Names,
    pub(crate) actor: Actor,
    pub(crate) who: SignedIn,
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

    /// Before fields are read that would tell who has an account here: whoever may not do the act is
    /// refused first.
    pub(crate) fn before_reading(&self, act: ActName, subject: Subject) -> Result<(), PageError> {
        if act == ActName::AuthoriseAgent && !self.may(act, subject) {
            return Err(PageError::Refused(Refusal::NotAllowed(act)));
        }
        Ok(())
    }

    /// Whether the reader may bring papers for the owner.
    pub(crate) fn may_bring(&self) -> bool {
        self.may(ActName::SubmitApplication, Subject::Project)
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
    Show,
    /// To act on it: without them.
    Act,
    /// The same on what this process knows, should another one have acted since: an act that does
    /// not fit is decided again. Only where nothing else is made of what is seen.
    AtOnce,
}

/// A project, if this person may see it.
pub(crate) fn load(
    app: &App,
    who: &SignedIn,
    id: Option<ProjectId>,
    look: Look,
) -> Result<Loaded, PageError> {
    let store = app.store();
    let id = id.ok_or(PageError::NotFound)?;
    let project = match look {
        Look::Show | Look::Act => store.project(id)?,
        Look::AtOnce => store.known_project(id)?,
    };
    let project = project.ok_or(PageError::NotFound)?;
    let actor = who.actor();
    let names = match look {
        Look::Show => Names::of(store, &project, true)?,
        Look::Act | Look::AtOnce => Names::without_people(store)?,
    };
    let (credit, today) = (store.credit(), store.now().day());
    let loaded = Loaded { project, names, actor, who: who.clone(), credit, today };
    match look {
        _ if loaded.standpoint().may_see(&loaded.project) => Ok(loaded),
        Look::AtOnce => load(app, who, Some(id), Look::Act),
        Look::Show | Look::Act => Err(PageError::NotFound),
    }
}

/// The project a path names, to be shown.
pub(crate) fn load_project(app: &App, who: &SignedIn, id: &str) -> Result<Loaded, PageError> {
    load(app, who, id.parse().ok(), Look::Show)
}

/// The application a path names, with its project, to be shown.
pub(crate) fn load_application(
    app: &App,
    who: &SignedIn,
    id: &str,
) -> Result<(Loaded, Arc<Application>), PageError> {
    application(app, who, id, Look::Show)
}

/// The application a path names, with its project.
pub(crate) fn application(
    app: &App,
    who: &SignedIn,
    id: &str,
    look: Look,
) -> Result<(Loaded, Arc<Application>), PageError> {
    let id: ApplicationId = id.parse().map_err(|_| PageError::NotFound)?;
    let of = app.store().project_of_application(id)?;
    let loaded = load(app, who, of, look)?;
    match loaded.project.applications.get(&id).cloned() {
        Some(found) => Ok((loaded, found)),
        None if look == Look::AtOnce => application(app, who, &id.to_string(), Look::Act),
        None => Err(PageError::NotFound),
    }
}

/// The case a path names, with its project, to be shown.
pub(crate) fn load_case(
    app: &App,
    who: &SignedIn,
    id: &str,
) -> Result<(Loaded, Arc<Case>), PageError> {
    case(app, who, id, Look::Show)
}

/// The case a path names, with its project.
pub(crate) fn case(
    app: &App,
    who: &SignedIn,
    id: &str,
    look: Look,
) -> Result<(Loaded, Arc<Case>), PageError> {
    let id: CaseId = id.parse().map_err(|_| PageError::NotFound)?;
    let of = app.store().project_of_case(id)?;
    let loaded = load(app, who, of, look)?;
    match loaded.project.cases.get(&id).cloned() {
        Some(found) => Ok((loaded, found)),
        None if look == Look::AtOnce => case(app, who, &id.to_string(), Look::Act),
        None => Err(PageError::NotFound),
    }
}
