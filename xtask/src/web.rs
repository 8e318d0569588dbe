//! The web packages: installed by lock file, bundled into `web/dist`.

use std::{fs, time::SystemTime};

use crate::run::{has, root, run, say};

/// Installs and bundles, when something changed since the last time.
pub(crate) fn assets() -> anyhow::Result<()> {
    anyhow::ensure!(
        has("node") && has("npm"),
        "Node.js 20 or newer with npm is needed for the web packages: apt-get install nodejs npm"
    );
    let web = root().join("web");
    let installed = modified(web.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(web.join("package-lock.json")) {
        say("installing the web packages (npm ci)");
        run("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"], "web")?;
    }
    say("bundling styles and scripts");
    run("npm", &["run", "--silent", "build"], "web")
}

fn modified(path: std::path::PathBuf) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}
