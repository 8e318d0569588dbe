//! What lies beside the journal: sealed values and uploaded files, against their digests.

use std::collections::{BTreeSet, HashMap};

use sm3::Digest as _;
use tongban_domain::{catalog::pack_digest, ids::FileId};

use super::{Difference, Stop};
use crate::{
    engine::{Connection, each, id_bytes, query},
    error::StoreError,
    node::Store,
    packs::files_of,
};

/// What the facts say about things that lie beside the journal.
#[derive(Default)]
pub(super) struct Noted {
    /// Digests of sealed values by their id.
    sealed: HashMap<[u8; 16], [u8; 32]>,
    /// Size and digest of uploaded files by their id.
    files: HashMap<[u8; 16], (u64, [u8; 32])>,
}

/// How canonical bytes begin a seal: two things, sixteen bytes.
const SEAL: [u8; 2] = [0x82, 0x50];
/// How they begin a file: three things, sixteen bytes.
const FILE: [u8; 2] = [0x83, 0x50];
/// How a digest begins: thirty-two bytes.
const DIGEST: [u8; 2] = [0x58, 0x20];

impl Noted {
    /// Takes in every seal and every file of a fact, known by the shape of their canonical bytes.
    pub(super) fn note(&mut self, bytes: &[u8]) {
        for at in 0..bytes.len().saturating_sub(18) {
            let Some((id, rest)) = bytes[at + 2..].split_first_chunk::<16>() else { break };
            let begins = &bytes[at..at + 2];
            if begins == SEAL {
                if let Some(digest) = digest(rest) {
                    self.sealed.insert(*id, digest);
                }
            } else if begins == FILE
                && let Some((size, rest)) = number(rest)
                && let Some(digest) = digest(rest)
            {
                self.files.insert(*id, (size, digest));
            }
        }
    }
}

fn digest(bytes: &[u8]) -> Option<[u8; 32]> {
    bytes.strip_prefix(&DIGEST)?.first_chunk().copied()
}

/// A canonical number that is not negative, and what comes after it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    let more = match first {
        0..=23 => return Some((u64::from(first), rest)),
        24..=27 => 1 << (first - 24),
        _ => return None,
    };
    let (own, rest) = rest.split_at_checked(more)?;
    Some((own.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), rest))
}

/// Every uploaded file that a fact names is described as the fact says.
pub(super) fn verify_references(connection: &Connection, noted: &Noted) -> Result<(), Stop> {
    const ALL: &str = "SELECT id, size, sm3 FROM files ORDER BY id";
    let differ = |id| Stop::from(Difference::File { id: FileId::from_bytes(id).to_string() });
    let mut missing: BTreeSet<[u8; 16]> = noted.files.keys().copied().collect();
    each(connection, ALL, &[], |row| {
        let (id, size, sm3) = (id_bytes(row, 0)?, row.get::<i64>(1)? as u64, row.get(2)?);
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
            let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            return Err(Stop::from(Difference::Pack { digest }));
        }
        checked += 1;
        Ok(())
    })?;
    Ok(checked)
}

/// Every stored value is the one that was sealed. Values that are gone were erased.
pub(super) fn verify(connection: &Connection, noted: &Noted) -> Result<u64, Stop> {
    const ALL: &str = "SELECT id, salt, value FROM sealed ORDER BY id";
    let mut checked = 0;
    each(connection, ALL, &[], |row| {
        let (id, salt) = (id_bytes(row, 0)?, row.get::<Vec<u8>>(1)?);
        let value: String = row.get(2)?;
        let own: [u8; 32] =
            sm3::Sm3::new().chain_update(salt).chain_update(value.as_bytes()).finalize().into();
        if noted.sealed.get(&id) != Some(&own) {
            let id = id.iter().map(|byte| format!("{byte:02x}")).collect();
            return Err(Stop::from(Difference::Sealed { id }));
        }
        checked += 1;
        Ok(())
    })?;
    Ok(checked)
}

impl Store {
    /// Every uploaded file is there and is what was uploaded.
    pub(super) fn verify_files(&self) -> Result<u64, Stop> {
        const ALL: &str = "SELECT id FROM files ORDER BY id";
        let ids = self.read(|connection| query(connection, ALL, &[], |row| id_bytes(row, 0)))?;
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
