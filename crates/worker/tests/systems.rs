//! What is new for a department is pushed to its own system, in order and however that behaves.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[expect(dead_code, reason = "other tests ask it by path")]
#[path = "../../outside/tests/support/stand_in.rs"]
mod stand_in;

use std::{path::Path, sync::Arc, time::Duration};

use stand_in::{Manner, StandIn};
use tongban_domain::{
    ids::DepartmentId,
    time::{Day, Instant},
};
use tongban_outside::{Asking, HttpSystem};
use tongban_simulator::{Options, Simulation, found_city};
use tongban_store::{NodeOptions, Pushed, Store, VirtualClock};
use tongban_worker::push_round;

/// A node on which a small city lived until yesterday, and the department with most to do.
fn lived(folder: &Path) -> (Store, Arc<VirtualClock>, DepartmentId) {
    let from: Day = "2026-01-05".parse().unwrap();
    let clock = Arc::new(VirtualClock::at(from.at(0, 0)));
    let database = tongban_private_postgres::database_for_test().unwrap();
    let node = folder.join("node");
    let options = NodeOptions::new(node, 1, clock.clone()).seeded(3).on(database);
    let store = Store::open(options).unwrap();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/jiangsu");
    store.publish_pack(&tongban_store::read_pack(&pack).unwrap()).unwrap();
    let city = found_city(&store, 320_500).unwrap();
    let options = Options { city, projects: 4, days: 60, seed: 3, from };
    Simulation::new(&store, clock.clone(), options).run(|_| ()).unwrap();
    let organisation = store.organisation();
    let busy = organisation.departments().max_by_key(|it| all(&store, it.id).len()).unwrap();
    let department = busy.id;
    (store, clock, department)
}

/// The tasks of a department, by id.
fn all(store: &Store, department: DepartmentId) -> Vec<String> {
    let tasks = store.tasks_after(department, (0, -1), 10_000).unwrap();
    tasks.into_iter().map(|task| format!("{}.{}", task.id.0, task.id.1)).collect()
}

/// The ids of the tasks in what a stand-in was sent, push by push.
fn sent(stand_in: &StandIn) -> Vec<Vec<String>> {
    let ids = |request: &String| {
        let parts = request.split("\"id\":\"").skip(1);
        parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
    };
    stand_in.requests().iter().map(ids).collect()
}

fn system(stand_in: &StandIn) -> HttpSystem {
    let (patience, key) = (Duration::from_millis(500), Some("its-own".to_owned()));
    HttpSystem::at(&stand_in.address(), Asking { patience, key, authority: None }).unwrap()
}

fn later(store: &Store, clock: &VirtualClock, seconds: i64) {
    clock.set(Instant(store.now().0 + seconds * 1_000_000));
}

fn connect(store: &Store, department: DepartmentId) {
    let admin = store.account_named("sysadmin").unwrap().unwrap();
    store.connect_system(department, "业务系统", admin.id).unwrap();
    let guard = store.account_named("secadmin").unwrap().unwrap();
    store.admit_system(department, guard.id).unwrap();
}

#[test]
fn a_system_is_sent_everything_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _, department) = lived(folder.path());
    let expected = all(&store, department);
    assert!(expected.len() > 3, "{expected:?}");
    let stand_in = StandIn::that(Manner::Answers(204, String::new()));
    let system = system(&stand_in);
    assert_eq!(push_round(&store, department, &system).unwrap(), 0, "it is not connected");
    connect(&store, department);
    while push_round(&store, department, &system).unwrap() > 0 {}
    assert_eq!(sent(&stand_in).concat(), expected);
    assert!(stand_in.requests().iter().all(|head| head.contains("Bearer its-own")));
    // Another process that pushed the same and was slower takes nothing back.
    let reached = store.pushed(department).unwrap();
    store.note_pushed(department, Pushed::default(), (1, 0)).unwrap();
    store.put_off_pushing(department, Pushed::default()).unwrap();
    assert_eq!(store.pushed(department).unwrap(), reached);
    let admin = store.account_named("sysadmin").unwrap().unwrap();
    store.disconnect_system(department, admin.id).unwrap();
    assert_eq!(push_round(&store, department, &system).unwrap(), 0);
}

#[test]
fn one_that_is_away_slow_or_refuses_is_sent_the_same_later() {
    let folder = tempfile::tempdir().unwrap();
    let (store, clock, department) = lived(folder.path());
    connect(&store, department);
    let stand_in = StandIn::that(Manner::HangsUp);
    let system = system(&stand_in);
    let mut wait = 30;
    for manner in [
        Manner::HangsUp,
        Manner::Slow(Duration::from_secs(2), String::new()),
        Manner::Answers(503, String::new()),
        Manner::Answers(403, String::new()),
        Manner::Redirects("/elsewhere".to_owned()),
    ] {
        stand_in.behaves(manner);
        assert_eq!(push_round(&store, department, &system).unwrap(), 0);
        let known = store.pushed(department).unwrap();
        assert!(known.failing_since.is_some());
        // It is left alone for a while, each time for longer.
        let before = stand_in.requests().len();
        later(&store, &clock, wait - 1);
        assert_eq!(push_round(&store, department, &system).unwrap(), 0);
        assert_eq!(stand_in.requests().len(), before);
        later(&store, &clock, 1);
        wait *= 2;
    }
    stand_in.behaves(Manner::Answers(200, "{}".to_owned()));
    while push_round(&store, department, &system).unwrap() > 0 {}
    // Every push that failed began with the first task, and so does the one that was taken.
    let (pushes, expected) = (sent(&stand_in), all(&store, department));
    assert!(pushes.len() >= 5 && pushes.iter().all(|push| *push == expected), "{pushes:?}");
    assert_eq!(store.pushed(department).unwrap().failing_since, None);
}
