//! Uploaded files, served as attachments from a path that knows no session, to those who may see
//! their project.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use tongban_domain::{ids::FileId, permission::Standpoint};
use tongban_store::StoredFile;

use crate::{
    app::App,
    error::{PageError, PageResult},
    pages::redirect,
    session::SignedIn,
    words,
};

/// Sends whoever may see the file to its content.
pub(crate) async fn file(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let file = visible(app, &who, &id)?;
        let pass = app.store().download_pass(file.id)?;
        let host = app.settings().files.as_deref().unwrap_or_default().trim_end_matches('/');
        Ok(redirect(&format!("{host}/content/{pass}")))
    })
    .await
}

/// The content, for whoever has a pass: what somebody uploaded is answered to no session.
pub(crate) async fn content(State(app): State<App>, Path(pass): Path<String>) -> PageResult {
    app.run(move |app| {
        let file = app.store().file_of_pass(&pass)?.ok_or(PageError::NotFound)?;
        attachment(app, file)
    })
    .await
}

/// The file with its content, for programs: they have no cookies.
pub(crate) fn file_of(app: &App, who: &SignedIn, id: &str) -> PageResult {
    attachment(app, visible(app, who, id)?)
}

/// A file, if this person may see its project.
fn visible(app: &App, who: &SignedIn, id: &str) -> Result<StoredFile, PageError> {
    let id: FileId = id.parse().map_err(|_| PageError::NotFound)?;
    let file = app.store().file(id)?.ok_or(PageError::NotFound)?;
    let project = app.store().project(file.project)?.ok_or(PageError::NotFound)?;
    let (store, actor, catalog) = (app.store(), who.actor(), app.catalog()?);
    let (organisation, today) = (store.organisation(), store.now().day());
    let at = Standpoint { actor: &actor, catalog: &catalog, organisation: &organisation, today };
    // What a department put on file is its own, and not the owner's.
    let mut filed = project.cases.values().flat_map(|case| &case.filed);
    let is_inside = filed.any(|paper| paper.file.file == file.id);
    let may = at.may_see(&project) && (who.is_staff() || !is_inside);
    if may { Ok(file) } else { Err(PageError::NotFound) }
}

fn attachment(app: &App, file: StoredFile) -> Result<Response, PageError> {
    let content = app.store().content(&file)?;
    let disposition =
        format!("attachment; filename*=UTF-8''{}", words::percent_encoded(&file.name));
    let head = [(header::CONTENT_TYPE, file.media), (header::CONTENT_DISPOSITION, disposition)];
    Ok((head, content).into_response())
}
