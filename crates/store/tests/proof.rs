//! What is changed behind the node's back is found and named; what is proved stays proved.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use std::path::Path;

use rusqlite::params;
use support::{alter, database, lived, lived_in_file, verify};
use tongban_journal::{Receipt, SignedCheckpoint, leaf_hashes};
use tongban_store::{Difference, Store, StoreError, VerifyOptions};

#[test]
fn flipped_bytes_of_a_fact_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived_in_file(folder.path());
    let connection = database(folder.path());
    let read = "SELECT bytes FROM facts WHERE position = 60";
    let write = "UPDATE facts SET bytes = ?1 WHERE position = 60";
    let bytes: Vec<u8> = connection.query_row(read, [], |row| row.get(0)).unwrap();
    for place in (0..bytes.len()).step_by(17) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1;
        connection.execute(write, [&flipped]).unwrap();
        assert_eq!(verify(&store).unwrap_err(), Difference::Leaf { position: 60 });
    }
    connection.execute(write, [&bytes]).unwrap();
    assert!(verify(&store).is_ok());
}

#[test]
fn a_fact_that_was_taken_out_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    alter(folder.path(), "DELETE FROM facts WHERE position = 60");
    assert_eq!(verify(&store).unwrap_err(), Difference::Position { expected: 60, found: 61 });
}

#[test]
fn a_fact_that_is_found_under_another_place_than_its_own_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    alter(folder.path(), "UPDATE facts SET version = version + 1000 WHERE position = 60");
    assert_eq!(verify(&store).unwrap_err(), Difference::Misplaced { position: 60 });
}

#[test]
fn a_changed_projection_row_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let sql = "UPDATE cases SET standing = 'passed' WHERE case_id = \
               (SELECT case_id FROM cases WHERE standing <> 'passed' LIMIT 1)";
    alter(folder.path(), sql);
    let difference = verify(&store).unwrap_err();
    assert!(matches!(difference, Difference::Row { table: "cases", .. }), "{difference}");
}

#[test]
fn a_missing_message_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let sql = "DELETE FROM messages WHERE position = (SELECT MAX(position) FROM messages)";
    alter(folder.path(), sql);
    assert!(matches!(verify(&store).unwrap_err(), Difference::Row { table: "messages", .. }));
}

/// Who changes a fact together with its own hash is found by the subtree above it.
#[test]
fn a_fact_changed_with_its_hash_is_found_by_the_subtree() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived_in_file(folder.path());
    // Almost at its end: what was signed meanwhile covers less, or all of it.
    change_with_hash(folder.path(), 255);
    let found = verify(&store).unwrap_err();
    assert_eq!(found, Difference::Subtree { first: 1, last: 256 });
}

/// Who changes the subtree as well is found by what was signed.
#[test]
fn a_journal_rewritten_up_to_its_edge_is_found_by_the_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived_in_file(folder.path());
    let size = store.sign_checkpoint().unwrap().unwrap().checkpoint.roots.size;
    change_with_hash(folder.path(), 60);
    rewrite_tree(folder.path());
    let found = verify(&store).unwrap_err();
    let Difference::Checkpoint { size: first, fault } = found else { panic!("{found}") };
    assert!(first <= size && fault == "other facts were signed", "{first} of {size}: {fault}");
}

/// The end of a journal cut off, and its edge put back: the checkpoint covers more.
#[test]
fn a_journal_cut_short_is_found_by_the_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived_in_file(folder.path());
    let signed = store.sign_checkpoint().unwrap().unwrap();
    let size = signed.checkpoint.roots.size;
    let cut = "DELETE FROM facts WHERE position = (SELECT MAX(position) FROM facts)";
    database(folder.path()).execute(cut, []).unwrap();
    assert_eq!(verify(&store).unwrap_err(), Difference::Tree);
    rewrite_tree(folder.path());
    assert!(
        matches!(verify(&store).unwrap_err(), Difference::Checkpoint { size: s, .. } if s == size)
    );
}

#[test]
fn a_sealed_value_that_was_changed_is_found_and_one_that_was_erased_is_not_missed() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let one = "(SELECT id FROM sealed ORDER BY id LIMIT 1)";
    alter(folder.path(), &format!("DELETE FROM sealed WHERE id = {one}"));
    verify(&store).unwrap();
    alter(
        folder.path(),
        &format!("UPDATE sealed SET value = SUBSTR(value, 1, 29) WHERE id = {one}"),
    );
    assert!(matches!(verify(&store).unwrap_err(), Difference::Sealed { .. }));
}

