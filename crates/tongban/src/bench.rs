//! `tongban bench`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use tongban_bench::Scenario;

#[derive(Args)]
pub(crate) struct Options {
    /// What to do: register, departments, mixed, look-up; all without it.
    #[arg(long, value_parser = scenario)]
    scenario: Vec<Scenario>,
    /// Requests in flight at any time.
    #[arg(long, default_value_t = 64)]
    in_flight: usize,
    /// Seconds of each scenario.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Requests that should begin each second, timed from when they should (open loop), with no
    /// more in flight than above.
    #[arg(long)]
    rate: Option<u32>,
    /// A folder on the device to be measured.
    #[arg(long)]
    place: Option<PathBuf>,
    /// On a PostgreSQL server of its own, made in that folder, instead of SQLite.
    #[arg(long, conflicts_with = "data")]
    postgres: bool,
    /// Most acts in one transaction; without it as many as wait.
    #[arg(long)]
    group: Option<usize>,
    /// The data directory of a simulated city to go on with, instead of a new node; its clock is
    /// the machine's.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The catalogue pack.
    #[arg(long, default_value = "catalog/jiangsu")]
    catalog: PathBuf,
    /// The folder of bundled scripts and styles.
    #[arg(long, default_value = "web/dist")]
    assets: PathBuf,
}

fn scenario(name: &str) -> Result<Scenario, String> {
    let found = Scenario::ALL.into_iter().find(|scenario| scenario.name() == name);
    let names = Scenario::ALL.map(Scenario::name).join(", ");
    found.ok_or_else(|| format!("there are {names}"))
}

pub(crate) fn bench(options: Options) -> anyhow::Result<()> {
    let Options { scenario: scenarios, in_flight, seconds, rate, .. } = options;
    let Options { place, postgres, group, data, catalog, assets, .. } = options;
    let program = std::env::current_exe().context("where is this program?")?;
    let options = tongban_bench::Options {
        program,
        catalog,
        assets,
        place,
        data,
        postgres,
        group,
        scenarios,
        in_flight,
        seconds,
        rate,
    };
    tongban_bench::run(&options, |line| println!("{line}"))
}
