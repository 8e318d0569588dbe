//! How the node is: a page for everybody, two answers for machines, and what is needed to check
//! receipts without the node.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};

use crate::{
    app::App,
    error::{PageError, PageResult},
    pages::html,
    shell::{Desk, Frame, Shell},
    words,
};

#[derive(Template)]
#[template(path = "public/status.html")]
struct StatusPage {
    shell: Shell,
    writing: bool,
    facts: u64,
    /// When the journal was last signed, and how many facts that covers.
    signed: Option<(String, u64)>,
    origin: String,
    epoch: u32,
    /// When the node was restored, and from a backup of when.
    restored: Option<(String, String)>,
}

pub(crate) async fn status(State(app): State<App>, frame: Frame) -> PageResult {
    app.run(move |app| {
        let store = app.store();
        let signed = store.last_checkpoint()?.map(|signed| signed.checkpoint);
        let moment = |at| words::moment(tongban_domain::time::Instant(at));
        html(&StatusPage {
            shell: frame.shell(Desk::Public),
            writing: store.is_writing(),
            facts: store.roots()?.size,
            signed: signed.map(|signed| (moment(signed.time), signed.roots.size)),
            origin: store.origin().to_string(),
            epoch: store.origin().epoch,
            restored: store.restored()?.map(|(at, of)| (words::moment(at), words::moment(of))),
        })
    })
    .await
}

fn plain(text: String) -> PageResult {
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// The public keys of the journal, as they are.
pub(crate) async fn journal_keys(State(app): State<App>) -> PageResult {
    let epoch = app.store().origin().epoch;
    app.run(move |app| plain(app.store().journal_keys(epoch)?.ok_or(PageError::NotFound)?)).await
}

/// The public keys of an earlier epoch.
pub(crate) async fn earlier_journal_keys(
    State(app): State<App>,
    Path(epoch): Path<u32>,
) -> PageResult {
    app.run(move |app| plain(app.store().journal_keys(epoch)?.ok_or(PageError::NotFound)?)).await
}

/// The last checkpoint, for whoever keeps it elsewhere.
pub(crate) async fn journal_checkpoint(State(app): State<App>) -> PageResult {
    app.run(|app| {
        let signed = app.store().last_checkpoint()?.ok_or(PageError::NotFound)?;
        plain(signed.to_string())
    })
    .await
}

/// The process answers.
pub(crate) async fn live() -> &'static str {
    "live\n"
}

/// The database answers, and acts can be written.
pub(crate) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    let answered = app.run(|app| Ok(app.store().roots().is_ok())).await.unwrap_or(false);
    match (answered, app.store().is_writing()) {
        (true, true) => (StatusCode::OK, "ready\n"),
        (true, false) => (StatusCode::SERVICE_UNAVAILABLE, "reading only\n"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
