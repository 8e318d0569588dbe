//! A node's database: durable, rebuilt from its journal, and honest about damage.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use std::{path::Path, sync::Arc};

use support::{alter, column, lived, open, pack, verify};
use tongban_domain::{
    acts::{Act, ProjectAct},
    catalog::SourceFile,
    clock::Ledger,
    credit::{CreditKind, NewRecord},
    fact::Channel,
    ids::{AccountId, DepartmentId},
    permission::{Actor, Mandate, Role},
    refusal::Refusal,
    time::Day,
};
use tongban_store::{ActError, ActOptions, Keeper, Store, StoreError, VirtualClock};

#[test]
fn a_node_opened_again_is_the_same_node() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let (roots, facts) = (store.roots().unwrap(), verify(&store).unwrap());
    let projects = store.find_projects("", 100).unwrap();
    let folds: Vec<_> =
        projects.iter().map(|row| store.project(row.id).unwrap().unwrap()).collect();
    store.close();

    let (store, _) = open(folder.path());
    assert_eq!(store.roots().unwrap(), roots);
    assert_eq!(verify(&store).unwrap(), facts);
    assert_eq!(store.find_projects("", 100).unwrap(), projects);
    for (row, fold) in projects.iter().zip(folds) {
        assert_eq!(store.project(row.id).unwrap().unwrap(), fold);
    }
}

/// Credit has streams of its own, counted from one each, and comes back with the node.
#[test]
fn credit_records_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    store.publish_pack(&pack()).unwrap();
    let supervisor = Actor {
        mandates: vec![Mandate { role: Role::Supervisor, department: None, region: 320_500 }],
        channel: Channel::Web,
        ..Actor::timer()
    };
    for (subject, kind) in [
        ("91350100M000100Y43", CreditKind::Good),
        ("91350100M000100Y43", CreditKind::Bad),
        ("11100000000013338W", CreditKind::Good),
    ] {
        let new = NewRecord {
            subject: subject.parse().unwrap(),
            name: "某公司".to_owned(),
            kind,
            list: "2026年第1号".to_owned(),
            until: "2026-12-31".parse().unwrap(),
        };
        store.enter_credit_record(new, &supervisor).unwrap();
    }
    let known = store.credit();
    let mut all = known.records().into_iter();
    let bad = all.find(|it| it.entry.kind == CreditKind::Bad).cloned();
    store.remove_credit_record(bad.unwrap().entry.record, "已修复", &supervisor).unwrap();
    let known = store.credit();
    assert_eq!(verify(&store).unwrap(), 5, "a pack, three records, one removed");
    store.close();

    let (store, _) = open(folder.path());
    assert_eq!(store.credit(), known);
    let owner = "91350100M000100Y43".parse().unwrap();
    let today = "2026-01-05".parse().unwrap();
    let kinds: Vec<_> = known.of(&owner, today).map(|record| record.entry.kind).collect();
    assert_eq!(kinds, [CreditKind::Good]);
    verify(&store).unwrap();
}

#[test]
fn publishing_the_same_pack_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    assert!(store.publish_pack(&pack()).unwrap());
    assert!(!store.publish_pack(&pack()).unwrap());
    assert_eq!(store.roots().unwrap().size, 1);
}

#[test]
fn a_bad_pack_is_refused_as_a_whole_and_the_running_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    store.publish_pack(&pack()).unwrap();
    let digest = store.catalog().unwrap().pack.digest;
    let mut bad = pack();
    bad.retain(|file| file.path != "laws.toml");
    let Err(StoreError::BadPack(problems)) = store.publish_pack(&bad) else {
        panic!("the pack is not sound")
    };
    assert_eq!(problems[0].file, "laws.toml");
    assert_eq!(store.catalog().unwrap().pack.digest, digest);
}

/// Somebody who keeps the list of the province.
fn keeper(number: u8) -> Keeper {
    Keeper { account: AccountId::from_bytes([number; 16]), regions: vec![320_000] }
}

/// A version of the pack with another promise for one item.
fn next_pack() -> Vec<SourceFile> {
    let mut next = pack();
    let file = next.iter_mut().find(|file| file.path == "pack.toml").unwrap();
    file.text = file.text.replace("2026.1", "2026.2");
    next
}

