//! Checkpoints (检查点): the roots of the journal, signed. A note of C2SP with a second root and a
//! second signature, so that readers of transparency logs and of the national algorithms both can
//! check it.

use std::{fmt, str::FromStr};

use base64ct::{Base64, Encoding as _};

use crate::{
    keys::{NodeKeys, PublicKey, PublicKeys, SigningFailed},
    tree::{NodeHash, Roots},
};

/// Which journal: a node in one epoch of its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Number of the node in the province.
    pub node: u32,
    /// Raised whenever the node is restored from a backup.
    pub epoch: u32,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tongban/{}/{}", self.node, self.epoch)
    }
}

impl FromStr for Origin {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let numbers = text.strip_prefix("tongban/").and_then(|rest| rest.split_once('/'));
        let (node, epoch) = numbers.ok_or(CheckpointError::Form)?;
        let read = |number: &str| number.parse().map_err(|_| CheckpointError::Form);
        let origin = Self { node: read(node)?, epoch: read(epoch)? };
        // Leading zeros and signs are another way of writing the same.
        if origin.to_string() == text { Ok(origin) } else { Err(CheckpointError::Form) }
    }
}

/// What a node says about its journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which journal.
    pub origin: Origin,
    /// Its size and roots.
    pub roots: Roots,
    /// When it was signed, microseconds since 1970-01-01 UTC.
    pub time: i64,
}

/// A checkpoint with its two signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What is signed.
    pub checkpoint: Checkpoint,
    /// Key id and signature by Ed25519.
    pub ed25519: ([u8; 4], [u8; 64]),
    /// Key id and signature by SM2.
    pub sm2: ([u8; 4], [u8; 64]),
}

/// Why a checkpoint is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is not written as a checkpoint is.
    #[error("this is not a checkpoint")]
    Form,
    /// It is of another node or epoch than the keys.
    #[error("the checkpoint is of another node or epoch than the keys")]
    Origin,
    /// A signature does not verify.
    #[error("a signature of the checkpoint is not by the holder of the keys")]
    Signature,
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Roots { size, sm3, sha256 } = &self.roots;
        let (sm3, sha256) = (Base64::encode_string(sm3), Base64::encode_string(sha256));
        write!(f, "{}\n{size}\n{sha256}\nsm3 {sm3}\ntime {}\n", self.origin, self.time)
    }
}

impl Checkpoint {
    /// Signs it.
    ///
    /// # Errors
    /// When a key cannot sign.
    pub fn signed(self, keys: &NodeKeys) -> Result<SignedCheckpoint, SigningFailed> {
        let text = self.to_string();
        let sign = |signer: &dyn crate::keys::Signer| {
            Ok((signer.public().id(&self.origin), signer.sign(text.as_bytes())?))
        };
        let (ed25519, sm2) = (sign(&*keys.ed25519)?, sign(&*keys.sm2)?);
        Ok(SignedCheckpoint { checkpoint: self, ed25519, sm2 })
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.checkpoint.origin;
        writeln!(f, "{}", self.checkpoint)?;
        for (id, signature) in [&self.ed25519, &self.sm2] {
            let both = [id.as_slice(), signature].concat();
            writeln!(f, "— {origin} {}", Base64::encode_string(&both))?;
        }
        Ok(())
    }
}

impl FromStr for SignedCheckpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        read(text).filter(|read| read.to_string() == text).ok_or(CheckpointError::Form)
    }
}

/// Reads loosely; the caller compares what would be written with what was read.
fn read(text: &str) -> Option<SignedCheckpoint> {
    let mut lines = text.lines();
    let origin: Origin = lines.next()?.parse().ok()?;
    let size = lines.next()?.parse().ok()?;
    let sha256 = root(lines.next()?)?;
    let sm3 = root(lines.next()?.strip_prefix("sm3 ")?)?;
    let time = lines.next()?.strip_prefix("time ")?.parse().ok().filter(|time| *time >= 0)?;
    lines.next()?;
    let mut signature = || {
        let (_, both) = lines.next()?.rsplit_once(' ')?;
        let both = Base64::decode_vec(both).ok()?;
        let (id, signature) = both.split_first_chunk::<4>()?;
        Some((*id, signature.try_into().ok()?))
    };
    let (ed25519, sm2) = (signature()?, signature()?);
    let checkpoint = Checkpoint { origin, roots: Roots { size, sm3, sha256 }, time };
    Some(SignedCheckpoint { checkpoint, ed25519, sm2 })
}

fn root(text: &str) -> Option<NodeHash> {
    Base64::decode_vec(text).ok()?.try_into().ok()
}

impl SignedCheckpoint {
    /// Checks both signatures.
    ///
    /// # Errors
    /// When the keys are another's, or did not sign this.
    pub fn verify(&self, keys: &PublicKeys) -> Result<&Checkpoint, CheckpointError> {
        let origin = self.checkpoint.origin;
        if keys.origin != origin {
            return Err(CheckpointError::Origin);
        }
        let text = self.checkpoint.to_string();
        let good = |key: &PublicKey, (id, signature): &([u8; 4], [u8; 64])| {
            key.id(&origin) == *id && key.verifies(text.as_bytes(), signature)
        };
        if good(&keys.ed25519, &self.ed25519) && good(&keys.sm2, &self.sm2) {
            Ok(&self.checkpoint)
        } else {
            Err(CheckpointError::Signature)
        }
    }
}
