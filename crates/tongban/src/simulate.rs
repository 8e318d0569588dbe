//! `tongban simulate`, and the city behind the demo.

use std::{path::PathBuf, sync::Arc, time::Instant};

use anyhow::Context as _;
use clap::Args;
use tongban_domain::time::Day;
use tongban_simulator::{Options as CityOptions, Simulation, Summary, found_city};
use tongban_store::{NodeOptions, Store, VerifyOptions, VirtualClock};

use crate::{place::Place, serve::publish};

/// What to simulate, and where.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// Number of projects.
    #[arg(long, default_value_t = 500)]
    projects: usize,
    /// Number of days.
    #[arg(long, default_value_t = 730)]
    days: u32,
    /// Seed; the same seed gives the same journal root.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The catalogue pack.
    #[arg(long, default_value = "catalog/jiangsu")]
    catalog: PathBuf,
}

/// The city of the demo: 苏州市.
pub(crate) const CITY: u32 = 320_500;
/// The last simulated day: a Friday well inside the loaded calendar.
const LAST_DAY: (i16, i8, i8) = (2026, 10, 30);

/// What a simulated run left behind.
pub(crate) struct Simulated {
    pub(crate) store: Store,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) summary: Summary,
    pub(crate) seconds: f64,
}

/// Runs a city on an empty data directory. Says how far it is on standard error.
pub(crate) fn run(
    (data, database): (&std::path::Path, Option<String>),
    catalog: &std::path::Path,
    projects: usize,
    days: u32,
    seed: u64,
) -> anyhow::Result<Simulated> {
    anyhow::ensure!(
        !data.join("node.db").exists(),
        "{} holds a node already; give an empty directory",
        data.display()
    );
    let (year, month, day) = LAST_DAY;
    let last = Day::from_ymd(year, month, day).context("the last day of the simulation")?;
    let from = last.plus(1 - days as i32);
    let clock = Arc::new(VirtualClock::at(from.at(0, 0)));
    let options = NodeOptions::new(data, 1, clock.clone()).seeded(seed).on(database);
    let store = Store::open(options).context("cannot open the node")?;
    anyhow::ensure!(
        store.publications()?.is_empty(),
        "the database holds a node already; give an empty one"
    );
    publish(&store, catalog, &[])?;
    let city = found_city(&store, CITY).context("cannot found the city")?;
    let started = Instant::now();
    let options = CityOptions { city, projects, days, seed, from };
    let summary = Simulation::new(&store, Arc::clone(&clock), options)
        .run(|progress| {
            if progress.done % 30 == 0 || progress.done == progress.days {
                eprintln!(
                    "  {}  {:>3} projects  {:>6} acts  {:>7} facts",
                    progress.day, progress.projects, progress.acts, progress.facts
                );
            }
        })
        .context("the simulation failed")?;
    let seconds = started.elapsed().as_secs_f64();
    Ok(Simulated { store, clock, summary, seconds })
}

/// Runs a city and checks what must hold.
pub(crate) fn simulate(options: &Options) -> anyhow::Result<()> {
    let place = (options.place.data.as_path(), options.place.database.clone());
    let simulated = run(place, &options.catalog, options.projects, options.days, options.seed)?;
    let Simulated { store, summary, seconds, .. } = simulated;
    println!("{summary}");
    println!(
        "{seconds:.1} s, {:.0} durable acts/s, {:.0} facts/s",
        summary.acts as f64 / seconds,
        summary.facts as f64 / seconds
    );
    let roots = store.roots()?;
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    println!("SM3 root     {}", hex(&roots.sm3));
    println!("SHA-256 root {}", hex(&roots.sha256));
    let verified = store.verify(&VerifyOptions::default())?;
    store.close();
    let report = verified.map_err(|difference| anyhow::anyhow!("not clean: {difference}"))?;
    println!("verified: {} facts, {} rows", report.facts, report.rows);
    Ok(())
}
