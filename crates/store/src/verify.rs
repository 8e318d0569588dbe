//! Verification: fold the whole journal again and compare every projection row, every message
//! and the hash tree with what is stored.

use std::{collections::BTreeMap, path::Path};

use rusqlite::Connection;
use tongban_domain::{
    catalog::Catalog,
    fact::{Recorded, StreamKind},
    ids::ProjectId,
    notice::messages,
    project::Project,
};
use tongban_journal::{Frontier, Roots, canonical, leaf_hashes};

use crate::{
    acts::fold,
    append::{message_row, rows_by_table},
    engine::{Value, query},
    error::StoreError,
    node::{Store, meta},
    projection::{Table, rows},
};

/// What was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Facts read and hashed.
    pub facts: u64,
    /// Projects folded.
    pub projects: u64,
    /// Projection rows compared.
    pub rows: u64,
    /// Messages compared.
    pub messages: u64,
    /// The roots of the tree.
    pub roots: Roots,
}

/// The first difference found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// A fact is missing, or out of order.
    #[error("journal: expected position {expected}, found {found}")]
    Position {
        /// Expected.
        expected: u64,
        /// Found.
        found: u64,
    },
    /// The bytes of a fact are not canonical or cannot be read.
    #[error("journal position {position}: {fault}")]
    Fact {
        /// Where.
        position: u64,
        /// What.
        fault: String,
    },
    /// The tree over the facts is not the stored one.
    #[error("the hash tree over the facts is not the one that was committed")]
    Tree,
    /// A row differs.
    #[error("table {table}, row {row}: the journal says {expected}, stored is {stored}")]
    Row {
        /// Table.
        table: &'static str,
        /// Place of the row in key order.
        row: usize,
        /// From the journal.
        expected: String,
        /// As stored.
        stored: String,
    },
}

impl Store {
    /// Folds the journal and compares.
    ///
    /// # Errors
    /// The outer error when the database cannot be read; the inner is the first difference.
    pub fn verify(&self) -> Result<Result<Report, Difference>, StoreError> {
        let catalog = self.catalog()?;
        self.read(|connection| {
            connection.execute_batch("BEGIN")?;
            let verified = verify(connection, &catalog);
            connection.execute_batch("COMMIT")?;
            verified
        })
    }

    /// Where the node keeps its data.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.data()
    }
}

type Streams = BTreeMap<(StreamKind, [u8; 16]), Vec<(u64, Recorded)>>;

fn verify(
    connection: &Connection,
    catalog: &Catalog,
) -> Result<Result<Report, Difference>, StoreError> {
    let (streams, roots) = match read_journal(connection)? {
        Ok(read) => read,
        Err(difference) => return Ok(Err(difference)),
    };
    let mut expected: BTreeMap<Table, Vec<Vec<Value>>> = BTreeMap::new();
    let mut expected_messages: Vec<Vec<Value>> = Vec::new();
    let mut projects = 0;
    for ((kind, id), facts) in &streams {
        for (place, (position, recorded)) in facts.iter().enumerate() {
            if recorded.envelope.version != place as u64 + 1 {
                let fault = format!("version {} of its stream is missing", place + 1);
                return Ok(Err(Difference::Fact { position: *position, fault }));
            }
        }
        if *kind != StreamKind::Project {
            continue;
        }
        let id = ProjectId::from_bytes(*id);
        let recorded: Vec<Recorded> = facts.iter().map(|(_, recorded)| recorded.clone()).collect();
        let Some(project) = fold(id, &recorded) else {
            let fault = "the stream does not begin with a registration".to_owned();
            let position = facts.first().map_or(0, |(position, _)| *position);
            return Ok(Err(Difference::Fact { position, fault }));
        };
        projects += 1;
        for (table, mut found) in rows_by_table(rows(&project, catalog)) {
            expected.entry(table).or_default().append(&mut found);
        }
        expected_messages.extend(project_messages(id, facts));
    }
    let mut compared = 0;
    for table in Table::ALL {
        let mut rows = expected.remove(&table).unwrap_or_default();
        rows.sort_by(|a, b| a[..table.key_columns()].cmp(&b[..table.key_columns()]));
        compared += rows.len() as u64;
        if let Err(difference) = compare(connection, table.name(), table.select_all(), &rows)? {
            return Ok(Err(difference));
        }
    }
    const MESSAGES: &str = "SELECT position, place, recipient, act, project, application, \
                            case_id, at FROM messages ORDER BY position, place";
    expected_messages.sort();
    if let Err(difference) = compare(connection, "messages", MESSAGES, &expected_messages)? {
        return Ok(Err(difference));
    }
    Ok(Ok(Report {
        facts: roots.size,
        projects,
        rows: compared,
        messages: expected_messages.len() as u64,
        roots,
    }))
}

