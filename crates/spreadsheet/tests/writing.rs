//! What is written can be read again, and is never more than text.

mod support;

use proptest::prelude::*;
use support::{list, parts, problems};
use tongban_spreadsheet::{Sheet, SpreadsheetError, read, write};

fn departments() -> Sheet {
    list(&["代码", "名称"], &[&["0101", "市规划和自然资源局"], &["0102", "市城乡建设委员会"]])
}

#[test]
fn equal_lists_give_equal_bytes() {
    assert_eq!(write(&[departments()]), write(&[departments()]));
}

#[test]
fn what_begins_like_a_formula_stays_text() {
    let sheet = list(&["值"], &[&["=1+1"], &["+86"], &["-5"], &["@SUM(A1)"], &["'x"], &["001"]]);
    let bytes = write(std::slice::from_ref(&sheet)).unwrap();
    let page = parts(&bytes).into_iter().find(|(name, _)| name.ends_with("sheet1.xml")).unwrap().1;
    let page = String::from_utf8(page).unwrap();
    assert!(!page.contains("<f>"), "{page}");
    assert_eq!(page.matches("t=\"s\"").count(), 7, "every cell is a text: {page}");
    assert_eq!(read(&bytes), Ok(vec![sheet]));
}

#[test]
fn the_head_is_bold_frozen_and_filtered() {
    let bytes = write(&[departments()]).unwrap();
    let part = |wanted: &str| {
        let found = parts(&bytes).into_iter().find(|(name, _)| name.ends_with(wanted)).unwrap();
        String::from_utf8(found.1).unwrap()
    };
    let page = part("sheet1.xml");
    assert!(page.contains("state=\"frozen\""));
    assert!(page.contains("<autoFilter ref=\"A1:B3\"/>"));
    assert!(part("styles.xml").contains("<b/>"));
}

#[test]
fn what_excel_would_not_open_is_refused_all_at_once() {
    let named = |name: &str| Sheet { name: name.to_owned(), ..departments() };
    let ragged = Sheet { rows: vec![vec!["0101".to_owned()]], ..named("缺列") };
    let blank = Sheet { head: vec!["代码".to_owned(), " ".to_owned()], ..named("空表头") };
    let sheets = [departments(), named("部门"), named("a/b"), named(""), ragged, blank];
    assert_eq!(
        problems(write(&sheets)),
        [
            "部门 A1: the sheet cannot have this name",
            "a/b A1: the sheet cannot have this name",
            " A1: the sheet cannot have this name",
            "缺列 A2: the row has 1 cells, not as many as there are headings",
            "空表头 B1: the column has no heading on line 1",
        ]
    );
    assert_eq!(write(&[]), Err(SpreadsheetError::NoList));
}

/// Texts as people write them, and any others.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ \u{3000}]?[一-龥]{0,12}[ \n]?",
        "[=+@-][A-Z(\"'<&]{0,6}",
        "0[0-9]{0,18}",
        "_x00[0-9A-F]{2}_",
        ".{0,20}",
        any::<String>(),
    ]
}

fn sheet() -> impl Strategy<Value = Sheet> {
    let head = proptest::collection::btree_set("[一-龥a-z]{1,6}", 1..6);
    head.prop_flat_map(|head| {
        let row = proptest::collection::vec(text(), head.len());
        (Just(head), proptest::collection::vec(row, 0..8))
    })
    .prop_map(|(head, rows)| Sheet {
        name: "清单".to_owned(),
        head: head.into_iter().collect(),
        rows,
    })
}

/// What reading makes of a sheet: trimmed, lines ended alike, no blank rows at the end.
fn as_read(mut sheet: Sheet) -> Sheet {
    for cell in sheet.rows.iter_mut().flatten() {
        *cell = cell.trim().replace("\r\n", "\n").replace('\r', "\n");
    }
    while sheet.rows.last().is_some_and(|row| row.iter().all(String::is_empty)) {
        sheet.rows.pop();
    }
    sheet
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn what_is_written_is_read_again(sheet in sheet()) {
        let bytes = write(std::slice::from_ref(&sheet)).unwrap();
        prop_assert_eq!(read(&bytes), Ok(vec![as_read(sheet)]));
    }
}
