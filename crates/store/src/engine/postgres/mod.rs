//! PostgreSQL: a node whose processes share one database.
//!
//! Reading and deciding go on beside each other. Writing is one after the other: whoever appends
//! holds the row with the edge of the tree, so positions have no gaps and the tree one edge, and
//! what was decided on an older state of a project is found before it is written.

mod bulk;
mod encryption;
mod server;
mod session;
mod writing;

pub(crate) use server::Server;
pub(crate) use session::Session;
pub(crate) use writing::Writing;
