//! Acts: what people (and the node's timers) can do. Each is declared once, in
//! [`declarations`]; the server check, the buttons, the API, the permission matrix and the
//! messages come from that declaration.

mod act;
mod declarations;
mod hindrance;
mod perform;

pub use act::{About, Act, ActName, Subject, Verdict};
pub use declarations::{ACTS, Allowed, ClockEffect, Declaration, Party, Scope, declaration};
pub use perform::{Context, Drafting, NumberKind, Performed, Supply, available, perform, register};
