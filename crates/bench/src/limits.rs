//! What the machine can do at all: the flush of the device, and rows of a journal written by hand
//! with the same engine and the same durability.

use std::{
    fmt,
    fs::OpenOptions,
    io::Write as _,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::measure::{Figures, median};

/// Bytes of a fact, about.
const FACT: [u8; 300] = [7; 300];

/// How long each limit is measured.
const TIME: Duration = Duration::from_secs(2);

/// What a device and an engine can do.
pub(crate) struct Limits {
    /// Median time of a flush after a write of one page.
    flush: Duration,
    /// Flushes a second.
    flushes: f64,
    by_hand: ByHand,
}

/// Rows of a journal written by hand.
struct ByHand {
    /// One-row transactions a second; where several can be in flight, with as many.
    rows: f64,
    /// In words.
    told: String,
}

impl Limits {
    /// Of a device, and of the engine a node stands on: SQLite in a folder there, or a server that
    /// writes there.
    pub(crate) fn measure(
        folder: &Path,
        server: Option<&str>,
        in_flight: usize,
    ) -> anyhow::Result<Self> {
        let mut file = OpenOptions::new().create(true).append(true).open(folder.join("flush"))?;
        let (flushes, flush) = repeat(|| {
            file.write_all(&[1; 4096])?;
            Ok(file.sync_data()?)
        })?;
        let by_hand = match server {
            None => ByHand::on_sqlite(folder)?,
            Some(url) => ByHand::on_postgres(url, in_flight)?,
        };
        Ok(Self { flush, flushes, by_hand })
    }
}

impl ByHand {
    fn on_sqlite(folder: &Path) -> anyhow::Result<Self> {
        let connection = rusqlite::Connection::open(folder.join("limit.db"))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA wal_autocheckpoint = 4000; CREATE TABLE journal \
             (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
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
        let told = format!(
            "SQLite by hand, one row of {} bytes in a transaction: {rows:.0}/s, median {} µs; \
             64 rows in a transaction: {:.0} rows/s",
            FACT.len(),
            row.as_micros(),
            groups * 64.0
        );
        Ok(Self { rows, told })
    }

    /// One row in a transaction, in the two ways in which many can be in flight at once: each on
    /// a connection of its own, or behind each other on one.
    fn on_postgres(url: &str, in_flight: usize) -> anyhow::Result<Self> {
        const TABLE: &str = "CREATE TABLE limits (position BIGINT GENERATED ALWAYS AS IDENTITY \
                             PRIMARY KEY, bytes BYTEA NOT NULL)";
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let one = connect(url).await?;
            one.batch_execute(TABLE).await?;
            let (alone, row) = inserting(&[Arc::new(one)], 1).await?;
            let mut many = Vec::new();
            for _ in 0..in_flight.min(64) {
                many.push(Arc::new(connect(url).await?));
            }
            let (beside, _) = inserting(&many, many.len()).await?;
            let (behind, _) = inserting(&many[..1], in_flight).await?;
            many[0].batch_execute("DROP TABLE limits").await?;
            let told = format!(
                "PostgreSQL by hand, one row of {} bytes in a transaction: {alone:.0}/s one after \
                 the other, median {} µs; {beside:.0}/s on {} connections; {behind:.0}/s with \
                 {in_flight} behind each other on one",
                FACT.len(),
                row.as_micros(),
                many.len()
            );
            Ok(Self { rows: beside.max(behind), told })
        })
    }
}

async fn connect(url: &str) -> anyhow::Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// So many clients insert rows over some connections: rows a second, and the median of one.
async fn inserting(
    connections: &[Arc<tokio_postgres::Client>],
    clients: usize,
) -> anyhow::Result<(f64, Duration)> {
    let (begun, mut tasks) = (Instant::now(), tokio::task::JoinSet::new());
    for client in 0..clients {
        let connection = Arc::clone(&connections[client % connections.len()]);
        tasks.spawn(async move {
            let insert = connection.prepare("INSERT INTO limits (bytes) VALUES ($1)").await?;
            let mut times = Vec::new();
            while begun.elapsed() < TIME {
                let one = Instant::now();
                connection.execute(&insert, &[&FACT.as_slice()]).await?;
                times.push(one.elapsed());
            }
            Ok::<_, tokio_postgres::Error>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.append(&mut done??);
    }
    let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
    Ok((rate, median(&mut times)))
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
        let flush = self.flush.as_micros();
        writeln!(f, "the device: {:.0} flushes/s, median {flush} µs", self.flushes)?;
        f.write_str(&self.by_hand.told)
    }
}

impl Limits {
    /// One-row transactions a second, written by hand.
    pub(crate) const fn rows(&self) -> f64 {
        self.by_hand.rows
    }

    /// One act at a time beside one flush.
    pub(crate) fn beside(&self, figures: &Figures) -> String {
        let own = figures.percentile(50.0);
        let more = own.as_micros() as i64 - self.flush.as_micros() as i64;
        format!("one act at a time: {} µs, {more} µs more than a raw flush", own.as_micros())
    }
}
