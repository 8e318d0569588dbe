//! How long results hold (有效期), and what has to be handed in afterwards. Terms and extensions
//! of the construction permit: 建筑法 art. 9; fresh looks: 环境影响评价法 art. 24, 水土保持法
//! art. 26; silence: 行政许可法 art. 50; service: art. 44.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{Act, ActName, ApplicationAct, CaseAct, ProjectAct, Verdict},
    application::Release,
    calendar::Calendar,
    case::Standing,
    permission::Role,
    refusal::Refusal,
};

use support::{
    Story,
    people::{catalog, day},
};

const PERMIT: &str = "SG-09";
const SOIL: &str = "LX-17a";

fn until(story: &Story, item: &str) -> String {
    story.case(item).validity.as_ref().map_or(String::new(), |it| it.until.to_string())
}

/// Three months from the day it was handed over, and not a day before they are over.
#[test]
fn a_permit_without_a_start_is_void_after_three_months() {
    let story = Story::permitted();
    assert_eq!(until(&story, PERMIT), "2026-06-16");
    let story = story
        .on("2026-06-16")
        .timer()
        .about(PERMIT)
        .ends_term()
        .then_refused(Refusal::NotDueYet(day("2026-06-17")))
        .on("2026-06-17")
        .timer()
        .about(PERMIT)
        .ends_term()
        .then_facts(&["Lapsed"])
        .then_stands(PERMIT, Standing::Lapsed);
    assert!(story.project.is_free(PERMIT), "it may be applied for again");
    story
        .owner()
        .records("start-of-works", "2026-06-17")
        .then_refused(Refusal::MilestoneWaitsFor(vec![PERMIT.to_owned()]));
}

#[test]
fn once_works_have_started_nothing_lapses() {
    Story::permitted()
        .on("2026-06-10")
        .owner()
        .records("start-of-works", "2026-06-10")
        .on("2026-06-17")
        .timer()
        .about(PERMIT)
        .ends_term()
        .then_refused(Refusal::NoTerm)
        .owner()
        .about(PERMIT)
        .asks_extension()
        .then_refused(Refusal::NoTerm);
}

/// Two extensions of three months: the latest start is nine months after the permit
/// (flow-and-items §12 row 9).
#[test]
fn it_is_extended_twice_by_three_months_and_no_further() {
    let extended = |story: Story, date: &str| {
        story
            .on(date)
            .owner()
            .about(PERMIT)
            .asks_extension()
            .then_facts(&["ExtensionAsked"])
            .approver(PERMIT)
            .grants_extension()
            .then_facts(&["ValidityExtended"])
    };
    let story = extended(Story::permitted(), "2026-06-16");
    assert_eq!(until(&story, PERMIT), "2026-09-16");
    let story = extended(story, "2026-09-01");
    assert_eq!(until(&story, PERMIT), "2026-12-16");
    story.owner().about(PERMIT).asks_extension().then_refused(Refusal::NoExtensionLeft);
}

#[test]
fn an_extension_is_asked_for_before_the_end_and_answered_by_the_department() {
    Story::permitted()
        .approver(PERMIT)
        .grants_extension()
        .then_refused(Refusal::NothingAsked)
        .owner()
        .about(PERMIT)
        .asks_extension()
        .owner()
        .about(PERMIT)
        .asks_extension()
        .then_refused(Refusal::AlreadySo)
        .officer(PERMIT)
        .grants_extension()
        .then_refused(Refusal::NotAllowed(ActName::GrantExtension));
    Story::permitted()
        .on("2026-06-17")
        .owner()
        .about(PERMIT)
        .asks_extension()
        .then_refused(Refusal::AskedTooLate(day("2026-06-16")));
}

/// The delay of the department is not the owner's; a refusal after the end ends the permit.
#[test]
fn while_an_extension_is_undecided_the_permit_does_not_lapse() {
    Story::permitted()
        .on("2026-06-15")
        .owner()
        .about(PERMIT)
        .asks_extension()
        .on("2026-06-20")
        .timer()
        .about(PERMIT)
        .ends_term()
        .then_refused(Refusal::AlreadySo)
        .approver(PERMIT)
        .refuses_extension()
        .then_facts(&["ExtensionRefused", "Lapsed"]);
}