#[test]
fn a_pack_takes_effect_on_its_day_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    store.publish_pack(&pack()).unwrap();
    let today = store.now().day();
    let by = keeper(7);
    store.publish_pack_from(&next_pack(), today.plus(3), &by).unwrap();
    let version = |store: &Store| store.catalog().unwrap().pack.version.clone();
    assert_eq!(version(&store), "2026.1");
    store.close();
    let (store, clock) = open(folder.path());
    assert_eq!(version(&store), "2026.1");
    clock.set(today.plus(3).begins());
    assert_eq!(version(&store), "2026.2");
    let listed = store.publications().unwrap();
    assert_eq!((listed.len(), listed[1].by), (2, Some(by.account)));
}

#[test]
fn a_pack_dated_into_the_past_is_refused_and_the_running_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    store.publish_pack(&pack()).unwrap();
    let yesterday = store.now().day().plus(-1);
    let by = keeper(7);
    let refused = store.publish_pack_from(&next_pack(), yesterday, &by);
    assert!(matches!(refused, Err(StoreError::PackInThePast(day)) if day == yesterday));
    assert!(matches!(store.publish_pack(&next_pack()), Err(StoreError::PackInThePast(_))));
    assert_eq!(store.catalog().unwrap().pack.version, "2026.1");
}

/// Every working day of 2026 from February on becomes a holiday, and no running clock moves.
#[test]
fn another_calendar_moves_no_running_clock() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let before = due_days(folder.path());
    let mut changed = pack();
    let calendar = changed.iter_mut().find(|file| file.path == "calendar.csv").unwrap();
    let listed = calendar.text.clone();
    for offset in 31..330 {
        let day = "2026-01-01".parse::<Day>().unwrap().plus(offset).to_string();
        if !listed.contains(&day) {
            calendar.text.push_str(&format!("{day},holiday,试验\n"));
        }
    }
    let by = keeper(7);
    store.publish_pack_from(&changed, store.now().day(), &by).unwrap();
    assert!(verify(&store).is_ok());
    store.close();
    let (store, _) = open(folder.path());
    assert!(verify(&store).is_ok(), "the earlier calendar comes from the stored pack");
    assert_eq!(due_days(folder.path()), before);
}

/// Then the node's timer has exactly the clocks read it that it moves, each by a fact; done
/// again, also after a restart, nothing happens.
#[test]
fn running_clocks_are_settled_by_facts_when_a_calendar_takes_effect() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let today = store.now().day();
    let before = due_days(folder.path());
    let mut changed = pack();
    let calendar = changed.iter_mut().find(|file| file.path == "calendar.csv").unwrap();
    let listed = calendar.text.clone();
    for offset in 1..40 {
        let day = today.plus(offset).to_string();
        if !listed.contains(&day) {
            calendar.text.push_str(&format!("{day},holiday,试验\n"));
        }
    }
    let by = keeper(7);
    store.publish_pack_from(&changed, today, &by).unwrap();
    let settled = store.settle_calendar().unwrap();
    assert!(settled > 0, "some case is being handled");
    let after = due_days(folder.path());
    let moved = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    assert_eq!(moved, settled);
    assert_eq!(store.settle_calendar().unwrap(), 0);
    assert!(verify(&store).is_ok());
    store.close();
    let (store, clock) = open(folder.path());
    clock.set(today.plus(7).at(9, 0));
    assert_eq!(store.settle_calendar().unwrap(), 0);
    assert!(verify(&store).is_ok());
}

/// One day less for the land permit moves exactly the land permits of the time, to an earlier
/// day, and changes nothing.
#[test]
fn a_dry_run_says_what_another_catalogue_would_have_changed() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let facts = verify(&store).unwrap();
    let since: Day = "2026-02-02".parse().unwrap();
    let mut shorter = pack();
    let file = shorter.iter_mut().find(|file| file.path == "items/3-construction.toml").unwrap();
    let item = file.text.find("code = \"SG-09\"").unwrap();
    let at = item + file.text[item..].find("promised = ").unwrap();
    let end = at + file.text[at..].find('\n').unwrap();
    file.text.replace_range(at..end, "promised = \"1 working days\"");
    let other = tongban_domain::catalog::load(&shorter).unwrap();

    let permits: usize = store
        .all_projects()
        .unwrap()
        .into_iter()
        .filter_map(|id| store.project(id).unwrap())
        .flat_map(|project| project.cases.values().cloned().collect::<Vec<_>>())
        .filter(|case| case.opened.item == "SG-09")
        .filter_map(|case| case.ledger.clone())
        .filter(|ledger| ledger.accepted >= since && ledger.started.is_some())
        .count();
    assert!(permits > 0);
    let mut rounds = 0;
    let found = store.dry_run(&other, since, |_, _| rounds += 1).unwrap();
    assert_eq!((found.earlier, found.later), (permits as u64, 0));
    assert_eq!((found.moved.len(), rounds), (permits, found.projects as usize));
    assert!(found.items.is_empty() && found.papers.is_empty());
    assert_eq!(verify(&store).unwrap(), facts, "nothing was written");

    let same = tongban_domain::catalog::load(&pack()).unwrap();
    let nothing = store.dry_run(&same, since, |_, _| ()).unwrap();
    assert_eq!((nothing.earlier, nothing.later), (0, 0));
    assert!(nothing.items.is_empty() && nothing.papers.is_empty(), "{nothing:?}");
}

