//! Backups of a running node, and what a node does that wakes up as one.
//!
//! A backup is older than the node was in the end: numbers were given and checkpoints signed after
//! it that the backup does not know. So a restored node raises its epoch, which is in every fact
//! and every checkpoint, and leaves room in every series of numbers that may have gone on.

use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
};

use tongban_domain::{
    acts::NumberKind,
    time::{Day, Instant},
};

use crate::{
    engine::{Connection, Source, Value, copy, execute, query, sqlite},
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
    /// every file that it names. The node goes on working. No key is in it.
    /// Whatever the node stands on, a backup is a folder with one file of SQLite.
    ///
    /// # Errors
    /// When the folder exists, or something cannot be read or written.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        if to.exists() {
            return Err(StoreError::Exists(to.to_owned()));
        }
        let part = fresh_part(to)?;
        fs::create_dir_all(&part)?;
        let taken_at = self.now();
        self.snapshot(&part.join("node.db"), taken_at)?;
        // After the database: whatever it names was there before it.
        copy_folder(&self.data().join("files"), &part.join("files"))?;
        put_in_place(&part, to)
    }

    /// The database as of one moment, marked as a backup.
    fn snapshot(&self, to: &Path, taken_at: Instant) -> Result<(), StoreError> {
        match self.inner.readers.source() {
            Source::Sqlite(path) => sqlite::copy_into(path, to)?,
            source @ Source::Postgres(_) => {
                let file = Source::Sqlite(to.to_owned()).writer()?;
                copy(&source.reader()?, &file)?;
            }
        }
        let file = Source::Sqlite(to.to_owned()).writer()?;
        keep(&file, MARK, taken_at.0.to_string())?;
        // One file, without a log beside it.
        file.run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")?;
        drop(file);
        Ok(File::open(to)?.sync_all()?)
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

/// Puts a backup in the place of a data directory that does not exist, or is empty; its rows into
/// a database that is empty, when one is named. The keys of the vault come from the folder of a
/// node, if one is named; without them the node is not opened.
///
/// # Errors
/// When it is no backup, or something is in the way.
pub fn restore(
    from: &Path,
    data: &Path,
    database: Option<&str>,
    keys: Option<&Path>,
) -> Result<(), StoreError> {
    let file = from.join("node.db");
    if !file.exists() {
        return Err(StoreError::NoNode(from.to_owned()));
    }
    let backup = Source::Sqlite(file.clone()).reader()?;
    if meta(&backup, MARK)?.is_none() {
        return Err(StoreError::NoBackup(from.to_owned()));
    }
    if data.exists() && fs::read_dir(data)?.next().is_some() {
        return Err(StoreError::Exists(data.to_owned()));
    }
    let target = Source::of(data, database)?;
    let server = match &target {
        Source::Sqlite(_) => None,
        Source::Postgres(_) => Some(target.writer()?),
    };
    if let Some(server) = &server
        && meta(server, "node")?.is_some()
    {
        return Err(StoreError::DatabaseInUse);
    }
    let part = fresh_part(data)?;
    // The key of the journal is not taken along, nor whatever else may lie there.
    copy_folder(&from.join("files"), &part.join("files"))?;
    if let Some(keys) = keys {
        crate::vault::copy_keys(keys, &part)?;
    }
    match &server {
        None => copy_file(&file, &part.join("node.db"))?,
        Some(server) => copy(&backup, server)?,
    }
    if data.exists() {
        fs::remove_dir(data)?;
    }
    put_in_place(&part, data)
}

/// A folder beside another in which it is made; what an earlier attempt left is gone.
fn fresh_part(of: &Path) -> Result<PathBuf, StoreError> {
    let mut name = of.file_name().map_or_else(|| OsString::from("node"), ToOwned::to_owned);
    name.push(".part");
    let part = of.with_file_name(name);
    if part.exists() {
        fs::remove_dir_all(&part)?;
    }
    Ok(part)
}

/// Gives a finished folder its name, so that it lasts.
fn put_in_place(part: &Path, to: &Path) -> Result<(), StoreError> {
    File::open(part)?.sync_all()?;
    fs::rename(part, to)?;
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    Ok(File::open(parent.unwrap_or(Path::new(".")))?.sync_all()?)
}

fn copy_file(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::copy(from, to)?;
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
            copy_file(&entry.path(), &target)?;
        }
    }
    Ok(File::open(to)?.sync_all()?)
}

