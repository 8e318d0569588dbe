//! Several processes on one database: each act happens once, whoever decides it; numbers are
//! given once; what one process changes the others follow; a server that goes away loses nothing
//! that was acknowledged.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use std::{
    collections::BTreeSet,
    path::Path,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use support::{pack, verify};
use tongban_domain::{
    acts::{Act, ProjectAct},
    ids::{AccountId, ProjectId},
    permission::Actor,
    project::{Project, Registration},
    refusal::Refusal,
    time::Day,
};
use tongban_private_postgres::PrivatePostgres;
use tongban_simulator::{City, Options, Simulation, found_city};
use tongban_store::{
    ActError, ActOptions, Guess, NewAccount, NodeOptions, Origin, Store, StoreError, SystemClock,
    Ticket, VirtualClock,
};

/// Two processes of one node, on which a small city lived.
struct Pair {
    folder: tempfile::TempDir,
    /// On a server of its own when something is done to that.
    server: Arc<PrivatePostgres>,
    database: String,
    clock: Arc<VirtualClock>,
    city: City,
    one: Store,
    other: Store,
}

impl Pair {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Arc::new(PrivatePostgres::start().unwrap());
        let database = server.new_database().unwrap();
        let from: Day = "2026-01-05".parse().unwrap();
        let clock = Arc::new(VirtualClock::at(from.at(0, 0)));
        let one = process(folder.path(), &database, &clock);
        one.publish_pack(&pack()).unwrap();
        let city = found_city(&one, 320_500).unwrap();
        let options = Options { city: city.clone(), projects: 10, days: 60, seed: 3, from };
        Simulation::new(&one, clock.clone(), options).run(|_| ()).unwrap();
        let other = process(folder.path(), &database, &clock);
        Self { folder, server, database, clock, city, one, other }
    }

    fn both(&self) -> [&Store; 2] {
        [&self.one, &self.other]
    }

    fn some_project(&self) -> Arc<Project> {
        let row = self.one.find_projects("", 1).unwrap().remove(0);
        self.one.project(row.id).unwrap().unwrap()
    }

    /// The same again, for another one.
    fn registration(&self) -> Registration {
        let known = self.some_project();
        Registration {
            code: None,
            name: known.name.clone(),
            owner: self.city.owners[0].organisation.clone(),
            region: known.region,
            flow: known.flow.clone(),
            fields: known.fields.clone(),
            contact: None,
        }
    }

    fn register(&self, on: &Store, registration: &Registration) -> Result<Ticket, ActError> {
        on.register(registration.clone(), &self.city.owners[0].actor, ActOptions::default())
    }

    /// What one statement on the server gives.
    fn asks(&self, sql: &str) -> String {
        self.server.psql("node_0", sql).unwrap()
    }
}

fn process(folder: &Path, database: &str, clock: &Arc<VirtualClock>) -> Store {
    let options = NodeOptions::new(folder, 1, clock.clone()).on(Some(database.to_owned()));
    Store::open(options).unwrap()
}

fn mark(on: &Store, project: ProjectId, by: &Actor) -> Result<(), ActError> {
    let act = Act::Project(ProjectAct::MarkKeyProject);
    on.act(project, &act, by, ActOptions::default()).and_then(Ticket::wait).map(drop)
}

