//! A node as a process of its own.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use tongban_simulator::found_city;
use tongban_store::{NodeOptions, Store, SystemClock, VerifyOptions, read_pack};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where a node is: its data directory, and its database when that is on a server.
pub(crate) struct Place {
    pub(crate) data: PathBuf,
    pub(crate) database: Option<String>,
}

impl Place {
    pub(crate) fn in_file(data: PathBuf) -> Self {
        Self { data, database: None }
    }

    /// Makes a node with a city's departments and accounts.
    pub(crate) fn found(&self) -> anyhow::Result<()> {
        let clock = Arc::new(SystemClock { offset: 0 });
        let options = NodeOptions::new(&self.data, 1, clock).on(self.database.clone());
        let store = Store::open(options)?;
        store.publish_pack(&read_pack(&repository().join("catalog/jiangsu"))?)?;
        found_city(&store, 320_500)?;
        store.close();
        Ok(())
    }

    /// The node, only looked at.
    pub(crate) fn look(&self) -> anyhow::Result<Store> {
        let clock = Arc::new(SystemClock { offset: 0 });
        Ok(Store::look_at(&self.data, self.database.as_deref(), clock)?)
    }

    /// Everything the node can check about itself.
    pub(crate) fn verify(&self) -> anyhow::Result<()> {
        let options = VerifyOptions { files: true, ..VerifyOptions::default() };
        self.look()?.verify(&options)??;
        Ok(())
    }
}

/// A running node.
pub(crate) struct Node {
    process: Child,
    pub(crate) address: String,
    /// Kept open: a node whose output nobody takes any more would end by itself.
    _output: BufReader<ChildStdout>,
}

impl Node {
    /// Starts the program on a node, under `strace` with these arguments when given.
    pub(crate) fn start(binary: &Path, place: &Place, strace: &[&str]) -> anyhow::Result<Self> {
        let Place { data, database } = place;
        let config = data.with_extension("toml");
        let database = database.as_ref();
        let database = database.map_or_else(String::new, |it| format!("database = {it:?}\n"));
        let text = format!(
            "{database}data = {:?}\nlisten = \"127.0.0.1:0\"\nplace = \"苏州市\"\ncatalog = {:?}\nassets = \
             {:?}\nsecure_cookies = false\nlimits = \"off\"\n",
            data,
            repository().join("catalog/jiangsu"),
            repository().join("web/dist"),
        );
        fs::write(&config, text)?;
        let binary = fs::canonicalize(binary).context("build the program under test first")?;
        let mut command = if strace.is_empty() {
            Command::new(binary)
        } else {
            let mut command = Command::new("strace");
            command
                .args(["-f", "-qq", "--seccomp-bpf", "-o", "/dev/null"])
                .args(strace)
                .arg(binary);
            command
        };
        let mut process = command
            .args(["serve", "--config"])
            .arg(&config)
            .env("TONGBAN_LOG", "off")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("strace and the program have to be installed")?;
        let output = process.stdout.take().context("no output")?;
        let mut output = BufReader::new(output);
        let mut line = String::new();
        while output.read_line(&mut line)? > 0 {
            if let Some((_, address)) = line.trim().split_once("http://") {
                return Ok(Self { process, address: address.to_owned(), _output: output });
            }
            line.clear();
        }
        let _ = process.kill();
        process.wait()?;
        anyhow::bail!("the node did not start")
    }

    /// Waits until it has ended by itself; false when it has not by then.
    pub(crate) fn ends_within(&mut self, patience: Duration) -> anyhow::Result<bool> {
        let begun = Instant::now();
        while self.process.try_wait()?.is_none() {
            if begun.elapsed() > patience {
                return Ok(false);
            }
            sleep(Duration::from_millis(10));
        }
        Ok(true)
    }

    /// SIGKILL, and everything it started with it.
    pub(crate) fn kill(mut self) -> anyhow::Result<()> {
        // Under strace the node is a child of strace, which dies with it the other way round.
        let children =
            Command::new("pkill").args(["-KILL", "-P", &self.process.id().to_string()]).status();
        children.context("procps has to be installed")?;
        let _ = self.process.kill();
        self.process.wait()?;
        Ok(())
    }
}
