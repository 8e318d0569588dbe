//! The conformance test of department systems passes a good one and finds what is wrong with others.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "support/vendor.rs"]
mod vendor;

use std::process::{Command, Output};

use vendor::{Flaw, Vendor};

fn tried(flaw: Flaw, seconds: u32) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.json");
    let vendor = Vendor::with(flaw, settings.clone());
    let mut command = Command::new(env!("CARGO_BIN_EXE_tongban"));
    command.arg("conformance").arg("--push").arg(vendor.address());
    command.arg("--settings").arg(settings).arg("--listen").arg("127.0.0.1:0");
    command.arg("--seconds").arg(seconds.to_string());
    command.arg("--catalog").arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalog/jiangsu"));
    command.output().unwrap()
}

fn found(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).lines().skip(1).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_system_that_does_as_described_conforms() {
    let output = tried(Flaw::None, 90);
    let found = found(&output);
    assert!(output.status.success(), "{found}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(found.ends_with("the system conforms") && !found.contains('✗'), "{found}");
}

#[test]
fn what_is_wrong_with_others_is_named() {
    for (flaw, what) in [
        (Flaw::GivesUp, "✗ repeats an act whose answer was lost, unchanged"),
        (Flaw::Renumbers, "✗ repeats an act whose answer was lost, unchanged"),
        (Flaw::HandlesTwice, "✗ does nothing twice"),
        (Flaw::IsDown, "✗ takes the tasks that are pushed"),
    ] {
        let output = tried(flaw, 6);
        let found = found(&output);
        assert!(!output.status.success() && found.contains(what), "{flaw:?}:\n{found}");
    }
}
