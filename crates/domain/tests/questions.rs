//! The questionnaire asks what still matters and never what is known.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use std::collections::BTreeMap;

use tongban_domain::{
    application::Prospect,
    credit::Credit,
    project::{FieldValue, Project},
};

use support::{
    Story,
    people::{catalog, day},
};

fn prospect<'a>(project: &'a Project, credit: &'a Credit) -> Prospect<'a> {
    Prospect { catalog: catalog(), project, credit, day: day("2026-03-02") }
}

fn known(project: &Project) -> BTreeMap<String, String> {
    prospect(project, &Credit::default()).known_answers()
}

fn asked(project: &Project, stage: u8, given: &[(&str, &str)]) -> Vec<String> {
    let given: BTreeMap<String, String> =
        given.iter().map(|(key, answer)| ((*key).to_owned(), (*answer).to_owned())).collect();
    let credit = Credit::default();
    let open = prospect(project, &credit).questions(stage, &given);
    open.iter().map(|question| question.key.clone()).collect()
}

fn with(flow: &str, field: &str, value: FieldValue) -> Project {
    let mut project = Story::registered(flow).on("2026-03-02").project.clone();
    project.fields.insert(field.to_owned(), value);
    project
}

/// Square metres, as kept.
fn square_metres(amount: i64) -> FieldValue {
    FieldValue::Area(amount * 10_000)
}

/// 50 000 square metres of land call for the full soil and water report (SW 25 and its rules).
#[test]
fn what_the_form_says_is_not_asked() {
    let large = with("E", "land-area", square_metres(50_000));
    let small = with("E", "land-area", square_metres(49_999));
    assert_eq!(known(&large)["soil-water"], "report");
    assert!(!asked(&large, 1, &[]).contains(&"soil-water".to_owned()));
    assert!(asked(&small, 1, &[]).contains(&"soil-water".to_owned()));
}

#[test]
fn what_a_result_says_is_not_asked_again() {
    let story = Story::soil_and_water("2026-03-02").granted("LX-17a");
    assert_eq!(known(&story.project)["soil-water-facilities"], "yes");
    let other = Story::registered("E").on("2026-03-02").project.clone();
    assert_eq!(known(&other)["soil-water-facilities"], "no");
}

/// Who pays decides whether the way of approval matters at all (renewal of old communities).
#[test]
fn an_answer_makes_others_idle() {
    let mixed = FieldValue::Choice("mixed".to_owned());
    let project = with("H", "funding-nature", mixed);
    let way = "renewal-approval".to_owned();
    assert!(asked(&project, 1, &[]).contains(&way));
    assert!(!asked(&project, 1, &[("budget-funds", "no")]).contains(&way));
    assert!(asked(&project, 1, &[("budget-funds", "yes")]).contains(&way));
}

/// Answering only takes questions away: one page asks everything there is to ask.
#[test]
fn no_answer_brings_new_questions() {
    for flow in catalog().flows.keys() {
        let project = Story::registered(flow).on("2026-03-02").project.clone();
        for stage in 1..=4 {
            let all = asked(&project, stage, &[]);
            for key in &all {
                for choice in catalog().question(key).into_iter().flat_map(|it| it.offered()) {
                    let left = asked(&project, stage, &[(key, &choice.key)]);
                    assert!(left.iter().all(|key| all.contains(key)), "{flow} {stage} {key}");
                    assert!(!left.contains(key));
                }
            }
        }
    }
}
