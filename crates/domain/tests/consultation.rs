//! Other departments have a say: the one that is asked, and the one that leads the stage.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{ActName, CaseAct},
    case::{Recommendation::Pass, Stance, Standing},
    clock::Which,
    fact::Channel,
    ids::DepartmentId,
    notice::{Recipient, messages},
    permission::Role,
    refusal::Refusal,
};

use support::{Story, people};

/// Soil and water conservation.
const ITEM: &str = "LX-17a";

fn other(story: &Story) -> DepartmentId {
    people::other_department(story.case(ITEM).department)
}

/// Given that the officer asked another department on Monday 2 March.
fn asked() -> Story {
    let story = Story::soil_and_water("2026-03-02");
    let of = other(&story);
    story.officer(ITEM).consults(of)
}

#[test]
fn the_officer_asks_another_department_and_the_clock_runs_on() {
    let before = Story::soil_and_water("2026-03-02");
    let (of, due) = (other(&before), before.due(ITEM, Which::Promised));
    let story = before.officer(ITEM).consults(of).then_facts(&["Claimed", "DepartmentConsulted"]);
    // Five working days of the catalogue: Tuesday to Monday.
    assert_eq!(story.case(ITEM).consultations[0].until.to_string(), "2026-03-09");
    assert_eq!(story.due(ITEM, Which::Promised), due);
    let told = messages(&story.project, &story.recorded[story.recorded.len() - 2..]);
    let told: Vec<_> = told.into_iter().map(|message| message.to).collect();
    assert_eq!(told, [Recipient::Department(of)]);
}

#[test]
fn it_answers_once_and_whoever_asked_is_told() {
    let story = asked().on("2026-03-04").consulted(ITEM).answers(Stance::WithConditions);
    let story = story.then_facts(&["ConsultationAnswered"]);
    let told = messages(&story.project, &story.recorded[story.recorded.len() - 1..]);
    assert_eq!(told[0].to, Recipient::Department(story.case(ITEM).department));
    story
        .consulted(ITEM)
        .answers(Stance::Objects)
        .then_refused(Refusal::NotAllowed(ActName::AnswerConsultation))
        .officer(ITEM)
        .recommends(Pass)
        .then_stands(ITEM, Standing::WithReviewer);
}

#[test]
fn silence_keeps_nobody_from_deciding_and_a_late_answer_is_still_heard() {
    asked()
        .on("2026-03-16")
        .officer(ITEM)
        .recommends(Pass)
        .consulted(ITEM)
        .answers(Stance::NoObjection)
        .then_stands(ITEM, Standing::WithReviewer);
}

#[test]
fn nobody_is_asked_twice_at_once_or_asks_itself() {
    let story = asked();
    let (of, own) = (other(&story), story.case(ITEM).department);
    let story = story.officer(ITEM).consults(of).then_refused(Refusal::AlreadySo);
    let story = story.officer(ITEM).consults(own).then_refused(Refusal::UnknownDepartment);
    let nobody = DepartmentId::from_bytes([0xee; 16]);
    let story = story.officer(ITEM).consults(nobody).then_refused(Refusal::UnknownDepartment);
    // Once it has answered, it may be asked again.
    story
        .consulted(ITEM)
        .answers(Stance::WithConditions)
        .officer(ITEM)
        .consults(of)
        .then_facts(&["DepartmentConsulted"]);
}

#[test]
fn an_answer_is_asked_for_within_ninety_working_days() {
    let story = Story::soil_and_water("2026-03-02");
    let (of, case) = (other(&story), story.case(ITEM).opened.case);
    let asks = |days| CaseAct::ConsultDepartment { of, days, text: people::sealed("意见") };
    let story = story.officer(ITEM).does(asks(Some(0)).on(case));
    let story = story.then_refused(Refusal::AnswerDays(90));
    let story = story.officer(ITEM).does(asks(Some(91)).on(case));
    drop(story.then_refused(Refusal::AnswerDays(90)).officer(ITEM).does(asks(Some(90)).on(case)));
}

