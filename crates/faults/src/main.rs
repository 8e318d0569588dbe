//! Faults against a real node, each with a client that keeps a list of what was acknowledged:
//! every acknowledged act must be there once, and no other may be.
//!
//! The short form runs with all other tests; `--long` is for an evening.

mod damage;
mod disk;
mod full;
mod kills;
mod ledger;
mod load;
mod node;
mod postgres;
mod power;
mod write_error;

use std::{path::PathBuf, process::ExitCode, time::Instant};

use clap::{Parser, ValueEnum};

#[derive(Parser)]
#[command(about = "Kills, power cuts, broken and full disks, against a real node")]
struct Arguments {
    /// Which; all without it.
    fault: Vec<Fault>,
    /// Many more of each.
    #[arg(long)]
    long: bool,
    /// The program under test.
    #[arg(long, default_value = "target/debug/tongban")]
    binary: PathBuf,
    /// Where chance begins; printed, so that a run can be repeated.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fault {
    /// SIGKILL at random moments and at named system calls.
    Kills,
    /// A disk that forgets what was not flushed.
    Power,
    /// A flush that fails.
    WriteError,
    /// A disk without room.
    Full,
    /// Flipped and missing bytes.
    Damage,
    /// A PostgreSQL server that is killed, and processes that share it.
    Postgres,
}

/// What every fault gets.
struct Rig {
    binary: PathBuf,
    long: bool,
    chance: Chance,
}

/// Numbers that look like chance and can be had again (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let all = Fault::value_variants();
    let chosen = if arguments.fault.is_empty() { all } else { &arguments.fault };
    let mut failed = false;
    for fault in chosen {
        let name =
            fault.to_possible_value().map_or_else(String::new, |it| it.get_name().to_owned());
        let mut rig = Rig {
            binary: arguments.binary.clone(),
            long: arguments.long,
            chance: Chance(arguments.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
        };
        let begun = Instant::now();
        let done = match fault {
            Fault::Kills => kills::run(&mut rig),
            Fault::Power => power::run(&mut rig),
            Fault::WriteError => write_error::run(&mut rig),
            Fault::Full => full::run(&mut rig),
            Fault::Damage => damage::run(&mut rig),
            Fault::Postgres => postgres::run(&mut rig),
        };
        let seconds = begun.elapsed().as_secs();
        match done {
            Ok(told) => println!("{name}: {told} ({seconds} s)"),
            Err(error) => {
                println!("{name}: FAILED with seed {}: {error:#}", arguments.seed);
                failed = true;
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
