//! Journeys through the pages and the API, without a browser.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod access;
mod administration;
mod agents;
mod consultation;
mod doors;
mod downloads;
mod filing;
mod handling;
mod logins;
mod parts;
mod persons;
mod proofs;
mod public;
mod registers;
mod security_keys;
#[path = "../support/mod.rs"]
mod support;
mod systems;
mod unified;
