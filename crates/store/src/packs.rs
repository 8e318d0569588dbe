//! Catalogue packs, stored by digest and published by a fact. A re-fold reads them from here,
//! never from a directory.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use tongban_domain::{
    acts::{ActName, Supply as _},
    calendar::Calendar,
    catalog::{Catalog, PackDigest, SourceFile, load, pack_digest},
    fact::{ActorStamp, Channel, Envelope, Fact, LAYOUT, Recorded, StreamId, StreamKind},
    ids::{AccountId, ActId},
    permission::Role,
    time::{Day, Instant},
};
use tongban_journal::leaf_hashes;

use crate::{
    acts::stream,
    error::StoreError,
    node::{Store, lock},
    sqlite::{Value, execute, query},
};

/// The one stream of publications.
const PUBLICATIONS: [u8; 16] = [0; 16];

/// A pack that takes effect on a day.
pub(crate) struct Published {
    pub(crate) from: Day,
    pub(crate) catalog: Arc<Catalog>,
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
        if self.publications()?.iter().any(|publication| publication.digest == digest) {
            return Ok(false);
        }
        let catalog = load(files).map_err(StoreError::BadPack)?;
        let from = catalog.pack.effective_from;
        self.publish(files, catalog, from, None)?;
        Ok(true)
    }

    /// Checks a pack and publishes it from a day, by an administrator.
    ///
    /// # Errors
    /// As [`Store::publish_pack`].
    pub fn publish_pack_from(
        &self,
        files: &[SourceFile],
        from: Day,
        by: AccountId,
    ) -> Result<(), StoreError> {
        let catalog = load(files).map_err(StoreError::BadPack)?;
        self.publish(files, catalog, from, Some(by))
    }

    fn publish(
        &self,
        files: &[SourceFile],
        mut catalog: Catalog,
        from: Day,
        by: Option<AccountId>,
    ) -> Result<(), StoreError> {
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
        let keep: crate::sqlite::writer::Work = Box::new(move |writing| {
            const KEEP: &str = "INSERT INTO packs (digest, files) VALUES ($1, $2) \
                                ON CONFLICT (digest) DO NOTHING";
            let values = [Value::Blob(digest.to_vec()), Value::Blob(stored)];
            execute(writing.connection, KEEP, &values)?;
            Ok(())
        });
        let act = ActName::PublishPack;
        self.append_to_node(StreamKind::Catalogue, fact, (digest, calendar), (act, by), keep)?;
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
            self.read(|connection| stream(connection, StreamKind::Catalogue, &PUBLICATIONS))?;
        let published = facts.into_iter().filter_map(|recorded| match recorded.fact {
            Fact::PackPublished { digest, version, effective_from } => Some(Publication {
                digest,
                version,
                effective_from,
                published_at: recorded.envelope.recorded_at,
                by: recorded.envelope.actor.account,
            }),
            Fact::Project(_) | Fact::Application(..) | Fact::Case(..) | Fact::Organisation(_) => {
                None
            }
        });
        Ok(published.collect())
    }

    /// Appends one fact to a stream of the node itself.
    pub(crate) fn append_to_node(
        &self,
        kind: StreamKind,
        fact: Fact,
        (catalog, calendar): (PackDigest, [u8; 32]),
        (act_name, by): (ActName, Option<AccountId>),
        also: crate::sqlite::writer::Work,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let version =
            self.read(|connection| stream(connection, kind, &PUBLICATIONS))?.len() as u64 + 1;
        let act = ActId::from_bytes(lock(&self.inner.supply).id(now));
        let envelope = Envelope {
            node: self.inner.node,
            epoch: self.inner.epoch,
            origin: self.inner.node,
            stream: StreamId { kind, id: PUBLICATIONS },
            version,
            act,
            actor: ActorStamp { account: by, role: Role::Administrator, department: None },
            channel: Channel::Import,
            visit: None,
            source_system: None,
            recorded_at: now,
            claimed_at: None,
            catalog,
            calendar,
            act_name,
        };
        let bytes = Recorded { layout: LAYOUT, envelope, fact }.to_bytes();
        let node = self.inner.node;
        self.write_work(Box::new(move |writing| {
            const APPEND: &str = "INSERT INTO facts (node, position, stream_kind, stream, version, bytes) \
                                  VALUES ($1, $2, $3, $4, $5, $6)";
            writing.frontier.append(leaf_hashes(&bytes));
            let values = [
                i64::from(node).into(),
                (writing.frontier.size() as i64).into(),
                (kind as i64).into(),
                (&PUBLICATIONS).into(),
                (version as i64).into(),
                Value::Blob(bytes),
            ];
            execute(writing.connection, APPEND, &values)?;
            also(writing)
        }))
    }

    /// Loads the pack in force and those that will take effect. Of the earlier ones only the
    /// calendars are still needed.
    pub(crate) fn load_catalog(&self) -> Result<(), StoreError> {
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
            query(connection, GET, &[Value::Blob(digest.to_vec())], |row| {
                Ok(row.get::<_, Vec<u8>>(0)?)
            })
        })?;
        let missing = || StoreError::Damaged("a published pack is missing".to_owned());
        let bytes = found.into_iter().next().ok_or_else(missing)?;
        let files: Vec<(String, String)> =
            minicbor::decode(&bytes).map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(files.into_iter().map(|(path, text)| SourceFile { path, text }).collect())
    }
}

/// The calendar of a pack, without the rest: an earlier pack need not fit today's program.
fn stored_calendar(files: &[SourceFile]) -> Result<Calendar, StoreError> {
    let missing = || StoreError::Damaged("a published pack has no calendar".to_owned());
    let file = files.iter().find(|file| file.path == "calendar.csv").ok_or_else(missing)?;
    Calendar::parse(&file.text).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The stream all publications of the node go to; organisation facts use it in their kind.
pub(crate) const NODE_STREAM: [u8; 16] = PUBLICATIONS;
