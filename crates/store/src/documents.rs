//! Documents of the authority: which are still to be made, putting one on record with its file and
//! its seal, and finding one by what is printed on it.

use std::sync::Arc;

use sm3::Digest as _;
use tongban_domain::{
    acts::Act,
    codes::{LicenceIdentity, Uscc},
    document::{Document, DocumentKind, DocumentSubject, Issued, OfdFile, Wanted},
    fact::Fact,
    ids::{DocumentId, FileId, ProjectId},
    permission::Actor,
    project::{Project, ProjectAct, ProjectFact},
    time::Instant,
};
use tongban_journal::Receipt;

use crate::{
    acts::{ActError, ActOptions, Acted},
    change::Change,
    engine::{Value, query, writer::Job},
    error::StoreError,
    files::{StoredFile, safe_name},
    node::Store,
    ofd,
    seals::SealHolder,
    ticket::Ticket,
};

/// Claims under which a document and a licence are found.
pub(crate) const DOCUMENT: &str = "document";
pub(crate) const LICENCE: &str = "licence";

/// A document that was set and is to be put on record.
#[derive(Debug, Clone)]
pub struct MadeDocument {
    /// The id that is printed on it.
    pub document: DocumentId,
    /// Title.
    pub title: String,
    /// Number.
    pub number: String,
    /// Identity of a licence.
    pub identity: Option<LicenceIdentity>,
    /// The body that issues it.
    pub issuer: String,
    /// Its code.
    pub issuer_code: Option<Uscc>,
    /// SM3 of the words.
    pub words: [u8; 32],
    /// The bytes of the PDF.
    pub pdf: Vec<u8>,
    /// The same pages as OFD, still to be sealed.
    pub ofd: Vec<u8>,
}

/// Why a document could not be made when it was tried last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentProblem {
    /// What for.
    pub kind: DocumentKind,
    /// About what.
    pub subject: DocumentSubject,
    /// Why, and what to do.
    pub sentence: String,
    /// When it was tried.
    pub at: Instant,
}

/// A document with the project it belongs to.
#[derive(Debug, Clone)]
pub struct FoundDocument {
    /// The project.
    pub project: Arc<Project>,
    /// The document.
    pub document: Arc<Document>,
}

fn subject_bytes(subject: DocumentSubject) -> [u8; 16] {
    match subject {
        DocumentSubject::Application(id) => *id.as_bytes(),
        DocumentSubject::Case(id) => *id.as_bytes(),
    }
}

impl Store {
    /// A fresh id for a document.
    #[must_use]
    pub fn new_document(&self) -> DocumentId {
        DocumentId::from_bytes(self.new_id())
    }

