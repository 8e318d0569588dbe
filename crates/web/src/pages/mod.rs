//! Pages by desk, and the table of their routes.

mod owner;
mod public;
mod security;
mod security_keys;
mod staff;

/// An item of the list, as guides and the administrator see it.
pub(crate) mod item_lines {
    pub(crate) use super::public::{ItemLine, item_line};
}

pub(crate) use public::{guide_of, live, project_of_number, ready, theme_of};
pub(crate) use staff::catalogue::DryRuns;
pub(crate) use staff::{person_lines, reading_until};

/// Files, as every desk serves them.
pub(crate) mod public_pages {
    pub(crate) use super::public::file_of;
}

/// Loading, acting and the views that every desk shares.
pub(crate) mod owner_pages {
    pub(crate) use super::owner::load as loading;
    pub(crate) use super::owner::{
        ApplicationHead, FactLine, Loaded, Look, MessageLine, OwedView, ResultView,
        application_head, carry_out, fact_lines, library_file, load_application, load_case,
        load_project, masked, message_lines, no_faults, owed_views, own_projects,
        read_registration, reasons, result_view, summaries, ways,
    };
}

use axum::{
    extract::State,
    http::Uri,
    response::{Html, IntoResponse, Response},
};

use tongban_domain::{acts::ActName, permission::Role};

