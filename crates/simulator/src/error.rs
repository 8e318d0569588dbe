//! What can stop a simulation.

use tongban_domain::{codes::UsccError, project::ValueError};
use tongban_store::{ActError, FileError, StoreError};

/// Why a simulation stopped. Refused acts do not stop it; the summary counts them.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// The node failed.
    #[error("the node failed")]
    Store(#[from] StoreError),
    /// An act could not be carried out or made durable.
    #[error("an act failed")]
    Act(#[from] ActError),
    /// A value made up for a form field does not fit it.
    #[error("the value made up for the field {field} does not fit")]
    Value {
        /// Key of the field.
        field: String,
        /// What is wrong with it.
        source: ValueError,
    },
    /// A paper made up for a project is not taken.
    #[error("the paper made up for a project is not taken")]
    Paper(#[from] FileError),
    /// A code made up for an organisation is wrong.
    #[error("the code made up for an organisation is wrong")]
    Code(#[from] UsccError),
    /// The catalogue or the city lacks something that no simulation can do without.
    #[error("there is no {0}")]
    Missing(String),
}
