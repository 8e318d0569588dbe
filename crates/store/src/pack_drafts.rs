//! The working draft of the catalogue (目录草稿): edited file by file until it is published.

use tongban_domain::{
    catalog::{PackDigest, SourceFile},
    ids::AccountId,
    time::Instant,
};

use crate::{
    error::StoreError,
    node::Store,
    sqlite::{Value, execute, optional_id, query},
    write::Batch,
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

/// The setting that names the pack a draft began from.
const BASE: &str = "pack-draft-base";

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
        let mut batch = Batch::default();
        for file in self.pack_files(digest)? {
            batch.add(COPY, vec![file.path.into(), file.text.into(), now.into()]);
        }
        self.write(batch)?;
        self.keep_setting(BASE, &hex(&digest))
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
                    changed_by: optional_id(row, 4)?.map(AccountId::from_bytes),
                })
            })
        })
    }

    /// Saves a file of the draft, if nobody changed it since the version that was seen. Gives
    /// whether it was saved.
    ///
    /// # Errors
    /// When the database fails.
    pub fn save_pack_draft(
        &self,
        file: &SourceFile,
        seen: i64,
        by: AccountId,
    ) -> Result<bool, StoreError> {
        const SAVE: &str = "UPDATE pack_draft SET text = $2, version = version + 1, \
                            changed_at = $4, changed_by = $5 WHERE path = $1 AND version = $3";
        let values = [
            file.path.clone().into(),
            file.text.clone().into(),
            seen.into(),
            self.now().0.into(),
            by.as_bytes().into(),
        ];
        self.write_work(Box::new(move |writing| {
            execute(writing.connection, SAVE, &values)?;
            Ok(())
        }))?;
        let saved = self.pack_draft()?.into_iter().find(|one| one.file.path == file.path);
        Ok(saved.is_some_and(|one| one.file.text == file.text && one.version > seen))
    }

    /// Throws the draft away, after it was published or because nobody wants it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn discard_pack_draft(&self) -> Result<(), StoreError> {
        const CLEAR: &str = "DELETE FROM pack_draft";
        let mut batch = Batch::default();
        batch.add(CLEAR, Vec::<Value>::new());
        self.write(batch)
    }

    /// Cases that are being handled, by the pack they were accepted under, newest pack first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn cases_by_pack(&self) -> Result<Vec<(PackDigest, u64)>, StoreError> {
        const RUNNING: &str = "SELECT DISTINCT project FROM cases WHERE accepted_on IS NOT NULL \
                               AND stopped_on IS NULL ORDER BY project";
        let projects = self.read(|connection| {
            query(connection, RUNNING, &[], |row| {
                Ok(tongban_domain::ids::ProjectId::from_bytes(crate::sqlite::id_bytes(row, 0)?))
            })
        })?;
        let mut counts: std::collections::BTreeMap<PackDigest, u64> = Default::default();
        for id in projects {
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

/// A digest as people and settings write it.
fn hex(digest: &PackDigest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
