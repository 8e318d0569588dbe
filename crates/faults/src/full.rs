//! A disk without room: writes are refused with a sentence, reading goes on, and with room the
//! node goes on by itself.

use std::{fs, path::Path, sync::Mutex, sync::PoisonError, sync::atomic::AtomicBool};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::{
    Rig,
    disk::command,
    ledger::Ledger,
    load::{Load, request},
    node::{Node, Place},
};

/// A file system in memory of a fixed size; put away when dropped.
struct Small<'a>(&'a Path);

impl<'a> Small<'a> {
    fn mount(place: &'a Path, megabytes: u32) -> anyhow::Result<Self> {
        fs::create_dir_all(place)?;
        let size = format!("size={megabytes}m");
        command("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", &place.to_string_lossy()])?;
        Ok(Self(place))
    }
}

impl Drop for Small<'_> {
    fn drop(&mut self) {
        let _ = command("umount", &["-l", &self.0.to_string_lossy()]);
    }
}

pub(crate) fn run(rig: &mut Rig) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let disk = folder.path().join("small");
    let _small = Small::mount(&disk, 48)?;
    let place = Place::in_file(disk.join("node"));
    place.found()?;
    let node = Node::start(&rig.binary, &place, &[])?;
    let (ledger, stop) = (Mutex::new(Ledger::default()), AtomicBool::new(false));
    let rounds = if rig.long { 40 } else { 4 };
    let load = Load::begin(&node.address, &ledger, &stop)?;
    let ballast = disk.join("ballast");
    let mut refused = 0;
    for round in 0..rounds {
        for _ in 0..5 {
            ensure!(load.one(), "round {round}: an act was refused with room on the disk");
        }
        fill(&ballast)?;
        while load.one() {}
        refused += 1;
        let by = (load.owner.as_str(), "full");
        let (_, answer) = load.register();
        let answer = answer.context("nobody answers a write")?;
        let sentence = answer.body["error"]["message"].as_str().unwrap_or_default();
        ensure!(answer.status == 503 && sentence.contains("存储空间已满"), "{sentence}");
        let read = request(&node.address, by, ("GET", "/projects"), &Value::Null);
        let read = read.context("nobody answers a read")?;
        ensure!(read.status == 200, "reading stopped: {}", read.status);
        fs::remove_file(&ballast)?;
    }
    ensure!(load.one(), "with room again, the node does not go on by itself");
    node.kill()?;
    let ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    ledger.check(&place)?;
    place.verify()?;
    let acts = ledger.acknowledged();
    Ok(format!("full {refused} times; {acts} acknowledged acts, each there once; reading went on"))
}

/// Takes all the room there is.
fn fill(ballast: &Path) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut file = fs::File::create(ballast)?;
    for size in [1 << 20, 1 << 12] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
    Ok(())
}
