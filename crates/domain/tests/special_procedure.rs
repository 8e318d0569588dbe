//! Special procedures (特别程序): the clock stops with approval and never before (行政许可法 art. 45).

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ActName, Verdict},
    case::{NationalState, Recommendation::Pass, SpecialAnswer, Standing},
    clock::{ClockFace, Which},
    permission::Role,
    refusal::Refusal,
};

use support::{Story, people::day};

const ITEM: &str = "LX-17a";

/// Given the soil and water report, accepted on Monday 3 March 2025, seven days promised.
fn accepted() -> Story {
    Story::soil_and_water("2025-03-03")
}

/// Given a special procedure of six working days from Wednesday 5 March, so until 12 March.
fn paused() -> Story {
    accepted()
        .on("2025-03-05")
        .officer(ITEM)
        .asks_special("expert-review", 6)
        .approver(ITEM)
        .approves_special()
}

#[test]
fn asking_stops_nothing_approval_does() {
    accepted()
        .on("2025-03-04")
        .officer(ITEM)
        .asks_special("expert-review", 6)
        .then_facts(&["Claimed", "SpecialAsked"])
        .then_history(ITEM, &[1, 3, 8])
        .then_due(ITEM, "2025-03-12")
        .on("2025-03-05")
        .approver(ITEM)
        .approves_special()
        .then_facts(&["SpecialApproved"])
        .then_state(ITEM, NationalState::SpecialStarted)
        .then_due(ITEM, "2025-03-20");
}

#[test]
fn a_paused_clock_shows_that_it_is_paused() {
    let story = paused();
    let calendar = &story.catalog.calendar;
    let read = |date| story.clock(ITEM).read(calendar, Which::Promised, day(date));
    assert_eq!(read("2025-03-10").face, ClockFace::Paused);
    assert_eq!(read("2025-03-10").elapsed, read("2025-03-07").elapsed);
    let pause = &story.clock(ITEM).pauses[0];
    assert_eq!((pause.from, pause.planned_end), (day("2025-03-05"), day("2025-03-12")));
    assert_eq!((pause.reason.as_str(), pause.basis.as_str()), ("expert-review", "AL 45"));
}

/// 5 to 12 March do not count, both included: the seventh day is Thursday 20 March.
#[test]
fn the_planned_end_resumes_the_clock_by_itself() {
    let story = paused()
        .on("2025-03-12")
        .timer()
        .about(ITEM)
        .resumes_clock()
        .then_refused(Refusal::NotDueYet(day("2025-03-13")))
        .on("2025-03-13")
        .timer()
        .about(ITEM)
        .resumes_clock()
        .then_facts(&["SpecialEnded"])
        .then_state(ITEM, NationalState::SpecialEnded)
        .then_stands(ITEM, Standing::WithOfficer)
        .then_due(ITEM, "2025-03-20");
    let read = story.clock(ITEM).read(&story.catalog.calendar, Which::Promised, story.now.day());
    assert_eq!(read.remaining, Some(6), "one of the seven days had passed before the pause");
}

#[test]
fn a_timer_that_comes_late_resumes_from_the_planned_end_all_the_same() {
    paused().on("2025-03-17").timer().about(ITEM).resumes_clock().then_due(ITEM, "2025-03-20");
}

#[test]
fn the_officer_may_end_it_by_hand_on_its_last_day_or_earlier() {
    paused().on("2025-03-12").officer(ITEM).ends_special().then_due(ITEM, "2025-03-20");
    paused().on("2025-03-07").officer(ITEM).ends_special().then_due(ITEM, "2025-03-17");
}

#[test]
fn after_it_the_case_goes_on_to_its_decision() {
    paused()
        .on("2025-03-12")
        .officer(ITEM)
        .ends_special()
        .granted(ITEM)
        .then_history(ITEM, &[1, 3, 8, 9, 10, 11]);
}

