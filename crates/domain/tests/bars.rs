//! Bars on applying again (限制申请): a year after false papers, three after a permit obtained by
//! deceit (行政许可法 art. 78, 79), where the permit concerns safety; for the owner, in every project.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use support::Story;
use tongban_domain::{acts::Verdict, refusal::Refusal};

fn day(text: &str) -> tongban_domain::time::Day {
    support::people::day(text)
}

/// Given a construction permit that was revoked on 20 March 2026 for this reason.
fn revoked(reason: &str) -> Story {
    Story::permitted().on("2026-03-20").approver("SG-09").revokes(reason)
}

#[test]
fn who_obtained_a_permit_by_deceit_may_not_apply_for_three_years() {
    let story = revoked("obtained-by-fraud");
    let owner = story.project.owner.uscc.clone();
    let bar = story.credit.bar(&owner, "SG-09", day("2026-03-20")).unwrap();
    assert_eq!(
        (bar.until, bar.case.as_str()),
        (day("2029-03-20"), &*story.case("SG-09").opened.number)
    );
    story
        .on("2029-03-20")
        .draft(3)
        .only(&["SG-09"])
        .handed_in()
        .then_refused(Refusal::Barred("SG-09".to_owned(), day("2029-03-20")))
        .on("2029-03-21")
        .draft(3)
        .only(&["SG-09"])
        .handed_in()
        .then_facts(&["Submitted"]);
}

#[test]
fn a_fault_of_the_authority_bars_nobody() {
    let story = revoked("procedure-violated");
    let owner = story.project.owner.uscc.clone();
    assert_eq!(story.credit.bar(&owner, "SG-09", day("2026-03-20")), None);
}

#[test]
fn false_papers_bar_for_a_year_and_only_where_safety_is_concerned() {
    let refuse = || Verdict::Refuse { reason: "false-materials".to_owned() };
    // A filing does not concern safety.
    let story = Story::bought_land("2026-03-02").officer("LX-05").decides(refuse());
    let owner = story.project.owner.uscc.clone();
    assert_eq!(story.credit.bars_of(&owner, day("2026-03-02")).count(), 0);

    let story = Story::works_applied_for().reviewed("SG-09").approver("SG-09").decides(refuse());
    let bar = story.credit.bar(&owner, "SG-09", day("2026-03-16")).unwrap();
    assert_eq!(bar.until, day("2027-03-16"));

    // The papers were genuine after all: with the refusal its bar goes.
    let story = story.on("2026-03-20").approver("SG-09").revokes("procedure-violated");
    assert_eq!(story.credit.bar(&owner, "SG-09", day("2026-03-20")), None);
}
