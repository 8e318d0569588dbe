//! Writes of the API.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request as Asked, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tongban_domain::{
    acts::{Act, ActName, ApplicationAct, CaseAct, Subject, Submission},
    application::Release,
    ids::FileId,
    paper::{FileReference, Taken},
    project::{FieldValue, ReadValue},
    sealed::SealedValue,
    time::Instant,
};
use tongban_store::{ActOptions, Guess, Origin, Request, StoreError, Ticket};

use super::{
    answer::{ApiError, ApiResult, Caller, ok, written},
    input,
};
use crate::{
    act_input::{is_plain, read_act},
    app::App,
    components::value_fault,
    error::PageError,
    forms::{Faults, Typed},
    pages::owner_pages::{Loaded, Look, library_file, loading, read_registration},
    session::{self, SignedIn},
    unified::Passwords,
    words,
};

/// Runs a handler's body off the async threads.
pub(super) async fn run<T: Send + 'static>(
    app: App,
    body: impl FnOnce(&App) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let done = tokio::task::spawn_blocking(move || body(&app)).await;
    done.unwrap_or_else(|_| Err(PageError::Broken("a handler panicked".to_owned()).into()))
}

fn json(body: &[u8]) -> Result<Value, ApiError> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body)
        .map_err(|error| ApiError::bad_request(format!("请求体不是 JSON：{error}")))
}

#[derive(Deserialize)]
pub(crate) struct Login {
    login: String,
    password: String,
    /// The password of the phone, of those who have a second factor.
    #[serde(default)]
    code: String,
}

pub(crate) async fn log_in(
    State(app): State<App>,
    origin: Origin,
    Json(login): Json<Login>,
) -> ApiResult {
    run(app, move |app| {
        if app.settings().passwords() == Passwords::Off {
            return Err(PageError::PasswordsOff.into());
        }
        let (store, name) = (app.store(), login.login.trim());
        // The door of programs, whatever they say they are.
        let origin = Origin { device: "程序".to_owned(), ..origin };
        let account = match store.check_login(name, &login.password)? {
            Guess::Right(account) => account,
            Guess::Wrong => {
                store.note_failed_login(name, &origin.address)?;
                return Err(wrong("login", words::WRONG_LOGIN));
            }
            Guess::TooMany(minutes) => return Err(PageError::TooMany(minutes).into()),
        };
        let has_phone = store.account(account)?.is_some_and(|account| account.second_factor);
        if !has_phone {
            return ok(json!({ "token": store.start_session(account, 1, &origin)?.0 }));
        }
        match store.check_second_factor(account, login.code.trim())? {
            Guess::Right(()) => ok(json!({ "token": store.start_session(account, 2, &origin)?.0 })),
            Guess::Wrong => {
                store.note_failed_login(name, &origin.address)?;
                Err(wrong("code", words::WRONG_CODE))
            }
            Guess::TooMany(minutes) => Err(PageError::TooMany(minutes).into()),
        }
    })
    .await
}

pub(super) fn wrong(field: &str, sentence: impl Into<String>) -> ApiError {
    let mut faults = Faults::default();
    faults.add(field, sentence);
    faults.into()
}

