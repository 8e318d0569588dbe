//! The slots of the set of papers, and uploads into them.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::{Html, IntoResponse},
};

use super::{
    Loaded,
    draft::{DraftSlot, Work, load_draft},
    tasks::{DraftHead, head},
};
use tongban_domain::{
    catalog::{Choice, Paper, PaperReuse},
    ids::{FileId, ProjectId},
    paper::{Provenance, Taken},
    project::Project,
    reason::ReasonKind,
};

use crate::{
    app::App,
    components::{Chip, ItemState},
    error::{PageError, PageResult},
    forms::{Typed, read_multipart},
    pages::{html, redirect},
    parts::with_parts,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::{Names, RegisterLine, Registers},
    words,
};

struct SlotView {
    key: String,
    name: String,
    help: String,
    rule: String,
    accept: String,
    max_bytes: u64,
    state: &'static str,
    chip: Chip,
    free: Option<String>,
    /// What a register says about it.
    register: Option<RegisterLine>,
    /// It stands in a register; another one needs a reason.
    pulled: bool,
    /// Another one may be handed in.
    open: bool,
    /// A file was handed in with this draft.
    replaced: bool,
    /// What the platform has.
    held: Option<(String, String)>,
    /// How the file was chosen.
    taken: String,
    /// Other projects of the owner that have it: id, name, file.
    library: Vec<(String, String, String)>,
    /// Why there is no such paper, when the owner says so.
    not_needed: Option<String>,
    /// Reasons why there may be no such paper.
    may_lack: Vec<Choice>,
    file: Option<(String, String, String)>,
    fault: String,
    items: String,
    deferrable: bool,
}

#[derive(Template)]
#[template(path = "owner/slots.html")]
struct SlotsPage {
    shell: Shell,
    head: DraftHead,
    slots: Vec<SlotView>,
    handed: usize,
    free: usize,
    missing: usize,
    reasons: Vec<Choice>,
}

fn page(
    app: &App,
    work: &Work,
    shell: Shell,
    fault: Option<(&str, &str)>,
) -> Result<SlotsPage, PageError> {
    let names = &work.loaded.names;
    let mut views = Vec::new();
    let slots = work.slots(app)?;
    ask_registers(app, work, &slots);
    let registers = Registers::of(app.store(), &work.loaded.project)?;
    for slot in slots {
        let Some(paper) = names.catalog.papers.get(&slot.slot.paper) else { continue };
        let fault = fault.filter(|(key, _)| *key == paper.key).map_or("", |(_, words)| words);
        let free = slot.from.as_ref().map(|from| match from {
            Provenance::Result(case) => {
                let decided = work.loaded.project.cases.get(case);
                let number = decided
                    .and_then(|case| case.decision.as_ref())
                    .and_then(|decided| decided.decision.document.clone());
                format!("平台已调取：{}", number.unwrap_or_else(|| "已办结的结果".to_owned()))
            }
            Provenance::Awaited(code) => {
                format!("由「{}」的办理结果自动带入", names.item(code))
            }
            Provenance::Register(name) => {
                format!("由窗口向{name}核验")
            }
            Provenance::Earlier(application, _) => {
                let project = &work.loaded.project;
                let earlier = project.applications.get(application);
                let at = earlier.map_or(String::new(), |it| words::moment(it.submitted_at));
                format!("本项目{at}已提交过，不用再交")
            }
            Provenance::Uploaded(_)
            | Provenance::Library(..)
            | Provenance::NotNeeded(_)
            | Provenance::Instead(..) => String::new(),
        });
        let replaced = slot.handed().is_some();
        let may_replace = slot.from.as_ref().is_some_and(Provenance::is_owners);
        let is_of_register = matches!(slot.from, Some(Provenance::Register(_)));
        let from_library = match &slot.taken {
            Some(Taken::Library(project)) => app.store().project(*project)?,
            Some(Taken::Instead(_) | Taken::NotNeeded(_)) | None => None,
        };
        let held = slot.from.as_ref().and_then(Provenance::file).map(|file| file.file);
        let held = match held {
            Some(file) => app.store().file(file)?,
            None => None,
        };
        let not_needed = slot.not_needed().map(|reason| names.reason(reason));
        let (state, chip) = match (&free, &slot.file) {
            _ if not_needed.is_some() => ("waived", Chip::new(ItemState::NotNeeded, "不需要")),
            _ if replaced => ("ready", Chip::new(ItemState::Done, "已上传")),
            (Some(_), _) => ("waived", Chip::new(ItemState::NotNeeded, "免交")),
            (None, Some(_)) => ("ready", Chip::new(ItemState::Done, "已上传")),
            (None, None) if slot.slot.deferrable => {
                ("missing", Chip::new(ItemState::Tolerated, "可容缺"))
            }
            (None, None) => ("missing", Chip::new(ItemState::Todo, "未上传")),
        };
        let items: Vec<String> = slot.slot.items.iter().map(|code| names.item(code)).collect();
        views.push(SlotView {
            key: paper.key.clone(),
            name: paper.name.clone(),
            help: paper.help.clone(),
            rule: format!(
                "{}，单个不超过 {} MB",
                paper.accept.join("、").to_uppercase(),
                paper.max_mb
            ),
            accept: paper.accept.iter().map(|e| format!(".{e}")).collect::<Vec<_>>().join(","),
            max_bytes: u64::from(paper.max_mb) * 1024 * 1024,
            state,
            chip,
            replaced,
            pulled: is_of_register,
            open: (slot.from.is_none() && not_needed.is_none()) || is_of_register || may_replace,
            may_lack: match (&slot.from, &slot.file, &not_needed) {
                (None, None, None) => reason_choices(names, &paper.not_needed),
                _ => Vec::new(),
            },
            not_needed,
            held: held.map(|file| (format!("/files/{}", file.id), file.name)),
            taken: match &slot.taken {
                Some(Taken::Instead(reason)) if replaced => {
                    format!("改为上传：{}", names.reason(reason))
                }
                Some(Taken::Library(_)) if replaced => {
                    let from = from_library.map_or(String::new(), |it| it.name.clone());
                    format!("从「{from}」带入")
                }
                Some(_) | None => String::new(),
            },
            library: library_of(app, work, paper)?,
            register: registers.about(&paper.key),
            free,
            file: slot
                .file
                .map(|file| (format!("/files/{}", file.id), file.name, words::size(file.size))),
            fault: fault.to_owned(),
            items: items.join("、"),
            deferrable: slot.slot.deferrable,
        });
    }
    // What is still missing comes first.
    views.sort_by_key(|view| match view.state {
        "missing" if !view.deferrable => 0,
        "missing" => 1,
        "ready" => 2,
        _ => 3,
    });
    let count = |state: &str| views.iter().filter(|view| view.state == state).count();
    Ok(SlotsPage {
        shell,
        head: head(work),
        handed: count("ready"),
        free: count("waived"),
        missing: count("missing"),
        reasons: super::reasons(&work.loaded, ReasonKind::Instead),
        slots: views,
    })
}

