//! Checking a document (查验): is it what the authority signed, and does it hold today. For
//! everybody who holds it; the code on it cannot be guessed. Licences are found by their identity,
//! too: what was granted is public (行政许可法 art. 40).

use askama::Template;
use axum::{
    extract::{Multipart, Path, Query, State},
    http::header,
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::json;
use sm3::Digest as _;
use tongban_domain::{document::Force, project::Project};
use tongban_store::{FoundDocument, StoreError};

use crate::{
    app::App,
    components::Chip,
    error::{PageError, PageResult},
    forms::read_multipart,
    pages::{html, redirect, security_keys::hex},
    shell::{Desk, Frame, Shell},
    view::{force_chip, force_sentence},
    words,
};

#[derive(Deserialize, Default)]
pub(crate) struct VerifyQuery {
    #[serde(default)]
    code: String,
}

struct Edition {
    edition: u16,
    at: String,
    url: String,
    here: bool,
    chip: Chip,
}

struct Found {
    code: String,
    title: String,
    number: String,
    holds: bool,
    sentence: String,
    newer: Option<String>,
    issuer: String,
    issuer_code: String,
    owner: String,
    project: String,
    project_code: String,
    at: String,
    until: Option<String>,
    identity: Option<String>,
    edition: u16,
    editions: Vec<Edition>,
    signed: bool,
    sm3: String,
    /// Digest of the same as OFD.
    ofd: Option<String>,
}

#[derive(Template)]
#[template(path = "public/verify.html")]
struct VerifyPage {
    shell: Shell,
    /// What was typed, when nothing was found under it.
    asked: String,
    found: Option<Found>,
    /// Whether a file that was handed in is the original.
    copy: Option<bool>,
}

impl VerifyPage {
    /// Whether the file that was handed in is another one: then nothing on the page may look as
    /// if it held.
    fn is_changed(&self) -> bool {
        self.copy == Some(false)
    }
}

/// The form; with a code, on to what is known about it.
pub(crate) async fn verify(
    State(app): State<App>,
    frame: Frame,
    Query(query): Query<VerifyQuery>,
) -> PageResult {
    app.run(move |app| {
        let code = query.code.trim();
        if !code.is_empty()
            && let Some(known) = app.store().find_document(code)?
        {
            return Ok(redirect(&format!("/verify/{}", known.document.issued.document)));
        }
        let shell = frame.shell(Desk::Public);
        html(&VerifyPage { shell, asked: code.to_owned(), found: None, copy: None })
    })
    .await
}

/// What is known about a document.
pub(crate) async fn verify_document(
    State(app): State<App>,
    frame: Frame,
    Path(code): Path<String>,
) -> PageResult {
    app.run(move |app| page(app, &frame, &code, None)).await
}

/// Compares a file with the original. The file is not kept.
pub(crate) async fn verify_copy(
    State(app): State<App>,
    frame: Frame,
    Path(code): Path<String>,
    form: Multipart,
) -> PageResult {
    let (_, uploads) = read_multipart(form).await?;
    let Some(copy) = uploads.into_iter().next() else {
        return Err(PageError::BadRequest("请选择要核对的 PDF 或者 OFD 文件。".to_owned()));
    };
    app.run(move |app| page(app, &frame, &code, Some(&copy.content))).await
}

fn page(app: &App, frame: &Frame, code: &str, copy: Option<&[u8]>) -> PageResult {
    let shell = frame.shell(Desk::Public);
    let Some(known) = app.store().find_document(code)? else {
        return html(&VerifyPage { shell, asked: code.to_owned(), found: None, copy: None });
    };
    let sm3 = |bytes: &[u8]| -> [u8; 32] { sm3::Sm3::digest(bytes).into() };
    let files = || known.document.issued.files();
    let copy = copy.map(|bytes| files().any(|(file, _)| file.sm3 == sm3(bytes)));
    let found = Some(found(app, &known)?);
    html(&VerifyPage { shell, asked: String::new(), found, copy })
}

fn found(app: &App, known: &FoundDocument) -> Result<Found, PageError> {
    let FoundDocument { project, document } = known;
    let (issued, today) = (&document.issued, app.store().now().day());
    let force = document.force(project, today);
    let newer = match force {
        Force::Replaced(newer) => Some(format!("/verify/{newer}")),
        Force::Valid
        | Force::ToRecheck(_)
        | Force::Expired(_)
        | Force::Void(_)
        | Force::Cancelled(_)
        | Force::Revoked(_) => None,
    };
    Ok(Found {
        code: issued.document.to_string(),
        title: issued.title.clone(),
        number: issued.number.clone(),
        holds: force.holds(),
        sentence: if force.holds() && issued.until.is_some_and(|until| until < today) {
            "本文书有效：期限内已经开工，不再受开工期限约束。".to_owned()
        } else {
            force_sentence(force)
        },
        newer,
        issuer: issued.issuer.clone(),
        issuer_code: issued.issuer_code.as_ref().map_or(String::new(), ToString::to_string),
        owner: project.owner.name.clone(),
        project: project.name.clone(),
        project_code: project.code.to_string(),
        at: words::moment(document.at),
        until: issued.until.map(words::day),
        identity: issued.identity.as_ref().map(ToString::to_string),
        edition: issued.edition,
        editions: editions(project, known, today),
        signed: is_signed(app, known)?,
        sm3: hex(&issued.file.sm3),
        ofd: issued.ofd.as_ref().map(|ofd| hex(&ofd.file.sm3)),
    })
}

/// All editions, when there is more than one.
fn editions(
    project: &Project,
    known: &FoundDocument,
    today: tongban_domain::time::Day,
) -> Vec<Edition> {
    let own = &known.document.issued;
    let all = project
        .documents
        .iter()
        .filter(|it| (it.issued.kind, it.issued.subject) == (own.kind, own.subject));
    let all: Vec<Edition> = all
        .map(|it| Edition {
            edition: it.issued.edition,
            at: words::day(it.at.day()),
            url: format!("/verify/{}", it.issued.document),
            here: it.issued.document == own.document,
            chip: force_chip(it.force(project, today)),
        })
        .collect();
    if all.len() > 1 { all } else { Vec::new() }
}

/// Whether the stored files carry the signatures that are on record: checked anew each time.
fn is_signed(app: &App, known: &FoundDocument) -> Result<bool, PageError> {
    let issued = &known.document.issued;
    for (reference, signature) in issued.files() {
        let Some(file) = app.store().file(reference.file)? else { return Ok(false) };
        match app.store().content(&file) {
            Ok(content) if tongban_store::seal_fits(&issued.key, &content, signature) => {}
            Ok(_) | Err(StoreError::Damaged(_) | StoreError::File(_)) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

#[derive(Deserialize, Default)]
pub(crate) struct SignatureQuery {
    /// `ofd`, or the PDF.
    #[serde(default)]
    form: String,
}

/// The receipt of the act that issued it: the journal's proof that the node put this file, this key
/// and this signature on record. It holds nothing that the document does not show.
pub(crate) async fn document_receipt(
    State(app): State<App>,
    Path(code): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let store = app.store();
        let known = store.find_document(&code)?.ok_or(PageError::NotFound)?;
        let document = known.document.issued.document;
        let receipt = store.document_receipt(known.project.id, document)?;
        let receipt = receipt.ok_or(PageError::NotFound)?;
        let disposition = format!("attachment; filename=\"{document}.receipt.txt\"");
        let head = [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ];
        Ok((head, receipt.to_string()).into_response())
    })
    .await
}

/// The signature apart from its file, for checking without this node.
pub(crate) async fn signature(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(query): Query<SignatureQuery>,
) -> PageResult {
    app.run(move |app| {
        let known = app.store().find_document(&code)?.ok_or(PageError::NotFound)?;
        let issued = &known.document.issued;
        let place = usize::from(query.form == "ofd");
        let (file, value) = issued.files().nth(place).ok_or(PageError::NotFound)?;
        let signature = json!({
            "format": "tongban-document-signature/1",
            "document": issued.document.to_string(),
            "title": issued.title,
            "number": issued.number,
            "identity": issued.identity.as_ref().map(ToString::to_string),
            "issuer": issued.issuer,
            "size": file.size,
            "sm3": hex(&file.sm3),
            "algorithm": "SM2-SM3",
            "key": hex(&issued.key),
            "signature": hex(value),
        });
        let name = words::percent_encoded(&format!(
            "{}{}.sig.json",
            issued.document,
            if place == 1 { ".ofd" } else { "" }
        ));
        let disposition = format!("attachment; filename*=UTF-8''{name}");
        let head = [
            (header::CONTENT_TYPE, "application/json".to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ];
        let text = serde_json::to_string_pretty(&signature).unwrap_or_default();
        Ok((head, text + "\n").into_response())
    })
    .await
}