#[test]
fn a_person_who_would_be_found_by_the_number_of_another_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    verify(&store).unwrap();
    let one = "(SELECT id FROM persons WHERE phone_digest IS NOT NULL ORDER BY id LIMIT 1)";
    let strange = "(SELECT leaf FROM facts ORDER BY position LIMIT 1)";
    alter(folder.path(), &format!("UPDATE persons SET phone_digest = {strange} WHERE id = {one}"));
    assert!(matches!(verify(&store).unwrap_err(), Difference::Cell { .. }));
}

/// Who rewrites the journal signs it anew, with the key in the folder: what others kept tells.
#[test]
fn a_journal_that_was_rewritten_and_signed_anew_is_found_by_what_others_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived_in_file(folder.path());
    let kept = store.sign_checkpoint().unwrap().unwrap();
    let keys = store.journal_keys(1).unwrap().unwrap().parse().unwrap();
    store.close();
    change_with_hash(folder.path(), 1);
    rewrite_tree(folder.path());
    alter_file(folder.path(), "DELETE FROM checkpoints");
    let (store, _) = support::open_file(folder.path());
    store.sign_checkpoint().unwrap();
    let outside = |checkpoints| VerifyOptions { checkpoints, ..VerifyOptions::default() };
    // Nothing follows from the id that was changed: by itself the node is sound.
    let alone = store.verify(&outside(Vec::new())).unwrap();
    let report = alone.expect("nothing inside tells");
    assert_eq!(report.signed, report.facts);
    let found = store.verify(&outside(vec![kept])).unwrap().unwrap_err();
    assert!(matches!(found, Difference::Checkpoint { .. }), "{found}");
    // Keys with which nothing is signed any more.
    alter_file(folder.path(), "DELETE FROM checkpoints");
    let options = VerifyOptions { keys: vec![keys], ..VerifyOptions::default() };
    let found = store.verify(&options).unwrap().unwrap_err();
    assert_eq!(found, Difference::Unsigned { node: 1, epoch: 1 });
}

#[test]
fn a_pack_that_was_changed_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived_in_file(folder.path());
    let database = database(folder.path());
    let read = "SELECT files FROM packs";
    let mut files: Vec<u8> = database.query_row(read, [], |row| row.get(0)).unwrap();
    let place = files.len() / 2;
    files[place] ^= 1;
    database.execute("UPDATE packs SET files = ?1", [files]).unwrap();
    assert!(matches!(verify(&store).unwrap_err(), Difference::Pack { .. }));
}

#[test]
fn a_file_that_is_described_otherwise_than_its_fact_says_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived_in_file(folder.path());
    let projects = store.find_projects("", 100).unwrap().into_iter();
    let mut projects = projects.map(|row| store.project(row.id).unwrap().unwrap());
    let uploaded = projects.find_map(|project| {
        let slots = project.applications.values().flat_map(|it| it.slots.iter());
        let mut papers = slots.flat_map(|slot| slot.versions.iter());
        papers.find_map(|(_, from)| from.file().cloned())
    });
    let file = uploaded.unwrap();
    let named = Difference::File { id: file.file.to_string() };
    let database = database(folder.path());
    let id = file.file.as_bytes();
    database.execute("UPDATE files SET size = size + 1 WHERE id = ?1", [id]).unwrap();
    assert_eq!(verify(&store).unwrap_err(), named);
    database.execute("DELETE FROM files WHERE id = ?1", [id]).unwrap();
    assert_eq!(verify(&store).unwrap_err(), named);
}

fn alter_file(folder: &Path, sql: &str) {
    database(folder).execute_batch(sql).unwrap();
}

/// Every act of a project, proved to somebody who has the keys and nothing else; also by the
/// first checkpoint after it when the journal has grown since.
#[test]
fn every_act_has_a_receipt_that_holds_without_the_node() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let keys = store.journal_keys(1).unwrap().unwrap().parse().unwrap();
    let mut acts = 0;
    for row in store.find_projects("", 3).unwrap() {
        let history = store.history(row.id).unwrap();
        let mut known = std::collections::BTreeSet::new();
        for recorded in &history {
            if !known.insert(recorded.envelope.act) {
                continue;
            }
            let receipt = store.receipt(row.id, recorded.envelope.act).unwrap().unwrap();
            let text = receipt.to_string();
            let read: Receipt = text.parse().unwrap();
            read.verify(&keys).unwrap();
            let own = history.iter().filter(|it| it.envelope.act == recorded.envelope.act);
            let own: Vec<Vec<u8>> = own.map(tongban_domain::fact::Recorded::to_bytes).collect();
            let proved: Vec<Vec<u8>> = read.leaves.into_iter().map(|leaf| leaf.bytes).collect();
            assert_eq!(proved, own);
            acts += 1;
        }
        let unknown = tongban_domain::ids::ActId::from_bytes([9; 16]);
        assert!(store.receipt(row.id, unknown).unwrap().is_none());
    }
    assert!(acts > 30, "{acts}");
}

