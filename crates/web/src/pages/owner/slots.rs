//! The slots of the set of papers, and uploads into them.

use askama::Template;
use axum::{
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::{Html, IntoResponse},
};

use super::{
    draft::{Work, load_draft},
    tasks::{DraftHead, head},
};
use crate::{
    app::App,
    components::{Chip, ItemState},
    error::{PageError, PageResult},
    forms::read_multipart,
    pages::{html, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
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
}

fn page(
    app: &App,
    work: &Work,
    shell: Shell,
    fault: Option<(&str, &str)>,
) -> Result<SlotsPage, PageError> {
    let names = &work.loaded.names;
    let mut views = Vec::new();
    for slot in work.slots(app)? {
        let Some(paper) = names.catalog.papers.get(&slot.slot.paper) else { continue };
        let fault = fault.filter(|(key, _)| *key == paper.key).map_or("", |(_, words)| words);
        let free = slot.from.as_ref().map(|from| match from {
            tongban_domain::paper::Provenance::Result(case) => {
                let decided = work.loaded.project.cases.get(case);
                let number = decided
                    .and_then(|case| case.decision.as_ref())
                    .and_then(|decided| decided.decision.document.clone());
                format!("平台已调取：{}", number.unwrap_or_else(|| "已办结的结果".to_owned()))
            }
            tongban_domain::paper::Provenance::Awaited(code) => {
                format!("由「{}」的办理结果自动带入", names.item(code))
            }
            tongban_domain::paper::Provenance::Register(name) => {
                format!("由窗口向{name}核验")
            }
            tongban_domain::paper::Provenance::Uploaded(_) => String::new(),
        });
        let (state, chip) = match (&free, &slot.file) {
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
        slots: views,
    })
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
    let (_, uploads) = read_multipart(form).await?;
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        let catalog = &work.loaded.names.catalog;
        let listed = work.slots(app)?.iter().any(|slot| slot.slot.paper == paper);
        let known = catalog.papers.get(&paper).filter(|_| listed).ok_or(PageError::NotFound)?;
        let shell = frame.shell(Desk::Owner);
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
                app.store().save_draft(work.draft.id, &[("paper", &paper, &file)])?;
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
