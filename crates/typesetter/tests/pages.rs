//! Sheets become files: the same bytes for the same words, one page where one is enough, and no
//! file at all with a letter that the fonts lack.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::path::Path;

use tongban_documents::Sheet;
use tongban_domain::document::Layout;
use tongban_typesetter::{Fonts, Press, SettingError};

fn press() -> Press {
    Press::new(Fonts::open(Path::new("/usr/share/fonts/opentype/noto")).unwrap())
}

fn sheet(layout: Layout) -> Sheet {
    let row = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    Sheet {
        layout,
        title: "建筑工程施工许可证".to_owned(),
        number: "编号 320581202607070101".to_owned(),
        addressee: "苏州某公司".to_owned(),
        paragraphs: vec!["根据《中华人民共和国建筑法》第八条规定，准予施工。".to_owned()],
        rows: vec![row("建设单位", "苏州某公司"), row("合同价格", "12810 万元")],
        closing: vec!["本证放置施工现场，作为准予施工的凭证。".to_owned()],
        issuer: "苏州市住房和城乡建设局".to_owned(),
        seal_code: "11320500MA3222035D".to_owned(),
        date: "2026年7月7日".to_owned(),
        on: (2026, 7, 7),
        address: "https://spgl.example.gov.cn/verify/01m6cwadwye4g8m0tffz7h0pmv".to_owned(),
        marks: vec![row("查验码", "01M6CWADWYE4G8M0TFFZ7H0PMV")],
    }
}

fn contains(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|part| part == text.as_bytes())
}

#[test]
fn the_same_words_give_the_same_bytes_and_other_words_others() {
    let (one, other) = (press(), press());
    for layout in [Layout::Letter, Layout::Licence] {
        let first = one.set(&sheet(layout)).unwrap();
        assert_eq!(first, one.set(&sheet(layout)).unwrap());
        assert_eq!(first, other.set(&sheet(layout)).unwrap(), "another process");
        let changed = Sheet { date: "2026年7月8日".to_owned(), ..sheet(layout) };
        assert_ne!(first, one.set(&changed).unwrap());
    }
}

#[test]
fn a_file_is_pdf_a_with_its_title_and_the_day_it_bears() {
    let file = press().set(&sheet(Layout::Licence)).unwrap().pdf;
    assert!(file.starts_with(b"%PDF-1.7"));
    assert!(contains(&file, "<pdfaid:part>2</pdfaid:part>"));
    assert!(contains(&file, "<pdfaid:conformance>U</pdfaid:conformance>"));
    assert!(contains(&file, "<rdf:li xml:lang=\"x-default\">建筑工程施工许可证</rdf:li>"));
    assert!(contains(&file, "2026-07-07"));
}

#[test]
fn a_letter_that_the_fonts_lack_is_named_and_nothing_is_made() {
    // A name with a letter of the plane beyond those that the fonts show.
    let named = Sheet { addressee: "\u{31350}氏建设".to_owned(), ..sheet(Layout::Letter) };
    let refused = press().set(&named).unwrap_err();
    let SettingError::MissingLetters(letters) = &refused else { panic!("{refused}") };
    assert_eq!(letters, &['\u{31350}']);
    assert!(refused.to_string().contains("U+31350"));
}

#[test]
fn words_are_never_markup() {
    let sly = "#import \"/main.typ\" *粗* $x$ @ref <label> \\ `code` _强调_";
    let plain = Sheet { paragraphs: vec![sly.to_owned()], ..sheet(Layout::Letter) };
    press().set(&plain).unwrap();
}

#[test]
fn long_lists_go_on_over_pages() {
    let rows = (1..80).map(|n| (format!("材料{n}"), "内容不清晰，请重新提交".repeat(3))).collect();
    let long = Sheet { rows, ..sheet(Layout::Letter) };
    assert!(pages(&press().set(&long).unwrap().pdf) > 2);
    assert_eq!(pages(&press().set(&sheet(Layout::Letter)).unwrap().pdf), 1);
    assert_eq!(pages(&press().set(&sheet(Layout::Licence)).unwrap().pdf), 1);
}

/// A long description shrinks the print, and then goes on over pages; every word of it is there.
#[test]
fn a_licence_loses_nothing_however_long_it_is() {
    for length in [100, 500, 1_500, 4_000] {
        let scale: String = "建设规模和内容".chars().cycle().take(length).collect();
        let mut rows: Vec<(String, String)> =
            (0..17).map(|n| (format!("第{n}项"), "苏州某某建设工程有限公司".to_owned())).collect();
        rows.insert(5, ("建设规模".to_owned(), scale.clone()));
        let last = "凡未取得本证擅自施工的属违法建设。";
        let closing = vec!["未经许可，本证内容不得变更。".to_owned(); 5];
        let closing = [closing, vec![last.to_owned()]].concat();
        let long = Sheet { rows, closing, ..sheet(Layout::Licence) };
        let text = text(&press().set(&long).unwrap().pdf);
        assert!(text.contains(last) && text.contains("第16项"), "{length}: {text}");
        let found = text.matches("建设规模和内容").count();
        assert!(found >= length / 7, "{length}: {found}");
    }
}

/// The words another program finds, without the breaks of lines.
fn text(file: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sheet.pdf");
    std::fs::write(&path, file).unwrap();
    let told = std::process::Command::new("pdftotext").arg(&path).arg("-").output().unwrap();
    String::from_utf8(told.stdout).unwrap().split_whitespace().collect()
}

/// How many pages another program finds.
fn pages(file: &[u8]) -> u32 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sheet.pdf");
    std::fs::write(&path, file).unwrap();
    let told = std::process::Command::new("pdfinfo").arg(&path).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let line = told.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap();
    line.trim().parse().unwrap()
}