/// Waits for what another process takes in.
fn soon(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(5);
    while !is_so() {
        assert!(Instant::now() < until, "{what}");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_act_that_two_processes_do_at_once_happens_once_and_the_other_is_told_why() {
    let pair = Pair::open();
    let plain: Vec<_> = pair.one.find_projects("", 100).unwrap();
    let plain: Vec<ProjectId> = plain.iter().filter(|it| !it.is_key).map(|it| it.id).collect();
    assert!(plain.len() > 3);
    for id in &plain {
        // Both know the project as it is now.
        for store in pair.both() {
            store.project(*id).unwrap().unwrap();
        }
    }
    let by = &pair.city.supervisor;
    let done: Vec<Vec<Result<(), ActError>>> = std::thread::scope(|scope| {
        let workers = pair
            .both()
            .map(|store| scope.spawn(|| plain.iter().map(|id| mark(store, *id, by)).collect()));
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    for (id, (one, other)) in plain.iter().zip(done[0].iter().zip(&done[1])) {
        let (happened, refused) = if one.is_ok() { (one, other) } else { (other, one) };
        assert!(happened.is_ok(), "{id}: {happened:?}");
        assert!(
            matches!(refused, Err(ActError::Refused(Refusal::AlreadySo))),
            "{id}: it was decided again on what is there: {refused:?}"
        );
        for store in pair.both() {
            assert!(store.project(*id).unwrap().unwrap().key, "both see it at once");
        }
    }
    verify(&pair.one).unwrap();
}

#[test]
fn two_processes_never_give_a_number_twice() {
    let pair = Pair::open();
    let registration = pair.registration();
    let codes: Vec<String> = std::thread::scope(|scope| {
        let workers = pair.both().map(|store| {
            scope.spawn(|| {
                let tickets: Vec<Ticket> =
                    (0..150).map(|_| pair.register(store, &registration).unwrap()).collect();
                let done =
                    tickets.into_iter().map(|it| it.wait().unwrap().project.code.to_string());
                done.collect::<Vec<_>>()
            })
        });
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 300);
    verify(&pair.other).unwrap();
}

#[test]
fn what_one_process_changes_the_other_follows() {
    let pair = Pair::open();
    let (one, other) = (&pair.one, &pair.other);
    let today = pair.one.now().day();
    let made = one.establish_department("new-one", "新设局", 320_500, today).unwrap();
    soon("the department", || other.organisation().department(made).is_some());

    let admin = AccountId::from_bytes([1; 16]);
    one.rename_department(made, "新设管理局", (today, "苏府办〔2026〕9号"), admin).unwrap();
    soon("its name", || other.organisation().department(made).unwrap().name == "新设管理局");

    let Guess::Right(account) = one.check_login("owner", tongban_simulator::DEMO_PASSWORD).unwrap()
    else {
        panic!("the owner cannot log in")
    };
    let token = one.start_session(account, 1, &Origin::default()).unwrap().0;
    assert!(other.session(&token).unwrap().is_some(), "logged in here, known there");
    one.end_session(&token).unwrap();
    soon("the logout", || other.session(&token).unwrap().is_none());
}

#[test]
fn two_processes_that_start_together_publish_one_pack_and_use_one_key() {
    let server = PrivatePostgres::start().unwrap();
    let (folder, database) = (tempfile::tempdir().unwrap(), server.new_database().unwrap());
    let clock = Arc::new(VirtualClock::at("2026-01-05".parse::<Day>().unwrap().at(0, 0)));
    let stores: Vec<Store> = std::thread::scope(|scope| {
        let start = || {
            let store = process(folder.path(), &database, &clock);
            store.publish_pack(&pack()).unwrap();
            store
        };
        let starting: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
        starting.into_iter().map(|it| it.join().unwrap()).collect()
    });
    for store in &stores {
        assert_eq!(store.publications().unwrap().len(), 1);
        assert!(store.sign_checkpoint().unwrap().is_some());
    }
    verify(&stores[0]).unwrap();
}

#[test]
fn one_checkpoint_covers_what_all_processes_did() {
    let pair = Pair::open();
    let registration = pair.registration();
    for store in pair.both() {
        let project = pair.register(store, &registration).unwrap().wait().unwrap().project.id;
        let act = store.history(project).unwrap()[0].envelope.act;
        for asked in pair.both() {
            let receipt = asked.receipt(project, act).unwrap().unwrap();
            receipt.verify(&store.journal_keys(1).unwrap().unwrap().parse().unwrap()).unwrap();
        }
    }
    verify(&pair.one).unwrap();
}

/// The row that every group writes is held by somebody who reads it serializably, or in the other
/// order: the server takes the group back, and it is written again.
#[test]
fn a_group_that_the_server_takes_back_is_written_again() {
    let pair = Pair::open();
    let registration = pair.registration();
    // A rival locks the edge after something that the group has locked before: a deadlock.
    let setting = "rival";
    pair.one.keep_setting(setting, "0").unwrap();
    pair.asks("ALTER SYSTEM SET deadlock_timeout = '10ms'");
    pair.asks("SELECT pg_reload_conf()");
    let rival = "BEGIN; SELECT 1 FROM meta WHERE name = 'rival' FOR UPDATE; SELECT pg_sleep(0.3); \
                 SELECT 1 FROM meta WHERE name = 'frontier' FOR UPDATE; COMMIT";
    let deadlocks =
        || pair.asks("SELECT deadlocks FROM pg_stat_database WHERE datname = 'node_0'") != "0";
    // They have to meet: on a busy machine that takes a while.
    let patience = Instant::now() + Duration::from_secs(60);
    std::thread::scope(|scope| {
        let rivals = scope.spawn(|| {
            // The rival may be the one that is taken back.
            (0..4).for_each(|_| drop(pair.server.psql("node_0", rival)));
            while !deadlocks() && Instant::now() < patience {
                drop(pair.server.psql("node_0", rival));
            }
        });
        while !rivals.is_finished() {
            let ticket = pair.register(&pair.one, &registration).unwrap();
            pair.one.keep_setting(setting, "1").unwrap();
            ticket.wait().unwrap();
        }
    });
    assert!(deadlocks(), "no deadlock ever happened: the test shows nothing");
    verify(&pair.one).unwrap();
}

#[test]
fn a_server_that_is_killed_and_started_again_loses_nothing_that_was_acknowledged() {
    let pair = Pair::open();
    let registration = pair.registration();
    let mut acknowledged = BTreeSet::new();
    for _ in 0..3 {
        std::thread::scope(|scope| {
            let workers = pair.both().map(|store| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    let until = Instant::now() + Duration::from_secs(3);
                    while Instant::now() < until {
                        match pair.register(store, &registration).and_then(Ticket::wait) {
                            Ok(acted) => done.push(acted.project.code.to_string()),
                            Err(ActError::Store(
                                StoreError::Unavailable(_) | StoreError::Unknown,
                            )) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                    done
                })
            });
            sleep(Duration::from_millis(500));
            pair.server.kill().unwrap();
            pair.server.run().unwrap();
            for worker in workers {
                acknowledged.extend(worker.join().unwrap());
            }
        });
    }
    assert!(acknowledged.len() > 100, "{}", acknowledged.len());
    let found = pair.one.find_projects("", usize::MAX >> 1).unwrap();
    let codes: Vec<String> = found.into_iter().map(|row| row.code).collect();
    let kept: BTreeSet<String> = codes.iter().cloned().collect();
    assert_eq!(kept.len(), codes.len(), "none is there twice");
    assert_eq!(acknowledged.difference(&kept).count(), 0, "none is lost");
    verify(&pair.one).unwrap();
    assert!(pair.one.is_writing() && pair.other.is_writing());
}

/// What one visitor types cannot stop the others.
#[test]
fn values_that_the_server_cannot_take_are_refused_and_the_rest_goes_on() {
    let pair = Pair::open();
    // Nothing that could be packed into less.
    let mut chance = 1_u64;
    let mut letter = || {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(33 + (chance >> 40) as u8 % 90)
    };
    let long: String = (0..40_000).map(|_| letter()).collect();
    for login in ["owner\0", "\0"] {
        assert!(matches!(pair.one.check_login(login, "x").unwrap(), Guess::Wrong));
    }
    for login in [long.as_str(), &format!("{long}{long}")] {
        assert!(matches!(pair.one.check_login(login, "x").unwrap(), Guess::Wrong));
        let new = NewAccount {
            temporary: false,
            login: login.to_owned(),
            password: "tongban-2026".to_owned(),
            name: "某".to_owned(),
            phone: String::new(),
            id_number: String::new(),
            organisation: None,
            mandates: Vec::new(),
            made_by: None,
        };
        assert!(pair.one.make_account(new).is_err(), "no account of that name");
        assert!(pair.one.is_writing());
    }
    let project = pair.some_project().id;
    assert!(mark(&pair.one, project, &pair.city.supervisor).is_ok() || pair.some_project().key);
    verify(&pair.one).unwrap();
}

/// A database by another name is not begun anew with the key of this node.
#[test]
fn an_empty_database_beside_the_key_of_a_node_is_refused() {
    let pair = Pair::open();
    let other = pair.server.new_database().unwrap();
    let options = NodeOptions::new(pair.folder.path(), 1, pair.clock.clone()).on(Some(other));
    assert!(matches!(Store::open(options), Err(StoreError::HalfWritten(_))));
}

#[test]
fn looking_at_a_shared_node_writes_nothing() {
    let pair = Pair::open();
    let clock = Arc::new(SystemClock { offset: 0 });
    let copy = Store::look_at(pair.folder.path(), Some(&pair.database), clock).unwrap();
    assert_eq!(verify(&copy).unwrap(), verify(&pair.one).unwrap());
    assert!(matches!(copy.keep_setting("a", "b"), Err(StoreError::OnlyLooking)));
    let wrong = NodeOptions::new(pair.folder.path(), 2, pair.clock.clone());
    let refused = Store::open(wrong.on(Some(pair.database.clone()))).err().unwrap();
    assert!(matches!(refused, StoreError::AnotherNode { found: 1, configured: 2 }), "{refused}");
    let nowhere = NodeOptions::new(pair.folder.path(), 1, pair.clock.clone());
    let refused = Store::open(nowhere.on(Some("postgresql://nobody@/x?host=/nowhere".to_owned())));
    assert!(matches!(refused.err().unwrap(), StoreError::Unavailable(_)));
    let refused = Store::open(
        NodeOptions::new(pair.folder.path(), 1, pair.clock.clone()).on(Some("nonsense".to_owned())),
    );
    assert!(matches!(refused.err().unwrap(), StoreError::BadDatabaseName(_)));
}
