//! Hearings (听证): asked for within 5 working days, held within 20, told 7 ahead; the days do
//! not count (行政许可法 art. 45, 47, 48; oracle row 8).

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ActName, Verdict},
    case::{HearingStage, NationalState, Recommendation, Standing},
    ids::AccountId,
    permission::Role,
    refusal::Refusal,
};

use support::{
    Story,
    people::{SUZHOU, day, staff},
};

const ITEM: &str = "LX-17a";

/// Somebody of the department who has nothing to do with the case.
fn chair() -> AccountId {
    let account = staff(Role::Officer, None, SUZHOU, 77).account;
    account.unwrap_or_else(|| panic!("staff have accounts"))
}

/// Given the soil and water report, accepted on Monday 2 March 2026, and the right told at once:
/// five working days, until Monday 9 March.
fn offered() -> Story {
    Story::soil_and_water("2026-03-02").officer(ITEM).offers_hearing()
}

/// Given a hearing asked for on Thursday 5 March: to be held within twenty working days, until
/// Thursday 2 April.
fn asked() -> Story {
    offered().on("2026-03-05").owner().about(ITEM).asks_hearing()
}

#[test]
fn while_it_may_be_asked_for_nothing_is_decided() {
    let story = offered().reviewed(ITEM);
    story
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_refused(Refusal::HearingMayBeAsked(day("2026-03-09")))
        .on("2026-03-10")
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_state(ITEM, NationalState::Passed);
}

#[test]
fn who_gives_the_right_up_need_not_wait() {
    offered()
        .reviewed(ITEM)
        .owner()
        .about(ITEM)
        .waives_hearing()
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_state(ITEM, NationalState::Passed);
}

#[test]
fn after_five_working_days_it_is_too_late_to_ask() {
    offered()
        .on("2026-03-10")
        .owner()
        .about(ITEM)
        .asks_hearing()
        .then_refused(Refusal::AskedTooLate(day("2026-03-09")));
    let last = offered().on("2026-03-09").owner().about(ITEM).asks_hearing();
    let stage = last.case(ITEM).hearing.as_ref().map(|hearing| hearing.stage);
    assert_eq!(stage, Some(HearingStage::Asked(day("2026-04-07"))), "5 and 6 April are Qingming");
}

#[test]
fn asking_stops_the_clock_by_law() {
    let story = asked()
        .then_facts(&["HearingAsked", "SpecialAsked", "SpecialApproved"])
        .then_stands(ITEM, Standing::Paused)
        .then_history(ITEM, &[1, 3, 8, 9]);
    let hearing = story.case(ITEM).hearing.clone();
    assert_eq!(hearing.map(|it| it.stage), Some(HearingStage::Asked(day("2026-04-02"))));
}

#[test]
fn time_and_place_are_told_seven_working_days_ahead_and_within_twenty() {
    // Seven working days after Thursday 5 March: Monday 16 March.
    let too_soon = Refusal::HearingTooSoon(day("2026-03-16"));
    asked()
        .officer(ITEM)
        .notifies("2026-03-13", chair())
        .then_refused(too_soon.clone())
        .officer(ITEM)
        .notifies("2026-03-21", chair())
        .then_refused(too_soon)
        .officer(ITEM)
        .notifies("2026-04-03", chair())
        .then_refused(Refusal::HearingTooLate(day("2026-04-02")))
        .officer(ITEM)
        .notifies("2026-03-16", chair())
        .then_facts(&["HearingNotified"]);
}

#[test]
fn whoever_handled_the_case_does_not_chair() {
    let story = asked();
    let officer = story.case(ITEM).officer;
    let officer = officer.unwrap_or_else(|| panic!("nobody took it up"));
    story.officer(ITEM).notifies("2026-03-16", officer).then_refused(Refusal::ChairHandledCase);
}

/// Seven working days promised: three counted before (3, 4; the 5th is touched by the pause),
/// the hearing on the 16th ends it, five are left from the 17th: Monday 23 March.
#[test]
fn with_the_minutes_the_clock_runs_again_and_the_case_goes_back_to_its_officer() {
    let notified = asked().officer(ITEM).notifies("2026-03-16", chair());
    notified
        .on("2026-03-12")
        .officer(ITEM)
        .records_minutes()
        .then_refused(Refusal::NotDueYet(day("2026-03-16")))
        .officer(ITEM)
        .ends_special()
        .then_refused(Refusal::HearingNotHeld(day("2026-04-02")))
        .on("2026-03-16")
        .officer(ITEM)
        .records_minutes()
        .then_facts(&["HearingHeld", "SpecialEnded"])
        .then_stands(ITEM, Standing::WithOfficer)
        .then_due(ITEM, "2026-03-23")
        .reviewed(ITEM)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_state(ITEM, NationalState::Passed);
}

