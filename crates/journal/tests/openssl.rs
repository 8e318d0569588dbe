//! The national algorithms as OpenSSL, which nobody here wrote, computes them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use tongban_journal::{NodeKeys, Origin, PublicKey, leaf_hashes};

/// What stands before a point of SM2 in a public key (SubjectPublicKeyInfo).
const KEY_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00,
];

fn openssl(folder: &Path, arguments: &[&str], input: &[u8]) -> (bool, Vec<u8>) {
    let mut process = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("openssl, of the package of that name: {error}"));
    process.stdin.take().unwrap().write_all(input).unwrap();
    let done = process.wait_with_output().unwrap();
    (done.status.success(), done.stdout)
}

/// A number as ASN.1 writes it: without leading zeros, and never negative.
fn integer(number: &[u8]) -> Vec<u8> {
    let first = number.iter().position(|byte| *byte != 0).unwrap_or(number.len() - 1);
    let digits = &number[first..];
    let sign: &[u8] = if digits[0] >= 0x80 { &[0] } else { &[] };
    [&[0x02, (digits.len() + sign.len()) as u8], sign, digits].concat()
}

fn sequence(signature: &[u8; 64]) -> Vec<u8> {
    let numbers = [integer(&signature[..32]), integer(&signature[32..])].concat();
    [&[0x30, numbers.len() as u8], numbers.as_slice()].concat()
}

#[test]
fn openssl_accepts_our_signatures_and_refuses_changed_ones() {
    let folder = tempfile::tempdir().unwrap();
    let keys = NodeKeys::from_secret(&[9; 64]).unwrap();
    let PublicKey::Sm2(point) = keys.public(Origin { node: 1, epoch: 1 }).sm2 else {
        panic!("the key of SM2")
    };
    std::fs::write(folder.path().join("key"), [KEY_HEAD.as_slice(), &point].concat()).unwrap();
    for round in 0..8u8 {
        let message = vec![round; usize::from(round) * 37];
        let signature = keys.sm2.sign(&message).unwrap();
        std::fs::write(folder.path().join("signature"), sequence(&signature)).unwrap();
        let verify = [
            "pkeyutl",
            "-verify",
            "-pubin",
            "-keyform",
            "DER",
            "-inkey",
            "key",
            "-rawin",
            "-digest",
            "sm3",
            "-pkeyopt",
            "distid:1234567812345678",
            "-sigfile",
            "signature",
            "-in",
            "message",
        ];
        for (text, right) in [(message.clone(), true), ([message, vec![1]].concat(), false)] {
            std::fs::write(folder.path().join("message"), text).unwrap();
            assert_eq!(openssl(folder.path(), &verify, b"").0, right, "round {round}");
        }
    }
}

#[test]
fn openssl_hashes_leaves_to_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for length in [0, 1, 54, 55, 56, 63, 64, 65, 300, 5000] {
        let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let prefixed = [[0].as_slice(), &bytes].concat();
        let ours = leaf_hashes(&bytes);
        for (name, own) in [("-sm3", ours.sm3), ("-sha256", ours.sha256)] {
            let (done, theirs) = openssl(folder.path(), &["dgst", name, "-binary"], &prefixed);
            assert!(done && theirs == own, "{name} of {length} bytes");
        }
    }
}
