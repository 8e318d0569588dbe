//! A small city: the same seed gives the same journal, the journal verifies, and the story
//! project gets its permit in 35 days.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{path::Path, sync::Arc};

use tempfile::TempDir;
use tongban_domain::{case::Standing, catalog::SourceFile, permission::Actor, time::Day};
use tongban_simulator::{
    DEMO_PASSWORD, Options, STORY_NAME, Simulation, Summary, Trade, found_city,
};
use tongban_store::{Guess, NodeOptions, Store, VerifyOptions, VirtualClock};

const SUZHOU: u32 = 320_500;

fn pack() -> Vec<SourceFile> {
    tongban_store::read_pack(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/jiangsu"))
        .unwrap()
}

fn first_day() -> Day {
    Day::from_ymd(2025, 1, 2).unwrap()
}

struct Node {
    // Removed with its content when the node is dropped.
    _folder: TempDir,
    store: Store,
    clock: Arc<VirtualClock>,
}

fn node(seed: u64) -> Node {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(VirtualClock::at(first_day().begins()));
    let database = tongban_private_postgres::database_for_test().unwrap();
    let options = NodeOptions::new(folder.path(), 1, clock.clone()).seeded(seed).on(database);
    let store = Store::open(options).unwrap();
    store.publish_pack(&pack()).unwrap();
    Node { _folder: folder, store, clock }
}

fn simulate(node: &Node, seed: u64) -> Summary {
    let city = found_city(&node.store, SUZHOU).unwrap();
    let options = Options { city, projects: 12, days: 200, seed, from: first_day() };
    let mut days = 0;
    let summary = Simulation::new(&node.store, node.clock.clone(), options)
        .run(|progress| days = progress.done)
        .unwrap();
    assert_eq!(days, 200);
    summary
}

#[test]
fn the_same_seed_gives_the_same_journal_and_it_verifies() {
    let (first, second) = (node(7), node(7));
    let (summary, again) = (simulate(&first, 7), simulate(&second, 7));
    println!("{summary}");
    assert_eq!(summary, again);
    assert_eq!(first.store.roots().unwrap(), second.store.roots().unwrap());

    let report = first.store.verify(&VerifyOptions::default()).unwrap().unwrap();
    assert_eq!(report.projects, summary.projects as u64);
    assert!(report.facts > summary.facts, "the pack and the departments are facts as well");
    // A permit lapses three months after its issue: longer than most of these 200 days.
    let missing = summary.missing_standings();
    assert!(missing.iter().all(|standing| *standing == Standing::Lapsed), "{summary}");
    assert!(summary.refused.values().sum::<u64>() <= summary.acts / 100, "{summary}");
}

#[test]
fn the_story_project_has_its_permit_after_35_days() {
    let node = node(11);
    let summary = simulate(&node, 11);
    let story = summary.story.clone().unwrap();
    assert_eq!(story.days_to_permit, Some(35), "{summary}");
    assert_eq!(story.planned_days, Some(91));
    assert!(story.departments_at_once >= 3, "{summary}");
    assert_eq!((story.pauses, story.notices), (1, 1), "{summary}");

    let project = node.store.project(story.project).unwrap().unwrap();
    assert_eq!(project.name, STORY_NAME);
    assert!(project.key);
    let late = project.cases.values().filter(|case| {
        case.ledger.as_ref().is_some_and(|ledger| {
            let catalog = node.store.catalog().unwrap();
            let which = tongban_domain::clock::Which::Promised;
            let end = ledger.stopped.unwrap_or(ledger.accepted);
            ledger.due(&catalog.calendar, which).is_some_and(|due| end > due)
        })
    });
    assert_eq!(late.count(), 0, "every promise to the story project was kept");
}

#[test]
fn a_founded_city_has_somebody_in_every_office() {
    let node = node(3);
    let city = found_city(&node.store, SUZHOU).unwrap();
    let catalog = node.store.catalog().unwrap();
    let outside = ["owner", "intermediary"];
    assert_eq!(city.departments.len(), catalog.departments.len() - outside.len());
    let planning = city.staff_of("planning").unwrap();
    assert_eq!(planning.name, "苏州市自然资源和规划局");
    assert!(city.owners.len() >= 40);
    assert!(city.owners.iter().any(|owner| owner.trade == Trade::Public));

    let login = |name: &str| match node.store.check_login(name, DEMO_PASSWORD).unwrap() {
        Guess::Right(account) => Some(account),
        Guess::Wrong | Guess::TooMany(_) => None,
    };
    let account = |actor: &Actor| actor.account;
    assert_eq!(login("approver-planning"), account(&planning.approver));
    assert_eq!(login("owner"), account(&city.owners[0].actor));
    assert!(login("window").is_some() && login("supervisor").is_some() && login("admin").is_some());
}
