//! Look-ups of the API.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tongban_domain::{
    acts::Subject,
    application::Application,
    case::Case,
    catalog::Item,
    clock::Which,
    paper::{FileReference, Provenance},
};
use tongban_store::read::{CaseRow, QueueFilter, QueueView};

use super::answer::{ApiResult, Caller, ok};
use crate::{
    app::App,
    error::PageError,
    pages::{
        owner_pages::{
            Loaded, fact_lines, load_application, load_case, load_project, own_projects,
        },
        person_lines, project_of_number, reading_until,
    },
};

#[derive(Deserialize, Default)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

fn item_json(item: &Item) -> Value {
    json!({
        "code": item.code,
        "name": item.name,
        "kind": item.kind.name(),
        "stage": item.stage,
        "lead": item.lead,
        "law": item.law.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "statutory": item.statutory.to_string(),
        "promised": item.promised.to_string(),
        "result": item.result,
        "commitment": item.commitment,
        "deferral": item.deferral,
        "papers": item.papers,
        "deferrable": item.deferrable,
        "source": item.source,
        "confidence": item.confidence.note(),
    })
}

pub(crate) async fn items(State(app): State<App>, Query(search): Query<Search>) -> ApiResult {
    let catalog = app.catalog()?;
    let found = app.index().find(&catalog, &search.q);
    let all = search.q.trim().is_empty();
    let items: Vec<Value> = catalog
        .items
        .iter()
        .filter(|item| all || found.iter().any(|code| code.eq_ignore_ascii_case(&item.code)))
        .map(item_json)
        .collect();
    ok(json!({ "pack": catalog.pack.version, "items": items }))
}

pub(crate) async fn item(State(app): State<App>, Path(code): Path<String>) -> ApiResult {
    let catalog = app.catalog()?;
    ok(item_json(catalog.item(&code).ok_or(PageError::NotFound)?))
}

#[derive(Deserialize)]
pub(crate) struct ProgressForm {
    number: String,
    tail: String,
}

/// Public: the state of an application by its number and the last digits of the phone, which are
/// sent in the body and so stand in no address.
pub(crate) async fn progress(State(app): State<App>, Json(query): Json<ProgressForm>) -> ApiResult {
    let found = app
        .run(move |app| {
            let found = project_of_number(app, query.number.trim(), &query.tail)?;
            let project = found.ok_or(PageError::NotFound)?;
            let cases: Vec<Value> = project
                .cases
                .values()
                .filter(|case| {
                    let application = project.application_of(case);
                    case.opened.number == query.number
                        || application.is_some_and(|found| found.number == query.number)
                })
                .map(|case| public_case(case))
                .collect();
            Ok(json!({ "project": project.name, "cases": cases }))
        })
        .await?;
    ok(found)
}

fn public_case(case: &Case) -> Value {
    json!({
        "number": case.opened.number,
        "item": case.opened.item,
        "name": case.opened.name,
        "standing": case.standing.key(),
        "state": case.state().code(),
    })
}

pub(crate) async fn projects(State(app): State<App>, Caller(who): Caller) -> ApiResult {
    let list = app
        .run(move |app| {
            let rows = own_projects(app, &who)?;
            let projects: Vec<Value> = rows
                .into_iter()
                .map(|(row, _)| {
                    json!({
                        "project": row.id.to_string(),
                        "code": row.code,
                        "name": row.name,
                        "region": row.region,
                        "flow": row.flow,
                        "stages_done": row.stages_done,
                        "open_cases": row.open_cases,
                    })
                })
                .collect();
            Ok(json!({ "projects": projects }))
        })
        .await?;
    ok(list)
}

fn acts(loaded: &Loaded, subject: Subject) -> Vec<&'static str> {
    loaded.available(subject).iter().map(|declaration| declaration.name.key()).collect()
}

fn case_json(loaded: &Loaded, case: &Case) -> Value {
    let clock = case.ledger.as_ref().map(|ledger| {
        let calendar = case.calendar(&loaded.names.catalog);
        let read = |which| {
            let reading = ledger.read(calendar, which, loaded.today);
            json!({
                "limit_days": ledger.limit(which).days(),
                "working_days": reading.working_days,
                "elapsed": reading.elapsed,
                "remaining": reading.remaining,
                "due": reading.due.map(|day| day.to_string()),
                "provisional": reading.provisional,
            })
        };
        json!({
            "accepted": ledger.accepted.to_string(),
            "started": ledger.started.map(|day| day.to_string()),
            "stopped": ledger.stopped.map(|day| day.to_string()),
            "paused": ledger.is_paused(),
            "promised": read(Which::Promised),
            "statutory": read(Which::Statutory),
        })
    });
    // A system numbers its own acts, also where its department is only consulted.
    let own = loaded.actor.department().unwrap_or(case.department);
    let history: Vec<Value> = case
        .history
        .iter()
        .map(|step| json!({ "state": step.state.code(), "at": step.at.0 }))
        .collect();
    json!({
        "case": case.opened.case.to_string(),
        "number": case.opened.number,
        "item": case.opened.item,
        "name": case.opened.name,
        "department": loaded.names.department(case.department),
        "application": case.application.to_string(),
        "standing": case.standing.key(),
        "state": case.state().code(),
        "history": history,
        "clock": clock,
        "next_sequence": case.ways_in.from_system(own) + 1,
        "papers": case
            .filed
            .iter()
            // What a department puts on file is its own.
            .filter(|_| loaded.who.is_staff())
            .map(|filed| json!({ "title": loaded.names.words(&filed.title), "file": file_json(&filed.file) }))
            .collect::<Vec<_>>(),
        "document": case
            .served
            .and(case.decision.as_ref())
            .and_then(|decided| decided.decision.document.clone()),
        "acts": acts(loaded, Subject::Case(case.opened.case)),
    })
}