#[test]
fn two_administrators_at_one_file_of_the_draft_are_told_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    store.publish_pack(&pack()).unwrap();
    assert!(store.pack_draft().unwrap().is_empty());
    store.begin_pack_draft(&keeper(1)).unwrap();
    let (first, second) = (keeper(1), keeper(2));
    let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
    assert!(store.save_pack_draft(&file("pack.toml", "one"), 0, &first).unwrap());
    assert!(!store.save_pack_draft(&file("pack.toml", "two"), 0, &second).unwrap());
    assert!(store.save_pack_draft(&file("laws.toml", "two"), 0, &second).unwrap());
    store.begin_pack_draft(&keeper(1)).unwrap();
    let draft = store.pack_draft().unwrap();
    let text = |path: &str| draft.iter().find(|one| one.file.path == path).unwrap().clone();
    assert_eq!((text("pack.toml").file.text.as_str(), text("pack.toml").version), ("one", 1));
    assert_eq!(text("laws.toml").changed_by, Some(second.account));
    store.give_up_pack_draft(&keeper(1)).unwrap();
    assert!(store.pack_draft().unwrap().is_empty());
}

/// The last days promised and by law.
fn due_days(folder: &Path) -> Vec<String> {
    let sql = "SELECT COALESCE(due_on, 0) * 1000000 + COALESCE(statutory_due_on, 0) \
               FROM cases ORDER BY case_id";
    column(folder, sql)
}

/// Rows made by an older program, here without any timers, are made anew from the journal.
#[test]
fn rows_of_an_older_program_are_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    lived(folder.path()).close();
    // It told nobody that what a case waited for has come.
    const TOLD: &str = "FROM messages WHERE act = 'decide-case' AND recipient LIKE 'department:%'";
    let told = || column(folder.path(), &format!("SELECT COUNT(*) {TOLD}"));
    let before = told();
    assert_ne!(before, ["0"]);
    let sql = "DELETE FROM timers; UPDATE cases SET due_on = 1; \
               DELETE FROM meta WHERE name = 'projections'; DELETE ";
    alter(folder.path(), &format!("{sql}{TOLD}"));
    let (store, _) = open(folder.path());
    assert!(verify(&store).is_ok());
    assert_eq!(told(), before);
}

/// From its day on the merged department's open cases are the other's, each by a fact; its staff
/// go with them, the clocks do not move, and doing it again moves nothing.
#[test]
fn a_merger_moves_cases_and_staff_on_its_day() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let today = store.now().day();
    let organisation = store.organisation();
    let of = |key: &str| organisation.departments().find(|it| it.key == key).unwrap().id;
    let (water, planning) = (of("water"), of("planning"));
    let admin = AccountId::from_bytes([1; 16]);
    let basis = (today.plus(3), "苏府办〔2026〕1号");
    let past = store.merge_department(water, planning, (today.plus(-1), "x"), admin);
    assert!(matches!(past, Err(ActError::Refused(Refusal::BadDay(_)))));
    store.merge_department(water, planning, basis, admin).unwrap();
    let twice = store.merge_department(water, planning, basis, admin);
    assert!(matches!(twice, Err(ActError::Refused(Refusal::AlreadySo))));
    let circle = store.merge_department(planning, water, basis, admin);
    assert!(matches!(circle, Err(ActError::Refused(Refusal::MergesIntoItself))));
    store.rename_department(planning, "苏州市自然资源和水务局", basis, admin).unwrap();
    assert_eq!(store.transfer_cases().unwrap(), 0, "not before its day");
    let officer = store.accounts().unwrap().into_iter();
    let mut officer = officer.filter(|it| it.mandates.iter().any(|m| m.department == Some(water)));
    let officer = officer.next_back().unwrap();

    let before = cases_of(&store, water);
    assert!(!before.is_empty(), "somebody is handled by the water department");
    let clock = Arc::new(VirtualClock::at(today.plus(3).at(8, 0)));
    store.close();
    let store = Store::open(support::options(folder.path(), clock)).unwrap();
    assert_eq!(store.transfer_cases().unwrap(), before.len());
    assert_eq!(store.transfer_cases().unwrap(), 0, "done once");
    assert!(cases_of(&store, water).is_empty());
    for (project, case, ledger) in before {
        let moved = store.project(project).unwrap().unwrap().cases[&case].clone();
        assert_eq!((moved.department, &moved.ledger), (planning, &ledger));
    }
    let officer = store.account(officer.id).unwrap().unwrap();
    assert!(officer.mandates.iter().any(|mandate| mandate.department == Some(planning)));
    let name = store.organisation().department(planning).unwrap().name.clone();
    assert_eq!(name, "苏州市自然资源和水务局");
    verify(&store).unwrap();
}

