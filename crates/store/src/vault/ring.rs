//! The keys of the vault as files that only the node may read: `persons/1.key`, `persons/2.key` …
//! The last one encrypts; those before it still open what they closed.

use std::{collections::BTreeMap, fs, path::Path};

use super::secret::{KEY, Secret};
use crate::{error::StoreError, keys};

/// The folder of the keys in the data directory.
const FOLDER: &str = "persons";

/// All keys by number.
#[derive(Clone, Default)]
pub(crate) struct Ring {
    keys: BTreeMap<u16, Secret>,
}

impl Ring {
    /// Reads the keys beside a node; there may be none.
    pub(crate) fn read(data: &Path) -> Result<Self, StoreError> {
        let folder = data.join(FOLDER);
        let mut keys = BTreeMap::new();
        for number in numbers(&folder)? {
            keys.insert(number, read(&folder, number)?);
        }
        Ok(Self { keys })
    }

    /// Draws a key with the next number and keeps it.
    pub(crate) fn add(&mut self, data: &Path) -> Result<u16, StoreError> {
        let folder = data.join(FOLDER);
        fs::create_dir_all(&folder)?;
        let number = self.last().map_or(1, |(number, _)| number.saturating_add(1));
        self.keys.insert(number, read(&folder, number)?);
        Ok(number)
    }

    /// The key that encrypts.
    pub(crate) fn last(&self) -> Option<(u16, &Secret)> {
        self.keys.last_key_value().map(|(number, secret)| (*number, secret))
    }

    /// A key by its number.
    pub(crate) fn get(&self, number: u16) -> Option<&Secret> {
        self.keys.get(&number)
    }

    /// All keys, the oldest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u16, &Secret)> {
        self.keys.iter().map(|(number, secret)| (*number, secret))
    }
}

/// Reads a key, or makes it when there is none.
fn read(folder: &Path, number: u16) -> Result<Secret, StoreError> {
    keys::read_or_make(folder, &format!("{number}.key"), |bytes: &[u8; KEY]| {
        let unusable = || tongban_journal::SigningFailed("no key of SM4".to_owned());
        Secret::from_bytes(bytes).ok_or_else(unusable)
    })
}

/// The numbers of the keys in a folder.
fn numbers(folder: &Path) -> Result<Vec<u16>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".key"));
        numbers.extend(number.and_then(|number| number.parse::<u16>().ok()));
    }
    Ok(numbers)
}

/// Draws the next key beside a node, which may be running: it finds it and goes over to it.
///
/// # Errors
/// When the keys cannot be read, or the new one cannot be kept.
pub fn add_person_key(data: &Path) -> Result<u16, StoreError> {
    Ring::read(data)?.add(data)
}

/// Takes a key out of the folder. What is still encrypted under it can never be read again.
pub(crate) fn remove(data: &Path, number: u16) -> Result<(), StoreError> {
    let folder = data.join(FOLDER);
    fs::remove_file(folder.join(format!("{number}.key")))?;
    Ok(fs::File::open(folder)?.sync_all()?)
}

/// Whether a key was made longer ago than that.
pub(crate) fn is_older(data: &Path, number: u16, than: std::time::Duration) -> bool {
    let file = data.join(FOLDER).join(format!("{number}.key"));
    let age = fs::metadata(file).and_then(|it| it.modified()).map(|it| it.elapsed());
    matches!(age, Ok(Ok(age)) if age > than)
}

/// The keys of one node beside another.
pub(crate) fn copy_keys(from: &Path, to: &Path) -> Result<(), StoreError> {
    let (from, to) = (from.join(FOLDER), to.join(FOLDER));
    fs::create_dir_all(&to)?;
    for number in numbers(&from)? {
        let name = format!("{number}.key");
        let bytes = fs::read(from.join(&name))?;
        let taken: &[u8; KEY] = bytes.as_slice().try_into().map_err(|_| {
            StoreError::Damaged(format!("the key file {}", from.join(&name).display()))
        })?;
        keys::put(&to, &name, taken)?;
    }
    Ok(())
}
