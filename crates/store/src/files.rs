//! Uploaded files: stored by content (SM3 and size), flushed before the row that names them.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use sm3::Digest as _;
use tongban_domain::{
    ids::{DraftId, FileId, ProjectId},
    paper::FileReference,
    time::Instant,
};
use tongban_inspect::{Danger, Kind, inspect};

use crate::{
    change::Change,
    engine::{Value, query},
    error::StoreError,
    node::Store,
    scanner::Scanned,
    vault::{Column, Vault},
};

/// A file as its row describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Id.
    pub id: FileId,
    /// Name it was uploaded under.
    pub name: String,
    /// Media type, by content.
    pub media: String,
    /// Size in bytes.
    pub size: u64,
    /// SM3 of the content.
    pub sm3: [u8; 32],
    /// The project it belongs to; who may see that may see the file.
    pub project: ProjectId,
}

impl StoredFile {
    /// As facts name it.
    #[must_use]
    pub fn reference(&self) -> FileReference {
        FileReference { file: self.id, size: self.size, sm3: self.sm3 }
    }
}

/// Why a file was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than the paper allows, in MiB.
    #[error("the file is larger than {0} MiB")]
    TooLarge(u32),
    /// Not a kind the paper allows.
    #[error("this kind of file is not taken here; allowed: {0}")]
    KindNotAllowed(String),
    /// The content is not what the name says.
    #[error("the name ends in .{named}, but the content is not such a file")]
    Lying {
        /// The extension.
        named: String,
    },
    /// It could do harm to those who open it.
    #[error(transparent)]
    Unsafe(#[from] Danger),
    /// The scanner found something harmful in it.
    #[error("the scanner found {0}")]
    Harmful(String),
    /// The scanner cannot be asked; without it nothing is taken.
    #[error("the scanner cannot be asked: nothing is taken until it answers")]
    Unscanned,
    /// The project holds as much as it may.
    #[error("the project may hold {} files of {} bytes together", .0.files, .0.bytes)]
    ProjectFull(Quota),
}

/// How much a project may hold: more than the largest ever handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Files.
    pub files: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

impl Default for Quota {
    fn default() -> Self {
        Self { files: 10_000, bytes: 50 << 30 }
    }
}

/// Checks size, extension and content against what a paper takes; gives the media type.
///
/// # Errors
/// [`FileError`] with what is wrong.
pub(crate) fn check(
    name: &str,
    content: &[u8],
    accept: &[String],
    max_mb: u32,
) -> Result<&'static str, FileError> {
    if content.is_empty() {
        return Err(FileError::Empty);
    }
    if content.len() > max_mb as usize * 1024 * 1024 {
        return Err(FileError::TooLarge(max_mb));
    }
    let extension = name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
    let extension = if extension == "jpeg" { "jpg".to_owned() } else { extension };
    if !accept.contains(&extension) {
        return Err(FileError::KindNotAllowed(accept.join("、")));
    }
    let kind = Kind::of_extension(&extension);
    let kind = kind.ok_or_else(|| FileError::KindNotAllowed(accept.join("、")))?;
    match inspect(kind, content) {
        Ok(()) => Ok(kind.media()),
        Err(Danger::OtherContent) => Err(FileError::Lying { named: extension }),
        Err(danger) => Err(FileError::Unsafe(danger)),
    }
}

/// Keeps the row of a file whose content is there.
pub(crate) fn keep(
    vault: &Vault,
    change: &mut Change,
    file: &StoredFile,
    draft: Option<DraftId>,
    at: Instant,
) -> Result<(), StoreError> {
    const KEEP: &str = "INSERT INTO files (id, name, media, size, sm3, draft, project, \
                        uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    change.add(
        KEEP,
        vec![
            file.id.as_bytes().into(),
            vault.seal(Column::FileName, file.id.as_bytes(), &file.name)?,
            file.media.clone().into(),
            (file.size as i64).into(),
            Value::Blob(file.sm3.to_vec()),
            draft.as_ref().map(|id| id.as_bytes()).into(),
            file.project.as_bytes().into(),
            at.0.into(),
        ],
    );
    Ok(())
}

impl Store {
    /// Takes a file into a draft (or straight into the project when there is none).
    ///
    /// # Errors
    /// The outer error when disk or database fail, the inner when the file is not taken.
    pub fn keep_file(
        &self,
        project: ProjectId,
        draft: Option<DraftId>,
        name: &str,
        content: &[u8],
        accept: &[String],
        max_mb: u32,
    ) -> Result<Result<StoredFile, FileError>, StoreError> {
        let quota = Quota::default();
        self.keep_file_within(&quota, project, draft, name, content, accept, max_mb)
    }

