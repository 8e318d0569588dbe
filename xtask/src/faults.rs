//! `cargo x faults`: kills, power cuts, broken and full disks, against the real node.

use crate::{
    packages,
    run::{cargo, root, run, say},
};

/// Faults that need no more than processes of one's own.
const WITHOUT_ROOT: [&str; 4] = ["kills", "write-error", "damage", "postgres"];

pub(crate) fn faults(arguments: &[String]) -> anyhow::Result<()> {
    packages::ready()?;
    // Everything at once: other features would build the libraries again.
    cargo(&["build", "--quiet", "--workspace", "--bins"])?;
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let programs = root().join(target).join("debug");
    let binary = programs.join("tongban").to_string_lossy().into_owned();
    let mut all: Vec<&str> = vec!["--binary", &binary];
    all.extend(arguments.iter().map(String::as_str));
    let named = arguments.iter().any(|argument| !argument.starts_with('-'));
    if !named && !packages::is_root() {
        say("only root can mount a disk: power cuts and the full disk are left out");
        all.extend(WITHOUT_ROOT);
    }
    run(&programs.join("tongban-faults").to_string_lossy(), &all, ".")
}