/// The authority did not hold it in time: the clock runs again by itself, nothing is decided
/// before the hearing, and the hearing is held as soon as it may be.
#[test]
fn a_hearing_that_is_late_holds_the_decision_but_not_the_clock() {
    asked()
        .on("2026-04-03")
        .timer()
        .about(ITEM)
        .resumes_clock()
        .then_stands(ITEM, Standing::WithOfficer)
        .officer(ITEM)
        .recommends(Recommendation::Pass)
        .then_refused(Refusal::HearingNotHeld(day("2026-04-02")))
        // Seven working days after Friday 3 April, over Qingming: Wednesday 15 April.
        .second_officer(ITEM)
        .notifies("2026-04-16", chair())
        .then_refused(Refusal::HearingTooLate(day("2026-04-15")))
        .second_officer(ITEM)
        .notifies("2026-04-15", chair())
        .on("2026-04-15")
        .second_officer(ITEM)
        .records_minutes()
        .then_facts(&["HearingHeld"])
        .reviewed(ITEM)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_state(ITEM, NationalState::Passed);
}

/// A special procedure neither begins nor lasts over the days in which a hearing may be asked for.
#[test]
fn another_pause_takes_no_right_away() {
    offered()
        .officer(ITEM)
        .asks_special("expert-review", 8)
        .approver(ITEM)
        .approves_special()
        .then_refused(Refusal::HearingMayBeAsked(day("2026-03-09")));
    let paused = Story::soil_and_water("2026-03-02").officer(ITEM).offers_hearing();
    let paused = paused.owner().about(ITEM).waives_hearing();
    let paused = paused.officer(ITEM).asks_special("expert-review", 8);
    paused.approver(ITEM).approves_special().then_stands(ITEM, Standing::Paused);
}

/// What the owner gives up is still the neighbour's, who asks at the window.
#[test]
fn the_owner_gives_up_nobody_elses_right() {
    let waived = Story::soil_and_water("2026-03-02")
        .officer(ITEM)
        .offers_hearing_to_all()
        .owner()
        .about(ITEM)
        .waives_hearing();
    waived
        .reviewed(ITEM)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_refused(Refusal::HearingMayBeAsked(day("2026-03-09")))
        .owner()
        .about(ITEM)
        .asks_hearing()
        .then_refused(Refusal::NoHearing)
        .window()
        .about(ITEM)
        .asks_hearing()
        .then_facts(&["HearingAsked", "SpecialAsked", "SpecialApproved"])
        .owner()
        .about(ITEM)
        .waives_hearing()
        .then_refused(Refusal::NoHearing);
}

#[test]
fn the_owner_takes_its_own_request_back() {
    asked()
        .on("2026-03-06")
        .owner()
        .about(ITEM)
        .waives_hearing()
        .then_facts(&["HearingWaived", "SpecialEnded"])
        .then_stands(ITEM, Standing::WithOfficer)
        .reviewed(ITEM)
        .approver(ITEM)
        .decides(Verdict::Pass);
}

#[test]
fn whoever_chairs_has_no_hand_in_the_case() {
    let story = asked();
    let department = story.case(ITEM).department;
    let chairs = staff(Role::Reviewer, Some(department), SUZHOU, 1);
    let chair = chairs.account.unwrap_or_else(|| panic!("staff have accounts"));
    story
        .officer(ITEM)
        .notifies("2026-03-16", chair)
        .on("2026-03-16")
        .officer(ITEM)
        .records_minutes()
        .officer(ITEM)
        .recommends(Recommendation::Pass)
        .reviewer(ITEM)
        .reviews(Recommendation::Pass)
        .then_refused(Refusal::ChairHandledCase);
}

#[test]
fn nobody_asks_for_a_hearing_as_a_special_procedure() {
    Story::soil_and_water("2026-03-02")
        .officer(ITEM)
        .asks_special("hearing", 20)
        .then_refused(Refusal::UnknownReason("hearing".to_owned()));
}

/// However late the minutes are typed, the days that do not count end with the hearing.
#[test]
fn late_minutes_stop_the_clock_no_longer_than_the_hearing() {
    asked()
        .officer(ITEM)
        .notifies("2026-03-16", chair())
        .on("2026-04-01")
        .officer(ITEM)
        .records_minutes()
        .then_due(ITEM, "2026-03-23");
}

#[test]
fn nobody_else_offers_or_asks() {
    let story = Story::soil_and_water("2026-03-02");
    let owner = story.owner().about(ITEM).offers_hearing();
    let refused = owner.then_refused(Refusal::NotAllowed(ActName::OfferHearing));
    refused.owner().about(ITEM).asks_hearing().then_refused(Refusal::NoHearing);
}
