//! Login through what somebody else knows of a person (统一身份认证), and whether passwords open anything
//! beside it.

use std::{fmt, sync::Arc};

use tongban_outside::{LoginSecrets, UnifiedLogin};
use tongban_store::LoginTicket;

/// The unified login of a node.
#[derive(Clone)]
pub struct Unified {
    /// What people know it by, such as 江苏政务服务统一身份认证.
    pub name: String,
    /// Who vouches for people.
    pub provider: Arc<dyn UnifiedLogin>,
    /// Whether passwords open the node, too.
    pub passwords: Passwords,
}

/// Whether passwords open the node beside the unified login.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Passwords {
    /// They do.
    #[default]
    Accepted,
    /// They do not, nor does anybody prove with one who it is.
    Off,
}

impl fmt::Debug for Unified {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Unified")
            .field("name", &self.name)
            .field("passwords", &self.passwords)
            .finish_non_exhaustive()
    }
}

/// The secrets of a login, as the provider is told them.
pub(crate) fn secrets(ticket: &LoginTicket) -> LoginSecrets {
    let [state, nonce, verifier] = ticket.secrets.clone();
    LoginSecrets { state, nonce, verifier }
}