fn reason_choices(names: &Names, reasons: &[String]) -> Vec<Choice> {
    reasons.iter().map(|key| Choice::new(key.clone(), names.reason(key))).collect()
}

/// Whoever fills in the set finds what registers say about it: they are asked when it is opened.
fn ask_registers(app: &App, work: &Work, slots: &[DraftSlot]) {
    let catalog = &work.loaded.names.catalog;
    let papers = slots.iter().filter_map(|slot| {
        let register = match &slot.from {
            Some(Provenance::Register(name)) => Some(name.as_str()),
            // It said no; perhaps it has it now.
            None => catalog.papers.get(&slot.slot.paper).and_then(Paper::register),
            Some(_) => None,
        };
        Some((slot.slot.paper.as_str(), register?))
    });
    app.store().ask_registers(&work.loaded.project, papers);
}

pub(crate) async fn slots(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        html(&page(app, &work, frame.shell(Desk::Owner), None)?)
    })
    .await
}

pub(crate) async fn upload(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path((id, paper)): Path<(String, String)>,
    form: Multipart,
) -> PageResult {
    let (typed, uploads) = read_multipart(form).await?;
    app.run(move |app| {
        let uploads = with_parts(app, who.0.id, &typed, uploads)?;
        let work = load_draft(app, &who, &id)?;
        let catalog = &work.loaded.names.catalog;
        let listed = work.slots(app)?.iter().any(|slot| slot.slot.paper == paper);
        let known = catalog.papers.get(&paper).filter(|_| listed).ok_or(PageError::NotFound)?;
        let shell = frame.shell(Desk::Owner);
        let pulled = work
            .slots(app)?
            .into_iter()
            .find(|slot| slot.slot.paper == paper)
            .and_then(|slot| slot.from)
            .is_some_and(|from| matches!(from, Provenance::Register(_)));
        let reason = typed.get("instead");
        let known_reason = catalog.reason(reason).is_some_and(|it| it.kind == ReasonKind::Instead);
        if pulled && !known_reason {
            let page = page(app, &work, shell, Some((&paper, "请选择改为上传的原因。")))?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response());
        }
        let Some(upload) = uploads.into_iter().next() else {
            let page = page(app, &work, shell, Some((&paper, "请先选择文件。")))?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response());
        };
        let kept = app.store().keep_file(
            work.loaded.project.id,
            Some(work.draft.id),
            &upload.name,
            &upload.content,
            &known.accept,
            known.max_mb,
        )?;
        match kept {
            Ok(file) => {
                let file = file.id.to_string();
                let instead = if pulled { reason } else { "" };
                let values = [
                    ("paper", &*paper, &*file),
                    ("instead", &paper, instead),
                    ("library", &paper, ""),
                ];
                app.store().save_draft(work.draft.id, &values)?;
                Ok(redirect(&format!("/a/d/{id}/slots?done=uploaded")))
            }
            Err(refused) => {
                let sentence = words::file_error(&refused);
                let page = page(app, &work, shell, Some((&paper, &sentence)))?;
                Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
            }
        }
    })
    .await
}