#[test]
fn it_may_be_renewed_by_asking_again() {
    paused()
        .on("2025-03-12")
        .officer(ITEM)
        .ends_special()
        .on("2025-03-13")
        .officer(ITEM)
        .asks_special("testing", 2)
        .approver(ITEM)
        .approves_special()
        .on("2025-03-15")
        .timer()
        .about(ITEM)
        .resumes_clock()
        .then_history(ITEM, &[1, 3, 8, 9, 10, 9, 10])
        .then_due(ITEM, "2025-03-24");
}

#[test]
fn whoever_asked_does_not_approve() {
    accepted()
        .officer(ITEM)
        .asks_special("expert-review", 6)
        .officer(ITEM)
        .also(Role::Approver)
        .approves_special()
        .then_refused(Refusal::NotAllowed(ActName::ApproveSpecialProcedure))
        .approver(ITEM)
        .approves_special()
        .then_stands(ITEM, Standing::Paused);
}

#[test]
fn one_that_is_not_approved_changes_nothing() {
    let story = accepted()
        .officer(ITEM)
        .asks_special("expert-review", 6)
        .approver(ITEM)
        .rejects_special()
        .then_facts(&["SpecialRejected"])
        .then_history(ITEM, &[1, 3, 8])
        .then_due(ITEM, "2025-03-12");
    let answer = story.case(ITEM).specials[0].answer.as_ref();
    assert!(matches!(answer, Some(SpecialAnswer::Rejected { .. })));
}

#[test]
fn while_it_waits_for_approval_everything_else_waits() {
    accepted()
        .officer(ITEM)
        .asks_special("expert-review", 6)
        .officer(ITEM)
        .asks_special("testing", 2)
        .then_refused(Refusal::SpecialPending)
        .officer(ITEM)
        .recommends(Pass)
        .then_refused(Refusal::SpecialPending);
    accepted()
        .reviewed(ITEM)
        .officer(ITEM)
        .asks_special("expert-review", 6)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_refused(Refusal::SpecialPending);
}

#[test]
fn there_is_nothing_to_approve_or_reject_when_nobody_asked() {
    accepted()
        .approver(ITEM)
        .approves_special()
        .then_refused(Refusal::NoSpecialPending)
        .approver(ITEM)
        .rejects_special()
        .then_refused(Refusal::NoSpecialPending);
}

#[test]
fn its_length_is_planned_and_its_kind_is_coded() {
    accepted()
        .officer(ITEM)
        .asks_special("expert-review", 0)
        .then_refused(Refusal::BadLength)
        .officer(ITEM)
        .asks_special("expert-review", 366)
        .then_refused(Refusal::BadLength)
        .officer(ITEM)
        .asks_special("complex-case", 8)
        .then_refused(Refusal::UnknownReason("complex-case".to_owned()));
}

#[test]
fn a_paused_case_is_not_decided_and_a_running_one_not_ended() {
    paused()
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_refused(Refusal::WrongStanding(ActName::DecideCase, Standing::Paused));
    accepted()
        .officer(ITEM)
        .ends_special()
        .then_refused(Refusal::WrongStanding(ActName::EndSpecialProcedure, Standing::WithOfficer));
}

/// What is decided on the spot has no days that could stop.
#[test]
fn what_is_decided_at_once_has_none() {
    Story::bought_land("2025-03-03")
        .officer("LX-05")
        .asks_special("expert-review", 6)
        .then_refused(Refusal::AtOnce);
}

/// 行政许可法 art. 82: days are working days. The Labour Day holiday of 2025 (1 to 5 May, with
/// Sunday 27 April worked) is not among the six.
#[test]
fn its_days_are_working_days() {
    let story = Story::soil_and_water("2025-04-25")
        .on("2025-04-27")
        .officer(ITEM)
        .asks_special("expert-review", 6)
        .approver(ITEM)
        .approves_special();
    assert_eq!(story.clock(ITEM).pauses[0].planned_end, day("2025-05-07"));
}

#[test]
fn without_a_length_it_is_the_usual_one_of_its_kind() {
    let story = accepted().officer(ITEM).asks_special_as_usual("testing");
    assert_eq!(story.case(ITEM).specials[0].planned_days, 10);
    accepted().officer(ITEM).asks_special("testing", 0).then_refused(Refusal::BadLength);
}
