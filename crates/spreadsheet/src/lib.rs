//! Lists that administrators keep in Excel: reading, writing, comparing. Pure, no file system.
//!
//! A list is taken over whole or not at all, so whoever mends it should hear of everything
//! that is wrong at once: [`SpreadsheetError::Problems`] names each fault with the line and
//! the column that Excel shows. Bytes come from strangers; `unpack` says what is refused
//! before anything is read.

mod cell;
mod compare;
mod error;
mod limits;
mod read;
mod sheet;
mod unpack;
mod write;

pub use compare::{CellChange, RowChange, compare};
pub use error::{Fault, Much, Problem, SpreadsheetError};
pub use limits::{
    CELL_LETTERS, CELLS, COLUMNS, FILE_BYTES, PROBLEMS, ROWS, SHEETS, UNPACKED_BYTES,
};
pub use read::read;
pub use sheet::{Sheet, column_letters};
pub use write::write;
