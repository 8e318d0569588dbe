//! How a node knows the server its database is on, and that nobody listens between them: TLS 1.3
//! with certificates that are named, and never in the clear where that was not asked for.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use percent_encoding::percent_decode_str;
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

/// In a connection string: the file with the certificates a server's own comes from, and that the
/// server has to be known by them and by its name. The programs of PostgreSQL have the same keys,
/// the driver has not.
const ROOTS: &str = "sslrootcert=";
const KNOWN: &str = "sslmode=verify-full";

/// What a connection string says about the server's certificate.
struct Told {
    /// The string without it.
    rest: String,
    /// Where the certificates are that vouch for it.
    roots: Option<PathBuf>,
    /// Whether it has to be known.
    known: bool,
}

fn parted(text: &str) -> Result<Told, StoreError> {
    let bad = |why: &str| Err(StoreError::BadDatabaseName(why.to_owned()));
    let keys = text.split_once("://").and_then(|(_, rest)| rest.split_once('?'));
    let Some((_, keys)) = keys else {
        let foreign = [ROOTS, KNOWN].into_iter().any(|key| text.contains(key));
        return match foreign {
            true => bad("certificates are named behind the ? of such a name"),
            false => Ok(Told { rest: text.to_owned(), roots: None, known: false }),
        };
    };
    let (roots, others): (Vec<&str>, Vec<&str>) =
        keys.split('&').partition(|key| key.starts_with(ROOTS));
    let (known, others): (Vec<&str>, Vec<&str>) = others.into_iter().partition(|key| *key == KNOWN);
    let roots = roots.last().map(|key| percent_decode_str(&key[ROOTS.len()..]).decode_utf8());
    let roots = match roots.transpose() {
        Ok(roots) => roots.map(|path| PathBuf::from(path.into_owned())),
        Err(_) => return bad("the file that sslrootcert names is no text"),
    };
    if roots.as_ref().is_some_and(|path| path.is_relative()) {
        return bad("sslrootcert names its file with its whole path");
    }
    let name = &text[..text.len() - keys.len()];
    Ok(Told { rest: format!("{name}{}", others.join("&")), roots, known: !known.is_empty() })
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
/// [`StoreError::BadDatabaseName`] when it is none, [`StoreError::UnknownServer`] when nothing
/// says how a server elsewhere is known, [`StoreError::BadCertificates`] when the file is of no use.
pub(super) fn server(text: &str) -> Result<(Config, MakeRustlsConnect), StoreError> {
    let Told { rest, roots: file, known } = parted(text)?;
    let mut config: Config =
        rest.parse().map_err(|error| StoreError::BadDatabaseName(format!("{error}")))?;
    let roots = match (&file, config.get_ssl_mode()) {
        (Some(_), _) if config.get_hosts().iter().any(is_socket) => {
            let why = "sslrootcert is for a server on the network, and host is a socket";
            return Err(StoreError::BadDatabaseName(why.to_owned()));
        }
        (Some(_), SslMode::Disable) => {
            let why = "sslmode=disable contradicts sslrootcert";
            return Err(StoreError::BadDatabaseName(why.to_owned()));
        }
        (Some(file), _) => {
            // A server that offers no encryption is not the one that was meant.
            config.ssl_mode(SslMode::Require);
            let bad = |why| StoreError::BadCertificates { file: file.clone(), why };
            certificates(file).map_err(bad)?
        }
        (None, SslMode::Disable) if !known => RootCertStore::empty(),
        (None, SslMode::Prefer) if !known && is_on_this_machine(&config) => {
            config.ssl_mode(SslMode::Disable);
            RootCertStore::empty()
        }
        (None, _) => return Err(StoreError::UnknownServer),
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
            "postgresql://tongban@localhost/node?sslmode=verify-full",
            "postgresql://tongban@db.example/node?sslmode=disable&sslmode=verify-full",
            "host=db.example user=tongban dbname=node",
        ] {
            assert!(matches!(mode(elsewhere), Err(StoreError::UnknownServer)), "{elsewhere}");
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
        for odd in [
            "postgresql://tongban@/node?host=/run&sslrootcert=/a.pem",
            "postgresql://tongban@db/node?sslmode=disable&sslrootcert=/a.pem",
            "postgresql://tongban@db/node?sslrootcert=a.pem",
            "postgresql://tongban@db/node?sslrootcert=%ff",
            "postgresql://tongban@db/node?sslmode=verify-ca&sslrootcert=/a.pem",
            "host=db user=tongban dbname=node sslmode=verify-full sslrootcert=/a.pem",
        ] {
            let text = odd.to_owned();
            assert!(matches!(mode(&text), Err(StoreError::BadDatabaseName(_))), "{odd}");
        }
    }
}
