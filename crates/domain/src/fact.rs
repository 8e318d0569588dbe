//! Facts and the envelope they travel in.
//!
//! The canonical bytes of a fact are deterministic CBOR (RFC 8949 §4.2): definite-length
//! arrays in the order of the field numbers, shortest integers, no maps with unordered keys, no
//! floats. A new version of a fact is a new variant number; numbers are never reused and
//! readers of old numbers stay for ever.

use minicbor::{Decode, Encode};

use crate::{
    acts::ActName,
    application::ApplicationFact,
    calendar::CalendarDigest,
    case::CaseFact,
    catalog::PackDigest,
    credit::CreditFact,
    ids::{AccountId, ActId, ApplicationId, CaseId, DepartmentId},
    organisation::OrganisationFact,
    permission::Role,
    project::ProjectFact,
    time::{Day, Instant},
};

/// Which kind of stream a fact belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum StreamKind {
    /// All facts of one construction project.
    #[n(0)]
    Project,
    /// Publications of catalogue packs.
    #[n(1)]
    Catalogue,
    /// Departments, offices and mandates.
    #[n(2)]
    Organisation,
    /// What is on record about one subject of credit.
    #[n(3)]
    Credit,
}

/// The name of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct StreamId {
    /// Kind.
    #[n(0)]
    pub kind: StreamKind,
    /// The id of the project, or zeros for the one stream of the other kinds.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub id: [u8; 16],
}

/// How an act reached the system (办理渠道).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Channel {
    /// The web pages.
    #[n(0)]
    Web,
    /// A phone.
    #[n(1)]
    Phone,
    /// A hall kiosk.
    #[n(2)]
    Kiosk,
    /// At a window, entered by a clerk.
    #[n(3)]
    Window,
    /// A department's own system.
    #[n(4)]
    DepartmentSystem,
    /// An import.
    #[n(5)]
    Import,
    /// A timer of this node.
    #[n(6)]
    Timer,
    /// By hand in the web pages, for a department whose own system should have brought it (补录).
    #[n(7)]
    Retyped,
}

impl Channel {
    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Web => "网上",
            Self::Phone => "手机",
            Self::Kiosk => "自助机",
            Self::Window => "窗口",
            Self::DepartmentSystem => "部门系统",
            Self::Import => "导入",
            Self::Timer => "系统到期处理",
            Self::Retyped => "人工补录",
        }
    }
}

/// Who acted, in which office at that time.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ActorStamp {
    /// The account; none for a timer.
    #[n(0)]
    pub account: Option<AccountId>,
    /// The role that allowed the act.
    #[n(1)]
    pub role: Role,
    /// The department acted for.
    #[n(2)]
    pub department: Option<DepartmentId>,
}

/// Everything about a fact but the fact itself.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Envelope {
    /// The node that wrote it.
    #[n(0)]
    pub node: u32,
    /// Raised when a node is restored from a backup.
    #[n(1)]
    pub epoch: u32,
    /// The node where the fact arose, when it came by exchange.
    #[n(2)]
    pub origin: u32,
    /// The stream.
    #[n(3)]
    pub stream: StreamId,
    /// Place in the stream, from 1, without gaps.
    #[n(4)]
    pub version: u64,
    /// All facts of one act share this.
    #[n(5)]
    pub act: ActId,
    /// Who.
    #[n(6)]
    pub actor: ActorStamp,
    /// How.
    #[n(7)]
    pub channel: Channel,
    /// The coded reason why a person had to appear; none when nobody had to.
    #[n(8)]
    pub visit: Option<String>,
    /// The system it came from, when not this one.
    #[n(9)]
    pub source_system: Option<String>,
    /// When it was recorded.
    #[n(10)]
    pub recorded_at: Instant,
    /// When it is claimed to have happened, when that differs.
    #[n(11)]
    pub claimed_at: Option<Instant>,
    /// The pack in force.
    #[n(12)]
    #[cbor(with = "minicbor::bytes")]
    pub catalog: PackDigest,
    /// The calendar in force.
    #[n(13)]
    #[cbor(with = "minicbor::bytes")]
    pub calendar: CalendarDigest,
    /// Which act it was.
    #[n(14)]
    pub act_name: ActName,
}

/// A fact of any stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Fact {
    /// About the project as a whole.
    #[n(0)]
    Project(#[n(0)] ProjectFact),
    /// About one joint application.
    #[n(1)]
    Application(#[n(0)] ApplicationId, #[n(1)] ApplicationFact),
    /// About one case.
    #[n(2)]
    Case(#[n(0)] CaseId, #[n(1)] CaseFact),
    /// A pack was published.
    #[n(3)]
    PackPublished {
        /// Digest under which the node stores it.
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        digest: PackDigest,
        /// Its version.
        #[n(1)]
        version: String,
        /// First day in force; not in the oldest facts, which were in force at once.
        #[n(2)]
        effective_from: Option<Day>,
    },
    /// About departments and offices.
    #[n(4)]
    Organisation(#[n(0)] OrganisationFact),
    /// About the credit of an owner.
    #[n(5)]
    Credit(#[n(0)] CreditFact),
}

/// A fact with its envelope: what the journal hashes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Recorded {
    /// Version of this whole layout, 1.
    #[n(0)]
    pub layout: u8,
    /// The envelope.
    #[n(1)]
    pub envelope: Envelope,
    /// The fact.
    #[n(2)]
    pub fact: Fact,
}

/// The layout version written today.
pub const LAYOUT: u8 = 1;

/// The bytes are not a fact that this program can read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are not a fact of a known layout: {0}")]
pub struct Unreadable(pub String);

impl Recorded {
    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Writing into a Vec cannot fail, and no custom encoder of ours returns an error.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// When they are not a fact of a known layout.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let read: Self = minicbor::decode(bytes).map_err(|error| Unreadable(error.to_string()))?;
        if read.layout != LAYOUT {
            return Err(Unreadable(format!("layout {} is newer than this program", read.layout)));
        }
        Ok(read)
    }
}
