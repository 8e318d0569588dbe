//! Lists and workbooks for the stories.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on should panic")]
#![allow(dead_code, clippy::allow_attributes, reason = "each story uses what it needs")]

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{Workbook, Worksheet};
use tongban_spreadsheet::{Problem, Sheet, SpreadsheetError};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

pub(crate) fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// A sheet called 部门 with this head and these rows.
pub(crate) fn list(head: &[&str], rows: &[&[&str]]) -> Sheet {
    let rows = rows.iter().map(|row| texts(row)).collect();
    Sheet { name: "部门".to_owned(), head: texts(head), rows }
}

/// The bytes of a workbook with one sheet called 部门, as Excel would save it.
pub(crate) fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let page = workbook.add_worksheet();
    page.set_name("部门").unwrap();
    fill(page);
    workbook.save_to_buffer().unwrap()
}

/// Problems as the sentences that they print.
pub(crate) fn problems<T: std::fmt::Debug>(result: Result<T, SpreadsheetError>) -> Vec<String> {
    match result {
        Err(SpreadsheetError::Problems(found)) => found.iter().map(Problem::to_string).collect(),
        other => panic!("expected problems, got {other:?}"),
    }
}

/// The parts of a workbook, names and contents.
pub(crate) fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let places = 0..archive.len();
    let part = |place| {
        let mut part = archive.by_index(place).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        (part.name().unwrap().into_owned(), content)
    };
    places.map(part).collect()
}

/// A workbook out of parts.
pub(crate) fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
