//! `tongban verify`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context as _;
use tongban_journal::PublicKeys;
use tongban_store::{Difference, Report, Store, SystemClock, VerifyOptions};

fn run(data: &Path, keys: &[PathBuf], files: bool) -> anyhow::Result<Result<Report, Difference>> {
    let keys = keys.iter().map(|path| {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        text.parse().with_context(|| path.display().to_string())
    });
    let keys = keys.collect::<anyhow::Result<Vec<PublicKeys>>>()?;
    let clock = Arc::new(SystemClock { offset: 0 });
    let store = Store::open_copy(data, clock).context("cannot open the node")?;
    store.verify(&VerifyOptions { keys, files }).context("cannot read the journal")
}

/// Prints what was checked, or the first difference; exit 1 when there is one.
pub(crate) fn verify(data: &Path, keys: &[PathBuf], files: bool) -> ExitCode {
    match run(data, keys, files) {
        Ok(Ok(report)) => {
            let hex = |bytes: &[u8]| -> String {
                bytes.iter().map(|byte| format!("{byte:02x}")).collect()
            };
            println!(
                "clean: {} facts, {} checkpoints, {} projects, {} projection rows, {} messages, \
                 {} sealed values",
                report.facts,
                report.checkpoints,
                report.projects,
                report.rows,
                report.messages,
                report.sealed
            );
            if files {
                println!("{} uploaded files", report.files);
            }
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
