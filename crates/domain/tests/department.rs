//! Inside the department: officer (承办), reviewer (审核), approver (批准), four eyes.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ActName, Verdict},
    case::{
        Recommendation::{Pass, PassWithGap, Refuse},
        Standing,
    },
    clock::Which,
    permission::Role,
    refusal::Refusal,
};

use support::Story;

const ITEM: &str = "LX-17a";

fn accepted() -> Story {
    Story::soil_and_water("2026-03-02")
}

#[test]
fn a_case_passes_from_officer_to_reviewer_to_approver() {
    accepted()
        .then_stands(ITEM, Standing::WithOfficer)
        .officer(ITEM)
        .claims()
        .then_facts(&["Claimed"])
        .officer(ITEM)
        .recommends(Pass)
        .then_facts(&["OpinionGiven"])
        .then_stands(ITEM, Standing::WithReviewer)
        .reviewer(ITEM)
        .reviews(Pass)
        .then_stands(ITEM, Standing::WithApprover)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_stands(ITEM, Standing::Passed);
}

#[test]
fn an_opinion_on_a_case_that_nobody_took_up_takes_it_up() {
    accepted().officer(ITEM).recommends(Pass).then_facts(&["Claimed", "OpinionGiven"]);
}

#[test]
fn nobody_takes_up_twice_but_a_colleague_may_take_over() {
    accepted()
        .officer(ITEM)
        .claims()
        .officer(ITEM)
        .claims()
        .then_refused(Refusal::AlreadySo)
        .second_officer(ITEM)
        .recommends(Pass)
        .then_refused(Refusal::NotAllowed(ActName::GiveOpinion))
        .second_officer(ITEM)
        .claims()
        .officer(ITEM)
        .recommends(Pass)
        .then_refused(Refusal::NotAllowed(ActName::GiveOpinion))
        .second_officer(ITEM)
        .recommends(Pass)
        .then_stands(ITEM, Standing::WithReviewer);
}

#[test]
fn a_recommended_refusal_names_a_coded_reason() {
    accepted()
        .officer(ITEM)
        .recommends(Refuse)
        .then_refused(Refusal::ReasonNeeded)
        .officer(ITEM)
        .recommends_refusal("complex-case")
        .then_refused(Refusal::UnknownReason("complex-case".to_owned()))
        .officer(ITEM)
        .recommends_refusal("conditions-not-met")
        .reviewer(ITEM)
        .reviews(Refuse)
        .then_refused(Refusal::ReasonNeeded);
}

#[test]
fn a_pass_with_gap_is_recommended_only_where_papers_may_follow() {
    Story::bought_land("2026-03-02")
        .officer("LX-11b")
        .recommends(PassWithGap)
        .then_refused(Refusal::NoDeferral);
    accepted().officer(ITEM).recommends(PassWithGap).then_stands(ITEM, Standing::WithReviewer);
}

#[test]
fn reviewer_and_approver_send_back_with_a_coded_reason() {
    let story = accepted()
        .officer(ITEM)
        .recommends(Pass)
        .reviewer(ITEM)
        .sends_back("complex-case")
        .then_refused(Refusal::UnknownReason("complex-case".to_owned()))
        .reviewer(ITEM)
        .sends_back("opinion-incomplete")
        .then_stands(ITEM, Standing::WithOfficer)
        .reviewed(ITEM)
        .approver(ITEM)
        .sends_back("document-defect")
        .then_facts(&["SentBack"])
        .then_stands(ITEM, Standing::WithOfficer);
    // Sending back is work inside the department: no national state, and the clock runs on.
    story
        .then_history(ITEM, &[1, 3, 8])
        .then_due(ITEM, "2026-03-11")
        .granted(ITEM)
        .then_history(ITEM, &[1, 3, 8, 11]);
}

#[test]
fn whoever_gave_the_opinion_does_not_review_it() {
    accepted()
        .officer(ITEM)
        .recommends(Pass)
        .officer(ITEM)
        .also(Role::Reviewer)
        .reviews(Pass)
        .then_refused(Refusal::NotAllowed(ActName::ReviewCase))
        .officer(ITEM)
        .also(Role::Reviewer)
        .sends_back("opinion-incomplete")
        .then_refused(Refusal::NotAllowed(ActName::SendBack));
}

#[test]
fn whoever_gave_the_opinion_or_reviewed_it_does_not_decide() {
    accepted()
        .reviewed(ITEM)
        .officer(ITEM)
        .also(Role::Approver)
        .decides(Verdict::Pass)
        .then_refused(Refusal::NotAllowed(ActName::DecideCase))
        .reviewer(ITEM)
        .also(Role::Approver)
        .decides(Verdict::Pass)
        .then_refused(Refusal::NotAllowed(ActName::DecideCase))
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_stands(ITEM, Standing::Passed);
}

#[test]
fn the_head_extends_once_by_at_most_the_days_of_the_law() {
    let story = accepted()
        .approver(ITEM)
        .extends(11, "complex-case")
        .then_refused(Refusal::ExtensionTooLong(10))
        .approver(ITEM)
        .extends(0, "complex-case")
        .then_refused(Refusal::ExtensionTooLong(10))
        .approver(ITEM)
        .extends(10, "too-busy")
        .then_refused(Refusal::UnknownReason("too-busy".to_owned()))
        .approver(ITEM)
        .extends(10, "complex-case")
        .then_facts(&["Extended"])
        .then_due(ITEM, "2026-03-25")
        .approver(ITEM)
        .extends(1, "complex-case")
        .then_refused(Refusal::AlreadyExtended);
    assert_eq!(story.due(ITEM, Which::Statutory), "2026-03-30");
}

#[test]
fn where_the_law_gives_no_extension_there_is_none() {
    Story::bought_land("2026-03-02")
        .approver("LX-16")
        .extends(1, "complex-case")
        .then_refused(Refusal::ExtensionTooLong(0));
}

#[test]
fn an_officer_does_not_extend() {
    accepted()
        .officer(ITEM)
        .extends(5, "complex-case")
        .then_refused(Refusal::NotAllowed(ActName::ExtendLimit));
}
