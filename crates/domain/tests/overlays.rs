//! Overlays of cities and counties tighten the provincial list and add nothing to it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "support/pack.rs"]
mod pack;

use proptest::prelude::*;
use tongban_domain::{
    catalog::{Catalog, Problem, SourceFile, beyond_office, load, new_overlay},
    limit::Limit,
};

use pack::{files, jiangsu};

const SUZHOU: u32 = 320_500;
const KUNSHAN: u32 = 320_583;
const NANJING: u32 = 320_100;

fn overlay(region: u32, body: &str) -> SourceFile {
    let head = format!(
        "[overlay]\nregion = {region}\nname = \"实施清单\"\nversion = \"2026.1\"\nsigned_off_by = \"审改办\"\n"
    );
    SourceFile { path: format!("overlays/{region}.toml"), text: format!("{head}{body}") }
}

fn with(overlays: &[SourceFile]) -> Result<Catalog, Vec<Problem>> {
    let mut files = files("jiangsu");
    files.extend_from_slice(overlays);
    load(&files)
}

fn refused(region: u32, body: &str) -> Problem {
    let mut problems = with(&[overlay(region, body)]).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

#[test]
fn a_city_shortens_a_promise_and_its_county_shortens_it_further() {
    let city = overlay(SUZHOU, "[[item]]\ncode = \"GH-02\"\npromised = \"5 working days\"\n");
    let county = overlay(
        KUNSHAN,
        "[[item]]\ncode = \"GH-02\"\npromised = \"3 working days\"\nlead = \"approval-bureau\"\n",
    );
    let catalog = with(&[city, county]).unwrap();
    let promised = |region| catalog.terms("GH-02", region).unwrap().promised.to_string();
    assert_eq!(promised(NANJING), catalog.item("GH-02").unwrap().promised.to_string());
    assert_eq!(promised(SUZHOU), Limit::WorkingDays { days: 5, extension: 0 }.to_string());
    assert_eq!(promised(KUNSHAN), Limit::WorkingDays { days: 3, extension: 0 }.to_string());
    assert_eq!(promised(320_571), promised(SUZHOU), "a zone without an overlay has its city's");
    assert_eq!(catalog.terms("GH-02", KUNSHAN).unwrap().lead, "approval-bureau");
}

#[test]
fn a_dropped_paper_is_asked_for_nowhere_below() {
    let paper = jiangsu().item("GH-02").unwrap().papers[0].clone();
    let drop = format!("[[item]]\ncode = \"GH-02\"\ndrop_papers = [\"{paper}\"]\n");
    let catalog = with(&[overlay(SUZHOU, &drop)]).unwrap();
    let asks = |region| catalog.terms("GH-02", region).unwrap().papers().any(|it| *it == paper);
    assert!(asks(NANJING) && !asks(SUZHOU) && !asks(KUNSHAN));
}

#[test]
fn a_shorter_stage_must_still_hold_its_longest_way() {
    let budget = |days| format!("[[stage]]\nflow = \"E\"\nstage = 4\nbudget = {days}\n");
    let catalog = with(&[overlay(SUZHOU, &budget(14))]).unwrap();
    let flow = &catalog.flows["E"];
    assert_eq!(catalog.budget(flow, 4, KUNSHAN), Some(14));
    assert_eq!(catalog.budget(flow, 4, NANJING), Some(15));
    let problem = refused(SUZHOU, &budget(1));
    assert!(problem.message.contains("the way to"), "{problem}");
    assert_eq!((problem.file.as_str(), problem.line), ("overlays/320500.toml", 7));
}

#[test]
fn a_longer_promise_is_refused_against_the_level_above() {
    let city = overlay(SUZHOU, "[[item]]\ncode = \"GH-02\"\npromised = \"3 working days\"\n");
    let county = overlay(KUNSHAN, "[[item]]\ncode = \"GH-02\"\npromised = \"4 working days\"\n");
    assert!(with(std::slice::from_ref(&county)).is_ok(), "shorter than the province");
    let problems = with(&[city, county]).unwrap_err();
    assert!(problems[0].message.contains("cannot add days"), "{problems:?}");
    assert_eq!(problems[0].file, "overlays/320583.toml");
}

/// Ways in which an overlay would add something, and what the checker says.
fn breaks() -> Vec<(&'static str, &'static str)> {
    vec![
        ("[[item]]\ncode = \"XX-01\"\n", "cannot add one"),
        ("[[item]]\ncode = \"GH-02\"\npromised = \"60 working days\"\n", "cannot add days"),
        ("[[item]]\ncode = \"GH-02\"\npromised = \"none set\"\n", "cannot add days"),
        ("[[item]]\ncode = \"LX-05\"\npromised = \"1 working days\"\n", "cannot add days"),
        ("[[item]]\ncode = \"GH-02\"\ndrop_papers = [\"no-such-paper\"]\n", "nothing to drop"),
        ("[[item]]\ncode = \"GH-02\"\nlead = \"no-such-office\"\n", "no department"),
        ("[[item]]\ncode = \"GH-02\"\n\n[[item]]\ncode = \"GH-02\"\n", "second time"),
        ("[[stage]]\nflow = \"E\"\nstage = 1\nbudget = 30\n", "cannot add days"),
        ("[[stage]]\nflow = \"Z\"\nstage = 1\nbudget = 3\n", "no stage 1 in a flow Z"),
        ("[[item]]\ncode = \"GH-02\"\nadd_papers = [\"site-plan\"]\n", "unknown field"),
    ]
}

#[test]
fn whatever_adds_is_refused_with_file_line_and_reason() {
    for (body, reason) in breaks() {
        let problem = refused(SUZHOU, body);
        assert!(problem.message.contains(reason), "{body}: {problem}");
        assert!(problem.file == "overlays/320500.toml" && problem.line >= 6, "{problem}");
    }
    assert!(refused(320_000, "").message.contains("the province has no overlay"));
    assert!(refused(999_999, "").message.contains("there is no region"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any set of shorter promises is sound; with one broken line added it is refused for that
    /// line alone.
    #[test]
    fn the_checker_says_exactly_what_is_broken(
        picks in prop::collection::btree_map(0usize..150, 0u16..40, 1..30),
        broken in 0usize..7,
    ) {
        let catalog = jiangsu();
        let mut body = String::new();
        for (place, days) in &picks {
            let item = &catalog.items[*place];
            let Limit::WorkingDays { days: most, .. } = item.promised else { continue };
            if ["GH-02", "LX-05"].contains(&item.code.as_str()) {
                continue;
            }
            let days = days % (most + 1);
            body.push_str(&format!(
                "[[item]]\ncode = \"{}\"\npromised = \"{days} working days\"\n",
                item.code
            ));
        }
        prop_assert!(with(&[overlay(SUZHOU, &body)]).is_ok(), "{body}");
        let (wrong, reason) = breaks()[broken];
        let problem = refused(SUZHOU, &format!("{body}{wrong}"));
        prop_assert!(problem.message.contains(reason), "{problem}");
    }
}

#[test]
fn a_city_keeps_its_own_lists_and_those_of_its_counties_and_nothing_else() {
    let before: Vec<SourceFile> =
        files("jiangsu").into_iter().chain([overlay(NANJING, "")]).collect();
    let catalog = load(&before).unwrap();
    let changed = |path: &str, text: &str| {
        let mut after = before.clone();
        match after.iter_mut().find(|file| file.path == path) {
            Some(file) => file.text = text.to_owned(),
            None => after.push(SourceFile { path: path.to_owned(), text: text.to_owned() }),
        }
        after
    };
    let beyond = |after: &[SourceFile]| beyond_office(&catalog, &[SUZHOU], &before, after);
    let own = |region| new_overlay(&catalog, region).unwrap().text;
    let nothing = Vec::<String>::new();
    assert_eq!(beyond(&before), nothing);
    assert_eq!(beyond(&changed("overlays/a.toml", &own(SUZHOU))), nothing);
    assert_eq!(beyond(&changed("overlays/a.toml", &own(KUNSHAN))), nothing);
    // What is being written need not be sound to be saved.
    assert_eq!(beyond(&changed("overlays/320500.toml", "region =")), nothing);
    // Of the province, of another city, a file that is no list, one that says nothing of itself.
    let others = [
        ("items/2-scheme.toml", ""),
        ("calendar.csv", ""),
        ("overlays/a.toml", &own(NANJING)),
        ("overlays/a.toml", &own(320_000)),
        ("overlays/320100-new.toml", "region ="),
        ("overlays/320500.toml", &own(NANJING)),
        ("overlays/320500.csv", &own(SUZHOU)),
        // The list of another city is not taken over by writing one's own region into it.
        ("overlays/320100.toml", &own(SUZHOU)),
    ];
    for (path, text) in others {
        assert_eq!(beyond(&changed(path, text)), [path]);
    }
    let without: Vec<_> =
        before.iter().filter(|file| !file.path.starts_with("overlays/")).cloned().collect();
    assert_eq!(beyond(&without), ["overlays/320100.toml"]);
    // The province keeps all of it, a county only its own, nobody without an office anything.
    let all = beyond_office(&catalog, &[320_000], &before, &changed("laws.toml", ""));
    assert_eq!(all, nothing);
    let city = changed("overlays/a.toml", &own(SUZHOU));
    assert_eq!(beyond_office(&catalog, &[KUNSHAN], &before, &city), ["overlays/a.toml"]);
    assert_eq!(beyond_office(&catalog, &[], &before, &city), ["overlays/a.toml"]);
}

#[test]
fn a_new_list_of_a_region_is_sound_and_changes_nothing() {
    let catalog = &jiangsu();
    let changed = with(&[new_overlay(catalog, SUZHOU).unwrap()]).unwrap();
    assert_eq!(changed.overlays[&SUZHOU].items.len(), 0);
    assert_eq!(changed.terms("GH-02", SUZHOU), catalog.terms("GH-02", SUZHOU));
    assert_eq!(new_overlay(catalog, 999_999), None);
}
