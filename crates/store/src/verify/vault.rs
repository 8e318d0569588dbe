//! What lies beside the journal: sealed values and uploaded files, against their digests.

use std::collections::{BTreeSet, HashMap};

use minicbor::{Decoder, data::Type};
use sm3::Digest as _;
use tongban_domain::{catalog::pack_digest, ids::FileId};

use super::{Difference, Stop};
use crate::{
    engine::{Connection, Value, each, query},
    error::StoreError,
    hex::hex,
    node::Store,
    packs::files_of,
    vault::{Column, Vault, draft_row},
};

/// What the facts say about things that lie beside the journal.
#[derive(Default)]
pub(super) struct Noted {
    /// Digests of sealed values by their id.
    sealed: HashMap<[u8; 16], [u8; 32]>,
    /// Size and digest of uploaded files by their id.
    files: HashMap<[u8; 16], (u64, [u8; 32])>,
}

impl Noted {
    /// Takes in every seal and every file of a fact: two things, an id and a digest; three, an id,
    /// a size and a digest. Nothing else in facts is made so.
    pub(super) fn note(&mut self, bytes: &[u8]) {
        // Whether the bytes are a fact is checked elsewhere.
        let _ = self.walk(&mut Decoder::new(bytes), bytes.len());
    }

    fn walk(
        &mut self,
        decoder: &mut Decoder<'_>,
        end: usize,
    ) -> Result<(), minicbor::decode::Error> {
        while decoder.position() < end {
            let kind = decoder.datatype()?;
            if kind == Type::Array {
                let things = decoder.array()?;
                let _ = self.note_here(&mut decoder.clone(), things);
            } else if kind == Type::Map {
                decoder.map()?;
            } else {
                decoder.skip()?;
            }
        }
        Ok(())
    }

    fn note_here(&mut self, at: &mut Decoder<'_>, things: Option<u64>) -> Option<()> {
        let size = match things? {
            2 => None,
            3 => Some(()),
            _ => return None,
        };
        let id = at.bytes().ok()?.try_into().ok()?;
        let size = size.map(|()| at.u64()).transpose().ok()?;
        let digest = at.bytes().ok()?.try_into().ok()?;
        match size {
            None => drop(self.sealed.insert(id, digest)),
            Some(size) => drop(self.files.insert(id, (size, digest))),
        }
        Some(())
    }
}

/// Every uploaded file that a fact names is described as the fact says.
pub(super) fn verify_references(connection: &Connection, noted: &Noted) -> Result<(), Stop> {
    const ALL: &str = "SELECT id, size, sm3 FROM files ORDER BY id";
    let differ = |id| Stop::from(Difference::File { id: FileId::from_bytes(id).to_string() });
    let mut missing: BTreeSet<[u8; 16]> = noted.files.keys().copied().collect();
    each(connection, ALL, &[], |row| {
        let (id, size, sm3) = (row.get(0)?, row.get::<i64>(1)? as u64, row.get(2)?);
        missing.remove(&id);
        match noted.files.get(&id) {
            Some(said) if *said != (size, sm3) => Err(differ(id)),
            Some(_) | None => Ok(()),
        }
    })?;
    missing.pop_first().map_or(Ok(()), |id| Err(differ(id)))
}

/// Every catalogue pack is the one whose digest names it.
pub(super) fn verify_packs(connection: &Connection) -> Result<u64, Stop> {
    const ALL: &str = "SELECT digest, files FROM packs ORDER BY digest";
    let mut checked = 0;
    each(connection, ALL, &[], |row| {
        let (digest, stored): ([u8; 32], Vec<u8>) = (row.get(0)?, row.get(1)?);
        let files = files_of(&stored).unwrap_or_default();
        if pack_digest(&files) != digest {
            return Err(Stop::from(Difference::Pack { digest: hex(&digest) }));
        }
        checked += 1;
        Ok(())
    })?;
    Ok(checked)
}

/// What was found of the cells of the vault.
#[derive(Default)]
pub(super) struct Cells {
    /// Sealed values that are the ones that were sealed.
    pub(super) sealed: u64,
    /// Rows that could not be read, because their key is not here.
    pub(super) unread: u64,
}

/// Every stored value is the one that was sealed, and every other cell is one of its place. Values
/// that are gone were erased. Without a key its cells are only counted.
pub(super) fn verify(connection: &Connection, vault: &Vault, noted: &Noted) -> Result<Cells, Stop> {
    const ALL: &str = "SELECT id, salt, value FROM sealed ORDER BY id";
    let mut found = Cells::default();
    each(connection, ALL, &[], |row| {
        let (id, salt) = (row.get::<[u8; 16]>(0)?, row.get::<Vec<u8>>(1)?);
        let cell: Vec<u8> = row.get(2)?;
        let value = match vault.open(Column::Sealed, &id, &cell) {
            Ok(value) => value,
            Err(StoreError::PersonKeyMissing(_)) => {
                found.unread += 1;
                return Ok(());
            }
            Err(StoreError::Damaged(_)) => return Err(Difference::Sealed { id: hex(&id) }.into()),
            Err(error) => return Err(error.into()),
        };
        let own: [u8; 32] =
            sm3::Sm3::new().chain_update(salt).chain_update(value.as_bytes()).finalize().into();
        if noted.sealed.get(&id) != Some(&own) {
            return Err(Difference::Sealed { id: hex(&id) }.into());
        }
        found.sealed += 1;
        Ok::<(), Stop>(())
    })?;
    verify_persons(connection, vault, &mut found)?;
    verify_names(connection, vault, &mut found)?;
    verify_logins(connection, vault, &mut found)?;
    Ok(found)
}

