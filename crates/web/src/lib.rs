//! Pages and the JSON API. Server-rendered, complete without scripts; each handler is a table
//! of contents: load what may be seen, read the input, act, answer.

mod act_input;
mod api;
mod app;
mod assets;
mod components;
mod device;
mod doors;
mod error;
mod forms;
mod from;
mod headers;
mod limits;
mod observe;
mod pages;
mod parts;
mod search;
mod session;
mod shell;
mod systems;
mod told;
mod unified;
mod view;
mod words;

pub use api::openapi_document;
pub use app::{App, SecondFactor, Settings, router, routes, serve};
pub use doors::{Door, Route};
pub use limits::Limits;
pub use observe::operations;
pub use unified::{Passwords, Unified};
