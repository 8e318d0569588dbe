//! Results are served together (同步出件), or each at once when the owner so chooses.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{acts::ActName, application::Release, case::Standing, refusal::Refusal};

use support::Story;

/// Given stage 1 with both filings granted and the land use permit still open. The filing of
/// the environment advances in parallel, so it neither waits nor keeps waiting.
fn two_of_three_decided() -> Story {
    Story::bought_land("2026-03-02").granted("LX-05").granted("LX-16")
}

#[test]
fn nothing_is_served_before_the_last_decision() {
    let story = two_of_three_decided();
    assert!(story.case("LX-05").served.is_none());
    assert!(story.case("LX-16").served.is_some(), "it advances in parallel");
}

#[test]
fn the_last_decision_serves_all() {
    let story = two_of_three_decided()
        .planning_authority()
        .records("land-contract", "2026-03-02")
        .granted("LX-11b")
        .then_facts(&["Decided", "Served", "Served"]);
    assert!(story.project.cases.values().all(|case| case.served.is_some()));
}

#[test]
fn a_result_counts_for_its_successor_before_it_is_served() {
    let story = Story::own_land("2026-03-02").granted("LX-05");
    assert!(story.case("LX-05").served.is_none());
    assert!(story.clock("LX-11c").started.is_some());
}

#[test]
fn an_owner_who_chose_early_release_gets_each_result_at_once() {
    Story::registered("E")
        .on("2026-03-02")
        .draft(1)
        .released_early()
        .handed_in()
        .window()
        .accepts()
        .granted("LX-05")
        .then_facts(&["Claimed", "Decided", "Served"]);
}

#[test]
fn the_choice_may_come_later_and_serves_what_is_decided() {
    two_of_three_decided()
        .owner()
        .chooses(Release::Early)
        .then_facts(&["ReleaseChosen", "Served"])
        .owner()
        .chooses(Release::Early)
        .then_refused(Refusal::AlreadySo);
}

#[test]
fn there_is_nothing_to_choose_when_all_is_decided() {
    Story::soil_and_water("2026-03-02")
        .granted("LX-17a")
        .owner()
        .chooses(Release::Early)
        .then_refused(Refusal::WrongStanding(ActName::ChooseRelease, Standing::Passed));
}

#[test]
fn a_withdrawn_case_does_not_hold_the_others() {
    two_of_three_decided()
        .owner()
        .about("LX-11b")
        .withdraws("project-changed")
        .then_facts(&["Withdrawn", "Served"]);
}

#[test]
fn a_case_that_was_not_accepted_does_not_hold_the_others() {
    Story::registered("E")
        .on("2026-03-02")
        .submits(1)
        .window()
        .accepts_only(&["LX-05"])
        .granted("LX-05")
        .window()
        .about("LX-16")
        .declares_not_required("no-permit-needed")
        .then_facts(&["NotRequired"])
        .window()
        .about("LX-11b")
        .refuses_acceptance("wrong-authority")
        .then_facts(&["AcceptanceRefused", "Served"]);
}