#[test]
fn urging_takes_nobodys_opinion_away() {
    let story = Story::soil_and_water("2026-03-02");
    let before = story.case(ITEM).changed;
    let story = story.lead(Role::Approver, ITEM).urges();
    assert_eq!(story.case(ITEM).changed, before);
}

#[test]
fn only_an_officer_of_a_department_that_was_asked_answers() {
    let story = Story::soil_and_water("2026-03-02");
    let refused = Refusal::NotAllowed(ActName::AnswerConsultation);
    let story = story.consulted(ITEM).answers(Stance::NoObjection).then_refused(refused.clone());
    let of = other(&story);
    let story = story.officer(ITEM).consults(of);
    let story = story.officer(ITEM).answers(Stance::NoObjection).then_refused(refused.clone());
    let story = story.owner().about(ITEM).answers(Stance::NoObjection).then_refused(refused);
    drop(story.consulted(ITEM).answers(Stance::NoObjection));
}

#[test]
fn who_is_asked_sees_the_project_while_the_case_is_open() {
    let sees = |story: &Story| {
        let officer = people::staff(Role::Officer, Some(other(story)), people::SUZHOU, 1);
        story.standpoint(&officer).may_see(&story.project)
    };
    assert!(!sees(&Story::soil_and_water("2026-03-02")));
    assert!(sees(&asked()));
    let withdraws = |story: Story| story.owner().about(ITEM).withdraws("project-changed");
    assert!(sees(&asked().consulted(ITEM).answers(Stance::NoObjection)));
    assert!(!sees(&withdraws(asked())));
    assert!(!sees(&withdraws(asked().consulted(ITEM).answers(Stance::NoObjection))));
}

#[test]
fn its_own_system_numbers_its_acts_by_itself() {
    let story = asked().consulted(ITEM).by_system().answers(Stance::NoObjection);
    let case = story.case(ITEM);
    assert_eq!(
        story.recorded.last().map(|it| it.envelope.channel),
        Some(Channel::DepartmentSystem)
    );
    assert_eq!(case.ways_in.from_system(other(&story)), 1);
    assert_eq!(case.ways_in.from_system(case.department), 0);
}

#[test]
fn what_is_typed_by_hand_for_who_was_asked_is_counted_there() {
    let story = asked();
    let of = other(&story);
    let story = story.connects_department(of).consulted(ITEM).answers(Stance::NoObjection);
    let ways = &story.case(ITEM).ways_in;
    assert_eq!((ways.retyped, ways.retyped_answers(of)), (0, 1));
}

#[test]
fn the_department_that_leads_the_stage_sees_all_of_it_and_urges_once_a_day() {
    let story = Story::soil_and_water("2026-03-02");
    let lead = story.application().lead;
    let departments = people::organisation();
    let planning = departments.resolve(
        people::catalog(),
        people::catalog().flows["E"].stage(1).map_or("", |stage| &stage.lead),
        people::SUZHOU,
    );
    assert!(lead.is_some() && lead == planning.map(|department| department.id));
    let head = people::staff(Role::Approver, lead, people::SUZHOU, 1);
    assert!(story.standpoint(&head).may_see(&story.project));
    let story = story.lead(Role::Approver, ITEM).urges().then_facts(&["Urged"]);
    let told = messages(&story.project, &story.recorded[story.recorded.len() - 1..]);
    assert_eq!(told[0].to, Recipient::Department(story.case(ITEM).department));
    story
        .lead(Role::Officer, ITEM)
        .urges()
        .then_refused(Refusal::AlreadySo)
        .on("2026-03-03")
        .lead(Role::Officer, ITEM)
        .urges()
        .then_facts(&["Urged"]);
}

#[test]
fn nobody_urges_oneself_or_decides_for_another_department() {
    let story = Story::soil_and_water("2026-03-02");
    story
        .officer(ITEM)
        .urges()
        .then_refused(Refusal::NotAllowed(ActName::UrgeCase))
        .consulted(ITEM)
        .urges()
        .then_refused(Refusal::NotAllowed(ActName::UrgeCase))
        .lead(Role::Officer, ITEM)
        .recommends(Pass)
        .then_refused(Refusal::NotAllowed(ActName::GiveOpinion));
}
