//! Identity codes with their check rules: organisations, persons, projects.

mod project_code;
mod resident_id;
mod uscc;

pub use project_code::{ProjectCode, ProjectCodeError};
pub use resident_id::{ResidentId, ResidentIdError};
pub use uscc::{Uscc, UsccError};