use crate::{
    app::App,
    doors::{Door, Doors, OWNERS, REGISTRANTS, STAFF},
    error::{PageError, PageResult},
    parts,
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

/// Who sees the catalogue, the departments and the accounts.
const ADMINISTRATION: Door = Door::Offices(&[
    Role::Administrator,
    Role::SystemAdministrator,
    Role::SecurityAdministrator,
    Role::AuditAdministrator,
    Role::Supervisor,
    Role::Government,
]);
/// Who sees drafts of the catalogue, tried on real projects.
const DRAFTS: Door = Door::Offices(&[Role::Administrator, Role::Supervisor, Role::Government]);
/// Who changes the catalogue.
const KEEPERS: Door = Door::Offices(&[Role::Administrator]);
/// Who makes accounts, whose offices wait then.
const MAKERS: Door = Door::Offices(&[Role::SystemAdministrator]);
/// Who grants them, and closes accounts.
const GUARDS: Door = Door::Offices(&[Role::SecurityAdministrator]);
/// Who looks at what the others did.
const AUDIT: Door = Door::Offices(&[Role::AuditAdministrator]);
const WINDOW: Door = Door::Offices(&[Role::Window]);
const APPROVERS: Door = Door::Offices(&[Role::Approver]);
const WATCH: Door = Door::Offices(&[Role::Supervisor, Role::Government]);

/// Every page and form of the site, with who may come to it.
pub(crate) fn routes(app: &App) -> Doors {
    Doors::below(app.clone(), "")
        .get("/", Door::Everybody, public::home)
        .get("/guide", Door::Everybody, public::guide)
        .get("/guide/search", Door::Everybody, public::search)
        .get("/guide/items/{code}", Door::Everybody, public::item)
        .get("/guide/papers/{key}", Door::Everybody, public::paper)
        .get("/guide/themes/{flow}", Door::Everybody, public::theme)
        .get("/track", Door::Everybody, public::track)
        .post("/track", Door::Everybody, public::found)
        .get("/verify", Door::Everybody, public::verify)
        .get("/verify/{code}", Door::Everybody, public::verify_document)
        // No document is larger than a long form: nobody fills the memory of the node here.
        .post("/verify/{code}", Door::Everybody, public::verify_copy)
        .get("/verify/{code}/receipt", Door::Everybody, public::document_receipt)
        .get("/verify/{code}/signature", Door::Everybody, public::signature)
        .get("/help", Door::Everybody, public::help)
        .get("/status", Door::Everybody, public::status)
        .get("/health/live", Door::Everybody, live)
        .get("/health/ready", Door::Everybody, ready)
        .get("/journal/keys", Door::Everybody, public::journal_keys)
        .get("/journal/keys/{epoch}", Door::Everybody, public::earlier_journal_keys)
        .get("/journal/checkpoint", Door::Everybody, public::journal_checkpoint)
        .get("/glossary", Door::Everybody, public::glossary)
        .get("/mode", Door::Everybody, public::mode)
        .get("/login", Door::Everybody, public::login)
        .post("/login", Door::Everybody, public::log_in)
        .get("/login/next", Door::Everybody, public::next)
        .post("/login/next", Door::Everybody, public::go_on)
        .get("/login/unified", Door::Everybody, public::unified_begin)
        .get("/login/unified/back", Door::Everybody, public::unified_back)
        .post("/login/key", Door::Everybody, security_keys::ask_key)
        .post("/logout", Door::Everybody, public::log_out)
        .get("/account", Door::SignedIn, security::security)
        .post("/account/password", Door::SignedIn, security::change_password)
        .post("/account/phone", Door::SignedIn, security::set_phone)
        .post("/account/phone/remove", Door::SignedIn, security::remove_phone)
        .post("/account/unified", Door::SignedIn, public::link_login)
        .post("/account/unified/remove", Door::SignedIn, public::unlink_login)
        .post("/account/keys/new", Door::SignedIn, security_keys::new_key)
        .post("/account/keys", Door::SignedIn, security_keys::keep_key)
        .post("/account/keys/{key}/remove", Door::SignedIn, security_keys::remove_key)
        .post("/account/sessions/end", Door::SignedIn, security::end_sessions)
        .post("/uploads", Door::SignedIn, parts::begin)
        .get("/uploads/{upload}", Door::SignedIn, parts::there)
        .upload("/uploads/{upload}", Door::SignedIn, parts::add)
        .get("/files/{file}", Door::SignedIn, public::file)
        .get("/content/{pass}", Door::Everybody, public::content)
        .get("/a", OWNERS, owner::today)
        .get("/a/account", OWNERS, owner::account)
        .get("/a/messages", OWNERS, owner::messages)
        .get("/a/projects", OWNERS, owner::projects)
        .get("/a/projects/new", REGISTRANTS, owner::new_project)
        .post("/a/projects/new", REGISTRANTS, owner::register_project)
        .get("/a/p/{project}", OWNERS, owner::project)
        .get("/a/p/{project}/facts", OWNERS, owner::facts)
        .get("/a/p/{project}/timeline", OWNERS, owner::project_timeline)
        .get("/a/p/{project}/licences", OWNERS, owner::licences)
        .get("/a/p/{project}/proof/{act}", Door::SignedIn, owner::proof)
        .get("/a/p/{project}/plan", OWNERS, owner::plan)
        .get("/a/p/{project}/agents", OWNERS, owner::agents)
        .get("/a/p/{project}/milestones", OWNERS, owner::milestones)
        .post("/a/p/{project}/acts/{act}", OWNERS, owner::project_act)
        .get("/a/p/{project}/apply", OWNERS, owner::apply)
        .post("/a/p/{project}/apply", OWNERS, owner::start_application)
        .post("/a/p/{project}/apply/preview", OWNERS, owner::preview_application)
        .get("/a/d/{draft}", OWNERS, owner::tasks)
        .get("/a/d/{draft}/section/{section}", OWNERS, owner::section)
        .post("/a/d/{draft}/section/{section}", OWNERS, owner::save_section)
        .get("/a/d/{draft}/slots", OWNERS, owner::slots)
        .upload("/a/d/{draft}/slots/{paper}", OWNERS, owner::upload)
        .post("/a/d/{draft}/slots/{paper}/library", OWNERS, owner::take_over)
        .post("/a/d/{draft}/slots/{paper}/not-needed", OWNERS, owner::not_needed)
        .post("/a/d/{draft}/slots/{paper}/back", OWNERS, owner::take_back)
        .get("/a/d/{draft}/check", OWNERS, owner::check)
        .post("/a/d/{draft}/check", OWNERS, owner::submit)
        .post("/a/d/{draft}/discard", OWNERS, owner::discard)
        .get("/a/j/{application}", OWNERS, owner::application)
        .get("/a/j/{application}/sent", OWNERS, owner::sent)
        .get("/a/j/{application}/receipt", OWNERS, owner::receipt)
        .get("/a/j/{application}/fix", OWNERS, owner::fix)
        .upload("/a/j/{application}/fix", OWNERS, owner::submit_fix)
        .post("/a/j/{application}/acts/{act}", OWNERS, owner::application_act)
        .get("/a/c/{case}", OWNERS, owner::case)
        .upload("/a/c/{case}/owed/{paper}", OWNERS, owner::provide_owed)
        .post("/a/c/{case}/acts/{act}", OWNERS, owner::case_act)
        .get("/s", STAFF, staff::home)
        .get("/s/account", STAFF, staff::account)
        .get("/s/messages", STAFF, staff::messages)
        .get("/s/search", STAFF, staff::search)
        .get("/s/desk", WINDOW, staff::desk)
        .get("/s/desk/receive", WINDOW, staff::receive)
        .get("/s/j/{application}", STAFF, staff::application)
        .post("/s/j/{application}/acts/{act}", STAFF, staff::application_act)
        .get("/s/queue", STAFF, staff::queue)
        .get("/s/queue.csv", STAFF, staff::queue_csv)
        .get("/s/c/{case}", STAFF, staff::case)
        .post("/s/c/{case}/acts/{act}", STAFF, staff::case_act)
        .get("/s/p/{project}", STAFF, staff::project)
        .get("/s/p/{project}/persons", STAFF, staff::persons)
        .post("/s/p/{project}/persons", Door::Act(ActName::ReadInClear), staff::read_persons)
        .post("/s/p/{project}/acts/{act}", STAFF, staff::project_act)
        .get("/s/sign", APPROVERS, staff::sign)
        .get("/s/watch", WATCH, staff::watch)
        .get("/s/credit", Door::Act(ActName::EnterCreditRecord), staff::credit)
        .post("/s/credit", Door::Act(ActName::EnterCreditRecord), staff::enter_credit_record)
        .post(
            "/s/credit/{record}/remove",
            Door::Act(ActName::RemoveCreditRecord),
            staff::remove_credit_record,
        )
        .get("/s/admin/items", ADMINISTRATION, staff::admin_items)
        .get("/s/admin/items/{code}", ADMINISTRATION, staff::admin_item)
        .get("/s/admin/flows", ADMINISTRATION, staff::admin_flows)
        .get("/s/admin/calendar", ADMINISTRATION, staff::admin_calendar)
        .get("/s/admin/acts", ADMINISTRATION, staff::admin_acts)
        .get("/s/admin/accounts", ADMINISTRATION, staff::accounts)
        .post("/s/admin/accounts/{account}/{what}", GUARDS, staff::change_account)
        .get("/s/admin/systems", ADMINISTRATION, staff::systems)
        .post("/s/admin/systems", Door::Act(ActName::ConnectSystem), staff::connect_system)
        .post("/s/admin/systems/admit", Door::Act(ActName::AdmitSystem), staff::admit_system)
        .post(
            "/s/admin/systems/disconnect",
            Door::Act(ActName::DisconnectSystem),
            staff::disconnect_system,
        )
        .get("/s/admin/setup", ADMINISTRATION, staff::setup)
        .get("/s/admin/audit", AUDIT, staff::audit)
        .post("/s/admin/setup", MAKERS, staff::make_account)
        .post("/s/admin/setup/reorganise", Door::Act(ActName::RenameDepartment), staff::reorganise)
        .post(
            "/s/admin/setup/code",
            Door::Act(ActName::RegisterDepartmentCode),
            staff::register_code,
        )
        .post(
            "/s/admin/setup/take-back",
            Door::Act(ActName::TakeBackChange),
            staff::take_back_change,
        )
        .get("/s/admin/packs", ADMINISTRATION, staff::catalogue::packs)
        .get("/s/admin/packs/compare", ADMINISTRATION, staff::catalogue::compare)
        .get("/s/admin/draft", DRAFTS, staff::catalogue::draft)
        .post("/s/admin/draft/begin", KEEPERS, staff::catalogue::begin)
        .post("/s/admin/draft/discard", KEEPERS, staff::catalogue::discard)
        .post("/s/admin/draft/overlay", KEEPERS, staff::catalogue::add_overlay)
        .get("/s/admin/draft/file", DRAFTS, staff::catalogue::edit)
        .post("/s/admin/draft/file", KEEPERS, staff::catalogue::save)
        .get("/s/admin/draft/preview", DRAFTS, staff::catalogue::preview)
        .get("/s/admin/draft/dry-run", DRAFTS, staff::catalogue::dry_run)
        .post("/s/admin/draft/dry-run", KEEPERS, staff::catalogue::start_dry_run)
        .get("/s/admin/draft/lists/{list}", DRAFTS, staff::catalogue::export)
        .upload("/s/admin/draft/lists/{list}/preview", KEEPERS, staff::catalogue::preview_import)
        .post("/s/admin/draft/lists/{list}/take-over", KEEPERS, staff::catalogue::import)
        .post("/s/admin/draft/publish", KEEPERS, staff::catalogue::publish)
}
