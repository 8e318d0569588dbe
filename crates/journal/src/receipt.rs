//! Receipts (存证凭证): the facts of an act, the way from each to the signed roots. Whoever has the
//! node's public keys can check one without the node.

use std::{fmt, str::FromStr};

use base64ct::{Base64, Encoding as _};

use crate::{
    checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint},
    keys::PublicKeys,
    proof::{Hashing, leads_to},
    tree::{LeafHashes, leaf_hashes},
};

/// The first line.
const HEAD: &str = "tongban-receipt 1\n";

/// What stands before the checkpoint.
const CHECKPOINT: &str = "\ncheckpoint\n";

/// Longest text that is looked at: 16 MiB.
const LONGEST: usize = 16 << 20;

/// A fact and its way to the roots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafProof {
    /// Number of the leaf, from 0.
    pub leaf: u64,
    /// The canonical bytes of the fact.
    pub bytes: Vec<u8>,
    /// From the leaf upwards.
    pub path: Vec<LeafHashes>,
}

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The facts of the act, in order.
    pub leaves: Vec<LeafProof>,
    /// The roots that they lead to.
    pub checkpoint: SignedCheckpoint,
}

/// Why a receipt is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// It is not written as a receipt is.
    #[error("this is not a receipt, or it was changed")]
    Form,
    /// Its checkpoint is not good.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A fact does not lead to the signed roots.
    #[error("leaf {0} is not in the journal that was signed")]
    Leaf(u64),
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        for LeafProof { leaf, bytes, path } in &self.leaves {
            writeln!(f, "leaf {leaf} {}", Base64::encode_string(bytes))?;
            for step in path {
                writeln!(f, "sha256 {}", Base64::encode_string(&step.sha256))?;
            }
            for step in path {
                writeln!(f, "sm3 {}", Base64::encode_string(&step.sm3))?;
            }
        }
        write!(f, "checkpoint\n{}", self.checkpoint)
    }
}

impl FromStr for Receipt {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        if text.len() > LONGEST {
            return Err(ReceiptError::Form);
        }
        // What is written in another way than we write it is another text.
        read(text).filter(|read| read.to_string() == text).ok_or(ReceiptError::Form)
    }
}

fn read(text: &str) -> Option<Receipt> {
    let (head, checkpoint) = text.split_once(CHECKPOINT)?;
    let mut lines = head.lines().skip(1).peekable();
    let mut leaves = Vec::new();
    while let Some(line) = lines.next() {
        let (leaf, bytes) = line.strip_prefix("leaf ")?.split_once(' ')?;
        let (leaf, bytes) = (leaf.parse().ok()?, Base64::decode_vec(bytes).ok()?);
        let mut path = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with("sha256 ")) {
            let sha256 = hash(line.strip_prefix("sha256 ")?)?;
            path.push(LeafHashes { sm3: [0; 32], sha256 });
        }
        for step in &mut path {
            step.sm3 = hash(lines.next()?.strip_prefix("sm3 ")?)?;
        }
        leaves.push(LeafProof { leaf, bytes, path });
    }
    let rising = leaves.windows(2).all(|pair| pair[0].leaf < pair[1].leaf);
    if leaves.is_empty() || !rising {
        return None;
    }
    Some(Receipt { leaves, checkpoint: checkpoint.parse().ok()? })
}

fn hash(text: &str) -> Option<[u8; 32]> {
    Base64::decode_vec(text).ok()?.try_into().ok()
}

impl Receipt {
    /// Checks the signatures and the way of every fact.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn verify(&self, keys: &PublicKeys) -> Result<&Checkpoint, ReceiptError> {
        let checkpoint = self.checkpoint.verify(keys)?;
        let roots = &checkpoint.roots;
        for LeafProof { leaf, bytes, path } in &self.leaves {
            let own = leaf_hashes(bytes);
            let sha256: Vec<_> = path.iter().map(|step| step.sha256).collect();
            let sm3: Vec<_> = path.iter().map(|step| step.sm3).collect();
            let leads =
                leads_to(Hashing::Sha256, *leaf, roots.size, &own.sha256, &sha256, &roots.sha256)
                    && leads_to(Hashing::Sm3, *leaf, roots.size, &own.sm3, &sm3, &roots.sm3);
            if !leads {
                return Err(ReceiptError::Leaf(*leaf));
            }
        }
        Ok(checkpoint)
    }
}
