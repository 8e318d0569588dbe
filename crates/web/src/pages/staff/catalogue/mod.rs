//! The administrator's catalogue desk: versions, comparison, the working draft, its dry run and
//! publication.

mod compare;
mod draft;
mod dry_run;
mod import;
mod packs;
mod sheets;

pub(crate) use compare::compare;
pub(crate) use draft::{begin, discard, draft, edit, preview, publish, save};
pub(crate) use dry_run::{DryRuns, dry_run, start_dry_run};
pub(crate) use import::{export, import, preview_import};
pub(crate) use packs::packs;

use tongban_domain::{catalog::PackDigest, permission::Role};

use crate::{error::PageError, session::SignedIn};

/// Only who keeps the catalogue may change it; supervision may look.
fn keeper_only(who: &SignedIn) -> Result<(), PageError> {
    super::role_only(who, Role::Administrator)
}

fn hex(digest: &PackDigest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
