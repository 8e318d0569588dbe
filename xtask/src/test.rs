//! `cargo x test`: everything, and what was skipped with the reason.

use std::time::Instant;

use crate::{
    api, faults, packages,
    run::{cargo, has, root, run, run_with, say},
    web,
};

pub(crate) fn test() -> anyhow::Result<()> {
    let started = Instant::now();
    let mut skipped = Vec::new();
    web::assets()?;
    say("formatting");
    cargo(&["fmt", "--all", "--check"])?;
    say("lints");
    cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])?;
    if has("cargo-deny") {
        say("licences and sources of the dependencies");
        cargo(&["deny", "--offline", "check", "bans", "licenses", "sources"])?;
    } else {
        skipped.push("licences and sources: cargo-deny is not installed");
    }
    say("checking the web sources");
    run("npm", &["run", "--silent", "check"], "web")?;
    packages::ready()?;
    say("tests of the islands and the gallery");
    run("npm", &["test", "--silent"], "web")?;
    say("unit tests, properties, journeys");
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // A snapshot that differs is a failure, never a file to be looked at later.
    let strictly = ("INSTA_UPDATE", "no");
    run_with(&program, &["test", "--workspace", "--quiet"], ".", &[strictly])?;
    say("the same stories of a node on PostgreSQL");
    let both = ["test", "--quiet", "-p", "tongban-store", "-p", "tongban-web"];
    let both = [&both[..], &["-p", "tongban-simulator", "-p", "tongban-worker"]].concat();
    run_with(&program, &both, ".", &[strictly, ("TONGBAN_TEST_ENGINE", "postgres")])?;
    say("the receipt verifier in another language");
    run("python3", &["tests/test_verify_receipt.py"], ".")?;
    say("faults, the short form");
    faults::faults(&[])?;
    // With the features that the tests were built with: nothing is built twice.
    cargo(&["build", "--quiet", "--workspace", "--bins"])?;
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let target = root().join(target);
    let binary = target.join("debug/tongban").to_string_lossy().into_owned();
    api::fuzz(&target, &binary)?;
    say("browser stories");
    run_with("node", &["stories/run.mjs"], "web", &[("TONGBAN_BIN", &binary)])?;
    for reason in skipped {
        println!("skipped: {reason}");
    }
    let seconds = started.elapsed().as_secs();
    println!("── all good in {} min {} s", seconds / 60, seconds % 60);
    Ok(())
}