pub(crate) async fn log_out(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    run(app, move |app| {
        if let Some(token) = session::token(app, &headers) {
            app.store().end_session(token)?;
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// Everything about a write but what it does.
pub(crate) struct Write {
    who: SignedIn,
    request: Request,
    /// Which act of a department's system on its case it is.
    number: Option<u32>,
    typed: Typed,
    body: Value,
}

impl FromRequest<App> for Write {
    type Rejection = ApiError;

    async fn from_request(asked: Asked, app: &App) -> Result<Self, ApiError> {
        let (mut parts, body) = asked.into_parts();
        let Caller(who) = Caller::from_request_parts(&mut parts, app).await?;
        let whole = Bytes::from_request(Asked::from_parts(parts.clone(), body), app).await;
        let body = whole.map_err(|error| ApiError::bad_request(error.body_text()))?;
        let path = parts.uri.path();
        let (number, request) = match (&who.2, input::case_of(path)) {
            (Some(system), Some(case)) => {
                let of = (case, path);
                let (number, request) = system.numbered(&parts.headers, &who.0, of, &body)?;
                (Some(number), request)
            }
            (Some(_) | None, _) => (None, input::request(&parts.headers, who.0.id, path, &body)?),
        };
        let body = json(&body)?;
        Ok(Self { typed: input::typed(&body)?, who, request, number, body })
    }
}

impl Write {
    /// Does it, or answers a repeat with what the first request was answered: a repeat cannot be
    /// written, its key is taken, or what it asks for was done. Deciding takes less time than
    /// handing it to another thread and back; nobody waits for the disk on a thread.
    async fn once(
        self,
        app: App,
        act: impl FnOnce(&App, Self) -> Result<Ticket, ApiError>,
    ) -> ApiResult {
        let request = self.request.clone();
        let done = match act(&app, self) {
            Ok(ticket) => ticket.durable().await.map_err(ApiError::from),
            Err(error) => Err(error),
        };
        match done {
            Ok(acted) => written(acted.answer()),
            Err(error) => match app.store().answer_given(&request).await {
                Ok(Some(answer)) => written(answer),
                Err(taken @ StoreError::Taken(_)) => Err(taken.into()),
                Ok(None) | Err(_) => Err(error),
            },
        }
    }

    fn perform(
        self,
        app: &App,
        loaded: &Loaded,
        act: &Act,
        sealed: Vec<SealedValue>,
    ) -> Result<Ticket, ApiError> {
        let visit = Some(self.typed.get("visit").to_owned()).filter(|visit| !visit.is_empty());
        let claimed_at = self.claimed_at(app)?;
        let case = match act {
            Act::Case(case, _) => Some(*case),
            Act::Project(_) | Act::Submit(_) | Act::Application(..) => None,
        };
        if self.who.2.is_some() && case.is_some() && self.number.is_none() {
            // The path names the case in another way than it is written.
            return Err(PageError::NotFound.into());
        }
        let options = ActOptions {
            sealed,
            visit,
            claimed_at,
            source_system: self.who.2.as_ref().map(|system| system.name.to_string()),
            sequence: case.zip(self.number),
            request: Some(self.request),
            ..ActOptions::default()
        };
        Ok(app.store().act(loaded.project.id, act, &loaded.actor, options)?)
    }

    /// When a department's system says it was done, in microseconds since 1970; it may not be to
    /// come.
    fn claimed_at(&self, app: &App) -> Result<Option<Instant>, ApiError> {
        let claimed = self.typed.get("claimed_at");
        if self.who.2.is_none() || claimed.is_empty() {
            return Ok(None);
        }
        let now = app.store().now();
        let at = claimed.parse().ok().map(Instant).filter(|at| at.0 > 0 && *at <= now);
        let sentence = "请填写已经过去的时刻，自 1970 年起的微秒数";
        at.map(Some).ok_or_else(|| wrong("claimed_at", sentence))
    }

    fn plain(
        self,
        app: &App,
        loaded: &Loaded,
        act: &str,
        subject: Subject,
    ) -> Result<Ticket, ApiError> {
        let name = ActName::from_key(act).filter(|name| is_plain(*name));
        let name = name.ok_or(PageError::NotFound)?;
        session::confirm(app, &self.who.0, self.who.1, name, &self.typed)?;
        loaded.before_reading(name, subject)?;
        let read = read_act(
            app.store(),
            &loaded.names.catalog,
            name,
            (&loaded.project, subject),
            &self.typed,
        )?;
        self.perform(app, loaded, &read.act, read.sealed)
    }

    /// The strings of an object in the body.
    fn strings(&self, name: &str) -> BTreeMap<String, String> {
        self.typed
            .with_prefix(&format!("{name}:"))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    fn list(&self, name: &str) -> Vec<String> {
        self.typed.all(name).map(ToOwned::to_owned).collect()
    }
}

pub(crate) async fn project_act(
    State(app): State<App>,
    Path((id, act)): Path<(String, String)>,
    write: Write,
) -> ApiResult {
    write
        .once(app, move |app, write| {
            let loaded = loading::load(app, &write.who, id.parse().ok(), Look::AtOnce)?;
            write.plain(app, &loaded, &act, Subject::Project)
        })
        .await
}

pub(crate) async fn application_act(
    State(app): State<App>,
    Path((id, act)): Path<(String, String)>,
    write: Write,
) -> ApiResult {
    write
        .once(app, move |app, write| {
            let (loaded, application) = loading::application(app, &write.who, &id, Look::AtOnce)?;
            write.plain(app, &loaded, &act, Subject::Application(application.id))
        })
        .await
}

pub(crate) async fn case_act(
    State(app): State<App>,
    Path((id, act)): Path<(String, String)>,
    write: Write,
) -> ApiResult {
    write
        .once(app, move |app, write| {
            let (loaded, case) = loading::case(app, &write.who, &id, Look::AtOnce)?;
            write.plain(app, &loaded, &act, Subject::Case(case.opened.case))
        })
        .await
}

/// Puts a paper of the department on file with its case.
pub(crate) async fn file_paper(
    State(app): State<App>,
    Path(id): Path<String>,
    write: Write,
) -> ApiResult {
    write
        .once(app, move |app, write| {
            let (loaded, case) = loading::case(app, &write.who, &id, Look::Act)?;
            let mut faults = Faults::default();
            let named = BTreeMap::from([("file".to_owned(), write.typed.get("file").to_owned())]);
            let file = files(app, &loaded, named, &mut faults)?.remove("file");
            let title = write.typed.get("title");
            if title.is_empty() || title.chars().count() > 200 {
                faults.add("title", "请填写名称，最多 200 个字");
            }
            let (Some(file), true) = (file, faults.is_empty()) else { return Err(faults.into()) };
            let (title, value) = app.store().seal(title);
            let act = CaseAct::FilePaper { title, file }.on(case.opened.case);
            write.perform(app, &loaded, &act, vec![value])
        })
        .await
}

pub(crate) async fn register(State(app): State<App>, write: Write) -> ApiResult {
    write
        .once(app, move |app, write| {
            let mut faults = Faults::default();
            let read = read_registration(app, &write.who, &write.typed, &mut faults)?;
            let (Some((registration, sealed, contact)), true) = (read, faults.is_empty()) else {
                return Err(faults.into());
            };
            let request = Some(write.request);
            let options = ActOptions { sealed, person: contact, request, ..ActOptions::default() };
            Ok(app.store().register(registration, &write.who.actor(), options)?)
        })
        .await
}

/// Files of the project, by paper.
fn files(
    app: &App,
    loaded: &Loaded,
    named: BTreeMap<String, String>,
    faults: &mut Faults,
) -> Result<BTreeMap<String, FileReference>, ApiError> {
    let mut files = BTreeMap::new();
    for (paper, id) in named {
        let file = match id.parse::<FileId>() {
            Ok(id) => app.store().file(id)?,
            Err(_) => None,
        };
        match file.filter(|file| file.project == loaded.project.id) {
            Some(file) => {
                files.insert(paper, file.reference());
            }
            None => faults.add(&format!("papers:{paper}"), "没有这个文件"),
        }
    }
    Ok(files)
}

/// How papers were chosen that were not simply uploaded: from another project, or in place of what
/// would be pulled.
fn taken(
    app: &App,
    loaded: &Loaded,
    write: &Write,
    papers: &BTreeMap<String, FileReference>,
    faults: &mut Faults,
) -> Result<BTreeMap<String, Taken>, ApiError> {
    let mut taken = BTreeMap::new();
    for (paper, project) in write.strings("library") {
        let from = project.parse().ok();
        let held = match from {
            Some(from) => library_file(app, loaded, from, &paper)?,
            None => None,
        };
        let held = held.map(|id| app.store().file(id)).transpose()?.flatten();
        let same = held.is_some_and(|it| papers.get(&paper).is_some_and(|own| own.sm3 == it.sm3));
        match from.filter(|_| same) {
            Some(from) => drop(taken.insert(paper, Taken::Library(from))),
            None => faults.add(&format!("library:{paper}"), "那个项目没有交过这份材料"),
        }
    }
    let instead = write.strings("instead").into_iter();
    taken.extend(instead.map(|(paper, reason)| (paper, Taken::Instead(reason))));
    let not_needed = write.strings("not_needed").into_iter();
    taken.extend(not_needed.map(|(paper, reason)| (paper, Taken::NotNeeded(reason))));
    Ok(taken)
}

type ReadFields = (BTreeMap<String, FieldValue>, Vec<SealedValue>);

fn fields(
    app: &App,
    loaded: &Loaded,
    typed: BTreeMap<String, String>,
    faults: &mut Faults,
) -> ReadFields {
    let mut fields = BTreeMap::new();
    let mut sealed = Vec::new();
    for (key, text) in typed {
        let Some(field) = loaded.names.catalog.field(&key) else {
            faults.add(&format!("fields:{key}"), "没有这个字段");
            continue;
        };
        match field.read(&text) {
            Ok(None) => {}
            Ok(Some(ReadValue::Clear(value))) => {
                fields.insert(key, value);
            }
            Ok(Some(ReadValue::Personal(text))) => {
                let (seal, value) = app.store().seal(&text);
                sealed.push(value);
                fields.insert(key, FieldValue::Sealed(seal));
            }
            Err(error) => faults.add(&format!("fields:{key}"), value_fault(field, &error)),
        }
    }
    (fields, sealed)
}

pub(crate) async fn submit_application(
    State(app): State<App>,
    Path(id): Path<String>,
    write: Write,
) -> ApiResult {
    write
        .once(app, move |app, write| {
            let loaded = loading::load(app, &write.who, id.parse().ok(), Look::Act)?;
            let mut faults = Faults::default();
            let papers = files(app, &loaded, write.strings("papers"), &mut faults)?;
            let taken = taken(app, &loaded, &write, &papers, &mut faults)?;
            let (fields, sealed) = fields(app, &loaded, write.strings("fields"), &mut faults);
            let stage = write.body.get("stage").and_then(Value::as_u64);
            let stage = stage.and_then(|stage| u8::try_from(stage).ok());
            if stage.is_none() {
                faults.add("stage", "请给出阶段，1 至 4");
            }
            let (Some(stage), true) = (stage, faults.is_empty()) else { return Err(faults.into()) };
            let act = Act::Submit(Submission {
                stage,
                items: write.list("items"),
                committed: write.list("committed"),
                answers: write.strings("answers"),
                fields,
                papers,
                taken,
                release: match write.typed.get("release") {
                    "early" => Release::Early,
                    _ => Release::Together,
                },
            });
            write.perform(app, &loaded, &act, sealed)
        })
        .await
}

pub(crate) async fn submit_correction(
    State(app): State<App>,
    Path(id): Path<String>,
    write: Write,
) -> ApiResult {
    write
        .once(app, move |app, write| {
            let (loaded, application) = loading::application(app, &write.who, &id, Look::Act)?;
            let mut faults = Faults::default();
            let papers = files(app, &loaded, write.strings("papers"), &mut faults)?;
            let (fields, sealed) = fields(app, &loaded, write.strings("fields"), &mut faults);
            if !faults.is_empty() {
                return Err(faults.into());
            }
            let act = ApplicationAct::SubmitCorrection { papers, fields }.on(application.id);
            write.perform(app, &loaded, &act, sealed)
        })
        .await
}

pub(crate) async fn provide_owed(
    State(app): State<App>,
    Path((id, paper)): Path<(String, String)>,
    write: Write,
) -> ApiResult {
    write
        .once(app, move |app, write| {
            let (loaded, case) = loading::case(app, &write.who, &id, Look::Act)?;
            let mut faults = Faults::default();
            let named = BTreeMap::from([(paper.clone(), write.typed.get("file").to_owned())]);
            let mut papers = files(app, &loaded, named, &mut faults)?;
            let Some(file) = papers.remove(&paper) else { return Err(faults.into()) };
            let act = CaseAct::ProvideOwedPaper { paper, file }.on(case.opened.case);
            write.perform(app, &loaded, &act, Vec::new())
        })
        .await
}