/// What a register said about a paper, without its words.
fn register_json(loaded: &Loaded, paper: &str) -> Option<Value> {
    let answered = loaded.project.registers.get(paper)?;
    Some(json!({
        "register": answered.answer.register,
        "held": answered.answer.held,
        "until": answered.answer.until.map(|day| day.to_string()),
        "at": answered.at.0,
    }))
}

/// A file, to be fetched from `/files/{file}`.
fn file_json(file: &FileReference) -> Value {
    let sm3: String = file.sm3.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "file": file.file.to_string(), "size": file.size, "sm3": sm3 })
}

fn application_json(loaded: &Loaded, application: &Application) -> Value {
    let slots: Vec<Value> = application
        .slots
        .iter()
        .map(|slot| {
            json!({
                "paper": slot.slot.paper,
                "name": slot.slot.name,
                "items": slot.slot.items,
                "deferrable": slot.slot.deferrable,
                "versions": slot.versions.len(),
                "from": slot.current().map(Provenance::key),
                "file": slot.current().and_then(Provenance::file).map(file_json),
                "register": register_json(loaded, &slot.slot.paper),
            })
        })
        .collect();
    let cases: Vec<Value> =
        loaded.project.cases_of(application).map(|case| case_json(loaded, case)).collect();
    json!({
        "application": application.id.to_string(),
        "number": application.number,
        "stage": application.stage,
        "submitted_at": application.submitted_at.0,
        "notice_until": application.notice_until.to_string(),
        "papers": slots,
        "cases": cases,
        "acts": acts(loaded, Subject::Application(application.id)),
    })
}

pub(crate) async fn project(
    State(app): State<App>,
    Caller(who): Caller,
    Path(id): Path<String>,
) -> ApiResult {
    let found = app
        .run(move |app| {
            let loaded = load_project(app, &who, &id)?;
            let project = &loaded.project;
            let applications: Vec<Value> = project
                .applications
                .values()
                .map(|application| application_json(&loaded, application))
                .collect();
            Ok(json!({
                "project": project.id.to_string(),
                "version": project.version,
                "code": project.code.to_string(),
                "name": project.name,
                "owner": { "uscc": project.owner.uscc.to_string(), "name": project.owner.name },
                "region": project.region,
                "flow": project.flow,
                "key_project": project.key,
                "facts": fact_lines(app, &loaded)?
                    .into_iter()
                    .map(|line| json!({ "label": line.label, "value": line.value }))
                    .collect::<Vec<_>>(),
                "milestones": project
                    .milestones
                    .iter()
                    .map(|(key, day)| (key.clone(), day.to_string()))
                    .collect::<std::collections::BTreeMap<_, _>>(),
                "applications": applications,
                "acts": acts(&loaded, Subject::Project),
            }))
        })
        .await?;
    ok(found)
}

pub(crate) async fn persons(
    State(app): State<App>,
    Caller(who): Caller,
    Path(id): Path<String>,
) -> ApiResult {
    let found = app
        .run(move |app| {
            let loaded = load_project(app, &who, &id)?;
            let until = reading_until(app, &loaded);
            let lines = person_lines(app, &loaded, until.is_some())?;
            let persons: Vec<Value> = lines
                .into_iter()
                .map(|line| json!({ "key": line.key, "label": line.label, "value": line.value }))
                .collect();
            let until = until.map(|until| until.0);
            Ok(json!({ "in_clear_until": until, "persons": persons }))
        })
        .await?;
    ok(found)
}

pub(crate) async fn application(
    State(app): State<App>,
    Caller(who): Caller,
    Path(id): Path<String>,
) -> ApiResult {
    let found = app
        .run(move |app| {
            let (loaded, application) = load_application(app, &who, &id)?;
            Ok(application_json(&loaded, &application))
        })
        .await?;
    ok(found)
}

pub(crate) async fn case(
    State(app): State<App>,
    Caller(who): Caller,
    Path(id): Path<String>,
) -> ApiResult {
    let found = app
        .run(move |app| {
            let (loaded, case) = load_case(app, &who, &id)?;
            Ok(case_json(&loaded, &case))
        })
        .await?;
    ok(found)
}

#[derive(Deserialize, Default)]
pub(crate) struct QueueQuery {
    #[serde(default)]
    view: String,
    #[serde(default)]
    q: String,
}

fn row_json(row: &CaseRow) -> Value {
    json!({
        "case": row.id.to_string(),
        "project": row.project.to_string(),
        "project_name": row.project_name,
        "item": row.item,
        "name": row.name,
        "number": row.number,
        "standing": row.standing.key(),
        "due": row.due_on.map(|day| day.to_string()),
        "waits": row.waits,
    })
}

pub(crate) async fn queue(
    State(app): State<App>,
    Caller(who): Caller,
    Query(query): Query<QueueQuery>,
) -> ApiResult {
    let found = app
        .run(move |app| {
            let department = who.0.mandates.iter().find_map(|mandate| mandate.department);
            let department = department.ok_or(PageError::WrongDesk)?;
            let view = match query.view.as_str() {
                "" => QueueView::Open,
                key => QueueView::from_key(key).ok_or_else(|| {
                    PageError::BadRequest("view 不是已有的视图".to_owned())
                })?,
            };
            let filter = QueueFilter {
                department: Some(department),
                account: who.0.id,
                text: query.q,
                after: None,
                most: 200,
            };
            let rows = app.store().queue(view, &filter)?;
            Ok(json!({ "view": view.key(), "cases": rows.iter().map(row_json).collect::<Vec<_>>() }))
        })
        .await?;
    ok(found)
}
