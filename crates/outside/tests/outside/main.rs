//! What is asked of systems of others, over real HTTP on loopback.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod registers;
#[path = "../support/stand_in.rs"]
mod stand_in;
mod unified;
