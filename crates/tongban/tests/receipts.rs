//! Two verifiers that know nothing of each other say the same about receipts good and bad.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

/// What both say: whether the receipt is good. Neither may end in another way.
fn good(receipt: &Path, keys: &Path) -> bool {
    let own = Command::new(env!("CARGO_BIN_EXE_tongban"))
        .arg("verify-receipt")
        .arg(receipt)
        .arg("--keys")
        .arg(keys)
        .output()
        .unwrap();
    let other = Command::new("python3")
        .arg(tests().join("verify_receipt.py"))
        .args([receipt, keys])
        .output()
        .unwrap();
    let said = |output: &std::process::Output| match output.status.code() {
        Some(0) => true,
        Some(1) => false,
        code => panic!("ended with {code:?}: {}", String::from_utf8_lossy(&output.stderr)),
    };
    assert_eq!(said(&own), said(&other), "{}", String::from_utf8_lossy(&other.stderr));
    said(&own)
}

#[test]
fn both_verifiers_agree_on_the_golden_receipt_and_on_changed_ones() {
    let golden = tests().join("golden");
    let (receipt, keys) = (golden.join("receipt.txt"), golden.join("keys.txt"));
    assert!(good(&receipt, &keys));
    let bytes = fs::read(&receipt).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let changed = folder.path().join("receipt.txt");
    let refused = |bytes: &[u8]| {
        fs::write(&changed, bytes).unwrap();
        assert!(!good(&changed, &keys));
    };
    for at in (0..bytes.len()).step_by(bytes.len() / 40) {
        let mut other = bytes.clone();
        other[at] ^= 1 << (at % 8);
        refused(&other);
    }
    refused(&bytes[..bytes.len() - 1]);
    refused(&[bytes.as_slice(), b"\n"].concat());
    refused(&String::from_utf8(bytes.clone()).unwrap().replace('\n', "\r\n").into_bytes());
    refused(b"");
    refused(&[0xff, 0xfe, 0x00]);
}
