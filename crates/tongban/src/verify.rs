//! `tongban verify`.

use std::{path::Path, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use tongban_store::{Difference, NodeOptions, Report, Store, SystemClock};

fn run(data: &Path) -> anyhow::Result<Result<Report, Difference>> {
    anyhow::ensure!(data.join("node.db").exists(), "there is no node in {}", data.display());
    let clock = Arc::new(SystemClock { offset: 0 });
    let options = NodeOptions { data: data.to_owned(), node: 1, clock, seed: None };
    let store = Store::open(options).context("cannot open the node")?;
    let verified = store.verify().context("cannot read the journal")?;
    store.close();
    Ok(verified)
}

/// Prints what was checked, or the first difference; exit 1 when there is one.
pub(crate) fn verify(data: &Path) -> ExitCode {
    match run(data) {
        Ok(Ok(report)) => {
            let hex = |bytes: &[u8]| -> String {
                bytes.iter().map(|byte| format!("{byte:02x}")).collect()
            };
            println!(
                "clean: {} facts, {} projects, {} projection rows, {} messages",
                report.facts, report.projects, report.rows, report.messages
            );
            println!("SM3 root     {}", hex(&report.roots.sm3));
            println!("SHA-256 root {}", hex(&report.roots.sha256));
            ExitCode::SUCCESS
        }
        Ok(Err(difference)) => {
            println!("NOT clean: {difference}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("tongban: {error:#}");
            ExitCode::FAILURE
        }
    }
}
