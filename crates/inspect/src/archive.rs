//! Archives: their table of contents, without unpacking anything.

use std::io::Cursor;

use zip::{CompressionMethod, ZipArchive};

use crate::Danger;

/// Most files in an archive.
const ENTRIES: usize = 5_000;
/// Most bytes an archive may say that it unpacks to.
const UNPACKED: u64 = 2 << 30;
/// Most times its own size that it may unpack to, beyond a first megabyte.
const RATIO: u64 = 200;

const ARCHIVES: [&str; 9] = ["zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "iso"];
const PROGRAMS: [&str; 14] = [
    "exe", "dll", "scr", "com", "bat", "cmd", "msi", "ps1", "vbs", "js", "jse", "wsf", "hta", "lnk",
];

/// What has to be in it.
#[derive(Clone, Copy)]
pub(crate) enum Holds {
    /// Anything that people send.
    Files,
    /// This part: the archive is a document.
    Part(&'static str),
}

pub(crate) fn inspect(content: &[u8], holds: Holds) -> Result<(), Danger> {
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|_| Danger::DamagedArchive)?;
    if archive.len() > ENTRIES {
        return Err(Danger::TooManyEntries(ENTRIES));
    }
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    let mut has_part = false;
    for place in 0..archive.len() {
        let entry = archive.by_index_raw(place).map_err(|_| Danger::DamagedArchive)?;
        let name = entry.name().map_err(|_| Danger::DamagedArchive)?.into_owned();
        check_name(&name)?;
        if entry.encrypted() {
            return Err(Danger::EncryptedArchive);
        }
        let known = [CompressionMethod::Stored, CompressionMethod::Deflated];
        if !known.contains(&entry.compression()) {
            return Err(Danger::DamagedArchive);
        }
        // A link can lead anywhere when it is unpacked.
        if entry.is_symlink() {
            return Err(Danger::BadName(name));
        }
        packed = packed.saturating_add(entry.compressed_size());
        unpacked = unpacked.saturating_add(entry.size());
        let end = name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
        match holds {
            Holds::Files if ARCHIVES.contains(&end.as_str()) => return Err(Danger::Nested(name)),
            Holds::Files if PROGRAMS.contains(&end.as_str()) => return Err(Danger::Program(name)),
            Holds::Part(_) if name.to_ascii_lowercase().ends_with("vbaproject.bin") => {
                return Err(Danger::Macros);
            }
            Holds::Part(part) => has_part |= name.trim_start_matches('/') == part,
            Holds::Files => {}
        }
    }
    // Entries that lie over each other say together more than there is.
    if packed > content.len() as u64 {
        return Err(Danger::DamagedArchive);
    }
    let most = UNPACKED.min((content.len() as u64).saturating_mul(RATIO).saturating_add(1 << 20));
    if unpacked > most {
        return Err(Danger::TooMuchInside(UNPACKED >> 20));
    }
    match holds {
        Holds::Part(_) if !has_part => Err(Danger::OtherContent),
        Holds::Part(_) | Holds::Files => Ok(()),
    }
}

fn check_name(name: &str) -> Result<(), Danger> {
    let tricky = |letter: char| {
        letter.is_control()
            || letter == '\\'
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let leads_out = name.split('/').any(|part| part == "..")
        || name.starts_with("//")
        || name.as_bytes().get(1) == Some(&b':');
    let is_bad = name.is_empty() || name.len() > 1024 || leads_out || name.contains(tricky);
    if is_bad { Err(Danger::BadName(name.to_owned())) } else { Ok(()) }
}
