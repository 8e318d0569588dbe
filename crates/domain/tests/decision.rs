//! Decisions (决定): granted with a document, refused with reason and remedies, revoked.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ActName, Verdict},
    case::{Commitment, NationalState, Outcome, Recommendation, Standing},
    clock::{ClockFace, Which},
    refusal::Refusal,
};

use support::{Story, people::day};

const ITEM: &str = "LX-17a";

/// Given the soil and water report with the approver.
fn ready() -> Story {
    Story::soil_and_water("2026-03-02").reviewed(ITEM)
}

fn refused(reason: &str) -> Verdict {
    Verdict::Refuse { reason: reason.to_owned() }
}

#[test]
fn a_permit_has_a_number_and_stops_the_clock() {
    let story = ready()
        .on("2026-03-11")
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_facts(&["Decided", "ValidityBegun", "Served"])
        .then_history(ITEM, &[1, 3, 8, 11]);
    let decided = story.case(ITEM).decision.as_ref().unwrap();
    assert_eq!(decided.decision.outcome, Outcome::Pass);
    assert_eq!(decided.decision.document.as_deref(), Some("LX17a-320500-20260311-001"));
    let clock = story.clock(ITEM);
    assert_eq!(clock.stopped, Some(story.now.day()));
    let read = clock.read(&story.catalog.calendar, Which::Promised, story.now.day());
    assert_eq!(read.face, ClockFace::StoppedInTime, "the due day is the last day in time");
}

#[test]
fn a_day_later_it_is_late() {
    let story = ready().on("2026-03-12").approver(ITEM).decides(Verdict::Pass);
    let read = |which| story.clock(ITEM).read(&story.catalog.calendar, which, story.now.day()).face;
    assert_eq!(read(Which::Promised), ClockFace::StoppedLate);
    assert_eq!(read(Which::Statutory), ClockFace::StoppedInTime);
}

#[test]
fn a_refusal_names_its_reason_and_the_remedies() {
    let story = ready()
        .approver(ITEM)
        .decides(refused("too-busy"))
        .then_refused(Refusal::UnknownReason("too-busy".to_owned()))
        .approver(ITEM)
        .decides(refused("conditions-not-met"))
        .then_history(ITEM, &[1, 3, 8, 13]);
    let decision = &story.case(ITEM).decision.as_ref().unwrap().decision;
    let reason = "conditions-not-met".to_owned();
    assert_eq!(decision.outcome, Outcome::Refuse { reason, review_days: 60, suit_months: 6 });
    assert_eq!(decision.document, None);
}

#[test]
fn the_approver_may_decide_otherwise_than_was_recommended() {
    Story::soil_and_water("2026-03-02")
        .officer(ITEM)
        .recommends_refusal("conditions-not-met")
        .reviewer(ITEM)
        .reviews(Recommendation::Pass)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_state(ITEM, NationalState::Passed);
}

#[test]
fn an_officer_alone_decides_only_what_is_decided_at_once() {
    let accepted = Story::soil_and_water("2026-03-02")
        .officer(ITEM)
        .decides(Verdict::Pass)
        .then_refused(Refusal::NotAtOnce)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_refused(Refusal::NotAtOnce);
    accepted
        .reviewed(ITEM)
        .officer(ITEM)
        .decides(Verdict::Pass)
        .then_refused(Refusal::NotAllowed(ActName::DecideCase));
}

#[test]
fn a_filing_is_decided_at_once_by_its_officer() {
    let story = Story::bought_land("2026-03-02")
        .officer("LX-16")
        .decides(Verdict::Pass)
        .then_facts(&["Claimed", "Decided", "Served"])
        .then_history("LX-16", &[1, 3, 8, 11]);
    let read =
        story.clock("LX-16").read(&story.catalog.calendar, Which::Statutory, story.now.day());
    assert_eq!(read.face, ClockFace::StoppedInTime);
}

#[test]
fn a_filing_may_be_refused_at_once_too() {
    Story::bought_land("2026-03-02")
        .officer("LX-05")
        .decides(refused("industrial-policy"))
        .then_history("LX-05", &[1, 3, 8, 13]);
}

