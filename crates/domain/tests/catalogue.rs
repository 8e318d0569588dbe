//! The pack of the province, as it is shipped.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "support/pack.rs"]
mod pack;

use tongban_domain::catalog::{Problem, load};

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