    /// The same within a share of one's own.
    ///
    /// # Errors
    /// The outer error when disk or database fail, the inner when the file is not taken.
    #[expect(clippy::too_many_arguments, reason = "what a file is and where it belongs")]
    pub fn keep_file_within(
        &self,
        quota: &Quota,
        project: ProjectId,
        draft: Option<DraftId>,
        name: &str,
        content: &[u8],
        accept: &[String],
        max_mb: u32,
    ) -> Result<Result<StoredFile, FileError>, StoreError> {
        let media = match check(name, content, accept, max_mb) {
            Ok(media) => media,
            Err(refused) => return Ok(Err(refused)),
        };
        if !self.has_room(quota, project, content.len() as u64)? {
            return Ok(Err(FileError::ProjectFull(*quota)));
        }
        if let Err(refused) = self.scan(content) {
            return Ok(Err(refused));
        }
        let sm3: [u8; 32] = sm3::Sm3::digest(content).into();
        self.write_content(&sm3, content)?;
        let file = StoredFile {
            id: FileId::from_bytes(self.new_id()),
            name: safe_name(name),
            media: media.to_owned(),
            size: content.len() as u64,
            sm3,
            project,
        };
        let mut change = Change::default();
        keep(&self.inner.vault, &mut change, &file, draft, self.now())?;
        self.write(change)?;
        Ok(Ok(file))
    }

    fn has_room(&self, quota: &Quota, project: ProjectId, more: u64) -> Result<bool, StoreError> {
        const HOLDS: &str = "SELECT COUNT(*) AS files, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes \
                             FROM files WHERE project = $1";
        let found = self.read(|connection| {
            query(connection, HOLDS, &[project.as_bytes().into()], |row| {
                Ok((row.get::<i64>(0)? as u64, row.get::<i64>(1)? as u64))
            })
        })?;
        let (files, bytes) = found.first().copied().unwrap_or_default();
        Ok(files < quota.files && bytes + more <= quota.bytes)
    }

    /// Asks the scanner, where there is one.
    fn scan(&self, content: &[u8]) -> Result<(), FileError> {
        let scanner = self.inner.writing.as_ref().and_then(|it| it.scanner.as_ref());
        match scanner.map(|scanner| scanner.scan(content)) {
            None | Some(Ok(Scanned::Clean)) => Ok(()),
            Some(Ok(Scanned::Harmful(name))) => Err(FileError::Harmful(name)),
            Some(Err(error)) => {
                tracing::error!(%error, "the scanner cannot be asked: uploads are refused");
                Err(FileError::Unscanned)
            }
        }
    }

    /// The same content once more, as a file of another project: nothing is uploaded.
    ///
    /// # Errors
    /// When the database fails.
    pub fn share_file(
        &self,
        file: &StoredFile,
        project: ProjectId,
        draft: Option<DraftId>,
    ) -> Result<Result<StoredFile, FileError>, StoreError> {
        let quota = Quota::default();
        if !self.has_room(&quota, project, file.size)? {
            return Ok(Err(FileError::ProjectFull(quota)));
        }
        let shared = StoredFile { id: FileId::from_bytes(self.new_id()), project, ..file.clone() };
        let mut change = Change::default();
        keep(&self.inner.vault, &mut change, &shared, draft, self.now())?;
        self.write(change)?;
        Ok(Ok(shared))
    }

    /// A file's row.
    ///
    /// # Errors
    /// When the database fails.
    pub fn file(&self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        const GET: &str = "SELECT name, media, size, sm3, project FROM files WHERE id = $1";
        let found = self.read(|connection| {
            query(connection, GET, &[id.as_bytes().into()], |row| {
                let sm3: Vec<u8> = row.get(3)?;
                let damaged = |_| StoreError::Damaged("a file digest".to_owned());
                Ok(StoredFile {
                    id,
                    name: self.inner.vault.open(
                        Column::FileName,
                        id.as_bytes(),
                        &row.get::<Vec<u8>>(0)?,
                    )?,
                    media: row.get(1)?,
                    size: row.get::<i64>(2)? as u64,
                    sm3: sm3.try_into().map_err(damaged)?,
                    project: ProjectId::from_bytes(row.get(4)?),
                })
            })
        })?;
        Ok(found.into_iter().next())
    }

    /// A file's content, checked against its digest.
    ///
    /// # Errors
    /// When it cannot be read or is not what was stored.
    pub fn content(&self, file: &StoredFile) -> Result<Vec<u8>, StoreError> {
        let content = fs::read(self.content_path(&file.sm3))?;
        let digest: [u8; 32] = sm3::Sm3::digest(&content).into();
        if digest == file.sm3 {
            Ok(content)
        } else {
            Err(StoreError::Damaged(format!("the content of file {} has changed", file.id)))
        }
    }

