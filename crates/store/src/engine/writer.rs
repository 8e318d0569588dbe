//! The one writer of a process. Changes that wait together are committed together, and a refused
//! one does not touch the others; answers go out after the flush.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    time::Instant,
};

use tongban_journal::Frontier;

use super::{
    Connection,
    plan::{is_refusal, keep_frontier, plan, run, stored_head},
    postgres,
};
use crate::{change::Change, error::StoreError, figures::Figures};

/// Most changes in one transaction.
pub(crate) const GROUP: usize = 1024;

/// Told whether the change is durable.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A change on its way to the disk.
pub(crate) struct Job {
    pub(crate) change: Change,
    pub(crate) answer: Answer,
}

/// What the writer writes to.
pub(crate) enum Sink {
    /// The file, with the edge of its tree: nobody else writes to it.
    Sqlite(Box<Connection>, Frontier),
    /// A server, to which others write as well.
    Postgres(postgres::Writing),
}

/// What became of a group.
pub(crate) struct Written {
    /// Of each change, in order.
    pub(crate) outcomes: Vec<Result<(), StoreError>>,
    /// Facts appended.
    pub(crate) facts: u64,
}

impl Sink {
    fn write(&mut self, changes: &[Change]) -> Result<Written, StoreError> {
        if changes.iter().all(Change::is_empty) {
            return Ok(Written { outcomes: changes.iter().map(|_| Ok(())).collect(), facts: 0 });
        }
        match self {
            Self::Sqlite(connection, frontier) => {
                let before = frontier.size();
                let outcomes = write_group(connection, frontier, changes)?;
                Ok(Written { outcomes, facts: frontier.size() - before })
            }
            Self::Postgres(writing) => writing.write(changes),
        }
    }

    fn close(&self) {
        match self {
            // A node at rest is one file, for those who copy it.
            Self::Sqlite(connection, _) => {
                if let Err(error) = connection.run("PRAGMA wal_checkpoint(TRUNCATE)") {
                    tracing::warn!(%error, "the write-ahead log stays beside the database");
                }
            }
            Self::Postgres(writing) => writing.close(),
        }
    }
}

/// Starts the writer thread, which puts at most so many changes into one transaction. It ends
/// when the sender is dropped.
pub(crate) fn start(
    sink: Sink,
    group: usize,
    figures: Figures,
    stopped: Arc<AtomicBool>,
) -> Result<(Sender<Job>, std::thread::JoinHandle<()>), StoreError> {
    let (sender, receiver) = channel();
    let thread = std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || serve(sink, group, &receiver, (&figures, &stopped)))?;
    Ok((sender, thread))
}

fn serve(
    mut sink: Sink,
    most: usize,
    jobs: &Receiver<Job>,
    (figures, stopped): (&Figures, &AtomicBool),
) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        while group.len() < most {
            let Ok(job) = jobs.try_recv() else { break };
            group.push(job);
        }
        match commit(&mut sink, group, figures) {
            Ok(()) => {}
            // Taken back and told so: the next change may find room, or the server.
            Err(error) if error.passes() => tracing::error!(%error, "nothing is written"),
            Err(error) => {
                tracing::error!(%error, "a commit failed: the node writes no more until it is restarted");
                stopped.store(true, Ordering::Release);
                // Whatever the disk holds now, nothing more is promised on top of it.
                for job in jobs {
                    (job.answer)(Err(StoreError::Stopped));
                }
                return;
            }
        }
    }
    sink.close();
}

/// Commits a group; every change is answered.
fn commit(sink: &mut Sink, group: Vec<Job>, figures: &Figures) -> Result<(), StoreError> {
    let begun = Instant::now();
    figures.group.observe(group.len() as f64);
    let (changes, answers): (Vec<Change>, Vec<Answer>) =
        group.into_iter().map(|job| (job.change, job.answer)).unzip();
    match sink.write(&changes) {
        Ok(Written { outcomes, facts }) => {
            figures.commit_seconds.observe(begun.elapsed().as_secs_f64());
            figures.facts.inc_by(facts);
            let refused = outcomes.iter().filter(|done| done.is_err()).count();
            figures.refused.inc_by(refused as u64);
            figures.changes.inc_by((outcomes.len() - refused) as u64);
            for (answer, outcome) in answers.into_iter().zip(outcomes) {
                answer(outcome);
            }
            Ok(())
        }
        Err(error) => {
            figures.failures.inc();
            for answer in answers {
                answer(Err(error.for_everybody()));
            }
            Err(error)
        }
    }
}

/// Writes all changes in one transaction. Mostly none is refused; when one is, all of it is taken
/// back and each gets a savepoint of its own, so that the others are not touched.
fn write_group(
    connection: &Connection,
    frontier: &mut Frontier,
    changes: &[Change],
) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let all = transaction(connection, frontier, |frontier| {
        changes.iter().try_for_each(|change| write(connection, frontier, change))
    });
    match all {
        Ok(()) => return Ok(changes.iter().map(|_| Ok(())).collect()),
        Err(error) if is_refusal(&error) => {}
        Err(error) => return Err(error),
    }
    transaction(connection, frontier, |frontier| write_apart(connection, frontier, changes))
}

/// Writes changes one by one within a transaction, so that a refused one leaves nothing.
pub(super) fn write_apart(
    connection: &Connection,
    frontier: &mut Frontier,
    changes: &[Change],
) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let mut outcomes = Vec::with_capacity(changes.len());
    for change in changes {
        connection.run("SAVEPOINT change")?;
        let mut edge = frontier.clone();
        let done = write(connection, &mut edge, change);
        match &done {
            Ok(()) => {
                connection.run("RELEASE SAVEPOINT change")?;
                *frontier = edge;
            }
            Err(error) if is_refusal(error) => {
                connection.run("ROLLBACK TO SAVEPOINT change; RELEASE SAVEPOINT change")?;
            }
            Err(_) => return done.map(|()| outcomes),
        }
        outcomes.push(done);
    }
    Ok(outcomes)
}

/// A transaction that keeps all of it, with the edge of the tree, or nothing.
fn transaction<T>(
    connection: &Connection,
    frontier: &mut Frontier,
    work: impl FnOnce(&mut Frontier) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut edge = frontier.clone();
    let done = connection.transaction(|connection| {
        let done = work(&mut edge)?;
        if edge != *frontier {
            run(connection, &keep_frontier(&edge))?;
        }
        Ok::<T, StoreError>(done)
    })?;
    *frontier = edge;
    Ok(done)
}

fn write(
    connection: &Connection,
    frontier: &mut Frontier,
    change: &Change,
) -> Result<(), StoreError> {
    let planned = plan(change, frontier, |stream| stored_head(connection, stream))?;
    planned.statements.iter().chain(&change.statements).try_for_each(|it| run(connection, it))
}
