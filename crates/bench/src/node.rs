//! The node under measurement: a process of its own, with a founded city.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use tongban_simulator::found_city;
use tongban_store::{NodeOptions, Store, SystemClock, read_pack};

use crate::Options;

pub(crate) struct Node {
    process: Child,
    pub(crate) address: String,
    data: PathBuf,
    database: Option<String>,
    /// From the start of the process until it listened.
    pub(crate) started: Duration,
    _output: BufReader<ChildStdout>,
}

impl Node {
    pub(crate) fn start(
        options: &Options,
        folder: &Path,
        database: Option<String>,
    ) -> anyhow::Result<Self> {
        let data = match &options.data {
            Some(data) => fs::canonicalize(data)?,
            None => found(&folder.join("node"), database.clone(), &options.catalog)?,
        };
        let of_database = |url: &String| format!("database = {url:?}\n");
        let of_group = |group: usize| format!("commit_group = {group}\n");
        let more = database.as_ref().map_or_else(String::new, of_database)
            + &options.group.map_or_else(String::new, of_group);
        let begun = Instant::now();
        let config = folder.join("node.toml");
        let absolute = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let text = format!(
            "data = {data:?}\nlisten = \"127.0.0.1:0\"\nplace = \"苏州市\"\ncatalog = {:?}\n\
             assets = {:?}\nsecure_cookies = false\nlimits = \"off\"\n{more}",
            absolute(&options.catalog),
            absolute(&options.assets),
        );
        fs::write(&config, text)?;
        let mut process = Command::new(&options.program)
            .args(["serve", "--config"])
            .arg(&config)
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the node")?;
        let mut output = BufReader::new(process.stdout.take().context("no output")?);
        let mut line = String::new();
        while output.read_line(&mut line)? > 0 {
            if let Some((_, address)) = line.trim().split_once("http://") {
                let (address, started) = (address.to_owned(), begun.elapsed());
                let _output = output;
                return Ok(Self { process, address, data, database, started, _output });
            }
            line.clear();
        }
        process.wait()?;
        anyhow::bail!("the node did not start")
    }

    /// The node's data, only looked at.
    pub(crate) fn look(&self) -> anyhow::Result<Store> {
        let clock = Arc::new(SystemClock { offset: 0 });
        Ok(Store::look_at(&self.data, self.database.as_deref(), clock)?)
    }

    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A new node with a city's departments and accounts.
fn found(data: &Path, database: Option<String>, catalog: &Path) -> anyhow::Result<PathBuf> {
    let clock = Arc::new(SystemClock { offset: 0 });
    let node = NodeOptions::new(data, 1, clock).on(database);
    let store = Store::open(node)?;
    store.publish_pack(&read_pack(catalog)?)?;
    found_city(&store, 320_500)?;
    store.close();
    Ok(data.to_owned())
}
