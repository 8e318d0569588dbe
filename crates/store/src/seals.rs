//! Electronic seals (电子印章): who signs a document. A file with one key for each seal is what a
//! node begins with; a UKey or the seal service of a province takes its place through
//! [`SealService`].

use std::path::{Path, PathBuf};

use tongban_domain::ids::DepartmentId;
use tongban_journal::{PublicKey, SigningFailed, seal_signer};

use crate::{error::StoreError, keys};

/// Whose seal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealHolder {
    /// A department.
    Department(DepartmentId),
    /// The integrated window of a region.
    Window(u32),
}

/// A signature with the key that it is checked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// The public SM2 key (0x04 ‖ x ‖ y).
    pub key: [u8; 65],
    /// SM2 with SM3 over the bytes (r ‖ s).
    pub signature: [u8; 64],
}

/// Whether a file carries this signature of a seal.
#[must_use]
pub fn seal_fits(key: &[u8; 65], file: &[u8], signature: &[u8; 64]) -> bool {
    PublicKey::Sm2(*key).verifies(file, signature)
}

/// Holds seals and signs with them.
pub trait SealService: Send + Sync {
    /// Signs the exact bytes of a file.
    ///
    /// # Errors
    /// When the seal is not to be had.
    fn seal(&self, holder: SealHolder, file: &[u8]) -> Result<Seal, StoreError>;
}

/// Seals as files in the data directory, one key each, made when it is first used. They are in no
/// backup: a node that lost them goes on with others, and what was sealed stays checkable.
pub(crate) struct SealsInFiles {
    data: PathBuf,
}

impl SealsInFiles {
    pub(crate) fn of(data: &Path) -> Self {
        Self { data: data.to_owned() }
    }
}

impl SealService for SealsInFiles {
    fn seal(&self, holder: SealHolder, file: &[u8]) -> Result<Seal, StoreError> {
        let folder = self.data.join("seals");
        std::fs::create_dir_all(&folder)?;
        let name = match holder {
            SealHolder::Department(id) => format!("{id}.key"),
            SealHolder::Window(region) => format!("window-{region:06}.key"),
        };
        let failed = |error: SigningFailed| StoreError::Damaged(error.to_string());
        let signer = keys::read_or_make(&folder, &name, |secret: &[u8; 32]| seal_signer(secret))?;
        let PublicKey::Sm2(key) = signer.public() else {
            return Err(failed(SigningFailed("a seal signs with SM2".to_owned())));
        };
        Ok(Seal { key, signature: signer.sign(file).map_err(failed)? })
    }
}
