//! Uploads are looked at by a scanner when one is configured, and a project holds no more than its
//! share.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use std::{
    io::{Read, Write},
    os::unix::net::UnixListener,
    path::Path,
    sync::Arc,
};

use support::{lived, pack};
use tongban_domain::{ids::ProjectId, time::Day};
use tongban_store::{ClamAv, FileError, Quota, Store, VirtualClock};

/// What stands in for the daemon: it reads the stream and says this, or goes away without a word.
fn daemon(socket: &Path, says: Option<&'static str>) {
    let listener = UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut command = [0; 10];
            stream.read_exact(&mut command).unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            loop {
                let mut length = [0; 4];
                stream.read_exact(&mut length).unwrap();
                let length = u32::from_be_bytes(length) as usize;
                if length == 0 {
                    break;
                }
                stream.read_exact(&mut vec![0; length]).unwrap();
            }
            if let Some(says) = says {
                stream.write_all(says.as_bytes()).unwrap();
            }
        }
    });
}

fn scanned(folder: &Path, socket: &Path) -> Store {
    let clock = Arc::new(VirtualClock::at("2026-01-05".parse::<Day>().unwrap().at(0, 0)));
    let options = support::options(&folder.join("node"), clock);
    let scanner = Arc::new(ClamAv::at(&socket.display().to_string()).unwrap());
    let store = Store::open(options.scanned_by(scanner)).unwrap();
    store.publish_pack(&pack()).unwrap();
    store
}

fn upload(store: &Store) -> Result<(), FileError> {
    let project = ProjectId::from_bytes([7; 16]);
    // Longer than what is sent at once.
    let content = [b"%PDF-1.7 ".as_slice(), &vec![b'.'; 3 << 20]].concat();
    store.keep_file(project, None, "a.pdf", &content, &["pdf".to_owned()], 10).unwrap().map(drop)
}

#[test]
fn what_a_scanner_finds_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (clean, harmful) = (folder.path().join("clean"), folder.path().join("harmful"));
    daemon(&clean, Some("stream: OK\0"));
    daemon(&harmful, Some("stream: Eicar-Test-Signature FOUND\0"));
    assert_eq!(upload(&scanned(&folder.path().join("1"), &clean)), Ok(()));
    let store = scanned(&folder.path().join("2"), &harmful);
    assert_eq!(upload(&store), Err(FileError::Harmful("Eicar-Test-Signature".to_owned())));
    assert_eq!(std::fs::read_dir(folder.path().join("2/node/files")).unwrap().count(), 0);
}

#[test]
fn while_the_scanner_is_away_nothing_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let silent = folder.path().join("silent");
    daemon(&silent, None);
    assert_eq!(upload(&scanned(&folder.path().join("1"), &silent)), Err(FileError::Unscanned));
    let nobody = folder.path().join("nobody");
    assert_eq!(upload(&scanned(&folder.path().join("2"), &nobody)), Err(FileError::Unscanned));
}

#[test]
fn a_project_holds_no_more_than_its_share() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(&folder.path().join("node"));
    let project = ProjectId::from_bytes([7; 16]);
    let quota = Quota { files: 3, bytes: 100 };
    let keep = |size: usize| {
        let content = [b"%PDF-1.7 ".as_slice(), &vec![b'.'; size - 9]].concat();
        let pdf = ["pdf".to_owned()];
        store.keep_file_within(&quota, project, None, "a.pdf", &content, &pdf, 1).unwrap()
    };
    keep(60).unwrap();
    assert_eq!(keep(41).unwrap_err(), FileError::ProjectFull(quota));
    keep(20).unwrap();
    keep(20).unwrap();
    assert_eq!(keep(10).unwrap_err(), FileError::ProjectFull(quota), "one file more");
}
