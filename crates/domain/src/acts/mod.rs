//! Acts: what people (and the node's timers) can do. Each is declared once, in
//! [`declarations`]; the server check, the buttons, the API, the permission matrix and the
//! messages come from that declaration.

mod act;
mod declarations;
mod hindrance;
mod name;
mod perform;

pub use act::{Act, Subject};
pub use declarations::{ACTS, Allowed, ClockEffect, Declaration, Party, Scope, declaration};
pub use name::{About, ActName};
pub use perform::{Context, Drafting, NumberKind, Performed, Supply, available, perform, register};

pub use crate::{
    application::{ApplicationAct, Submission},
    case::{CaseAct, Verdict},
    project::ProjectAct,
};
