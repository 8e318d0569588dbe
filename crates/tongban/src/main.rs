//! `tongban`: the node, with its roles as sub-commands.

mod backup;
mod bench;
mod config;
mod conformance;
mod demo;
mod document;
mod init;
mod packs;
mod password;
mod person_keys;
mod place;
mod press;
mod receipt;
mod serve;
mod simulate;
mod verify;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use place::Place;

/// Folding and deciding make and drop many small things on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 通办 — 工程建设项目审批管理系统.
#[derive(Parser)]
#[command(version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the node.
    Serve {
        /// The configuration file (TOML).
        #[arg(long)]
        config: PathBuf,
    },
    /// Only carry out legal timers and deliver messages, for a node on a database that several
    /// processes share.
    Work {
        /// The configuration file (TOML).
        #[arg(long)]
        config: PathBuf,
    },
    /// Make the node of a city, county or zone: the provincial pack unchanged, departments with
    /// their default names, four administrators.
    Init(init::Options),
    /// Fill an empty data directory by simulating a city, then serve it.
    Demo(demo::Options),
    /// Check a catalogue; print every problem with file and line.
    CheckCatalog {
        /// The pack's folder.
        directory: PathBuf,
        /// A folder with the overlay of a city or county; may be given several times.
        #[arg(long)]
        overlay: Vec<PathBuf>,
    },
    /// Run a city in virtual time and check what must hold; the same seed gives the same roots.
    Simulate(simulate::Options),
    /// Fold the journal of a node, a copy or a backup again and compare it with everything that was
    /// derived from it. Nothing is written.
    Verify {
        #[command(flatten)]
        place: Place,
        /// Public keys that were kept outside of the node; may be given several times.
        #[arg(long)]
        keys: Vec<PathBuf>,
        /// A checkpoint that was kept outside of the node, or a receipt, which carries one; may be
        /// given several times.
        #[arg(long)]
        checkpoint: Vec<PathBuf>,
        /// Read every uploaded file as well.
        #[arg(long)]
        files: bool,
    },
    /// Check a receipt with the node's public keys, without the node.
    VerifyReceipt {
        /// The receipt.
        receipt: PathBuf,
        /// The public keys, as the node publishes them at /journal/keys.
        #[arg(long)]
        keys: PathBuf,
    },
    /// Check a document with its signature, without the node.
    VerifyDocument {
        /// The document, PDF or OFD.
        file: PathBuf,
        /// Its signature, as the node gives it at /verify/…/signature.
        #[arg(long)]
        signature: PathBuf,
        /// The receipt of the act that issued it.
        #[arg(long)]
        receipt: PathBuf,
        /// The public keys, as the node publishes them at /journal/keys.
        #[arg(long)]
        keys: PathBuf,
    },
    /// Write a backup while the node works.
    Backup {
        #[command(flatten)]
        place: Place,
        /// The folder to be made.
        #[arg(long)]
        to: PathBuf,
    },
    /// Put a backup in place: in a data directory to be made, and an empty database if one is
    /// named. So a node also moves from one kind of database to the other.
    Restore {
        /// The backup.
        #[arg(long)]
        from: PathBuf,
        #[command(flatten)]
        place: Place,
        /// The folder in which the folder `persons` with the keys was kept.
        #[arg(long)]
        keys: Option<PathBuf>,
    },
    /// Keys under which personal data is encrypted: say how much is under which, draw a new one, or
    /// take away one that is in use no more. The node may be running and goes over by itself.
    PersonKeys {
        #[command(flatten)]
        place: Place,
        /// Draw a new key.
        #[arg(long, conflicts_with = "forget")]
        add: bool,
        /// Take this key away.
        #[arg(long)]
        forget: Option<u16>,
    },
    /// Give an account a temporary password and take its phone off, for administrators who have no
    /// other one to ask. A node on SQLite has to be stopped.
    Password {
        /// The configuration file (TOML).
        #[arg(long)]
        config: PathBuf,
        /// Login name.
        login: String,
    },
    /// Measure a node over loopback, beside what the machine can do at all.
    Bench(bench::Options),
    /// Play the platform against the system of a department, to see whether it conforms.
    Conformance(conformance::Options),
    /// Print the OpenAPI document of the JSON API.
    Openapi,
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("TONGBAN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // For people, or one JSON object a line for programs.
    if std::env::var("TONGBAN_LOG_FORMAT").is_ok_and(|format| format == "json") {
        log.json().init();
    } else {
        log.init();
    }
    let done = match Arguments::parse().command {
        Command::Serve { config } => serve::serve(&config),
        Command::Work { config } => serve::work(&config),
        Command::Init(options) => init::init(&options),
        Command::Demo(options) => demo::demo(&options),
        Command::CheckCatalog { directory, overlay } => {
            return packs::check(&directory, &overlay);
        }
        Command::Simulate(options) => simulate::simulate(&options),
        Command::Verify { place, keys, checkpoint, files } => {
            return verify::verify(&place, (&keys, &checkpoint), files);
        }
        Command::VerifyReceipt { receipt, keys } => {
            return receipt::verify_receipt(&receipt, &keys);
        }
        Command::VerifyDocument { file, signature, receipt, keys } => {
            return document::verify_document(&file, &signature, (&receipt, &keys));
        }
        Command::Backup { place, to } => backup::backup(&place, &to),
        Command::Restore { from, place, keys } => backup::restore(&from, &place, keys.as_deref()),
        Command::PersonKeys { place, add, forget } => person_keys::run(&place, add, forget),
        Command::Password { config, login } => password::run(&config, &login),
        Command::Bench(options) => bench::bench(options),
        Command::Conformance(options) => conformance::run(&options),
        Command::Openapi => {
            println!("{:#}", tongban_web::openapi_document());
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The chain once, at the boundary.
            eprintln!("tongban: {error:#}");
            ExitCode::FAILURE
        }
    }
}
