//! Who comes in: accounts with their passwords and second factors, sessions, and what was done to
//! them. Plain tables, outside the journal.

mod accounts;
mod events;
mod guesses;
mod one_time;
mod security;
mod security_keys;
mod sessions;
mod unified;

pub use accounts::{Account, NewAccount};
pub use events::{AccessEvent, AccessLine};
pub use guesses::{Guarded, Guess};
pub use one_time::OneTimeSecret;
pub use security::PasswordFault;
pub use security_keys::{RelyingParty, SecurityKey};
pub(crate) use sessions::KnownSessions;
pub use sessions::{Origin, RunningSession, Session, SessionId, SessionToken};
pub use unified::{Entering, LoginTicket, Recognised};
