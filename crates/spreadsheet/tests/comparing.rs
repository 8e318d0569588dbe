//! What a list would change is told before it is taken over.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on should panic")]

mod support;

use proptest::prelude::*;
use support::{list, problems, texts};
use tongban_spreadsheet::{CellChange, RowChange, Sheet, SpreadsheetError, compare};

fn before() -> Sheet {
    list(
        &["代码", "名称", "电话"],
        &[&["01", "规划局", "8401"], &["02", "住建局", "8402"], &["03", "人防办", "8403"]],
    )
}

#[test]
fn rows_are_added_changed_and_removed_by_their_key() {
    let rows: [&[&str]; 4] = [
        &["04", "消防支队", "8404"],
        &["", "", ""],
        &["03", "国防动员办", ""],
        &["01", "规划局", "8401"],
    ];
    let after = list(&["代码", "名称", "电话"], &rows);
    let change = |column: &str, from: &str, to: &str| CellChange {
        column: column.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let cell = |column: &str, text: &str| (column.to_owned(), text.to_owned());
    assert_eq!(
        compare(&before(), &after, "代码").unwrap(),
        [
            RowChange::Added {
                key: "04".to_owned(),
                line: 2,
                cells: vec![cell("代码", "04"), cell("名称", "消防支队"), cell("电话", "8404")],
            },
            RowChange::Changed {
                key: "03".to_owned(),
                line: 4,
                cells: vec![change("名称", "人防办", "国防动员办"), change("电话", "8403", "")],
            },
            RowChange::Removed { key: "02".to_owned() },
        ]
    );
}

#[test]
fn a_column_that_is_missing_is_not_touched() {
    let rows: [&[&str]; 3] = [&["规划局", "01"], &["住建局", "02"], &["人防办", "03"]];
    let after = list(&["名称", "代码"], &rows);
    assert_eq!(compare(&before(), &after, "代码"), Ok(Vec::new()));
}

#[test]
fn nothing_is_taken_over_half() {
    let rows: [&[&str]; 4] =
        [&["01", "规划局", "8"], &["", "无代码", "8"], &["01", "重复", "8"], &["01", "再次", "8"]];
    let after = list(&["代码", "名称", "传真"], &rows);
    assert_eq!(
        problems(compare(&before(), &after, "代码")),
        [
            "部门 C1: the list has no column 传真",
            "部门 A3: the key is missing",
            "部门 A4: the key 01 stands on line 2 already",
            "部门 A5: the key 01 stands on line 2 already",
        ]
    );
}

#[test]
fn without_the_key_column_nothing_can_be_compared() {
    let after = list(&["名称"], &[&["规划局"]]);
    let missing =
        SpreadsheetError::NoKeyColumn { sheet: "部门".to_owned(), key: "代码".to_owned() };
    assert_eq!(compare(&before(), &after, "代码"), Err(missing));
}

/// A list with distinct keys, some of its columns, in some order.
fn keyed() -> impl Strategy<Value = Sheet> {
    let columns = Just(texts(&["代码", "名称", "电话", "地址"])).prop_shuffle();
    let rows = proptest::collection::btree_map("[0-9]{1,2}", "[ab一]{0,2}", 0..12);
    let rows = rows.prop_map(|rows| rows.into_iter().collect::<Vec<_>>()).prop_shuffle();
    (columns, rows, 0..4usize).prop_map(|(mut head, rows, spare)| {
        let key = head.iter().position(|heading| heading == "代码").unwrap_or(0);
        head.swap(0, key);
        head.truncate(4 - spare);
        let row = |(key, text): (String, String)| {
            let mut row = vec![text; head.len()];
            row[0] = key;
            row
        };
        let rows = rows.into_iter().map(row).collect();
        Sheet { name: "部门".to_owned(), head, rows }
    })
}

/// A list with all four columns.
fn whole() -> impl Strategy<Value = Sheet> {
    keyed().prop_map(|sheet| {
        let head = texts(&["代码", "名称", "电话", "地址"]);
        let whole = |row: Vec<String>| {
            let cell = |heading: &String| sheet.column(heading).map(|column| row[column].clone());
            head.iter().map(|heading| cell(heading).unwrap_or_default()).collect()
        };
        let rows = sheet.rows.iter().cloned().map(whole).collect();
        Sheet { head: head.clone(), rows, ..sheet }
    })
}

/// The list with the changes made.
fn apply(before: &Sheet, changes: &[RowChange]) -> Sheet {
    let mut sheet = before.clone();
    let place = |sheet: &Sheet, key: &str| sheet.rows.iter().position(|row| row[0] == key).unwrap();
    for change in changes {
        match change {
            RowChange::Added { cells, .. } => {
                let mut row = vec![String::new(); sheet.head.len()];
                for (heading, text) in cells {
                    row[sheet.column(heading).unwrap()] = text.clone();
                }
                sheet.rows.push(row);
            }
            RowChange::Removed { key } => {
                let place = place(&sheet, key);
                sheet.rows.remove(place);
            }
            RowChange::Changed { key, cells, .. } => {
                let place = place(&sheet, key);
                for change in cells {
                    let column = sheet.column(&change.column).unwrap();
                    assert_eq!(sheet.rows[place][column], change.from);
                    sheet.rows[place][column] = change.to.clone();
                }
            }
        }
    }
    sheet
}

/// A sheet that need not be a list: blank headings, rows too short or too long.
fn any_sheet() -> impl Strategy<Value = Sheet> {
    let cells = || proptest::collection::vec("[ab ]?", 0..4);
    (cells(), proptest::collection::vec(cells(), 0..6)).prop_map(|(head, rows)| Sheet {
        name: String::new(),
        head,
        rows,
    })
}

proptest! {
    #[test]
    fn a_list_does_not_differ_from_itself(sheet in keyed()) {
        prop_assert_eq!(compare(&sheet, &sheet, "代码"), Ok(Vec::new()));
    }

    #[test]
    fn the_changes_lead_from_one_list_to_the_other(before in whole(), after in keyed()) {
        let changes = compare(&before, &after, "代码").unwrap();
        let made = apply(&before, &changes);
        prop_assert_eq!(compare(&made, &after, "代码"), Ok(Vec::new()));
        prop_assert_eq!(made.rows.len(), after.rows.len());
    }

    #[test]
    fn any_two_sheets_are_compared_or_refused(before in any_sheet(), after in any_sheet()) {
        let _ = compare(&before, &after, "");
        let _ = compare(&before, &after, "a");
    }
}
