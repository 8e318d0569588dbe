//! What lies beside the journal: sealed values and uploaded files, against their digests.

use std::collections::HashMap;

use sm3::Digest as _;

use super::{Difference, Stop};
use crate::{
    engine::{Connection, each, id_bytes, query},
    error::StoreError,
    node::Store,
};

/// Digests of sealed values by their id, as the facts carry them.
#[derive(Default)]
pub(super) struct Digests(HashMap<[u8; 16], [u8; 32]>);

/// How canonical bytes begin a seal: two things, sixteen bytes.
const SEAL: [u8; 2] = [0x82, 0x50];
/// How they go on: thirty-two bytes.
const DIGEST: [u8; 2] = [0x58, 0x20];
/// Length of a seal in canonical bytes.
const LENGTH: usize = 2 + 16 + 2 + 32;

impl Digests {
    /// Takes in every seal of a fact. Whatever else happens to look like one names an id that no
    /// stored value has.
    pub(super) fn note(&mut self, bytes: &[u8]) {
        for part in bytes.windows(LENGTH).filter(|part| part.starts_with(&SEAL)) {
            let (Some((id, rest)), true) =
                (part[2..].split_first_chunk::<16>(), part[18..].starts_with(&DIGEST))
            else {
                continue;
            };
            if let Some(digest) = rest[2..].first_chunk::<32>() {
                self.0.insert(*id, *digest);
            }
        }
    }
}

/// Every stored value is the one that was sealed. Values that are gone were erased.
pub(super) fn verify(connection: &Connection, digests: &Digests) -> Result<u64, Stop> {
    const ALL: &str = "SELECT id, salt, value FROM sealed ORDER BY id";
    let mut checked = 0;
    each(connection, ALL, &[], |row| {
        let (id, salt) = (id_bytes(row, 0)?, row.get::<Vec<u8>>(1)?);
        let value: String = row.get(2)?;
        let own: [u8; 32] =
            sm3::Sm3::new().chain_update(salt).chain_update(value.as_bytes()).finalize().into();
        if digests.0.get(&id) != Some(&own) {
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
            let id = tongban_domain::ids::FileId::from_bytes(*id);
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