fn verify_persons(connection: &Connection, vault: &Vault, found: &mut Cells) -> Result<(), Stop> {
    const ALL: &str = "SELECT id, name, phone, id_number, phone_digest, id_digest \
                       FROM persons ORDER BY id";
    each(connection, ALL, &[], |row| {
        let id: [u8; 16] = row.get(0)?;
        verify_cell(vault, Column::Name, &id, &row.get::<Vec<u8>>(1)?, found)?;
        for (column, place, digest) in [(Column::Phone, 2, 4), (Column::IdNumber, 3, 5)] {
            let text = verify_cell(vault, column, &id, &row.get::<Vec<u8>>(place)?, found)?;
            verify_digest(vault, column, (&id, text), row.get(digest)?)?;
        }
        Ok(())
    })
}

fn verify_names(connection: &Connection, vault: &Vault, found: &mut Cells) -> Result<(), Stop> {
    const FILES: &str = "SELECT id, name FROM files ORDER BY id";
    const DRAFTS: &str = "SELECT draft, kind, name, value FROM draft_values \
                          ORDER BY draft, kind, name";
    each(connection, FILES, &[], |row| {
        verify_cell(
            vault,
            Column::FileName,
            &row.get::<[u8; 16]>(0)?,
            &row.get::<Vec<u8>>(1)?,
            found,
        )
        .map(drop)
    })?;
    each(connection, DRAFTS, &[], |row| {
        let (kind, name): (String, String) = (row.get(1)?, row.get(2)?);
        let place = draft_row(&row.get(0)?, &kind, &name);
        verify_cell(vault, Column::DraftValue, &place, &row.get::<Vec<u8>>(3)?, found).map(drop)
    })
}

fn verify_logins(connection: &Connection, vault: &Vault, found: &mut Cells) -> Result<(), Stop> {
    const LOGINS: &str = "SELECT id, subject, subject_digest FROM unified_logins ORDER BY id";
    const ALL: &str = "SELECT id, second_factor FROM accounts \
                       WHERE second_factor IS NOT NULL ORDER BY id";
    each(connection, ALL, &[], |row| {
        let (id, cell): ([u8; 16], Vec<u8>) = (row.get(0)?, row.get(1)?);
        verify_cell(vault, Column::SecondFactor, &id, &cell, found).map(drop)
    })?;
    each(connection, LOGINS, &[], |row| {
        let (id, cell): ([u8; 16], Vec<u8>) = (row.get(0)?, row.get(1)?);
        let text = verify_cell(vault, Column::Login, &id, &cell, found)?;
        verify_digest(vault, Column::Login, (&id, text), row.get(2)?)
    })
}

/// What a cell is found by belongs to what is in it: another one would find somebody else, or
/// nobody.
fn verify_digest(
    vault: &Vault,
    column: Column,
    (row, text): (&[u8], Option<String>),
    digest: Option<Vec<u8>>,
) -> Result<(), Stop> {
    let Some(text) = text else { return Ok(()) };
    let belongs = match digest {
        None => text.is_empty(),
        Some(digest) => vault.digests(column, &text).contains(&Value::Blob(digest)),
    };
    if belongs {
        return Ok(());
    }
    Err(Difference::Cell { column: column.name(), row: hex(row) }.into())
}

/// The text of a cell; none where its key is not at hand.
fn verify_cell(
    vault: &Vault,
    column: Column,
    row: &[u8],
    cell: &[u8],
    found: &mut Cells,
) -> Result<Option<String>, Stop> {
    match vault.open(column, row, cell) {
        Ok(text) => Ok(Some(text)),
        Err(StoreError::PersonKeyMissing(_)) => {
            found.unread += 1;
            Ok(None)
        }
        Err(StoreError::Damaged(_)) => {
            Err(Difference::Cell { column: column.name(), row: hex(row) }.into())
        }
        Err(error) => Err(error.into()),
    }
}

impl Store {
    /// Every uploaded file is there and is what was uploaded.
    pub(super) fn verify_files(&self) -> Result<u64, Stop> {
        const ALL: &str = "SELECT id FROM files ORDER BY id";
        let ids = self.read(|connection| query(connection, ALL, &[], |row| row.get(0)))?;
        for id in &ids {
            let id = FileId::from_bytes(*id);
            let Some(file) = self.file(id)? else { continue };
            match self.content(&file) {
                Ok(_) => {}
                Err(StoreError::Damaged(_) | StoreError::File(_)) => {
                    return Err(Difference::File { id: id.to_string() }.into());
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(ids.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_a_text_is_no_file_and_no_seal() {
        let mut file = vec![0x83, 0x50];
        file.extend([7; 16]);
        file.extend([0x0a, 0x58, 0x20]);
        file.extend([b'x'; 32]);
        let mut seal = vec![0x82, 0x50];
        seal.extend([9; 16]);
        seal.extend([0x58, 0x20]);
        seal.extend([b'y'; 32]);
        let (mut open, mut hidden) = (Noted::default(), Noted::default());
        for inner in [&file, &seal] {
            let mut whole = vec![0x81];
            whole.extend(inner);
            open.note(&whole);
            // The same as the bytes of something else.
            let mut whole = vec![0x81, 0x58, inner.len() as u8];
            whole.extend(inner);
            hidden.note(&whole);
        }
        assert_eq!(open.files.get(&[7; 16]), Some(&(10, [b'x'; 32])));
        assert_eq!(open.sealed.get(&[9; 16]), Some(&[b'y'; 32]));
        assert!(hidden.files.is_empty() && hidden.sealed.is_empty());
    }
}
