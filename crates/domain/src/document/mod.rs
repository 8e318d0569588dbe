//! Documents of the authority (电子文书、电子证照): notices, decisions and licences. Which of them a
//! project calls for follows from its facts; one that was made, sealed and signed is a fact.

mod force;
mod form;
mod issue;
mod wanted;

use minicbor::{Decode, Encode};

pub use force::Force;
pub use form::{DocumentForm, Layout, PLACEHOLDERS, Placeholder, PlaceholderError, Wording};
pub(crate) use issue::issue;
pub use wanted::{Wanted, wanted};

use crate::{
    codes::{LicenceIdentity, Uscc},
    ids::{ApplicationId, CaseId, DocumentId},
    paper::FileReference,
    time::{Day, Instant},
};

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum DocumentKind {
    /// 受理通知书.
    #[n(0)]
    Acceptance,
    /// 一次性补正告知书.
    #[n(1)]
    Correction,
    /// 不予受理决定书.
    #[n(2)]
    AcceptanceRefusal,
    /// The decision in the owner's favour, or the licence that says so (准予决定、许可证).
    #[n(3)]
    Grant,
    /// 不予行政许可决定书.
    #[n(4)]
    Refusal,
    /// 撤销决定书.
    #[n(5)]
    Revocation,
}

impl DocumentKind {
    /// All, in order.
    pub const ALL: [Self; 6] = [
        Self::Acceptance,
        Self::Correction,
        Self::AcceptanceRefusal,
        Self::Grant,
        Self::Refusal,
        Self::Revocation,
    ];

    /// Stable name for the catalogue.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Correction => "correction",
            Self::AcceptanceRefusal => "acceptance-refusal",
            Self::Grant => "grant",
            Self::Refusal => "refusal",
            Self::Revocation => "revocation",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acceptance => "受理通知书",
            Self::Correction => "补正告知书",
            Self::AcceptanceRefusal => "不予受理决定书",
            Self::Grant => "结果文件",
            Self::Refusal => "不予许可决定书",
            Self::Revocation => "撤销决定书",
        }
    }
}

/// What a document is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum DocumentSubject {
    /// A joint application.
    #[n(0)]
    Application(#[n(0)] ApplicationId),
    /// A case.
    #[n(1)]
    Case(#[n(0)] CaseId),
}

/// A document that was made, as its fact carries it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Issued {
    /// Its id; anybody who holds the document checks it under this.
    #[n(0)]
    pub document: DocumentId,
    /// What it is for.
    #[n(1)]
    pub kind: DocumentKind,
    /// What it is about.
    #[n(2)]
    pub subject: DocumentSubject,
    /// 1 for the first; each renewal counts on.
    #[n(3)]
    pub edition: u16,
    /// The edition that it replaces.
    #[n(4)]
    pub replaces: Option<DocumentId>,
    /// Title, such as 建筑工程施工许可证.
    #[n(5)]
    pub title: String,
    /// 文号 or 证照编号.
    #[n(6)]
    pub number: String,
    /// Identity of an electronic licence (电子证照标识); none for letters.
    #[n(7)]
    pub identity: Option<LicenceIdentity>,
    /// Name of the body that issues it.
    #[n(8)]
    pub issuer: String,
    /// Its unified social credit code, where that is on record.
    #[n(9)]
    pub issuer_code: Option<Uscc>,
    /// The last day it holds; none without a term.
    #[n(10)]
    pub until: Option<Day>,
    /// The file.
    #[n(11)]
    pub file: FileReference,
    /// SM3 of the words from which the file was set; the same words give the same file.
    #[n(12)]
    #[cbor(with = "minicbor::bytes")]
    pub words: [u8; 32],
    /// The public SM2 key of the seal (0x04 ‖ x ‖ y).
    #[n(13)]
    #[cbor(with = "minicbor::bytes")]
    pub key: [u8; 65],
    /// SM2 with SM3 over the bytes of the file (r ‖ s, GB/T 32918.2).
    #[n(14)]
    #[cbor(with = "minicbor::bytes")]
    pub signature: [u8; 64],
    /// The same as OFD; documents from before there was any have none.
    #[n(15)]
    pub ofd: Option<OfdFile>,
}

/// A document in the form of GB/T 33190 (OFD, 开放版式文档), under the same seal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct OfdFile {
    /// The file.
    #[n(0)]
    pub file: FileReference,
    /// SM2 with SM3 over its bytes (r ‖ s, GB/T 32918.2), beside the signature that it carries.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

impl Issued {
    /// Its files, each with the signature over its bytes.
    pub fn files(&self) -> impl Iterator<Item = (&FileReference, &[u8; 64])> {
        let pdf = (&self.file, &self.signature);
        std::iter::once(pdf).chain(self.ofd.iter().map(|ofd| (&ofd.file, &ofd.signature)))
    }
}

/// A document of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What its fact says.
    pub issued: Issued,
    /// When it was made.
    pub at: Instant,
}
