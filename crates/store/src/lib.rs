//! The database of a node: append, fold cache, projections, timers, outbox, vault, accounts.
//!
//! Every write goes through one writer thread that commits what waits together in one
//! transaction (group commit) with full durability, and answers after the flush. Other crates
//! see verbs in domain words and never SQL.
// A new state, act or fact must be answered everywhere it matters.
#![warn(clippy::wildcard_enum_match_arm)]

mod access;
mod acts;
mod append;
mod backup;
mod change;
mod checkpoints;
mod clock;
mod credit;
mod database_error;
mod documents;
mod download;
mod drafts;
mod dry_run;
mod engine;
mod error;
mod figures;
mod files;
mod following;
mod hex;
mod keys;
mod node;
mod ofd;
mod opening;
mod options;
mod organisation;
mod pack_drafts;
mod pack_folder;
mod packs;
mod parts;
mod persons;
mod projection;
pub mod read;
mod registers;
mod renew;
mod repeating;
mod scanner;
mod seals;
mod streams;
mod supply;
mod systems;
mod ticket;
mod timers;
mod tree;
mod vault;
mod verify;

pub use access::{
    AccessEvent, AccessLine, Account, Entering, Guarded, Guess, LoginTicket, NewAccount,
    OneTimeSecret, Origin, PasswordFault, Recognised, RelyingParty, RunningSession, SecurityKey,
    Session, SessionId, SessionToken,
};
pub use acts::{ActError, ActOptions, Acted, Answer, Request};
pub use backup::restore;
pub use clock::{Clock, SystemClock, VirtualClock};
pub use database_error::DatabaseError;
pub use documents::{DocumentProblem, FoundDocument, MadeDocument};
pub use drafts::{Draft, DraftKind, DraftValues};
pub use dry_run::{DryRun, MoreAndLess, MovedDeadline};
pub use error::StoreError;
pub use figures::Figures;
pub use files::{FileError, Quota, StoredFile};
pub use node::Store;
pub use options::NodeOptions;
pub use pack_drafts::DraftFile;
pub use pack_folder::read_pack;
pub use packs::{Keeper, Publication};
pub use parts::{PartKept, PartialUpload};
pub use persons::Person;
pub use read::{Inbox, MessageSender};
pub use registers::{OpenQuestion, RegisterProblem};
pub use scanner::{ClamAv, Scanned, Scanner, ScannerElsewhere};
pub use seals::{Seal, SealHolder, SealService, seal_fits};
pub use systems::{NewTask, Place, Pushed};
pub use ticket::Ticket;
pub use timers::{DueTimer, TimerKind};
pub use tongban_inspect::{Activity, Danger};
pub use vault::{KeyUse, Renewed, add_person_key};
pub use verify::{Difference, Report, VerifyOptions};
