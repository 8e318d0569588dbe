//! A flush that fails is never taken back into success: the node stops writing, goes on reading,
//! and is restarted from what is on the disk.

use std::{
    sync::{Mutex, PoisonError, atomic::AtomicBool},
    thread::sleep,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::{
    Rig,
    ledger::Ledger,
    load::{Load, request, under_load},
    node::{Node, Place},
};

/// Rounds in the short and the long form: the flush at which the disk breaks.
const SHORT: u32 = 8;
const LONG: u32 = 400;

pub(crate) fn run(rig: &mut Rig) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let place = Place::in_file(folder.path().join("node"));
    place.found()?;
    let ledger = Mutex::new(Ledger::default());
    let rounds = if rig.long { LONG } else { SHORT };
    let mut broken = 0;
    for _ in 0..rounds {
        // Two logins and some acts are flushed before; everything afterwards fails.
        let first = 8 + rig.chance.below(30);
        let inject = format!("inject=fsync,fdatasync:error=EIO:when={first}+");
        let node = Node::start(&rig.binary, &place, &["-e", &inject])?;
        let address = node.address.clone();
        under_load(&address, &ledger, 3, || {
            sleep(Duration::from_millis(1_000));
            Ok(())
        })?;
        let stop = AtomicBool::new(false);
        let load = Load::begin(&address, &ledger, &stop);
        if let Ok(load) = &load {
            // A busy machine may not have come to that flush yet: each act is one more.
            ensure!((0..first).any(|_| !load.one()), "the disk did not break");
        }
        broken += u32::from(load.is_err());
        // Nothing is acknowledged any more, and reading goes on.
        let known = ledger.lock().unwrap_or_else(PoisonError::into_inner).acknowledged();
        if let Ok(load) = &load {
            ensure!(!load.one(), "an act was acknowledged after a failed flush");
        }
        let read = request(&address, ("", ""), ("GET", "/items"), &Value::Null);
        let read = read.context("nobody answers any more")?;
        ensure!(read.status == 200, "reading stopped: {}", read.status);
        let now = ledger.lock().unwrap_or_else(PoisonError::into_inner);
        ensure!(now.acknowledged() == known, "acknowledged after the failure");
        node.kill()?;
        now.check(&place)?;
        place.verify()?;
    }
    ensure!(broken > 0, "no flush failed: the rig is none");
    let ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    let acts = ledger.acknowledged();
    Ok(format!("{rounds} disks broke at a flush; {acts} acknowledged acts, each there once"))
}
