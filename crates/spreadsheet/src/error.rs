//! What can be wrong with a workbook, in words that can be told to whoever made it.

use crate::{limits, sheet::column_letters};

/// Why a workbook was not read, written or compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpreadsheetError {
    /// The bytes are no workbook at all.
    #[error("this is not an Excel workbook (.xlsx)")]
    NotASpreadsheet,
    /// A workbook in a format before or beside .xlsx: .xls, .xlsb, .ods.
    #[error("this is a workbook in another format; save it as .xlsx")]
    OtherFormat,
    /// The workbook asks for a password.
    #[error("the workbook is protected by a password")]
    PasswordProtected,
    /// The workbook carries macros.
    #[error("the workbook contains macros; save it as .xlsx")]
    Macros,
    /// Something is larger than a list may be, or pretends to be.
    #[error("the workbook has too many {0}")]
    TooLarge(Much),
    /// The workbook cannot be read; the text is for the log.
    #[error("the workbook is damaged: {0}")]
    Damaged(String),
    /// No visible sheet has a cell with text.
    #[error("the workbook has no sheet with a list")]
    NoList,
    /// The column that tells rows apart is missing.
    #[error("the sheet {sheet} has no column {key}")]
    NoKeyColumn {
        /// The sheet without the column.
        sheet: String,
        /// The heading that was looked for.
        key: String,
    },
    /// Faults at known places; never empty, and at most [`crate::PROBLEMS`].
    #[error("the workbook has {} problems, the first: {}", .0.len(), first(.0))]
    Problems(Vec<Problem>),
}

/// What there is too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Much {
    /// More than [`crate::FILE_BYTES`], [`crate::UNPACKED_BYTES`], or one part too large.
    #[error("bytes")]
    Bytes,
    /// More parts in the archive than any workbook needs.
    #[error("parts")]
    Parts,
    /// More than [`crate::SHEETS`].
    #[error("sheets")]
    Sheets,
    /// More than [`crate::ROWS`] in a sheet.
    #[error("rows")]
    Rows,
    /// More than [`crate::COLUMNS`] in a sheet.
    #[error("columns")]
    Columns,
    /// More than [`crate::CELLS`], or more text in them than fits.
    #[error("cells")]
    Cells,
}

/// A fault at a place, as Excel shows places.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sheet} {column}{line}: {fault}")]
pub struct Problem {
    /// The sheet's name.
    pub sheet: String,
    /// The line, from 1.
    pub line: usize,
    /// The letters above the column.
    pub column: String,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A column with text in it has no heading on line 1.
    #[error("the column has no heading on line 1")]
    BlankHeading,
    /// A heading stands twice on line 1.
    #[error("the heading {heading} stands in column {first} already")]
    DuplicateHeading {
        /// The heading.
        heading: String,
        /// The letters of the column that has it first.
        first: String,
    },
    /// The cell is merged with others, so what belongs to which row is unclear.
    #[error("the cell is merged with others")]
    Merged,
    /// The cell shows an error such as #N/A; the text is the error.
    #[error("the cell shows {0}")]
    ErrorValue(String),
    /// A formula that no program has calculated yet, so it has no value to take over.
    #[error("the formula has no value; open the workbook in Excel and save it")]
    NotCalculated,
    /// A number with more digits than Excel keeps: the last ones are lost already.
    #[error("the number is too long for Excel, its last digits are lost; enter it as text")]
    DigitsLost,
    /// More than [`crate::CELL_LETTERS`] characters.
    #[error("the cell holds {0} characters, at most {most} are allowed", most = limits::CELL_LETTERS)]
    TooLong(usize),
    /// A row is not as wide as the head; only possible when writing.
    #[error("the row has {0} cells, not as many as there are headings")]
    Ragged(usize),
    /// The name cannot stand on a tab, or stands there twice; only possible when writing.
    #[error("the sheet cannot have this name")]
    SheetName,
    /// A column that the list does not have.
    #[error("the list has no column {0}")]
    UnknownColumn(String),
    /// The cell that tells the row apart is empty.
    #[error("the key is missing")]
    EmptyKey,
    /// Two rows with the same key.
    #[error("the key {key} stands on line {first} already")]
    DuplicateKey {
        /// The key.
        key: String,
        /// The line that has it first.
        first: usize,
    },
}

fn first(problems: &[Problem]) -> String {
    problems.first().map(ToString::to_string).unwrap_or_default()
}

/// Gathers what is wrong, so that everything is told at once.
#[derive(Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    /// Notes a fault; line from 1, column from 0.
    pub(crate) fn add(&mut self, sheet: &str, line: usize, column: usize, fault: Fault) {
        if self.0.len() < limits::PROBLEMS {
            let column = column_letters(column);
            self.0.push(Problem { sheet: sheet.to_owned(), line, column, fault });
        }
    }

    /// Fails when anything was noted.
    pub(crate) fn none_or_fail(self) -> Result<(), SpreadsheetError> {
        if self.0.is_empty() { Ok(()) } else { Err(SpreadsheetError::Problems(self.0)) }
    }

    /// Notes blank headings and headings that stand twice.
    pub(crate) fn check_head(&mut self, sheet: &str, head: &[String]) {
        for (column, heading) in head.iter().enumerate() {
            let before = head.iter().take(column).position(|other| other == heading);
            if heading.trim().is_empty() {
                self.add(sheet, 1, column, Fault::BlankHeading);
            } else if let Some(first) = before {
                let (heading, first) = (heading.clone(), column_letters(first));
                self.add(sheet, 1, column, Fault::DuplicateHeading { heading, first });
            }
        }
    }
}
