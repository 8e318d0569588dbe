//! How long a dry run over the last year takes on a data directory: `--example dry_run -- DIR`.
//! One day less is promised for every item that promises more than one. Prints what it found.

use std::{path::Path, sync::Arc, time::Instant};

use tongban_domain::{catalog::load, limit::Limit};
use tongban_store::{NodeOptions, Store, SystemClock};

fn main() -> anyhow::Result<()> {
    let data = std::env::args().nth(1).unwrap_or_else(|| "data".to_owned());
    let clock = Arc::new(SystemClock { offset: 0 });
    let options = NodeOptions::new(Path::new(&data), 1, clock);
    let store = Store::open(options)?;
    let files = store.pack_files(store.catalog()?.pack.digest)?;
    let problems = |problems: Vec<_>| anyhow::anyhow!("{} problems", problems.len());
    let mut other = load(&files).map_err(problems)?;
    for item in &mut other.items {
        if let Limit::WorkingDays { days, .. } = &mut item.promised
            && *days > 1
        {
            *days -= 1;
        }
    }
    // Newest facts decide what the last year is: simulated data may lie in the past.
    let last = store.find_projects("", 1)?.first().map_or(store.now(), |row| row.last_change);
    let started = Instant::now();
    let found = store.dry_run(&other, last.day().plus(-365), |_, _| ())?;
    println!(
        "{} projects, {} applications, {} cases: {} deadlines earlier, {} later, in {:.2} s",
        found.projects,
        found.applications,
        found.cases,
        found.earlier,
        found.later,
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
