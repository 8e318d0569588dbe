//! The one writer. Changes that wait together are committed together, and a refused one does not
//! touch the others; answers go out after the flush.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    time::Instant,
};

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
    stopped: Arc<AtomicBool>,
) -> Result<(Sender<Job>, std::thread::JoinHandle<()>), StoreError> {
    let (sender, receiver) = channel();
    let thread = std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || serve(&connection, frontier, &receiver, (&figures, &stopped)))?;
    Ok((sender, thread))
}

fn serve(
    connection: &Connection,
    mut frontier: Frontier,
    jobs: &Receiver<Job>,
    (figures, stopped): (&Figures, &AtomicBool),
) {
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
                stopped.store(true, Ordering::Release);
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

/// Commits a group; every change is answered.
fn commit(
    connection: &Connection,
    frontier: &mut Frontier,
    group: Vec<Job>,
    figures: &Figures,
) -> Result<(), StoreError> {
    let (begun, size) = (Instant::now(), frontier.size());
    figures.group.observe(group.len() as f64);
    let (changes, answers): (Vec<Change>, Vec<Answer>) =
        group.into_iter().map(|job| (job.change, job.answer)).unzip();
    let mut outcomes = Vec::with_capacity(changes.len());
    let committed = write_group(connection, frontier, &changes, &mut outcomes);
    match &committed {
        Ok(()) => {
            figures.commit_seconds.observe(begun.elapsed().as_secs_f64());
            figures.facts.inc_by(frontier.size() - size);
            let refused = outcomes.iter().filter(|done| done.is_err()).count();
            figures.refused.inc_by(refused as u64);
            figures.changes.inc_by((outcomes.len() - refused) as u64);
        }
        Err(_) => {
            figures.failures.inc();
        }
    }
    let mut outcomes = outcomes.into_iter();
    for answer in answers {
        answer(match &committed {
            // Every change of a group that was committed has its outcome.
            Ok(()) => outcomes.next().unwrap_or(Err(StoreError::Stopped)),
            Err(StoreError::DiskFull) => Err(StoreError::DiskFull),
            Err(_) => Err(StoreError::Stopped),
        });
    }
    committed
}

/// Writes all changes in one transaction. Mostly none is refused; when one is, all of it is taken
/// back and each gets a savepoint of its own, so that the others are not touched.
fn write_group(
    connection: &Connection,
    frontier: &mut Frontier,
    changes: &[Change],
    outcomes: &mut Vec<Result<(), StoreError>>,
) -> Result<(), StoreError> {
    match transaction(connection, frontier, |frontier| {
        changes.iter().try_for_each(|change| write(connection, frontier, change))
    }) {
        Ok(()) => {
            outcomes.extend(changes.iter().map(|_| Ok(())));
            return Ok(());
        }
        Err(error) if is_refusal(&error) => {}
        Err(error) => return Err(error),
    }
    transaction(connection, frontier, |frontier| {
        for change in changes {
            run(connection, "SAVEPOINT change")?;
            let mut edge = frontier.clone();
            let done = write(connection, &mut edge, change);
            match &done {
                Ok(()) => {
                    run(connection, "RELEASE change")?;
                    *frontier = edge;
                }
                Err(error) if is_refusal(error) => {
                    run(connection, "ROLLBACK TO change; RELEASE change")?;
                }
                Err(_) => return done,
            }
            outcomes.push(done);
        }
        Ok(())
    })
}

/// Whether it is the change that cannot be written, and not the disk.
fn is_refusal(error: &StoreError) -> bool {
    matches!(error, StoreError::Taken(_) | StoreError::Conflict) || is_unique_violation(error)
}

/// A transaction that keeps all of it, with the edge of the tree, or nothing.
fn transaction(
    connection: &Connection,
    frontier: &mut Frontier,
    work: impl FnOnce(&mut Frontier) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    run(connection, "BEGIN IMMEDIATE")?;
    let mut edge = frontier.clone();
    let done = work(&mut edge).and_then(|()| {
        if edge != *frontier {
            save_frontier(connection, &edge)?;
        }
        run(connection, "COMMIT")
    });
    match done {
        Ok(()) => {
            *frontier = edge;
            Ok(())
        }
        Err(error) => {
            // Of some failures the database rolls back by itself.
            if !connection.is_autocommit() {
                run(connection, "ROLLBACK")?;
            }
            Err(error)
        }
    }
}

fn run(connection: &Connection, text: &'static str) -> Result<(), StoreError> {
    Ok(connection.execute_batch(text)?)
}

fn write(
    connection: &Connection,
    frontier: &mut Frontier,
    change: &Change,
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
    for recorded in &change.appended {
        let mut recorded = recorded.clone();
        recorded.envelope.version = last_version(connection, &NewFact::of(&recorded))? + 1;
        append(connection, frontier, &NewFact::of(&recorded))?;
    }
    for (place, message) in change.messages.iter().enumerate() {
        const SEND: &str = "INSERT INTO messages (position, place, recipient, act, project, \
                            application, case_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let mut values = vec![position.into(), (place as i64).into()];
        values.extend_from_slice(message);
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
