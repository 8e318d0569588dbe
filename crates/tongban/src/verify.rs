//! `tongban verify`.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use tongban_journal::{PublicKeys, Receipt, SignedCheckpoint};
use tongban_store::{Difference, Report, VerifyOptions};

use crate::place::Place;

type Outside<'a> = (&'a [PathBuf], &'a [PathBuf]);

fn run(
    place: &Place,
    (keys, checkpoints): Outside<'_>,
    files: bool,
) -> anyhow::Result<Result<Report, Difference>> {
    let keys = keys.iter().map(|path| {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        text.parse().with_context(|| path.display().to_string())
    });
    let keys = keys.collect::<anyhow::Result<Vec<PublicKeys>>>()?;
    let checkpoints = checkpoints.iter().map(|path| {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let receipt = text.parse::<Receipt>().map(|receipt| receipt.checkpoint);
        receipt.or_else(|_| text.parse()).with_context(|| path.display().to_string())
    });
    let checkpoints = checkpoints.collect::<anyhow::Result<Vec<SignedCheckpoint>>>()?;
    let store = place.look().context("cannot open the node")?;
    store.verify(&VerifyOptions { keys, checkpoints, files }).context("cannot read the journal")
}

/// Prints what was checked, or the first difference; exit 1 when there is one.
pub(crate) fn verify(place: &Place, outside: Outside<'_>, files: bool) -> ExitCode {
    match run(place, outside, files) {
        Ok(Ok(report)) => {
            let hex = |bytes: &[u8]| -> String {
                bytes.iter().map(|byte| format!("{byte:02x}")).collect()
            };
            println!(
                "clean: {} facts, {} checkpoints, {} projects, {} projection rows, {} messages, \
                 {} sealed values, {} packs",
                report.facts,
                report.checkpoints,
                report.projects,
                report.rows,
                report.messages,
                report.sealed,
                report.packs
            );
            match report.facts - report.signed {
                0 => {}
                left => println!("{left} facts at the end are not covered by a checkpoint"),
            }
            if report.unread > 0 {
                println!(
                    "{} encrypted rows were not read: their keys are not there",
                    report.unread
                );
            }
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
