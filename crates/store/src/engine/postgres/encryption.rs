//! How a node knows the server its database is on, and that nobody listens between them: TLS 1.3
//! with certificates that are named, and never in the clear where that was not asked for.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::StoreError;

/// In a connection string: the file with the certificates a server's own comes from. The programs
/// of PostgreSQL have the same key.
const ROOTS: &str = "sslrootcert=";

/// A connection string without the file it names, which is none of the driver's keys.
fn parted(text: &str) -> (String, Option<PathBuf>) {
    let Some((name, keys)) = text.split_once('?') else { return (text.to_owned(), None) };
    let (roots, others): (Vec<&str>, Vec<&str>) =
        keys.split('&').partition(|key| key.starts_with(ROOTS));
    let roots = roots.last().map(|key| PathBuf::from(&key[ROOTS.len()..]));
    (format!("{name}?{}", others.join("&")), roots)
}

fn is_socket(host: &Host) -> bool {
    match host {
        Host::Tcp(_) => false,
        Host::Unix(_) => true,
    }
}

/// Whether nothing leaves this machine.
fn is_on_this_machine(config: &Config) -> bool {
    let is_here = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|it: IpAddr| it.is_loopback())
        }
    };
    config.get_hosts().iter().all(is_here) && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn certificates(file: &Path) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| error.to_string())? {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() { Err("there is no certificate in it".to_owned()) } else { Ok(roots) }
}

/// The server that a connection string names, and how to speak with it.
///
/// # Errors
/// [`StoreError::BadDatabaseName`] when it is none, [`StoreError::InTheClear`] when nothing says
/// how a server elsewhere is known, [`StoreError::BadCertificates`] when the file is of no use.
pub(super) fn server(text: &str) -> Result<(Config, MakeRustlsConnect), StoreError> {
    let (text, file) = parted(text);
    let mut config: Config =
        text.parse().map_err(|error| StoreError::BadDatabaseName(format!("{error}")))?;
    let roots = match (&file, config.get_ssl_mode()) {
        (Some(_), _) if config.get_hosts().iter().any(is_socket) => {
            let why = "sslrootcert is for a server on the network, and host is a socket";
            return Err(StoreError::BadDatabaseName(why.to_owned()));
        }
        (Some(_), SslMode::Disable) => {
            let why = "sslrootcert and sslmode=disable contradict each other";
            return Err(StoreError::BadDatabaseName(why.to_owned()));
        }
        (Some(file), _) => {
            // A server that offers no encryption is not the one that was meant.
            config.ssl_mode(SslMode::Require);
            let bad = |why| StoreError::BadCertificates { file: file.clone(), why };
            certificates(file).map_err(bad)?
        }
        (None, SslMode::Disable) => RootCertStore::empty(),
        (None, SslMode::Prefer) if is_on_this_machine(&config) => {
            config.ssl_mode(SslMode::Disable);
            RootCertStore::empty()
        }
        (None, _) => return Err(StoreError::InTheClear),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| StoreError::BadDatabaseName(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok((config, MakeRustlsConnect::new(client)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(text: &str) -> Result<SslMode, StoreError> {
        server(text).map(|(config, _)| config.get_ssl_mode())
    }

    #[test]
    fn nothing_goes_to_another_machine_in_the_clear_unless_it_is_asked_for() {
        for elsewhere in [
            "postgresql://tongban@db.example/node",
            "postgresql://tongban@10.1.2.3/node",
            "postgresql://tongban@localhost/node?hostaddr=10.1.2.3",
            "postgresql://tongban@localhost,db.example/node",
            "postgresql://tongban@localhost/node?sslmode=require",
            "host=db.example user=tongban dbname=node",
        ] {
            assert!(matches!(mode(elsewhere), Err(StoreError::InTheClear)), "{elsewhere}");
        }
        for here in [
            "postgresql://tongban@/node?host=/run/postgresql",
            "postgresql://tongban@localhost/node",
            "postgresql://tongban@[::1]/node",
            "postgresql://tongban@db.example/node?sslmode=disable",
        ] {
            assert_eq!(mode(here).unwrap(), SslMode::Disable, "{here}");
        }
    }

    #[test]
    fn a_file_of_certificates_has_to_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("root.pem");
        std::fs::write(&empty, "none\n").unwrap();
        for file in [empty, folder.path().join("nowhere.pem")] {
            let text = format!("postgresql://tongban@db/node?sslrootcert={}", file.display());
            assert!(matches!(mode(&text), Err(StoreError::BadCertificates { .. })));
        }
        for odd in ["host=/run&sslrootcert=/a.pem", "sslmode=disable&sslrootcert=/a.pem"] {
            let text = format!("postgresql://tongban@/node?{odd}");
            assert!(matches!(mode(&text), Err(StoreError::BadDatabaseName(_))), "{odd}");
        }
    }
}
