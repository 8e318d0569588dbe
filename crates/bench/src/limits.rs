//! What the machine can do at all: the flush of the device, and rows of a journal written by hand
//! with the same engine and the same durability.

use std::{
    fmt,
    fs::OpenOptions,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use crate::measure::{Figures, median};

/// Bytes of a fact, about.
const FACT: [u8; 300] = [7; 300];

/// How long each limit is measured.
const TIME: Duration = Duration::from_secs(2);

pub(crate) struct Limits {
    /// Median time of a flush after a write of one page.
    pub(crate) flush: Duration,
    /// Flushes a second.
    pub(crate) flushes: f64,
    /// One-row transactions a second, one after the other.
    pub(crate) rows: f64,
    /// Median time of such a transaction.
    pub(crate) row: Duration,
    /// Rows a second in transactions of 64.
    pub(crate) grouped: f64,
}

pub(crate) fn measure(folder: &Path) -> anyhow::Result<Limits> {
    let mut file = OpenOptions::new().create(true).append(true).open(folder.join("flush"))?;
    let (flushes, flush) = repeat(|| {
        file.write_all(&[1; 4096])?;
        Ok(file.sync_data()?)
    })?;
    let connection = rusqlite::Connection::open(folder.join("limit.db"))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; \
         CREATE TABLE journal (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    )?;
    let mut insert = connection.prepare("INSERT INTO journal (bytes) VALUES (?1)")?;
    let (rows, row) = repeat(|| Ok(insert.execute([FACT]).map(drop)?))?;
    let (groups, _) = repeat(|| {
        connection.execute_batch("BEGIN")?;
        for _ in 0..64 {
            insert.execute([FACT])?;
        }
        Ok(connection.execute_batch("COMMIT")?)
    })?;
    Ok(Limits { flush, flushes, rows, row, grouped: groups * 64.0 })
}

/// Does something again and again: how often a second, and its median.
fn repeat(mut what: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<(f64, Duration)> {
    let (begun, mut times) = (Instant::now(), Vec::new());
    while begun.elapsed() < TIME {
        let one = Instant::now();
        what()?;
        times.push(one.elapsed());
    }
    let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
    Ok((rate, median(&mut times)))
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the device: {:.0} flushes/s, median {} µs\nSQLite by hand, one row of {} bytes in a \
             transaction: {:.0}/s, median {} µs; 64 rows in a transaction: {:.0} rows/s",
            self.flushes,
            self.flush.as_micros(),
            FACT.len(),
            self.rows,
            self.row.as_micros(),
            self.grouped
        )
    }
}

impl Limits {
    /// One act at a time beside one flush.
    pub(crate) fn beside(&self, figures: &Figures) -> String {
        let own = figures.percentile(50.0);
        let more = own.as_micros() as i64 - self.flush.as_micros() as i64;
        format!("one act at a time: {} µs, {more} µs more than a raw flush", own.as_micros())
    }
}
