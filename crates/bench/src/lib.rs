//! Measures a node as its users meet it: over loopback HTTP, with real sessions and real acts, on
//! the same cores as the clients. Beside each figure stands what the machine can do at all,
//! measured in the same run.

mod client;
mod life;
mod limits;
mod measure;
mod node;

use std::path::PathBuf;

use anyhow::Context as _;
use limits::Limits;
use measure::{Figures, Pace};
use tongban_private_postgres::PrivatePostgres;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// Owners register projects.
    Register,
    /// A window and departments handle applications: accept, record, decide, opinion, review,
    /// decide.
    Departments,
    /// Owners register and apply, the window and the departments handle it: whole lives.
    Mixed,
    /// Anybody looks up the progress of a number.
    LookUp,
}

impl Scenario {
    /// All, in the order in which they are run.
    pub const ALL: [Self; 4] = [Self::Register, Self::Departments, Self::Mixed, Self::LookUp];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Departments => "departments",
            Self::Mixed => "mixed",
            Self::LookUp => "look-up",
        }
    }
}

/// How to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// The program to measure.
    pub program: PathBuf,
    /// The catalogue pack.
    pub catalog: PathBuf,
    /// The folder of bundled scripts and styles.
    pub assets: PathBuf,
    /// Where the node is made: the device that is measured. None for the machine's temporary
    /// folder.
    pub place: Option<PathBuf>,
    /// The data directory of a simulated city to go on with, instead of a new node.
    pub data: Option<PathBuf>,
    /// On a PostgreSQL server of its own, in the place, instead of SQLite.
    pub postgres: bool,
    /// Most acts in one transaction; none for the program's own.
    pub group: Option<usize>,
    /// What to do; all when empty.
    pub scenarios: Vec<Scenario>,
    /// Requests in flight at any time.
    pub in_flight: usize,
    /// Seconds of each scenario.
    pub seconds: u64,
    /// Requests that should begin each second, timed from when they should; none for as many as
    /// the node takes. There are never more in flight than above.
    pub rate: Option<u32>,
}

/// Runs the scenarios and gives the lines of the report.
///
/// # Errors
/// When the node cannot be made or started, or refuses what it should take.
pub fn run(options: &Options, mut tell: impl FnMut(&str)) -> anyhow::Result<()> {
    let folder = match &options.place {
        Some(place) => tempfile::tempdir_in(place)?,
        None => tempfile::tempdir()?,
    };
    let server = options.postgres.then(|| {
        let place = folder.path().join("server");
        std::fs::create_dir(&place)?;
        PrivatePostgres::start_in(&place, false)
    });
    let server = server.transpose().context("cannot start a PostgreSQL server")?;
    let database = server.as_ref().map(PrivatePostgres::new_database).transpose()?;
    // Where the node's own files are: that is the device that counts.
    let place = options.data.as_deref().unwrap_or(folder.path());
    let beside = tempfile::tempdir_in(place)?;
    let limits = Limits::measure(beside.path(), database.as_deref(), options.in_flight)?;
    drop(beside);
    tell(&limits.to_string());
    let node = node::Node::start(options, folder.path(), database)?;
    tell(&format!("the node listened after {} ms", node.started.as_millis()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let pace = Pace { in_flight: options.in_flight, seconds: options.seconds, rate: options.rate };
    tell(&Figures::head());
    let all = Scenario::ALL;
    let chosen = if options.scenarios.is_empty() { &all[..] } else { &options.scenarios };
    for scenario in chosen {
        let figures = runtime.block_on(life::measure(&node, *scenario, pace))?;
        tell(&figures.line(scenario.name(), pace, &limits));
    }
    let one = Pace { in_flight: 1, seconds: options.seconds.min(5), rate: None };
    let figures = runtime.block_on(life::measure(&node, Scenario::Register, one))?;
    tell(&figures.line("register, one at a time", one, &limits));
    tell(&limits.beside(&figures));
    node.stop()
}
