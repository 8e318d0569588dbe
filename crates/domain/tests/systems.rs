//! A department that keeps its own system (部门业务系统): what comes from there is counted in order,
//! what is typed by hand in its stead is marked, and what it waits for is told.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::Verdict,
    case::Recommendation::Pass,
    fact::Channel,
    notice::{Recipient, messages},
};

use support::Story;

/// Soil and water conservation.
const ITEM: &str = "LX-17a";
/// The filing, and the land-use planning permit that waits for it.
const FILING: &str = "LX-05";
const PERMIT: &str = "LX-11c";

fn ways(story: &Story, item: &str) -> (u32, u32) {
    let case = story.case(item);
    (case.ways_in.from_system(case.department), case.ways_in.retyped)
}

fn channels(story: &Story) -> Vec<Channel> {
    let mut acts: Vec<_> =
        story.recorded.iter().map(|it| (it.envelope.act, it.envelope.channel)).collect();
    acts.dedup();
    acts.into_iter().map(|(_, channel)| channel).collect()
}

#[test]
fn without_a_system_nothing_is_typed_twice() {
    let story = Story::soil_and_water("2026-03-02").reviewed(ITEM);
    assert_eq!(ways(&story, ITEM), (0, 0));
    assert!(!channels(&story).contains(&Channel::Retyped));
}

#[test]
fn acts_from_the_system_are_counted_one_by_one() {
    let story = Story::soil_and_water("2026-03-02")
        .connects(ITEM)
        .officer(ITEM)
        .by_system()
        .recommends(Pass)
        .then_facts(&["Claimed", "OpinionGiven"]);
    assert_eq!(ways(&story, ITEM), (1, 0), "an act of two facts is one act");
    let story = story.reviewer(ITEM).by_system().reviews(Pass);
    assert_eq!(ways(&story, ITEM), (2, 0));
    assert_eq!(channels(&story).last(), Some(&Channel::DepartmentSystem));
}

#[test]
fn what_is_done_by_hand_for_it_is_marked_and_counted() {
    let story = Story::soil_and_water("2026-03-02").connects(ITEM).reviewed(ITEM);
    assert_eq!(ways(&story, ITEM), (0, 2));
    assert_eq!(channels(&story).last(), Some(&Channel::Retyped));
    let story = story.disconnects(ITEM).approver(ITEM).sends_back("opinion-incomplete");
    assert_eq!(ways(&story, ITEM), (0, 2), "it has no system any more");
    assert_eq!(channels(&story).last(), Some(&Channel::Web));
}

#[test]
fn the_window_and_the_owner_type_nothing_twice() {
    let story = Story::registered("E").on("2026-03-02").submits_soil_and_water();
    let story = story.connects(ITEM).window().accepts();
    assert_eq!(ways(&story, ITEM), (0, 0));
}

#[test]
fn what_follows_for_another_case_is_no_act_on_that_one_and_is_told_to_its_department() {
    let story = Story::own_land("2026-03-02").connects(FILING).connects(PERMIT);
    let before = story.recorded.len();
    let story = story.officer(FILING).by_system().decides(Verdict::Pass);
    assert_eq!(ways(&story, FILING), (1, 0));
    assert_eq!(ways(&story, PERMIT), (0, 0), "its clock started, and nobody did anything to it");
    assert!(story.clock(PERMIT).started.is_some());
    let told = messages(&story.project, &story.recorded[before..]);
    let permit = story.case(PERMIT);
    let news = told.iter().find(|it| it.to == Recipient::Department(permit.department)).unwrap();
    assert_eq!(news.case, Some(permit.opened.case));
}
