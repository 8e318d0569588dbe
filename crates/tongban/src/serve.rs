//! `tongban serve`, and the serving part of the demo.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use tongban_store::{Inbox, NodeOptions, Store, SystemClock};
use tongban_web::{App, Settings};
use tongban_worker::Worker;

use crate::{config, packs};

/// Runs a node from its configuration file.
pub(crate) fn serve(path: &Path) -> anyhow::Result<()> {
    let config = config::read(path)?;
    let clock = Arc::new(SystemClock { offset: 0 });
    let options = NodeOptions::new(&config.data, config.node, clock);
    let store = Store::open(options).context("cannot open the node")?;
    publish(&store, &config.catalog, &config.overlays)?;
    let settings =
        Settings { place: config.place, demo: None, secure_cookies: config.secure_cookies };
    let listen = Listen { pages: &config.listen, operations: config.operations.as_deref() };
    run(store, settings, &config.assets, listen, |address| {
        println!("tongban listens on http://{address}");
    })
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

/// Serves until the process is told to stop.
pub(crate) fn run(
    store: Store,
    settings: Settings,
    assets: &Path,
    listen: Listen<'_>,
    started: impl FnOnce(std::net::SocketAddr),
) -> anyhow::Result<()> {
    let app = App::new(store.clone(), settings, assets).context("cannot start the pages")?;
    let worker =
        Worker::start(store.clone(), Box::new(Inbox)).context("cannot start the worker")?;
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
        let stop = async {
            let interrupted = tokio::signal::ctrl_c();
            let Ok(mut terminated) =
                tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            else {
                let _ = interrupted.await;
                return;
            };
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        };
        tongban_web::serve(listener, tongban_web::router(app), stop)
            .await
            .context("the server failed")
    })?;
    drop(worker);
    store.close();
    Ok(())
}
