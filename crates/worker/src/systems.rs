//! Pushes what is new to systems of departments (部门业务系统), each in order and on a thread of its
//! own. One that is away gets everything later, nothing twice on purpose and nothing out of order.

use std::time::Duration;

use tongban_outside::{DepartmentSystem, Task};
use tongban_store::{Store, StoreError};

use crate::thread::Rounds;

/// Most tasks in one push.
const BATCH: usize = 50;

/// Pause between rounds when nothing is new.
const PAUSE: Duration = Duration::from_millis(500);

/// Pushes to the system of a department, found by its name, what it has not taken; gives how many
/// tasks it took. Nothing is pushed while the department has no system connected: nobody would
/// answer for what comes back.
///
/// # Errors
/// When the database fails. A system that does not take them is no error: they wait.
pub fn push_round(
    store: &Store,
    department: &str,
    system: &dyn DepartmentSystem,
) -> Result<usize, StoreError> {
    let organisation = store.organisation();
    let connected = organisation
        .departments()
        .find(|it| it.name == department && it.merged.is_none() && it.system.is_some());
    let Some(department) = connected.map(|it| it.id) else { return Ok(0) };
    let known = store.pushed(department)?;
    if known.next_at.is_some_and(|at| store.now() < at) {
        return Ok(0);
    }
    let new = store.tasks_after(department, known.last, BATCH)?;
    let Some(last) = new.last().map(|task| task.id) else { return Ok(0) };
    let tasks: Vec<Task> = new
        .into_iter()
        .map(|it| Task::new(it.id, (it.act, it.at), it.project, it.application, &it.cases))
        .collect();
    match system.take(&tasks) {
        Ok(()) => {
            store.note_pushed(department, last)?;
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
    /// Starts pushing, to each system by the name of its department.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start(
        store: &Store,
        systems: Vec<(String, Box<dyn DepartmentSystem>)>,
    ) -> std::io::Result<Self> {
        let start = |(department, system): (String, Box<dyn DepartmentSystem>)| {
            let store = store.clone();
            Rounds::start("systems", PAUSE, move |_| {
                push_round(&store, &department, &*system).map(|taken| taken == BATCH)
            })
        };
        let threads = systems.into_iter().map(start).collect::<Result<_, _>>()?;
        Ok(Self { _threads: threads })
    }
}
