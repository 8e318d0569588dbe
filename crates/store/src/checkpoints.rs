//! Signed checkpoints of the journal, and receipts for acts.

use std::time::Duration;

use tongban_domain::{
    fact::StreamKind,
    ids::{ActId, ProjectId},
};
use tongban_journal::{
    Checkpoint, LeafProof, NodeKeys, Origin, PublicKeys, Receipt, SignedCheckpoint, inclusion,
};

use crate::{
    change::Change,
    engine::query,
    error::StoreError,
    node::{Store, lock},
    repeating::Repeating,
    streams::positions,
    tree::StoredTree,
};

/// While there is something new, the journal is signed this often.
const EVERY: Duration = Duration::from_secs(1);

impl Store {
    /// Which journal this is.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin { node: self.inner.node, epoch: self.inner.epoch }
    }

    /// The public keys of an epoch of this node, as they are published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn journal_keys(&self, epoch: u32) -> Result<Option<String>, StoreError> {
        const GET: &str = "SELECT text FROM journal_keys WHERE node = $1 AND epoch = $2";
        let values = [i64::from(self.inner.node).into(), i64::from(epoch).into()];
        let found = self.read(|connection| query(connection, GET, &values, |row| row.get(0)))?;
        Ok(found.into_iter().next())
    }

    /// Keeps the public keys of this epoch where everybody can read them.
    pub(crate) fn publish_keys(&self, keys: &NodeKeys) -> Result<PublicKeys, StoreError> {
        const KEEP: &str = "INSERT INTO journal_keys (node, epoch, text) VALUES ($1, $2, $3) \
                            ON CONFLICT (node, epoch) DO NOTHING";
        let origin = self.origin();
        let public = keys.public(origin);
        match self.journal_keys(origin.epoch)? {
            Some(known) if known == public.to_string() => {}
            Some(_) => return Err(StoreError::OtherKeys),
            None => {
                let (node, epoch) = (i64::from(origin.node), i64::from(origin.epoch));
                let mut change = Change::default();
                change.add(KEEP, vec![node.into(), epoch.into(), public.to_string().into()]);
                self.write(change)?;
            }
        }
        Ok(public)
    }

    /// The last checkpoint of this epoch.
    ///
    /// # Errors
    /// When the database fails.
    pub fn last_checkpoint(&self) -> Result<Option<SignedCheckpoint>, StoreError> {
        const LAST: &str = "SELECT text FROM checkpoints WHERE node = $1 AND epoch = $2 \
                            ORDER BY size DESC LIMIT 1";
        let values = [i64::from(self.inner.node).into(), i64::from(self.inner.epoch).into()];
        let found =
            self.read(|connection| query(connection, LAST, &values, |row| row.get::<String>(0)))?;
        let read = |text: String| {
            text.parse().map_err(|_| StoreError::Damaged("a stored checkpoint".to_owned()))
        };
        found.into_iter().next().map(read).transpose()
    }

    /// Signs the journal as it is, unless that was done.
    ///
    /// # Errors
    /// When the database or the key fails.
    pub fn sign_checkpoint(&self) -> Result<Option<SignedCheckpoint>, StoreError> {
        // Another process may have signed the same.
        const KEEP: &str = "INSERT INTO checkpoints (node, epoch, size, signed_at, text) \
                            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (node, epoch, size) DO NOTHING";
        let Some(writing) = &self.inner.writing else { return self.last_checkpoint() };
        // One at a time: the second finds what the first kept.
        let _alone = lock(&self.inner.signing_acts);
        let (roots, last) = (self.roots()?, self.last_checkpoint()?);
        if roots.size == 0 || last.is_some_and(|last| last.checkpoint.roots.size >= roots.size) {
            return Ok(last);
        }
        let origin = self.origin();
        let time = self.now().0;
        let signed = Checkpoint { origin, roots, time }.signed(&writing.keys)?;
        let mut change = Change::default();
        change.add(
            KEEP,
            vec![
                i64::from(origin.node).into(),
                i64::from(origin.epoch).into(),
                (roots.size as i64).into(),
                time.into(),
                signed.to_string().into(),
            ],
        );
        self.write(change)?;
        Ok(Some(signed))
    }

    pub(crate) fn start_signing(&self) -> Result<(), StoreError> {
        let Some(writing) = &self.inner.writing else { return Ok(()) };
        let sign = |store: &Self| store.sign_checkpoint().map(drop);
        *lock(&writing.signing) = Some(Repeating::start("checkpoints", self, EVERY, sign)?);
        Ok(())
    }

    /// The receipt of an act on a project: its facts, and the way of each to a signed root.
    ///
    /// # Errors
    /// When the database or the key fails. None when the project has no such act.
    pub fn receipt(&self, project: ProjectId, act: ActId) -> Result<Option<Receipt>, StoreError> {
        let facts =
            self.read(|connection| positions(connection, StreamKind::Project, project.as_bytes()))?;
        let facts: Vec<_> =
            facts.into_iter().filter(|(.., recorded)| recorded.envelope.act == act).collect();
        let Some((covered, _, last)) = facts.last() else { return Ok(None) };
        let (covered, node) = (*covered, last.envelope.node);
        let mut checkpoint = self.last_checkpoint()?;
        if checkpoint.is_none_or(|known| known.checkpoint.roots.size < covered) {
            checkpoint = self.sign_checkpoint()?;
        }
        let Some(checkpoint) = checkpoint else { return Ok(None) };
        let size = checkpoint.checkpoint.roots.size;
        self.read(|connection| {
            let mut tree = StoredTree { connection, node };
            let leaves = facts.into_iter().map(|(position, bytes, _)| {
                let leaf = position - 1;
                Ok(LeafProof { leaf, bytes, path: inclusion(&mut tree, leaf, size)? })
            });
            let leaves: Result<Vec<LeafProof>, StoreError> = leaves.collect();
            Ok(Some(Receipt { leaves: leaves?, checkpoint }))
        })
    }
}