/// A journal from before the tree was stored gets what it lacks when it is opened.
#[test]
fn an_older_journal_gets_its_tree() {
    let folder = tempfile::tempdir().unwrap();
    lived_in_file(folder.path()).close();
    support::before_the_vault(folder.path());
    database(folder.path())
        .execute_batch(
            "DROP TABLE nodes; DROP TABLE checkpoints; DROP TABLE journal_keys; \
             DROP INDEX cases_by_end; DROP TABLE unmade; DROP TABLE document_problems; \
             DROP TABLE documents_asked; \
             DELETE FROM meta WHERE name LIKE '%projections'; \
             ALTER TABLE facts DROP COLUMN leaf; PRAGMA user_version = 2",
        )
        .unwrap();
    let (store, _) = support::open_file(folder.path());
    verify(&store).unwrap();
    let project = store.find_projects("", 1).unwrap().remove(0).id;
    let act = store.history(project).unwrap()[0].envelope.act;
    assert!(store.receipt(project, act).unwrap().is_some());
}

/// Looking at a copy writes nothing to it, whatever is asked.
#[test]
fn a_copy_is_only_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let clock = std::sync::Arc::new(tongban_store::SystemClock { offset: 0 });
    let missing = Store::open_copy(folder.path(), clock.clone()).err().unwrap();
    assert!(matches!(missing, StoreError::NoNode(_)));
    let store = lived_in_file(folder.path());
    let copy = Store::open_copy(folder.path(), clock).unwrap();
    assert_eq!(verify(&copy).unwrap(), verify(&store).unwrap());
    let refused = copy.keep_setting("a", "b").unwrap_err();
    assert!(matches!(refused, StoreError::OnlyLooking), "{refused}");
}

/// A checkpoint covers what was done by the second after it, and is signed at the end.
#[test]
fn the_journal_is_signed_within_a_second_and_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let until = std::time::Instant::now() + std::time::Duration::from_secs(5);
    let covered = |signed: Option<SignedCheckpoint>| signed.map(|it| it.checkpoint.roots);
    let roots = store.roots().unwrap();
    while covered(store.last_checkpoint().unwrap()) != Some(roots) {
        assert!(std::time::Instant::now() < until, "nothing was signed");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    store.keep_setting("a", "b").unwrap();
    store.publish_pack(&support::pack()).unwrap();
    let department = store.establish_department("x", "某局", 320_500, store.now().day());
    department.unwrap();
    let roots = store.roots().unwrap();
    store.close();
    let (store, _) = support::open(folder.path());
    assert_eq!(covered(store.last_checkpoint().unwrap()), Some(roots));
}

/// One bit of a fact and the hash beside it, as a patient administrator of the database could.
fn change_with_hash(folder: &Path, position: i64) {
    let connection = database(folder);
    let read = "SELECT bytes FROM facts WHERE position = ?1";
    let mut bytes: Vec<u8> = connection.query_row(read, [position], |row| row.get(0)).unwrap();
    // A byte of the act's id: what is changed stays canonical.
    let mut ids = bytes.windows(2).enumerate().filter(|(_, pair)| *pair == [0x50, 0x01]);
    // The first is that of the stream; the node's own streams have none.
    let (id, _) = ids.nth(usize::from(position > 1)).unwrap();
    bytes[id + 10] ^= 1;
    let leaf = leaf_hashes(&bytes).to_bytes();
    connection
        .execute(
            "UPDATE facts SET bytes = ?1, leaf = ?2 WHERE position = ?3",
            params![bytes, leaf, position],
        )
        .unwrap();
}

/// All hashes above the facts made anew.
fn rewrite_tree(folder: &Path) {
    let connection = database(folder);
    let mut frontier = tongban_journal::Frontier::default();
    let mut statement = connection.prepare("SELECT bytes FROM facts ORDER BY position").unwrap();
    let facts = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    connection.execute("DELETE FROM nodes", []).unwrap();
    let keep = "INSERT INTO nodes (node, level, place, hashes) VALUES (1, ?1, ?2, ?3)";
    for bytes in facts {
        frontier.append_noting(leaf_hashes(&bytes.unwrap()), |level, place, hashes| {
            if level % 8 == 0 {
                let values = params![level, place as i64, hashes.to_bytes()];
                connection.execute(keep, values).unwrap();
            }
        });
    }
    let set = "UPDATE meta SET value = ?1 WHERE name = 'frontier'";
    connection.execute(set, [frontier.to_bytes()]).unwrap();
}
