//! The law and the work of construction-project approval (工程建设项目审批), as pure functions.
//!
//! A project's life is a list of [facts](fact); folding them gives a [`project::Project`];
//! an [act](acts) looks at that state and answers with new facts or with a
//! [refusal](refusal::Refusal) in the law's words. Nothing here reads a clock, a file or a
//! database: time, randomness and the catalogue come in as arguments.
// A new state, act or fact must be answered everywhere it matters.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod acts;
pub mod application;
pub mod calendar;
pub mod case;
pub mod catalog;
pub mod clock;
pub mod codes;
pub mod credit;
pub mod document;
pub mod fact;
pub mod ids;
pub mod limit;
pub mod mode;
pub mod notice;
pub mod organisation;
pub mod paper;
pub mod permission;
pub mod project;
pub mod reason;
pub mod refusal;
pub mod sealed;
pub mod time;
