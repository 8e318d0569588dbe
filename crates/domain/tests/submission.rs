//! A stage is handed in (申报): one form, one set of papers, one number.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    case::NationalState,
    catalog::{Catalog, PaperSource},
    paper::Provenance,
    refusal::Refusal,
};

use support::{
    Story,
    people::{NANJING, day},
};

fn stage_one() -> Story {
    Story::registered("E").on("2026-03-02")
}

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

#[test]
fn a_stage_is_one_application_with_a_case_for_each_item() {
    let story = stage_one()
        .submits(1)
        .then_facts(&["Submitted"])
        .then_state("LX-05", NationalState::Received)
        .then_state("LX-11b", NationalState::Received)
        .then_history("LX-16", &[1]);
    let application = story.application();
    assert_eq!(application.number, "32050020260302000004", "one series with the cases");
    assert_eq!(story.case("LX-16").opened.number, "32050020260302000003");
    assert_eq!(application.cases.len(), 3);
    assert_eq!(application.received_on, day("2026-03-02"));
    assert_eq!(application.notice_until, day("2026-03-09"));
}

#[test]
fn the_window_hands_in_for_an_owner_who_comes_in_person() {
    stage_one().draft(1).handed_in_by(Story::window).then_facts(&["Submitted"]);
}

#[test]
fn what_comes_on_a_rest_day_is_received_on_the_next_working_day() {
    let story = Story::registered("E").on("2026-03-07").submits(1);
    assert_eq!(story.application().received_on, day("2026-03-09"));
    assert_eq!(story.application().notice_until, day("2026-03-16"));
}

#[test]
fn each_paper_is_asked_for_once_however_many_items_need_it() {
    let story = stage_one().submits(1);
    let slots = &story.application().slots;
    let mut names: Vec<&str> = slots.iter().map(|slot| slot.slot.paper.as_str()).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    let licence = story.application().slot("business-licence").unwrap();
    assert_eq!(licence.slot.items, ["LX-05", "LX-11b", "LX-16"]);
}

#[test]
fn what_a_register_or_an_earlier_result_holds_is_never_asked_for() {
    let story =
        stage_one().submits(1).window().accepts().granted("LX-05").on("2026-03-03").submits(2);
    let filing = story.project.passed_case("LX-05").unwrap().opened.case;
    let held = |paper: &str| story.application().slot(paper).unwrap().current().cloned();
    assert_eq!(held("project-approval"), Some(Provenance::Result(filing)));
    assert_eq!(held("land-use-planning-permit"), Some(Provenance::Awaited("LX-11b".to_owned())));
    assert!(matches!(held("business-licence"), Some(Provenance::Register(_))));
    assert!(matches!(held("site-plan"), Some(Provenance::Uploaded(_))));
}

#[test]
fn only_papers_of_the_owner_are_uploaded() {
    let story = stage_one().submits(1);
    let catalog: &Catalog = &story.catalog;
    for slot in &story.application().slots {
        let uploaded = matches!(slot.current(), Some(Provenance::Uploaded(_)));
        let source = &catalog.papers[&slot.slot.paper].source;
        assert_eq!(uploaded, *source == PaperSource::Owner, "{}", slot.slot.paper);
    }
}

/// On bought land no item produces the contract: it comes from the register. The survey for the
/// acceptance is the owner's as long as no agency hands it in.
#[test]
fn a_paper_that_no_item_of_the_project_produces_comes_from_elsewhere() {
    let story = stage_one().submits(1);
    let land = story.application().slot("land-contract").unwrap().current().cloned();
    assert!(matches!(land, Some(Provenance::Register(_))), "{land:?}");
    let survey = |code: &str| {
        let items = [code.to_owned()];
        story
            .prospect()
            .papers(&items, &story.project.answers)
            .into_iter()
            .find(|(slot, _)| slot.paper == "joint-survey-report")
    };
    assert!(matches!(survey("YS-02"), Some((_, None))), "asked of the owner");
}

#[test]
fn an_answer_is_given_once_for_all_stages() {
    let story = stage_one().submits(1);
    assert_eq!(story.project.answers["land-industrial"], "sale");
    assert_eq!(story.project.answers["eia-class"], "registration");
    // Known from stage 1: the second application asks nothing about land any more.
    story.submits(2).then_facts(&["Submitted"]);
}

#[test]
fn an_application_is_for_something() {
    stage_one().draft(1).only(&[]).handed_in().then_refused(Refusal::NothingChosen);
}

#[test]
fn what_is_missing_is_named() {
    stage_one()
        .draft(1)
        .without("eia-class")
        .handed_in()
        .then_refused(Refusal::MissingAnswers(keys(&["eia-class"])))
        .draft(1)
        .answering("eia-class", "perhaps")
        .handed_in()
        .then_refused(Refusal::MissingAnswers(keys(&["eia-class"])))
        .draft(1)
        .without("land-contract-number")
        .handed_in()
        .then_refused(Refusal::MissingFields(keys(&["land-contract-number"])))
        .draft(1)
        .without("enterprise-commitment")
        .handed_in()
        .then_refused(Refusal::MissingPapers(keys(&["enterprise-commitment"])));
}

#[test]
fn only_items_of_the_stage_under_these_answers_may_be_chosen_and_once() {
    stage_one()
        .draft(1)
        .only(&["GH-02"])
        .handed_in()
        .then_refused(Refusal::NotInStage("GH-02".to_owned()))
        .draft(1)
        .only(&["LX-11c"])
        .handed_in()
        .then_refused(Refusal::NotInStage("LX-11c".to_owned()))
        .draft(1)
        .only(&["LX-05", "LX-05"])
        .handed_in()
        .then_refused(Refusal::NotInStage("LX-05".to_owned()));
}

#[test]
fn an_item_handled_inside_another_is_not_applied_for() {
    stage_one()
        .submits(1)
        .draft(2)
        .only(&["GH-01"])
        .handed_in()
        .then_refused(Refusal::NotInStage("GH-01".to_owned()));
}

#[test]
fn an_item_is_applied_for_once_while_it_is_open_or_granted() {
    let again = Refusal::AlreadyApplied("LX-05".to_owned());
    stage_one()
        .submits(1)
        .submits(1)
        .then_refused(again.clone())
        .window()
        .accepts()
        .granted("LX-05")
        .draft(1)
        .only(&["LX-05"])
        .handed_in()
        .then_refused(again);
}

#[test]
fn commitment_is_only_for_items_that_allow_it() {
    stage_one()
        .draft(1)
        .on_commitment("LX-16")
        .handed_in()
        .then_refused(Refusal::NoCommitment("LX-16".to_owned()));
}

#[test]
fn a_region_without_the_department_cannot_take_it_in() {
    Story::registered_in("E", NANJING)
        .on("2026-03-02")
        .submits(1)
        .then_refused(Refusal::NoDepartment("LX-05".to_owned()));
}
