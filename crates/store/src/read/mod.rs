//! What pages ask of the projections.

mod applications;
mod cases;
mod messages;
mod projects;

#[cfg(test)]
pub(crate) use cases::made_statements;

pub use applications::ApplicationRow;
pub use cases::{CaseRow, MOST_COUNTED, QueueFilter, QueueView};
pub(crate) use messages::message_of;
pub use messages::{Inbox, MessageRow, MessageSender};
pub use projects::ProjectRow;
