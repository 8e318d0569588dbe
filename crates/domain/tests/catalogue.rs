//! The pack of the province, as it is shipped.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "support/pack.rs"]
mod pack;

use tongban_domain::{
    catalog::{Problem, load},
    limit::Limit,
};

use pack::{files, jiangsu};

#[test]
fn the_pack_of_the_province_is_sound() {
    let catalog = jiangsu();
    assert_eq!(catalog.items.len(), 150);
    assert_eq!(catalog.regions.len(), 109 + 12);
    assert_eq!(
        catalog.flows.keys().collect::<Vec<_>>(),
        ["A", "B", "C", "D", "E", "F", "G", "H", "I"]
    );
    assert_eq!(catalog.calendar.official_years(), 2018..=2026);
}

/// Numbers of the law that nobody here chose (flow-and-items §12, rows 3–8, 10–15).
#[test]
fn the_limits_are_those_of_the_law() {
    let catalog = jiangsu();
    let statutory = |code: &str| catalog.item(code).unwrap().statutory.clone();
    let working = |days, extension| Limit::WorkingDays { days, extension };
    let calendar = |days| Limit::CalendarDays { days, extension: 0 };
    assert_eq!(statutory("GH-02"), working(20, 10), "AL 42: one department");
    assert_eq!(statutory("SG-09").pin().days(), Some(7), "BL 8: construction permit");
    assert_eq!(statutory("SG-01").pin().days(), Some(15), "drawing review, large");
    assert_eq!(statutory("SG-02").pin().days(), Some(15), "fire design review");
    assert_eq!(statutory("LX-14"), calendar(60), "EIA 22: report");
    assert_eq!(statutory("LX-15"), calendar(30), "EIA 22: form");
    assert_eq!(statutory("LX-16"), Limit::AtOnce, "EIA 22: registration");
    assert_eq!(statutory("LX-17a"), working(10, 10), "soil and water report");
    assert_eq!(statutory("LX-17b"), Limit::AtOnce, "soil and water form");
    assert_eq!(statutory("LX-04"), working(20, 40), "EI 9–10: verification");
    assert_eq!(statutory("LX-05"), Limit::AtOnce, "EI 13: filing");
    assert_eq!(statutory("LX-19").pin().days(), Some(45), "WI 19: water abstraction");
    assert_eq!(statutory("LX-30").pin().days(), Some(30), "MF 36: military consultation");
    assert_eq!(statutory("LX-30").pin().extension(), 60, "MF 36: at most 90");
    assert_eq!(statutory("YS-20").pin().days(), Some(30), "RT 20: registration of title");
}

#[test]
fn stages_fit_the_total_and_the_total_fits_the_province() {
    for flow in jiangsu().flows.values() {
        let sum: u32 = flow.stages.iter().map(|stage| stage.budget).sum();
        assert!(sum <= flow.total && flow.total <= 100 && flow.total <= 120, "{}", flow.key);
        assert!(flow.stages.iter().all(|stage| stage.budget <= 45), "AL 42: joint handling");
        assert_eq!(flow.stages.len(), 4);
    }
}

fn spoiled(path: &str, from: &str, to: &str) -> Vec<Problem> {
    let mut files = files("jiangsu");
    let file = files.iter_mut().find(|file| file.path == path).unwrap();
    assert!(file.text.contains(from), "{from} is no longer in {path}");
    file.text = file.text.replacen(from, to, 1);
    load(&files).unwrap_err()
}

#[test]
fn a_fault_is_named_with_file_and_line() {
    let problems = spoiled("items/2-scheme.toml", "20 working days + 10", "soon");
    assert_eq!(problems[0].file, "items/2-scheme.toml");
    assert!(problems[0].line > 1 && problems[0].message.contains("soon"), "{problems:?}");

    let problems = spoiled("flows/e-industrial.toml", "item = \"LX-05\"", "item = \"LX-99\"");
    assert!(
        problems.iter().any(|p| p.file == "flows/e-industrial.toml" && p.line > 1),
        "{problems:?}"
    );

    let problems = spoiled("laws.toml", "[[law]]", "[[law");
    assert_eq!((problems[0].file.as_str(), problems.len()), ("laws.toml", 1));

    let problems = spoiled("calendar.csv", "2018-01-01,holiday", "2018-01-01,feast");
    assert_eq!((problems[0].file.as_str(), problems[0].line), ("calendar.csv", 2));
}

#[test]
fn items_that_wait_for_each_other_are_found_with_the_circle() {
    let mut files = files("jiangsu");
    let flow = files.iter_mut().find(|file| file.path == "flows/e-industrial.toml").unwrap();
    flow.text.push_str("\n[[edge]]\nbefore = \"SG-09\"\nafter = \"GH-02\"\nlaw = \"UP 40\"\n");
    let problems = load(&files).unwrap_err();
    assert!(problems.iter().any(|p| p.message.contains("wait for each other")), "{problems:?}");
}

#[test]
fn a_missing_file_is_said_to_be_missing() {
    let mut files = files("jiangsu");
    files.retain(|file| file.path != "papers.toml");
    let problems = load(&files).unwrap_err();
    assert!(problems.iter().any(|p| p.file == "papers.toml"));
}

/// docs/ADDING-AN-ITEM.md, followed to the letter: its pieces go where its headings say, and the
/// pack is sound with the new item in it.
#[test]
fn an_item_is_added_as_the_checklist_says() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ADDING-AN-ITEM.md");
    let checklist = std::fs::read_to_string(path).unwrap();
    let mut files = files("jiangsu");
    let mut pieces = 0;
    for piece in checklist.split("```toml\n").skip(1) {
        let piece = piece.split("```").next().unwrap();
        let place = match piece.lines().next().unwrap() {
            "[[law]]" => "laws.toml",
            "[[paper]]" => "papers.toml",
            "[[item]]" => "items/3-construction.toml",
            "[[question]]" => "questions.toml",
            "[[entry]]" | "[[edge]]" => "flows/h-old-community.toml",
            other => panic!("{other} is not a piece of a catalogue"),
        };
        let file = files.iter_mut().find(|file| file.path == place).unwrap();
        file.text.push_str(&format!("\n{piece}"));
        pieces += 1;
    }
    let catalog = load(&files).unwrap();
    assert_eq!((pieces, catalog.items.len()), (6, 151));
    assert!(catalog.flows["H"].entries.iter().any(|entry| entry.item == "SG-29"));
}
