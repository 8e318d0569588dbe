//! `tongban serve`, and the serving part of the demo.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use tongban_domain::ids::DepartmentId;
use tongban_outside::{DepartmentSystem, HttpRegister, HttpSystem, Register};
use tongban_store::{Inbox, NodeOptions, Store, SystemClock};
use tongban_web::{App, Settings};
use tongban_worker::{DocumentWorker, KeyWorker, RegisterWorker, SystemWorker, Worker};

use crate::{config, packs, press::Press};

/// Runs a node from its configuration file.
pub(crate) fn serve(path: &Path) -> anyhow::Result<()> {
    let config = config::read(path)?;
    let store = open(&config)?;
    publish(&store, &config.catalog, &config.overlays)?;
    let place = config.place.clone();
    let settings = Settings {
        place,
        demo: None,
        files: config.files.clone(),
        address: config.address.clone(),
        unified: config.unified_login()?,
        secure_cookies: config.secure_cookies,
        second_factor: config.second_factor.into(),
        limits: config.limits(),
    };
    let works = config.work.then(|| works(&config, &store)).transpose()?;
    let listen = Listen { pages: &config.listen, operations: config.operations.as_deref() };
    run((store, works), settings, &config.assets, listen, |address| {
        println!("tongban listens on http://{address}");
    })
}

/// Carries out legal timers and delivers messages beside processes that serve.
pub(crate) fn work(path: &Path) -> anyhow::Result<()> {
    let config = config::read(path)?;
    anyhow::ensure!(
        config.database.is_some(),
        "a node on SQLite is one process: `tongban serve` carries out its timers itself"
    );
    let store = open(&config)?;
    let working = works(&config, &store)?.start(&store)?;
    let keys = KeyWorker::start(store.clone()).context("cannot start the worker")?;
    println!("tongban works");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(told_to_stop());
    drop((working, keys));
    store.close();
    Ok(())
}

/// What a process carries out beside serving.
pub(crate) struct Works {
    /// What documents are made with.
    pub(crate) press: Press,
    /// Registers of others, by the names the catalogue gives them.
    pub(crate) registers: Vec<(String, Box<dyn Register>)>,
    /// Systems of departments.
    pub(crate) systems: Vec<(DepartmentId, Box<dyn DepartmentSystem>)>,
}

/// The threads of that; they stop when dropped.
type Working = (Worker, Option<DocumentWorker>, RegisterWorker, SystemWorker);

impl Works {
    fn start(self, store: &Store) -> anyhow::Result<Working> {
        let worker =
            Worker::start(store.clone(), Box::new(Inbox)).context("cannot start the worker")?;
        let documents = self.press.start(store)?;
        let registers = RegisterWorker::start(store, self.registers)
            .context("cannot start asking registers")?;
        let systems = SystemWorker::start(store, self.systems)
            .context("cannot start pushing to systems of departments")?;
        Ok((worker, documents, registers, systems))
    }
}

fn works(config: &config::Config, store: &Store) -> anyhow::Result<Works> {
    let catalog = store.catalog()?;
    let mut registers: Vec<(String, Box<dyn Register>)> = Vec::new();
    for config::ConfiguredRegister { name, system } in &config.registers {
        if !catalog.papers.values().any(|paper| paper.register() == Some(name)) {
            eprintln!("tongban: no paper of the catalogue comes from the register {name}");
        }
        let register = HttpRegister::at(&system.address, system.asking()?)
            .with_context(|| format!("the register {name} cannot be asked"))?;
        registers.push((name.clone(), Box::new(register)));
    }
    let organisation = store.organisation();
    let mut systems: Vec<(DepartmentId, Box<dyn DepartmentSystem>)> = Vec::new();
    for config::ConfiguredDepartment { department, system } in &config.systems {
        // By its name of today; it keeps its id whatever it is called later.
        let Some(known) = organisation.departments().find(|it| it.name == *department) else {
            eprintln!(
                "tongban: there is no department {department}; nothing is pushed to its system"
            );
            continue;
        };
        let pushed = HttpSystem::at(&system.address, system.asking()?)
            .with_context(|| format!("nothing can be pushed to the system of {department}"))?;
        systems.push((known.id, Box::new(pushed)));
    }
    Ok(Works { press: press(config), registers, systems })
}

fn press(config: &config::Config) -> Press {
    let address = config.address.clone();
    Press { program: config.typesetter.clone(), fonts: config.fonts.clone(), address }
}

pub(crate) fn open(config: &config::Config) -> anyhow::Result<Store> {
    let clock = Arc::new(SystemClock { offset: 0 });
    let mut options =
        NodeOptions::new(&config.data, config.node, clock).on(config.database.clone());
    options.group = config.commit_group.map_or(options.group, std::num::NonZeroUsize::get);
    options = options.asking(config.registers.iter().map(|it| it.name.clone()));
    if let Some(address) = &config.scanner {
        options = options.scanned_by(Arc::new(tongban_store::ClamAv::at(address)?));
    }
    Store::open(options).context("cannot open the node")
}

/// Publishes the pack on disk when it was not published before. One that would have taken effect
/// before today is left alone, with a word: the pack in force stays.
pub(crate) fn publish(store: &Store, catalog: &Path, overlays: &[PathBuf]) -> anyhow::Result<()> {
    let files = packs::read_with(catalog, overlays)?;
    match store.publish_pack(&files) {
        Ok(_) => Ok(()),
        Err(error @ tongban_store::StoreError::PackInThePast(_)) => {
            eprintln!("tongban: the catalogue in {} is not used: {error}", catalog.display());
            Ok(())
        }
        Err(tongban_store::StoreError::BadPack(problems)) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow::bail!("the catalogue is refused as a whole:\n{}", lines.join("\n"))
        }
        Err(error) => Err(error).context("cannot publish the catalogue"),
    }
}

/// The addresses of a node.
pub(crate) struct Listen<'a> {
    /// For everybody.
    pub(crate) pages: &'a str,
    /// For those who operate the node.
    pub(crate) operations: Option<&'a str>,
}

/// Serves until the process is told to stop, and does the works that are given.
pub(crate) fn run(
    (store, works): (Store, Option<Works>),
    settings: Settings,
    assets: &Path,
    listen: Listen<'_>,
    started: impl FnOnce(std::net::SocketAddr),
) -> anyhow::Result<()> {
    let app = App::new(store.clone(), settings, assets).context("cannot start the pages")?;
    let working = works.map(|works| works.start(&store)).transpose()?;
    let keys = KeyWorker::start(store.clone()).context("cannot start the worker")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(async {
        let bind = async |address: &str| {
            tokio::net::TcpListener::bind(address)
                .await
                .with_context(|| format!("cannot listen on {address}"))
        };
        let listener = bind(listen.pages).await?;
        if let Some(address) = listen.operations {
            let (listener, routes) = (bind(address).await?, tongban_web::operations(app.clone()));
            // It ends with the runtime.
            tokio::spawn(tongban_web::serve(listener, routes, std::future::pending()));
        }
        started(listener.local_addr()?);
        tongban_web::serve(listener, tongban_web::router(app), told_to_stop())
            .await
            .context("the server failed")
    })?;
    drop((working, keys));
    store.close();
    Ok(())
}

/// Until the process is interrupted or told to end.
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        let _ = interrupted.await;
        return;
    };
    tokio::select! {
        _ = interrupted => {}
        _ = terminated.recv() => {}
    }
}
