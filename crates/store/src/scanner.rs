//! Scanners of uploads (病毒扫描): an outside opinion before a file is taken. Where one is configured
//! and does not answer, nothing is taken.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, TcpStream},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Duration,
};

/// What a scanner says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// Nothing found.
    Clean,
    /// Something harmful, by its name.
    Harmful(String),
}

/// Looks at a file before it is taken.
pub trait Scanner: Send + Sync {
    /// Looks at the content.
    ///
    /// # Errors
    /// When the scanner cannot be asked, or does not give an answer that can be read.
    fn scan(&self, content: &[u8]) -> io::Result<Scanned>;
}

/// How long to wait for an answer: a large drawing takes a while.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes sent at once.
const CHUNK: usize = 1 << 20;

/// A scanner to which uploads would go in the clear.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the scanner {0} is not on this machine, and what people upload would go to it for everybody to read: name a socket, or a port of this machine where a tunnel begins"
)]
pub struct ScannerElsewhere(String);

/// ClamAV's daemon, by its INSTREAM command (clamd(8)).
pub struct ClamAv {
    address: Address,
}

enum Address {
    Socket(PathBuf),
    Host(String),
}

impl ClamAv {
    /// At a socket (`/run/clamav/clamd.ctl`) or a port of this machine (`127.0.0.1:3310`).
    ///
    /// # Errors
    /// When it is elsewhere: its protocol knows no encryption.
    pub fn at(address: &str) -> Result<Self, ScannerElsewhere> {
        if address.contains('/') {
            return Ok(Self { address: Address::Socket(Path::new(address).to_owned()) });
        }
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        let host = host.trim_matches(['[', ']']);
        let is_here = host == "localhost" || host.parse().is_ok_and(|it: IpAddr| it.is_loopback());
        if !is_here {
            return Err(ScannerElsewhere(address.to_owned()));
        }
        Ok(Self { address: Address::Host(address.to_owned()) })
    }
}

impl Scanner for ClamAv {
    fn scan(&self, content: &[u8]) -> io::Result<Scanned> {
        match &self.address {
            Address::Socket(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                ask(stream, content)
            }
            Address::Host(host) => {
                let stream = TcpStream::connect(host)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                ask(stream, content)
            }
        }
    }
}

fn ask(mut stream: impl Read + Write, content: &[u8]) -> io::Result<Scanned> {
    let send = |stream: &mut dyn Write| -> io::Result<()> {
        stream.write_all(b"zINSTREAM\0")?;
        for chunk in content.chunks(CHUNK) {
            stream.write_all(&(chunk.len() as u32).to_be_bytes())?;
            stream.write_all(chunk)?;
        }
        stream.write_all(&[0; 4])?;
        stream.flush()
    };
    // What is too large for it is answered before all of it was sent.
    let sent = send(&mut stream);
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer)?;
    match read(&String::from_utf8_lossy(&answer)) {
        Some(scanned) => Ok(scanned),
        None => Err(sent.err().unwrap_or_else(|| io::Error::from(io::ErrorKind::InvalidData))),
    }
}

/// `stream: OK`, or `stream: NAME FOUND`.
fn read(answer: &str) -> Option<Scanned> {
    let said = answer.trim_end_matches('\0').trim().strip_prefix("stream: ")?;
    match said.strip_suffix(" FOUND") {
        Some(name) => Some(Scanned::Harmful(name.to_owned())),
        None => (said == "OK").then_some(Scanned::Clean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_upload_goes_to_another_machine_in_the_clear() {
        for here in ["/run/clamav/clamd.ctl", "127.0.0.1:3310", "localhost:3310", "[::1]:3310"] {
            assert!(ClamAv::at(here).is_ok(), "{here}");
        }
        for elsewhere in ["10.0.0.8:3310", "clamav.example:3310", "127.0.0.1.example:3310", ""] {
            assert!(ClamAv::at(elsewhere).is_err(), "{elsewhere}");
        }
    }

    #[test]
    fn only_an_answer_that_can_be_read_is_one() {
        assert_eq!(read("stream: OK\0"), Some(Scanned::Clean));
        let found = Scanned::Harmful("Eicar-Test-Signature".to_owned());
        assert_eq!(read("stream: Eicar-Test-Signature FOUND\0"), Some(found));
        for other in ["", "stream: ", "INSTREAM size limit exceeded. ERROR\0", "stream: OK?\0"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
