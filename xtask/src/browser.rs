//! Chromium and Chinese fonts for the browser stories, from Debian's packages.

use std::{path::Path, process::Command};

use crate::run::{run_with, say};

const PACKAGES: [&str; 2] = ["chromium", "fonts-noto-cjk"];

/// Installs what is missing when running as root; otherwise says what to install.
pub(crate) fn ready() -> anyhow::Result<()> {
    let chromium = Path::new("/usr/bin/chromium").exists();
    let fonts = Path::new("/usr/share/fonts/opentype/noto").exists();
    if chromium && fonts {
        return Ok(());
    }
    let user = Command::new("id").arg("-u").output();
    let root = user.is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    anyhow::ensure!(
        root && Path::new("/usr/bin/apt-get").exists(),
        "the browser stories need Chromium and Chinese fonts: apt-get install {}",
        PACKAGES.join(" ")
    );
    say("installing Chromium and Chinese fonts");
    let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
    run_with("apt-get", &["update", "-qq"], ".", &quiet)?;
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(PACKAGES);
    run_with("apt-get", &arguments, ".", &quiet)
}
