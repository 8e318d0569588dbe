//! A document is checked without the node: as it was signed, and as it is on record.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

use serde_json::json;
use tongban_domain::{document::wanted, time::Day};
use tongban_simulator::{Options, Simulation, found_city};
use tongban_store::{MadeDocument, NodeOptions, Store, VirtualClock};

struct Signed {
    folder: tempfile::TempDir,
}

impl Signed {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn verify(&self) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tongban"));
        command.arg("verify-document").arg(self.path("document.pdf"));
        command.arg("--signature").arg(self.path("signature.json"));
        command.arg("--receipt").arg(self.path("receipt.txt"));
        command.arg("--keys").arg(self.path("keys.txt"));
        command.output().unwrap()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A document of a node, with its signature and the receipt of the act that issued it.
fn issued() -> Signed {
    let folder = tempfile::tempdir().unwrap();
    let from: Day = "2026-01-05".parse().unwrap();
    let clock = Arc::new(VirtualClock::at(from.at(0, 0)));
    let options = NodeOptions::new(folder.path().join("node"), 1, clock.clone()).seeded(3);
    let store = Store::open(options).unwrap();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/jiangsu");
    store.publish_pack(&tongban_store::read_pack(&pack).unwrap()).unwrap();
    let city = found_city(&store, 320_500).unwrap();
    let options = Options { city, projects: 4, days: 60, seed: 3, from };
    Simulation::new(&store, clock, options).run(|_| ()).unwrap();

    let id = *store.unmade(tongban_domain::time::Instant(0), 1).unwrap().first().unwrap();
    let project = store.project(id).unwrap().unwrap();
    let wanted = wanted(&project).into_iter().next().unwrap();
    let made = MadeDocument {
        document: store.new_document(),
        title: "受理通知书".to_owned(),
        number: "32050020260302000001".to_owned(),
        identity: None,
        issuer: "苏州市".to_owned(),
        issuer_code: None,
        words: [0; 32],
        pdf: b"%PDF-1.7 a sheet".to_vec(),
        // A package with nothing in it.
        ofd: [b"PK\x05\x06".to_vec(), vec![0; 18]].concat(),
    };
    fs::write(folder.path().join("document.pdf"), &made.pdf).unwrap();
    let acted = store.issue_document(&project, &wanted, made).unwrap();
    let issued = &acted.project.documents.last().unwrap().issued;
    let signature = json!({
        "format": "tongban-document-signature/1",
        "document": issued.document.to_string(),
        "title": issued.title,
        "number": issued.number,
        "identity": null,
        "issuer": issued.issuer,
        "size": issued.file.size,
        "sm3": hex(&issued.file.sm3),
        "algorithm": "SM2-SM3",
        "key": hex(&issued.key),
        "signature": hex(&issued.signature),
    });
    fs::write(folder.path().join("signature.json"), signature.to_string()).unwrap();
    store.sign_checkpoint().unwrap();
    let history = store.history(id).unwrap();
    let act = history.last().unwrap().envelope.act;
    let receipt = store.receipt(id, act).unwrap().unwrap();
    assert_eq!(store.document_receipt(id, issued.document).unwrap().unwrap(), receipt);
    fs::write(folder.path().join("receipt.txt"), receipt.to_string()).unwrap();
    fs::write(folder.path().join("keys.txt"), store.journal_keys(1).unwrap().unwrap()).unwrap();
    Signed { folder }
}

#[test]
fn a_document_is_checked_with_its_signature_and_its_receipt() {
    let signed = issued();
    let told = signed.verify();
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    assert!(
        text.contains("as it was signed") && text.contains("on record at tongban/1/1"),
        "{text}"
    );

    // Any changed byte of the file, and any changed digit that matters, is refused.
    let path = signed.path("document.pdf");
    let original = fs::read(&path).unwrap();
    for at in 0..original.len() {
        let mut changed = original.clone();
        changed[at] ^= 1;
        fs::write(&path, changed).unwrap();
        assert_eq!(signed.verify().status.code(), Some(1), "byte {at}");
    }
    fs::write(&path, &original).unwrap();
    assert_eq!(signed.verify().status.code(), Some(0));
}

#[test]
fn a_signature_of_another_is_refused_and_crashes_nothing() {
    let signed = issued();
    let path = signed.path("signature.json");
    let text = fs::read_to_string(&path).unwrap();
    for other in ["", "{}", "[]", "null", "{\"format\":1}", &text[..text.len() / 2]] {
        fs::write(&path, other).unwrap();
        assert_eq!(signed.verify().status.code(), Some(1), "{other}");
    }
    for field in ["key", "signature", "sm3", "algorithm", "format", "document"] {
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let was = value[field].as_str().unwrap().to_owned();
        let last = if was.ends_with('0') { "1" } else { "0" };
        value[field] = format!("{}{last}", &was[..was.len() - 1]).into();
        fs::write(&path, value.to_string()).unwrap();
        assert_eq!(signed.verify().status.code(), Some(1), "{field}");
        value[field] = "é".into();
        fs::write(&path, value.to_string()).unwrap();
        assert_eq!(signed.verify().status.code(), Some(1), "{field}");
    }
}

/// OpenSSL knows nothing of this program.
#[test]
fn openssl_finds_the_seal_on_the_file() {
    let signed = issued();
    let text = fs::read_to_string(signed.path("signature.json")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let bytes = |field: &str| -> Vec<u8> {
        let text = value[field].as_str().unwrap();
        (0..text.len() / 2)
            .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
            .collect()
    };
    // SubjectPublicKeyInfo of a key on the curve of SM2.
    let head = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
        0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00,
    ];
    fs::write(signed.path("key.der"), [&head[..], &bytes("key")].concat()).unwrap();
    let integer = |half: &[u8]| {
        let trimmed: Vec<u8> = half.iter().copied().skip_while(|byte| *byte == 0).collect();
        let pad = usize::from(trimmed[0] & 0x80 != 0);
        [&[0x02, (trimmed.len() + pad) as u8][..], &vec![0; pad], &trimmed].concat()
    };
    let signature = bytes("signature");
    let both = [integer(&signature[..32]), integer(&signature[32..])].concat();
    fs::write(signed.path("signature.der"), [&[0x30, both.len() as u8][..], &both].concat())
        .unwrap();
    let verify = || {
        Command::new("openssl")
            .current_dir(signed.folder.path())
            .args([
                "pkeyutl", "-verify", "-pubin", "-inkey", "key.der", "-keyform", "DER", "-rawin",
            ])
            .args(["-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", "document.pdf"])
            .args(["-sigfile", "signature.der"])
            .output()
            .unwrap()
    };
    assert!(verify().status.success(), "{}", String::from_utf8_lossy(&verify().stderr));
    fs::write(signed.path("document.pdf"), b"%PDF-1.7 another sheet").unwrap();
    assert!(!verify().status.success());
}
