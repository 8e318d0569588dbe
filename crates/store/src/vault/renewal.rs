//! Cells go over to a new key while the node is working: batch by batch, each row only if nobody
//! changed it meanwhile.

use std::{collections::BTreeMap, time::Duration};

use super::{Column, Ring, Vault, columns::draft_row, ring, split_number};
use crate::{
    change::Change,
    engine::{IN_CLEAR, Row, Value, query},
    error::StoreError,
    node::{Store, meta},
    persons::{PersonCells, renewed},
};

/// Rows that are looked at in one batch.
const BATCH: usize = 500;

/// The setting with a cell that only the right keys open.
pub(crate) const CHECK: &str = "person-key";
/// What it says.
const CHECKED: &str = "persons";

/// How old a key is before others than its maker rely on everybody knowing it.
const KNOWN_TO_ALL: Duration = Duration::from_secs(60);

/// A table with cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Sealed,
    Persons,
    Files,
    Drafts,
    Accounts,
    Logins,
}

const TABLES: [Table; 6] =
    [Table::Sealed, Table::Persons, Table::Files, Table::Drafts, Table::Accounts, Table::Logins];

/// How far a renewal has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renewed {
    /// Rows encrypted anew.
    pub rows: u64,
}

/// How many cells are under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUse {
    /// The number of the key.
    pub key: u16,
    /// Whether the key is there.
    pub is_there: bool,
    /// Cells encrypted under it.
    pub cells: u64,
}

/// Where a batch goes on: behind this row.
#[derive(Default)]
struct After {
    id: Vec<u8>,
    kind: String,
    name: String,
}

impl Store {
    /// What the keys say: nothing is read under wrong ones. A database without cells gets its
    /// first key.
    pub(crate) fn check_person_keys(&self) -> Result<(), StoreError> {
        let vault = &self.inner.vault;
        let Some(cell) = self.read(|connection| meta(connection, CHECK))? else {
            if self.inner.writing.is_none() {
                return Ok(());
            }
            vault.begin()?;
            self.renew_all_cells()?;
            return Ok(());
        };
        if self.inner.writing.is_none() {
            return Ok(());
        }
        match vault.open(Column::Check, &[], &cell) {
            Ok(_) => Ok(()),
            Err(StoreError::Damaged(_)) => Err(StoreError::OtherPersonKey),
            Err(error) => Err(error),
        }
    }

    /// Encrypts under the last key what is under another one. Does nothing when that was done;
    /// what a process is cut off in the middle of is begun again.
    ///
    /// # Errors
    /// When the database fails or a cell cannot be read.
    pub fn renew_person_keys(&self) -> Result<Option<Renewed>, StoreError> {
        let ring = self.inner.vault.refresh()?;
        let last = ring.last().map_or(0, |(number, _)| number);
        let cell = self.read(|connection| meta(connection, CHECK))?;
        let checked = cell.as_deref().and_then(split_number).map(|(number, _)| number);
        if checked == Some(last)
            || self.is_shared() && !ring::is_older(self.data(), last, KNOWN_TO_ALL)
        {
            return Ok(None);
        }
        self.renew_all_cells().map(Some)
    }

    fn renew_all_cells(&self) -> Result<Renewed, StoreError> {
        const GONE: &str = "DELETE FROM meta WHERE name = $1";
        const KEEP: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
                            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let ring = self.inner.vault.ring();
        let mut renewed = Renewed::default();
        for table in TABLES {
            let mut after = After::default();
            while let Some(behind) = self.renew_batch(table, after, &ring, &mut renewed)? {
                after = behind;
            }
        }
        // A mark, since a start that was cut off has encrypted all of it and not come this far.
        let compact = self.read(|connection| meta(connection, IN_CLEAR))?.is_some();
        if compact {
            // Until the pages are written anew the old text lies in those that were freed.
            self.inner.readers.source().writer()?.compact()?;
        }
        let mut change = Change::default();
        // Under the key that everything went over to, should there be a later one by now.
        let cell = Vault::seal_with(&ring, Column::Check, &[], CHECKED)?;
        change.add(KEEP, vec![CHECK.into(), cell]);
        if compact {
            change.add(GONE, vec![IN_CLEAR.into()]);
        }
        self.write(change)?;
        Ok(renewed)
    }

