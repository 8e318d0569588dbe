//! A whole city in virtual time: owners, window clerks, officers and the law's own timers drive
//! the real acts of the node, day after day. It fills a demo with history and measures what the
//! system promises.
//!
//! Everything follows from one seed: there is one source of chance, no clock but the virtual
//! one, and no iteration over unordered maps. The same seed on an empty seeded node gives the
//! same journal root.
//!
//! Nothing here runs inside an async runtime: waiting for the disk blocks the thread.
// A new state, act or fact must be answered everywhere it matters.
#![warn(clippy::wildcard_enum_match_arm)]

mod answers;
mod apply;
mod case_turn;
mod cast;
mod city;
mod correction;
mod course;
mod dice;
mod error;
mod fate;
mod form;
mod gap;
mod hours;
mod life;
mod measure;
mod milestone;
mod nightly;
mod papers;
mod populate;
mod queue;
mod register;
mod showcase;
mod simulation;
mod sketch;
mod special;
mod story;
mod summary;
mod tally;
mod window;
mod withdrawal;
mod world;

pub use city::{City, DEMO_PASSWORD, Owner, Staff, Trade, found_city};
pub use error::SimulationError;
pub use simulation::{Options, Progress, Simulation};
pub use story::STORY_NAME;
pub use summary::{Approval, StoryReport, Summary};
