//! Every stream folded again, and what follows from it compared with what is stored.

use std::collections::BTreeMap;

use tongban_domain::{
    catalog::Catalog,
    fact::{Recorded, StreamKind},
    ids::ProjectId,
    notice::messages,
    project::Project,
};

use super::{Difference, Stop};
use crate::{
    acts::fold,
    append::{message_row, rows_by_table},
    engine::{Connection, Value, each},
    projection::{Table, rows},
};

#[derive(Default)]
pub(super) struct Folded {
    pub(super) projects: u64,
    pub(super) rows: u64,
    pub(super) messages: u64,
}

/// One stream: its kind, its id, its facts with their positions.
type Stream = (StreamKind, [u8; 16], Vec<(u64, Recorded)>);

#[derive(Default)]
struct Expected {
    projects: u64,
    rows: BTreeMap<Table, Vec<Vec<Value>>>,
    messages: Vec<Vec<Value>>,
}

pub(super) fn verify(connection: &Connection, catalog: &Catalog) -> Result<Folded, Stop> {
    let mut expected = Expected::default();
    each_stream(connection, |stream| expected.take(stream, catalog))?;
    let Expected { projects, rows: mut tables, messages: mut sent } = expected;
    let mut compared = 0;
    for table in Table::ALL {
        let mut rows = tables.remove(&table).unwrap_or_default();
        rows.sort_by(|a, b| a[..table.key_columns()].cmp(&b[..table.key_columns()]));
        compared += rows.len() as u64;
        compare(connection, table.name(), table.select_all(), &rows)?;
    }
    const MESSAGES: &str = "SELECT position, place, recipient, act, project, application, \
                            case_id, at FROM messages ORDER BY position, place";
    sent.sort();
    compare(connection, "messages", MESSAGES, &sent)?;
    Ok(Folded { projects, rows: compared, messages: sent.len() as u64 })
}

/// Streams one after the other, so that no more than one is held in memory.
fn each_stream(
    connection: &Connection,
    mut take: impl FnMut(Stream) -> Result<(), Stop>,
) -> Result<(), Stop> {
    const ALL: &str = "SELECT stream, bytes, position FROM facts \
                       ORDER BY stream_kind, stream, version";
    let mut current: Option<Stream> = None;
    each(connection, ALL, &[], |row| {
        let (id, bytes) = (row.get(0)?, row.get::<Vec<u8>>(1)?);
        let position = row.get::<i64>(2)? as u64;
        let recorded = Recorded::from_bytes(&bytes)
            .map_err(|error| Difference::Fact { position, fault: error.to_string() })?;
        let stream = recorded.envelope.stream;
        if stream.id != id {
            let fault = "it stands in another stream than it says".to_owned();
            return Err(Difference::Fact { position, fault }.into());
        }
        match &mut current {
            Some((kind, known, facts)) if (*kind, *known) == (stream.kind, id) => {
                facts.push((position, recorded));
            }
            Some(_) | None => {
                if let Some(done) = current.replace((stream.kind, id, vec![(position, recorded)])) {
                    take(done)?;
                }
            }
        }
        Ok::<(), Stop>(())
    })?;
    current.map_or(Ok(()), take)
}

impl Expected {
    fn take(&mut self, (kind, id, facts): Stream, catalog: &Catalog) -> Result<(), Stop> {
        for (place, (position, recorded)) in facts.iter().enumerate() {
            if recorded.envelope.version != place as u64 + 1 {
                let fault = format!("version {} of its stream is missing", place + 1);
                return Err(Difference::Fact { position: *position, fault }.into());
            }
        }
        if kind != StreamKind::Project {
            return Ok(());
        }
        let id = ProjectId::from_bytes(id);
        self.messages.extend(project_messages(id, &facts));
        let first = facts.first().map_or(0, |(position, _)| *position);
        let recorded: Vec<Recorded> = facts.into_iter().map(|(_, recorded)| recorded).collect();
        let Some(project) = fold(id, &recorded) else {
            let fault = "the stream does not begin with a registration".to_owned();
            return Err(Difference::Fact { position: first, fault }.into());
        };
        self.projects += 1;
        for (table, mut found) in rows_by_table(rows(&project, catalog)) {
            self.rows.entry(table).or_default().append(&mut found);
        }
        Ok(())
    }
}

/// The messages that the acts of a project should have left in the outbox.
pub(crate) fn project_messages(id: ProjectId, facts: &[(u64, Recorded)]) -> Vec<Vec<Value>> {
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

/// Compares stored rows with expected ones, both in the order of the key.
fn compare(
    connection: &Connection,
    table: &'static str,
    select: &'static str,
    expected: &[Vec<Value>],
) -> Result<(), Stop> {
    let show =
        |row: Option<&Vec<Value>>| row.map_or("nothing".to_owned(), |row| format!("{row:?}"));
    let differ = |place: usize, stored: Option<&Vec<Value>>| Difference::Row {
        table,
        row: place + 1,
        expected: show(expected.get(place)),
        stored: show(stored),
    };
    let mut place = 0;
    each(connection, select, &[], |row| {
        let stored = row.values()?;
        if expected.get(place) != Some(&stored) {
            return Err(Stop::from(differ(place, Some(&stored))));
        }
        place += 1;
        Ok(())
    })?;
    if place < expected.len() {
        return Err(differ(place, None).into());
    }
    Ok(())
}
