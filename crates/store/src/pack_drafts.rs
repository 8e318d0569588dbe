//! The working draft of the catalogue (目录草稿): edited file by file until it is published.

use tongban_domain::{
    catalog::{PackDigest, SourceFile, new_overlay, overlay_region},
    ids::AccountId,
    time::{Day, Instant},
};

use crate::{change::Change, engine::query, error::StoreError, node::Store, packs::Keeper};

const REMOVE: &str = "DELETE FROM pack_draft WHERE path = $1 AND version = $2";

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
    /// Begins a draft as a copy of the newest version. An open draft is left as it is.
    ///
    /// # Errors
    /// When there is no pack or the database fails.
    pub fn begin_pack_draft(&self, by: &Keeper) -> Result<(), StoreError> {
        const COPY: &str = "INSERT INTO pack_draft (path, text, version, changed_at, changed_by) \
                            VALUES ($1, $2, 0, $3, NULL) ON CONFLICT (path) DO NOTHING";
        if !self.pack_draft()?.is_empty() {
            return Ok(());
        }
        let now = self.now().0;
        let mut change = Change::default();
        let mut files = self.files_in_force(None)?;
        // A pack from before there were documents gets the file in which they are worded.
        let worded = files.iter().any(|file| file.path == "documents.toml");
        if !worded && self.keeps_all(by)? {
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
        self.begin_pack_draft(by)?;
        let known = self.pack_draft_files()?;
        if let Some(known) = known.iter().find(|file| overlay_region(file) == Some(region)) {
            return Ok(Some(known.path.clone()));
        }
        let Some(file) = new_overlay(&*self.catalog()?, region) else { return Ok(None) };
        self.check_office(by, &[], std::slice::from_ref(&file))?;
        let path = file.path.clone();
        if known.iter().any(|known| known.path == path) {
            return Err(StoreError::Taken(path));
        }
        let mut change = Change::default();
        let (now, account) = (self.now().0, by.account);
        change.add(
            ADD,
            vec![file.path.into(), file.text.into(), now.into(), account.as_bytes().into()],
        );
        self.write(change)?;
        Ok(Some(path))
    }

    /// Publishes the draft from a day on: of an office of the province the whole, of one below what
    /// it changed of its own lists, laid over the version that holds on that day. What others are
    /// writing at stays in the draft.
    ///
    /// # Errors
    /// As [`Store::publish_pack_from`]; [`StoreError::BeyondOffice`] when nothing in it is this
    /// office's.
    pub fn publish_pack_draft(&self, from: Day, by: &Keeper) -> Result<(), StoreError> {
        let seen = self.pack_draft()?;
        let (own, others) = self.changed_by_whom(&seen, by)?;
        if others.is_empty() {
            let files: Vec<_> = seen.iter().map(|row| row.file.clone()).collect();
            self.publish_pack_from(&files, from, by)?;
            return self.drop_rows(&seen);
        }
        if own.is_empty() {
            return Err(StoreError::BeyondOffice(others));
        }
        let mut files = self.files_in_force(Some(from))?;
        for changed in own {
            match files.iter_mut().find(|file| file.path == changed.file.path) {
                Some(file) => file.text.clone_from(&changed.file.text),
                None => files.push(changed.file.clone()),
            }
        }
        self.publish_pack_from(&files, from, by)
    }

    /// Throws away what an office changed in the draft, and the draft when nobody else is writing
    /// at it.
    ///
    /// # Errors
    /// [`StoreError::BeyondOffice`] when nothing in it is this office's, [`StoreError::Conflict`]
    /// when somebody saved at the same time, or when the database fails.
    pub fn give_up_pack_draft(&self, by: &Keeper) -> Result<(), StoreError> {
        const RESTORE: &str = "UPDATE pack_draft SET text = $2, version = version + 1, \
                               changed_at = $3, changed_by = $4 WHERE path = $1 AND version = $5";
        let seen = self.pack_draft()?;
        let (own, others) = self.changed_by_whom(&seen, by)?;
        if others.is_empty() {
            return self.remove_rows(&seen);
        }
        if own.is_empty() {
            return Err(StoreError::BeyondOffice(others));
        }
        let newest = self.files_in_force(None)?;
        let mut change = Change::default();
        for row in own {
            let path = row.file.path.as_str();
            match newest.iter().find(|file| file.path == path) {
                Some(file) => change.add_one_row(
                    RESTORE,
                    vec![
                        path.into(),
                        file.text.as_str().into(),
                        self.now().0.into(),
                        by.account.as_bytes().into(),
                        row.version.into(),
                    ],
                ),
                None => change.add_one_row(REMOVE, vec![path.into(), row.version.into()]),
            }
        }
        self.write(change)
    }

    /// What of a draft was changed: the rows that are this office's, and the paths of the rest.
    fn changed_by_whom<'a>(
        &self,
        seen: &'a [DraftFile],
        by: &Keeper,
    ) -> Result<(Vec<&'a DraftFile>, Vec<String>), StoreError> {
        let newest = self.files_in_force(None)?;
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for row in seen.iter().filter(|row| row.version > 0) {
            let before = newest.iter().find(|file| file.path == row.file.path).cloned();
            match self.check_office(by, before.as_slice(), std::slice::from_ref(&row.file)) {
                Ok(()) => own.push(row),
                Err(StoreError::BeyondOffice(paths)) => others.extend(paths),
                Err(error) => return Err(error),
            }
        }
        Ok((own, others))
    }

    /// Takes away a draft that was published; what somebody saved at the same time stays.
    fn drop_rows(&self, seen: &[DraftFile]) -> Result<(), StoreError> {
        match self.remove_rows(seen) {
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn remove_rows(&self, seen: &[DraftFile]) -> Result<(), StoreError> {
        let mut change = Change::default();
        for row in seen {
            change.add_one_row(REMOVE, vec![row.file.path.as_str().into(), row.version.into()]);
        }
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
