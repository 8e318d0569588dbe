//! Catalogue packs, stored by digest and published by a fact. A re-fold reads them from here,
//! never from a directory.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use tongban_domain::{
    acts::ActName,
    calendar::Calendar,
    catalog::{Catalog, PackDigest, SourceFile, beyond_office, load, pack_digest},
    fact::{Channel, Fact, StreamKind},
    ids::AccountId,
    permission::Role,
    time::{Day, Instant},
};

use crate::{
    access::Account,
    change::{Change, Head},
    engine::{Value, query},
    error::StoreError,
    node::{Store, lock},
    streams::{Doer, NODE_STREAM, stream},
};

/// A pack that takes effect on a day.
pub(crate) struct Published {
    pub(crate) from: Day,
    pub(crate) catalog: Arc<Catalog>,
}

/// Who keeps the catalogue, and for which regions (事项管理员).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeper {
    /// The account.
    pub account: AccountId,
    /// The regions of its offices: that of the province for the whole.
    pub regions: Vec<u32>,
}

impl Keeper {
    /// The account as far as it keeps the catalogue.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        let regions = account.actor(Channel::Web).regions_as(Role::Administrator);
        Self { account: account.id, regions }
    }
}

/// Of the packs in order of publication the one in force: the last to take effect by the day,
/// of several on one day the last published. Before the first one takes effect, the first.
pub(crate) fn in_force(packs: &[Published], day: Day) -> Option<&Published> {
    let begun = packs.iter().filter(|published| published.from <= day);
    begun.max_by_key(|published| published.from).or(packs.first())
}

/// A publication, for the list of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Under which the node keeps the pack.
    pub digest: PackDigest,
    /// Its version.
    pub version: String,
    /// First day in force.
    pub effective_from: Option<Day>,
    /// When it was published.
    pub published_at: Instant,
    /// By whom; none when it came with the program.
    pub by: Option<AccountId>,
}

