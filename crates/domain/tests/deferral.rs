//! Papers that may follow (容缺): owed from acceptance, or granted with a gap.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ActName, Verdict},
    case::{NationalState, Outcome, Owed, Standing},
    refusal::Refusal,
};

use support::{Story, people::day};

const ITEM: &str = "LX-17a";
const PAPER: &str = "earthwork-agreement";

/// Given the soil and water report without the agreement on surplus earth, accepted on
/// Monday 2 March 2026: the agreement may follow within ten working days, until 16 March.
fn owing() -> Story {
    Story::registered("E")
        .on("2026-03-02")
        .draft(1)
        .answering("soil-water", "report")
        .only(&[ITEM])
        .handed_in()
        .window()
        .accepts()
}

fn gap(papers: &[&str], until: &str) -> Verdict {
    let papers = papers.iter().map(|paper| (*paper).to_owned()).collect();
    Verdict::PassWithGap { papers, until: day(until) }
}

/// Given the report granted with that gap.
fn passed_with_gap() -> Story {
    owing().reviewed(ITEM).approver(ITEM).decides(gap(&[], "2026-03-16"))
}

fn papers(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

#[test]
fn what_may_follow_is_owed_from_acceptance() {
    let story = owing();
    let owed: Vec<&Owed> = story.case(ITEM).owed.iter().map(|owed| &owed.owed).collect();
    assert_eq!(owed, [&Owed { paper: PAPER.to_owned(), until: day("2026-03-16") }]);
}

#[test]
fn nothing_is_owed_when_everything_was_handed_in() {
    assert!(Story::soil_and_water("2026-03-02").case(ITEM).owed.is_empty());
}

#[test]
fn a_case_that_is_owed_a_paper_does_not_simply_pass() {
    owing()
        .reviewed(ITEM)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_refused(Refusal::PapersOwed(papers(&[PAPER])));
}

#[test]
fn an_owed_paper_is_handed_in_then_confirmed_then_the_case_passes() {
    owing()
        .officer(ITEM)
        .confirms(PAPER)
        .then_refused(Refusal::PapersOwed(papers(&[PAPER])))
        .owner()
        .about(ITEM)
        .provides(PAPER)
        .then_facts(&["OwedProvided"])
        .reviewed(ITEM)
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_refused(Refusal::PapersOwed(papers(&[PAPER])))
        .officer(ITEM)
        .confirms(PAPER)
        .then_facts(&["OwedConfirmed"])
        .approver(ITEM)
        .decides(Verdict::Pass)
        .then_history(ITEM, &[1, 3, 8, 11]);
}

#[test]
fn only_what_is_owed_is_handed_in_or_confirmed() {
    owing()
        .owner()
        .about(ITEM)
        .provides("eia-form")
        .then_refused(Refusal::NotOwed("eia-form".to_owned()))
        .window()
        .about(ITEM)
        .provides(PAPER)
        .officer(ITEM)
        .confirms(PAPER)
        .owner()
        .about(ITEM)
        .provides(PAPER)
        .then_refused(Refusal::AlreadySo);
}

/// The right paper may follow within five working days, also when the last day is nearer.
#[test]
fn a_wrong_paper_is_sent_back_and_owed_again() {
    let story = passed_with_gap()
        .on("2026-03-16")
        .owner()
        .about(ITEM)
        .provides(PAPER)
        .officer(ITEM)
        .returns(PAPER, "paper-wrong")
        .then_facts(&["OwedReturned"]);
    let owed = &story.case(ITEM).owed[0];
    assert_eq!((owed.provided.is_none(), owed.owed.until), (true, day("2026-03-23")));
    story
        .officer(ITEM)
        .returns(PAPER, "paper-wrong")
        .then_refused(Refusal::PapersOwed(vec![PAPER.to_owned()]))
        .on("2026-03-23")
        .timer()
        .about(ITEM)
        .closes_gap()
        .then_refused(Refusal::NotDueYet(day("2026-03-24")))
        .owner()
        .about(ITEM)
        .provides(PAPER)
        .officer(ITEM)
        .confirms(PAPER)
        .then_facts(&["OwedConfirmed"]);
}

#[test]
fn a_pass_with_gap_says_what_is_owed_until_when() {
    let story = passed_with_gap().then_history(ITEM, &[1, 3, 8, 12]);
    let decision = &story.case(ITEM).decision.as_ref().unwrap().decision;
    let owed = vec![Owed { paper: PAPER.to_owned(), until: day("2026-03-16") }];
    assert_eq!(decision.outcome, Outcome::PassWithGap { owed });
    assert!(decision.document.is_some() && story.case(ITEM).has_passed());
}

#[test]
fn a_gap_is_a_listed_paper_until_a_later_day() {
    let everything = || Story::soil_and_water("2026-03-02").reviewed(ITEM);
    everything()
        .approver(ITEM)
        .decides(gap(&[], "2026-03-16"))
        .then_refused(Refusal::NothingChosen)
        .approver(ITEM)
        .decides(gap(&[PAPER], "2026-03-02"))
        .then_refused(Refusal::BadDay(day("2026-03-02")))
        .approver(ITEM)
        .decides(gap(&["soil-water-report"], "2026-03-16"))
        .then_refused(Refusal::NotOwed("soil-water-report".to_owned()))
        .approver(ITEM)
        .decides(gap(&[PAPER], "2026-03-16"))
        .then_state(ITEM, NationalState::PassedWithGap);
}

#[test]
fn where_no_paper_may_follow_there_is_no_gap() {
    Story::bought_land("2026-03-02")
        .officer("LX-16")
        .decides(gap(&[], "2026-03-16"))
        .then_refused(Refusal::NoDeferral);
}

#[test]
fn a_gap_that_is_filled_leaves_the_permit_alone() {
    passed_with_gap()
        .on("2026-03-10")
        .owner()
        .about(ITEM)
        .provides(PAPER)
        .officer(ITEM)
        .confirms(PAPER)
        .on("2026-03-17")
        .timer()
        .about(ITEM)
        .closes_gap()
        .then_refused(Refusal::AlreadySo)
        .then_state(ITEM, NationalState::PassedWithGap);
}

#[test]
fn a_gap_that_is_not_filled_ends_in_revocation() {
    passed_with_gap()
        .on("2026-03-16")
        .timer()
        .about(ITEM)
        .closes_gap()
        .then_refused(Refusal::NotDueYet(day("2026-03-17")))
        .on("2026-03-17")
        .timer()
        .about(ITEM)
        .closes_gap()
        .then_facts(&["Revoked"])
        .then_history(ITEM, &[1, 3, 8, 12, 15]);
}

#[test]
fn after_the_revocation_the_paper_comes_too_late() {
    passed_with_gap()
        .on("2026-03-17")
        .timer()
        .about(ITEM)
        .closes_gap()
        .owner()
        .about(ITEM)
        .provides(PAPER)
        .then_refused(Refusal::WrongStanding(ActName::ProvideOwedPaper, Standing::Revoked));
}
