//! The owner withdraws: 2 before acceptance (撤件), 14 after (撤回).

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ActName, Verdict},
    case::{NationalState, Standing},
    refusal::Refusal,
};

use support::{Story, people::day, somebody::paper};

const ITEM: &str = "LX-17a";

fn submitted() -> Story {
    Story::registered("E").on("2026-03-02").submits_soil_and_water()
}

fn accepted() -> Story {
    Story::soil_and_water("2026-03-02")
}

#[test]
fn before_acceptance_it_is_taken_back() {
    submitted().owner().about(ITEM).withdraws("papers-not-ready").then_history(ITEM, &[1, 2]);
}

#[test]
fn while_corrections_are_due_it_is_taken_back_too() {
    let notified =
        || submitted().window().asks_to_correct(&[(paper("agent-identity"), "paper-expired")]);
    notified().owner().about(ITEM).withdraws("project-changed").then_history(ITEM, &[1, 6, 2]);
    notified()
        .owner()
        .corrects(&[paper("agent-identity")])
        .owner()
        .about(ITEM)
        .withdraws("project-changed")
        .then_history(ITEM, &[1, 6, 7, 2]);
}

#[test]
fn after_acceptance_it_is_withdrawn_and_the_clock_stops() {
    let story = accepted()
        .on("2026-03-04")
        .owner()
        .about(ITEM)
        .withdraws("project-changed")
        .then_facts(&["Withdrawn"])
        .then_history(ITEM, &[1, 3, 8, 14]);
    assert_eq!(story.clock(ITEM).stopped, Some(day("2026-03-04")));
    assert_eq!(story.case(ITEM).ended_for.as_deref(), Some("project-changed"));
}

#[test]
fn a_running_special_procedure_ends_first() {
    accepted()
        .officer(ITEM)
        .asks_special("expert-review", 20)
        .approver(ITEM)
        .approves_special()
        .on("2026-03-04")
        .owner()
        .about(ITEM)
        .withdraws("project-cancelled")
        .then_facts(&["SpecialEnded", "Withdrawn"])
        .then_history(ITEM, &[1, 3, 8, 9, 10, 14]);
}

#[test]
fn the_whole_application_is_withdrawn_as_far_as_it_is_open() {
    let story = Story::bought_land("2026-03-02")
        .granted("LX-05")
        .owner()
        .withdraws_all("owner-changed")
        .then_facts(&["Withdrawn", "Withdrawn", "Served"])
        .then_state("LX-05", NationalState::Passed)
        .then_state("LX-11b", NationalState::Withdrawn)
        .then_history("LX-16", &[1, 3, 8, 14]);
    story
        .owner()
        .withdraws_all("owner-changed")
        .then_refused(Refusal::WrongStanding(ActName::WithdrawApplication, Standing::Passed));
}

#[test]
fn withdrawing_names_a_coded_reason() {
    accepted()
        .owner()
        .about(ITEM)
        .withdraws("complex-case")
        .then_refused(Refusal::UnknownReason("complex-case".to_owned()))
        .owner()
        .withdraws_all("complex-case")
        .then_refused(Refusal::UnknownReason("complex-case".to_owned()));
}

#[test]
fn after_the_decision_it_is_too_late() {
    accepted()
        .reviewed(ITEM)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .owner()
        .about(ITEM)
        .withdraws("project-changed")
        .then_refused(Refusal::WrongStanding(ActName::WithdrawCase, Standing::Passed));
}

#[test]
fn nobody_withdraws_for_the_owner() {
    accepted()
        .window()
        .about(ITEM)
        .withdraws("project-changed")
        .then_refused(Refusal::NotAllowed(ActName::WithdrawCase))
        .stranger()
        .withdraws_all("project-changed")
        .then_refused(Refusal::NotAllowed(ActName::WithdrawApplication));
}

#[test]
fn what_was_withdrawn_may_be_applied_for_again() {
    accepted()
        .owner()
        .about(ITEM)
        .withdraws("wrong-item")
        .submits_soil_and_water()
        .then_state(ITEM, NationalState::Received);
}
