//! `tongban backup` and `tongban restore`.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use tongban_store::{Report, Store, SystemClock, VerifyOptions};

use crate::place::Place;

/// Writes a backup while the node may be working, and checks it.
pub(crate) fn backup(place: &Place, to: &Path) -> anyhow::Result<()> {
    let store = place.look().context("cannot open the node")?;
    store.backup(to).context("cannot write the backup")?;
    let report = checked(to, &place.data).context("the backup was written and is not good")?;
    println!(
        "backup of {} facts and {} files in {}; no key is in it: keep {} and {} apart, without the \
         second nothing about persons can be read",
        report.facts,
        report.files,
        to.display(),
        place.data.join("journal.key").display(),
        place.data.join("persons").display(),
    );
    Ok(())
}

/// Puts a backup in place. The node raises its epoch when it is started.
pub(crate) fn restore(from: &Path, place: &Place, keys: Option<&Path>) -> anyhow::Result<()> {
    let report = checked(from, keys.unwrap_or(from))
        .context("the backup is not good; nothing was restored")?;
    tongban_store::restore(from, &place.data, place.database.as_deref(), keys)
        .context("cannot restore")?;
    println!(
        "restored {} facts and {} files to {}; at its start the node begins a new epoch, and new \
         keys of the journal unless journal.key is put back first",
        report.facts,
        report.files,
        place.data.display(),
    );
    if keys.is_none() {
        println!("before that, put the folder `persons` with its keys there");
    }
    Ok(())
}

/// Checks a backup with the keys that lie beside a node.
fn checked(backup: &Path, keys: &Path) -> anyhow::Result<Report> {
    let clock = Arc::new(SystemClock { offset: 0 });
    let options = VerifyOptions { files: true, ..VerifyOptions::default() };
    Ok(Store::open_backup(backup, keys, clock)?.verify(&options)??)
}
