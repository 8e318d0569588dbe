//! The JSON API: the same acts and look-ups as the pages, under `/api/v1`.

mod answer;
mod files;
mod input;
mod lookups;
mod openapi;
mod tasks;
mod writes;

pub(crate) use answer::{ApiError, told};
pub use openapi::openapi_document;

use crate::{
    app::App,
    doors::{Door, Doors},
};

/// The path below which the API lies.
pub(crate) const BELOW: &str = "/api/v1";

/// Every route of the API, with who may come to it.
pub(crate) fn routes(app: &App) -> Doors {
    let signed_in = Door::SignedIn;
    Doors::below(app.clone(), BELOW)
        .get("/openapi.json", Door::Everybody, openapi::document)
        .post("/session", Door::Everybody, writes::log_in)
        .delete("/session", Door::Everybody, writes::log_out)
        .get("/items", Door::Everybody, lookups::items)
        .get("/items/{code}", Door::Everybody, lookups::item)
        .post("/progress", Door::Everybody, lookups::progress)
        .get("/projects", signed_in, lookups::projects)
        .post("/projects", signed_in, writes::register)
        .get("/projects/{project}", signed_in, lookups::project)
        .get("/projects/{project}/persons", signed_in, lookups::persons)
        .upload("/projects/{project}/files", signed_in, files::keep_file)
        .post("/projects/{project}/applications", signed_in, writes::submit_application)
        .post("/projects/{project}/acts/{act}", signed_in, writes::project_act)
        .get("/applications/{application}", signed_in, lookups::application)
        .post("/applications/{application}/corrections", signed_in, writes::submit_correction)
        .post("/applications/{application}/acts/{act}", signed_in, writes::application_act)
        .get("/cases/{case}", signed_in, lookups::case)
        .post("/cases/{case}/owed-papers/{paper}", signed_in, writes::provide_owed)
        .upload("/cases/{case}/files", signed_in, files::keep_case_file)
        .post("/cases/{case}/filed-papers", signed_in, writes::file_paper)
        .post("/cases/{case}/acts/{act}", signed_in, writes::case_act)
        .get("/files/{file}", signed_in, files::file)
        .get("/tasks", Door::System, tasks::tasks)
        .get("/queue", signed_in, lookups::queue)
}

pub(crate) use answer::unknown_path;
