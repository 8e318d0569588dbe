//! Pushes what is new to systems of departments (部门业务系统), each in order and on a thread of its
//! own. One that is away gets everything later: a push begins where the last one that was taken
//! ended.

use std::time::Duration;

use tongban_domain::{ids::DepartmentId, organisation::Department};
use tongban_outside::{DepartmentSystem, Task};
use tongban_store::{NewTask, Store, StoreError};

use crate::thread::Rounds;

/// Most tasks in one push.
const BATCH: usize = 50;

/// Pause between rounds when nothing is new.
const PAUSE: Duration = Duration::from_millis(500);

/// Tasks as they travel.
#[must_use]
pub fn travelling(new: Vec<NewTask>) -> Vec<Task> {
    new.into_iter()
        .map(|it| Task::new(it.id, (it.act, it.at), it.project, it.application, &it.cases))
        .collect()
}

/// Pushes to the system of a department what it has not taken; gives how many tasks it took. Nothing
/// is pushed while the department has no system connected: nobody would answer for what comes back.
///
/// # Errors
/// When the database fails. A system that does not take them is no error: they wait.
pub fn push_round(
    store: &Store,
    department: DepartmentId,
    system: &dyn DepartmentSystem,
) -> Result<usize, StoreError> {
    let organisation = store.organisation();
    let standing = organisation.department(department).filter(|it| it.merged.is_none());
    if standing.and_then(Department::admitted_system).is_none() {
        return Ok(0);
    }
    let known = store.pushed(department)?;
    if known.next_at.is_some_and(|at| store.now() < at) {
        return Ok(0);
    }
    let new = store.tasks_after(department, known.last, BATCH)?;
    let Some(last) = new.last().map(|task| task.id) else { return Ok(0) };
    let tasks = travelling(new);
    match system.take(store.origin().epoch, &tasks) {
        Ok(()) => {
            store.note_pushed(department, known, last)?;
            Ok(tasks.len())
        }
        Err(error) => {
            tracing::warn!(%department, %error, "the system of a department takes no tasks");
            store.put_off_pushing(department, known)?;
            Ok(0)
        }
    }
}

/// Threads that push to systems; they stop when dropped.
pub struct SystemWorker {
    _threads: Vec<Rounds>,
}

impl SystemWorker {
    /// Starts pushing, to the system of each department.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start(
        store: &Store,
        systems: Vec<(DepartmentId, Box<dyn DepartmentSystem>)>,
    ) -> std::io::Result<Self> {
        let start = |(department, system): (DepartmentId, Box<dyn DepartmentSystem>)| {
            let store = store.clone();
            Rounds::start("systems", PAUSE, move |_| {
                push_round(&store, department, &*system).map(|taken| taken == BATCH)
            })
        };
        let threads = systems.into_iter().map(start).collect::<Result<_, _>>()?;
        Ok(Self { _threads: threads })
    }
}
