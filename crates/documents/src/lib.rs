//! Certificates and notices (证照、文书): what they say, and the program that sets them.
//!
//! [`compose`] fills the wording of the pack with what the facts of a project say. A [`Typesetter`]
//! is a program beside the node that makes a file of it; the node does without it, and then no
//! document is made.

mod compose;
mod sheet;
mod sources;
mod typesetter;

pub use compose::{ComposeError, Composed, compose};
pub use sheet::{SetSheet, Sheet};
pub use sources::{Sources, sealed};
pub use typesetter::{SettingError, Typesetter};
