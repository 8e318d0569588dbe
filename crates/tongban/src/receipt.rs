//! `tongban verify-receipt`: needs the receipt and the node's public keys, nothing else.

use std::{fs, path::Path, process::ExitCode};

use anyhow::Context as _;
use tongban_domain::{
    acts::declaration,
    fact::{LAYOUT, Recorded},
    ids::ProjectId,
    time::Instant,
};
use tongban_journal::{Checkpoint, PublicKeys, Receipt};

/// Prints what is proved, or why nothing is; exit 1 then.
pub(crate) fn verify_receipt(receipt: &Path, keys: &Path) -> ExitCode {
    match lines(receipt, keys) {
        Ok(lines) => {
            lines.iter().for_each(|line| println!("{line}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("tongban: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn lines(receipt: &Path, keys: &Path) -> anyhow::Result<Vec<String>> {
    let keys: PublicKeys = text(keys)?.parse().context("the file of keys")?;
    let receipt: Receipt = text(receipt)?.parse().context("the receipt is refused")?;
    let Checkpoint { origin, roots, time } =
        *receipt.verify(&keys).context("the receipt is refused")?;
    let of = |leaf: u64| {
        format!("fact {leaf} of {origin}, {} facts, signed {}", roots.size, moment(Instant(time)))
    };
    let line = |(leaf, bytes): (u64, &[u8])| match Recorded::from_bytes(bytes) {
        Ok(recorded) if recorded.layout == LAYOUT => {
            let envelope = &recorded.envelope;
            let what = declaration(envelope.act_name).title;
            let stream = ProjectId::from_bytes(envelope.stream.id);
            format!("{}: {what}, {}, {stream}", of(leaf), moment(envelope.recorded_at))
        }
        // The proof holds, whatever a later program may have written.
        Ok(_) | Err(_) => format!("{}: {} bytes", of(leaf), bytes.len()),
    };
    Ok(receipt.leaves.iter().map(|proof| line((proof.leaf, &proof.bytes))).collect())
}

/// In the time of China, which is that of the journal's days.
fn moment(at: Instant) -> String {
    let (hour, minute) = at.hour_minute();
    format!("{} {hour:02}:{minute:02}", at.day())
}

/// Bytes that are no UTF-8 are no receipt; they are shown as such by what reads them.
fn text(path: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    String::from_utf8(bytes).with_context(|| format!("{} is no text", path.display()))
}