impl Store {
    /// Checks a pack, stores it and publishes it from its own first day, unless it was published
    /// before. Gives whether it was new.
    ///
    /// # Errors
    /// [`StoreError::BadPack`] with every problem, [`StoreError::PackInThePast`] when another one
    /// is in force already; the pack in force stays.
    pub fn publish_pack(&self, files: &[SourceFile]) -> Result<bool, StoreError> {
        let digest = pack_digest(files);
        loop {
            let after = self.head_of_own(StreamKind::Catalogue)?;
            if self.publications()?.iter().any(|publication| publication.digest == digest) {
                if self.is_shared() {
                    self.load_catalog()?;
                }
                return Ok(false);
            }
            let catalog = load(files).map_err(StoreError::BadPack)?;
            let from = catalog.pack.effective_from;
            match self.publish(after, files, catalog, from, None) {
                Ok(()) => return Ok(true),
                // Another process published, perhaps the same.
                Err(StoreError::Conflict) => self.load_catalog()?,
                // It did so between the look above and this one, and the catalogue was taken in.
                Err(StoreError::PackInThePast(_))
                    if self.head_of_own(StreamKind::Catalogue)? != after =>
                {
                    self.load_catalog()?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Checks a pack and publishes it from a day, by an administrator, who changes only what is kept
    /// at the level of the office.
    ///
    /// # Errors
    /// As [`Store::publish_pack`]; [`StoreError::BeyondOffice`] with what is not this office's;
    /// [`StoreError::VersionToCome`] when an office below the province would be undone by it.
    pub fn publish_pack_from(
        &self,
        files: &[SourceFile],
        from: Day,
        by: &Keeper,
    ) -> Result<(), StoreError> {
        let after = self.head_of_own(StreamKind::Catalogue)?;
        let catalog = load(files).map_err(StoreError::BadPack)?;
        // What would hold on that day without it: a version to come is not undone in passing.
        let before = self.files_in_force(Some(from))?;
        self.check_office(by, &before, files)?;
        if let Some(later) = self.takes_effect_after(from)
            && !self.keeps_all(by)?
        {
            return Err(StoreError::VersionToCome(later));
        }
        self.publish(after, files, catalog, from, Some(by.account))
    }

    /// The last day on which a version takes effect, when that is after a day.
    fn takes_effect_after(&self, day: Day) -> Option<Day> {
        let packs = self.inner.packs.read().unwrap_or_else(PoisonError::into_inner);
        packs.iter().map(|published| published.from).filter(|from| *from > day).max()
    }

    /// Whether an office keeps the whole catalogue.
    pub(crate) fn keeps_all(&self, by: &Keeper) -> Result<bool, StoreError> {
        let catalog = self.catalog()?;
        let any = SourceFile { path: "pack.toml".to_owned(), text: String::new() };
        Ok(beyond_office(&catalog, &by.regions, &[], &[any]).is_empty())
    }

    /// The files of the version that holds on a day, those of the newest one when no day is given;
    /// none while there is no catalogue.
    pub(crate) fn files_in_force(&self, day: Option<Day>) -> Result<Vec<SourceFile>, StoreError> {
        let digest = self.digest_in_force(day.unwrap_or(Day(i32::MAX)))?;
        digest.map_or(Ok(Vec::new()), |digest| self.pack_files(digest))
    }

    /// Refuses what of a changed pack is not for this office to change.
    pub(crate) fn check_office(
        &self,
        by: &Keeper,
        before: &[SourceFile],
        after: &[SourceFile],
    ) -> Result<(), StoreError> {
        let beyond = beyond_office(&*self.catalog()?, &by.regions, before, after);
        if beyond.is_empty() { Ok(()) } else { Err(StoreError::BeyondOffice(beyond)) }
    }

    /// The pack that is or will be in force on a day.
    fn digest_in_force(&self, day: Day) -> Result<Option<PackDigest>, StoreError> {
        let _known = self.catalog()?;
        let packs = self.inner.packs.read().unwrap_or_else(PoisonError::into_inner);
        Ok(in_force(&packs, day).map(|published| published.catalog.pack.digest))
    }

    fn publish(
        &self,
        after: Head,
        files: &[SourceFile],
        mut catalog: Catalog,
        from: Day,
        by: Option<AccountId>,
    ) -> Result<(), StoreError> {
        const KEEP: &str = "INSERT INTO packs (digest, files) VALUES ($1, $2) \
                            ON CONFLICT (digest) DO NOTHING";
        let digest = catalog.pack.digest;
        let running = self.catalog().ok();
        if running.is_some() && from < self.now().day() {
            return Err(StoreError::PackInThePast(from));
        }
        if let Some(running) = running {
            catalog.earlier_calendars.clone_from(&running.earlier_calendars);
            let calendar = running.calendar.clone();
            catalog.earlier_calendars.insert(calendar.digest(), calendar);
        }
        let version = catalog.pack.version.clone();
        let fact = Fact::PackPublished { digest, version, effective_from: Some(from) };
        let stored =
            minicbor::to_vec(files.iter().map(|file| (&file.path, &file.text)).collect::<Vec<_>>())
                .map_err(|error| StoreError::Damaged(error.to_string()))?;
        let calendar = catalog.calendar.digest();
        let mut keep = Change::default();
        keep.add(KEEP, vec![Value::Blob(digest.to_vec()), Value::Blob(stored)]);
        let act = ActName::PublishPack;
        let by = Doer { act, role: Role::Administrator, account: by, channel: Channel::Import };
        let fact = (StreamKind::Catalogue, fact);
        self.append_after(after, fact, &by, (digest, calendar), keep)?;
        // Another thread may just have read what other processes published, and not this.
        if self.is_shared() {
            return self.load_catalog();
        }
        let mut packs = self.inner.packs.write().unwrap_or_else(PoisonError::into_inner);
        packs.push(Published { from, catalog: Arc::new(catalog) });
        Ok(())
    }

    /// All publications, the first first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn publications(&self) -> Result<Vec<Publication>, StoreError> {
        let facts =
            self.read(|connection| stream(connection, StreamKind::Catalogue, &NODE_STREAM))?;
        let published = facts.into_iter().filter_map(|recorded| match recorded.fact {
            Fact::PackPublished { digest, version, effective_from } => Some(Publication {
                digest,
                version,
                effective_from,
                published_at: recorded.envelope.recorded_at,
                by: recorded.envelope.actor.account,
            }),
            Fact::Project(_)
            | Fact::Application(..)
            | Fact::Case(..)
            | Fact::Organisation(_)
            | Fact::Credit(_) => None,
        });
        Ok(published.collect())
    }

    /// Loads the pack in force and those that will take effect. Of the earlier ones only the
    /// calendars are still needed.
    pub(crate) fn load_catalog(&self) -> Result<(), StoreError> {
        let _alone = lock(&self.inner.loading_packs);
        let today = self.now().day();
        let all = self.publications()?;
        let from = |publication: &Publication| {
            publication.effective_from.unwrap_or(publication.published_at.day())
        };
        // As in `in_force`, over what is not loaded yet.
        let current = all
            .iter()
            .enumerate()
            .filter(|(_, publication)| from(publication) <= today)
            .max_by_key(|(_, publication)| from(publication))
            .map_or(0, |(place, _)| place);
        let mut calendars = BTreeMap::new();
        for publication in &all {
            let calendar = stored_calendar(&self.pack_files(publication.digest)?)?;
            calendars.insert(calendar.digest(), calendar);
        }
        let mut packs = Vec::new();
        for (place, publication) in all.iter().enumerate() {
            if place != current && from(publication) <= today {
                continue;
            }
            let files = self.pack_files(publication.digest)?;
            let mut catalog = load(&files).map_err(StoreError::BadPack)?;
            catalog.earlier_calendars.clone_from(&calendars);
            packs.push(Published { from: from(publication), catalog: Arc::new(catalog) });
        }
        *self.inner.packs.write().unwrap_or_else(PoisonError::into_inner) = packs;
        Ok(())
    }

    /// The files of a published pack.
    ///
    /// # Errors
    /// When it is not there or the database fails.
    pub fn pack_files(&self, digest: PackDigest) -> Result<Vec<SourceFile>, StoreError> {
        const GET: &str = "SELECT files FROM packs WHERE digest = $1";
        let found = self.read(|connection| {
            query(connection, GET, &[Value::Blob(digest.to_vec())], |row| row.get::<Vec<u8>>(0))
        })?;
        let missing = || StoreError::Damaged("a published pack is missing".to_owned());
        let bytes = found.into_iter().next().ok_or_else(missing)?;
        files_of(&bytes)
    }
}

/// The files of a pack as they are stored.
pub(crate) fn files_of(stored: &[u8]) -> Result<Vec<SourceFile>, StoreError> {
    let files: Vec<(String, String)> =
        minicbor::decode(stored).map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(files.into_iter().map(|(path, text)| SourceFile { path, text }).collect())
}

/// The calendar of a pack, without the rest: an earlier pack need not fit today's program.
fn stored_calendar(files: &[SourceFile]) -> Result<Calendar, StoreError> {
    let missing = || StoreError::Damaged("a published pack has no calendar".to_owned());
    let file = files.iter().find(|file| file.path == "calendar.csv").ok_or_else(missing)?;
    Calendar::stored(&file.text).map_err(|error| StoreError::Damaged(error.to_string()))
}
