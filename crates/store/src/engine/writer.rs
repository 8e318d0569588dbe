//! The one writer. Changes that wait together are committed together; each has a savepoint of its
//! own, so that a refused one does not touch the others; answers go out after the flush.

use std::sync::mpsc::{Receiver, Sender, channel};

use rusqlite::Connection;
use tongban_journal::Frontier;

use super::{Value, execute, query};
use crate::{
    change::{Change, Expects, NewFact, Statement},
    error::{StoreError, is_unique_violation},
    figures::Figures,
    tree,
};

/// Most changes in one transaction.
const GROUP: usize = 1024;

/// Told whether the change is durable.
pub(crate) type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A change on its way to the disk.
pub(crate) struct Job {
    pub(crate) change: Change,
    pub(crate) answer: Answer,
}

/// Starts the writer thread. It ends when the sender is dropped.
pub(crate) fn start(
    connection: Connection,
    frontier: Frontier,
    figures: Figures,
) -> Result<(Sender<Job>, std::thread::JoinHandle<()>), StoreError> {
    let (sender, receiver) = channel();
    let thread = std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || run(&connection, frontier, &receiver, &figures))?;
    Ok((sender, thread))
}

fn run(connection: &Connection, mut frontier: Frontier, jobs: &Receiver<Job>, figures: &Figures) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            let Ok(job) = jobs.try_recv() else { break };
            group.push(job);
        }
        match commit(connection, &mut frontier, group, figures) {
            Ok(()) => {}
            // Rolled back and told so: the next change may find room.
            Err(StoreError::DiskFull) => tracing::error!("the disk is full: nothing is written"),
            Err(error) => {
                tracing::error!(%error, "a commit failed: the node writes no more until it is restarted");
                // Whatever the disk holds now, nothing more is promised on top of it.
                for job in jobs {
                    (job.answer)(Err(StoreError::Stopped));
                }
                return;
            }
        }
    }
    // A node at rest is one file, for those who copy it.
    if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "the write-ahead log stays beside the database");
    }
}

