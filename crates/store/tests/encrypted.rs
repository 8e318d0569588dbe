//! A node whose database is on another machine speaks with nobody but the server it was told of,
//! and nobody between them can read what they say.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tongban_domain::time::Instant;
use tongban_private_postgres::PrivatePostgres;
use tongban_simulator::found_city;
use tongban_store::{NodeOptions, Store, StoreError, VirtualClock, read_pack};

const PASSWORD: &str = "between-the-two";

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// The certificate of an authority, as a file a node is told of.
fn told(folder: &Path, name: &str, authority: &Authority) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, authority.pem()).unwrap();
    file
}

/// A server with a certificate for the name `localhost`.
fn server(authority: &Authority) -> PrivatePostgres {
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let own = own.signed_by(&key, authority).unwrap();
    PrivatePostgres::start_encrypted(&own.pem(), &key.serialize_pem(), PASSWORD).unwrap()
}

fn open(folder: &Path, database: &str) -> Result<Store, StoreError> {
    let clock = Arc::new(VirtualClock::at(Instant(1_767_319_200_000_000)));
    Store::open(NodeOptions::new(folder, 1, clock).on(Some(database.to_owned())))
}

#[test]
fn a_node_and_its_server_know_each_other_and_nobody_listens() {
    let folder = tempfile::tempdir().unwrap();
    let (own, another) = (authority("own"), authority("another"));
    let server = server(&own);
    server.psql("postgres", "CREATE DATABASE node").unwrap();
    let (port, roots) = (server.port(), told(folder.path(), "own.pem", &own));
    let at = |host: &str, roots: &Path| {
        let roots = roots.display();
        format!(
            "postgresql://tongban:{PASSWORD}@{host}:{port}/node?sslmode=verify-full&sslrootcert={roots}"
        )
    };

    // Whom the node was not told of gets neither password nor fact.
    let strange = told(folder.path(), "another.pem", &another);
    let data = folder.path().join("data");
    for (database, why) in [
        (at("localhost", &strange), "UnknownIssuer"),
        (at("127.0.0.1", &roots), "not valid for name"),
    ] {
        let refused = open(&data, &database).err().unwrap();
        assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
        assert!(refused.to_string().contains(why), "{refused}");
    }

    // The password is bound to this connection: nobody who sits between could pass it on.
    let bound = format!("{}&channel_binding=require", at("localhost", &roots));
    let store = open(&data, &bound).unwrap();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/jiangsu");
    store.publish_pack(&read_pack(&pack).unwrap()).unwrap();
    found_city(&store, 320_500).unwrap();
    assert!(store.accounts().unwrap().len() > 5);
    let kinds = "SELECT DISTINCT ssl, version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                 WHERE client_addr IS NOT NULL";
    assert_eq!(server.psql("postgres", kinds).unwrap(), "t|TLSv1.3");
    store.close();

    // What is older than TLS 1.3 is not spoken.
    server.psql("postgres", "ALTER SYSTEM SET ssl_max_protocol_version = 'TLSv1.2'").unwrap();
    server.psql("postgres", "SELECT pg_reload_conf()").unwrap();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
    let refused = loop {
        match open(&data, &bound) {
            Ok(store) => store.close(),
            Err(refused) => break refused,
        }
        assert!(std::time::Instant::now() < until, "the server heard of it");
    };
    assert!(refused.to_string().contains("ProtocolVersion"), "{refused}");
}

#[test]
fn a_server_that_does_not_encrypt_is_not_the_one_that_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    let own = authority("own");
    let roots = told(folder.path(), "own.pem", &own);
    // It says no to whoever asks whether it encrypts, as PostgreSQL without a certificate does.
    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = plain.local_addr().unwrap().port();
    let heard = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut asked, mut stream) = (Vec::new(), plain.accept().unwrap().0);
        let mut first = [0; 8];
        stream.read_exact(&mut first).unwrap();
        stream.write_all(b"N").unwrap();
        stream.read_to_end(&mut asked).unwrap();
        asked
    });
    let roots = roots.display();
    let database =
        format!("postgresql://tongban:{PASSWORD}@localhost:{port}/node?sslrootcert={roots}");
    let refused = open(&folder.path().join("data"), &database).err().unwrap();
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    assert_eq!(heard.join().unwrap(), b"", "nothing was sent to it");
}
