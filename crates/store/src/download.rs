//! Passes for downloads (下载凭证): whoever may see a file gets one, and with it the content for a few
//! minutes, on a path that knows no session.

use sm3::{Digest as _, Sm3};
use tongban_domain::ids::FileId;

use crate::{
    engine::Value,
    error::StoreError,
    files::StoredFile,
    hex::hex,
    node::Store,
    vault::{Column, Vault},
};

/// How long a pass opens: ten minutes, in microseconds. A large file may be fetched in parts.
const OPEN: i64 = 10 * 60_000_000;

impl Store {
    /// A pass for a file, as it stands in an address.
    ///
    /// # Errors
    /// When the keys beside the node are gone.
    pub fn download_pass(&self, file: FileId) -> Result<String, StoreError> {
        let what = format!("{file}.{}", self.now().0 + OPEN);
        match Vault::digest_with(&self.inner.vault.ring(), Column::Download, &what)? {
            Value::Blob(seal) => Ok(format!("{what}.{}", hex(&seal))),
            Value::Null | Value::Int(_) | Value::Text(_) => Err(StoreError::PersonKeyMissing(1)),
        }
    }

    /// The file that a pass opens now; none for one that was made up, changed, or is too old.
    ///
    /// # Errors
    /// When the database fails.
    pub fn file_of_pass(&self, pass: &str) -> Result<Option<StoredFile>, StoreError> {
        let Some((what, seal)) = pass.rsplit_once('.') else { return Ok(None) };
        // Digests of both are compared, so that time tells nothing about the seal.
        let given = Sm3::digest(seal);
        let fits = |own: &Value| match own {
            Value::Blob(own) => Sm3::digest(hex(own)) == given,
            Value::Null | Value::Int(_) | Value::Text(_) => false,
        };
        if !self.inner.vault.digests(Column::Download, what).iter().any(fits) {
            return Ok(None);
        }
        let Some((file, until)) = what.split_once('.') else { return Ok(None) };
        let is_open = until.parse().is_ok_and(|until: i64| self.now().0 < until);
        match file.parse() {
            Ok(file) if is_open => self.file(file),
            Ok(_) | Err(_) => Ok(None),
        }
    }
}
