//! What is refused before a workbook is read.
//!
//! A workbook is a zip archive of XML parts. The reader behind this crate trusts what they
//! declare, and a few kilobytes can be made to fill the memory of a node. So every part is
//! unpacked here once, with a limit on what it really holds, and looked at.

use std::io::{Cursor, Read as _};

use zip::{ZipArchive, read::ZipFile, result::ZipError};

use crate::{
    error::{Much, SpreadsheetError},
    limits,
};

/// The first bytes of a zip archive with something in it.
const ZIP: &[u8] = b"PK\x03\x04";
/// The first bytes of the older container: .xls, or .xlsx under a password.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Checks that the bytes are a workbook that can be read without harm.
pub(crate) fn check(bytes: &[u8]) -> Result<(), SpreadsheetError> {
    if bytes.starts_with(COMPOUND) {
        return Err(compound(bytes));
    }
    if !bytes.starts_with(ZIP) {
        return Err(SpreadsheetError::NotASpreadsheet);
    }
    if bytes.len() > limits::FILE_BYTES {
        return Err(SpreadsheetError::TooLarge(Much::Bytes));
    }
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| SpreadsheetError::NotASpreadsheet)?;
    if archive.len() > limits::PARTS {
        return Err(SpreadsheetError::TooLarge(Much::Parts));
    }
    let mut left = limits::UNPACKED_BYTES;
    let mut workbook = false;
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).map_err(refusal)?;
        let name = part.name().map_err(refusal)?.to_lowercase();
        workbook |= name.ends_with("workbook.xml");
        check_name(&name)?;
        let content = unpack(&mut part, left)?;
        left = left.saturating_sub(content.len() as u64);
        check_part(&name, &content)?;
    }
    if workbook { Ok(()) } else { Err(SpreadsheetError::NotASpreadsheet) }
}

/// The older container holds either an encrypted .xlsx or an old .xls; entries are named in
/// UTF-16.
fn compound(bytes: &[u8]) -> SpreadsheetError {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    match bytes.windows(name.len()).any(|window| window == name) {
        true => SpreadsheetError::PasswordProtected,
        false => SpreadsheetError::OtherFormat,
    }
}

fn refusal(error: ZipError) -> SpreadsheetError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            SpreadsheetError::PasswordProtected
        }
        other => SpreadsheetError::Damaged(other.to_string()),
    }
}

/// Names of parts that tell what kind of workbook this is.
fn check_name(name: &str) -> Result<(), SpreadsheetError> {
    if name.ends_with("vbaproject.bin") {
        return Err(SpreadsheetError::Macros);
    }
    if name.ends_with("workbook.bin") || name == "mimetype" {
        return Err(SpreadsheetError::OtherFormat);
    }
    Ok(())
}

/// The part's content; what it declares is checked first and what it holds counts.
fn unpack(part: &mut ZipFile<'_, Cursor<&[u8]>>, left: u64) -> Result<Vec<u8>, SpreadsheetError> {
    if part.size() > left {
        return Err(SpreadsheetError::TooLarge(Much::Bytes));
    }
    let mut content = Vec::new();
    let read = part.take(left + 1).read_to_end(&mut content);
    read.map_err(|error| SpreadsheetError::Damaged(error.to_string()))?;
    if content.len() as u64 > left {
        return Err(SpreadsheetError::TooLarge(Much::Bytes));
    }
    Ok(content)
}

fn check_part(name: &str, content: &[u8]) -> Result<(), SpreadsheetError> {
    if !(name.ends_with(".xml") || name.ends_with(".rels")) {
        return Ok(());
    }
    let most = match name.rsplit('/').next() {
        Some("sharedstrings.xml") => limits::SHARED_TEXT_BYTES,
        Some("styles.xml") => limits::STYLE_BYTES,
        _ => usize::MAX,
    };
    if content.len() > most {
        return Err(SpreadsheetError::TooLarge(Much::Bytes));
    }
    // No XML holds these. It also rules out UTF-16 and escape sequences, so that what is
    // looked for below cannot hide.
    if content.iter().any(|byte| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) {
        return Err(SpreadsheetError::Damaged(format!("control characters in {name}")));
    }
    if name == "[content_types].xml" && contains(content, b"macroEnabled") {
        return Err(SpreadsheetError::Macros);
    }
    check_declared_count(content)
}

/// The reader reserves memory for as many texts as `uniqueCount` promises.
fn check_declared_count(content: &[u8]) -> Result<(), SpreadsheetError> {
    const NAME: &[u8] = b"uniqueCount";
    let mut rest = content;
    while let Some(at) = find(rest, NAME) {
        rest = &rest[at + NAME.len()..];
        let value = rest.iter().skip_while(|byte| b" \t\r\n=\"'+0".contains(byte));
        let digits = value.take_while(|byte| byte.is_ascii_digit()).take(20);
        let promised =
            digits.fold(0u64, |sum, digit| sum.saturating_mul(10) + u64::from(digit - b'0'));
        if promised > limits::CELLS as u64 {
            return Err(SpreadsheetError::TooLarge(Much::Cells));
        }
    }
    Ok(())
}

fn contains(content: &[u8], wanted: &[u8]) -> bool {
    find(content, wanted).is_some()
}

fn find(content: &[u8], wanted: &[u8]) -> Option<usize> {
    content.windows(wanted.len()).position(|window| window == wanted)
}
