//! How much a workbook may hold. Far above any list of ours, far below what hurts a node.

/// Bytes of the file as it was uploaded.
pub const FILE_BYTES: usize = 16 << 20;
/// Bytes of all parts of the file together when they are unpacked.
pub const UNPACKED_BYTES: u64 = 64 << 20;
/// Sheets in a workbook, hidden ones included.
pub const SHEETS: usize = 50;
/// Rows of a sheet below its head, blank ones in between included.
pub const ROWS: usize = 50_000;
/// Columns of a sheet.
pub const COLUMNS: usize = 200;
/// Characters in one cell.
pub const CELL_LETTERS: usize = 4_000;
/// Cells of all sheets together, blank ones included: one text in the last column of every
/// row would otherwise grow a small file into gigabytes.
pub const CELLS: usize = 2_000_000;
/// Problems that are told at once; nobody reads more.
pub const PROBLEMS: usize = 1_000;

/// Bytes of text in all cells together: a workbook stores a text once and names it often.
pub(crate) const TEXT_BYTES: usize = 64 << 20;
/// Parts (files) inside the workbook's archive.
pub(crate) const PARTS: usize = 2_000;
/// Bytes of the part that holds the texts. Its shortest entry has five bytes and takes
/// twenty-four in memory.
pub(crate) const SHARED_TEXT_BYTES: usize = 32 << 20;
/// Bytes of the part that holds the styles, for the same reason, only worse.
pub(crate) const STYLE_BYTES: usize = 4 << 20;
