//! Files of the API: taken for a paper or for a case, and given out.

use axum::{
    body::Bytes,
    extract::{Path, Query, State},
};
use serde::Deserialize;
use serde_json::json;
use tongban_domain::acts::{ActName, Subject};
use tongban_store::{FileError, StoredFile};

use super::{
    answer::{ApiResult, Caller, ok},
    writes::{run, wrong},
};
use crate::{
    app::App,
    error::PageError,
    pages::{
        owner_pages::{Look, loading},
        public_pages::file_of,
    },
    words,
};

#[derive(Deserialize)]
pub(crate) struct FileQuery {
    name: String,
    paper: String,
}

/// Takes a file for a paper; its id goes into a submission. Taking the same content again gives
/// another id and stores nothing twice.
pub(crate) async fn keep_file(
    State(app): State<App>,
    Caller(who): Caller,
    Path(id): Path<String>,
    Query(query): Query<FileQuery>,
    body: Bytes,
) -> ApiResult {
    run(app, move |app| {
        let loaded = loading::load(app, &who, id.parse().ok(), Look::Act)?;
        if !loaded.may_bring() {
            return Err(PageError::WrongDesk.into());
        }
        let paper = loaded.names.catalog.papers.get(&query.paper).ok_or(PageError::NotFound)?;
        let project = loaded.project.id;
        let (accept, most) = (&paper.accept, paper.max_mb);
        let store = app.store();
        kept(store.keep_file(project, None, &query.name, &body, accept, most)?, &query.paper)
    })
    .await
}

/// The id of a file that was taken, or what is wrong with it.
fn kept(kept: Result<StoredFile, FileError>, field: &str) -> ApiResult {
    match kept {
        Ok(file) => ok(json!({ "file": file.id.to_string(), "size": file.size })),
        Err(refused) => Err(wrong(field, words::file_error(&refused))),
    }
}

/// Endings of what a department puts on file, and most megabytes.
const FILED: (&[&str], u32) = (&["pdf", "ofd", "jpg", "png", "docx", "xlsx", "dwg", "zip"], 100);

#[derive(Deserialize)]
pub(crate) struct FiledQuery {
    name: String,
}

/// Takes a file that a department is going to put on file with a case.
pub(crate) async fn keep_case_file(
    State(app): State<App>,
    Caller(who): Caller,
    Path(id): Path<String>,
    Query(query): Query<FiledQuery>,
    body: Bytes,
) -> ApiResult {
    run(app, move |app| {
        let (loaded, case) = loading::case(app, &who, &id, Look::Act)?;
        if !loaded.may(ActName::FilePaper, Subject::Case(case.opened.case)) {
            return Err(PageError::WrongDesk.into());
        }
        let (endings, most) = FILED;
        let endings: Vec<String> = endings.iter().map(|it| (*it).to_owned()).collect();
        let project = loaded.project.id;
        kept(app.store().keep_file(project, None, &query.name, &body, &endings, most)?, "file")
    })
    .await
}

/// A file of a project that the caller may see.
pub(crate) async fn file(
    State(app): State<App>,
    Caller(who): Caller,
    Path(id): Path<String>,
) -> ApiResult {
    Ok(app.run(move |app| file_of(app, &who, &id)).await?)
}
