//! The API under a generator of requests that nobody here wrote.

use std::path::Path;

use crate::run::{root, run, say};

/// Makes requests from the OpenAPI document and holds the answers against it; and looks whether a
/// log at its most talkative, the database and a backup tell anybody's name.
pub(crate) fn fuzz(target: &Path, binary: &str) -> anyhow::Result<()> {
    let place = target.join("python");
    let python = place.join("bin/python").to_string_lossy().into_owned();
    if !place.join("bin/schemathesis").exists() {
        say("the packages of the generator");
        run("python3", &["-m", "venv", "--clear", &place.to_string_lossy()], ".")?;
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        run(&python, &[&quiet[..], &["-r", "tests/api/requirements.txt"]].concat(), ".")?;
    }
    say("the API against its description");
    let script = root().join("tests/api/fuzz.py").to_string_lossy().into_owned();
    run(&python, &[&script, binary], ".")
}
