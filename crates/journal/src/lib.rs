//! The verifiable journal: canonical bytes, the hash tree over them, signed checkpoints, proofs and
//! receipts. No database. `docs/RECEIPTS.md` describes what leaves this crate.
//!
//! Facts are deterministic CBOR (RFC 8949 §4.2). It was chosen over RFC 8785 JSON because our
//! facts hold only integers, byte strings, texts and arrays: CBOR writes these in one way,
//! needs no number formatting rules, is a third of the size and is read an order of magnitude
//! faster, and a reader can be written in an afternoon in any language.

pub mod canonical;
mod checkpoint;
mod keys;
mod proof;
mod receipt;
mod tree;

pub use checkpoint::{Checkpoint, CheckpointError, Origin, SignedCheckpoint};
pub use keys::{
    Algorithm, KeyError, NodeKeys, PublicKey, PublicKeys, Signer, SigningFailed, seal_signer,
};
pub use proof::{Hashing, NodeSource, consistency, inclusion, leads_to, prefix_of};
pub use receipt::{LeafProof, Receipt, ReceiptError};
pub use tree::{Damaged, Frontier, LeafHashes, NodeHash, Roots, leaf_hashes};