/// A database that was a backup becomes a node again, in another epoch.
pub(crate) fn wake(connection: &Connection, now: Instant) -> Result<(), StoreError> {
    const GONE: &str = "DELETE FROM meta WHERE name = $1";
    let Some(mark) = meta(connection, MARK)? else { return Ok(()) };
    let of = String::from_utf8_lossy(&mark).parse().map(Instant);
    let of = of.map_err(|_| StoreError::Damaged(MARK.to_owned()))?;
    if now < of {
        return Err(StoreError::ClockBehind((of.0 - now.0) / 1_000_000));
    }
    let epoch = epoch_from(number(connection, "epoch")?.unwrap_or(1), now);
    keep(connection, "epoch", epoch.to_be_bytes())?;
    keep(connection, RESTORED, format!("{} {}", now.0, of.0))?;
    leave_room(connection, of.day(), now)?;
    execute(connection, GONE, &[MARK.into()])?;
    tracing::warn!(epoch, "this node was restored from a backup and goes on in a new epoch");
    Ok(())
}

/// The epoch that begins now: higher than the one before, and another one each time the same
/// backup is restored, which cannot know of the other times. Minutes since 1970.
fn epoch_from(before: u32, now: Instant) -> u32 {
    let minutes = u32::try_from(now.0 / 60_000_000).unwrap_or(0);
    minutes.max(before + 1)
}

/// Goes on in the second half of what is left of every series that may have gone on after the
/// backup was made; the later in its period the further, so that restoring the same backup again
/// goes on behind what the first restored node used.
fn leave_room(connection: &Connection, from: Day, now: Instant) -> Result<(), StoreError> {
    const LAST: &str = "SELECT last FROM counters WHERE kind = $1 AND period = $2";
    const KEEP: &str = "INSERT INTO counters (kind, period, last) VALUES ($1, $2, $3) \
                        ON CONFLICT (kind, period) DO UPDATE SET last = excluded.last";
    let mut done = std::collections::BTreeSet::new();
    for day in (from.0..=now.day().0).map(Day) {
        for (kind, room) in SERIES {
            let (name, period) = counter_key(kind, day);
            if !done.insert((name, period)) {
                continue;
            }
            let key = [name.into(), period.into()];
            let last = query(connection, LAST, &key, |row| row.get::<u32>(0))?;
            let last = last.first().copied().unwrap_or(0);
            let half = room.saturating_sub(last) / 2;
            let next = last + half + (f64::from(half) * passed(kind, now)) as u32;
            let [name, period] = key;
            execute(connection, KEEP, &[name, period, i64::from(next).into()])?;
        }
    }
    Ok(())
}

/// How much of the period of a series has passed, from 0 to 1.
fn passed(kind: NumberKind, now: Instant) -> f64 {
    let day = (now.0 - now.day().begins().0) as f64 / 86_400e6;
    match kind {
        NumberKind::Case | NumberKind::Document | NumberKind::ConstructionPermit => day,
        NumberKind::Project => {
            let year = now.day().year();
            let days = (1..=366).take_while(|back| now.day().plus(-back).year() == year).count();
            (days as f64 + day) / 366.0
        }
    }
}

fn keep(connection: &Connection, name: &str, value: impl AsRef<[u8]>) -> Result<(), StoreError> {
    const KEEP: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
                        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    execute(connection, KEEP, &[name.into(), Value::Blob(value.as_ref().to_vec())])?;
    Ok(())
}
