//! What is new for a department, for its own system.

use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::json;
use tongban_outside::Task;

use super::answer::{ApiResult, Caller, ok};
use crate::{app::App, error::PageError};

/// Most tasks in one answer.
const MOST: usize = 200;

#[derive(Deserialize, Default)]
pub(crate) struct TasksQuery {
    /// The last task the system has.
    #[serde(default)]
    after: String,
}

/// What is new after a task, in the order of the journal.
pub(crate) async fn tasks(
    State(app): State<App>,
    Caller(who): Caller,
    Query(query): Query<TasksQuery>,
) -> ApiResult {
    let found = app
        .run(move |app| {
            let system = who.2.ok_or(PageError::WrongDesk)?;
            let after = place(&query.after).ok_or_else(|| {
                PageError::BadRequest("after 是上一次得到的最后一个任务的 id，如 12.0".to_owned())
            })?;
            let found = app.store().tasks_after(system.department, after, MOST)?;
            let more = found.len() == MOST;
            let tasks: Vec<Task> = found
                .into_iter()
                .map(|it| Task::new(it.id, (it.act, it.at), it.project, it.application, &it.cases))
                .collect();
            Ok(json!({ "epoch": app.store().origin().epoch, "tasks": tasks, "more": more }))
        })
        .await?;
    ok(found)
}

/// A place in the journal from the id of a task; before everything when there is none.
fn place(id: &str) -> Option<(i64, i64)> {
    if id.is_empty() {
        return Some((0, -1));
    }
    let (position, place) = id.split_once('.')?;
    Some((position.parse().ok()?, place.parse().ok()?))
}
