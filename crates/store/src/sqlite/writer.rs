//! The one writer. Jobs that wait together are committed together; each job has a savepoint of
//! its own, so that a refused one does not touch the others; answers go out after the flush.

use std::sync::mpsc::{Receiver, Sender, channel};

use rusqlite::Connection;
use tongban_journal::Frontier;

use super::{Value, execute};
use crate::error::StoreError;

/// Most jobs in one transaction.
const GROUP: usize = 1024;

/// What a job may use.
pub(crate) struct Writing<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) frontier: &'a mut Frontier,
}

/// Changes rows; what it answers is sent after the commit.
pub(crate) type Work = Box<dyn FnOnce(&mut Writing<'_>) -> Result<(), StoreError> + Send>;
/// Told whether the change is durable.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

pub(crate) struct Job {
    pub(crate) work: Work,
    pub(crate) answer: Answer,
}

/// Starts the writer thread. It ends when the sender is dropped.
pub(crate) fn start(
    connection: Connection,
    frontier: Frontier,
) -> Result<(Sender<Job>, std::thread::JoinHandle<()>), StoreError> {
    let (sender, receiver) = channel();
    let thread = std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || run(&connection, frontier, &receiver))?;
    Ok((sender, thread))
}

fn run(connection: &Connection, mut frontier: Frontier, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            let Ok(job) = jobs.try_recv() else { break };
            group.push(job);
        }
        if let Err(error) = commit(connection, &mut frontier, group) {
            tracing::error!(%error, "a commit failed: the node stops writing until it is restarted");
            // Whatever the disk holds now, nothing more is promised on top of it.
            for job in jobs {
                (job.answer)(Err(StoreError::Stopped));
            }
            return;
        }
    }
}

fn commit(
    connection: &Connection,
    frontier: &mut Frontier,
    group: Vec<Job>,
) -> Result<(), StoreError> {
    let mut answers: Vec<(Answer, Result<(), StoreError>)> = Vec::with_capacity(group.len());
    let mut edge = frontier.clone();
    let committed = write_group(connection, &mut edge, group, &mut answers);
    let failure = committed.as_ref().err().map(ToString::to_string);
    for (answer, done) in answers {
        answer(match &failure {
            None => done,
            Some(_) => Err(StoreError::Stopped),
        });
    }
    if committed.is_ok() {
        *frontier = edge;
    } else {
        let _ = connection.execute_batch("ROLLBACK");
    }
    committed
}

fn write_group(
    connection: &Connection,
    frontier: &mut Frontier,
    group: Vec<Job>,
    answers: &mut Vec<(Answer, Result<(), StoreError>)>,
) -> Result<(), StoreError> {
    let size = frontier.size();
    let mut group = group.into_iter();
    let begun = connection.execute_batch("BEGIN IMMEDIATE");
    if let Err(error) = begun {
        answers.extend(group.map(|job| (job.answer, Err(StoreError::Stopped))));
        return Err(error.into());
    }
    while let Some(Job { work, answer }) = group.next() {
        connection.execute_batch("SAVEPOINT job")?;
        let mut edge = frontier.clone();
        let done = work(&mut Writing { connection, frontier: &mut edge });
        let end = if done.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
        if done.is_ok() {
            *frontier = edge;
        }
        answers.push((answer, done));
        if let Err(error) = connection.execute_batch(end) {
            answers.extend(group.map(|job| (job.answer, Err(StoreError::Stopped))));
            return Err(error.into());
        }
    }
    if frontier.size() != size {
        save_frontier(connection, frontier)?;
    }
    connection.execute_batch("COMMIT")?;
    Ok(())
}

fn save_frontier(connection: &Connection, frontier: &Frontier) -> Result<(), StoreError> {
    const SAVE: &str = "INSERT INTO meta (name, value) VALUES ('frontier', $1) \
                        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    execute(connection, SAVE, &[Value::Blob(frontier.to_bytes())])?;
    Ok(())
}