/// Soil and water: three years without a start, then a fresh look. Until then the result is
/// there but does not hold for the start of works.
#[test]
fn after_three_years_the_soil_and_water_report_is_looked_at_again() {
    let overdue = || {
        Story::soil_and_water("2026-03-02")
            .granted(SOIL)
            .on("2029-03-03")
            .timer()
            .about(SOIL)
            .ends_term()
            .then_facts(&["RecheckDue"])
    };
    let story = overdue();
    assert!(story.case(SOIL).has_passed() && !story.case(SOIL).holds());
    let story = overdue().approver(SOIL).rechecks(true).then_facts(&["Rechecked"]);
    assert!(story.case(SOIL).holds());
    overdue().approver(SOIL).rechecks(false).then_stands(SOIL, Standing::Lapsed);
    Story::soil_and_water("2026-03-02")
        .granted(SOIL)
        .approver(SOIL)
        .rechecks(true)
        .then_refused(Refusal::AlreadySo);
}

/// LX-05 is granted on Monday 2 March and waits for the others; ten working days later, on
/// Monday the 16th, the law wants it handed over.
#[test]
fn a_result_is_handed_over_ten_working_days_after_the_decision_at_the_latest() {
    let serve = |story: Story| {
        let case = story.case("LX-05").opened.case;
        story.timer().does(CaseAct::ServeResult.on(case))
    };
    let story = Story::bought_land("2026-03-02").granted("LX-05");
    assert_eq!(story.application().release, Release::Together);
    assert!(story.case("LX-05").served.is_none());
    let story = serve(story.on("2026-03-16"));
    let story = serve(story.then_refused(Refusal::NotDueYet(day("2026-03-17"))).on("2026-03-17"));
    let story = story.then_facts(&["Served"]);
    serve(story).then_refused(Refusal::AlreadySo);
}

/// A holiday announced after the decision gives the authority no more days.
#[test]
fn a_later_calendar_does_not_put_off_the_service() {
    let mut later = catalog().clone();
    let table = include_str!("../../../catalog/jiangsu/calendar.csv");
    let old = later.calendar.clone();
    later.calendar = Calendar::parse(&format!("{table}2026-03-10,holiday,后加\n")).unwrap();
    later.earlier_calendars.insert(old.digest(), old);
    let story = Story::bought_land("2026-03-02").granted("LX-05").under(later).on("2026-03-17");
    let case = story.case("LX-05").opened.case;
    story.timer().does(CaseAct::ServeResult.on(case)).then_facts(&["Served"]);
}

#[test]
fn filings_after_completion_are_due_and_their_absence_is_put_on_record() {
    let story = Story::permitted()
        .owner()
        .records("start-of-works", "2026-03-16")
        .on("2026-09-01")
        .owner()
        .records("completion-acceptance", "2026-09-01");
    let due: Vec<_> =
        story.project.duties.iter().map(|duty| (&*duty.item, duty.until.to_string())).collect();
    assert_eq!(due, [("YS-08", "2026-09-16".to_owned()), ("YS-07", "2027-03-01".to_owned())]);
    let story = story
        .on("2026-09-17")
        .timer()
        .does(Act::Project(ProjectAct::MissDuty))
        .then_facts(&["DutyMissed"])
        .timer()
        .does(Act::Project(ProjectAct::MissDuty))
        .then_refused(Refusal::NotDueYet(day("2027-03-02")));
    assert_eq!(story.project.open_duties().count(), 1);
}

/// 行政许可法 art. 42: 45 working days together, 15 more by the head of government, once.
#[test]
fn joint_handling_is_extended_once_by_fifteen_days_at_most() {
    let extend = |story: Story, days| {
        let application = story.application().id;
        let reason = "complex-case".to_owned();
        story.government().does(ApplicationAct::ExtendJoint { days, reason }.on(application))
    };
    let story = extend(Story::bought_land("2026-03-02"), 16);
    let story = extend(story.then_refused(Refusal::ExtensionTooLong(15)), 15);
    let story = story.then_facts(&["JointExtended"]);
    assert_eq!(story.application().joint_extension, Some(15));
    extend(story, 5).then_refused(Refusal::AlreadyExtended);
    let story = Story::bought_land("2026-03-02");
    let application = story.application().id;
    let reason = "complex-case".to_owned();
    story
        .window()
        .does(ApplicationAct::ExtendJoint { days: 5, reason }.on(application))
        .then_refused(Refusal::NotAllowed(ActName::ExtendJoint));
}

#[test]
fn a_refusal_begins_no_term() {
    let story = Story::soil_and_water("2026-03-02")
        .reviewed(SOIL)
        .approver(SOIL)
        .also(Role::Officer)
        .decides(Verdict::Refuse { reason: "conditions-not-met".to_owned() });
    assert!(story.case(SOIL).validity.is_none());
}
