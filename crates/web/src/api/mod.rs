//! The JSON API: the same acts and look-ups as the pages, under `/api/v1`.

mod answer;
mod input;
mod lookups;
mod openapi;
mod writes;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

pub(crate) use answer::told;
pub use openapi::openapi_document;

use crate::app::{App, LARGEST_UPLOAD};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/openapi.json", get(openapi::document))
        .route("/session", post(writes::log_in).delete(writes::log_out))
        .route("/items", get(lookups::items))
        .route("/items/{code}", get(lookups::item))
        .route("/progress", get(lookups::progress))
        .route("/projects", get(lookups::projects).post(writes::register))
        .route("/projects/{project}", get(lookups::project))
        .route(
            "/projects/{project}/files",
            post(writes::keep_file).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)),
        )
        .route("/projects/{project}/applications", post(writes::submit_application))
        .route("/projects/{project}/acts/{act}", post(writes::project_act))
        .route("/applications/{application}", get(lookups::application))
        .route("/applications/{application}/corrections", post(writes::submit_correction))
        .route("/applications/{application}/acts/{act}", post(writes::application_act))
        .route("/cases/{case}", get(lookups::case))
        .route("/cases/{case}/owed-papers/{paper}", post(writes::provide_owed))
        .route("/cases/{case}/acts/{act}", post(writes::case_act))
        .route("/queue", get(lookups::queue))
        .fallback(answer::unknown_path)
}
