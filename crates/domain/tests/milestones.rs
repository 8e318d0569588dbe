//! Milestones that are no items (里程碑), and the plan agreed at the start.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::ActName,
    catalog::Recorder,
    permission::{Actor, Role},
    project::Planned,
    refusal::Refusal,
};

use support::{
    Story,
    people::{self, day},
};

fn registered() -> Story {
    Story::registered("E").on("2026-03-02")
}

fn waits_for(what: &[&str]) -> Refusal {
    Refusal::MilestoneWaitsFor(what.iter().map(|what| (*what).to_owned()).collect())
}

#[test]
fn a_milestone_is_recorded_once_with_its_day() {
    let story = registered()
        .planning_authority()
        .records("land-contract", "2026-02-27")
        .then_facts(&["MilestoneReached"])
        .planning_authority()
        .records("land-contract", "2026-03-01")
        .then_refused(Refusal::MilestoneKnown(day("2026-02-27")));
    assert_eq!(story.project.milestones["land-contract"], day("2026-02-27"));
}

/// The land contract is the planning authority's to record, the start of works the owner's, for
/// whom the window may act.
#[test]
fn each_milestone_is_recorded_by_whose_duty_it_is() {
    let others = || Refusal::MilestoneOfAnother(Recorder::Department("planning".to_owned()));
    registered()
        .stranger()
        .records("land-contract", "2026-02-27")
        .then_refused(Refusal::NotAllowed(ActName::RecordMilestone))
        .owner()
        .records("land-contract", "2026-02-27")
        .then_refused(others())
        .window()
        .records("land-contract", "2026-02-27")
        .then_refused(others())
        .planning_authority()
        .records("start-of-works", "2026-02-27")
        .then_refused(Refusal::MilestoneOfAnother(Recorder::Owner))
        .planning_authority()
        .records("land-contract", "2026-02-27")
        .then_facts(&["MilestoneReached"])
        .window()
        .records("start-of-works", "2026-03-02")
        .then_refused(waits_for(&["SG-09"]));
}

/// It sees the project although it has no case there.
#[test]
fn the_recording_department_sees_the_project_before_it_has_a_case() {
    let story = registered();
    let sees = |actor: &Actor| story.standpoint(actor).may_see(&story.project);
    let officer_of = |key: &str| {
        let organisation = people::organisation();
        let found = organisation.resolve(people::catalog(), key, people::SUZHOU);
        people::staff(Role::Officer, found.map(|department| department.id), people::SUZHOU, 1)
    };
    assert!(sees(&officer_of("planning")));
    assert!(!sees(&officer_of("housing")));
}

#[test]
fn only_milestones_of_the_catalogue_that_have_happened_are_recorded() {
    registered()
        .owner()
        .records("topping-out", "2026-03-01")
        .then_refused(Refusal::UnknownMilestone("topping-out".to_owned()))
        .planning_authority()
        .records("land-contract", "2026-03-03")
        .then_refused(Refusal::BadDay(day("2026-03-03")));
}

#[test]
fn works_do_not_start_without_the_permit_and_what_the_answers_call_for() {
    registered()
        .owner()
        .records("start-of-works", "2026-03-02")
        .then_refused(waits_for(&["SG-09"]))
        .submits(1)
        .owner()
        .records("start-of-works", "2026-03-02")
        .then_refused(waits_for(&["LX-16", "SG-09"]))
        .owner()
        .records("completion-acceptance", "2026-03-02")
        .then_refused(waits_for(&["milestone:start-of-works"]));
}

/// The whole way of an industrial project on bought land to the start of works.
#[test]
fn works_start_when_everything_before_them_is_granted() {
    let story = Story::permitted()
        .owner()
        .records("start-of-works", "2026-03-16")
        .then_facts(&["MilestoneReached"])
        .owner()
        .records("completion-acceptance", "2026-03-16")
        .then_facts(&["MilestoneReached", "DutyArose", "DutyArose"]);
    assert!((1..=3).all(|stage| story.project.stage_is_done(stage)));
    let permit = story.case("SG-09").decision.as_ref().unwrap().decision.document.clone();
    assert_eq!(permit.as_deref(), Some("320500202603160101"), "the national form of permits");
}

#[test]
fn a_plan_names_items_and_milestones_in_order_of_their_days() {
    let planned = |what: &str, by: &str| Planned { what: what.to_owned(), by: day(by) };
    let story = registered()
        .owner()
        .plans(&[("milestone:start-of-works", "2026-06-01"), ("GH-02", "2026-04-01")])
        .then_facts(&["PlanAgreed"]);
    assert_eq!(
        story.project.plan,
        [planned("GH-02", "2026-04-01"), planned("milestone:start-of-works", "2026-06-01")]
    );
}

#[test]
fn a_plan_says_something_new_about_known_things() {
    registered()
        .owner()
        .plans(&[])
        .then_refused(Refusal::NothingChosen)
        .owner()
        .plans(&[("milestone:topping-out", "2026-04-01")])
        .then_refused(Refusal::UnknownMilestone("milestone:topping-out".to_owned()))
        .window()
        .plans(&[("GH-02", "2026-04-01")])
        .owner()
        .plans(&[("GH-02", "2026-04-01")])
        .then_refused(Refusal::AlreadySo)
        .owner()
        .plans(&[("GH-02", "2026-05-01")])
        .then_facts(&["PlanAgreed"]);
}
