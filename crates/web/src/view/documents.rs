//! Documents of the authority as pages list them: to be downloaded, checked, or still to be made.

use tongban_domain::{
    document::{Document, DocumentSubject, Force, Wanted, wanted},
    ids::{ApplicationId, CaseId},
    project::Project,
    time::Day,
};
use tongban_store::{Store, StoreError};

use crate::{
    components::{Chip, ItemState},
    words,
};

/// A document that was made, or is called for.
pub(crate) struct DocumentLine {
    pub(crate) title: String,
    pub(crate) meta: String,
    pub(crate) chip: Chip,
    /// Where it is downloaded and checked; none while it is not made.
    pub(crate) made: Option<MadeLine>,
    /// What keeps it from being made.
    pub(crate) problem: Option<String>,
    at: tongban_domain::time::Instant,
    replaced: bool,
}

pub(crate) struct MadeLine {
    pub(crate) file: String,
    /// The same as OFD.
    pub(crate) ofd: Option<String>,
    pub(crate) verify: String,
}

/// Which documents a page lists.
#[derive(Clone, Copy)]
pub(crate) enum About {
    Project,
    Application(ApplicationId),
    Case(CaseId),
}

impl About {
    fn has(self, subject: DocumentSubject) -> bool {
        match self {
            Self::Project => true,
            Self::Application(id) => subject == DocumentSubject::Application(id),
            Self::Case(id) => subject == DocumentSubject::Case(id),
        }
    }
}

/// The documents about something, those that hold first, the latest first. One that was never
/// made, though called for long ago, is made because somebody looks for it.
pub(crate) fn document_lines(
    store: &Store,
    project: &Project,
    about: About,
) -> Result<Vec<DocumentLine>, StoreError> {
    let today = store.now().day();
    let made = project.documents.iter().filter(|document| about.has(document.issued.subject));
    let mut lines: Vec<DocumentLine> =
        made.map(|document| made_line(project, document, today)).collect();
    let missing: Vec<Wanted> =
        wanted(project).into_iter().filter(|wanted| about.has(wanted.subject)).collect();
    // Under a pack from before there were documents none is made.
    if !missing.is_empty() && !store.catalog()?.documents.is_empty() {
        store.ask_documents(project.id);
        let problems = store.document_problems(project.id)?;
        lines.extend(missing.iter().map(|wanted| {
            let own =
                problems.iter().find(|it| (it.kind, it.subject) == (wanted.kind, wanted.subject));
            missing_line(project, wanted, own.map(|problem| problem.sentence.clone()))
        }));
    }
    lines.sort_by_key(|line| (line.replaced, std::cmp::Reverse(line.at)));
    Ok(lines)
}

fn made_line(project: &Project, document: &Document, today: Day) -> DocumentLine {
    let issued = &document.issued;
    let force = document.force(project, today);
    let mut meta = format!("{} · {}", issued.number, words::day(document.at.day()));
    if issued.edition > 1 {
        meta.push_str(&format!(" · 第 {} 版", issued.edition));
    }
    if let Some(until) = issued.until {
        meta.push_str(&format!(" · 有效期至{}", words::day(until)));
    }
    DocumentLine {
        title: issued.title.clone(),
        meta,
        chip: force_chip(force),
        made: Some(MadeLine {
            file: format!("/files/{}", issued.file.file),
            ofd: issued.ofd.as_ref().map(|ofd| format!("/files/{}", ofd.file.file)),
            verify: format!("/verify/{}", issued.document),
        }),
        problem: None,
        at: document.at,
        replaced: matches!(force, Force::Replaced(_)),
    }
}

fn missing_line(project: &Project, wanted: &Wanted, problem: Option<String>) -> DocumentLine {
    let case = match wanted.subject {
        DocumentSubject::Application(_) => None,
        DocumentSubject::Case(id) => project.cases.get(&id),
    };
    let result = case.map(|case| case.opened.result.as_str()).filter(|result| !result.is_empty());
    let is_grant = wanted.kind == tongban_domain::document::DocumentKind::Grant;
    let title = result.filter(|_| is_grant).unwrap_or(wanted.kind.name());
    let number = case.and_then(|case| {
        case.decision.as_ref().and_then(|decided| decided.decision.document.clone())
    });
    let state = if problem.is_some() { ItemState::Fix } else { ItemState::Doing };
    let text = if problem.is_some() { "未制成" } else { "正在制作" };
    DocumentLine {
        title: title.to_owned(),
        meta: number.filter(|_| is_grant).unwrap_or_default(),
        chip: Chip::new(state, text),
        made: None,
        problem,
        at: wanted.since,
        replaced: false,
    }
}

/// Whether it holds, as a chip.
pub(crate) fn force_chip(force: Force) -> Chip {
    let state = match force {
        Force::Valid => ItemState::Done,
        Force::Replaced(_) => ItemState::NotNeeded,
        Force::ToRecheck(_) => ItemState::Fix,
        Force::Expired(_) | Force::Void(_) | Force::Cancelled(_) | Force::Revoked(_) => {
            ItemState::Refused
        }
    };
    Chip::new(state, force.name())
}

/// The same in a sentence, for whoever checks it.
pub(crate) fn force_sentence(force: Force) -> String {
    match force {
        Force::Valid => "本文书有效。".to_owned(),
        Force::Replaced(_) => "本文书已经换发，以新的版本为准。".to_owned(),
        Force::ToRecheck(since) => {
            format!("自{}起，开工前须经原审批部门重新审核。", words::day(since))
        }
        Force::Expired(on) => format!("有效期已于{}届满。", words::day(on)),
        Force::Void(since) => format!("自{}起依法失效。", words::day(since)),
        Force::Cancelled(on) => format!("已于{}注销，不再有效。", words::day(on)),
        Force::Revoked(on) => format!("已于{}撤销，不再有效。", words::day(on)),
    }
}
