//! Registers are asked behind the pages: an answer is a fact with source and time, and one that is
//! away, slow or wrong keeps nobody from anything.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[expect(dead_code, reason = "other tests ask it by path")]
#[path = "../../outside/tests/support/stand_in.rs"]
mod stand_in;

use std::{path::Path, sync::Arc, time::Duration};

use stand_in::{Manner, StandIn};
use tongban_domain::{
    fact::{Channel, Fact},
    project::ProjectFact,
    time::{Day, Instant},
};
use tongban_outside::{Asking, HttpRegister};
use tongban_simulator::{Options, Simulation, found_city};
use tongban_store::{NodeOptions, RegisterProblem, Store, VerifyOptions, VirtualClock};
use tongban_worker::ask_round;

const NAME: &str = "市场监管部门";
const HELD: &str = r#"{"paper":"PAPER","owner":"OWNER","held":true,
                       "says":[{"name":"法定代表人","value":"金丝雀"}]}"#;

/// A node that asks one register, with what a small city handed in until yesterday.
fn lived(folder: &Path) -> (Store, Arc<VirtualClock>) {
    let from: Day = "2026-01-05".parse().unwrap();
    let clock = Arc::new(VirtualClock::at(from.at(0, 0)));
    let database = tongban_private_postgres::database_for_test().unwrap();
    let options = NodeOptions::new(folder.join("node"), 1, clock.clone())
        .seeded(3)
        .on(database)
        .asking([NAME.to_owned()]);
    let store = Store::open(options).unwrap();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/jiangsu");
    store.publish_pack(&tongban_store::read_pack(&pack).unwrap()).unwrap();
    let city = found_city(&store, 320_500).unwrap();
    let options = Options { city, projects: 4, days: 60, seed: 3, from };
    Simulation::new(&store, clock.clone(), options).run(|_| ()).unwrap();
    (store, clock)
}

fn waiting(store: &Store) -> usize {
    let projects = store.all_projects().unwrap();
    projects.into_iter().map(|id| store.open_questions(id).unwrap().len()).sum()
}

fn register(stand_in: &StandIn) -> HttpRegister {
    let patience = Duration::from_millis(300);
    HttpRegister::at(&stand_in.address(), Asking { patience, ..Asking::default() }).unwrap()
}

fn later(store: &Store, clock: &VirtualClock, seconds: i64) {
    clock.set(Instant(store.now().0 + seconds * 1_000_000));
}

#[test]
fn what_a_register_says_is_on_record_with_source_and_time() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = lived(folder.path());
    let asked = waiting(&store);
    assert!(asked > 0, "nothing was asked");
    let stand_in = StandIn::that(Manner::Answers(200, HELD.to_owned()));
    assert_eq!(ask_round(&store, NAME, &register(&stand_in)).unwrap(), asked);
    assert_eq!(waiting(&store), 0);
    assert_eq!(ask_round(&store, NAME, &register(&stand_in)).unwrap(), 0, "each is asked once");

    let mut facts = 0;
    for id in store.all_projects().unwrap() {
        let project = store.project(id).unwrap().unwrap();
        for recorded in store.history(id).unwrap() {
            let Fact::Project(ProjectFact::RegisterAnswered(answer)) = &recorded.fact else {
                continue;
            };
            facts += 1;
            assert_eq!(recorded.envelope.source_system.as_deref(), Some(NAME));
            assert_eq!(recorded.envelope.channel, Channel::Timer);
            assert_eq!(project.registers[&answer.paper].at, recorded.envelope.recorded_at);
            // It names a person: the fact has a digest, the words lie in the vault.
            let seal = answer.says.as_ref().unwrap();
            let words = store.open_sealed([seal]).unwrap();
            assert_eq!(words[&seal.id], "法定代表人：金丝雀");
            assert!(!String::from_utf8_lossy(&recorded.to_bytes()).contains("金丝雀"));
        }
    }
    assert_eq!(facts, asked);
    store.verify(&VerifyOptions::default()).unwrap().unwrap();
}

#[test]
fn one_that_gives_no_answer_keeps_nobody_and_is_asked_again_more_and_more_seldom() {
    let folder = tempfile::tempdir().unwrap();
    let (store, clock) = lived(folder.path());
    let stand_in = StandIn::that(Manner::Answers(200, HELD.to_owned()));
    let register = register(&stand_in);
    ask_round(&store, NAME, &register).unwrap();
    // Two days later somebody opens the set of papers of each.
    later(&store, &clock, 2 * 86_400);
    let projects = store.all_projects().unwrap();
    for id in &projects {
        let project = store.project(*id).unwrap().unwrap();
        for _ in 0..2 {
            store.ask_registers(&project, [("business-licence", NAME), ("site-plan", "别处")]);
        }
    }
    // Nobody waits for the flush of a question; this is behind it.
    store.keep_setting("test", "1").unwrap();
    let asked = waiting(&store);
    assert_eq!(asked, projects.len());
    let before = stand_in.requests().len();
    stand_in.behaves(Manner::HangsUp);
    assert_eq!(ask_round(&store, NAME, &register).unwrap(), 0);
    // The others would wait as long for the same.
    assert_eq!(stand_in.requests().len() - before, 1);
    let mut rounds = 0;
    while !store.due_questions(NAME, 100).unwrap().is_empty() {
        ask_round(&store, NAME, &register).unwrap();
        rounds += 1;
    }
    assert_eq!(rounds, asked - 1);
    assert_eq!(waiting(&store), asked, "they are kept");

    // Half a minute later they are due, then a minute after that.
    later(&store, &clock, 30);
    assert_eq!(store.due_questions(NAME, 100).unwrap().len(), asked);
    stand_in.behaves(Manner::Answers(200, "<html>".to_owned()));
    ask_round(&store, NAME, &register).unwrap();
    let question = store.due_questions(NAME, 100).unwrap();
    assert!(question.is_empty(), "{question:?}");
    later(&store, &clock, 59);
    assert!(store.due_questions(NAME, 100).unwrap().is_empty());
    later(&store, &clock, 1);
    let due = store.due_questions(NAME, 100).unwrap();
    assert!(due.iter().all(|it| it.problem == Some(RegisterProblem::Unclear)), "{due:?}");

    stand_in.behaves(Manner::Slow(Duration::from_secs(2), HELD.to_owned()));
    ask_round(&store, NAME, &register).unwrap();
    stand_in.behaves(Manner::Answers(200, HELD.to_owned()));
    later(&store, &clock, 3600);
    assert_eq!(ask_round(&store, NAME, &register).unwrap(), asked);
    assert_eq!(waiting(&store), 0);
}

#[test]
fn a_question_that_nobody_answers_for_a_week_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let (store, clock) = lived(folder.path());
    assert!(waiting(&store) > 0);
    later(&store, &clock, 8 * 86_400);
    let stand_in = StandIn::that(Manner::Redirects("/elsewhere".to_owned()));
    ask_round(&store, NAME, &register(&stand_in)).unwrap();
    assert_eq!(waiting(&store), 0);
}
