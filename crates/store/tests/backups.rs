//! A backup is taken while the node works; a restored node knows that it is one.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use support::{lived, open, verify};
use tongban_domain::time::Day;
use tongban_simulator::{City, Options, Simulation, found_city};
use tongban_store::{Store, StoreError, VerifyOptions, VirtualClock, restore};

/// The numbers that were given in the tables of a node.
fn numbers(folder: &Path) -> BTreeSet<String> {
    let database = support::database(folder);
    let sql = "SELECT value FROM claims WHERE kind <> 'project-code'";
    let mut statement = database.prepare(sql).unwrap();
    let found = statement.query_map([], |row| row.get(0)).unwrap();
    found.collect::<Result<_, _>>().unwrap()
}

/// The city lives on for a while.
fn lives(store: &Store, clock: &Arc<VirtualClock>, city: &City, (seed, from): (u64, Day)) {
    clock.set(from.at(0, 0));
    let options = Options { city: city.clone(), projects: 10, days: 90, seed, from };
    Simulation::new(store, Arc::clone(clock), options).run(|_| ()).unwrap();
}

#[test]
fn a_restored_node_begins_an_epoch_and_uses_no_number_again() {
    let folder = tempfile::tempdir().unwrap();
    let (data, kept) = (folder.path().join("node"), folder.path().join("backup"));
    let (store, clock) = open(&data);
    store.publish_pack(&support::pack()).unwrap();
    let city = found_city(&store, 320_500).unwrap();
    let first: Day = "2026-04-06".parse().unwrap();
    lives(&store, &clock, &city, (1, "2026-01-05".parse().unwrap()));
    clock.set(first.at(0, 0));
    let before = numbers(&data);
    store.backup(&kept).unwrap();
    assert!(matches!(store.backup(&kept), Err(StoreError::Exists(_))));
    lives(&store, &clock, &city, (2, first));
    let lost: BTreeSet<String> = numbers(&data).difference(&before).cloned().collect();
    assert!(!lost.is_empty());
    let key = fs::read(data.join("journal.key")).unwrap();
    let text = store.journal_keys(1).unwrap();
    store.close();
    fs::remove_dir_all(&data).unwrap();

    // Restored on the last day of the lost node: that day's numbers went on without the backup.
    let dates = lost.iter().filter(|number| number.len() == 20).map(|number| &number[6..14]);
    let date = dates.max().unwrap().to_owned();
    let lost_on: Day = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]).parse().unwrap();
    restore(&kept, &data).unwrap();
    assert!(matches!(restore(&kept, &data), Err(StoreError::Exists(_))));
    assert!(!data.join("journal.key").exists(), "the key is kept apart");
    let (store, clock) = support::open_at(&data, lost_on);
    assert_eq!(store.origin().epoch, 2);
    assert!(store.restored().unwrap().is_some());
    assert_eq!(store.journal_keys(1).unwrap(), text, "older receipts can still be checked");
    assert_ne!(fs::read(data.join("journal.key")).unwrap(), key);
    let of_that_day = lost.iter().filter(|number| number.len() == 20 && number[6..14] == date);
    let last: i64 = of_that_day.map(|number| number[14..].parse().unwrap()).max().unwrap();
    let sql = "SELECT last FROM counters WHERE kind = 'case' AND period = ?1";
    let next: i64 = support::database(&data).query_row(sql, [lost_on.0], |row| row.get(0)).unwrap();
    assert!(next > last + 100_000, "{next} leaves room behind {last}");
    lives(&store, &clock, &city, (2, lost_on));
    let given: BTreeSet<String> = numbers(&data).difference(&before).cloned().collect();
    assert!(!given.is_empty());
    assert_eq!(given.intersection(&lost).count(), 0, "no number twice");
    verify(&store).unwrap();
    store.close();
    let (store, _) = open(&data);
    assert_eq!(store.origin().epoch, 2, "once for each restoring");
}

#[test]
fn a_backup_taken_while_the_node_works_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(&folder.path().join("node"));
    let working = std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            for number in 0..300 {
                store.keep_setting("busy", &number.to_string()).unwrap();
                let today = store.now().day();
                store.establish_department("x", &format!("{number}局"), 320_500, today).unwrap();
            }
        });
        for round in 0..3 {
            let to = folder.path().join(format!("backup-{round}"));
            store.backup(&to).unwrap();
            let clock = Arc::new(tongban_store::SystemClock { offset: 0 });
            let copy = Store::open_copy(&to, clock).unwrap();
            copy.verify(&VerifyOptions { files: true, ..VerifyOptions::default() })
                .unwrap()
                .unwrap();
        }
        worker.join()
    });
    working.unwrap();
}
