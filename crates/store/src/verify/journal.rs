//! The journal in order: canonical bytes, leaves, subtrees, checkpoints and their signatures.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tongban_domain::fact::Recorded;
use tongban_journal::{
    Checkpoint, Frontier, LeafHashes, Origin, PublicKeys, Roots, SignedCheckpoint, canonical,
    leaf_hashes,
};

use super::{Difference, Stop, VerifyOptions, vault::Noted};
use crate::{
    engine::{Connection, each, query},
    error::StoreError,
    node::stored_frontier,
};

pub(super) struct Read {
    pub(super) roots: Roots,
    pub(super) checkpoints: u64,
    pub(super) signed: u64,
}

pub(super) fn verify(
    connection: &Connection,
    node: u32,
    options: &VerifyOptions,
) -> Result<(Read, Noted), Stop> {
    const ALL: &str = "SELECT position, bytes, leaf, node, stream_kind, stream, version FROM facts \
                       ORDER BY node, position";
    let mut frontier = Frontier::default();
    let mut noted = Noted::default();
    let mut signed = Signed::read(connection, node, options)?;
    let mut subtrees = stored_subtrees(connection, node)?;
    each(connection, ALL, &[], |row| {
        let position = row.get::<i64>(0)? as u64;
        let (bytes, leaf): (Vec<u8>, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?);
        let expected = frontier.size() + 1;
        if position != expected {
            return Err(Stop::from(Difference::Position { expected, found: position }));
        }
        let own = leaf_hashes(&bytes);
        if leaf.is_none_or(|leaf| leaf != own.to_bytes()) {
            return Err(Difference::Leaf { position }.into());
        }
        let fact = check_fact(position, &bytes)?;
        // By these columns the fact is found; the bytes alone are what was signed.
        let (node, kind) = (row.get::<i64>(3)?, row.get::<i64>(4)?);
        let found = (node, kind, row.get::<[u8; 16]>(5)?, row.get::<i64>(6)?);
        let envelope = &fact.envelope;
        let (stream, version) = (envelope.stream, envelope.version as i64);
        if found != (i64::from(envelope.node), stream.kind as i64, stream.id, version) {
            return Err(Difference::Misplaced { position }.into());
        }
        noted.note(&bytes);
        let mut wrong = None;
        frontier.append_noting(own, |level, place, hashes| {
            let stored = subtrees.remove(&(level, place));
            if level % 8 == 0 && stored != Some(hashes) {
                let (first, last) = ((place << level) + 1, (place + 1) << level);
                wrong.get_or_insert(Difference::Subtree { first, last });
            }
        });
        if let Some(wrong) = wrong {
            return Err(wrong.into());
        }
        Ok(signed.check(&frontier, options)?)
    })?;
    if frontier != stored_frontier(connection)? {
        return Err(Difference::Tree.into());
    }
    if let Some(size) = signed.rest() {
        let fault = "the facts that it covers are not there any more".to_owned();
        return Err(Difference::Checkpoint { size, fault }.into());
    }
    if let Some(missing) = options.keys.iter().find(|keys| !signed.with.contains(&keys.origin)) {
        let Origin { node, epoch } = missing.origin;
        return Err(Difference::Unsigned { node, epoch }.into());
    }
    let (checkpoints, signed) = (signed.checked, signed.covered);
    Ok((Read { roots: frontier.roots(), checkpoints, signed }, noted))
}

fn check_fact(position: u64, bytes: &[u8]) -> Result<Recorded, Difference> {
    let fault = |fault: String| Difference::Fact { position, fault };
    canonical::check(bytes).map_err(|error| fault(error.to_string()))?;
    let recorded = Recorded::from_bytes(bytes).map_err(|error| fault(error.to_string()))?;
    if recorded.to_bytes() == bytes {
        Ok(recorded)
    } else {
        Err(fault("it reads differently than it was written".to_owned()))
    }
}

fn stored_subtrees(
    connection: &Connection,
    node: u32,
) -> Result<HashMap<(u8, u64), LeafHashes>, StoreError> {
    const ALL: &str = "SELECT level, place, hashes FROM nodes WHERE node = $1 \
                       ORDER BY level, place";
    let rows = query(connection, ALL, &[i64::from(node).into()], |row| {
        let hashes: Vec<u8> = row.get(2)?;
        let hashes = LeafHashes::from_bytes(&hashes)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(((row.get(0)?, row.get::<i64>(1)? as u64), hashes))
    })?;
    Ok(rows.into_iter().collect())
}

/// Stored checkpoints in the order in which the journal reaches them.
struct Signed {
    waiting: std::iter::Peekable<std::vec::IntoIter<(u64, Origin, String)>>,
    keys: BTreeMap<Origin, PublicKeys>,
    checked: u64,
    covered: u64,
    /// Whose checkpoints there were.
    with: BTreeSet<Origin>,
}

impl Signed {
    fn read(
        connection: &Connection,
        node: u32,
        options: &VerifyOptions,
    ) -> Result<Self, StoreError> {
        const ALL: &str = "SELECT size, epoch, text FROM checkpoints WHERE node = $1 \
                           ORDER BY size, epoch";
        const KEYS: &str = "SELECT text FROM journal_keys WHERE node = $1 ORDER BY epoch";
        let of_node = [i64::from(node).into()];
        let mut waiting = query(connection, ALL, &of_node, |row| {
            let origin = Origin { node, epoch: row.get(1)? };
            Ok((row.get::<i64>(0)? as u64, origin, row.get(2)?))
        })?;
        waiting.extend(options.checkpoints.iter().map(|signed| {
            let Checkpoint { origin, roots, .. } = signed.checkpoint;
            (roots.size, origin, signed.to_string())
        }));
        waiting.sort();
        let keys = query(connection, KEYS, &of_node, |row| row.get::<String>(0))?;
        let keys = keys.iter().filter_map(|text| text.parse::<PublicKeys>().ok());
        let keys = keys.map(|keys| (keys.origin, keys)).collect();
        let waiting = waiting.into_iter().peekable();
        Ok(Self { waiting, keys, checked: 0, covered: 0, with: BTreeSet::new() })
    }

    fn check(&mut self, frontier: &Frontier, options: &VerifyOptions) -> Result<(), Difference> {
        while let Some((size, origin, text)) =
            self.waiting.next_if(|(size, ..)| *size <= frontier.size())
        {
            let wrong = |fault: &str| Difference::Checkpoint { size, fault: fault.to_owned() };
            let signed: SignedCheckpoint =
                text.parse().map_err(|_| wrong("its text is not one"))?;
            let keys = options.keys_of(origin).or_else(|| self.keys.get(&origin));
            let keys = keys.ok_or_else(|| wrong("its keys are not known"))?;
            let checkpoint = signed.verify(keys).map_err(|error| wrong(&error.to_string()))?;
            if checkpoint.roots != frontier.roots() {
                return Err(wrong("other facts were signed"));
            }
            self.checked += 1;
            self.covered = size;
            self.with.insert(origin);
        }
        Ok(())
    }

    /// The size of a checkpoint that the journal did not reach.
    fn rest(&mut self) -> Option<u64> {
        self.waiting.peek().map(|(size, ..)| *size)
    }
}
