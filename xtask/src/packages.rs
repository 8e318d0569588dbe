//! What the tests need from Debian's packages.

use std::{path::Path, process::Command};

use crate::run::{run_with, say};

/// A file that tells that a package is there, and the package.
const NEEDED: [(&str, &str); 14] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "fonts-noto-cjk"),
    ("/usr/bin/openssl", "openssl"),
    ("/usr/bin/python3", "python3"),
    ("/usr/share/doc/python3-venv", "python3-venv"),
    ("/usr/bin/pdfinfo", "poppler-utils"),
    ("/usr/bin/strace", "strace"),
    ("/usr/bin/pkill", "procps"),
    ("/usr/sbin/nbdkit", "nbdkit"),
    ("/usr/bin/nbdfuse", "libnbd-bin"),
    ("/usr/bin/fusermount3", "fuse3"),
    ("/usr/sbin/mkfs.ext4", "e2fsprogs"),
    ("/usr/sbin/losetup", "mount"),
    ("/usr/lib/postgresql", "postgresql"),
];

/// Whether this process may install packages and mount file systems.
pub(crate) fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The fonts of documents, for the demo: installed when that is possible, else named. Without them
/// it does everything but make documents.
pub(crate) fn fonts() {
    if Path::new("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc").exists() {
        return;
    }
    let package = "fonts-noto-cjk";
    let install = ["install", "-y", "-qq", "--no-install-recommends", package];
    let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
    let done = is_root()
        && Path::new("/usr/bin/apt-get").exists()
        && run_with("apt-get", &["update", "-qq"], ".", &quiet).is_ok()
        && run_with("apt-get", &install, ".", &quiet).is_ok();
    if !done {
        say(&format!("no documents are made without the fonts: apt-get install {package}"));
    }
}

/// Installs what is missing when running as root; otherwise says what to install.
pub(crate) fn ready() -> anyhow::Result<()> {
    let in_path = |file: &str| {
        // Merged and unmerged systems keep programs in one or the other place.
        [file.to_owned(), file.replace("/usr/sbin", "/usr/bin"), file.replace("/usr/bin", "/bin")]
            .iter()
            .any(|place| Path::new(place).exists())
    };
    let missing: Vec<&str> =
        NEEDED.iter().filter(|(file, _)| !in_path(file)).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    anyhow::ensure!(
        is_root() && Path::new("/usr/bin/apt-get").exists(),
        "the tests need some packages: apt-get install {}",
        missing.join(" ")
    );
    say(&format!("installing {}", missing.join(" ")));
    let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
    run_with("apt-get", &["update", "-qq"], ".", &quiet)?;
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(missing);
    run_with("apt-get", &arguments, ".", &quiet)
}