type CaseOf = (tongban_domain::ids::ProjectId, tongban_domain::ids::CaseId, Option<Ledger>);

/// Cases of a department that are open or granted.
fn cases_of(store: &Store, department: DepartmentId) -> Vec<CaseOf> {
    let mut found = Vec::new();
    for row in store.find_projects("", 100).unwrap() {
        let project = store.project(row.id).unwrap().unwrap();
        let cases = project.cases.values().filter(|case| case.department == department);
        let cases = cases.filter(|case| case.is_open() || case.has_passed());
        found.extend(cases.map(|case| (row.id, case.opened.case, case.ledger.clone())));
    }
    found
}

/// Days are worth nothing when the clock that gives them runs backwards.
#[test]
fn a_clock_set_back_decides_nothing_until_it_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let (store, clock) = open(folder.path());
    store.publish_pack(&pack()).unwrap();
    let noon = store.now().day().at(12, 0);
    let establish =
        |name: &str| store.establish_department("x", name, 320_500, "2026-01-05".parse().unwrap());
    clock.set(noon);
    establish("一局").unwrap();
    clock.set(noon.plus_seconds(-1));
    establish("二局").unwrap();
    clock.set(noon.plus_seconds(-86_400));
    let refused = establish("三局").unwrap_err();
    assert!(matches!(refused, StoreError::ClockBehind(86_400)), "{refused}");
    assert_eq!(store.organisation().departments().count(), 2, "reading goes on");
    store.close();
    // Also when the clock was set back while the node was down.
    let (store, clock) = support::open_at(folder.path(), "2026-01-04".parse().unwrap());
    let again = || store.establish_department("x", "三局", 320_500, store.now().day());
    assert!(matches!(again(), Err(StoreError::ClockBehind(_))));
    clock.set(noon);
    again().unwrap();
    verify(&store).unwrap();
}

/// A clock that was ahead for a while holds nothing up, unless something was done meanwhile.
#[test]
fn a_refused_act_does_not_tie_the_node_to_a_wrong_clock() {
    let folder = tempfile::tempdir().unwrap();
    let store = lived(folder.path());
    let (today, project) = (store.now().day(), store.find_projects("", 1).unwrap().remove(0).id);
    store.close();
    let (store, clock) = support::open_at(folder.path(), today.plus(3_650));
    let act = Act::Project(ProjectAct::MarkKeyProject);
    let refused = store.act(project, &act, &Actor::timer(), ActOptions::default());
    assert!(matches!(refused, Err(ActError::Refused(_))));
    clock.set(today.plus(1).at(9, 0));
    store.establish_department("x", "某局", 320_500, today.plus(1)).unwrap();
}

/// No timer stands there that its act refuses for ever: all that are due in the years after can
/// be carried out, one after the other, until none is left.
#[test]
fn every_timer_that_is_due_can_be_carried_out() {
    let folder = tempfile::tempdir().unwrap();
    let (store, clock) = open(folder.path());
    store.publish_pack(&pack()).unwrap();
    let city = tongban_simulator::found_city(&store, 320_500).unwrap();
    let from = "2026-01-05".parse().unwrap();
    let options = tongban_simulator::Options { city, projects: 60, days: 400, seed: 1, from };
    tongban_simulator::Simulation::new(&store, clock.clone(), options).run(|_| ()).unwrap();
    let mut fired = 0;
    for _ in 0..40 {
        clock.set(store.now().day().plus(30).at(9, 0));
        let mut due = store.due_timers(1_000).unwrap();
        while let Some(timer) = due.pop() {
            let still = store.due_timers(10_000).unwrap().contains(&timer);
            match store.fire(&timer) {
                Ok(_) => fired += 1,
                // Another one, carried out before it, made it superfluous.
                Err(_) if !still => {}
                Err(error) => panic!("{:?} cannot be carried out: {error}", timer.kind),
            }
        }
    }
    assert!(fired > 10, "only {fired}");
    verify(&store).unwrap();
}

