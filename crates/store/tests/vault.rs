//! What is known of persons lies encrypted in the database, and its keys beside it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use std::{fs, path::Path};

use support::{lived, lived_in_file, open_at, verify};
use tongban_domain::ids::PersonId;
use tongban_store::{
    DraftKind, Entering, Person, Recognised, Store, StoreError, VerifyOptions, add_person_key,
};

const NAME: &str = "皇甫金丝雀";
const PHONE: &str = "19900000417";
const IDENTITY: &str = "320501199001019917";
const OPINION: &str = "金丝雀的意见书";

/// A person, a draft and a file in which the person is named.
fn canary(store: &Store) -> PersonId {
    let person = Person {
        id: PersonId::from_bytes(store.new_id()),
        name: NAME.to_owned(),
        phone: PHONE.to_owned(),
        id_number: IDENTITY.to_owned(),
    };
    store.keep_person(&person).unwrap();
    let project = store.find_projects("", 1).unwrap().remove(0).id;
    let by = store.accounts().unwrap().remove(0).id;
    let draft = store.start_draft(project, DraftKind::Application, 1, None, by).unwrap();
    store
        .save_draft(draft, &[("field", "contact-phone", PHONE), ("field", "note", OPINION)])
        .unwrap();
    let pdf = ["pdf".to_owned()];
    store
        .keep_file(project, Some(draft), &format!("{NAME}.pdf"), b"%PDF-1.7", &pdf, 1)
        .unwrap()
        .unwrap();
    person.id
}

/// Every file below a folder in which one of the canaries can be read.
fn told(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(told(&path));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for canary in [NAME, PHONE, IDENTITY, OPINION] {
            if bytes.windows(canary.len()).any(|it| it == canary.as_bytes()) {
                found.push(format!("{canary} in {}", path.display()));
            }
        }
    }
    found
}

#[test]
fn nothing_of_a_person_can_be_read_in_database_log_or_backup() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(&folder.path().join("node"));
    let id = canary(&store);
    assert_eq!(store.person(id).unwrap().unwrap().phone, PHONE);
    store.backup(&folder.path().join("backup")).unwrap();
    assert_eq!(told(folder.path()), Vec::<String>::new());
    store.close();
    assert_eq!(told(folder.path()), Vec::<String>::new());
}

#[test]
fn a_person_is_found_by_the_whole_number_and_by_no_part_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let id = canary(&store);
    assert_eq!(store.persons_with(PHONE).unwrap(), [id]);
    assert_eq!(store.persons_with(IDENTITY).unwrap(), [id]);
    for other in ["1990000041", "", NAME] {
        assert!(store.persons_with(other).unwrap().is_empty(), "{other}");
    }
}

#[test]
fn a_running_node_goes_over_to_a_new_key_and_the_old_one_may_go() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived_in_file(folder.path());
    let id = canary(&store);
    let backup = folder.path().join("backup");
    store.backup(&backup).unwrap();
    assert_eq!(store.renew_person_keys().unwrap(), None, "one key, nothing to do");
    assert_eq!(add_person_key(folder.path()).unwrap(), 2);
    let refused = store.forget_person_key(1).unwrap_err();
    assert!(matches!(refused, StoreError::PersonKeyInUse { number: 1, .. }), "{refused}");
    let renewed = store.renew_person_keys().unwrap().unwrap();
    let uses = store.person_keys().unwrap();
    assert_eq!(
        uses.iter().map(|it| (it.key, it.cells > 0)).collect::<Vec<_>>(),
        [(1, false), (2, true)]
    );
    assert_eq!(renewed.rows, uses[1].cells);
    assert_eq!(store.persons_with(PHONE).unwrap(), [id]);
    let refused = store.forget_person_key(2).unwrap_err();
    assert!(matches!(refused, StoreError::PersonKeyInUse { number: 2, .. }), "{refused}");
    let clock = std::sync::Arc::new(tongban_store::SystemClock { offset: 0 });
    let unread = || {
        let copy = Store::open_backup(&backup, folder.path(), clock.clone()).unwrap();
        copy.verify(&VerifyOptions::default()).unwrap().unwrap().unread
    };
    assert_eq!(unread(), 0, "the old key still opens the backup");
    store.forget_person_key(1).unwrap();
    assert_eq!(store.person(id).unwrap().unwrap().name, NAME);
    verify(&store).unwrap();
    assert!(unread() > 0);
}

#[test]
fn whom_a_provider_knows_is_recognised_under_a_new_key() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived_in_file(folder.path());
    let code = "91350100M000100Y43".parse().unwrap();
    let who = || Entering {
        subject: ("https://login.example.gov.cn", "subject-417"),
        name: NAME,
        id_number: Some(IDENTITY),
        phone: Some(PHONE),
        organisation: Some((&code, "苏州某公司")),
    };
    let first = store.recognise(who(), "127.0.0.1").unwrap();
    assert!(matches!(first, Recognised::As(_)), "{first:?}");
    add_person_key(folder.path()).unwrap();
    store.renew_person_keys().unwrap().unwrap();
    store.forget_person_key(1).unwrap();
    assert_eq!(store.recognise(who(), "127.0.0.1").unwrap(), first);
    assert_eq!(told(folder.path()), Vec::<String>::new());
    verify(&store).unwrap();
}

#[test]
fn a_node_does_not_start_without_its_keys_nor_with_others() {
    let folder = tempfile::tempdir().unwrap();
    lived(folder.path()).close();
    let keys = folder.path().join("persons");
    let kept = folder.path().join("kept");
    fs::rename(&keys, &kept).unwrap();
    let again = |folder: &Path| {
        let clock = std::sync::Arc::new(tongban_store::SystemClock { offset: 0 });
        Store::open(support::options(folder, clock))
    };
    let refused = again(folder.path()).err().unwrap();
    assert!(matches!(refused, StoreError::PersonKeyMissing(1)), "{refused}");
    add_person_key(folder.path()).unwrap();
    let refused = again(folder.path()).err().unwrap();
    assert!(matches!(refused, StoreError::OtherPersonKey), "{refused}");
    fs::remove_dir_all(&keys).unwrap();
    fs::rename(&kept, &keys).unwrap();
    let (store, _) = open_at(folder.path(), "2026-06-01".parse().unwrap());
    verify(&store).unwrap();
}

/// What a program before the vault wrote in clear is encrypted when the node is opened, and is in
/// none of the pages that were freed.
#[test]
fn what_was_in_clear_is_encrypted_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = support::open_file(folder.path());
    store.publish_pack(&support::pack()).unwrap();
    store.close();
    in_clear(folder.path());
    assert!(!told(folder.path()).is_empty());
    let (store, _) = support::open_file(folder.path());
    let person = store.person(PersonId::from_bytes([7; 16])).unwrap().unwrap();
    assert_eq!((person.name.as_str(), person.phone.as_str()), (NAME, PHONE));
    assert_eq!(store.persons_with(IDENTITY).unwrap(), [person.id]);
    assert_eq!(told(folder.path()), Vec::<String>::new());
    verify(&store).unwrap();
}

/// A database as the program before the vault left it, with one person.
fn in_clear(folder: &Path) {
    support::before_the_vault(folder);
    let id = "07".repeat(16);
    let rows = format!(
        "INSERT INTO persons VALUES (x'{id}', '{NAME}', '{PHONE}', '{IDENTITY}'); \
         INSERT INTO draft_values VALUES (x'{id}', 'field', 'note', '{OPINION}')"
    );
    support::database(folder).execute_batch(&rows).unwrap();
}
