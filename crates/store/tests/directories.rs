//! A data directory that a node cannot be opened on is refused with a sentence that says what to
//! do, and is left as it was.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown},
    path::Path,
    sync::Arc,
};

use support::{database, open_file};
use tongban_store::{NodeOptions, Store, StoreError, VirtualClock};

fn refused(folder: &Path, node: u32) -> StoreError {
    let clock = Arc::new(VirtualClock::at(tongban_domain::time::Instant(0)));
    let options = NodeOptions::new(folder, node, clock);
    Store::open(options).err().unwrap()
}

#[test]
fn a_directory_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    open_file(folder.path()).0.close();
    database(folder.path()).execute_batch("PRAGMA user_version = 99").unwrap();
    let clock = Arc::new(VirtualClock::at(tongban_domain::time::Instant(0)));
    let options = NodeOptions::new(folder.path(), 1, clock);
    let refused = Store::open(options).err().unwrap();
    assert!(matches!(refused, StoreError::Newer { found: 99, known: 15 }), "{refused}");
}

#[test]
fn the_directory_of_another_node_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    open_file(folder.path()).0.close();
    let error = refused(folder.path(), 320_100);
    assert!(matches!(error, StoreError::AnotherNode { found: 1, configured: 320_100 }), "{error}");
    assert!(error.to_string().contains("correct one of them"));
}

#[test]
fn two_processes_do_not_write_one_directory() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open_file(folder.path());
    assert!(matches!(refused(folder.path(), 1), StoreError::InUse(_)));
    store.close();
}

#[test]
fn a_directory_that_lost_its_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    open_file(folder.path()).0.close();
    fs::remove_file(folder.path().join("node.db")).unwrap();
    assert!(matches!(refused(folder.path(), 1), StoreError::HalfWritten(_)));
    assert!(!folder.path().join("node.db").exists(), "nothing was begun anew");
}

#[test]
fn a_database_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    open_file(folder.path()).0.close();
    fs::write(folder.path().join("node.db"), vec![7; 4096]).unwrap();
    let error = refused(folder.path(), 1);
    assert!(matches!(error, StoreError::Database(_)), "{error}");
}

#[test]
fn the_directory_of_another_user_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    open_file(folder.path()).0.close();
    if chown(folder.path(), Some(12_345), None).is_err() {
        eprintln!("skipped: only root can give a folder away");
        return;
    }
    let error = refused(folder.path(), 1);
    assert!(matches!(error, StoreError::AnotherOwner { owner: 12_345, .. }), "{error}");
    chown(folder.path(), Some(fs::metadata("/proc/self").map(owner).unwrap()), None).unwrap();
}

fn owner(of: fs::Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::uid(&of)
}

#[test]
fn a_key_that_others_can_read_or_that_is_another_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    open_file(folder.path()).0.close();
    let key = folder.path().join("journal.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(refused(folder.path(), 1), StoreError::KeyExposed(_)));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&key, [5; 64]).unwrap();
    assert!(matches!(refused(folder.path(), 1), StoreError::OtherKeys));
    fs::write(&key, [5; 63]).unwrap();
    assert!(matches!(refused(folder.path(), 1), StoreError::Damaged(_)));
}
