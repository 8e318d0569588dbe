//! Pages by desk, and the table of their routes.

mod owner;
mod public;
mod staff;

/// An item of the list, as guides and the administrator see it.
pub(crate) mod item_lines {
    pub(crate) use super::public::{ItemLine, item_line};
}

pub(crate) use public::{guide_of, live, project_of_number, ready, theme_of};
pub(crate) use staff::catalogue::DryRuns;

/// Loading, acting and the views that every desk shares.
pub(crate) mod owner_pages {
    pub(crate) use super::owner::load as loading;
    pub(crate) use super::owner::{
        ApplicationHead, FactLine, Loaded, Look, MessageLine, OwedView, ResultView,
        application_head, carry_out, fact_lines, load_application, load_case, load_project,
        message_lines, no_faults, owed_views, read_registration, reasons, result_view, summaries,
        ways,
    };
}

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::Uri,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};

use crate::{
    app::{App, LARGEST_UPLOAD},
    error::{PageError, PageResult},
};

/// Renders a page.
pub(crate) fn html(page: &impl askama::Template) -> PageResult {
    Ok(Html(page.render()?).into_response())
}

/// Renders a form page again with its faults: 422.
pub(crate) fn html_with_faults(page: &impl askama::Template) -> PageResult {
    let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    Ok((status, Html(page.render()?)).into_response())
}

pub(crate) fn redirect(to: &str) -> Response {
    axum::response::Redirect::to(to).into_response()
}

/// An address of this site, as a form or a query names it; anything else is refused. Browsers
/// read a backslash as a slash and drop control characters, so neither may stand in it.
pub(crate) fn own_path(path: &str) -> Option<&str> {
    let own = path.starts_with('/') && !path.starts_with("//");
    (own && !path.contains(|letter: char| letter == '\\' || letter.is_control())).then_some(path)
}

pub(crate) async fn not_found(State(_): State<App>, _: Uri) -> PageError {
    PageError::NotFound
}

/// Papers may be large.
fn uploads() -> DefaultBodyLimit {
    DefaultBodyLimit::max(LARGEST_UPLOAD)
}

