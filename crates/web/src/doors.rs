//! The doors of the node: every route with who may come through it. A route is opened here or not
//! at all, and without a word about who may enter it does not compile: deny by default.
//!
//! A door looks at the person alone. What may be seen and done behind it, of which project and in
//! which standing, is decided by `tongban_domain::permission` and the declarations of the acts.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    handler::Handler,
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use tongban_domain::{
    acts::{ActName, declaration},
    permission::Role,
};

use crate::{
    api::ApiError,
    app::{App, LARGEST_UPLOAD},
    error::PageError,
    session::SignedIn,
    systems,
    told::Asking,
};

/// Who may come through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Everybody, logged in or not.
    Everybody,
    /// Everybody who has logged in.
    SignedIn,
    /// Who holds one of these offices.
    Offices(&'static [Role]),
    /// Who may do an act, by its declaration.
    Act(ActName),
    /// Systems of departments, with their keys.
    System,
}

/// The desk of owners and who acts for them, where clerks of the window work on behalf of those who
/// come in person.
pub(crate) const OWNERS: Door = Door::Offices(&[Role::Owner, Role::Agent, Role::Window]);
/// Projects come with their owner, or at the window.
pub(crate) const REGISTRANTS: Door = Door::Offices(&[Role::Owner, Role::Window]);

/// Everybody who works for the authority.
pub(crate) const STAFF: Door = Door::Offices(&[
    Role::Window,
    Role::Officer,
    Role::Reviewer,
    Role::Approver,
    Role::Supervisor,
    Role::Administrator,
    Role::Government,
    Role::SystemAdministrator,
    Role::SecurityAdministrator,
    Role::AuditAdministrator,
]);

impl Door {
    /// Whether an office opens it.
    #[must_use]
    pub fn opens_for(self, role: Role) -> bool {
        match self {
            Self::Everybody | Self::SignedIn => true,
            Self::Offices(roles) => roles.contains(&role),
            Self::Act(act) => declaration(act).by.iter().any(|allowed| allowed.role == role),
            Self::System => false,
        }
    }

    fn lets_in(self, who: &SignedIn) -> bool {
        match self {
            Self::Everybody | Self::SignedIn => true,
            Self::Offices(_) | Self::Act(_) => {
                who.0.mandates.iter().any(|mandate| self.opens_for(mandate.role))
            }
            Self::System => who.2.is_some(),
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// GET, POST or DELETE.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: String,
    /// Who may come through.
    pub door: Door,
}

/// Routes being opened.
pub(crate) struct Doors {
    app: App,
    /// Before every path.
    below: &'static str,
    router: Router<App>,
    table: Vec<Route>,
}

impl Doors {
    /// None yet; all will lie below a path.
    pub(crate) fn below(app: App, below: &'static str) -> Self {
        Self { app, below, router: Router::new(), table: Vec::new() }
    }

    /// Something to read.
    pub(crate) fn get<H, T>(self, path: &str, door: Door, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.open((Method::GET, path), door, on(MethodFilter::GET, handler))
    }

    /// Something to change.
    pub(crate) fn post<H, T>(self, path: &str, door: Door, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.open((Method::POST, path), door, on(MethodFilter::POST, handler))
    }

    /// Something to take away.
    pub(crate) fn delete<H, T>(self, path: &str, door: Door, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.open((Method::DELETE, path), door, on(MethodFilter::DELETE, handler))
    }

    /// Something to which files are brought; they may be large.
    pub(crate) fn upload<H, T>(self, path: &str, door: Door, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let routes = on(MethodFilter::POST, handler).layer(DefaultBodyLimit::max(LARGEST_UPLOAD));
        self.open((Method::POST, path), door, routes)
    }

    fn open(
        mut self,
        (method, path): (Method, &str),
        door: Door,
        routes: MethodRouter<App>,
    ) -> Self {
        let routes = match door {
            Door::Everybody => routes,
            Door::SignedIn | Door::Offices(_) | Door::Act(_) | Door::System => {
                let keeper =
                    Keeper { app: self.app.clone(), door, programs: !self.below.is_empty() };
                routes.layer(middleware::from_fn_with_state(keeper, keep))
            }
        };
        self.router = self.router.route(path, routes);
        self.table.push(Route { method, path: format!("{}{path}", self.below), door });
        self
    }

    /// The routes, and the table of them.
    pub(crate) fn done(self) -> (Router<App>, Vec<Route>) {
        (self.router, self.table)
    }
}

#[derive(Clone)]
struct Keeper {
    app: App,
    door: Door,
    /// Those who knock are programs: they are told so, never sent to a page.
    programs: bool,
}

/// Lets in whom the door is open for; the handler behind finds out who it is without asking again.
async fn keep(State(keeper): State<Keeper>, request: Request, next: Next) -> Response {
    let refused = |error: PageError| {
        if keeper.programs { ApiError::from(error).into_response() } else { error.into_response() }
    };
    let (mut parts, body) = request.into_parts();
    // Keys of systems open the API alone, no page.
    let system = match keeper.programs {
        true => systems::caller(&parts, &keeper.app).await,
        false => Ok(None),
    };
    let who = match system {
        Ok(Some(who)) => Ok(who),
        Ok(None) => SignedIn::of(&parts, &keeper.app).await,
        Err(error) => Err(error),
    };
    if let Ok(who) = &who {
        Asking::note(&parts, who.0.id);
    }
    match who {
        Ok(who) if keeper.door.lets_in(&who) => {
            parts.extensions.insert(who);
            next.run(Request::from_parts(parts, body)).await
        }
        Ok(_) => refused(PageError::WrongDesk),
        Err(error) => refused(error),
    }
}
