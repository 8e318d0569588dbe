//! The keys with which a node signs its journal: a file in the data directory that only the node
//! may read. A certified module takes its place through `tongban_journal::Signer`.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use tongban_journal::NodeKeys;

use crate::error::StoreError;

/// Where the secret lies in the data directory.
const FILE: &str = "journal.key";

/// Reads the keys, or makes them.
pub(crate) fn node_keys(data: &Path) -> Result<NodeKeys, StoreError> {
    let path = data.join(FILE);
    match fs::read(&path) {
        Ok(bytes) => {
            if fs::metadata(&path)?.permissions().mode() & 0o077 != 0 {
                return Err(StoreError::KeyExposed(path));
            }
            let damaged = || StoreError::Damaged(format!("the key file {}", path.display()));
            let secret = bytes.as_slice().try_into().map_err(|_| damaged())?;
            NodeKeys::from_secret(secret).map_err(|_| damaged())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(data, &path),
        Err(error) => Err(error.into()),
    }
}

fn no_randomness(error: getrandom::Error) -> StoreError {
    StoreError::Damaged(format!("no randomness: {error}"))
}

fn make(data: &Path, path: &Path) -> Result<NodeKeys, StoreError> {
    loop {
        let mut secret = [0; NodeKeys::SECRET];
        getrandom::fill(&mut secret).map_err(no_randomness)?;
        // One draw in 2^32 or so is no key of SM2.
        let Ok(keys) = NodeKeys::from_secret(&secret) else { continue };
        let mut own = [0; 8];
        getrandom::fill(&mut own).map_err(no_randomness)?;
        let part = data.join(format!("journal.key.{:016x}.part", u64::from_be_bytes(own)));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(&secret)?;
        file.sync_all()?;
        // Unlike a renaming it does not replace what another process made meanwhile.
        let made = fs::hard_link(&part, path);
        fs::remove_file(&part)?;
        File::open(data)?.sync_all()?;
        match made {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return node_keys(data);
            }
            Err(error) => return Err(error.into()),
        }
        return Ok(keys);
    }
}