/// Every page and form of the site.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(public::home))
        .route("/guide", get(public::guide))
        .route("/guide/search", get(public::search))
        .route("/guide/items/{code}", get(public::item))
        .route("/guide/papers/{key}", get(public::paper))
        .route("/guide/themes/{flow}", get(public::theme))
        .route("/track", get(public::track))
        .route("/verify", get(public::verify))
        .route(
            "/verify/{code}",
            get(public::verify_document).post(public::verify_copy).layer(uploads()),
        )
        .route("/verify/{code}/signature", get(public::signature))
        .route("/help", get(public::help))
        .route("/status", get(public::status))
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/journal/keys", get(public::journal_keys))
        .route("/journal/keys/{epoch}", get(public::earlier_journal_keys))
        .route("/journal/checkpoint", get(public::journal_checkpoint))
        .route("/glossary", get(public::glossary))
        .route("/mode", get(public::mode))
        .route("/login", get(public::login).post(public::log_in))
        .route("/logout", post(public::log_out))
        .route("/files/{file}", get(public::file))
        .route("/a", get(owner::today))
        .route("/a/account", get(owner::account))
        .route("/a/messages", get(owner::messages))
        .route("/a/projects", get(owner::projects))
        .route("/a/projects/new", get(owner::new_project).post(owner::register_project))
        .route("/a/p/{project}", get(owner::project))
        .route("/a/p/{project}/facts", get(owner::facts))
        .route("/a/p/{project}/timeline", get(owner::project_timeline))
        .route("/a/p/{project}/licences", get(owner::licences))
        .route("/a/p/{project}/proof/{act}", get(owner::proof))
        .route("/a/p/{project}/plan", get(owner::plan))
        .route("/a/p/{project}/milestones", get(owner::milestones))
        .route("/a/p/{project}/acts/{act}", post(owner::project_act))
        .route("/a/p/{project}/apply", get(owner::apply).post(owner::start_application))
        .route("/a/p/{project}/apply/preview", post(owner::preview_application))
        .route("/a/d/{draft}", get(owner::tasks))
        .route("/a/d/{draft}/section/{section}", get(owner::section).post(owner::save_section))
        .route("/a/d/{draft}/slots", get(owner::slots))
        .route("/a/d/{draft}/slots/{paper}", post(owner::upload).layer(uploads()))
        .route("/a/d/{draft}/check", get(owner::check).post(owner::submit))
        .route("/a/d/{draft}/discard", post(owner::discard))
        .route("/a/j/{application}", get(owner::application))
        .route("/a/j/{application}/sent", get(owner::sent))
        .route("/a/j/{application}/receipt", get(owner::receipt))
        .route("/a/j/{application}/fix", get(owner::fix).post(owner::submit_fix).layer(uploads()))
        .route("/a/j/{application}/acts/{act}", post(owner::application_act))
        .route("/a/c/{case}", get(owner::case))
        .route("/a/c/{case}/owed/{paper}", post(owner::provide_owed).layer(uploads()))
        .route("/a/c/{case}/acts/{act}", post(owner::case_act))
        .route("/s", get(staff::home))
        .route("/s/account", get(staff::account))
        .route("/s/messages", get(staff::messages))
        .route("/s/search", get(staff::search))
        .route("/s/desk", get(staff::desk))
        .route("/s/desk/receive", get(staff::receive))
        .route("/s/j/{application}", get(staff::application))
        .route("/s/j/{application}/acts/{act}", post(staff::application_act))
        .route("/s/queue", get(staff::queue))
        .route("/s/queue.csv", get(staff::queue_csv))
        .route("/s/c/{case}", get(staff::case))
        .route("/s/c/{case}/acts/{act}", post(staff::case_act))
        .route("/s/p/{project}", get(staff::project))
        .route("/s/p/{project}/acts/{act}", post(staff::project_act))
        .route("/s/sign", get(staff::sign))
        .route("/s/watch", get(staff::watch))
        .route("/s/credit", get(staff::credit).post(staff::enter_credit_record))
        .route("/s/credit/{record}/remove", post(staff::remove_credit_record))
        .route("/s/admin/items", get(staff::admin_items))
        .route("/s/admin/items/{code}", get(staff::admin_item))
        .route("/s/admin/flows", get(staff::admin_flows))
        .route("/s/admin/calendar", get(staff::admin_calendar))
        .route("/s/admin/acts", get(staff::admin_acts))
        .route("/s/admin/setup", get(staff::setup).post(staff::make_account))
        .route("/s/admin/setup/reorganise", post(staff::reorganise))
        .route("/s/admin/setup/code", post(staff::register_code))
        .route("/s/admin/setup/take-back", post(staff::take_back_change))
        .route("/s/admin/packs", get(staff::catalogue::packs))
        .route("/s/admin/packs/compare", get(staff::catalogue::compare))
        .route("/s/admin/draft", get(staff::catalogue::draft))
        .route("/s/admin/draft/begin", post(staff::catalogue::begin))
        .route("/s/admin/draft/discard", post(staff::catalogue::discard))
        .route("/s/admin/draft/file", get(staff::catalogue::edit).post(staff::catalogue::save))
        .route("/s/admin/draft/preview", get(staff::catalogue::preview))
        .route(
            "/s/admin/draft/dry-run",
            get(staff::catalogue::dry_run).post(staff::catalogue::start_dry_run),
        )
        .route("/s/admin/draft/lists/{list}", get(staff::catalogue::export))
        .route(
            "/s/admin/draft/lists/{list}/preview",
            post(staff::catalogue::preview_import).layer(uploads()),
        )
        .route("/s/admin/draft/lists/{list}/take-over", post(staff::catalogue::import))
        .route("/s/admin/draft/publish", post(staff::catalogue::publish))
}
