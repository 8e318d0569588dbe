//! Lists as the bytes of a workbook.

use std::collections::BTreeSet;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, IgnoreError, Workbook, Worksheet, XlsxError,
};

use crate::{
    Sheet,
    error::{Fault, Much, Problems, SpreadsheetError},
    limits,
};

/// The longest name that fits on a tab.
const NAME_LETTERS: usize = 31;
/// Widths of columns, in Latin letters.
const NARROWEST: usize = 8;
const WIDEST: usize = 60;

/// A workbook with these lists: the head bold, frozen and with filters, every cell text.
///
/// Equal lists give equal bytes. No cell is ever a formula, whatever it begins with; columns
/// keep as text what is typed into them later, so codes do not lose their leading zeros.
///
/// # Errors
/// When a list is larger than may be read again; or every problem: names that cannot stand on a
/// tab, blank and duplicate headings, rows of another width than the head, texts too long.
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, SpreadsheetError> {
    check(sheets)?;
    let mut workbook = Workbook::new();
    // The library would write the time of day into the file.
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(refusal)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet).map_err(refusal)?;
    }
    workbook.save_to_buffer().map_err(refusal)
}

/// What passed `check` is not refused by the library; if it is, the reason is for the log.
fn refusal(error: XlsxError) -> SpreadsheetError {
    SpreadsheetError::Damaged(error.to_string())
}

fn check(sheets: &[Sheet]) -> Result<(), SpreadsheetError> {
    let too_large = |much| Err(SpreadsheetError::TooLarge(much));
    if sheets.is_empty() {
        return Err(SpreadsheetError::NoList);
    }
    if sheets.len() > limits::SHEETS {
        return too_large(Much::Sheets);
    }
    let mut problems = Problems::default();
    let mut names = BTreeSet::new();
    let mut cells = 0;
    for sheet in sheets {
        cells += sheet.head.len() * (sheet.rows.len() + 1);
        if sheet.head.len() > limits::COLUMNS {
            return too_large(Much::Columns);
        }
        if sheet.rows.len() > limits::ROWS {
            return too_large(Much::Rows);
        }
        if cells > limits::CELLS {
            return too_large(Much::Cells);
        }
        if !fits_on_a_tab(&sheet.name) || !names.insert(sheet.name.to_lowercase()) {
            problems.add(&sheet.name, 1, 0, Fault::SheetName);
        }
        check_cells(sheet, &mut problems);
    }
    problems.none_or_fail()
}

/// Excel's rules for names of sheets.
fn fits_on_a_tab(name: &str) -> bool {
    let forbidden =
        |letter: char| letter.is_control() || "[]:*?/\\\u{fffe}\u{ffff}".contains(letter);
    !name.trim().is_empty()
        && name.encode_utf16().count() <= NAME_LETTERS
        && !name.contains(forbidden)
        && !name.starts_with('\'')
        && !name.ends_with('\'')
        && !name.eq_ignore_ascii_case("history")
}

fn check_cells(sheet: &Sheet, problems: &mut Problems) {
    if sheet.head.is_empty() {
        problems.add(&sheet.name, 1, 0, Fault::BlankHeading);
    }
    problems.check_head(&sheet.name, &sheet.head);
    let rows = sheet.rows.iter().enumerate().map(|(place, row)| (Sheet::line(place), row));
    for (line, row) in std::iter::once((1, &sheet.head)).chain(rows) {
        if row.len() != sheet.head.len() {
            problems.add(&sheet.name, line, 0, Fault::Ragged(row.len()));
        }
        for (column, text) in row.iter().enumerate() {
            let letters = text.chars().count();
            if letters > limits::CELL_LETTERS {
                problems.add(&sheet.name, line, column, Fault::TooLong(letters));
            }
        }
    }
}

fn fill(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    let bold = text.clone().set_bold();
    page.set_name(&sheet.name)?;
    for ((width, heading), column) in widths(sheet).into_iter().zip(&sheet.head).zip(0u16..) {
        page.set_column_width(column, width)?;
        page.set_column_format(column, &text)?;
        page.write_string_with_format(0, column, heading, &bold)?;
    }
    for (row, line) in sheet.rows.iter().zip(1u32..) {
        for (cell, column) in row.iter().zip(0u16..) {
            page.write_string_with_format(line, column, cell, &text)?;
        }
    }
    let last_row = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(sheet.head.len().saturating_sub(1)).unwrap_or(u16::MAX);
    page.set_freeze_panes(1, 0)?;
    page.autofilter(0, 0, last_row, last_column)?;
    // No green corner on every code: digits are meant to be text here.
    let digits = IgnoreError::NumberStoredAsText;
    page.ignore_error_range(0, 0, last_row, last_column, digits)?;
    Ok(())
}

/// Widths that show what the columns hold, between the narrowest and the widest.
fn widths(sheet: &Sheet) -> Vec<u16> {
    let widest = |column: usize| {
        let cells = sheet.rows.iter().map(|row| Sheet::cell(row, column));
        // The button of the filter covers the end of a heading.
        let heading = sheet.head.get(column).map_or(0, |heading| width(heading) + 3);
        let widest = cells.map(width).max().unwrap_or(0).max(heading);
        u16::try_from(widest.clamp(NARROWEST, WIDEST) + 1).unwrap_or(u16::MAX)
    };
    (0..sheet.head.len()).map(widest).collect()
}

/// How wide the widest line of a text is, in Latin letters; Chinese ones count two.
fn width(text: &str) -> usize {
    let letters =
        |line: &str| line.chars().map(|letter| 1 + usize::from(letter >= '\u{1100}')).sum();
    text.lines().map(letters).max().unwrap_or(0)
}