    /// Projects that call for documents: those somebody looked for, then those that began to call
    /// for one since a moment, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unmade(&self, since: Instant, most: usize) -> Result<Vec<ProjectId>, StoreError> {
        const ASKED: &str = "SELECT unmade.project FROM unmade JOIN documents_asked ON \
                             documents_asked.project = unmade.project \
                             ORDER BY documents_asked.at DESC, unmade.project LIMIT $1";
        const LATEST: &str = "SELECT project FROM unmade WHERE since >= $1 \
                              ORDER BY since DESC, project LIMIT $2";
        let most: Value = (most as i64).into();
        self.read(|connection| {
            let read = |row: &crate::engine::Row<'_>| Ok(ProjectId::from_bytes(row.get(0)?));
            let mut found = query(connection, ASKED, std::slice::from_ref(&most), read)?;
            let latest = query(connection, LATEST, &[since.0.into(), most], read)?;
            found.extend(latest);
            Ok(found)
        })
    }

    /// Somebody looks for documents of a project that were never made, such as those of years
    /// before there were any: they are made next.
    /// A wish, not a promise: a node that cannot write now goes on without it.
    pub fn ask_documents(&self, project: ProjectId) {
        if let Err(error) = self.wish_documents(project) {
            tracing::debug!(%project, %error, "documents could not be asked for");
        }
    }

    fn wish_documents(&self, project: ProjectId) -> Result<(), StoreError> {
        const ASKED: &str = "SELECT at FROM documents_asked WHERE project = $1";
        const ASK: &str = "INSERT INTO documents_asked (project, at) VALUES ($1, $2) \
                           ON CONFLICT (project) DO UPDATE SET at = excluded.at";
        const AGAIN: i64 = 600_000_000;
        let id: Value = project.as_bytes().into();
        let now = self.now();
        let asked = self.read(|connection| {
            query(connection, ASKED, std::slice::from_ref(&id), |row| row.get::<i64>(0))
        })?;
        if asked.first().is_some_and(|at| now.0 - at < AGAIN) {
            return Ok(());
        }
        let mut change = Change::default();
        change.add(ASK, vec![id, now.0.into()]);
        // Nobody waits for its flush.
        self.submit(Job { change, answer: Box::new(drop) })
    }

    /// Puts a document on record: flushes its file, seals it, and adds the fact.
    ///
    /// # Errors
    /// When it is not wanted any more, the seal is not to be had, or disk or database fail.
    pub fn issue_document(
        &self,
        project: &Project,
        wanted: &Wanted,
        made: MadeDocument,
    ) -> Result<Acted, ActError> {
        let sm3: [u8; 32] = sm3::Sm3::digest(&made.pdf).into();
        let holder = match wanted.subject {
            DocumentSubject::Application(_) => SealHolder::Window(project.region),
            DocumentSubject::Case(id) => {
                let case = project.cases.get(&id).ok_or(ActError::UnknownProject)?;
                SealHolder::Department(case.department)
            }
        };
        // A node that cannot act now would leave a file behind that nothing names.
        self.moment_of_act()?;
        if !self.is_writing() {
            return Err(StoreError::Stopped.into());
        }
        let writing = self.inner.writing.as_ref().ok_or(StoreError::OnlyLooking)?;
        let seal = writing.seals.seal(holder, &made.pdf)?;
        let sign = |bytes: &[u8]| Ok(writing.seals.seal(holder, bytes)?.signature);
        let ofd = ofd::sealed(&made.ofd, self.now(), sign)?;
        let ofd_sm3: [u8; 32] = sm3::Sm3::digest(&ofd).into();
        let ofd_seal = writing.seals.seal(holder, &ofd)?;
        self.write_content(&sm3, &made.pdf)?;
        self.write_content(&ofd_sm3, &ofd)?;
        let stored = |kind: &str, media: &str, bytes: &[u8], sm3| StoredFile {
            id: FileId::from_bytes(self.new_id()),
            name: safe_name(&format!("{} {}.{kind}", made.title, made.number)),
            media: media.to_owned(),
            size: bytes.len() as u64,
            sm3,
            project: project.id,
        };
        let file = stored("pdf", "application/pdf", &made.pdf, sm3);
        let ofd = stored("ofd", "application/ofd", &ofd, ofd_sm3);
        let issued = Issued {
            document: made.document,
            kind: wanted.kind,
            subject: wanted.subject,
            edition: wanted.edition,
            replaces: wanted.replaces,
            title: made.title,
            number: made.number,
            identity: made.identity,
            issuer: made.issuer,
            issuer_code: made.issuer_code,
            until: wanted.until,
            file: file.reference(),
            words: made.words,
            key: seal.key,
            signature: seal.signature,
            ofd: Some(OfdFile { file: ofd.reference(), signature: ofd_seal.signature }),
        };
        let act = Act::Project(ProjectAct::IssueDocument(Box::new(issued), wanted.since));
        let options = ActOptions { files: vec![file, ofd], ..ActOptions::default() };
        let done = self.act(project.id, &act, &Actor::timer(), options).and_then(Ticket::wait);
        match done {
            Ok(acted) => {
                self.forget_problem(project.id, wanted)?;
                Ok(acted)
            }
            // Nothing was written, and every document has bytes of its own: nothing names these.
            Err(
                error @ (ActError::Refused(_)
                | ActError::Changed
                | ActError::OutOfOrder(_)
                | ActError::UnknownProject
                | ActError::Store(StoreError::DiskFull)),
            ) => {
                self.remove_content(&sm3);
                self.remove_content(&ofd_sm3);
                Err(error)
            }
            // A commit that failed may be found done after a restart: the file stays.
            Err(error @ ActError::Store(_)) => Err(error),
        }
    }

    /// Finds a document by the code printed on it or by its identity as a licence.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find_document(&self, code: &str) -> Result<Option<FoundDocument>, StoreError> {
        const CLAIMED: &str = "SELECT stream FROM claims WHERE kind = $1 AND value = $2";
        let code = code.trim();
        let (kind, value) = if let Ok(id) = code.to_ascii_lowercase().parse::<DocumentId>() {
            (DOCUMENT, id.to_string())
        } else if let Ok(identity) = code.to_ascii_uppercase().parse::<LicenceIdentity>() {
            (LICENCE, identity.to_string())
        } else {
            return Ok(None);
        };
        let values = [kind.into(), value.as_str().into()];
        let found = self.read(|connection| {
            query(connection, CLAIMED, &values, |row| Ok(ProjectId::from_bytes(row.get(0)?)))
        })?;
        let Some(project) = found.first().map(|id| self.project(*id)).transpose()?.flatten() else {
            return Ok(None);
        };
        let document = project.documents.iter().find(|document| {
            let issued = &document.issued;
            issued.document.to_string() == value
                || issued.identity.as_ref().is_some_and(|identity| identity.as_str() == value)
        });
        let document = document.cloned();
        Ok(document.map(|document| FoundDocument { project: Arc::clone(&project), document }))
    }

    /// The receipt of the act that issued a document.
    ///
    /// # Errors
    /// When the database or signing fails.
    pub fn document_receipt(
        &self,
        project: ProjectId,
        document: DocumentId,
    ) -> Result<Option<Receipt>, StoreError> {
        let history = self.history(project)?;
        let act = history.iter().find_map(|recorded| match &recorded.fact {
            Fact::Project(ProjectFact::DocumentIssued(issued)) => {
                (issued.document == document).then_some(recorded.envelope.act)
            }
            Fact::Project(_)
            | Fact::Application(..)
            | Fact::Case(..)
            | Fact::PackPublished { .. }
            | Fact::Organisation(_)
            | Fact::Credit(_) => None,
        });
        act.map_or(Ok(None), |act| self.receipt(project, act))
    }

    /// Notes why a document could not be made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_document_problem(
        &self,
        project: ProjectId,
        wanted: &Wanted,
        sentence: &str,
    ) -> Result<(), StoreError> {
        const NOTE: &str = "INSERT INTO document_problems (project, kind, subject, sentence, at) \
                            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (project, kind, subject) \
                            DO UPDATE SET sentence = excluded.sentence, at = excluded.at";
        let mut change = Change::default();
        let subject = Value::Blob(subject_bytes(wanted.subject).to_vec());
        let kind = wanted.kind.key().into();
        let at = self.now().0.into();
        change.add(NOTE, vec![project.as_bytes().into(), kind, subject, sentence.into(), at]);
        self.write(change)
    }

    fn forget_problem(&self, project: ProjectId, wanted: &Wanted) -> Result<(), StoreError> {
        const FORGET: &str =
            "DELETE FROM document_problems WHERE project = $1 AND kind = $2 AND subject = $3";
        const NOTED: &str =
            "SELECT at FROM document_problems WHERE project = $1 AND kind = $2 AND subject = $3";
        let subject = Value::Blob(subject_bytes(wanted.subject).to_vec());
        let values = vec![project.as_bytes().into(), wanted.kind.key().into(), subject];
        let noted =
            self.read(|connection| query(connection, NOTED, &values, |row| row.get::<i64>(0)))?;
        if noted.is_empty() {
            return Ok(());
        }
        let mut change = Change::default();
        change.add(FORGET, values);
        self.write(change)
    }

    /// What keeps documents of a project from being made.
    ///
    /// # Errors
    /// When the database fails.
    pub fn document_problems(&self, id: ProjectId) -> Result<Vec<DocumentProblem>, StoreError> {
        const OF: &str = "SELECT kind, subject, sentence, at FROM document_problems \
                          WHERE project = $1 ORDER BY kind, subject";
        let rows = self.read(|connection| {
            query(connection, OF, &[id.as_bytes().into()], |row| {
                let kind: String = row.get(0)?;
                let subject: [u8; 16] = row.get(1)?;
                Ok((kind, subject, row.get::<String>(2)?, Instant(row.get(3)?)))
            })
        })?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let Some(project) = self.project(id)? else { return Ok(Vec::new()) };
        // What was made or is not called for any more is no problem.
        let problems =
            tongban_domain::document::wanted(&project).into_iter().filter_map(|wanted| {
                let own = (wanted.kind.key(), subject_bytes(wanted.subject));
                let row =
                    rows.iter().find(|(kind, subject, ..)| (kind.as_str(), *subject) == own)?;
                let (kind, subject) = (wanted.kind, wanted.subject);
                Some(DocumentProblem { kind, subject, sentence: row.2.clone(), at: row.3 })
            });
        Ok(problems.collect())
    }
}