#[test]
fn a_commitment_is_decided_without_review() {
    let by_form = || {
        let story = Story::registered("E").on("2026-03-02");
        story.draft(1).answering("eia-class", "form").only(&["LX-15"])
    };
    by_form()
        .on_commitment("LX-15")
        .handed_in()
        .window()
        .accepts()
        .officer("LX-15")
        .decides(Verdict::Pass)
        .then_history("LX-15", &[1, 3, 8, 11]);
    by_form()
        .handed_in()
        .window()
        .accepts()
        .officer("LX-15")
        .decides(Verdict::Pass)
        .then_refused(Refusal::NotAtOnce);
}

#[test]
fn while_a_special_procedure_waits_nothing_is_decided() {
    Story::registered("E")
        .on("2026-03-02")
        .draft(1)
        .answering("eia-class", "form")
        .only(&["LX-15"])
        .on_commitment("LX-15")
        .handed_in()
        .window()
        .accepts()
        .officer("LX-15")
        .asks_special("testing", 3)
        .officer("LX-15")
        .decides(Verdict::Pass)
        .then_refused(Refusal::SpecialPending);
}

#[test]
fn a_decision_obtained_by_fraud_is_revoked_and_may_be_applied_for_again() {
    let story = ready()
        .approver(ITEM)
        .decides(Verdict::Pass)
        .approver(ITEM)
        .revokes("conditions-not-met")
        .then_refused(Refusal::UnknownReason("conditions-not-met".to_owned()))
        .approver(ITEM)
        .revokes("obtained-by-fraud")
        .then_facts(&["Revoked"])
        .then_history(ITEM, &[1, 3, 8, 11, 15]);
    assert_eq!(story.case(ITEM).ended_for.as_deref(), Some("obtained-by-fraud"));
    assert!(story.project.passed_case(ITEM).is_none());
    story
        .on("2026-06-01")
        .draft(1)
        .only(&[ITEM])
        .handed_in()
        .then_state(ITEM, NationalState::Received);
}

#[test]
fn a_refusal_may_be_revoked_and_an_open_case_may_not() {
    ready()
        .approver(ITEM)
        .decides(refused("conditions-not-met"))
        .approver(ITEM)
        .revokes("procedure-violated")
        .then_history(ITEM, &[1, 3, 8, 13, 15]);
    ready()
        .approver(ITEM)
        .revokes("beyond-power")
        .then_refused(Refusal::WrongStanding(ActName::RevokeDecision, Standing::WithApprover));
}

#[test]
fn what_was_decided_is_not_decided_again() {
    ready()
        .approver(ITEM)
        .decides(Verdict::Pass)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_refused(Refusal::WrongStanding(ActName::DecideCase, Standing::Passed));
}

/// Decided at once, checked afterwards: what is not as promised is put right by a day, once;
/// then the approver may revoke.
#[test]
fn a_commitment_is_checked_afterwards() {
    let decided = || {
        Story::registered("E")
            .on("2026-03-02")
            .draft(1)
            .answering("eia-class", "form")
            .only(&["LX-15"])
            .on_commitment("LX-15")
            .handed_in()
            .window()
            .accepts()
            .officer("LX-15")
            .decides(Verdict::Pass)
            .on("2026-03-20")
    };
    let story = decided().officer("LX-15").checks(true, None).then_facts(&["CommitmentChecked"]);
    assert_eq!(story.case("LX-15").commitment, Some(Commitment::Kept));
    story.officer("LX-15").checks(true, None).then_refused(Refusal::AlreadySo);
    decided()
        .officer("LX-15")
        .checks(false, None)
        .then_refused(Refusal::TermNeeded)
        .officer("LX-15")
        .checks(false, Some("2026-03-20"))
        .then_refused(Refusal::BadDay(day("2026-03-20")))
        .officer("LX-15")
        .checks(false, Some("2026-04-10"))
        .then_facts(&["CommitmentChecked"])
        .officer("LX-15")
        .checks(false, Some("2026-05-10"))
        .then_refused(Refusal::AlreadyOrdered)
        .approver("LX-15")
        .revokes("beyond-power")
        .then_stands("LX-15", Standing::Revoked);
    Story::bought_land("2026-03-02")
        .granted("LX-05")
        .officer("LX-05")
        .checks(true, None)
        .then_refused(Refusal::NoCommitment("LX-05".to_owned()));
}
