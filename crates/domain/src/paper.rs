//! Papers (材料) of a joint application: one set per stage, each in its slot.

use minicbor::{Decode, Encode};

use crate::{
    ids::{CaseId, FileId},
    time::Instant,
};

/// An uploaded file as facts name it. Its name may be personal, so the vault keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FileReference {
    /// Opaque id; name and media type are looked up by it.
    #[n(0)]
    pub file: FileId,
    /// Size in bytes.
    #[n(1)]
    pub size: u64,
    /// SM3 of the content.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub sm3: [u8; 32],
}

/// Where the paper in a slot came from.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Provenance {
    /// Uploaded by the owner, or by a clerk for the owner.
    #[n(0)]
    Uploaded(#[n(0)] FileReference),
    /// The result of an earlier case on this platform: pulled, not asked for.
    #[n(1)]
    Result(#[n(0)] CaseId),
    /// Will be the result of an item that is still undecided; nothing to hand in.
    #[n(2)]
    Awaited(#[n(0)] String),
    /// To be looked up by the window in this outside register; nothing to hand in.
    #[n(3)]
    Register(#[n(0)] String),
}

/// A slot of the set.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Slot {
    /// Paper key.
    #[n(0)]
    pub paper: String,
    /// Name on the day of submission.
    #[n(1)]
    pub name: String,
    /// Items that ask for it.
    #[n(2)]
    pub items: Vec<String>,
    /// May follow after acceptance (可容缺).
    #[n(3)]
    pub deferrable: bool,
}

/// A paper put into a slot.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Provided {
    /// Paper key.
    #[n(0)]
    pub paper: String,
    /// Where it came from.
    #[n(1)]
    pub from: Provenance,
}

/// A slot with everything that was ever put into it, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledSlot {
    /// The slot.
    pub slot: Slot,
    /// Versions with the moment each was handed in.
    pub versions: Vec<(Instant, Provenance)>,
}

impl FilledSlot {
    /// The version that counts.
    #[must_use]
    pub fn current(&self) -> Option<&Provenance> {
        self.versions.last().map(|(_, from)| from)
    }
}
