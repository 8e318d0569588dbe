//! Precedence (前置): a predecessor blocks the decision of its successor and nothing else; the
//! time is charged to the predecessor.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::Verdict,
    case::{NationalState, Predecessor, Standing},
    clock::{ClockFace, Segment, Which},
    refusal::Refusal,
};

use support::{Story, people::day};

fn waits_for_item(item: &str) -> Refusal {
    Refusal::WaitsFor(vec![Predecessor::Item(item.to_owned())])
}

fn refused(reason: &str) -> Verdict {
    Verdict::Refuse { reason: reason.to_owned() }
}

#[test]
fn everything_but_the_decision_goes_on_while_a_predecessor_is_undecided() {
    Story::own_land("2026-03-02")
        .then_state("LX-11c", NationalState::DepartmentStarted)
        .reviewed("LX-11c")
        .then_stands("LX-11c", Standing::WithApprover)
        .approver("LX-11c")
        .decides(Verdict::Pass)
        .then_refused(waits_for_item("LX-05"));
}

#[test]
fn a_waiting_clock_shows_that_it_waits() {
    let story = Story::own_land("2026-03-02").then_due("LX-11c", "no day yet");
    let clock = story.clock("LX-11c");
    assert_eq!((clock.accepted, clock.started), (day("2026-03-02"), None));
    let read = clock.read(&story.catalog.calendar, Which::Promised, day("2026-03-05"));
    assert_eq!((read.face, read.elapsed), (ClockFace::Waiting, 0));
}

#[test]
fn the_clock_of_the_waiting_case_starts_on_the_day_of_the_decision() {
    let story = Story::own_land("2026-03-02")
        .on("2026-03-05")
        .officer("LX-05")
        .decides(Verdict::Pass)
        .then_facts(&["Claimed", "Decided", "NodeClockStarted"])
        .then_due("LX-11c", "2026-03-12")
        .granted("LX-11c")
        .then_state("LX-11c", NationalState::Passed);
    let clock = story.clock("LX-11c");
    assert_eq!(clock.started, Some(day("2026-03-05")));
    let waiting = Segment::Waiting { from: day("2026-03-02"), to: Some(day("2026-03-04")) };
    assert_eq!(clock.segments().first(), Some(&waiting));
}

#[test]
fn an_arriving_predecessor_takes_no_opinion_away_that_is_being_written() {
    let story = Story::own_land("2026-03-02");
    let read = story.case("LX-11c").changed;
    let story = story.granted("LX-05");
    assert!(story.case("LX-11c").ledger.as_ref().is_some_and(|clock| clock.started.is_some()));
    assert_eq!(story.case("LX-11c").changed, read);
    let story = story.reviewed("LX-11c");
    assert!(story.case("LX-11c").changed > read);
}

#[test]
fn a_case_without_predecessors_runs_from_acceptance() {
    let story = Story::own_land("2026-03-02");
    assert_eq!(story.clock("LX-08").started, Some(day("2026-03-02")));
}

#[test]
fn a_refusal_needs_no_predecessor() {
    Story::own_land("2026-03-02")
        .reviewed("LX-11c")
        .approver("LX-11c")
        .decides(refused("against-plan"))
        .then_state("LX-11c", NationalState::NotPassed);
}

#[test]
fn a_refused_predecessor_is_no_result() {
    let story = Story::own_land("2026-03-02")
        .officer("LX-05")
        .decides(refused("industrial-policy"))
        .reviewed("LX-11c")
        .approver("LX-11c")
        .decides(Verdict::Pass)
        .then_refused(waits_for_item("LX-05"));
    assert_eq!(story.clock("LX-11c").started, None);
    story
        .approver("LX-11c")
        .decides(refused("predecessor-refused"))
        .then_state("LX-11c", NationalState::NotPassed);
}

#[test]
fn a_revoked_predecessor_blocks_again() {
    Story::own_land("2026-03-02")
        .granted("LX-05")
        .reviewed("LX-11c")
        .approver("LX-05")
        .revokes("beyond-power")
        .approver("LX-11c")
        .decides(Verdict::Pass)
        .then_refused(waits_for_item("LX-05"));
}

#[test]
fn a_milestone_may_be_waited_for_like_an_item() {
    let contract = Predecessor::Milestone("land-contract".to_owned());
    let story = Story::bought_land("2026-03-02")
        .reviewed("LX-11b")
        .approver("LX-11b")
        .decides(Verdict::Pass)
        .then_refused(Refusal::WaitsFor(vec![
            Predecessor::Item("LX-05".to_owned()),
            contract.clone(),
        ]))
        .granted("LX-05")
        .approver("LX-11b")
        .decides(Verdict::Pass)
        .then_refused(Refusal::WaitsFor(vec![contract]))
        .on("2026-03-04")
        .planning_authority()
        .records("land-contract", "2026-03-03")
        .then_facts(&["MilestoneReached", "NodeClockStarted"])
        .then_due("LX-11b", "2026-03-09");
    assert_eq!(story.clock("LX-11b").started, Some(day("2026-03-04")));
}

#[test]
fn a_later_stage_is_handed_in_accepted_and_reviewed_before_the_earlier_one_is_decided() {
    let story = Story::bought_land("2026-03-02")
        .on("2026-03-03")
        .submits(2)
        .window()
        .accepts()
        .reviewed("GH-02")
        .approver("GH-02")
        .decides(Verdict::Pass)
        .then_refused(waits_for_item("LX-11b"));
    assert_eq!(story.clock("GH-02").started, None);
    assert_eq!(story.clock("SG-01").started, Some(day("2026-03-03")));

    let story = story
        .on("2026-03-04")
        .planning_authority()
        .records("land-contract", "2026-03-04")
        .granted("LX-05")
        .on("2026-03-06")
        .granted("LX-11b")
        .then_facts(&["Decided", "NodeClockStarted", "Served", "Served"])
        .approver("GH-02")
        .decides(Verdict::Pass)
        .then_state("GH-02", NationalState::Passed);
    assert_eq!(story.clock("GH-02").started, Some(day("2026-03-06")));
}

#[test]
fn an_item_handled_inside_another_counts_as_granted_with_it() {
    let story = Story::bought_land("2026-03-02")
        .granted("LX-05")
        .planning_authority()
        .records("land-contract", "2026-03-02")
        .granted("LX-11b")
        .submits(2)
        .window()
        .accepts()
        .granted("GH-02");
    assert_eq!(story.case("GH-02").opened.merged, ["GH-01", "GH-11", "GH-16"]);
    let host = story.project.passed_case("GH-01").unwrap();
    assert_eq!(host.opened.item, "GH-02");
}
