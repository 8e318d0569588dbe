//! SIGKILL, at random moments and at system calls named by number.

use std::{
    sync::{Mutex, PoisonError, atomic::AtomicBool},
    thread::sleep,
    time::Duration,
};

use anyhow::ensure;

use crate::{
    Rig,
    ledger::Ledger,
    load::{Load, under_load},
    node::{Node, Place},
};

/// Kills in the short form, and how many of them at named points.
const SHORT: (u32, u32) = (200, 40);
const LONG: (u32, u32) = (5_000, 1_000);

/// Where a commit can be cut: before a write to the log, before and between flushes. A load that
/// only acts reaches no others.
const POINTS: [&str; 2] = ["pwrite64", "fdatasync,fsync"];

/// How long a named point may take to be reached, on a busy machine too. When many are never
/// reached the run fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Everything is checked every so many kills; what was acknowledged after each.
const VERIFY_EVERY: u32 = 25;

pub(crate) fn run(rig: &mut Rig) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let place = Place::in_file(folder.path().join("node"));
    place.found()?;
    let ledger = Mutex::new(Ledger::default());
    let (kills, named) = if rig.long { LONG } else { SHORT };
    let (mut aimed, mut reached) = (0, 0);
    for kill in 0..kills {
        // Spread over the run, so that named points meet every age of the journal.
        if kill % (kills / named) == 0 {
            let point = POINTS[rig.chance.below(POINTS.len() as u64) as usize];
            let number = rig.chance.below(40) + 1;
            let inject = format!("inject={point}:signal=KILL:when={number}");
            let node = Node::start(&rig.binary, &place, &["-e", &inject]);
            aimed += 1;
            match node {
                // It died before it listened: that is a point, too.
                Err(_) => reached += 1,
                Ok(mut node) => {
                    let address = node.address.clone();
                    // The calls end by themselves when the point is reached: between acts, or
                    // already at the logins, which then fail.
                    let acted = under_load(&address, &ledger, 4, || node.ends_within(PATIENCE));
                    let ended = match acted {
                        Ok(ended) => ended,
                        Err(_) => node.ends_within(PATIENCE)?,
                    };
                    reached += u32::from(ended);
                    node.kill()?;
                }
            }
        } else {
            let node = Node::start(&rig.binary, &place, &[])?;
            let address = node.address.clone();
            let life = Duration::from_millis(rig.chance.below(120));
            under_load(&address, &ledger, 4, || {
                sleep(life);
                node.kill()
            })?;
        }
        let ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.check(&place)?;
        if kill % VERIFY_EVERY == 0 {
            place.verify()?;
        }
    }
    let repeated = repeat(rig, &place, &ledger)?;
    place.verify()?;
    let ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    let acts = ledger.acknowledged();
    ensure!(reached * 4 > aimed * 3, "of {aimed} named points only {reached} were reached");
    ensure!(acts > kills as usize, "the node took acts between the kills: {acts}");
    Ok(format!(
        "{kills} kills, {reached} of them at named system calls; {acts} acknowledged acts, \
         each there once, {repeated} of them when they were asked for again"
    ))
}

/// What was sent and not acknowledged is asked for again under the same keys: it happens if it had
/// not, and is answered as it would have been if it had.
pub(crate) fn repeat(rig: &Rig, place: &Place, ledger: &Mutex<Ledger>) -> anyhow::Result<usize> {
    let node = Node::start(&rig.binary, place, &[])?;
    let open = ledger.lock().unwrap_or_else(PoisonError::into_inner).open();
    let stop = AtomicBool::new(false);
    let load = Load::begin(&node.address, ledger, &stop)?;
    for code in &open {
        ensure!(load.again(code.clone()), "{code} could not be asked for again");
    }
    node.kill()?;
    ledger.lock().unwrap_or_else(PoisonError::into_inner).check(place)?;
    Ok(open.len())
}
