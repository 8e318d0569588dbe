//! The working draft of the catalogue (目录草稿): edited file by file until it is published.

use tongban_domain::{
    catalog::{PackDigest, SourceFile, new_overlay, overlay_region},
    ids::AccountId,
    time::Instant,
};

use crate::{
    change::Change,
    engine::{Value, query},
    error::StoreError,
    node::Store,
    packs::Keeper,
};

/// A file of the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFile {
    /// The file as it is now.
    pub file: SourceFile,
    /// Counts its changes; 0 as it was taken over.
    pub version: i64,
    /// When it was last changed.
    pub changed_at: Instant,
    /// By whom; none as it was taken over.
    pub changed_by: Option<AccountId>,
}

impl Store {
    /// Begins a draft as a copy of the pack in force. An open draft is left as it is.
    ///
    /// # Errors
    /// When there is no pack or the database fails.
    pub fn begin_pack_draft(&self) -> Result<(), StoreError> {
        const COPY: &str = "INSERT INTO pack_draft (path, text, version, changed_at, changed_by) \
                            VALUES ($1, $2, 0, $3, NULL) ON CONFLICT (path) DO NOTHING";
        if !self.pack_draft()?.is_empty() {
            return Ok(());
        }
        let digest = self.catalog()?.pack.digest;
        let now = self.now().0;
        let mut change = Change::default();
        let mut files = self.pack_files(digest)?;
        // A pack from before there were documents gets the file in which they are worded.
        if !files.iter().any(|file| file.path == "documents.toml") {
            let text = "# 文书和证照的格式，写法见省级目录的 documents.toml\n".to_owned();
            files.push(SourceFile { path: "documents.toml".to_owned(), text });
        }
        for file in files {
            change.add(COPY, vec![file.path.into(), file.text.into(), now.into()]);
        }
        self.write(change)
    }

    /// The files of the draft by path; none while nobody works on one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pack_draft(&self) -> Result<Vec<DraftFile>, StoreError> {
        const ALL: &str =
            "SELECT path, text, version, changed_at, changed_by FROM pack_draft ORDER BY path";
        self.read(|connection| {
            query(connection, ALL, &[], |row| {
                Ok(DraftFile {
                    file: SourceFile { path: row.get(0)?, text: row.get(1)? },
                    version: row.get(2)?,
                    changed_at: Instant(row.get(3)?),
                    changed_by: row.get::<Option<[u8; 16]>>(4)?.map(AccountId::from_bytes),
                })
            })
        })
    }

    /// The draft as a pack, without who changed what.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pack_draft_files(&self) -> Result<Vec<SourceFile>, StoreError> {
        Ok(self.pack_draft()?.into_iter().map(|draft| draft.file).collect())
    }

    /// Saves a file of the draft, if nobody changed it since the version that was seen. Gives
    /// whether it was saved.
    ///
    /// # Errors
    /// [`StoreError::BeyondOffice`], or when the database fails.
    pub fn save_pack_draft(
        &self,
        file: &SourceFile,
        seen: i64,
        by: &Keeper,
    ) -> Result<bool, StoreError> {
        self.save_pack_drafts(&[(file.clone(), seen)], by)
    }

    /// Saves several files of the draft, each with the version that was seen: all of them, or
    /// none when somebody changed one meanwhile. Gives whether they were saved.
    ///
    /// # Errors
    /// [`StoreError::BeyondOffice`], or when the database fails.
    pub fn save_pack_drafts(
        &self,
        files: &[(SourceFile, i64)],
        by: &Keeper,
    ) -> Result<bool, StoreError> {
        const SAVE: &str = "UPDATE pack_draft SET text = $2, version = version + 1, \
                            changed_at = $3, changed_by = $4 WHERE path = $1 AND version = $5";
        let now = self.now().0;
        let known = self.pack_draft_files()?;
        let before: Vec<_> = known
            .into_iter()
            .filter(|known| files.iter().any(|(file, _)| file.path == known.path))
            .collect();
        let after: Vec<_> = files.iter().map(|(file, _)| file.clone()).collect();
        self.check_office(by, &before, &after)?;
        let mut change = Change::default();
        for (file, seen) in files {
            let (path, text) = (file.path.as_str().into(), file.text.as_str().into());
            let values = vec![path, text, now.into(), by.account.as_bytes().into(), (*seen).into()];
            change.add_one_row(SAVE, values);
        }
        match self.write(change) {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Adds the overlay of a region to the draft, unless there is one. Gives its path; none for a
    /// region that nobody knows.
    ///
    /// # Errors
    /// [`StoreError::BeyondOffice`], or when the database fails.
    pub fn add_overlay(&self, region: u32, by: &Keeper) -> Result<Option<String>, StoreError> {
        const ADD: &str = "INSERT INTO pack_draft (path, text, version, changed_at, changed_by) \
                           VALUES ($1, $2, 1, $3, $4) ON CONFLICT (path) DO NOTHING";
        let known = self.pack_draft_files()?;
        if let Some(known) = known.iter().find(|file| overlay_region(file) == Some(region)) {
            return Ok(Some(known.path.clone()));
        }
        let Some(file) = new_overlay(&*self.catalog()?, region) else { return Ok(None) };
        self.check_office(by, &[], std::slice::from_ref(&file))?;
        let path = file.path.clone();
        let mut change = Change::default();
        let (now, account) = (self.now().0, by.account);
        change.add(
            ADD,
            vec![file.path.into(), file.text.into(), now.into(), account.as_bytes().into()],
        );
        self.write(change)?;
        Ok(Some(path))
    }

    /// Throws the draft away because nobody wants it: one's own changes, not those of another
    /// level of government.
    ///
    /// # Errors
    /// [`StoreError::BeyondOffice`], or when the database fails.
    pub fn give_up_pack_draft(&self, by: &Keeper) -> Result<(), StoreError> {
        let in_force = self.pack_files(self.catalog()?.pack.digest)?;
        let draft = self.pack_draft()?;
        let changed = |path: &str| draft.iter().any(|it| it.file.path == path && it.version > 0);
        let (before, after): (Vec<_>, Vec<_>) = (
            in_force.into_iter().filter(|file| changed(&file.path)).collect(),
            draft.iter().filter(|it| it.version > 0).map(|it| it.file.clone()).collect(),
        );
        self.check_office(by, &before, &after)?;
        self.clear_pack_draft()
    }

    /// Takes the draft away after it was published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn clear_pack_draft(&self) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM pack_draft";
        let mut change = Change::default();
        change.add(CLEAR, Vec::<Value>::new());
        self.write(change)
    }

    /// Cases that are being handled, by the pack they were accepted under, newest pack first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn cases_by_pack(&self) -> Result<Vec<(PackDigest, u64)>, StoreError> {
        let mut counts: std::collections::BTreeMap<PackDigest, u64> = Default::default();
        for id in self.projects_being_handled()? {
            let Some(project) = self.project(id)? else { continue };
            for case in project.cases.values().filter(|case| case.is_open()) {
                if let Some(pack) = case.accepted_under {
                    *counts.entry(pack).or_default() += 1;
                }
            }
        }
        let order: Vec<PackDigest> =
            self.publications()?.into_iter().map(|publication| publication.digest).collect();
        let mut counts: Vec<(PackDigest, u64)> = counts.into_iter().collect();
        counts.sort_by_key(|(digest, _)| {
            std::cmp::Reverse(order.iter().position(|known| known == digest))
        });
        Ok(counts)
    }
}
