//! Which documents a project calls for and does not have yet.

use super::{DocumentKind, DocumentSubject};
use crate::{
    application::Application,
    case::{Case, NationalState, Standing},
    ids::DocumentId,
    project::Project,
    time::{Day, Instant},
};

/// A document to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// What it is for.
    pub kind: DocumentKind,
    /// What it is about.
    pub subject: DocumentSubject,
    /// Which edition it will be.
    pub edition: u16,
    /// The edition it replaces.
    pub replaces: Option<DocumentId>,
    /// The last day it will hold.
    pub until: Option<Day>,
    /// Since when the facts call for it.
    pub since: Instant,
}

/// Every document that the facts call for and that was not made yet, in the order of applications
/// and cases.
#[must_use]
pub fn wanted(project: &Project) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for application in project.applications.values() {
        let subject = DocumentSubject::Application(application.id);
        let kinds = of_application(project, application);
        wanted.extend(kinds.into_iter().filter_map(|(kind, since)| {
            // Cases that are accepted later call for another edition of the notice.
            let known = project.latest_document(kind, subject);
            let is_whole = known.is_some_and(|known| known.at >= since);
            if is_whole { None } else { Some(next(project, kind, subject, (None, since))) }
        }));
    }
    for case in project.cases.values() {
        let subject = DocumentSubject::Case(case.opened.case);
        if let Some((kind, until)) = of_case(case) {
            let since = case.served.max(case.history.last().map(|step| step.at));
            let since = since.unwrap_or(case.received_at);
            wanted.extend(missing(project, kind, subject, (until, since)));
        }
    }
    wanted
}

fn of_application(project: &Project, application: &Application) -> Vec<(DocumentKind, Instant)> {
    let mut kinds = Vec::new();
    if let Some(correction) = &application.correction {
        kinds.push((DocumentKind::Correction, correction.at));
    }
    let accepted = |case: &Case| {
        let mut steps = case.history.iter();
        steps.find(|step| step.state == NationalState::Accepted).map(|step| step.at)
    };
    let last = project.cases_of(application).filter_map(|case| accepted(case)).max();
    if let Some(last) = last {
        kinds.push((DocumentKind::Acceptance, last));
    }
    kinds
}

/// A decision becomes paper when it is handed over (送达): until then the term of its result is
/// not known, and nobody but the departments reads it.
fn of_case(case: &Case) -> Option<(DocumentKind, Option<Day>)> {
    match case.standing {
        Standing::Passed | Standing::PassedWithGap if case.served.is_some() => {
            let number = case.decision.as_ref()?.decision.document.as_ref();
            let until = case.validity.as_ref().map(|validity| validity.until);
            number.map(|_| (DocumentKind::Grant, until))
        }
        Standing::Refused if case.served.is_some() => Some((DocumentKind::Refusal, None)),
        Standing::AcceptanceRefused => Some((DocumentKind::AcceptanceRefusal, None)),
        // The decision that was taken back may never have become paper; that it was taken back does.
        Standing::Revoked => Some((DocumentKind::Revocation, None)),
        Standing::Passed
        | Standing::PassedWithGap
        | Standing::Refused
        | Standing::Received
        | Standing::NeedsCorrection
        | Standing::Corrected
        | Standing::WithOfficer
        | Standing::WithReviewer
        | Standing::WithApprover
        | Standing::Paused
        | Standing::NotRequired
        | Standing::Withdrawn
        | Standing::Lapsed => None,
    }
}

/// The document, unless one that says the same is there.
fn missing(
    project: &Project,
    kind: DocumentKind,
    subject: DocumentSubject,
    (until, since): (Option<Day>, Instant),
) -> Option<Wanted> {
    let last = project.latest_document(kind, subject);
    let says_the_same = last.is_some_and(|last| last.issued.until == until);
    (!says_the_same).then(|| next(project, kind, subject, (until, since)))
}

/// The edition after those that are there.
fn next(
    project: &Project,
    kind: DocumentKind,
    subject: DocumentSubject,
    (until, since): (Option<Day>, Instant),
) -> Wanted {
    let last = project.latest_document(kind, subject).map(|document| &document.issued);
    let edition = last.map_or(1, |last| last.edition.saturating_add(1));
    let replaces = last.map(|last| last.document);
    Wanted { kind, subject, edition, replaces, until, since }
}
