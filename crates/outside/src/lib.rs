//! What the node asks of systems of others, over HTTP with limits of time and size. Nothing here
//! knows the database; nobody waits for an answer from here before a decision.

mod client;
mod register;
mod system;
mod unified;

pub use client::{Asking, OutsideError};
pub use register::{Answer, HttpRegister, Question, Register, Said};
pub use system::{DepartmentSystem, HttpSystem, Task};
pub use unified::{
    ClaimNames, Identity, LoginSecrets, OpenIdProvider, ProviderAt, UnifiedLogin, Wanted,
};
