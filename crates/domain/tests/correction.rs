//! The one correction notice (一次性告知补正), within five working days (行政许可法 art. 32).

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    application::{ApplicationFact, Demand},
    case::{NationalState, Standing},
    fact::Fact,
    refusal::Refusal,
};

use support::{
    Story,
    people::day,
    somebody::{field, paper},
};

/// Given stage 1, received on Monday 3 March 2025.
fn received() -> Story {
    Story::registered("E").on("2025-03-03").submits(1)
}

/// Given a notice about one paper, sent on the last day.
fn notified() -> Story {
    received()
        .on("2025-03-10")
        .window()
        .asks_to_correct(&[(paper("enterprise-commitment"), "paper-unreadable")])
}

#[test]
fn a_notice_may_be_sent_on_the_fifth_working_day() {
    let story = notified()
        .then_facts(&[
            "CorrectionRequested",
            "CorrectionAsked",
            "CorrectionAsked",
            "CorrectionAsked",
        ])
        .then_state("LX-05", NationalState::CorrectionStarted)
        .then_state("LX-11b", NationalState::CorrectionStarted)
        .then_stands("LX-16", Standing::NeedsCorrection);
    assert_eq!(story.application().correction.as_ref().unwrap().until, day("2025-03-31"));
}

#[test]
fn on_the_sixth_it_is_too_late() {
    received()
        .on("2025-03-11")
        .window()
        .asks_to_correct(&[(paper("enterprise-commitment"), "paper-unreadable")])
        .then_refused(Refusal::NoticeTooLate(day("2025-03-10")));
}

#[test]
fn a_second_notice_is_refused() {
    let again = [(paper("authorisation-letter"), "paper-missing")];
    notified()
        .window()
        .asks_to_correct(&again)
        .then_refused(Refusal::AlreadyNotifiedOnce)
        .owner()
        .corrects(&[paper("enterprise-commitment")])
        .window()
        .asks_to_correct(&again)
        .then_refused(Refusal::AlreadyNotifiedOnce);
}

/// No act of ours leaves a case out of a notice; a stream that came from elsewhere may.
#[test]
fn a_second_notice_is_refused_even_where_the_first_left_a_case_out() {
    let story = received();
    let demand = Demand {
        target: paper("enterprise-commitment"),
        reason: "paper-unreadable".to_owned(),
        note: None,
    };
    let elsewhere =
        ApplicationFact::CorrectionRequested { demands: vec![demand], until: day("2025-03-24") };
    let application = story.application().id;
    story
        .learns(Fact::Application(application, elsewhere))
        .window()
        .asks_to_correct(&[(paper("authorisation-letter"), "paper-missing")])
        .then_refused(Refusal::AlreadyNotifiedOnce);
}

#[test]
fn a_notice_demands_something() {
    received().window().asks_to_correct(&[]).then_refused(Refusal::EmptyNotice);
}

#[test]
fn what_is_not_on_the_list_cannot_be_demanded() {
    received()
        .window()
        .asks_to_correct(&[(paper("works-planning-permit"), "paper-missing")])
        .then_refused(Refusal::NotListed(paper("works-planning-permit")))
        .window()
        .asks_to_correct(&[(field("plot-ratio"), "field-missing")])
        .then_refused(Refusal::NotListed(field("plot-ratio")));
}

#[test]
fn every_demand_has_a_coded_reason_for_corrections() {
    received()
        .window()
        .asks_to_correct(&[(paper("enterprise-commitment"), "complex-case")])
        .then_refused(Refusal::UnknownReason("complex-case".to_owned()));
}

#[test]
fn a_case_that_has_ended_is_left_alone_by_the_notice() {
    received()
        .window()
        .about("LX-16")
        .declares_not_required("no-permit-needed")
        .window()
        .asks_to_correct(&[(field("land-contract-number"), "field-inconsistent")])
        .then_history("LX-16", &[1, 4])
        .then_history("LX-11b", &[1, 6]);
}

#[test]
fn corrections_answer_every_demand_and_touch_nothing_else() {
    received()
        .window()
        .asks_to_correct(&[
            (paper("enterprise-commitment"), "paper-unsigned"),
            (field("land-contract-number"), "field-inconsistent"),
        ])
        .owner()
        .corrects(&[paper("enterprise-commitment")])
        .then_refused(Refusal::StillOpen(vec![field("land-contract-number")]))
        .owner()
        .corrects(&[
            paper("enterprise-commitment"),
            field("land-contract-number"),
            paper("authorisation-letter"),
        ])
        .then_refused(Refusal::NotListed(paper("authorisation-letter")))
        .owner()
        .corrects(&[paper("enterprise-commitment"), field("land-contract-number")])
        .then_state("LX-05", NationalState::CorrectionEnded);
}

#[test]
fn a_corrected_application_is_accepted_with_both_versions_on_record() {
    let story = notified()
        .on("2025-03-12")
        .owner()
        .corrects(&[paper("enterprise-commitment")])
        .then_facts(&[
            "Corrected",
            "CorrectionAnswered",
            "CorrectionAnswered",
            "CorrectionAnswered",
        ])
        .window()
        .accepts()
        .then_history("LX-05", &[1, 6, 7, 3, 8]);
    let slot = story.application().slot("enterprise-commitment").unwrap();
    assert_eq!(slot.versions.len(), 2);
    assert_eq!(story.clock("LX-05").accepted, day("2025-03-12"));
}

#[test]
fn a_clerk_may_take_corrections_in_at_the_window() {
    notified()
        .window()
        .corrects(&[paper("enterprise-commitment")])
        .then_stands("LX-05", Standing::Corrected);
}

#[test]
fn what_is_false_after_correction_is_still_refused() {
    notified()
        .owner()
        .corrects(&[paper("enterprise-commitment")])
        .window()
        .about("LX-05")
        .refuses_acceptance("false-application")
        .then_history("LX-05", &[1, 6, 7, 5]);
}