/// Other projects of the owner that have a paper which counts in all of them.
fn library_of(
    app: &App,
    work: &Work,
    paper: &Paper,
) -> Result<Vec<(String, String, String)>, PageError> {
    if paper.reuse != PaperReuse::Owner {
        return Ok(Vec::new());
    }
    let (own, owner) = (work.loaded.project.id, &work.loaded.project.owner.uscc);
    let mut found = Vec::new();
    for row in app.store().projects_of(owner)? {
        let project = app.store().project(row.id)?.filter(|it| it.id != own);
        let seen = |it: &Arc<Project>| work.loaded.standpoint().may_see(it);
        let Some(project) = project.filter(seen) else { continue };
        let Some(file) = project.library().get(paper.key.as_str()).map(|file| file.file) else {
            continue;
        };
        let Some(file) = app.store().file(file)? else { continue };
        found.push((project.id.to_string(), project.name.clone(), file.name));
    }
    // The latest projects first; more than a few nobody reads.
    found.truncate(5);
    Ok(found)
}

/// Takes a paper over from another project of the owner.
pub(crate) async fn take_over(
    State(app): State<App>,
    who: SignedIn,
    Path((id, paper)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        let from: ProjectId =
            Typed::new(pairs).get("from").parse().map_err(|_| PageError::NotFound)?;
        let file = library_file(app, &work.loaded, from, &paper)?.ok_or(PageError::NotFound)?;
        let file = app.store().file(file)?.ok_or(PageError::NotFound)?;
        let (project, draft) = (work.loaded.project.id, work.draft.id);
        let shared = app.store().share_file(&file, project, Some(draft))?;
        let shared = shared.map_err(|full| PageError::BadRequest(words::file_error(&full)))?;
        let shared = shared.id.to_string();
        let from = from.to_string();
        let values =
            [("paper", &*paper, &*shared), ("library", &paper, &from), ("instead", &paper, "")];
        app.store().save_draft(draft, &values)?;
        Ok(redirect(&format!("/a/d/{id}/slots?done=taken-over#slot-{paper}")))
    })
    .await
}

/// The file of a paper that counts in every project of an owner and that another one has, which
/// this person may see.
pub(crate) fn library_file(
    app: &App,
    loaded: &Loaded,
    from: ProjectId,
    paper: &str,
) -> Result<Option<FileId>, PageError> {
    let reusable = loaded.names.catalog.papers.get(paper);
    if reusable.is_none_or(|it| it.reuse != PaperReuse::Owner) {
        return Ok(None);
    }
    let project = app.store().project(from)?;
    let project = project.filter(|it| it.owner.uscc == loaded.project.owner.uscc);
    let project = project.filter(|it| loaded.standpoint().may_see(it));
    Ok(project.and_then(|it| it.library().get(paper).map(|file| file.file)))
}

/// Says that there is no such paper for this project, and why.
pub(crate) async fn not_needed(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path((id, paper)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        let slots = work.slots(app)?;
        let asked = slots.iter().any(|slot| slot.slot.paper == paper && slot.from.is_none());
        let known = work.loaded.names.catalog.papers.get(&paper).filter(|_| asked);
        let known = known.ok_or(PageError::NotFound)?;
        let typed = Typed::new(pairs);
        let reason = typed.get("not_needed");
        if !known.not_needed.iter().any(|named| named == reason) {
            let fault = Some((&*paper, "请选择不需要这份材料的原因。"));
            let page = page(app, &work, frame.shell(Desk::Owner), fault)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response());
        }
        let values = [("paper", &*paper, ""), ("not-needed", &paper, reason)];
        app.store().save_draft(work.draft.id, &values)?;
        Ok(redirect(&format!("/a/d/{id}/slots?done=not-needed#slot-{paper}")))
    })
    .await
}

/// Forgets what was chosen for a slot: what the platform has counts again.
pub(crate) async fn take_back(
    State(app): State<App>,
    who: SignedIn,
    Path((id, paper)): Path<(String, String)>,
) -> PageResult {
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        let kinds = ["paper", "library", "instead", "not-needed"];
        let values = kinds.map(|kind| (kind, &*paper, ""));
        app.store().save_draft(work.draft.id, &values)?;
        Ok(redirect(&format!("/a/d/{id}/slots#slot-{paper}")))
    })
    .await
}
