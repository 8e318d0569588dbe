//! Putting a document on record.

use super::{Issued, wanted};
use crate::{acts::Drafting, project::ProjectFact, refusal::Refusal, time::Instant};

/// Takes a document that was made, when it is still the one that the facts call for.
pub(crate) fn issue(
    drafting: &mut Drafting<'_, '_>,
    issued: &Issued,
    since: Instant,
) -> Result<(), Refusal> {
    let is_wanted = wanted(&drafting.project).into_iter().any(|wanted| {
        (wanted.kind, wanted.subject, wanted.edition, wanted.replaces, wanted.until)
            == (issued.kind, issued.subject, issued.edition, issued.replaces, issued.until)
            // What happened while it was set is not in it.
            && wanted.since == since
    });
    if !is_wanted {
        return Err(Refusal::AlreadySo);
    }
    drafting.add_project(ProjectFact::DocumentIssued(Box::new(issued.clone())));
    Ok(())
}
