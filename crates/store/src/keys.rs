//! Secret keys as files that only the node may read: with which it signs its journal, and those of
//! seals. A certified module takes their place through `tongban_journal::Signer`.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use tongban_journal::{NodeKeys, SigningFailed};

use crate::error::StoreError;

/// Reads the keys of the journal, or makes them.
pub(crate) fn node_keys(data: &Path) -> Result<NodeKeys, StoreError> {
    read_or_make(data, "journal.key", NodeKeys::from_secret)
}

/// Reads a key from its file in a folder, or draws one and writes it.
pub(crate) fn read_or_make<K, const N: usize>(
    folder: &Path,
    name: &str,
    key: impl Fn(&[u8; N]) -> Result<K, SigningFailed>,
) -> Result<K, StoreError> {
    let path = folder.join(name);
    loop {
        match fs::read(&path) {
            Ok(bytes) => {
                if fs::metadata(&path)?.permissions().mode() & 0o077 != 0 {
                    return Err(StoreError::KeyExposed(path));
                }
                let damaged = || StoreError::Damaged(format!("the key file {}", path.display()));
                let secret = bytes.as_slice().try_into().map_err(|_| damaged())?;
                return key(secret).map_err(|_| damaged());
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        let mut secret = [0; N];
        getrandom::fill(&mut secret).map_err(no_randomness)?;
        // One draw in 2^32 or so is no key of SM2.
        let Ok(made) = key(&secret) else { continue };
        if put(folder, name, &secret)? {
            return Ok(made);
        }
        // Another process made one meanwhile: that one counts.
    }
}

fn no_randomness(error: getrandom::Error) -> StoreError {
    StoreError::Damaged(format!("no randomness: {error}"))
}

/// Writes a key where none is; says whether it did.
pub(crate) fn put(folder: &Path, name: &str, secret: &[u8]) -> Result<bool, StoreError> {
    let mut own = [0; 8];
    getrandom::fill(&mut own).map_err(no_randomness)?;
    let part = folder.join(format!("{name}.{:016x}.part", u64::from_be_bytes(own)));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    file.write_all(secret)?;
    file.sync_all()?;
    // Unlike a renaming it does not replace what another process made meanwhile.
    let made = fs::hard_link(&part, folder.join(name));
    fs::remove_file(&part)?;
    File::open(folder)?.sync_all()?;
    match made {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.into()),
    }
}
