//! `tongban verify-document`: needs the file, its signature, the receipt of the act that issued it
//! and the node's public keys. A signature alone proves nothing: anybody can make a key. The receipt
//! shows that the authority put just this file and this key on record, and what is told comes from
//! the fact in it.

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use sm3::Digest as _;
use tongban_domain::{
    document::Issued,
    fact::{Fact, Recorded},
    project::ProjectFact,
};
use tongban_journal::{PublicKey, PublicKeys, Receipt};

/// A signature apart from its file, as a node gives it.
#[derive(Deserialize)]
struct Signature {
    format: String,
    document: String,
    size: u64,
    sm3: String,
    algorithm: String,
    key: String,
    signature: String,
}

/// Prints what is proved, or why nothing is; exit 1 then.
pub(crate) fn verify_document(file: &Path, signature: &Path, record: (&Path, &Path)) -> ExitCode {
    match lines(file, signature, record) {
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

fn lines(
    file: &Path,
    signature: &Path,
    (receipt, keys): (&Path, &Path),
) -> anyhow::Result<Vec<String>> {
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = fs::read_to_string(signature)
        .with_context(|| format!("cannot read {}", signature.display()))?;
    let signed: Signature = serde_json::from_str(&text).context("this is no signature file")?;
    ensure!(signed.format == "tongban-document-signature/1", "a signature of an unknown format");
    ensure!(signed.algorithm == "SM2-SM3", "signed in a way that is not known here");
    let key: [u8; 65] = bytes(&signed.key).context("the key in the signature file is none")?;
    let value: [u8; 64] = bytes(&signed.signature).context("there is no signature in the file")?;
    let size = content.len() as u64;
    ensure!(
        size == signed.size && hex(&sm3::Sm3::digest(&content)) == signed.sm3,
        "the file is not the one that was signed: it was changed, or is another document"
    );
    ensure!(PublicKey::Sm2(key).verifies(&content, &value), "the signature does not fit the file");
    let read = |path: &Path| {
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let keys: PublicKeys = read(keys)?.parse().context("the file of keys")?;
    let receipt: Receipt = read(receipt)?.parse().context("the receipt is refused")?;
    let origin = receipt.verify(&keys).context("the receipt is refused")?.origin;
    let issued = receipt
        .leaves
        .iter()
        .find_map(|proof| issued(&proof.bytes))
        .context("the receipt is of an act that issued no document")?;
    let same = issued.document.to_string() == signed.document
        && issued.key == key
        && issued.files().any(|(file, own)| *own == value && hex(&file.sm3) == signed.sm3);
    ensure!(same, "the receipt is of another document");
    let mut lines = vec![
        format!("{} {}: the file is as it was signed", issued.title, issued.number),
        format!("on record at {origin}: issued by {}", issued.issuer),
    ];
    lines.extend(issued.identity.map(|identity| format!("licence {identity}")));
    lines.push("whether it still holds today is known to the node alone".to_owned());
    Ok(lines)
}

fn issued(bytes: &[u8]) -> Option<Issued> {
    match Recorded::from_bytes(bytes).ok()?.fact {
        Fact::Project(ProjectFact::DocumentIssued(issued)) => Some(*issued),
        Fact::Project(_)
        | Fact::Application(..)
        | Fact::Case(..)
        | Fact::PackPublished { .. }
        | Fact::Organisation(_)
        | Fact::Credit(_) => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    let pairs = (0..N).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16));
    pairs.collect::<Result<Vec<u8>, _>>().ok()?.try_into().ok()
}
