//! A node on which a small city lived.
#![allow(dead_code, clippy::allow_attributes, reason = "not every test needs every helper")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{path::Path, sync::Arc};

use tongban_domain::{catalog::SourceFile, time::Day};
use tongban_simulator::{Options, Simulation, found_city};
use tongban_store::{Difference, NodeOptions, Store, VerifyOptions, VirtualClock};

pub(crate) fn pack() -> Vec<SourceFile> {
    tongban_store::read_pack(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/jiangsu"))
        .unwrap()
}

pub(crate) fn open(folder: &Path) -> (Store, Arc<VirtualClock>) {
    open_at(folder, "2026-01-05".parse().unwrap())
}

pub(crate) fn open_at(folder: &Path, first: Day) -> (Store, Arc<VirtualClock>) {
    let clock = Arc::new(VirtualClock::at(first.at(0, 0)));
    let options =
        NodeOptions { data: folder.to_owned(), node: 1, clock: clock.clone(), seed: Some(3) };
    (Store::open(options).unwrap(), clock)
}

/// A node on which a small city lived for a while.
pub(crate) fn lived(folder: &Path) -> Store {
    let (store, clock) = open(folder);
    store.publish_pack(&pack()).unwrap();
    let city = found_city(&store, 320_500).unwrap();
    let from = "2026-01-05".parse().unwrap();
    let options = Options { city, projects: 10, days: 120, seed: 3, from };
    Simulation::new(&store, clock, options).run(|_| ()).unwrap();
    store
}

pub(crate) fn database(folder: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(folder.join("node.db")).unwrap()
}

pub(crate) fn verify(store: &Store) -> Result<u64, Difference> {
    store.verify(&VerifyOptions::default()).unwrap().map(|report| report.facts)
}
