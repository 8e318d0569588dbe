//! Uploaded files, served as attachments to those who may see their project.

use axum::{
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use tongban_domain::{ids::FileId, permission::Standpoint};

use crate::{
    app::App,
    error::{PageError, PageResult},
    session::SignedIn,
    words,
};

pub(crate) async fn file(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| attachment(app, &who, &id)).await
}

/// The file, if this person may see its project.
pub(crate) fn attachment(app: &App, who: &SignedIn, id: &str) -> PageResult {
    let id: FileId = id.parse().map_err(|_| PageError::NotFound)?;
    let file = app.store().file(id)?.ok_or(PageError::NotFound)?;
    let project = app.store().project(file.project)?.ok_or(PageError::NotFound)?;
    let (store, actor, catalog) = (app.store(), who.actor(), app.catalog()?);
    let (organisation, today) = (store.organisation(), store.now().day());
    let at = Standpoint { actor: &actor, catalog: &catalog, organisation: &organisation, today };
    if !at.may_see(&project) {
        return Err(PageError::NotFound);
    }
    let content = app.store().content(&file)?;
    let disposition =
        format!("attachment; filename*=UTF-8''{}", words::percent_encoded(&file.name));
    let head = [(header::CONTENT_TYPE, file.media), (header::CONTENT_DISPOSITION, disposition)];
    Ok((head, content).into_response())
}
