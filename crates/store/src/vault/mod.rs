//! The vault: personal data, opinions and notes, encrypted in the database cell by cell.
//!
//! A cell is the number of its key (two bytes), a nonce (twelve), the text under SM4-GCM and its
//! tag (sixteen). Column and row are authenticated with it, so a cell cannot be put in the place
//! of another. Number 0 marks a cell in clear, as an older program wrote it; such cells are
//! encrypted when the node is opened.

mod columns;
mod renewal;
mod ring;
mod secret;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

pub(crate) use columns::{Column, draft_row};
pub use renewal::{KeyUse, Renewed};
pub use ring::add_person_key;
pub(crate) use ring::{Ring, copy_keys};
use secret::NONCE;

use crate::{engine::Value, error::StoreError};

/// The keys of a node, and what is done with them.
pub(crate) struct Vault {
    /// Where the folder of the keys lies.
    data: PathBuf,
    ring: RwLock<Arc<Ring>>,
}

impl Vault {
    /// With the keys that lie beside a node; none when there are none.
    pub(crate) fn beside(data: &Path) -> Result<Self, StoreError> {
        let ring = RwLock::new(Arc::new(Ring::read(data)?));
        Ok(Self { data: data.to_owned(), ring })
    }

    /// The folder in which the keys lie.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    pub(crate) fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks for keys that were added since.
    pub(crate) fn refresh(&self) -> Result<Arc<Ring>, StoreError> {
        let ring = Arc::new(Ring::read(&self.data)?);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&ring);
        Ok(ring)
    }

    /// Draws a first key when there is none.
    pub(crate) fn begin(&self) -> Result<(), StoreError> {
        if self.ring().last().is_none() {
            Ring::default().add(&self.data)?;
            self.refresh()?;
        }
        Ok(())
    }

    /// A cell for a column of a row.
    pub(crate) fn seal(&self, column: Column, row: &[u8], text: &str) -> Result<Value, StoreError> {
        Self::seal_with(&self.ring(), column, row, text)
    }

    /// The same under the last key of a ring that was looked at before: of a row with several
    /// cells all are under one key.
    pub(crate) fn seal_with(
        ring: &Ring,
        column: Column,
        row: &[u8],
        text: &str,
    ) -> Result<Value, StoreError> {
        let (number, secret) = ring.last().ok_or(StoreError::PersonKeyMissing(1))?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)
            .map_err(|error| StoreError::Damaged(format!("no randomness: {error}")))?;
        let sealed = secret
            .seal(nonce, &column.place(row), text.as_bytes())
            .ok_or_else(|| StoreError::Damaged("a text is too long to be encrypted".to_owned()))?;
        let mut cell = number.to_be_bytes().to_vec();
        cell.extend(nonce);
        cell.extend(sealed);
        Ok(Value::Blob(cell))
    }

    /// What a cell of a column of a row says.
    pub(crate) fn open(
        &self,
        column: Column,
        row: &[u8],
        cell: &[u8],
    ) -> Result<String, StoreError> {
        let damaged = || StoreError::Damaged(format!("a cell of {}", column.name()));
        let (number, rest) = split_number(cell).ok_or_else(damaged)?;
        if number == 0 {
            return String::from_utf8(rest.to_vec()).map_err(|_| damaged());
        }
        let mut ring = self.ring();
        if ring.get(number).is_none() {
            // Another process may have gone over to a new one.
            ring = self.refresh()?;
        }
        let secret = ring.get(number).ok_or(StoreError::PersonKeyMissing(number))?;
        let (nonce, sealed) = rest.split_first_chunk().ok_or_else(damaged)?;
        let text = secret.open(*nonce, &column.place(row), sealed).ok_or_else(damaged)?;
        String::from_utf8(text).map_err(|_| damaged())
    }

    /// By what an equal text is found in a column of digests.
    pub(crate) fn digest_with(
        ring: &Ring,
        column: Column,
        text: &str,
    ) -> Result<Value, StoreError> {
        let (_, secret) = ring.last().ok_or(StoreError::PersonKeyMissing(1))?;
        Ok(match text {
            "" => Value::Null,
            text => Value::Blob(secret.digest(column.name(), text).to_vec()),
        })
    }

    /// The same under every key, for looking it up.
    pub(crate) fn digests(&self, column: Column, text: &str) -> Vec<Value> {
        let ring = self.ring();
        let digest = |secret: &secret::Secret| secret.digest(column.name(), text).to_vec();
        ring.all().map(|(_, secret)| Value::Blob(digest(secret))).collect()
    }
}

/// The number of the key of a cell, and what is behind it.
pub(crate) fn split_number(cell: &[u8]) -> Option<(u16, &[u8])> {
    let (number, rest) = cell.split_first_chunk()?;
    Some((u16::from_be_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(data: &Path) -> Vault {
        let vault = Vault::beside(data).unwrap();
        vault.begin().unwrap();
        vault
    }

    fn cell(value: Value) -> Vec<u8> {
        let Value::Blob(bytes) = value else { panic!("a cell is bytes") };
        bytes
    }

    #[test]
    fn a_cell_is_read_in_its_place_and_nowhere_else() {
        let data = tempfile::tempdir().unwrap();
        let vault = vault(data.path());
        let sealed = cell(vault.seal(Column::Phone, &[1; 16], "13800001234").unwrap());
        assert!(!sealed.windows(4).any(|it| it == b"1380"));
        assert_eq!(vault.open(Column::Phone, &[1; 16], &sealed).unwrap(), "13800001234");
        assert!(vault.open(Column::Phone, &[2; 16], &sealed).is_err());
        assert!(vault.open(Column::IdNumber, &[1; 16], &sealed).is_err());
        for place in 2..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(vault.open(Column::Phone, &[1; 16], &changed).is_err(), "byte {place}");
        }
    }

    #[test]
    fn a_new_key_closes_and_the_old_one_still_opens() {
        let data = tempfile::tempdir().unwrap();
        let vault = vault(data.path());
        let old = cell(vault.seal(Column::Sealed, &[1; 16], "同意").unwrap());
        assert_eq!(add_person_key(data.path()).unwrap(), 2);
        vault.refresh().unwrap();
        let new = cell(vault.seal(Column::Sealed, &[1; 16], "同意").unwrap());
        assert_eq!((split_number(&old).unwrap().0, split_number(&new).unwrap().0), (1, 2));
        for cell in [&old, &new] {
            assert_eq!(vault.open(Column::Sealed, &[1; 16], cell).unwrap(), "同意");
        }
        assert_eq!(vault.digests(Column::Phone, "1").len(), 2);
    }

    #[test]
    fn a_key_that_is_not_there_is_named() {
        let (data, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let sealed = cell(vault(data.path()).seal(Column::Name, &[1; 16], "王").unwrap());
        let other = Vault::beside(elsewhere.path()).unwrap();
        let refused = other.open(Column::Name, &[1; 16], &sealed);
        assert!(matches!(refused, Err(StoreError::PersonKeyMissing(1))));
    }
}
