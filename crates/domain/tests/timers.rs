//! Legal timers: they act on their day, once, and do nothing that is a person's to do.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ActName, Verdict},
    case::Standing,
    fact::Channel,
    permission::Role,
    refusal::Refusal,
};

use support::{Story, people::day, somebody::paper};

const ITEM: &str = "LX-17a";

fn submitted() -> Story {
    Story::registered("E").on("2026-03-02").submits(1)
}

/// Given a correction notice of Monday 2 March 2026: fifteen working days, until 23 March.
fn notified() -> Story {
    submitted().window().asks_to_correct(&[(paper("enterprise-commitment"), "paper-missing")])
}

#[test]
fn corrections_that_do_not_come_close_the_cases_as_refused() {
    let story = notified()
        .on("2026-03-23")
        .timer()
        .lapses_correction()
        .then_refused(Refusal::NotDueYet(day("2026-03-24")))
        .on("2026-03-24")
        .timer()
        .lapses_correction()
        .then_facts(&["AcceptanceRefused", "AcceptanceRefused", "AcceptanceRefused"])
        .then_history("LX-05", &[1, 6, 5])
        .then_history("LX-11b", &[1, 6, 5]);
    assert!(story.case("LX-05").ended_for.is_some(), "closed with its reason");
}

#[test]
fn corrections_that_came_stop_the_timer() {
    notified()
        .on("2026-03-23")
        .owner()
        .corrects(&[paper("enterprise-commitment")])
        .on("2026-03-24")
        .timer()
        .lapses_correction()
        .then_refused(Refusal::WrongStanding(ActName::LapseCorrection, Standing::Corrected));
}

#[test]
fn after_a_notice_nothing_is_deemed_accepted() {
    notified()
        .on("2026-03-10")
        .timer()
        .deems_accepted()
        .then_refused(Refusal::WrongStanding(ActName::DeemAccepted, Standing::NeedsCorrection));
}

#[test]
fn a_timer_acts_once() {
    submitted()
        .on("2026-03-10")
        .timer()
        .deems_accepted()
        .timer()
        .deems_accepted()
        .then_refused(Refusal::WrongStanding(ActName::DeemAccepted, Standing::WithOfficer));
    Story::soil_and_water("2026-03-02")
        .timer()
        .about(ITEM)
        .resumes_clock()
        .then_refused(Refusal::WrongStanding(ActName::ResumeClock, Standing::WithOfficer));
}

#[test]
fn what_a_timer_did_is_on_record_as_its_act() {
    let story = submitted().on("2026-03-10").timer().deems_accepted();
    let last = &story.recorded.last().unwrap().envelope;
    assert_eq!((last.actor.account, last.actor.role), (None, Role::Timer));
    assert_eq!((last.channel, last.act_name), (Channel::Timer, ActName::DeemAccepted));
}

#[test]
fn nobody_does_the_timers_work_by_hand() {
    submitted()
        .on("2026-03-10")
        .window()
        .deems_accepted()
        .then_refused(Refusal::NotAllowed(ActName::DeemAccepted));
    Story::soil_and_water("2026-03-02")
        .officer(ITEM)
        .asks_special("testing", 2)
        .approver(ITEM)
        .approves_special()
        .on("2026-03-04")
        .officer(ITEM)
        .resumes_clock()
        .then_refused(Refusal::NotAllowed(ActName::ResumeClock));
}

#[test]
fn a_timer_does_nothing_that_is_a_persons_to_do() {
    submitted()
        .timer()
        .accepts()
        .then_refused(Refusal::NotAllowed(ActName::AcceptApplication))
        .window()
        .accepts()
        .timer()
        .about("LX-16")
        .decides(Verdict::Pass)
        .then_refused(Refusal::NotAllowed(ActName::DecideCase));
}
