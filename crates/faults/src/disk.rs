//! A disk that forgets everything that was not flushed when its power is cut: an image behind a
//! write-back cache (nbdkit), shown as a file (nbdfuse), as a device (loop), with ext4 on it.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};

/// What has to be installed.
pub(crate) const PACKAGES: &str = "nbdkit libnbd-bin fuse3 e2fsprogs mount";

pub(crate) fn command(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let done = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("{program} is missing: apt-get install {PACKAGES}"))?;
    let error = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{program} {arguments:?}: {error}");
    Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

/// The image of a disk, and the folder in which it is used.
pub(crate) struct Image {
    folder: PathBuf,
}

impl Image {
    /// An empty file system of so many MiB.
    pub(crate) fn make(folder: &Path, megabytes: u64) -> anyhow::Result<Self> {
        let image = Self { folder: folder.to_owned() };
        let path = image.path("image");
        std::fs::File::create(&path)?.set_len(megabytes << 20)?;
        command("mkfs.ext4", &["-q", "-F", &path.to_string_lossy()])?;
        for name in ["fuse", "mount"] {
            std::fs::create_dir_all(image.path(name))?;
        }
        Ok(image)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where its files are while the power is on.
    pub(crate) fn mount(&self) -> PathBuf {
        self.path("mount")
    }

    /// Turns the power on.
    pub(crate) fn power_on(&self) -> anyhow::Result<Powered<'_>> {
        let socket = self.path("socket");
        let _ = std::fs::remove_file(&socket);
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let disk = Command::new("nbdkit")
            .args(["-f", "-U", &text(&socket), "--filter=cache", "file"])
            .args([&text(&self.path("image")), "cache=writeback"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("nbdkit is missing: apt-get install {PACKAGES}"))?;
        wait("nbdkit", || socket.exists())?;
        let shown = self.path("fuse").join("disk");
        let fuse = Command::new("nbdfuse")
            .args([&text(&shown), "--unix", &text(&socket)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("nbdfuse is missing: apt-get install {PACKAGES}"))?;
        wait("nbdfuse", || shown.exists())?;
        let device = command("losetup", &["--find", "--show", &text(&shown)])?;
        let powered = Powered { image: self, disk, fuse, device };
        command("mount", &[&powered.device, &text(&self.mount())])?;
        Ok(powered)
    }
}

fn wait(what: &str, ready: impl Fn() -> bool) -> anyhow::Result<()> {
    let until = Instant::now() + Duration::from_secs(10);
    while !ready() {
        ensure!(Instant::now() < until, "{what} does not come up");
        sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// A disk with power.
pub(crate) struct Powered<'a> {
    image: &'a Image,
    disk: Child,
    fuse: Child,
    device: String,
}

impl Powered<'_> {
    /// Cuts the power. Whoever still writes gets errors.
    pub(crate) fn cut(mut self) -> anyhow::Result<()> {
        self.disk.kill()?;
        self.disk.wait()?;
        self.put_away()
    }

    fn put_away(&mut self) -> anyhow::Result<()> {
        let mount = self.image.mount().to_string_lossy().into_owned();
        command("umount", &["-l", &mount])?;
        command("losetup", &["-d", &self.device])?;
        // The device goes when the file system has let go of it.
        let _ = command("fusermount3", &["-u", "-z", &self.image.path("fuse").to_string_lossy()]);
        let _ = self.fuse.kill();
        self.fuse.wait()?;
        Ok(())
    }
}

impl Drop for Powered<'_> {
    fn drop(&mut self) {
        if self.disk.try_wait().is_ok_and(|ended| ended.is_none()) {
            let _ = self.disk.kill();
            let _ = self.disk.wait();
            let _ = self.put_away();
        }
    }
}
