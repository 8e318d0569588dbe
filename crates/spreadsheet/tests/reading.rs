//! What comes out of workbooks as administrators save them.

mod support;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula};
use support::{list, problems, workbook};
use tongban_spreadsheet::{SpreadsheetError, read};

#[test]
fn a_list_is_read_as_excel_shows_it() {
    let bytes = workbook(|page| {
        let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        let date = ExcelDateTime::from_ymd(2026, 3, 1).unwrap();
        page.write_row(0, 0, ["代码", " 名称 ", "窗口", "起始", "启用", "合计"]).unwrap();
        page.write(1, 0, "320100").unwrap();
        page.write(1, 1, "\u{3000}市城建局 ").unwrap();
        page.write(1, 2, 5).unwrap();
        page.write_with_format(1, 3, &date, &day).unwrap();
        page.write(1, 4, true).unwrap();
        page.write(1, 5, Formula::new("=C2*0.1").set_result("0.5")).unwrap();
    });
    let head = ["代码", "名称", "窗口", "起始", "启用", "合计"];
    let row = ["320100", "市城建局", "5", "2026-03-01", "TRUE", "0.5"];
    assert_eq!(read(&bytes), Ok(vec![list(&head, &[&row])]));
}

#[test]
fn what_is_empty_at_the_end_is_left_out_and_blank_rows_keep_the_lines() {
    let bytes = workbook(|page| {
        page.write_row(0, 0, ["代码", "名称", "  "]).unwrap();
        page.write_row(1, 0, ["01", "规划局"]).unwrap();
        page.write_row(3, 0, ["02", "住建局"]).unwrap();
        page.write_row(9, 0, [" ", "", "\u{a0}"]).unwrap();
    });
    let rows: [&[&str]; 3] = [&["01", "规划局"], &["", ""], &["02", "住建局"]];
    let sheet = list(&["代码", "名称"], &rows);
    assert_eq!(read(&bytes), Ok(vec![sheet]));
    assert_eq!(tongban_spreadsheet::Sheet::line(2), 4);
}

#[test]
fn every_problem_is_told_with_its_place() {
    let bytes = workbook(|page| {
        page.write_row(0, 0, ["代码", "名称", "代码"]).unwrap();
        page.write(1, 0, 320_106_199_001_010_000_f64).unwrap();
        page.write(1, 3, "没有表头").unwrap();
        page.write(2, 1, "长".repeat(4001)).unwrap();
        page.merge_range(4, 1, 5, 1, "合并", &Format::new()).unwrap();
    });
    assert_eq!(
        problems(read(&bytes)),
        [
            "部门 A2: the number is too long for Excel, its last digits are lost; enter it as text",
            "部门 B3: the cell holds 4001 characters, at most 4000 are allowed",
            "部门 B5: the cell is merged with others",
            "部门 C1: the heading 代码 stands in column A already",
            "部门 D1: the column has no heading on line 1",
        ]
    );
}

#[test]
fn a_title_above_the_head_is_refused() {
    let bytes = workbook(|page| {
        page.merge_range(0, 0, 0, 1, "南京市审批部门一览", &Format::new()).unwrap();
        page.write_row(1, 0, ["代码", "名称"]).unwrap();
    });
    let told = problems(read(&bytes));
    assert_eq!(told[0], "部门 A1: the cell is merged with others");
    assert_eq!(told[1], "部门 B1: the column has no heading on line 1");
}

#[test]
fn hidden_and_empty_sheets_are_left_out() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("部门").unwrap().write(0, 0, "代码").unwrap();
    book.add_worksheet().set_name("下拉").unwrap().set_hidden(true).write(0, 0, "是").unwrap();
    book.add_worksheet();
    let sheets = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(sheets, [list(&["代码"], &[])]);

    assert_eq!(read(&workbook(|_| ())), Err(SpreadsheetError::NoList));
}
