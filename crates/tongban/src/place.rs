//! Where a node is, as the commands are told.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use tongban_store::{Store, StoreError, SystemClock};

/// The data directory, and the database when it is not in there.
#[derive(Args)]
pub(crate) struct Place {
    /// The data directory.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// The PostgreSQL database of the node, such as `postgresql://tongban@/node?host=/run/postgresql`;
    /// without it SQLite in the data directory.
    #[arg(long)]
    pub(crate) database: Option<String>,
}

impl Place {
    /// The node, only looked at.
    pub(crate) fn look(&self) -> Result<Store, StoreError> {
        let clock = Arc::new(SystemClock { offset: 0 });
        Store::look_at(&self.data, self.database.as_deref(), clock)
    }
}
