//! Every row of one database into another, whichever engine each is: how a backup is taken from a
//! server, and how a node moves to one.

use std::sync::LazyLock;

use super::{Connection, Value, each, execute, schema, sqlite};
use crate::error::StoreError;

/// Rows that are sent together.
const AT_ONCE: usize = 1000;

/// How the rows of a table are read and written, all columns in their order.
struct Texts {
    select: String,
    insert: String,
}

/// Of every table, as an empty database lists them.
static TABLES: LazyLock<Result<Vec<Texts>, StoreError>> = LazyLock::new(|| {
    let empty = Connection::Sqlite(sqlite::in_memory()?);
    schema::migrate(&empty)?;
    let tables = sqlite::tables(&empty)?;
    Ok(tables
        .into_iter()
        .map(|(table, columns)| {
            let places: Vec<String> = (1..=columns.len()).map(|it| format!("${it}")).collect();
            let (columns, places) = (columns.join(", "), places.join(", "));
            Texts {
                select: format!("SELECT {columns} FROM {table}"),
                insert: format!("INSERT INTO {table} ({columns}) VALUES ({places})"),
            }
        })
        .collect())
});

/// Copies every row as of one moment into a database whose tables are empty.
pub(crate) fn copy(from: &Connection, to: &Connection) -> Result<(), StoreError> {
    let unreadable = |_: &StoreError| StoreError::Damaged("the schema".to_owned());
    let tables = TABLES.as_ref().map_err(unreadable)?;
    from.snapshot(|from| {
        to.alone(|to| {
            for table in tables {
                let mut waiting: Vec<Vec<Value>> = Vec::new();
                each(from, &table.select, &[], |row| {
                    waiting.push(row.values()?);
                    if waiting.len() == AT_ONCE {
                        put(to, &table.insert, &mut waiting)?;
                    }
                    Ok::<(), StoreError>(())
                })?;
                put(to, &table.insert, &mut waiting)?;
            }
            Ok(())
        })
    })
}

fn put(
    to: &Connection,
    insert: &'static str,
    rows: &mut Vec<Vec<Value>>,
) -> Result<(), StoreError> {
    match to {
        Connection::Sqlite(_) => {
            rows.iter().try_for_each(|row| execute(to, insert, row).map(drop))?;
        }
        Connection::Postgres(session) => session.execute_for_each(insert, rows)?,
    }
    rows.clear();
    Ok(())
}
