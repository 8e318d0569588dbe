//! The administrator's catalogue desk: versions, comparison, the working draft, its dry run and
//! publication.

mod compare;
mod draft;
mod dry_run;
mod import;
mod packs;
mod sheets;

pub(crate) use compare::compare;
pub(crate) use draft::{add_overlay, begin, discard, draft, edit, preview, publish, save};
pub(crate) use dry_run::{DryRuns, dry_run, start_dry_run};
pub(crate) use import::{export, import, preview_import};
pub(crate) use packs::packs;

use tongban_domain::catalog::PackDigest;

fn hex(digest: &PackDigest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
