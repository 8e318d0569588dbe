//! What a program before the vault wrote in clear, carried over into columns of cells: marked with
//! key number 0, which is encrypted when the node is opened.

use super::{Connection, Value, execute, query};
use crate::error::StoreError;

/// Old rows, where they go, and which of their columns are cells now.
const TABLES: [(&str, &str, &str, &[usize]); 4] = [
    (
        "SELECT id, salt, value FROM sealed_in_clear",
        "INSERT INTO sealed (id, salt, value) VALUES ($1, $2, $3)",
        "DROP TABLE sealed_in_clear",
        &[2],
    ),
    (
        "SELECT id, name, phone, id_number FROM persons_in_clear",
        "INSERT INTO persons (id, name, phone, id_number) VALUES ($1, $2, $3, $4)",
        "DROP TABLE persons_in_clear",
        &[1, 2, 3],
    ),
    (
        "SELECT draft, kind, name, value FROM draft_values_in_clear",
        "INSERT INTO draft_values (draft, kind, name, value) VALUES ($1, $2, $3, $4)",
        "DROP TABLE draft_values_in_clear",
        &[3],
    ),
    (
        "SELECT id, name, media, size, sm3, draft, project, uploaded_at FROM files_in_clear",
        "INSERT INTO files (id, name, media, size, sm3, draft, project, uploaded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        "DROP TABLE files_in_clear",
        &[1],
    ),
];

/// The setting that says that old text may still lie in pages that were freed.
pub(crate) const IN_CLEAR: &str = "in-clear";

/// Carries all of it over.
pub(super) fn carry_over(connection: &Connection) -> Result<(), StoreError> {
    const MARK: &str = "INSERT INTO meta (name, value) VALUES ($1, $2)";
    let mut carried = 0;
    for (select, insert, drop, cells) in TABLES {
        for mut row in query(connection, select, &[], |row| row.values())? {
            for column in cells {
                if let Value::Text(text) = &row[*column] {
                    row[*column] = Value::Blob([&[0, 0], text.as_bytes()].concat());
                }
            }
            execute(connection, insert, &row)?;
            carried += 1;
        }
        connection.run(drop)?;
    }
    if carried > 0 {
        execute(connection, MARK, &[IN_CLEAR.into(), Value::Blob(b"1".to_vec())])?;
    }
    Ok(())
}
