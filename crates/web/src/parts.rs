//! Large files that come in parts: begun, gone on with where the last part ended, and then named by
//! a form in the place of the file.

use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tongban_domain::ids::AccountId;
use tongban_store::{PartKept, PartialUpload};

use crate::{
    app::App,
    error::{PageError, PageResult},
    forms::{Typed, Upload},
    session::SignedIn,
};

/// Most bytes of a part.
pub(crate) const PART: usize = 4 << 20;

#[derive(Deserialize)]
pub(crate) struct SizeQuery {
    size: u64,
}

#[derive(Deserialize)]
pub(crate) struct AtQuery {
    at: u64,
}

fn told(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// Begins one of a size; gives its id and the size of its parts.
pub(crate) async fn begin(
    State(app): State<App>,
    who: SignedIn,
    Query(query): Query<SizeQuery>,
) -> PageResult {
    app.run(move |app| {
        let begun = app.store().begin_parts(who.0.id, query.size)?;
        let upload = begun.ok_or_else(|| {
            PageError::BadRequest("文件太大，或者没有传完的文件太多，请明天再试。".to_owned())
        })?;
        Ok(told(StatusCode::CREATED, &json!({ "id": upload.to_string(), "part": PART })))
    })
    .await
}

/// How much of it is there.
pub(crate) async fn there(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let upload: PartialUpload = id.parse().map_err(|()| PageError::NotFound)?;
        let at = app.store().parts_there(who.0.id, upload)?.ok_or(PageError::NotFound)?;
        Ok(told(StatusCode::OK, &json!({ "at": at })))
    })
    .await
}

/// One part; 409 with where to go on when it does not fit.
pub(crate) async fn add(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
    Query(query): Query<AtQuery>,
    part: Bytes,
) -> PageResult {
    if part.len() > PART {
        return Err(PageError::BadRequest("每一段最多 4 MB。".to_owned()));
    }
    app.run(move |app| {
        let upload: PartialUpload = id.parse().map_err(|()| PageError::NotFound)?;
        match app.store().add_part(who.0.id, upload, query.at, &part)? {
            PartKept::Now(at) => Ok(told(StatusCode::OK, &json!({ "at": at }))),
            PartKept::Elsewhere(at) => Ok(told(StatusCode::CONFLICT, &json!({ "at": at }))),
            PartKept::Unknown => Err(PageError::NotFound),
        }
    })
    .await
}

/// The files of a form: those that came with it, and those that came before it in parts, which a
/// field `parts:{field}` names, with the name of the file in `name:{field}`.
pub(crate) fn with_parts(
    app: &App,
    account: AccountId,
    typed: &Typed,
    mut uploads: Vec<Upload>,
) -> Result<Vec<Upload>, PageError> {
    let named: Vec<(String, String)> =
        typed.with_prefix("parts:").map(|(field, id)| (field.to_owned(), id.to_owned())).collect();
    for (field, id) in named {
        let upload: PartialUpload = id.parse().map_err(|()| unfinished())?;
        let content = app.store().whole_of_parts(account, upload)?.ok_or_else(unfinished)?;
        app.store().forget_parts(account, upload);
        let name = typed.get(&format!("name:{field}")).to_owned();
        uploads.push(Upload { field, name, content });
    }
    Ok(uploads)
}

fn unfinished() -> PageError {
    PageError::BadRequest("文件没有传完，请重新选择文件上传。".to_owned())
}
