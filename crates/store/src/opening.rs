//! What a data directory must be before a node is opened on it. What it is not is said in a
//! sentence that tells what to do.

use std::{
    fs::{self, File, TryLockError},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use tongban_domain::{fact::Recorded, time::Instant};

use crate::{
    engine::{Connection, Value, execute, query},
    error::StoreError,
    node::meta,
};

/// Makes the directory when it is missing, takes it for this process alone, and refuses one of
/// another user. The lock holds as long as the file that is given back.
///
/// Processes that share a database also share the directory, with its files and its key.
pub(crate) fn take(data: &Path, shared: bool) -> Result<File, StoreError> {
    let read_only = |error: std::io::Error| {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        if [PermissionDenied, ReadOnlyFilesystem].contains(&error.kind()) {
            StoreError::ReadOnly(data.to_owned())
        } else {
            StoreError::File(error)
        }
    };
    fs::create_dir_all(data).map_err(read_only)?;
    let owner = fs::metadata(data)?.uid();
    let own = fs::metadata("/proc/self")?.uid();
    if owner != own {
        return Err(StoreError::AnotherOwner { folder: data.to_owned(), owner, own });
    }
    if !shared && data.join("files").exists() && !data.join("node.db").exists() {
        return Err(StoreError::HalfWritten(data.to_owned()));
    }
    let lock = File::create(data.join("lock")).map_err(read_only)?;
    match if shared { lock.try_lock_shared() } else { lock.try_lock() } {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(data.to_owned())),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// A key without a journal: the database is another one than it was, or was lost. A second journal
/// must not be signed with it.
pub(crate) fn check_whole(connection: &Connection, data: &Path) -> Result<(), StoreError> {
    if number(connection, "node")?.is_none() && data.join("journal.key").exists() {
        return Err(StoreError::HalfWritten(data.to_owned()));
    }
    Ok(())
}

/// A database without the settings of a node was never finished; one of another node is not ours.
pub(crate) fn check_node(connection: &Connection, node: u32) -> Result<(), StoreError> {
    const SAVE: &str = "INSERT INTO meta (name, value) VALUES ($1, $2)";
    match number(connection, "node")? {
        Some(found) if found == node => Ok(()),
        Some(found) => Err(StoreError::AnotherNode { found, configured: node }),
        None => {
            execute(connection, SAVE, &["node".into(), Value::Blob(node.to_be_bytes().to_vec())])?;
            Ok(())
        }
    }
}

/// The edge of the tree is a row from the beginning: whoever appends can hold it.
pub(crate) fn lay_frontier(connection: &Connection) -> Result<(), StoreError> {
    const LAY: &str =
        "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    let empty = Value::Blob(tongban_journal::Frontier::default().to_bytes());
    execute(connection, LAY, &["frontier".into(), empty])?;
    Ok(())
}

/// The epoch: 1, and one more for each time the node was restored from a backup.
pub(crate) fn epoch(connection: &Connection) -> Result<u32, StoreError> {
    const SAVE: &str = "INSERT INTO meta (name, value) VALUES ($1, $2)";
    match number(connection, "epoch")? {
        Some(epoch) => Ok(epoch),
        None => {
            execute(connection, SAVE, &["epoch".into(), Value::Blob(vec![0, 0, 0, 1])])?;
            Ok(1)
        }
    }
}

/// The moment of the last act in the journal.
pub(crate) fn latest_act(connection: &Connection) -> Result<Instant, StoreError> {
    const LAST: &str = "SELECT bytes FROM facts ORDER BY node DESC, position DESC LIMIT 1";
    let found = query(connection, LAST, &[], |row| row.get::<Vec<u8>>(0))?;
    let Some(bytes) = found.first() else { return Ok(Instant(0)) };
    // A damaged last fact is found by whoever folds it; it does not keep the node shut.
    Ok(Recorded::from_bytes(bytes).map_or(Instant(0), |recorded| recorded.envelope.recorded_at))
}

pub(crate) fn number(connection: &Connection, name: &str) -> Result<Option<u32>, StoreError> {
    let damaged = |_| StoreError::Damaged(name.to_owned());
    let bytes = meta(connection, name)?;
    bytes.map(|bytes| Ok(u32::from_be_bytes(bytes.try_into().map_err(damaged)?))).transpose()
}
