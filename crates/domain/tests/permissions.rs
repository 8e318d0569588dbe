//! Who may do and see what: deny by default (the matrix itself is a snapshot in src/acts).

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ActName, CaseAct, Subject, Verdict, available},
    case::{Recommendation::Pass, Standing},
    permission::{Actor, Role, covers},
    refusal::Refusal,
};

use support::{
    Story,
    anyone::person,
    people::{self, NANJING, SUZHOU, catalog},
};

const ITEM: &str = "LX-17a";

fn submitted() -> Story {
    Story::registered("E").on("2026-03-02").submits(1)
}

fn buttons(story: &Story, subject: Subject, actor: &Actor) -> Vec<ActName> {
    let declared = available(&story.project, subject, &story.standpoint(actor));
    declared.iter().map(|declaration| declaration.name).collect()
}

#[test]
fn the_owner_of_another_company_may_do_nothing() {
    Story::registered("E")
        .on("2026-03-02")
        .draft(1)
        .handed_in_by(Story::stranger)
        .then_refused(Refusal::NotAllowed(ActName::SubmitApplication))
        .stranger()
        .plans(&[("GH-02", "2026-04-01")])
        .then_refused(Refusal::NotAllowed(ActName::AgreePlan));
}

#[test]
fn the_window_of_another_city_may_do_nothing_and_the_provinces_may() {
    submitted()
        .other_window()
        .accepts()
        .then_refused(Refusal::NotAllowed(ActName::AcceptApplication))
        .someone(people::window(320_000))
        .accepts()
        .then_stands("LX-05", Standing::WithOfficer);
}

#[test]
fn a_region_is_covered_by_itself_and_what_lies_above_it() {
    let parks_city = |office| covers(catalog(), office, 320_571);
    assert!(parks_city(320_571) && parks_city(SUZHOU) && parks_city(320_000));
    assert!(!parks_city(NANJING) && !parks_city(320_505));
    assert!(!covers(catalog(), 320_571, SUZHOU), "a zone does not reach above itself");
}

#[test]
fn another_department_may_not_touch_the_case() {
    let story = Story::registered("E")
        .on("2026-03-02")
        .draft(1)
        .answering("soil-water", "report")
        .handed_in()
        .window()
        .accepts();
    let planning = person(Role::Officer, story.case("LX-11b"));
    let case = story.case(ITEM).opened.case;
    story
        .someone(planning)
        .does(CaseAct::ClaimCase.on(case))
        .then_refused(Refusal::NotAllowed(ActName::ClaimCase));
}

#[test]
fn the_window_does_not_decide_and_the_department_does_not_accept() {
    submitted()
        .officer("LX-16")
        .accepts()
        .then_refused(Refusal::NotAllowed(ActName::AcceptApplication))
        .window()
        .accepts()
        .window()
        .about("LX-16")
        .decides(Verdict::Pass)
        .then_refused(Refusal::NotAllowed(ActName::DecideCase));
}

#[test]
fn an_officer_does_not_do_the_reviewers_work_nor_the_reviewer_the_officers() {
    Story::soil_and_water("2026-03-02")
        .reviewer(ITEM)
        .recommends(Pass)
        .then_refused(Refusal::NotAllowed(ActName::GiveOpinion))
        .officer(ITEM)
        .recommends(Pass)
        .officer(ITEM)
        .reviews(Pass)
        .then_refused(Refusal::NotAllowed(ActName::ReviewCase));
}

#[test]
fn supervision_looks_and_changes_nothing() {
    let story = submitted();
    let supervisor = people::staff(Role::Supervisor, None, SUZHOU, 1);
    let application = Subject::Application(story.application().id);
    let case = Subject::Case(story.case("LX-05").opened.case);
    assert!(story.standpoint(&supervisor).may_see(&story.project));
    assert!(buttons(&story, application, &supervisor).is_empty());
    assert!(buttons(&story, case, &supervisor).is_empty());
}

#[test]
fn the_buttons_of_a_received_application() {
    let story = submitted();
    let on = Subject::Application(story.application().id);
    assert_eq!(
        buttons(&story, on, &people::window(SUZHOU)),
        [ActName::RequestCorrection, ActName::AcceptApplication, ActName::ChooseRelease]
    );
    assert_eq!(
        buttons(&story, on, &people::owner()),
        [ActName::ChooseRelease, ActName::WithdrawApplication]
    );
    assert!(buttons(&story, on, &people::stranger()).is_empty());
    assert!(buttons(&story, on, &people::window(NANJING)).is_empty());
}

#[test]
fn a_case_in_hands_can_be_claimed_by_its_officer_and_withdrawn_by_its_owner() {
    let story = Story::soil_and_water("2026-03-02");
    let on = Subject::Case(story.case(ITEM).opened.case);
    let officer = buttons(&story, on, &person(Role::Officer, story.case(ITEM)));
    assert!(officer.contains(&ActName::ClaimCase) && officer.contains(&ActName::GiveOpinion));
    assert!(!officer.contains(&ActName::ReviewCase));
    let window = buttons(&story, on, &people::window(SUZHOU));
    assert!(!window.contains(&ActName::GiveOpinion) && !window.contains(&ActName::DecideCase));
    assert!(buttons(&story, on, &people::owner()).contains(&ActName::WithdrawCase));
}

#[test]
fn a_project_is_seen_by_its_owner_its_region_and_the_departments_it_concerns() {
    let story = submitted();
    let sees = |actor: &Actor| story.standpoint(actor).may_see(&story.project);
    assert!(sees(&people::owner()) && sees(&people::window(SUZHOU)));
    assert!(sees(&person(Role::Reviewer, story.case("LX-05"))));
    assert!(!sees(&people::stranger()) && !sees(&people::window(NANJING)));
    assert!(!sees(&people::staff(Role::Administrator, None, SUZHOU, 1)));
    // The water department has no case in this project.
    let elsewhere = Story::soil_and_water("2026-03-02");
    assert!(!sees(&person(Role::Officer, elsewhere.case(ITEM))));
}
