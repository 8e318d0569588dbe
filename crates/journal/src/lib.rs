//! The verifiable journal: canonical bytes and the hash tree over them. No database.
//!
//! Facts are deterministic CBOR (RFC 8949 §4.2). It was chosen over RFC 8785 JSON because our
//! facts hold only integers, byte strings, texts and arrays: CBOR writes these in one way,
//! needs no number formatting rules, is a third of the size and is read an order of magnitude
//! faster, and a reader can be written in an afternoon in any language.

pub mod canonical;
mod tree;

pub use tree::{Frontier, LeafHashes, NodeHash, Roots, leaf_hashes};