    /// One batch; gives where the next one begins.
    fn renew_batch(
        &self,
        table: Table,
        after: After,
        ring: &Ring,
        renewed: &mut Renewed,
    ) -> Result<Option<After>, StoreError> {
        let last = ring.last().map_or(0, |(number, _)| number);
        let mut change = Change::default();
        let found = self.batch(table, &after)?;
        let is_full = found.len() == BATCH;
        let behind = found.last().map(|row| row.key.clone());
        for row in &found {
            let Some((number, _)) = split_number(row.cells.first().unwrap_or(&Vec::new())) else {
                return Err(StoreError::Damaged("a cell without a key".to_owned()));
            };
            if number == last {
                continue;
            }
            renewed.rows += 1;
            self.renew_row(table, row, &mut change)?;
        }
        if !change.is_empty() {
            self.write(change)?;
        }
        Ok(behind.filter(|_| is_full).map(|(id, kind, name)| After { id, kind, name }))
    }

    fn batch(&self, table: Table, after: &After) -> Result<Vec<Found>, StoreError> {
        const SEALED: &str = "SELECT id, value FROM sealed WHERE id > $1 ORDER BY id LIMIT 500";
        const PERSONS: &str = "SELECT id, phone, name, id_number FROM persons WHERE id > $1 \
                               ORDER BY id LIMIT 500";
        const FILES: &str = "SELECT id, name FROM files WHERE id > $1 ORDER BY id LIMIT 500";
        const DRAFTS: &str = "SELECT draft, value, kind, name FROM draft_values \
                              WHERE (draft, kind, name) > ($1, $2, $3) \
                              ORDER BY draft, kind, name LIMIT 500";
        const ACCOUNTS: &str = "SELECT id, second_factor FROM accounts \
                                WHERE id > $1 AND second_factor IS NOT NULL \
                                ORDER BY id LIMIT 500";
        const LOGINS: &str = "SELECT id, subject FROM unified_logins WHERE id > $1 \
                              ORDER BY id LIMIT 500";
        let id = Value::Blob(after.id.clone());
        let cells = |row: &Row<'_>, columns: &[usize]| {
            columns.iter().map(|column| row.get(*column)).collect::<Result<Vec<Vec<u8>>, _>>()
        };
        let named = |row: &Row<'_>, columns: &[usize]| {
            Ok(Found {
                key: (row.get(0)?, String::new(), String::new()),
                cells: cells(row, columns)?,
            })
        };
        self.read(|connection| match table {
            Table::Sealed => query(connection, SEALED, &[id], |row| named(row, &[1])),
            Table::Persons => query(connection, PERSONS, &[id], |row| named(row, &[1, 2, 3])),
            Table::Files => query(connection, FILES, &[id], |row| named(row, &[1])),
            Table::Accounts => query(connection, ACCOUNTS, &[id], |row| named(row, &[1])),
            Table::Logins => query(connection, LOGINS, &[id], |row| named(row, &[1])),
            Table::Drafts => {
                let values = [id, after.kind.as_str().into(), after.name.as_str().into()];
                query(connection, DRAFTS, &values, |row| {
                    Ok(Found {
                        key: (row.get(0)?, row.get(2)?, row.get(3)?),
                        cells: cells(row, &[1])?,
                    })
                })
            }
        })
    }

    fn renew_row(&self, table: Table, row: &Found, change: &mut Change) -> Result<(), StoreError> {
        const SEALED: &str = "UPDATE sealed SET value = $3 WHERE id = $1 AND value = $2";
        const FILES: &str = "UPDATE files SET name = $3 WHERE id = $1 AND name = $2";
        const DRAFTS: &str = "UPDATE draft_values SET value = $5 \
                              WHERE draft = $1 AND kind = $2 AND name = $3 AND value = $4";
        const ACCOUNTS: &str = "UPDATE accounts SET second_factor = $3 \
                                WHERE id = $1 AND second_factor = $2";
        const LOGINS: &str = "UPDATE unified_logins SET subject = $3, subject_digest = $4 \
                              WHERE id = $1 AND subject = $2";
        let vault = &self.inner.vault;
        let (id, kind, name) = &row.key;
        let own: [u8; 16] = id.as_slice().try_into().map_err(|_| no_cell())?;
        let again = |column, place: &[u8], cell: &Vec<u8>| {
            vault.seal(column, place, &vault.open(column, place, cell)?)
        };
        let (id, old) = (Value::Blob(id.clone()), row.cells.first().ok_or_else(no_cell)?);
        let was = Value::Blob(old.clone());
        match table {
            Table::Sealed => {
                change.add(SEALED, vec![id, was, again(Column::Sealed, &own, old)?]);
            }
            Table::Files => {
                change.add(FILES, vec![id, was, again(Column::FileName, &own, old)?]);
            }
            Table::Accounts => {
                change.add(ACCOUNTS, vec![id, was, again(Column::SecondFactor, &own, old)?]);
            }
            Table::Logins => {
                let (ring, subject) = (vault.ring(), vault.open(Column::Login, &own, old)?);
                let cell = Vault::seal_with(&ring, Column::Login, &own, &subject)?;
                let digest = Vault::digest_with(&ring, Column::Login, &subject)?;
                change.add(LOGINS, vec![id, was, cell, digest]);
            }
            Table::Drafts => {
                let place = draft_row(&own, kind, name);
                let cell = again(Column::DraftValue, &place, old)?;
                let (kind, name) = (kind.as_str().into(), name.as_str().into());
                change.add(DRAFTS, vec![id, kind, name, was, cell]);
            }
            Table::Persons => {
                let [phone, name, id_number] = row.cells.as_slice() else { return Err(no_cell()) };
                let cells = PersonCells { id: own, name, phone, id_number };
                renewed(vault, change, &cells)?;
            }
        }
        Ok(())
    }

    /// How many cells are under which key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn person_keys(&self) -> Result<Vec<KeyUse>, StoreError> {
        const COUNTS: [&str; 6] = [
            "SELECT SUBSTR(subject, 1, 2) AS key, COUNT(*) AS cells FROM unified_logins GROUP BY SUBSTR(subject, 1, 2)",
            "SELECT SUBSTR(second_factor, 1, 2) AS key, COUNT(*) AS cells FROM accounts WHERE second_factor IS NOT NULL GROUP BY SUBSTR(second_factor, 1, 2)",
            "SELECT SUBSTR(value, 1, 2) AS key, COUNT(*) AS cells FROM sealed GROUP BY SUBSTR(value, 1, 2)",
            "SELECT SUBSTR(phone, 1, 2) AS key, COUNT(*) AS cells FROM persons GROUP BY SUBSTR(phone, 1, 2)",
            "SELECT SUBSTR(name, 1, 2) AS key, COUNT(*) AS cells FROM files GROUP BY SUBSTR(name, 1, 2)",
            "SELECT SUBSTR(value, 1, 2) AS key, COUNT(*) AS cells FROM draft_values GROUP BY SUBSTR(value, 1, 2)",
        ];
        let ring = self.inner.vault.refresh()?;
        let mut uses: BTreeMap<u16, u64> = ring.all().map(|(number, _)| (number, 0)).collect();
        self.read(|connection| {
            for count in COUNTS {
                let found = query(connection, count, &[], |row| {
                    Ok((row.get::<Vec<u8>>(0)?, row.get::<i64>(1)? as u64))
                })?;
                for (number, cells) in found {
                    let (number, _) = split_number(&number).ok_or_else(no_cell)?;
                    *uses.entry(number).or_default() += cells;
                }
            }
            Ok(())
        })?;
        let uses = uses.into_iter();
        Ok(uses
            .map(|(key, cells)| KeyUse { key, is_there: ring.get(key).is_some(), cells })
            .collect())
    }

    /// Takes a key away under which no cell is any more. Backups made before can then not be read
    /// by these keys.
    ///
    /// # Errors
    /// [`StoreError::PersonKeyInUse`] while there are such cells, or when it is the last key.
    pub fn forget_person_key(&self, number: u16) -> Result<(), StoreError> {
        let ring = self.inner.vault.ring();
        let uses = self.person_keys()?;
        let cell = self.read(|connection| meta(connection, CHECK))?;
        let checked = cell.as_deref().and_then(split_number).map(|(number, _)| number);
        let is_last = ring.last().is_some_and(|(last, _)| last == number);
        let cells = uses.iter().find(|it| it.key == number).map_or(0, |it| it.cells);
        if is_last || cells > 0 || checked == Some(number) {
            return Err(StoreError::PersonKeyInUse { number, cells });
        }
        ring::remove(self.inner.vault.data(), number)?;
        self.inner.vault.refresh().map(drop)
    }
}

/// A row with its cells.
struct Found {
    key: (Vec<u8>, String, String),
    cells: Vec<Vec<u8>>,
}

fn no_cell() -> StoreError {
    StoreError::Damaged("a row without its cells".to_owned())
}
