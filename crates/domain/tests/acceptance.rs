//! Acceptance (受理): day 0, limits pinned, or refused in words of the law.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ActName, ApplicationAct, CaseAct},
    case::{NationalState, Standing},
    clock::Which,
    ids::{ApplicationId, CaseId},
    limit::{Limit, PinnedLimit},
    refusal::Refusal,
};

use support::{
    Story,
    people::{catalog, day},
};

fn submitted(date: &str) -> Story {
    Story::registered("E").on(date).submits(1)
}

#[test]
fn acceptance_pins_the_limits_and_starts_the_departments() {
    let story = submitted("2026-03-02")
        .window()
        .accepts()
        .then_facts(&[
            "Accepted",
            "DepartmentStarted",
            "Accepted",
            "DepartmentStarted",
            "Accepted",
            "DepartmentStarted",
        ])
        .then_history("LX-11b", &[1, 3, 8]);
    let clock = story.clock("LX-11b");
    assert_eq!(clock.statutory, PinnedLimit::WorkingDays(20, 10));
    assert_eq!(clock.promised, PinnedLimit::WorkingDays(3, 0));
    assert_eq!(clock.calendar, story.catalog.calendar.digest());
}

#[test]
fn the_window_may_accept_some_cases_first() {
    let story = submitted("2026-03-02")
        .window()
        .accepts_only(&["LX-05"])
        .then_state("LX-05", NationalState::DepartmentStarted)
        .then_state("LX-16", NationalState::Received);
    let accepted = story.case("LX-05").opened.case;
    story
        .window()
        .accepts_only(&["LX-05"])
        .then_refused(Refusal::UnknownCase(accepted))
        .window()
        .accepts()
        .then_history("LX-16", &[1, 3, 8])
        .window()
        .accepts()
        .then_refused(Refusal::WrongStanding(ActName::AcceptApplication, Standing::WithOfficer));
}

#[test]
fn what_does_not_exist_cannot_be_acted_on() {
    let (case, application) = (CaseId::from_bytes([1; 16]), ApplicationId::from_bytes([2; 16]));
    submitted("2026-03-02")
        .window()
        .does(CaseAct::ClaimCase.on(case))
        .then_refused(Refusal::UnknownCase(case))
        .window()
        .does(ApplicationAct::AcceptApplication { cases: Vec::new() }.on(application))
        .then_refused(Refusal::UnknownApplication(application));
}

#[test]
fn day_zero_is_never_before_the_day_of_receipt() {
    let story = submitted("2026-03-07").window().accepts();
    assert_eq!(story.clock("LX-16").accepted, day("2026-03-09"), "Saturday is not a working day");
}

#[test]
fn make_up_days_before_the_october_holiday_count() {
    Story::registered("E")
        .on("2025-09-26")
        .draft(1)
        .answering("soil-water", "report")
        .answering("land-industrial", "own")
        .only(&["LX-08", "LX-17a"])
        .handed_in()
        .window()
        .accepts()
        .then_due("LX-08", "2025-10-10")
        .then_due("LX-17a", "2025-10-13");
}

#[test]
fn an_item_decided_at_once_is_due_on_the_day_of_acceptance() {
    submitted("2026-03-02").on("2026-03-04").window().accepts().then_due("LX-16", "2026-03-04");
}

#[test]
fn statutory_and_promised_days_run_side_by_side() {
    let story = Story::soil_and_water("2026-03-02");
    assert_eq!(story.due("LX-17a", Which::Promised), "2026-03-11");
    assert_eq!(story.due("LX-17a", Which::Statutory), "2026-03-16");
}

/// Received on Monday 3 March 2025, nothing sent by the end of Monday 10 March.
#[test]
fn without_a_notice_in_time_it_is_accepted_from_the_day_of_receipt() {
    let story = submitted("2025-03-03")
        .on("2025-03-10")
        .timer()
        .deems_accepted()
        .then_refused(Refusal::NotDueYet(day("2025-03-11")))
        .on("2025-03-11")
        .timer()
        .deems_accepted()
        .then_history("LX-05", &[1, 3, 8])
        .then_history("LX-16", &[1, 3, 8]);
    assert_eq!(story.clock("LX-05").accepted, day("2025-03-03"));
}

#[test]
fn a_case_deemed_accepted_has_used_the_days_since_receipt() {
    let story = Story::registered("E")
        .on("2025-03-03")
        .submits_soil_and_water()
        .on("2025-03-11")
        .timer()
        .deems_accepted()
        .then_due("LX-17a", "2025-03-12");
    let today = day("2025-03-11");
    let read = story.clock("LX-17a").read(&story.catalog.calendar, Which::Promised, today);
    assert_eq!((read.elapsed, read.remaining), (5, Some(2)));
}

#[test]
fn acceptance_is_refused_with_a_coded_reason() {
    let story = submitted("2026-03-02")
        .window()
        .about("LX-16")
        .refuses_acceptance("too-busy")
        .then_refused(Refusal::UnknownReason("too-busy".to_owned()))
        .window()
        .about("LX-16")
        .refuses_acceptance("wrong-authority")
        .then_history("LX-16", &[1, 5])
        .then_state("LX-05", NationalState::Received);
    assert_eq!(story.case("LX-16").ended_for.as_deref(), Some("wrong-authority"));
}

#[test]
fn what_needs_no_permit_is_said_to_need_none() {
    submitted("2026-03-02")
        .window()
        .about("LX-16")
        .declares_not_required("wrong-authority")
        .then_refused(Refusal::UnknownReason("wrong-authority".to_owned()))
        .window()
        .about("LX-16")
        .declares_not_required("below-threshold")
        .then_history("LX-16", &[1, 4]);
}

#[test]
fn a_refused_case_does_not_hold_the_others() {
    submitted("2026-03-02")
        .window()
        .about("LX-16")
        .refuses_acceptance("wrong-authority")
        .window()
        .accepts()
        .then_history("LX-05", &[1, 3, 8])
        .then_history("LX-16", &[1, 5]);
}

#[test]
fn a_changed_promise_moves_no_running_clock() {
    let mut tighter = catalog().clone();
    let item = tighter.items.iter_mut().find(|item| item.code == "LX-17a").unwrap();
    item.promised = Limit::WorkingDays { days: 3, extension: 0 };

    Story::soil_and_water("2026-03-02")
        .then_due("LX-17a", "2026-03-11")
        .under(tighter.clone())
        .officer("LX-17a")
        .claims()
        .then_due("LX-17a", "2026-03-11");

    // Handed in under the old promise, accepted under the new one: acceptance pins.
    Story::registered("E")
        .on("2026-03-02")
        .submits_soil_and_water()
        .under(tighter)
        .window()
        .accepts()
        .then_due("LX-17a", "2026-03-05");
}
