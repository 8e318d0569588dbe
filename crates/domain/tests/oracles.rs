//! Numbers that nobody here chose: what laws, the State Council, ministries and other places
//! publish, against the pack of the province as it is shipped.
//!
//! Where a number is a rule of conduct and not of the pack, its test stands with the rule: hearings
//! in `hearing.rs`, notices in `acceptance.rs`, the life of a construction permit in
//! `validity.rs`, records of credit in `modes.rs`, holidays in the module of the calendar.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "support/pack.rs"]
mod pack;

use tongban_domain::{
    application::{JOINT_DAYS, JOINT_EXTENSION, NOTICE_DAYS},
    case::NationalState,
    catalog::{Catalog, load},
    limit::{Limit, PinnedLimit},
};

use pack::{files, jiangsu};

fn statutory(catalog: &Catalog, code: &str) -> Limit {
    catalog.item(code).unwrap().statutory.clone()
}

const fn working(days: u16, extension: u16) -> Limit {
    Limit::WorkingDays { days, extension }
}

const fn calendar(days: u16) -> Limit {
    Limit::CalendarDays { days, extension: 0 }
}

/// 国办发〔2019〕11号: 120 working days for the whole; Jiangsu promised 100, then 90; a joint
/// application takes 45 (行政许可法 art. 42).
#[test]
fn stages_fit_the_total_and_the_total_fits_province_and_state() {
    for flow in jiangsu().flows.values() {
        let sum: u32 = flow.stages.iter().map(|stage| stage.budget).sum();
        let promise = jiangsu().pack.whole_flow;
        assert!(sum <= flow.total && flow.total <= promise && promise <= 100, "{}", flow.key);
        assert!(flow.stages.iter().all(|stage| stage.budget <= 45), "{}", flow.key);
    }
    let mut files = files("jiangsu");
    let pack = files.iter_mut().find(|file| file.path == "pack.toml").unwrap();
    pack.text = pack.text.replace("whole_flow = 90", "whole_flow = 121");
    let problems = load(&files).unwrap_err();
    let said = problems.iter().find(|it| it.message.contains("120")).unwrap();
    assert_eq!((said.file.as_str(), said.line), ("pack.toml", 6));
}

#[test]
fn handling_is_bounded_by_the_law_of_licences() {
    assert_eq!((JOINT_DAYS, JOINT_EXTENSION, NOTICE_DAYS), (45, 15, 5), "AL 42, 32");
    assert_eq!(statutory(&jiangsu(), "GH-02"), working(20, 10), "AL 42: one department");
}

#[test]
fn single_laws_set_the_days_of_their_permits() {
    let catalog = jiangsu();
    let days = |code: &str| statutory(&catalog, code).pin().days();
    assert_eq!(days("SG-09"), Some(7), "BL 8: construction permit");
    assert_eq!(days("SG-02"), Some(15), "FP 11: fire design review");
    assert_eq!(statutory(&catalog, "LX-14"), calendar(60), "EIA 22: report");
    assert_eq!(statutory(&catalog, "LX-15"), calendar(30), "EIA 22: form");
    assert_eq!(statutory(&catalog, "LX-16"), Limit::AtOnce, "EIA 22: registration");
    assert_eq!(statutory(&catalog, "LX-17a"), working(10, 10), "soil and water report");
    assert_eq!(statutory(&catalog, "LX-17b"), Limit::AtOnce, "soil and water form");
    assert_eq!(statutory(&catalog, "LX-04"), working(20, 40), "EI 9, 10: verification");
    assert_eq!(statutory(&catalog, "LX-05"), Limit::AtOnce, "EI 13: filing");
    assert_eq!(days("LX-19"), Some(45), "WI 19: water abstraction");
    let military = statutory(&catalog, "LX-30").pin();
    assert_eq!((military.days(), military.extension()), (Some(30), 60), "MF 36: at most 90");
    let title = catalog.item("YS-20").unwrap();
    assert_eq!(title.statutory, working(30, 0), "RT 20: registration of title");
    assert_eq!(title.promised, working(5, 0), "five days where a city promises 3550");
}

