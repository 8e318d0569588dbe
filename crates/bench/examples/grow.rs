//! Makes a simulated node many times as large, for measuring growth: `--example grow -- DIR TIMES`.
//!
//! Facts and rows are copied under other ids. The tree over them is a true one; the bytes of a
//! copied fact still name the original's stream, so that `verify` refuses the result, rightly.

use std::{path::Path, time::Instant};

use rusqlite::{Connection, params};
use tongban_journal::{Frontier, LeafHashes};

/// Another id of sixteen bytes: the number of the copy in its last four.
fn other(column: &str, copy: u32) -> String {
    format!("CAST(substr({column}, 1, 12) || x'{copy:08x}' AS BLOB)")
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let data = arguments.next().ok_or("which data directory?")?;
    let times: u32 = arguments.next().ok_or("how many times?")?.parse()?;
    let connection = Connection::open(Path::new(&data).join("node.db"))?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576")?;
    let begun = Instant::now();
    let size: i64 = connection.query_row("SELECT COUNT(*) FROM facts", [], |row| row.get(0))?;
    for copy in 1..times {
        connection.execute_batch("BEGIN")?;
        let stream = other("stream", copy);
        connection.execute(
            &format!(
                "INSERT INTO facts (node, position, stream_kind, stream, version, bytes, leaf) \
                 SELECT node, position + {size} * {copy}, stream_kind, {stream}, version, bytes, \
                 leaf FROM facts WHERE position <= {size}"
            ),
            [],
        )?;
        rows(&connection, copy)?;
        connection.execute_batch("COMMIT")?;
    }
    tree(&connection)?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA optimize")?;
    println!("{} facts in {:.0} s", size * i64::from(times), begun.elapsed().as_secs_f64());
    Ok(())
}

/// The projections of one copy; its numbers end in the number of the copy.
fn rows(connection: &Connection, copy: u32) -> rusqlite::Result<()> {
    for (table, ids, number) in [
        ("projects", &["project"][..], "code"),
        ("applications", &["application", "project"], "number"),
        ("cases", &["case_id", "project", "application"], "number"),
    ] {
        let mut columns: Vec<String> = connection
            .prepare(&format!("SELECT * FROM {table}"))?
            .column_names()
            .map(ToOwned::to_owned)
            .collect();
        let into = columns.join(", ");
        for column in &mut columns {
            if ids.contains(&column.as_str()) {
                *column = other(column, copy);
            } else if column == number {
                *column = format!("{column} || '-{copy}'");
            }
        }
        // Only originals: their ids do not end in the number of a copy.
        let from = columns.join(", ");
        let first = ids.first().copied().unwrap_or_default();
        connection.execute(
            &format!(
                "INSERT INTO {table} ({into}) SELECT {from} FROM {table} \
                 WHERE substr({first}, 13, 3) <> x'000000'"
            ),
            [],
        )?;
    }
    Ok(())
}

/// The tree over all facts, made anew from the hashes of the leaves.
fn tree(connection: &Connection) -> Result<(), Box<dyn std::error::Error>> {
    connection.execute_batch("BEGIN; DELETE FROM nodes; DELETE FROM checkpoints")?;
    let mut frontier = Frontier::default();
    let mut leaves = connection.prepare("SELECT leaf FROM facts ORDER BY node, position")?;
    let keep = "INSERT INTO nodes (node, level, place, hashes) VALUES (1, ?1, ?2, ?3)";
    let mut keep = connection.prepare(keep)?;
    let mut rows = leaves.query([])?;
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        let mut stored = Ok(0);
        frontier.append_noting(LeafHashes::from_bytes(&bytes)?, |level, place, hashes| {
            if level % 8 == 0 {
                stored = keep.execute(params![level, place as i64, hashes.to_bytes()]);
            }
        });
        stored?;
    }
    let set = "UPDATE meta SET value = ?1 WHERE name = 'frontier'";
    connection.execute(set, [frontier.to_bytes()])?;
    connection.execute_batch("COMMIT")?;
    Ok(())
}
