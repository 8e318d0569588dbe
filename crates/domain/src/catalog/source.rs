//! The files of a pack, and what is wrong with them, by file and line.

use std::fmt;

use sm3::Digest as _;

use super::PackDigest;

/// One file of a pack as it was read; nothing below this reads a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path inside the pack, with `/`, such as `items/1-land.toml`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    /// The line, counted from 1, in which a byte stands.
    #[must_use]
    pub fn line_of(&self, byte: usize) -> usize {
        1 + self.text.bytes().take(byte).filter(|b| *b == b'\n').count()
    }
}

/// A fault of a pack. The pack is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Path inside the pack.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// SM3 over path and text of all files in path order, each preceded by its length.
#[must_use]
pub fn pack_digest(files: &[SourceFile]) -> PackDigest {
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash = sm3::Sm3::new();
    for file in sorted {
        for part in [&file.path, &file.text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize().into()
}
