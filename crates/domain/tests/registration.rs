//! A project is registered (项目登记), and perhaps made a key project.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{Act, ActName, ProjectAct},
    refusal::Refusal,
};

use support::{
    Story,
    people::{self, Counter, NANJING, SUZHOU},
    registers, registration,
};

#[test]
fn a_registered_project_has_a_code_of_its_month_and_area() {
    let done =
        registers(&people::owner(), registration("E", SUZHOU), &mut Counter::default()).unwrap();
    assert_eq!(done.project.code.as_str(), "2501-320500-89-01-000001");
    assert_eq!((done.project.version, done.facts.len()), (1, 1));
}

#[test]
fn a_code_given_by_the_national_platform_is_kept() {
    let mut given = registration("E", SUZHOU);
    given.code = Some("2509-320193-89-01-544060".parse().unwrap());
    let done = registers(&people::owner(), given, &mut Counter::default()).unwrap();
    assert_eq!(done.project.code.as_str(), "2509-320193-89-01-544060");
}

#[test]
fn the_window_registers_for_owners_of_its_region() {
    let at = |region| {
        let clerk = people::window(region);
        registers(&clerk, registration("E", SUZHOU), &mut Counter::default()).map(|_| ())
    };
    assert_eq!(at(SUZHOU), Ok(()));
    assert_eq!(at(320_000), Ok(()), "the province covers its cities");
    assert_eq!(at(NANJING), Err(Refusal::NotAllowed(ActName::RegisterProject)));
}

#[test]
fn nobody_registers_in_the_name_of_another_company() {
    let refused =
        registers(&people::stranger(), registration("E", SUZHOU), &mut Counter::default());
    assert_eq!(refused.unwrap_err(), Refusal::NotAllowed(ActName::RegisterProject));
}

#[test]
fn what_does_not_exist_is_named() {
    let refusal = |registration| {
        registers(&people::owner(), registration, &mut Counter::default()).unwrap_err()
    };
    assert_eq!(refusal(registration("Z", SUZHOU)), Refusal::UnknownFlow("Z".to_owned()));
    assert_eq!(refusal(registration("E", 999_999)), Refusal::UnknownRegion(999_999));
    let mut incomplete = registration("E", SUZHOU);
    incomplete.fields.remove("site-address");
    assert_eq!(refusal(incomplete), Refusal::MissingFields(vec!["site-address".to_owned()]));
}

#[test]
fn supervision_makes_it_a_key_project_once() {
    let story = Story::registered("E")
        .owner()
        .does(Act::Project(ProjectAct::MarkKeyProject))
        .then_refused(Refusal::NotAllowed(ActName::MarkKeyProject))
        .supervisor()
        .does(Act::Project(ProjectAct::MarkKeyProject))
        .then_facts(&["MarkedKey"])
        .supervisor()
        .does(Act::Project(ProjectAct::MarkKeyProject))
        .then_refused(Refusal::AlreadySo);
    assert!(story.project.key);
}
