//! What registers of others say about papers (登记系统核验).
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use support::{Story, people::day};
use tongban_domain::{
    acts::Act,
    application::Target,
    paper::{Provenance, RegisterAnswer},
    permission::Actor,
    project::ProjectAct,
    refusal::Refusal,
};

const LICENCE: &str = "business-licence";

fn answer(held: bool, until: Option<&str>) -> RegisterAnswer {
    RegisterAnswer {
        paper: LICENCE.to_owned(),
        register: "市场监管部门".to_owned(),
        held,
        until: until.map(day),
        says: None,
    }
}

impl Story {
    fn recorded_answer(&mut self, answer: RegisterAnswer) -> Result<(), Refusal> {
        self.attempt(&Actor::timer(), &Act::Project(ProjectAct::RecordRegisterAnswer(answer)))
    }

    /// Given that the register answered.
    fn answered(mut self, held: bool, until: Option<&str>) -> Self {
        self.recorded_answer(answer(held, until)).unwrap();
        self
    }

    fn licence(&self) -> Option<Provenance> {
        self.application().slot(LICENCE).and_then(|slot| slot.current().cloned())
    }
}

fn before() -> Story {
    Story::registered("E").on("2026-03-02")
}

#[test]
fn what_it_holds_is_not_asked_for() {
    for until in [None, Some("2026-03-02"), Some("2031-05-01")] {
        let story = before().answered(true, until).submits(1);
        assert!(matches!(story.licence(), Some(Provenance::Register(_))), "{until:?}");
    }
}

#[test]
fn one_that_gave_no_answer_is_in_nobodys_way() {
    assert!(matches!(before().submits(1).licence(), Some(Provenance::Register(_))));
}

#[test]
fn what_it_does_not_hold_any_more_the_owner_hands_in() {
    for story in [before().answered(false, None), before().answered(true, Some("2026-03-01"))] {
        let story = story.submits(1);
        assert!(matches!(story.licence(), Some(Provenance::Uploaded(_))), "{:?}", story.licence());
    }
    before()
        .answered(false, None)
        .draft(1)
        .without(LICENCE)
        .handed_in()
        .then_refused(Refusal::MissingPapers(vec![LICENCE.to_owned()]));
}

#[test]
fn a_later_answer_counts_in_the_place_of_an_earlier_one() {
    let story = before().answered(false, None).on("2026-03-04").answered(true, None).submits(1);
    assert!(matches!(story.licence(), Some(Provenance::Register(_))));
}

#[test]
fn the_same_answer_is_recorded_once_a_day() {
    let mut story = before().answered(true, None);
    assert_eq!(story.recorded_answer(answer(true, None)), Err(Refusal::AlreadySo));
    let mut story = story.on("2026-03-04");
    assert_eq!(story.recorded_answer(answer(true, None)), Ok(()));
}

#[test]
fn only_the_register_that_the_catalogue_names_is_heard() {
    let other = RegisterAnswer { register: "某公司".to_owned(), ..answer(true, None) };
    let listed = Refusal::NotListed(Target::Paper(LICENCE.to_owned()));
    assert_eq!(before().recorded_answer(other), Err(listed));
    let paper = RegisterAnswer { paper: "site-plan".to_owned(), ..answer(true, None) };
    let listed = Refusal::NotListed(Target::Paper("site-plan".to_owned()));
    assert_eq!(before().recorded_answer(paper), Err(listed));
}