/// Reads every fact in order, checks that it is canonical, and builds the tree again.
fn read_journal(
    connection: &Connection,
) -> Result<Result<(Streams, Roots), Difference>, StoreError> {
    const ALL: &str = "SELECT position, bytes FROM facts ORDER BY node, position";
    let mut streams = Streams::new();
    let mut frontier = Frontier::default();
    let mut difference = None;
    query(connection, ALL, &[], |row| {
        if difference.is_some() {
            return Ok(());
        }
        let position = row.get::<_, i64>(0)? as u64;
        let bytes: Vec<u8> = row.get(1)?;
        let expected = frontier.size() + 1;
        if position != expected {
            difference = Some(Difference::Position { expected, found: position });
            return Ok(());
        }
        let fault = |fault: String| Difference::Fact { position, fault };
        if let Err(error) = canonical::check(&bytes) {
            difference = Some(fault(error.to_string()));
            return Ok(());
        }
        match Recorded::from_bytes(&bytes) {
            Ok(recorded) => {
                if recorded.to_bytes() != bytes {
                    difference = Some(fault("it reads differently than it was written".to_owned()));
                }
                frontier.append(leaf_hashes(&bytes));
                let stream = recorded.envelope.stream;
                streams.entry((stream.kind, stream.id)).or_default().push((position, recorded));
            }
            Err(error) => difference = Some(fault(error.to_string())),
        }
        Ok(())
    })?;
    if let Some(difference) = difference {
        return Ok(Err(difference));
    }
    let stored = meta(connection, "frontier")?.unwrap_or_else(|| Frontier::default().to_bytes());
    if frontier.to_bytes() != stored {
        return Ok(Err(Difference::Tree));
    }
    Ok(Ok((streams, frontier.roots())))
}

/// The messages that the acts of a project should have left in the outbox.
fn project_messages(id: ProjectId, facts: &[(u64, Recorded)]) -> Vec<Vec<Value>> {
    let mut found = Vec::new();
    let mut project: Option<Project> = None;
    let mut rest = facts;
    while let Some((position, first)) = rest.first() {
        let act = first.envelope.act;
        let length = rest.iter().take_while(|(_, recorded)| recorded.envelope.act == act).count();
        let (group, after) = rest.split_at(length);
        rest = after;
        for (_, recorded) in group {
            match &mut project {
                None => project = Project::register(id, &recorded.envelope, &recorded.fact),
                Some(project) => project.evolve(&recorded.envelope, &recorded.fact),
            }
        }
        let Some(project) = &project else { continue };
        let recorded: Vec<Recorded> = group.iter().map(|(_, recorded)| recorded.clone()).collect();
        for (place, message) in messages(project, &recorded).into_iter().enumerate() {
            let mut row = vec![(*position as i64).into(), (place as i64).into()];
            row.extend(message_row(project, &message, first.envelope.recorded_at));
            found.push(row);
        }
    }
    found
}

fn compare(
    connection: &Connection,
    table: &'static str,
    select: &'static str,
    expected: &[Vec<Value>],
) -> Result<Result<(), Difference>, StoreError> {
    let stored = query(connection, select, &[], |row| {
        let columns = row.as_ref().column_count();
        let values: Result<Vec<Value>, _> =
            (0..columns).map(|column| Value::from_column(row, column)).collect();
        Ok(values?)
    })?;
    let show =
        |row: Option<&Vec<Value>>| row.map_or("nothing".to_owned(), |row| format!("{row:?}"));
    for place in 0..expected.len().max(stored.len()) {
        if expected.get(place) != stored.get(place) {
            return Ok(Err(Difference::Row {
                table,
                row: place + 1,
                expected: show(expected.get(place)),
                stored: show(stored.get(place)),
            }));
        }
    }
    Ok(Ok(()))
}
