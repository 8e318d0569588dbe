//! The receipt of an act (存证凭证), for those who see the act in the timeline.

use axum::{
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use tongban_domain::ids::ActId;

use super::load_project;
use crate::{
    app::App,
    error::{PageError, PageResult},
    session::SignedIn,
    view::timeline,
};

pub(crate) async fn proof(
    State(app): State<App>,
    who: SignedIn,
    Path((project, act)): Path<(String, String)>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &project)?;
        let act: ActId = act.parse().map_err(|_| PageError::NotFound)?;
        let history = app.store().history(loaded.project.id)?;
        // What happens inside departments is not shown to owners, and not proved to them.
        let shown: Vec<Vec<u8>> = history
            .iter()
            .filter(|recorded| recorded.envelope.act == act)
            .filter(|recorded| {
                let one = std::slice::from_ref(*recorded);
                !timeline(&loaded.project, one, &loaded.names, None, who.is_staff()).is_empty()
            })
            .map(tongban_domain::fact::Recorded::to_bytes)
            .collect();
        let receipt = app.store().receipt(loaded.project.id, act)?;
        let mut receipt = receipt.ok_or(PageError::NotFound)?;
        // Each fact is proved by itself: what is left out takes nothing from the others.
        receipt.leaves.retain(|leaf| shown.contains(&leaf.bytes));
        if receipt.leaves.is_empty() {
            return Err(PageError::NotFound);
        }
        let disposition = format!("attachment; filename=\"receipt-{act}.txt\"");
        let head = [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ];
        Ok((head, receipt.to_string()).into_response())
    })
    .await
}
