//! The power goes. What was acknowledged is on the disk.

use std::{
    sync::{Mutex, PoisonError},
    thread::sleep,
    time::Duration,
};

use anyhow::ensure;

use crate::{
    Rig,
    disk::Image,
    ledger::Ledger,
    load::under_load,
    node::{Node, Place},
};

/// Cuts in the short and the long form.
const SHORT: u32 = 30;
const LONG: u32 = 1_000;

pub(crate) fn run(rig: &mut Rig) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let lost = lost_without_flush(folder.path())?;
    ensure!(lost > 0, "the rig is none: nothing was lost with synchronous = NORMAL");
    let image = Image::make(folder.path(), 512)?;
    let place = Place::in_file(image.mount().join("node"));
    let ledger = Mutex::new(Ledger::default());
    let cuts = if rig.long { LONG } else { SHORT };
    let power = image.power_on()?;
    place.found()?;
    // What is made before the first cut is flushed like everything else; nothing is helped along.
    power.cut()?;
    for cut in 0..cuts {
        let power = image.power_on()?;
        let node = Node::start(&rig.binary, &place, &[])?;
        let address = node.address.clone();
        let life = Duration::from_millis(50 + rig.chance.below(400));
        under_load(&address, &ledger, 4, || {
            sleep(life);
            power.cut()?;
            // Acts that are answered after the cut would have to be there as well.
            sleep(Duration::from_millis(20));
            node.kill()
        })?;
        let power = image.power_on()?;
        let known = ledger.lock().unwrap_or_else(PoisonError::into_inner);
        known.check(&place)?;
        if cut % 5 == 0 {
            place.verify()?;
        }
        drop(power);
    }
    let _power = image.power_on()?;
    place.verify()?;
    let ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    let acts = ledger.acknowledged();
    ensure!(acts > cuts as usize, "the node took acts between the cuts: {acts}");
    Ok(format!(
        "{cuts} cuts; {acts} acknowledged acts, each there once; the same disk lost {lost} of 300 \
         rows of a database that does not flush"
    ))
}

/// The rig proves itself: rows of a database with `synchronous = NORMAL` are lost with the power.
fn lost_without_flush(folder: &std::path::Path) -> anyhow::Result<i64> {
    const ROWS: i64 = 300;
    let folder = folder.join("control");
    std::fs::create_dir_all(&folder)?;
    let image = Image::make(&folder, 64)?;
    let path = image.mount().join("control.db");
    let power = image.power_on()?;
    let connection = rusqlite::Connection::open(&path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (n INTEGER); \
         PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = NORMAL;",
    )?;
    for row in 0..ROWS {
        connection.execute("INSERT INTO rows (n) VALUES (?1)", [row])?;
    }
    power.cut()?;
    drop(connection);
    let _power = image.power_on()?;
    let connection = rusqlite::Connection::open(&path)?;
    let kept: i64 = connection.query_row("SELECT COUNT(*) FROM rows", [], |row| row.get(0))?;
    Ok(ROWS - kept)
}
