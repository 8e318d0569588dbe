//! A backup is taken while the node works; a restored node knows that it is one.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use support::{column, lived, open, verify};
use tongban_domain::time::Day;
use tongban_private_postgres::PrivatePostgres;
use tongban_simulator::{City, Options, Simulation, found_city};
use tongban_store::{NodeOptions, Store, StoreError, VerifyOptions, VirtualClock, restore};

/// The numbers that were given in the tables of a node.
fn numbers(folder: &Path) -> BTreeSet<String> {
    let sql = "SELECT value FROM claims WHERE kind <> 'project-code'";
    column(folder, sql).into_iter().collect()
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

    // Restored on the last day of the lost node: that day's numbers went on without the backup.
    let dates = lost.iter().filter(|number| number.len() == 20).map(|number| &number[6..14]);
    let date = dates.max().unwrap().to_owned();
    let lost_on: Day = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]).parse().unwrap();
    let data = restored(&kept, &folder.path().join("again"), &data);
    assert!(!data.join("journal.key").exists(), "the key is kept apart");
    let (store, clock) = support::open_at(&data, lost_on);
    let epoch = store.origin().epoch;
    assert!(epoch > 1);
    assert!(store.restored().unwrap().is_some());
    assert_eq!(store.journal_keys(1).unwrap(), text, "older receipts can still be checked");
    assert_ne!(fs::read(data.join("journal.key")).unwrap(), key);
    let of_that_day = lost.iter().filter(|number| number.len() == 20 && number[6..14] == date);
    let last: i64 = of_that_day.map(|number| number[14..].parse().unwrap()).max().unwrap();
    let sql = format!("SELECT last FROM counters WHERE kind = 'case' AND period = {}", lost_on.0);
    let next: i64 = column(&data, &sql)[0].parse().unwrap();
    assert!(next > last + 100_000, "{next} leaves room behind {last}");
    lives(&store, &clock, &city, (2, lost_on));
    let given: BTreeSet<String> = numbers(&data).difference(&before).cloned().collect();
    assert!(!given.is_empty());
    assert_eq!(given.intersection(&lost).count(), 0, "no number twice");
    verify(&store).unwrap();
    store.close();
    let (store, _) = support::open_at(&data, lost_on.plus(91));
    assert_eq!(store.origin().epoch, epoch, "once for each restoring");
}

/// A backup in a place that was empty, with the keys of a node.
fn restored(kept: &Path, data: &Path, keys: &Path) -> PathBuf {
    restore(kept, data, support::database_of(data).as_deref(), Some(keys)).unwrap();
    data.to_owned()
}

#[test]
fn one_backup_restored_twice_makes_two_epochs_that_share_no_number() {
    let folder = tempfile::tempdir().unwrap();
    let (data, kept) = (folder.path().join("node"), folder.path().join("backup"));
    let (store, clock) = open(&data);
    store.publish_pack(&support::pack()).unwrap();
    let city = found_city(&store, 320_500).unwrap();
    lives(&store, &clock, &city, (1, "2026-01-05".parse().unwrap()));
    store.backup(&kept).unwrap();
    let before = numbers(&data);
    let day: Day = "2026-04-06".parse().unwrap();
    let mut known: Option<(u32, BTreeSet<String>)> = None;
    for hour in [9, 15] {
        let data = restored(&kept, &folder.path().join(format!("hour-{hour}")), &data);
        clock.set(day.at(hour, 0));
        let store = Store::open(support::options(&data, clock.clone()).seeded(3)).unwrap();
        let epoch = store.origin().epoch;
        lives(&store, &clock, &city, (2, day));
        let given: BTreeSet<String> = numbers(&data).difference(&before).cloned().collect();
        assert!(!given.is_empty());
        if let Some((other, numbers)) = &known {
            assert_ne!(*other, epoch);
            let of_the_day = |number: &&String| number.contains("20260406");
            let twice = given.intersection(numbers).filter(of_the_day).count();
            assert_eq!(twice, 0, "no number of the day of the restoring is given twice");
        }
        known = Some((epoch, given));
    }
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let folder = tempfile::tempdir().unwrap();
    let (data, kept) = (folder.path().join("node.v1"), folder.path().join("backup"));
    let store = lived(&data);
    store.backup(&kept).unwrap();
    store.close();
    let again = folder.path().join("node.v2");
    if !support::on_postgres() {
        let refused = restore(&data, &again, None, None).unwrap_err();
        assert!(matches!(refused, StoreError::NoBackup(_)), "{refused}");
    }
    let refused = restore(folder.path(), &again, None, None).unwrap_err();
    assert!(matches!(refused, StoreError::NoNode(_)), "{refused}");
    assert!(!again.exists());
    let refused = restore(&kept, &data, None, None).unwrap_err();
    assert!(matches!(refused, StoreError::Exists(_)), "{refused}");
    // A clock that stands before the backup would begin an epoch in the past.
    let data = restored(&kept, &again, &data);
    let clock = Arc::new(VirtualClock::at("2026-01-06".parse::<Day>().unwrap().at(0, 0)));
    let refused = Store::open(support::options(&data, clock)).err().unwrap();
    assert!(matches!(refused, StoreError::ClockBehind(_)), "{refused}");
}

#[test]
fn a_backup_of_either_database_is_restored_to_either() {
    let folder = tempfile::tempdir().unwrap();
    let server = PrivatePostgres::of_this_process();
    let store = lived(&folder.path().join("node"));
    let (roots, clock) = (store.roots().unwrap(), "2026-06-01".parse::<Day>().unwrap().at(0, 0));
    let mut kept = folder.path().join("backup-0");
    store.backup(&kept).unwrap();
    store.close();
    for (round, database) in [None, Some(server.new_database().unwrap()), None].iter().enumerate() {
        let data = folder.path().join(format!("node-{round}"));
        restore(&kept, &data, database.as_deref(), Some(&folder.path().join("node"))).unwrap();
        let clock = Arc::new(VirtualClock::at(clock));
        let store = Store::open(NodeOptions::new(&data, 1, clock).on(database.clone())).unwrap();
        verify(&store).unwrap();
        assert_eq!(store.roots().unwrap(), roots, "the same journal");
        kept = folder.path().join(format!("backup-{}", round + 1));
        store.backup(&kept).unwrap();
        if let Some(database) = database {
            let refused =
                restore(&kept, &folder.path().join("x"), Some(database), None).unwrap_err();
            assert!(matches!(refused, StoreError::DatabaseInUse), "{refused}");
        }
    }
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
            let copy = Store::open_backup(&to, &folder.path().join("node"), clock).unwrap();
            copy.verify(&VerifyOptions { files: true, ..VerifyOptions::default() })
                .unwrap()
                .unwrap();
        }
        worker.join()
    });
    working.unwrap();
}