/// Keeps the lists of 苏州市.
fn city() -> Keeper {
    Keeper { regions: vec![320_500], ..keeper(2) }
}

fn beyond<T>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::BeyondOffice(_)))
}

fn paths(store: &Store) -> Vec<String> {
    let digest = store.publications().unwrap().pop().unwrap().digest;
    store.pack_files(digest).unwrap().into_iter().map(|file| file.path).collect()
}

#[test]
fn a_city_publishes_its_own_list_and_leaves_the_rest_to_the_province() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    store.publish_pack(&pack()).unwrap();
    let (province, city, from) = (keeper(1), city(), store.now().day().plus(1));
    store.begin_pack_draft(&city).unwrap();
    let laws = SourceFile { path: "laws.toml".to_owned(), text: "one".to_owned() };
    assert!(beyond(store.save_pack_draft(&laws, 0, &city)));
    assert!(beyond(store.add_overlay(320_100, &city)));

    // The province writes at something else: nothing of that is published or thrown away.
    let pack = next_pack().into_iter().find(|file| file.path == "pack.toml").unwrap();
    assert!(store.save_pack_draft(&pack, 0, &province).unwrap());
    assert!(beyond(store.publish_pack_draft(from, &city)), "nothing in it is the city's");
    assert!(beyond(store.give_up_pack_draft(&city)));
    let path = store.add_overlay(320_500, &city).unwrap().unwrap();
    assert_eq!(store.add_overlay(320_500, &city).unwrap(), Some(path.clone()), "asked for twice");
    store.publish_pack_draft(from, &city).unwrap();
    let last = store.publications().unwrap().pop().unwrap();
    assert_eq!((last.by, last.version.as_str()), (Some(city.account), "2026.1"));
    assert!(paths(&store).contains(&path));
    let kept = store.pack_draft().unwrap();
    assert!(kept.iter().any(|row| row.file == pack), "the province goes on writing");

    // A draft from before the version to come would undo it.
    let other = Keeper { regions: vec![320_100], ..keeper(3) };
    let undone = store.publish_pack_from(&self::pack(), from, &other);
    assert!(matches!(undone, Err(StoreError::BeyondOffice(_))), "{undone:?}");
    // The province publishes what it wrote, with the list of the city.
    store.publish_pack_draft(from.plus(1), &province).unwrap();
    assert!(paths(&store).contains(&path) && store.pack_draft().unwrap().is_empty());
}

#[test]
fn a_city_is_not_undone_by_a_version_to_come() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    store.publish_pack(&pack()).unwrap();
    let (today, city) = (store.now().day(), city());
    store.publish_pack_from(&next_pack(), today.plus(10), &keeper(1)).unwrap();
    // A draft begins from the newest version, also when that is still to come.
    store.add_overlay(320_500, &city).unwrap().unwrap();
    let draft = store.pack_draft_files().unwrap();
    assert!(draft.iter().any(|file| file.path == "pack.toml" && file.text.contains("2026.2")));
    let early = store.publish_pack_draft(today.plus(5), &city);
    assert!(matches!(early, Err(StoreError::BeyondOffice(_) | StoreError::VersionToCome(_))));
    store.publish_pack_draft(today.plus(10), &city).unwrap();
    assert!(paths(&store).iter().any(|path| path == "overlays/320500.toml"));
}

#[test]
fn a_list_is_given_up_without_touching_what_others_write() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(folder.path());
    store.publish_pack(&pack()).unwrap();
    let (province, city) = (keeper(1), city());
    let path = store.add_overlay(320_500, &city).unwrap().unwrap();
    // What is being written need not be sound.
    let broken = SourceFile { path: path.clone(), text: "[overlay".to_owned() };
    assert!(store.save_pack_draft(&broken, 1, &city).unwrap());
    let laws = SourceFile { path: "laws.toml".to_owned(), text: "one".to_owned() };
    assert!(store.save_pack_draft(&laws, 0, &province).unwrap());
    store.give_up_pack_draft(&city).unwrap();
    let draft = store.pack_draft().unwrap();
    assert!(!draft.iter().any(|row| row.file.path == path));
    assert!(draft.iter().any(|row| row.file == laws));
    store.give_up_pack_draft(&province).unwrap();
    assert!(store.pack_draft().unwrap().is_empty());
}