/// Rules of drawing review, articles 11 to 13: large works 15, others 10 working days; the survey
/// 7 or 5. Of a limit by condition the longest branch is pinned.
#[test]
fn drawings_of_large_works_take_longer() {
    let catalog = jiangsu();
    let item = catalog.item("SG-01").unwrap();
    let Limit::ByCondition(branches) = &item.statutory else { panic!("{:?}", item.statutory) };
    let days: Vec<_> = branches.iter().map(|branch| branch.limit.pin().days()).collect();
    assert_eq!(days, [Some(15), Some(10)]);
    assert_eq!(item.statutory.pin(), PinnedLimit::WorkingDays(15, 0));
    assert!(item.limit_note.contains("甲级7个工作日") && item.limit_note.contains("以下5个工作日"));
}

/// Order 53 of the Ministry of Water: five hectares or 50 000 m³ of earth call for a report, half
/// a hectare or 1 000 m³ for a form. `questions.rs` shows the land answering by itself.
#[test]
fn soil_and_water_follows_from_the_land_and_the_earthworks() {
    let catalog = jiangsu();
    let question = catalog.question("soil-water").unwrap();
    for number in ["五公顷", "五万立方米", "零点五公顷", "一千立方米"] {
        assert!(question.help.contains(number), "{number} in {}", question.help);
    }
}

/// 政府投资条例 art. 12: an estimate more than a tenth above the study's is reported, and the study
/// may have to be handed in again.
#[test]
fn an_estimate_a_tenth_above_the_study_is_reported() {
    let catalog = jiangsu();
    let conditions = &catalog.item("GH-06").unwrap().conditions;
    assert!(conditions.iter().any(|it| it.contains("10%") && it.contains("报告")));
}

/// Zhejiang promises 20 working days for simple works up to 5 000 m², Shanxi 24 in two stages up
/// to 10 000 m² and 24 m. Ours is not slower, and has two stages that take time.
#[test]
fn small_low_risk_works_are_not_slower_than_in_other_provinces() {
    let catalog = jiangsu();
    let flow = &catalog.flows["G"];
    let stages = flow.stages.iter().filter(|stage| stage.budget > 0).count();
    assert!(flow.total <= 20);
    assert_eq!(stages, 2);
}

/// Nantong: from the approval of an industrial project to its construction permit 30 working days.
#[test]
fn industry_has_its_construction_permit_after_thirty_days() {
    let catalog = jiangsu();
    let until_permit = catalog.flows["E"].stages.iter().filter(|stage| stage.number <= 3);
    assert_eq!(until_permit.map(|stage| stage.budget).sum::<u32>(), 30);
    let piles = catalog.flows["E"].entries.iter().any(|entry| entry.item == "SG-10");
    assert!(piles, "piles first");
}

/// 土地管理法 art. 46: permanent basic farmland, more than 35 hectares of other farmland, more than
/// 70 of other land are for the State Council. 城市房地产管理法 art. 45: a quarter invested before
/// dwellings are sold off plan.
#[test]
fn thresholds_of_the_law_stand_in_questions_and_guides() {
    let catalog = jiangsu();
    let note = &catalog.item("LX-09").unwrap().limit_note;
    assert!(note.contains("永久基本农田") && note.contains("35公顷") && note.contains("70公顷"));
    let sold = catalog
        .questions
        .iter()
        .any(|question| question.help.contains("预售") && question.help.contains("百分之二十五"));
    assert!(sold);
}

/// Exchange with the national platform: fifteen states of a case, ten types of flow.
#[test]
fn national_codes_are_complete() {
    assert_eq!(NationalState::ALL.len(), 15);
    assert!(jiangsu().flows.values().all(|flow| (1..=10).contains(&flow.national_code)));
}
