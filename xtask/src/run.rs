//! Running other programs, saying what runs.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::Context as _;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Says a step, for people who wait.
pub(crate) fn say(step: &str) {
    println!("── {step}");
}

/// Runs a program to its end.
pub(crate) fn run(program: &str, arguments: &[&str], folder: &str) -> anyhow::Result<()> {
    run_with(program, arguments, folder, &[])
}

/// The same, with variables of its environment.
pub(crate) fn run_with(
    program: &str,
    arguments: &[&str],
    folder: &str,
    variables: &[(&str, &str)],
) -> anyhow::Result<()> {
    let status = Command::new(program)
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(root().join(folder))
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {program}: is it installed?"))?;
    anyhow::ensure!(status.success(), "{program} {} failed", arguments.join(" "));
    Ok(())
}

/// Runs cargo.
pub(crate) fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    run(&cargo, arguments, ".")
}

/// Whether a program answers to `--version`.
pub(crate) fn has(program: &str) -> bool {
    let asked = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}
