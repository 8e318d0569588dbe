//! A workbook's lists out of its bytes.

use std::{
    collections::BTreeMap,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use crate::{
    Sheet, cell,
    error::{Fault, Much, Problems, SpreadsheetError},
    limits, unpack,
};

/// Cells with text, by row and column from 0.
type Found = BTreeMap<(u32, u32), String>;
type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The lists of an .xlsx workbook, in the order of its tabs.
///
/// Hidden and empty sheets are left out, as are empty rows and columns at the end. Of a formula
/// the value counts that Excel stored with it. The head must stand on line 1.
///
/// # Errors
/// When the bytes are no such workbook or too large; or every problem in the cells: merged
/// cells, blank and duplicate headings, error values, formulas without a value, lost digits,
/// texts that are too long.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, SpreadsheetError> {
    unpack::check(bytes)?;
    // The library is given hostile bytes; should it panic on some, they are damaged to us.
    catch_unwind(AssertUnwindSafe(|| read_workbook(bytes)))
        .unwrap_or_else(|_| Err(SpreadsheetError::Damaged("unreadable".to_owned())))
}

fn read_workbook(bytes: &[u8]) -> Result<Vec<Sheet>, SpreadsheetError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(refusal)?;
    let tabs = workbook.sheets_metadata().to_vec();
    if tabs.len() > limits::SHEETS {
        return Err(SpreadsheetError::TooLarge(Much::Sheets));
    }
    let mut problems = Problems::default();
    let mut room = Room { cells: limits::CELLS, text: limits::TEXT_BYTES };
    let mut sheets = Vec::new();
    for tab in tabs {
        if tab.typ == SheetType::WorkSheet && tab.visible == SheetVisible::Visible {
            let found = cells(&mut workbook, &tab.name, &mut room, &mut problems)?;
            if !found.is_empty() {
                check_merged(&mut workbook, &tab.name, &mut problems)?;
                sheets.push(sheet(tab.name, found, &mut room, &mut problems)?);
            }
        }
    }
    problems.none_or_fail()?;
    if sheets.is_empty() { Err(SpreadsheetError::NoList) } else { Ok(sheets) }
}

/// How much may still be read from this workbook.
struct Room {
    cells: usize,
    text: usize,
}

impl Room {
    fn take(&mut self, cells: usize, text: usize) -> Result<(), SpreadsheetError> {
        let left = self.cells.checked_sub(cells).zip(self.text.checked_sub(text));
        let (cells, text) = left.ok_or(SpreadsheetError::TooLarge(Much::Cells))?;
        *self = Self { cells, text };
        Ok(())
    }
}

fn refusal(error: XlsxError) -> SpreadsheetError {
    match error {
        XlsxError::Password => SpreadsheetError::PasswordProtected,
        other => SpreadsheetError::Damaged(other.to_string()),
    }
}

/// The cells with text. Read one by one: asked for a whole range, the library would make room
/// for every cell between the first and the last, and the last may be anywhere.
fn cells(
    workbook: &mut Workbook<'_>,
    name: &str,
    room: &mut Room,
    problems: &mut Problems,
) -> Result<Found, SpreadsheetError> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(refusal)?;
    let mut found = Found::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(refusal)? {
        let (row, column) = cell.pos;
        let calculated = cell.formula.is_none() || cell.value != DataRef::Empty;
        let text = if calculated { cell::text(&cell.value) } else { Err(Fault::NotCalculated) };
        let text = match text {
            Ok(text) if text.is_empty() => continue,
            Ok(text) => text,
            Err(fault) => {
                problems.add(name, row as usize + 1, column as usize, fault);
                continue;
            }
        };
        if row as usize > limits::ROWS {
            return Err(SpreadsheetError::TooLarge(Much::Rows));
        }
        if column as usize >= limits::COLUMNS {
            return Err(SpreadsheetError::TooLarge(Much::Columns));
        }
        room.take(0, text.len())?;
        found.insert((row, column), text);
    }
    Ok(found)
}

/// A merged cell says something in its first corner only; the other rows or columns would be
/// taken over empty.
fn check_merged(
    workbook: &mut Workbook<'_>,
    name: &str,
    problems: &mut Problems,
) -> Result<(), SpreadsheetError> {
    for merged in workbook.merge_cells_by_sheet_name(name).map_err(refusal)? {
        let (row, column) = merged.start;
        problems.add(name, row as usize + 1, column as usize, Fault::Merged);
    }
    Ok(())
}

fn sheet(
    name: String,
    mut found: Found,
    room: &mut Room,
    problems: &mut Problems,
) -> Result<Sheet, SpreadsheetError> {
    let height = found.keys().map(|(row, _)| *row + 1).max().unwrap_or(0);
    let width = found.keys().map(|(_, column)| *column + 1).max().unwrap_or(0);
    room.take(height as usize * width as usize, 0)?;
    let mut lines = (0..height).map(|row| {
        let cells = (0..width).map(|column| found.remove(&(row, column)).unwrap_or_default());
        cells.collect::<Vec<String>>()
    });
    let head = lines.next().unwrap_or_default();
    let rows = lines.collect();
    problems.check_head(&name, &head);
    Ok(Sheet { name, head, rows })
}
