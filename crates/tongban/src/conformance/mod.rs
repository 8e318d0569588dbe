//! `tongban conformance`: plays the platform against the system of a department (部门业务系统), so that
//! whoever builds one can try it (`docs/SYSTEMS.md`). The node behind it is a real one with a small
//! simulated city; only the way to it is made worse, twice.

mod desk;
mod report;
mod trace;

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::Args;
use serde_json::json;
use tongban_outside::{Asking, DepartmentSystem as _, HttpSystem};
use tongban_store::{Clock as _, NodeOptions, Store, SystemClock};
use tongban_web::{App, Settings};
use tongban_worker::travelling;

use crate::simulate;
use desk::Desk;
use report::{Pushing, findings};
use trace::Trace;

/// What is tried, and how long.
#[derive(Args)]
pub(crate) struct Options {
    /// Where the system takes tasks, such as `http://127.0.0.1:9000/tasks`.
    #[arg(long)]
    push: String,
    /// The file with the key that the system wants to be shown.
    #[arg(long)]
    push_key: Option<PathBuf>,
    /// The file with the certificates of the authority that vouches for the system (PEM); without
    /// it those that browsers trust.
    #[arg(long)]
    push_authority: Option<PathBuf>,
    /// Address on which the platform is played.
    #[arg(long, default_value = "127.0.0.1:8099")]
    listen: String,
    /// Where to write what the system has to know, as JSON: address, key, and the login names of
    /// officer, reviewer and approver. It is printed, too.
    #[arg(long)]
    settings: Option<PathBuf>,
    /// Most seconds the system may take for all of it.
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// The catalogue pack.
    #[arg(long, default_value = "catalog/jiangsu")]
    catalog: PathBuf,
}

/// Projects and days of the city behind it.
const CITY: (usize, u32) = (6, 45);
/// Most tasks in one push.
const BATCH: usize = 50;

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("tongban-conformance-{}", std::process::id()));
    let outcome = play(options, &folder);
    // What is left behind is in nobody's way, and there is nobody to be told.
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

fn play(options: &Options, folder: &std::path::Path) -> anyhow::Result<()> {
    let system = system(options)?;
    let store = lived(options, folder)?;
    let desk = Desk::busiest(&store)?;
    let administrator =
        store.account_named("sysadmin")?.context("the city has no administrator")?;
    let key = store.connect_system(desk.department, "对接测试系统", administrator.id)?;
    let guard = store.account_named("secadmin")?.context("the city has no administrator")?;
    store.admit_system(desk.department, guard.id)?;
    let trace = Arc::new(Trace::default());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let settings = Settings {
        place: "对接测试".to_owned(),
        demo: None,
        files: None,
        address: None,
        unified: None,
        secure_cookies: false,
        limits: None,
        second_factor: tongban_web::SecondFactor::Offered,
    };
    let app = App::new(store.clone(), settings, std::path::Path::new("no-bundle"))?;
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind(&options.listen))
        .with_context(|| format!("cannot listen on {}", options.listen))?;
    let address = format!("http://{}/api/v1", listener.local_addr()?);
    let routes = trace::watched(tongban_web::router(app), Arc::clone(&trace));
    runtime.spawn(tongban_web::serve(listener, routes, std::future::pending()));
    let told = json!({
        "address": address,
        "key": key,
        "officer": desk.logins[0],
        "reviewer": desk.logins[1],
        "approver": desk.logins[2],
    });
    if let Some(place) = &options.settings {
        std::fs::write(place, told.to_string())
            .with_context(|| format!("cannot write {}", place.display()))?;
    }
    println!("{told}");
    let pushing = push(options, &system, (&store, &desk), &trace)?;
    let findings = findings(&store, &desk, &trace, &pushing)?;
    runtime.shutdown_background();
    store.close();
    for finding in &findings {
        println!("{} {}", if finding.fault.is_none() { "✓" } else { "✗" }, finding.what);
        if let Some(fault) = &finding.fault {
            println!("    {fault}");
        }
    }
    let failed = findings.iter().filter(|finding| finding.fault.is_some()).count();
    anyhow::ensure!(failed == 0, "{failed} of {} points are not met", findings.len());
    println!("the system conforms");
    Ok(())
}

/// A node with a simulated city, on the morning after its last day.
fn lived(options: &Options, folder: &std::path::Path) -> anyhow::Result<Store> {
    eprintln!("a small city is being simulated …");
    let (projects, days) = CITY;
    let simulated = simulate::run((folder, None), &options.catalog, projects, days, 5)?;
    let today = simulated.clock.now().day();
    let catalog = simulated.store.catalog()?;
    let morning = catalog.calendar.nth_working_day_after(today, 1).at(9, 0);
    simulated.store.close();
    let clock = Arc::new(SystemClock::showing(morning));
    Store::open(NodeOptions::new(folder, 1, clock)).context("cannot open the node")
}

/// The system that is tried.
fn system(options: &Options) -> anyhow::Result<HttpSystem> {
    let key = options.push_key.as_ref().map(std::fs::read_to_string).transpose();
    let key = key.context("cannot read the key of the system")?;
    let authority = options.push_authority.as_ref().map(std::fs::read).transpose();
    let authority = authority.context("cannot read the certificates of its authority")?;
    let key = key.map(|key| key.trim().to_owned());
    Ok(HttpSystem::at(&options.push, Asking { key, authority, ..Asking::default() })?)
}

/// Pushes what there is, everything twice, until all points are met or time is up.
fn push(
    options: &Options,
    system: &HttpSystem,
    (store, desk): (&Store, &Desk),
    trace: &Trace,
) -> anyhow::Result<Pushing> {
    let (begun, patience) = (Instant::now(), Duration::from_secs(options.seconds));
    let mut pushing = Pushing::default();
    let mut last = (0, -1);
    while begun.elapsed() < patience {
        let new = store.tasks_after(desk.department, last, BATCH)?;
        let Some(newest) = new.last().map(|task| task.id) else {
            if findings(store, desk, trace, &pushing)?.iter().all(|it| it.fault.is_none()) {
                break;
            }
            std::thread::sleep(Duration::from_millis(200));
            continue;
        };
        let tasks = travelling(new);
        match system.take(store.origin().epoch, &tasks) {
            Ok(()) => {
                pushing.taken += tasks.len();
                // An answer that was lost on its way: the same once more.
                match system.take(store.origin().epoch, &tasks) {
                    Ok(()) => pushing.twice += 1,
                    Err(error) => pushing.refused_again = Some(error.to_string()),
                }
                last = newest;
            }
            Err(error) => {
                pushing.fault = Some(error.to_string());
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
    Ok(pushing)
}
