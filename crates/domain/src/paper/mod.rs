//! Papers (材料) of a joint application: one set per stage, each in its slot.

mod figure;
mod library;
mod register;

pub use figure::PaperFigure;
use minicbor::{Decode, Encode};
pub(crate) use register::record_answer;
pub use register::{RegisterAnswer, RegisterAnswered};

use crate::{
    ids::{ApplicationId, CaseId, FileId, ProjectId},
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
    /// Handed in with an earlier application of this project: not asked for again.
    #[n(4)]
    Earlier(#[n(0)] ApplicationId, #[n(1)] FileReference),
    /// Chosen by the owner from what it handed in for another of its projects.
    #[n(5)]
    Library(#[n(0)] ProjectId, #[n(1)] FileReference),
    /// Uploaded by the owner in place of what would have been pulled, with a coded reason.
    #[n(6)]
    Instead(#[n(0)] FileReference, #[n(1)] String),
    /// The owner says with a coded reason that there is no such paper for this project; the window
    /// looks at it, and may ask for it all the same.
    #[n(7)]
    NotNeeded(#[n(0)] String),
}

impl Provenance {
    /// Stable key.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Uploaded(_) => "uploaded",
            Self::Result(_) => "result",
            Self::Awaited(_) => "awaited",
            Self::Register(_) => "register",
            Self::Earlier(..) => "earlier",
            Self::Library(..) => "library",
            Self::Instead(..) => "instead",
            Self::NotNeeded(_) => "not-needed",
        }
    }

    /// The file, when the owner handed one in.
    #[must_use]
    pub const fn file(&self) -> Option<&FileReference> {
        match self {
            Self::Uploaded(file)
            | Self::Earlier(_, file)
            | Self::Library(_, file)
            | Self::Instead(file, _) => Some(file),
            Self::Result(_) | Self::Awaited(_) | Self::Register(_) | Self::NotNeeded(_) => None,
        }
    }

    /// Whether nothing had to be prepared for it.
    #[must_use]
    pub const fn is_pulled(&self) -> bool {
        match self {
            Self::Result(_)
            | Self::Awaited(_)
            | Self::Register(_)
            | Self::Earlier(..)
            | Self::Library(..) => true,
            Self::Uploaded(_) | Self::Instead(..) | Self::NotNeeded(_) => false,
        }
    }

    /// Whether it could be another version, if the owner has one: it is the owner's own, or was to
    /// be.
    #[must_use]
    pub const fn is_owners(&self) -> bool {
        self.file().is_some() || matches!(self, Self::NotNeeded(_))
    }
}

/// How a file that comes with a submission was chosen, when it was not simply uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// From another project of the owner.
    Library(ProjectId),
    /// In place of what would be pulled, with a coded reason.
    Instead(String),
    /// Not at all, with a coded reason that the catalogue names for the paper.
    NotNeeded(String),
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
