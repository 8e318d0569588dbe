//! Catalogue packs, stored by digest and published by a fact. A re-fold reads them from here,
//! never from a directory.

use std::sync::{Arc, PoisonError};

use tongban_domain::{
    acts::{ActName, Supply as _},
    calendar::Calendar,
    catalog::{PackDigest, SourceFile, load, pack_digest},
    fact::{ActorStamp, Channel, Envelope, Fact, LAYOUT, Recorded, StreamId, StreamKind},
    ids::ActId,
    permission::Role,
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

impl Store {
    /// Checks a pack, stores it and publishes it, unless it is the one in force. Gives whether
    /// it was new.
    ///
    /// # Errors
    /// [`StoreError::BadPack`] with every problem; the pack in force stays.
    pub fn publish_pack(&self, files: &[SourceFile]) -> Result<bool, StoreError> {
        let digest = pack_digest(files);
        if self.catalog().is_ok_and(|catalog| catalog.pack.digest == digest) {
            return Ok(false);
        }
        let mut catalog = load(files).map_err(StoreError::BadPack)?;
        if let Ok(running) = self.catalog() {
            catalog.earlier_calendars.clone_from(&running.earlier_calendars);
            let calendar = running.calendar.clone();
            catalog.earlier_calendars.insert(calendar.digest(), calendar);
        }
        let fact = Fact::PackPublished { digest, version: catalog.pack.version.clone() };
        let stored =
            minicbor::to_vec(files.iter().map(|file| (&file.path, &file.text)).collect::<Vec<_>>())
                .map_err(|error| StoreError::Damaged(error.to_string()))?;
        let calendar = catalog.calendar.digest();
        self.append_to_node(
            StreamKind::Catalogue,
            fact,
            (digest, calendar),
            ActName::PublishPack,
            {
                Box::new(move |writing| {
                    const KEEP: &str = "INSERT INTO packs (digest, files) VALUES ($1, $2) \
                                    ON CONFLICT (digest) DO NOTHING";
                    let values = [Value::Blob(digest.to_vec()), Value::Blob(stored)];
                    execute(writing.connection, KEEP, &values)?;
                    Ok(())
                })
            },
        )?;
        let mut current = self.inner.catalog.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Arc::new(catalog));
        Ok(true)
    }

    /// Appends one fact to a stream of the node itself.
    pub(crate) fn append_to_node(
        &self,
        kind: StreamKind,
        fact: Fact,
        (catalog, calendar): (PackDigest, [u8; 32]),
        act_name: ActName,
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
            actor: ActorStamp { account: None, role: Role::Administrator, department: None },
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

    /// Loads the pack that the last publication names.
    pub(crate) fn load_catalog(&self) -> Result<(), StoreError> {
        let facts =
            self.read(|connection| stream(connection, StreamKind::Catalogue, &PUBLICATIONS))?;
        let published: Vec<PackDigest> = facts
            .iter()
            .filter_map(|recorded| match &recorded.fact {
                Fact::PackPublished { digest, .. } => Some(*digest),
                Fact::Project(_)
                | Fact::Application(..)
                | Fact::Case(..)
                | Fact::Organisation(_) => None,
            })
            .collect();
        let Some((last, earlier)) = published.split_last() else { return Ok(()) };
        let mut catalog = load(&self.stored_pack(*last)?).map_err(StoreError::BadPack)?;
        for digest in earlier {
            let calendar = stored_calendar(&self.stored_pack(*digest)?)?;
            catalog.earlier_calendars.insert(calendar.digest(), calendar);
        }
        let mut current = self.inner.catalog.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Arc::new(catalog));
        Ok(())
    }

    fn stored_pack(&self, digest: PackDigest) -> Result<Vec<SourceFile>, StoreError> {
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