fn commit(
    connection: &Connection,
    frontier: &mut Frontier,
    group: Vec<Job>,
    figures: &Figures,
) -> Result<(), StoreError> {
    let (begun, size) = (std::time::Instant::now(), frontier.size());
    figures.group.observe(group.len() as f64);
    let mut answers: Vec<(Answer, Result<(), StoreError>)> = Vec::with_capacity(group.len());
    let mut edge = frontier.clone();
    let committed = write_group(connection, &mut edge, group, &mut answers);
    if committed.is_ok() {
        figures.commit_seconds.observe(begun.elapsed().as_secs_f64());
        figures.facts.inc_by(edge.size() - size);
        let refused = answers.iter().filter(|(_, done)| done.is_err()).count();
        figures.refused.inc_by(refused as u64);
        figures.changes.inc_by((answers.len() - refused) as u64);
        *frontier = edge;
    } else {
        figures.failures.inc();
    }
    if committed.is_err() && !connection.is_autocommit() {
        // Of some failures the database rolls back by itself.
        connection.execute_batch("ROLLBACK")?;
    }
    for (answer, done) in answers {
        answer(match &committed {
            Ok(()) => done,
            Err(StoreError::DiskFull) => Err(StoreError::DiskFull),
            Err(_) => Err(StoreError::Stopped),
        });
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
    while let Some(Job { change, answer }) = group.next() {
        if let Err(error) = run_text(connection, "SAVEPOINT job") {
            answers.push((answer, Err(StoreError::Stopped)));
            answers.extend(group.map(|job| (job.answer, Err(StoreError::Stopped))));
            return Err(error);
        }
        let mut edge = frontier.clone();
        let done = write(connection, &mut edge, change);
        let end = if done.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
        if done.is_ok() {
            *frontier = edge;
        }
        // Then the whole transaction may be gone: nobody in it is told otherwise.
        let full = matches!(done, Err(StoreError::DiskFull));
        answers.push((answer, done));
        let ended = if full { Err(StoreError::DiskFull) } else { run_text(connection, end) };
        if let Err(error) = ended {
            answers.extend(group.map(|job| (job.answer, Err(StoreError::Stopped))));
            return Err(error);
        }
    }
    if frontier.size() != size {
        save_frontier(connection, frontier)?;
    }
    connection.execute_batch("COMMIT")?;
    Ok(())
}

fn run_text(connection: &Connection, text: &str) -> Result<(), StoreError> {
    Ok(connection.execute_batch(text)?)
}

fn write(
    connection: &Connection,
    frontier: &mut Frontier,
    change: Change,
) -> Result<(), StoreError> {
    let position = frontier.size() as i64 + 1;
    if let Some(first) = change.facts.first() {
        // An act that was built on one that failed must fail as well, not leave a gap.
        if last_version(connection, first)? + 1 != first.version {
            return Err(StoreError::Conflict);
        }
    }
    for fact in &change.facts {
        append(connection, frontier, fact)?;
    }
    for mut recorded in change.appended {
        let next = last_version(connection, &NewFact::of(&recorded))? + 1;
        recorded.envelope.version = next;
        append(connection, frontier, &NewFact::of(&recorded))?;
    }
    for (place, message) in change.messages.into_iter().enumerate() {
        const SEND: &str = "INSERT INTO messages (position, place, recipient, act, project, \
                            application, case_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let mut values = vec![position.into(), (place as i64).into()];
        values.extend(message);
        execute(connection, SEND, &values)?;
    }
    for Statement { sql, values, expects } in &change.statements {
        let done = execute(connection, sql, values);
        match expects {
            Expects::Anything => {
                done?;
            }
            Expects::Free(what) => {
                done.map_err(|error| taken(error, what))?;
            }
            Expects::OneRow => {
                if done? != 1 {
                    return Err(StoreError::Conflict);
                }
            }
        }
    }
    Ok(())
}

fn last_version(connection: &Connection, fact: &NewFact) -> Result<u64, StoreError> {
    const LAST: &str = "SELECT COALESCE(MAX(version), 0) FROM facts \
                        WHERE stream_kind = $1 AND stream = $2";
    let stream = [(fact.stream.kind as i64).into(), (&fact.stream.id).into()];
    let last = query(connection, LAST, &stream, |row| Ok(row.get::<_, i64>(0)?))?;
    Ok(last.first().copied().unwrap_or_default() as u64)
}

fn append(
    connection: &Connection,
    frontier: &mut Frontier,
    fact: &NewFact,
) -> Result<(), StoreError> {
    const APPEND: &str = "INSERT INTO facts (node, position, stream_kind, stream, version, bytes, leaf) \
                          VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tree::append(connection, frontier, fact.node, fact.leaf)?;
    let values = [
        i64::from(fact.node).into(),
        (frontier.size() as i64).into(),
        (fact.stream.kind as i64).into(),
        (&fact.stream.id).into(),
        (fact.version as i64).into(),
        Value::Blob(fact.bytes.clone()),
        Value::Blob(fact.leaf.to_bytes().to_vec()),
    ];
    let done = execute(connection, APPEND, &values);
    done.map(drop).map_err(
        |error| {
            if is_unique_violation(&error) { StoreError::Conflict } else { error }
        },
    )
}

fn taken(error: StoreError, what: &str) -> StoreError {
    if is_unique_violation(&error) { StoreError::Taken(what.to_owned()) } else { error }
}

fn save_frontier(connection: &Connection, frontier: &Frontier) -> Result<(), StoreError> {
    const SAVE: &str = "INSERT INTO meta (name, value) VALUES ('frontier', $1) \
                        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    execute(connection, SAVE, &[Value::Blob(frontier.to_bytes())])?;
    Ok(())
}
