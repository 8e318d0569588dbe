//! Systems that departments keep for themselves (部门业务系统): what is new for one is pushed to it.

use serde::Serialize;
use tongban_domain::{
    acts::{ActName, declaration},
    ids::{ApplicationId, CaseId, ProjectId},
    time::Instant,
};

use crate::client::{Asking, Client, OutsideError, guarded};

/// Something new for a department, as it travels: pushed, or fetched with `GET /api/v1/tasks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Its place in the order of the journal, position and place within the act: the same for the
    /// same task, as long as the node is not restored from a backup, which begins another epoch.
    pub id: String,
    /// Key of the act that brought it about.
    pub act: &'static str,
    /// Title of the act.
    pub title: &'static str,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// The project.
    pub project: String,
    /// The application, if it is about one.
    pub application: Option<String>,
    /// Cases of the department that it is about.
    pub cases: Vec<String>,
}

impl Task {
    /// A task of a message at a place of the journal.
    #[must_use]
    pub fn new(
        (position, place): (i64, i64),
        (act, at): (ActName, Instant),
        project: ProjectId,
        application: Option<ApplicationId>,
        cases: &[CaseId],
    ) -> Self {
        Self {
            id: format!("{position}.{place}"),
            act: act.key(),
            title: declaration(act).title,
            at: at.0,
            project: project.to_string(),
            application: application.map(|id| id.to_string()),
            cases: cases.iter().map(ToString::to_string).collect(),
        }
    }
}

/// A system to which tasks are pushed.
pub trait DepartmentSystem: Send {
    /// Hands tasks of an epoch of the node over, in order. It has them when this says so; else they are sent again.
    ///
    /// # Errors
    /// When it is away, or refuses them.
    fn take(&self, epoch: u32, tasks: &[Task]) -> Result<(), OutsideError>;
}

/// A system that takes tasks over HTTP, as `docs/SYSTEMS.md` describes.
pub struct HttpSystem {
    address: String,
    client: Client,
}

impl HttpSystem {
    /// A system at an address such as `https://zrzy.example.gov.cn/tasks`.
    ///
    /// # Errors
    /// When the address is not encrypted and not on this machine, or the certificates of its
    /// authority cannot be read.
    pub fn at(address: &str, asking: Asking) -> Result<Self, OutsideError> {
        guarded(address)?;
        Ok(Self { address: address.to_owned(), client: Client::new(asking)? })
    }
}

#[derive(Serialize)]
struct Travelling<'a> {
    epoch: u32,
    tasks: &'a [Task],
}

impl DepartmentSystem for HttpSystem {
    fn take(&self, epoch: u32, tasks: &[Task]) -> Result<(), OutsideError> {
        let body = serde_json::to_vec(&Travelling { epoch, tasks })
            .map_err(|error| OutsideError::Unclear(error.to_string()))?;
        self.client.post(&self.address, &body)
    }
}
