//! PostgreSQL killed and started again, and processes of the node killed, under load: two processes
//! serve, both on one database.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{scope, sleep},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tongban_private_postgres::PrivatePostgres;

use crate::{
    Rig,
    kills::repeat,
    ledger::Ledger,
    load::{Load, request},
    node::{Node, Place},
};

/// Rounds in the short and the long form.
const SHORT: u32 = 12;
const LONG: u32 = 300;

/// Clients of each process.
const CLIENTS: usize = 3;

pub(crate) fn run(rig: &mut Rig) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let server = PrivatePostgres::start()?;
    let database = Some(server.new_database()?);
    let place = Place { data: folder.path().join("node"), database };
    place.found()?;
    let ledger = Mutex::new(Ledger::default());
    let rounds = if rig.long { LONG } else { SHORT };
    let (mut servers, mut processes) = (0, 0);
    let mut nodes = vec![start(rig, &place)?, start(rig, &place)?];
    for round in 0..rounds {
        let life = Duration::from_millis(100 + rig.chance.below(500));
        let victim = (round % 3 == 2).then(|| nodes.remove(0));
        let addresses: Vec<String> =
            nodes.iter().chain(&victim).map(|node| node.address.clone()).collect();
        under_load(&addresses, &ledger, || {
            sleep(life);
            match victim {
                Some(node) => {
                    processes += 1;
                    node.kill()
                }
                None => {
                    servers += 1;
                    server.kill()?;
                    // Nobody who only looks at the catalogue has to notice.
                    let read = request(&addresses[0], ("", ""), ("GET", "/items"), &Value::Null);
                    let read = read.context("nobody answers without the database")?;
                    ensure!(read.status == 200, "the catalogue was not shown: {}", read.status);
                    Ok(server.run()?)
                }
            }
        })?;
        if nodes.len() < 2 {
            nodes.push(start(rig, &place)?);
        }
        ledger.lock().unwrap_or_else(PoisonError::into_inner).check(&place)?;
    }
    for node in nodes {
        node.kill()?;
    }
    let repeated = repeat(rig, &place, &ledger)?;
    place.verify()?;
    let ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    let acts = ledger.acknowledged();
    ensure!(acts > 10 * rounds as usize, "the processes took acts between the kills: {acts}");
    Ok(format!(
        "the server killed {servers} times, one of two processes {processes} times; {acts} \
         acknowledged acts, each there once, {repeated} of them when they were asked for again"
    ))
}

fn start(rig: &Rig, place: &Place) -> anyhow::Result<Node> {
    Node::start(&rig.binary, place, &[])
}

/// Loads several processes, does something meanwhile, lets them go on for a while.
fn under_load(
    addresses: &[String],
    ledger: &Mutex<Ledger>,
    meanwhile: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let stop = AtomicBool::new(false);
    let loads: Vec<Load<'_>> = addresses
        .iter()
        .map(|address| Load::begin(address, ledger, &stop))
        .collect::<anyhow::Result<_>>()?;
    scope(|scope| {
        for load in &loads {
            for _ in 0..CLIENTS {
                scope.spawn(|| load.run_on());
            }
        }
        let done = meanwhile();
        sleep(Duration::from_millis(500));
        stop.store(true, Ordering::Relaxed);
        done
    })
}
