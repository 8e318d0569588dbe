//! Large files that come in parts (断点续传), so that a connection that breaks costs one part and not the
//! whole. What is not finished lies in a folder of its own, for a day, and counts as nothing.

use std::{
    fs::{self, File, OpenOptions},
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use tongban_domain::ids::AccountId;

use crate::{error::StoreError, node::Store};

/// How long an upload may rest.
const RESTS: Duration = Duration::from_secs(24 * 3600);
/// Most unfinished uploads of one account.
const MOST: usize = 20;
/// Most bytes of one.
const LARGEST: u64 = 512 << 20;

/// An upload that is under way: sixteen bytes that nobody guesses, and how large it will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartialUpload {
    id: [u8; 16],
    /// Size of the whole, in bytes.
    pub size: u64,
}

impl std::fmt::Display for PartialUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for byte in self.id {
            write!(f, "{byte:02x}")?;
        }
        write!(f, ".{}", self.size)
    }
}

impl std::str::FromStr for PartialUpload {
    type Err = ();

    /// Reads `{:032x}.{size}`; nothing else ever becomes part of a path.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (id, size) = text.split_once('.').ok_or(())?;
        let plain = id.len() == 32 && id.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
        let id = u128::from_str_radix(id, 16).ok().filter(|_| plain).ok_or(())?;
        let size: u64 = size.parse().map_err(drop)?;
        let read = Self { id: id.to_be_bytes(), size };
        // One way of writing each.
        if read.to_string() == text { Ok(read) } else { Err(()) }
    }
}

/// Where a part belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKept {
    /// So many bytes are there now.
    Now(u64),
    /// It does not go on where the last one ended: so many bytes are there.
    Elsewhere(u64),
    /// There is no such upload of this account.
    Unknown,
}

impl Store {
    fn parts_of(&self, account: AccountId) -> PathBuf {
        self.data().join("parts").join(account.to_string())
    }

    /// Begins an upload of a file of so many bytes; none when it is too large, or when too many of
    /// the account are unfinished. Those that rested for a day are removed.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn begin_parts(
        &self,
        account: AccountId,
        size: u64,
    ) -> Result<Option<PartialUpload>, StoreError> {
        let folder = self.parts_of(account);
        fs::create_dir_all(&folder)?;
        let mut resting = 0;
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            match is_old(&path) {
                // Somebody else may have removed it already.
                true => drop(fs::remove_file(&path)),
                false => resting += 1,
            }
        }
        if size == 0 || size > LARGEST || resting >= MOST {
            return Ok(None);
        }
        let upload = PartialUpload { id: self.new_id(), size };
        File::create_new(folder.join(upload.to_string()))?;
        Ok(Some(upload))
    }

    /// How many bytes of an upload are there; none when it is unknown.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn parts_there(
        &self,
        account: AccountId,
        upload: PartialUpload,
    ) -> Result<Option<u64>, StoreError> {
        match fs::metadata(self.parts_of(account).join(upload.to_string())) {
            Ok(known) => Ok(Some(known.len())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Adds a part that begins at a byte. The same part twice is there once.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn add_part(
        &self,
        account: AccountId,
        upload: PartialUpload,
        at: u64,
        part: &[u8],
    ) -> Result<PartKept, StoreError> {
        let Some(there) = self.parts_there(account, upload)? else { return Ok(PartKept::Unknown) };
        let end = at.saturating_add(part.len() as u64);
        if at != there || end > upload.size {
            return Ok(PartKept::Elsewhere(there));
        }
        let path = self.parts_of(account).join(upload.to_string());
        let file = OpenOptions::new().write(true).open(path)?;
        // At its place, not at the end: whoever sends it twice at once writes the same.
        file.write_all_at(part, at)?;
        file.sync_data()?;
        Ok(PartKept::Now(end))
    }

    /// The whole of an upload, when all of it is there.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn whole_of_parts(
        &self,
        account: AccountId,
        upload: PartialUpload,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        match self.parts_there(account, upload)? {
            Some(there) if there == upload.size => {
                Ok(Some(fs::read(self.parts_of(account).join(upload.to_string()))?))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Forgets an upload, kept or given up.
    pub fn forget_parts(&self, account: AccountId, upload: PartialUpload) {
        // Left behind it goes after a day.
        let _ = fs::remove_file(self.parts_of(account).join(upload.to_string()));
    }
}

fn is_old(path: &Path) -> bool {
    let changed = fs::metadata(path).and_then(|known| known.modified());
    changed.is_ok_and(|changed| changed.elapsed().is_ok_and(|rested| rested > RESTS))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_and_nothing_else(id: [u8; 16], size: u64, other in "[0-9a-f./]{0,60}") {
            let upload = PartialUpload { id, size };
            prop_assert_eq!(upload.to_string().parse(), Ok(upload));
            if let Ok(read) = other.parse::<PartialUpload>() {
                prop_assert_eq!(read.to_string(), other);
            }
        }
    }

    #[test]
    fn no_path_is_read_as_an_upload() {
        for text in ["", ".", "../../journal.key", "00.1", &format!("{}.+1", "0".repeat(32))] {
            assert_eq!(text.parse::<PartialUpload>(), Err(()), "{text}");
        }
    }
}
