//! Documents are made behind the pages: sealed, on record, to be found by what is printed on them;
//! and whatever keeps one from being made is told and gone when its cause is.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tongban_documents::Typesetter;
use tongban_domain::{
    document::{DocumentKind, Force},
    time::Day,
};
use tongban_simulator::{Options, Simulation, found_city};
use tongban_store::{NodeOptions, Store, VerifyOptions, VirtualClock, seal_fits};
use tongban_worker::Maker;

/// A node on which a small city lived until yesterday.
fn lived(folder: &Path) -> Store {
    let from: Day = "2026-01-05".parse().unwrap();
    let clock = Arc::new(VirtualClock::at(from.at(0, 0)));
    let database = tongban_private_postgres::database_for_test().unwrap();
    let node = folder.join("node");
    let options = NodeOptions::new(node, 1, clock.clone()).seeded(3).on(database);
    let store = Store::open(options).unwrap();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/jiangsu");
    store.publish_pack(&tongban_store::read_pack(&pack).unwrap()).unwrap();
    let city = found_city(&store, 320_500).unwrap();
    let options = Options { city, projects: 8, days: 90, seed: 3, from };
    Simulation::new(&store, clock, options).run(|_| ()).unwrap();
    store
}

/// A maker whose press behaves as it is told.
fn maker(folder: &Path, store: &Store, how: &str) -> Maker {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/press.py");
    let program = folder.join(format!("press-{how}"));
    let text = format!("#!/bin/sh\nexec python3 {} \"$@\"\n", script.display());
    std::fs::write(&program, text).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    // Only what is to be too slow may be: the machine may be busy.
    let patience = Duration::from_millis(if how == "slow" { 300 } else { 60_000 });
    let press = Typesetter::new(program, PathBuf::from(how)).waiting(patience);
    Maker::new(store.clone(), press, "https://spgl.example.gov.cn/".to_owned())
}

/// Works until nothing is left to do.
fn work(maker: &mut Maker) -> usize {
    std::iter::repeat_with(|| maker.round().unwrap()).take_while(|made| *made > 0).sum()
}

#[test]
fn what_is_called_for_is_made_sealed_and_found_by_what_is_printed_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let made = work(&mut maker(folder.path(), &store, "works"));
    assert!(made > 20, "{made}");
    assert_eq!(work(&mut maker(folder.path(), &store, "works")), 0, "each is made once");

    let mut licences = 0;
    for project in store.all_projects().unwrap() {
        let project = store.project(project).unwrap().unwrap();
        for document in &project.documents {
            let issued = &document.issued;
            let code = issued.document.to_string().to_uppercase();
            let found = store.find_document(&code).unwrap().unwrap();
            assert_eq!(found.document, *document);
            if let Some(identity) = &issued.identity {
                licences += 1;
                assert_eq!(issued.kind, DocumentKind::Grant);
                let found = store.find_document(identity.as_str()).unwrap().unwrap();
                assert_eq!(found.document, *document);
            }
            // The seal is on these bytes and on no others.
            let file = store.file(issued.file.file).unwrap().unwrap();
            let mut content = store.content(&file).unwrap();
            assert!(seal_fits(&issued.key, &content, &issued.signature));
            let last = content.len() - 1;
            content[last] ^= 1;
            assert!(!seal_fits(&issued.key, &content, &issued.signature));
            let ofd = issued.ofd.as_ref().unwrap();
            let file = store.file(ofd.file.file).unwrap().unwrap();
            assert!(file.name.ends_with(".ofd"), "{}", file.name);
            assert!(seal_fits(&issued.key, &store.content(&file).unwrap(), &ofd.signature));
            let text = String::from_utf8_lossy(&content).into_owned();
            assert!(text.contains(&format!("gov.cn/verify/{}", issued.document)), "{text}");
        }
    }
    assert!(licences > 0, "no licence among {made}");
    let options = VerifyOptions { files: true, ..VerifyOptions::default() };
    store.verify(&options).unwrap().unwrap();
    assert!(store.find_document("01m6cwafxzf42r1pp4pzjb27zc").unwrap().is_none());
    assert!(store.find_document("'; DROP TABLE claims; --").unwrap().is_none());
}

#[test]
fn a_sheet_that_cannot_be_set_is_told_and_made_when_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    assert_eq!(work(&mut maker(folder.path(), &store, "refuses")), 0);
    let waiting = store.unmade(tongban_domain::time::Instant(0), 100).unwrap();
    let id = *waiting.first().unwrap();
    store.ask_documents(id);
    assert_eq!(work(&mut maker(folder.path(), &store, "refuses")), 0);
    let problems = store.document_problems(id).unwrap();
    assert!(problems.iter().all(|problem| problem.sentence.contains('𠮷')), "{problems:?}");
    assert!(!problems.is_empty());

    assert!(work(&mut maker(folder.path(), &store, "works")) > 0);
    assert_eq!(store.document_problems(id).unwrap(), []);
    let project = store.project(id).unwrap().unwrap();
    let today = store.now().day();
    assert!(project.documents.iter().any(|it| it.force(&project, today) == Force::Valid));
}

#[test]
fn a_press_that_goes_away_or_hangs_is_started_anew() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    // It ends with every third sheet: the others are made.
    let made = work(&mut maker(folder.path(), &store, "dies"));
    assert!(made > 2, "{made}");
    let mut slow = maker(folder.path(), &store, "slow");
    for id in store.unmade(tongban_domain::time::Instant(0), 1).unwrap() {
        store.ask_documents(id);
        assert_eq!(slow.round().unwrap(), 0);
        let problems = store.document_problems(id).unwrap();
        assert!(problems.iter().any(|it| it.sentence.contains("没有完成")), "{problems:?}");
    }
    work(&mut maker(folder.path(), &store, "works"));
    let options = VerifyOptions { files: true, ..VerifyOptions::default() };
    store.verify(&options).unwrap().unwrap();
}
