//! Flipped and missing bytes of a node at rest are found, or they were in no byte that counts;
//! never does looking at them end in a crash.

use std::{fs, path::Path, process::Command, sync::Mutex};

use anyhow::ensure;
use rusqlite::types::ValueRef;

use crate::{
    Rig,
    ledger::Ledger,
    load::under_load,
    node::{Node, Place},
};

/// Flips in the short and the long form.
const SHORT: u32 = 60;
const LONG: u32 = 5_000;

/// What the node says is derived from the journal, or is the journal, or what lies in its vault.
const TABLES: [&str; 13] = [
    "facts",
    "nodes",
    "checkpoints",
    "sealed",
    "persons",
    "files",
    "draft_values",
    "projects",
    "applications",
    "cases",
    "timers",
    "unmade",
    "messages",
];

pub(crate) fn run(rig: &mut Rig) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let kept = Place::in_file(folder.path().join("node"));
    kept.found()?;
    let ledger = Mutex::new(Ledger::default());
    let node = Node::start(&rig.binary, &kept, &[])?;
    let address = node.address.clone();
    under_load(&address, &ledger, 4, || {
        std::thread::sleep(std::time::Duration::from_millis(800));
        Ok(())
    })?;
    node.kill()?;
    // One file, so that every byte of it counts as it stands.
    let database = kept.data.join("node.db");
    rusqlite::Connection::open(&database)?.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    let whole = fs::read(&database)?;
    let content = dump(&database)?;
    ensure!(says(&rig.binary, &kept.data)? == Said::Clean, "the node is not clean to begin with");
    let (mut found, mut elsewhere) = (0, 0);
    for round in 0..if rig.long { LONG } else { SHORT } {
        let mut damaged = whole.clone();
        let place = rig.chance.below(whole.len() as u64) as usize;
        match round % 3 {
            0 | 1 => damaged[place] ^= 1 << rig.chance.below(8),
            // A torn page: its second half is that of another.
            _ => {
                let page = place / 4096 * 4096;
                let other = rig.chance.below((whole.len() / 4096) as u64) as usize * 4096;
                damaged[page + 2048..page + 4096]
                    .copy_from_slice(&whole[other + 2048..other + 4096]);
            }
        }
        fs::write(&database, &damaged)?;
        match says(&rig.binary, &kept.data)? {
            Said::Damaged => found += 1,
            Said::Clean => {
                let now = dump(&database)?;
                let changed = now.iter().find(|row| content.binary_search(row).is_err());
                ensure!(
                    now == content,
                    "a change at byte {place} was not found (round {round}): {}",
                    changed.map_or("a row is gone", String::as_str)
                );
                elsewhere += 1;
            }
        }
    }
    fs::write(&database, &whole[..whole.len() / 2])?;
    ensure!(says(&rig.binary, &kept.data)? == Said::Damaged, "half a database is clean");
    ensure!(found > 0, "nothing was found: the rig is none");
    Ok(format!("{found} flips and torn pages found, {elsewhere} in bytes that hold nothing"))
}

#[derive(PartialEq, Eq)]
enum Said {
    Clean,
    Damaged,
}

/// What `tongban verify` says. A crash is neither.
fn says(binary: &Path, data: &Path) -> anyhow::Result<Said> {
    let done = Command::new(binary).args(["verify", "--files", "--data"]).arg(data).output()?;
    match done.status.code() {
        Some(0) => Ok(Said::Clean),
        Some(1) => Ok(Said::Damaged),
        code => anyhow::bail!("verify ended with {code:?}"),
    }
}

/// Every row of the tables, read without the node.
fn dump(database: &Path) -> anyhow::Result<Vec<String>> {
    let connection = rusqlite::Connection::open(database)?;
    let mut rows = Vec::new();
    for table in TABLES {
        // When a message was delivered is in no fact, and nothing rests on it.
        let columns = match table {
            "messages" => "position, place, recipient, act, project, application, case_id, at",
            _ => "*",
        };
        let mut statement = connection.prepare(&format!("SELECT {columns} FROM {table}"))?;
        let columns = statement.column_count();
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let mut text = String::from(table);
            for column in 0..columns {
                text.push_str(&match row.get_ref(column)? {
                    ValueRef::Null => "|".to_owned(),
                    ValueRef::Integer(number) => format!("|{number}"),
                    ValueRef::Real(number) => format!("|{number}"),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => format!("|{bytes:?}"),
                });
            }
            rows.push(text);
        }
    }
    rows.sort();
    Ok(rows)
}
