//! The library of papers (材料库): nothing is asked for twice, and the owner may say that what would
//! be pulled is wrong.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use support::{Story, somebody::paper};
use tongban_domain::{
    ids::ProjectId,
    paper::{PaperFigure, Provenance, Taken},
    refusal::Refusal,
};

fn second_stage() -> Story {
    Story::registered("E")
        .on("2026-03-02")
        .submits(1)
        .window()
        .accepts()
        .granted("LX-05")
        .on("2026-03-03")
}

fn held(story: &Story, paper: &str) -> Option<Provenance> {
    story.application().slot(paper).and_then(|slot| slot.current().cloned())
}

#[test]
fn what_was_handed_in_with_an_earlier_application_is_not_asked_for_again() {
    let story = second_stage();
    let first = story.application().id;
    let story = story.submits(2);
    let again = held(&story, "authorisation-letter");
    assert!(matches!(again, Some(Provenance::Earlier(from, _)) if from == first), "{again:?}");
    assert!(matches!(held(&story, "site-plan"), Some(Provenance::Uploaded(_))), "it is new");
}

#[test]
fn the_owner_may_hand_in_a_newer_version_of_its_own_paper() {
    let story = second_stage().draft(2).with_newer("authorisation-letter").handed_in();
    assert!(matches!(held(&story, "authorisation-letter"), Some(Provenance::Uploaded(_))));
}

#[test]
fn what_was_handed_in_for_an_application_that_was_refused_does_not_count() {
    let story = Story::registered("E")
        .on("2026-03-02")
        .submits(1)
        .owner()
        .withdraws_all("project-changed")
        .on("2026-03-03")
        .submits(1);
    assert!(matches!(held(&story, "authorisation-letter"), Some(Provenance::Uploaded(_))));
}

#[test]
fn a_paper_of_another_project_of_the_owner_says_where_it_comes_from() {
    let other = ProjectId::from_bytes([0x77; 16]);
    let story = second_stage().draft(2).taking("agent-identity", Taken::Library(other)).handed_in();
    let from = held(&story, "agent-identity");
    assert!(matches!(from, Some(Provenance::Library(project, _)) if project == other), "{from:?}");
}

#[test]
fn what_a_register_holds_is_replaced_only_with_a_reason() {
    let stage = || Story::registered("E").on("2026-03-02");
    let taken = |reason: &str| Taken::Instead(reason.to_owned());
    let story = stage().draft(1).taking("business-licence", taken("registry-away")).handed_in();
    let from = held(&story, "business-licence");
    assert!(
        matches!(&from, Some(Provenance::Instead(_, reason)) if reason == "registry-away"),
        "{from:?}"
    );
    stage()
        .draft(1)
        .taking("business-licence", taken("because"))
        .handed_in()
        .then_refused(Refusal::UnknownReason("because".to_owned()));
    // A file alone is no reason: what the register says counts.
    let story = stage().draft(1).with_newer("business-licence").handed_in();
    assert!(matches!(held(&story, "business-licence"), Some(Provenance::Register(_))));
}

#[test]
fn a_result_of_the_platform_is_mended_where_it_was_decided() {
    let story = second_stage();
    let wrong = Taken::Instead("registry-wrong".to_owned());
    let story = story.draft(2).taking("project-approval", wrong).handed_in();
    assert!(matches!(held(&story, "project-approval"), Some(Provenance::Result(_))));
}

#[test]
fn a_paper_that_does_not_exist_is_left_out_with_a_reason_the_catalogue_names() {
    let letter = "authorisation-letter";
    let lacks = |reason: &str| Taken::NotNeeded(reason.to_owned());
    let stage = || Story::registered("E").on("2026-03-02").draft(1);
    stage()
        .without(letter)
        .handed_in()
        .then_refused(Refusal::MissingPapers(vec![letter.to_owned()]));
    let story = stage().without(letter).taking(letter, lacks("acts-in-person")).handed_in();
    let from = held(&story, letter);
    assert!(
        matches!(&from, Some(Provenance::NotNeeded(reason)) if reason == "acts-in-person"),
        "{from:?}"
    );
    let figure = story.project.paper_figure();
    assert_eq!(figure.asked + figure.pulled + 1, figure.in_sets);
    // The window may ask for it all the same, and then it is there.
    let story = story
        .window()
        .asks_to_correct(&[(paper(letter), "paper-missing")])
        .owner()
        .corrects(&[paper(letter)]);
    assert!(matches!(held(&story, letter), Some(Provenance::Uploaded(_))));

    for (missing, reason) in
        [(letter, "no-trees"), (letter, "registry-away"), ("site-report", "acts-in-person")]
    {
        stage()
            .without(missing)
            .taking(missing, lacks(reason))
            .handed_in()
            .then_refused(Refusal::UnknownReason(reason.to_owned()));
    }
}

#[test]
fn what_the_owner_was_spared_is_counted() {
    let story = second_stage().submits(2);
    // Five and seventeen papers in two sets; three items of the first and two of the second share
    // some of them.
    let expected = PaperFigure { by_items: 25, in_sets: 22, pulled: 9, asked: 13 };
    assert_eq!(story.project.paper_figure(), expected);
    assert_eq!(expected.saved(), 12);
}
