//! Backups of a running node, and what a node does that wakes up as one.
//!
//! A backup is older than the node was in the end: numbers were given and checkpoints signed after
//! it that the backup does not know. So a restored node raises its epoch, which is in every fact
//! and every checkpoint, and leaves room in every series of numbers that may have gone on.

use std::{
    fs::{self, File},
    path::Path,
};

use rusqlite::{Connection, OpenFlags};
use tongban_domain::{
    acts::NumberKind,
    time::{Day, Instant},
};

use crate::{
    engine::{Value, execute, query},
    error::StoreError,
    node::{Store, meta},
    opening::number,
    supply::counter_key,
};

/// The setting that says a database is a backup, and of when: microseconds since 1970.
const MARK: &str = "backup";

/// The setting that says when this node was last restored, and from a backup of when.
const RESTORED: &str = "restored";

/// Every series of numbers, and how many a period has room for.
const SERIES: [(NumberKind, u32); 4] = [
    (NumberKind::Case, 1_000_000),
    (NumberKind::Project, 1_000_000),
    (NumberKind::Document, 1_000),
    (NumberKind::ConstructionPermit, 100),
];

impl Store {
    /// Writes a backup into a folder that does not exist yet: the database as of one moment and
    /// every file that it names. The node goes on working. The key of the journal is not in it.
    ///
    /// # Errors
    /// When the folder exists, or something cannot be read or written.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        if to.exists() {
            return Err(StoreError::Exists(to.to_owned()));
        }
        let part = to.with_extension("part");
        if part.exists() {
            fs::remove_dir_all(&part)?;
        }
        fs::create_dir_all(&part)?;
        let taken_at = self.now();
        snapshot(&self.data().join("node.db"), &part.join("node.db"), taken_at)?;
        // After the database: whatever it names was there before it.
        copy_folder(&self.data().join("files"), &part.join("files"))?;
        File::open(&part)?.sync_all()?;
        fs::rename(&part, to)?;
        let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(parent.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(())
    }

    /// When this node was last restored, and from a backup of when.
    ///
    /// # Errors
    /// When the database fails.
    pub fn restored(&self) -> Result<Option<(Instant, Instant)>, StoreError> {
        let Some(text) = self.setting(RESTORED)? else { return Ok(None) };
        let both = text
            .split_once(' ')
            .and_then(|(at, of)| Some((Instant(at.parse().ok()?), Instant(of.parse().ok()?))));
        both.map(Some).ok_or_else(|| StoreError::Damaged(RESTORED.to_owned()))
    }
}

/// Puts a backup in the place of a data directory that does not exist, or is empty.
///
/// # Errors
/// When there is no backup, or something in the way.
pub fn restore(from: &Path, data: &Path) -> Result<(), StoreError> {
    if !from.join("node.db").exists() {
        return Err(StoreError::NoNode(from.to_owned()));
    }
    if data.exists() && fs::read_dir(data)?.next().is_some() {
        return Err(StoreError::Exists(data.to_owned()));
    }
    let part = data.with_extension("part");
    if part.exists() {
        fs::remove_dir_all(&part)?;
    }
    copy_folder(from, &part)?;
    if data.exists() {
        fs::remove_dir(data)?;
    }
    fs::rename(&part, data)?;
    Ok(())
}

/// The database as of one moment, marked as a backup.
fn snapshot(database: &Path, to: &Path, taken_at: Instant) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    let copy = Connection::open(to)?;
    copy.execute_batch("PRAGMA synchronous = FULL")?;
    keep(&copy, MARK, taken_at.0.to_string())?;
    drop(copy);
    Ok(File::open(to)?.sync_all()?)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else if entry.path().extension().is_none_or(|end| end != "part") {
            fs::copy(entry.path(), &target)?;
            File::open(&target)?.sync_all()?;
        }
    }
    Ok(File::open(to)?.sync_all()?)
}

/// A database that was a backup becomes a node again, in the next epoch.
pub(crate) fn wake(connection: &Connection, now: Instant) -> Result<(), StoreError> {
    const GONE: &str = "DELETE FROM meta WHERE name = $1";
    let Some(mark) = meta(connection, MARK)? else { return Ok(()) };
    let of = String::from_utf8_lossy(&mark).parse().map(Instant);
    let of = of.map_err(|_| StoreError::Damaged(MARK.to_owned()))?;
    let epoch = number(connection, "epoch")?.unwrap_or(1) + 1;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    keep(connection, "epoch", epoch.to_be_bytes())?;
    keep(connection, RESTORED, format!("{} {}", now.0, of.0))?;
    leave_room(connection, of.day(), now.day())?;
    execute(connection, GONE, &[MARK.into()])?;
    connection.execute_batch("COMMIT")?;
    tracing::warn!(epoch, "this node was restored from a backup and goes on in a new epoch");
    Ok(())
}

/// Goes on in the second half of what is left of every series that may have gone on after the
/// backup was made.
fn leave_room(connection: &Connection, from: Day, until: Day) -> Result<(), StoreError> {
    const LAST: &str = "SELECT last FROM counters WHERE kind = $1 AND period = $2";
    const KEEP: &str = "INSERT INTO counters (kind, period, last) VALUES ($1, $2, $3) \
                        ON CONFLICT (kind, period) DO UPDATE SET last = excluded.last";
    let mut done = std::collections::BTreeSet::new();
    for day in (from.0..=until.0).map(Day) {
        for (kind, room) in SERIES {
            let (kind, period) = counter_key(kind, day);
            if !done.insert((kind, period)) {
                continue;
            }
            let key = [kind.into(), period.into()];
            let last = query(connection, LAST, &key, |row| Ok(row.get::<_, u32>(0)?))?;
            let last = last.first().copied().unwrap_or(0);
            let next = last + room.saturating_sub(last) / 2;
            let [kind, period] = key;
            execute(connection, KEEP, &[kind, period, i64::from(next).into()])?;
        }
    }
    Ok(())
}

fn keep(connection: &Connection, name: &str, value: impl AsRef<[u8]>) -> Result<(), StoreError> {
    const KEEP: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
                        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    execute(connection, KEEP, &[name.into(), Value::Blob(value.as_ref().to_vec())])?;
    Ok(())
}
