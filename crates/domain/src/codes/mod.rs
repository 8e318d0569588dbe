//! Identity codes with their check rules: organisations, persons, projects, licences.

mod licence_identity;
mod project_code;
mod resident_id;
mod uscc;

pub use licence_identity::{LicenceIdentity, LicenceIdentityError, LicenceKind};
pub use project_code::{ProjectCode, ProjectCodeError};
pub use resident_id::{ResidentId, ResidentIdError};
pub use uscc::{Uscc, UsccError};
