//! `cargo x demo`.

use crate::{
    packages,
    run::{cargo, root, run, say},
    web,
};

/// Sets up, builds, fills the demo city and serves it. Further arguments go to `tongban demo`.
pub(crate) fn demo(arguments: &[String]) -> anyhow::Result<()> {
    web::assets()?;
    packages::fonts();
    say("building tongban and its typesetter (the first time takes ten minutes or more)");
    cargo(&["build", "--release", "--package", "tongban", "--package", "tongban-typesetter"])?;
    let data = root().join("data/demo");
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let binary = root().join(target).join("release/tongban");
    let data = data.to_string_lossy().into_owned();
    let mut all = vec!["demo"];
    if !arguments.iter().any(|argument| argument == "--data") {
        all.extend(["--data", &data]);
    }
    all.extend(arguments.iter().map(String::as_str));
    say("starting the demo");
    run(&binary.to_string_lossy(), &all, ".")
}