    fn content_path(&self, sm3: &[u8; 32]) -> PathBuf {
        let name: String = sm3.iter().map(|byte| format!("{byte:02x}")).collect();
        self.data().join("files").join(&name[..2]).join(name)
    }

    /// Removes a content that no row names.
    pub(crate) fn remove_content(&self, sm3: &[u8; 32]) {
        // Left behind it does no harm.
        let _ = fs::remove_file(self.content_path(sm3));
    }

    /// Writes the content where its digest says, flushed with its folder, before any row.
    pub(crate) fn write_content(&self, sm3: &[u8; 32], content: &[u8]) -> Result<(), StoreError> {
        let path = self.content_path(sm3);
        let files = self.data().join("files");
        let folder = path.parent().map_or_else(|| files.clone(), PathBuf::from);
        if fs::metadata(&path).is_ok_and(|known| known.len() == content.len() as u64) {
            // Whoever writes the same just now may not have flushed its name yet.
            return Ok(File::open(&folder)?.sync_all()?);
        }
        if !folder.exists() {
            fs::create_dir_all(&folder)?;
            File::open(&files)?.sync_all()?;
        }
        let unique: String = self.new_id().iter().map(|byte| format!("{byte:02x}")).collect();
        let part = folder.join(format!("{unique}.part"));
        let written = (|| {
            let mut file = File::create(&part)?;
            file.write_all(content)?;
            file.sync_all()?;
            fs::rename(&part, &path)?;
            File::open(&folder)?.sync_all()
        })();
        if written.is_err() {
            // Room for others; what cannot be removed now is swept at the next start.
            let _ = fs::remove_file(&part);
        }
        Ok(written?)
    }
}

/// How long an upload may take at most: what is older was left by a process that is gone.
const UPLOADING: Duration = Duration::from_secs(24 * 3600);

/// Removes what uploads that were cut off left behind: all of it when no other process is at work,
/// else what is old.
pub(crate) fn sweep(files: &Path, shared: bool) -> Result<usize, StoreError> {
    let mut swept = 0;
    for folder in fs::read_dir(files)? {
        let folder = folder?;
        if !folder.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(folder.path())? {
            let file = file?;
            let is_part = file.path().extension().is_some_and(|end| end == "part");
            let age = file.metadata().and_then(|it| it.modified()).map(|it| it.elapsed());
            let is_old = matches!(age, Ok(Ok(age)) if age > UPLOADING);
            if is_part && (is_old || !shared) {
                fs::remove_file(file.path())?;
                swept += 1;
            }
        }
    }
    Ok(swept)
}

/// The last part of a client's path, without control and direction characters.
pub(crate) fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean: String = last
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .take(120)
        .collect();
    if clean.is_empty() { "未命名".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(name: &str, content: &[u8]) -> Result<&'static str, FileError> {
        check(name, content, &["pdf".to_owned(), "jpg".to_owned()], 1)
    }

    #[test]
    fn a_file_is_what_its_content_says() {
        assert_eq!(take("图.PDF", b"%PDF-1.7 ..."), Ok("application/pdf"));
        assert_eq!(take("a.jpeg", &[0xff, 0xd8, 0xff, 0xe0]), Ok("image/jpeg"));
        let lying = FileError::Lying { named: "pdf".to_owned() };
        assert_eq!(take("virus.pdf", b"MZ\x90\x00"), Err(lying));
    }

    #[test]
    fn each_fault_has_its_own_word() {
        assert_eq!(take("a.pdf", b""), Err(FileError::Empty));
        assert_eq!(take("a.exe", b"MZ"), Err(FileError::KindNotAllowed("pdf、jpg".to_owned())));
        assert_eq!(take("a.pdf", &vec![b'%'; 1024 * 1024 + 1]), Err(FileError::TooLarge(1)));
    }

    #[test]
    fn what_uploads_left_behind_is_swept_and_nothing_else() {
        let files = tempfile::tempdir().unwrap();
        let folder = files.path().join("ab");
        fs::create_dir(&folder).unwrap();
        for name in ["abcd", "1.part", "2.part"] {
            fs::write(folder.join(name), b"x").unwrap();
        }
        assert_eq!(sweep(files.path(), true).unwrap(), 0, "another process may be at it");
        assert_eq!(sweep(files.path(), false).unwrap(), 2);
        assert!(folder.join("abcd").exists());
    }

    #[test]
    fn names_lose_paths_and_tricks() {
        assert_eq!(safe_name("C:\\fake\\总图.pdf"), "总图.pdf");
        assert_eq!(safe_name("a\u{202e}fdp.exe"), "afdp.exe");
        assert_eq!(safe_name("../../"), "未命名");
    }
}
