//! Bytes that are no workbook, or a workbook made to do harm.

mod support;

use std::time::{Duration, Instant};

use proptest::prelude::*;
use support::{list, packed, parts, problems, workbook};
use tongban_spreadsheet::{Much, SpreadsheetError, read, write};

fn good() -> Vec<u8> {
    write(&[list(&["代码", "名称"], &[&["01", "规划局"], &["02", "=住建局"]])]).unwrap_or_default()
}

/// A good workbook with one part exchanged.
fn with(name: &str, content: &str) -> Vec<u8> {
    let mut parts = parts(&good());
    match parts.iter_mut().find(|(found, _)| found == name) {
        Some(part) => part.1 = content.as_bytes().to_vec(),
        None => parts.push((name.to_owned(), content.as_bytes().to_vec())),
    }
    packed(&parts)
}

fn page(cells: &str) -> String {
    let space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    format!("<worksheet xmlns=\"{space}\"><sheetData>{cells}</sheetData></worksheet>")
}

#[test]
fn what_is_no_workbook_is_called_so() {
    let other = packed(&[("word/document.xml".to_owned(), b"<w/>".to_vec())]);
    for bytes in [b"".as_slice(), b"PK", "代码,名称\n".as_bytes(), b"%PDF-1.7", &other] {
        assert_eq!(read(bytes), Err(SpreadsheetError::NotASpreadsheet));
    }
}

#[test]
fn other_formats_passwords_and_macros_are_told_apart() {
    let compound = |name: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.resize(1024, 0);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    assert_eq!(read(&compound("Workbook")), Err(SpreadsheetError::OtherFormat));
    assert_eq!(read(&compound("EncryptedPackage")), Err(SpreadsheetError::PasswordProtected));
    assert_eq!(read(&with("mimetype", "ods")), Err(SpreadsheetError::OtherFormat));
    assert_eq!(read(&with("xl/workbook.bin", "")), Err(SpreadsheetError::OtherFormat));
    assert_eq!(read(&with("xl/vbaProject.bin", "")), Err(SpreadsheetError::Macros));
    let types = "<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>";
    assert_eq!(read(&with("[Content_Types].xml", types)), Err(SpreadsheetError::Macros));
}

#[test]
fn a_bomb_is_refused_quickly() {
    let started = Instant::now();
    let bomb = with("xl/media/image1.png", &" ".repeat(80 << 20));
    assert!(bomb.len() < 1 << 20, "it is small when packed");
    assert_eq!(read(&bomb), Err(SpreadsheetError::TooLarge(Much::Bytes)));
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_bomb_that_hides_its_size_is_refused_too() {
    let mut bomb = with("xl/media/image1.png", &" ".repeat(80 << 20));
    // The declared size stands in the directory and before the part.
    let size = u32::to_le_bytes(80 << 20);
    let places = (0..bomb.len() - 4).filter(|at| bomb[*at..*at + 4] == size).collect::<Vec<_>>();
    assert!(!places.is_empty());
    for at in places {
        bomb[at..at + 4].copy_from_slice(&u32::to_le_bytes(5));
    }
    let refused = read(&bomb).unwrap_err();
    let kinds =
        matches!(refused, SpreadsheetError::TooLarge(Much::Bytes) | SpreadsheetError::Damaged(_));
    assert!(kinds, "{refused:?}");
}

#[test]
fn promises_of_the_parts_are_not_believed() {
    let texts = "<sst uniqueCount=\"4000000000\"><si><t>代码</t></si></sst>";
    let refused = Err(SpreadsheetError::TooLarge(Much::Cells));
    assert_eq!(read(&with("xl/sharedStrings.xml", texts)), refused);

    let far = page("<row r=\"1048576\"><c r=\"XFD1048576\" t=\"str\"><v>远</v></c></row>");
    let refused = Err(SpreadsheetError::TooLarge(Much::Rows));
    assert_eq!(read(&with("xl/worksheets/sheet1.xml", &far)), refused);

    let wide = page("<row r=\"1\"><c r=\"XFD1\" t=\"str\"><v>远</v></c></row>");
    let refused = Err(SpreadsheetError::TooLarge(Much::Columns));
    assert_eq!(read(&with("xl/worksheets/sheet1.xml", &wide)), refused);
}

#[test]
fn a_formula_without_a_value_is_not_an_empty_cell() {
    let cells = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>代码</v></c></row>\
        <row r=\"2\"><c r=\"A2\"><f>1+1</f></c></row>\
        <row r=\"3\"><c r=\"A3\" t=\"str\"><f>\"\"</f><v></v></c></row>";
    assert_eq!(
        problems(read(&with("xl/worksheets/sheet1.xml", &page(cells)))),
        ["部门 A2: the formula has no value; open the workbook in Excel and save it"]
    );
}

#[test]
fn a_few_far_cells_do_not_fill_the_memory() {
    let rows: String = (1..=50_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"GR{row}\"><v>1</v></c></row>"))
        .collect();
    let bytes = with("xl/worksheets/sheet1.xml", &page(&rows));
    assert_eq!(read(&bytes), Err(SpreadsheetError::TooLarge(Much::Cells)));
}

#[test]
fn one_long_text_named_often_does_not_fill_the_memory() {
    let space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let long = "长".repeat(4000);
    let texts = format!("<sst xmlns=\"{space}\"><si><t>{long}</t></si></sst>");
    let rows: String = (1..=10_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"))
        .collect();
    let mut parts = parts(&good());
    for (name, content) in &mut parts {
        match name.as_str() {
            "xl/sharedStrings.xml" => *content = texts.clone().into_bytes(),
            "xl/worksheets/sheet1.xml" => *content = page(&rows).into_bytes(),
            _ => {}
        }
    }
    assert_eq!(read(&packed(&parts)), Err(SpreadsheetError::TooLarge(Much::Cells)));
}

#[test]
fn a_long_list_is_read_in_reasonable_time() {
    let bytes = workbook(|page| {
        page.write_row(0, 0, ["代码", "名称", "备注"]).unwrap();
        for row in 1..=50_000u32 {
            page.write(row, 0, format!("{row:06}")).unwrap();
            page.write(row, 1, "一家建设单位").unwrap();
            page.write(row, 2, row).unwrap();
        }
    });
    let started = Instant::now();
    assert_eq!(read(&bytes).unwrap()[0].rows.len(), 50_000);
    assert!(started.elapsed() < Duration::from_secs(20));
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
        let _ = read(&bytes);
        let _ = read(&[b"PK\x03\x04".as_slice(), &bytes].concat());
    }

    #[test]
    fn no_spoilt_workbook_makes_the_reader_panic(
        spoilt in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..20)
    ) {
        let mut bytes = good();
        for (place, byte) in spoilt {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = read(&bytes);
    }

    /// The archive is whole, what lies in it is not.
    #[test]
    fn no_spoilt_part_makes_the_reader_panic(
        part in any::<proptest::sample::Index>(),
        at in any::<proptest::sample::Index>(),
        length in 0..12usize,
        text in "[<>/=\"A-Z0-9 a-z]{0,12}",
    ) {
        let mut parts = parts(&good());
        let place = part.index(parts.len());
        let content = &mut parts[place].1;
        let at = at.index(content.len());
        let end = (at + length).min(content.len());
        content.splice(at..end, text.into_bytes());
        let _ = read(&packed(&parts));
    }
}
