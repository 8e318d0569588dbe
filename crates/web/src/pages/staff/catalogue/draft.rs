//! The working draft: its files, what is wrong with them, and publication from a day.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
};
use serde::Deserialize;
use tongban_domain::{
    catalog::{Catalog, Choice, Problem, SourceFile, beyond_office, compare, load, overlay_region},
    permission::{Role, covers},
    time::Day,
};
use tongban_store::{Keeper, StoreError};

use crate::{
    app::App,
    components::FaultSummary,
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    pages::{html, html_with_faults, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

struct FileLine {
    path: String,
    lines: usize,
    changed: Option<String>,
    problems: usize,
    /// Kept at the level of this person's office.
    own: bool,
}

#[derive(Template)]
#[template(path = "staff/draft.html")]
struct DraftPage {
    shell: Shell,
    files: Vec<FileLine>,
    problems: Vec<Problem>,
    /// Differences to the pack in force; none while the draft cannot be read.
    differences: usize,
    may_edit: bool,
    /// All of it is kept at the level of this office.
    whole: bool,
    /// Regions of this office that have no list of their own yet.
    lists: Vec<Choice>,
    from: String,
    tomorrow: String,
    faults: Faults,
    running: u64,
}

fn draft_page(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    typed: &Typed,
    faults: Faults,
) -> PageResult {
    let store = app.store();
    let draft = store.pack_draft()?;
    if draft.is_empty() {
        return Ok(redirect("/s/admin/packs"));
    }
    let files: Vec<SourceFile> = draft.iter().map(|it| it.file.clone()).collect();
    let catalog = store.catalog()?;
    let names = store.account_names(draft.iter().filter_map(|it| it.changed_by))?;
    let (problems, differences) = match load(&files) {
        Ok(draft) => (Vec::new(), compare(&catalog, &draft).len()),
        Err(problems) => (problems, 0),
    };
    let lines = draft.iter().map(|it| FileLine {
        path: it.file.path.clone(),
        lines: it.file.text.lines().count(),
        changed: (it.version > 0).then(|| {
            let by = it.changed_by.and_then(|by| names.get(&by).cloned()).unwrap_or_default();
            format!("{by} {}", words::moment(it.changed_at))
        }),
        problems: problems.iter().filter(|problem| problem.file == it.file.path).count(),
        own: keeps(&catalog, who, &it.file),
    });
    let mut lines: Vec<FileLine> = lines.collect();
    let whole = !lines.is_empty() && lines.iter().all(|line| line.own);
    // Of a long list one's own part first.
    lines.sort_by_key(|line| !line.own);
    let lists = without_list(&catalog, who, &files);
    let tomorrow = store.now().day().plus(1).to_string();
    let faulty = !faults.is_empty();
    let typed_from = typed.get("from").to_owned();
    let page = DraftPage {
        shell: frame.shell(Desk::Staff),
        files: lines,
        whole,
        problems,
        differences,
        may_edit: who.0.is(Role::Administrator),
        lists,
        from: if typed_from.is_empty() { tomorrow.clone() } else { typed_from },
        tomorrow,
        faults,
        running: store.cases_being_handled()?,
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}

pub(crate) async fn draft(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| draft_page(app, &frame, &who, &Typed::default(), Faults::default())).await
}

/// Whether a file is kept at the level of somebody's office.
fn keeps(catalog: &Catalog, who: &SignedIn, file: &SourceFile) -> bool {
    let offices = Keeper::of(&who.0).regions;
    !offices.is_empty()
        && beyond_office(catalog, &offices, &[], std::slice::from_ref(file)).is_empty()
}

/// Cities, counties and zones of the office for which no overlay is in the draft.
fn without_list(catalog: &Catalog, who: &SignedIn, files: &[SourceFile]) -> Vec<Choice> {
    let offices = Keeper::of(&who.0).regions;
    let has_one = |region| files.iter().any(|file| overlay_region(file) == Some(region));
    let below = catalog.regions.values().filter(|it| it.parent.is_some() && !has_one(it.code));
    let own = below.filter(|it| offices.iter().any(|office| covers(catalog, *office, it.code)));
    own.map(|it| Choice::new(it.code.to_string(), it.name.clone())).collect()
}

#[derive(Deserialize)]
pub(crate) struct OverlayForm {
    region: u32,
}

/// Adds the list of a region to the draft.
pub(crate) async fn add_overlay(
    State(app): State<App>,
    who: SignedIn,
    Form(form): Form<OverlayForm>,
) -> PageResult {
    app.run(move |app| {
        let path = app.store().add_overlay(form.region, &Keeper::of(&who.0))?;
        let path = path.ok_or(PageError::NotFound)?;
        let path = words::percent_encoded(&path);
        Ok(redirect(&format!("/s/admin/draft/file?path={path}&done=draft-saved")))
    })
    .await
}

/// Begins a draft from the pack in force.
pub(crate) async fn begin(State(app): State<App>, who: SignedIn) -> PageResult {
    app.run(move |app| {
        app.store().begin_pack_draft(&Keeper::of(&who.0))?;
        Ok(redirect("/s/admin/draft?done=draft-begun"))
    })
    .await
}

/// Throws the draft away.
pub(crate) async fn discard(State(app): State<App>, who: SignedIn) -> PageResult {
    app.run(move |app| {
        app.store().give_up_pack_draft(&Keeper::of(&who.0))?;
        Ok(redirect("/s/admin/packs?done=draft-discarded"))
    })
    .await
}

#[derive(Deserialize)]
pub(crate) struct FileQuery {
    path: String,
}

#[derive(Template)]
#[template(path = "staff/draft-file.html")]
struct FilePage {
    shell: Shell,
    path: String,
    text: String,
    version: i64,
    problems: Vec<Problem>,
    /// What somebody else saved in between.
    theirs: Option<String>,
    may_edit: bool,
    rows: usize,
}

fn file_page(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    path: &str,
    lost: Option<String>,
) -> PageResult {
    let draft = app.store().pack_draft()?;
    let one = draft.iter().find(|it| it.file.path == path).ok_or(PageError::NotFound)?;
    let files: Vec<SourceFile> = draft.iter().map(|it| it.file.clone()).collect();
    let problems = load(&files).err().unwrap_or_default();
    let conflict = lost.is_some();
    let page = FilePage {
        shell: frame.shell(Desk::Staff),
        path: path.to_owned(),
        rows: one.file.text.lines().count().clamp(12, 40),
        theirs: lost.as_ref().map(|_| one.file.text.clone()),
        text: lost.unwrap_or_else(|| one.file.text.clone()),
        version: one.version,
        problems: problems.into_iter().filter(|problem| problem.file == path).collect(),
        may_edit: keeps(&*app.store().catalog()?, who, &one.file),
    };
    if conflict { html_with_faults(&page) } else { html(&page) }
}

pub(crate) async fn edit(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Query(query): Query<FileQuery>,
) -> PageResult {
    app.run(move |app| file_page(app, &frame, &who, &query.path, None)).await
}

/// Saves a file; when somebody else saved it in between, both texts are shown.
pub(crate) async fn save(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Query(query): Query<FileQuery>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let value =
            |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, it)| it.clone());
        // Browsers send lines with carriage returns.
        let text = value("text").unwrap_or_default().replace("\r\n", "\n");
        let seen = value("seen").and_then(|seen| seen.parse().ok());
        let seen =
            seen.ok_or_else(|| PageError::BadRequest("页面不完整，请重新打开。".to_owned()))?;
        let file = SourceFile { path: query.path.clone(), text };
        if !app.store().save_pack_draft(&file, seen, &Keeper::of(&who.0))? {
            return file_page(app, &frame, &who, &query.path, Some(file.text));
        }
        Ok(redirect(&format!(
            "/s/admin/draft/file?path={}&done=draft-saved",
            words::percent_encoded(&query.path)
        )))
    })
    .await
}

/// An item or a project type as the draft would show it to owners.
#[derive(Deserialize, Default)]
pub(crate) struct PreviewQuery {
    #[serde(default)]
    item: String,
    #[serde(default)]
    flow: String,
}

pub(crate) async fn preview(
    State(app): State<App>,
    frame: Frame,
    _who: SignedIn,
    Query(query): Query<PreviewQuery>,
) -> PageResult {
    app.run(move |app| {
        let catalog = load(&app.store().pack_draft_files()?)
            .map_err(|_| PageError::BadRequest("草稿还有错误，改好以后才能预览。".to_owned()))?;
        if query.flow.is_empty() {
            crate::pages::guide_of(&catalog, &frame, &query.item)
        } else {
            crate::pages::theme_of(&catalog, &frame, &query.flow)
        }
    })
    .await
}

/// Publishes the draft from a day on.
pub(crate) async fn publish(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        let mut faults = Faults::default();
        let from: Option<Day> = typed.get("from").parse().ok();
        if from.is_none() {
            faults.add("from", "请填写生效日期，如 2026-06-12");
        }
        if typed.get("agree").is_empty() {
            faults.add("agree", "请确认已经看过对比和试运行的结果");
        }
        if let (Some(from), true) = (from, faults.is_empty()) {
            let store = app.store();
            match store.publish_pack_draft(from, &Keeper::of(&who.0)) {
                Ok(()) => return Ok(redirect("/s/admin/packs?done=publish-pack")),
                Err(StoreError::VersionToCome(day)) => {
                    let day = words::day(day);
                    faults.add("from", format!("{day}有新版本生效，请从那天起发布"));
                }
                Err(StoreError::PackInThePast(_)) => {
                    faults.add("from", "生效日期不能早于今天");
                }
                Err(StoreError::BeyondOffice(paths)) => {
                    faults.add("agree", words::beyond_office(&paths));
                }
                Err(StoreError::BadPack(problems)) => {
                    faults.add("from", format!("草稿还有 {} 处错误，不能发布", problems.len()));
                }
                Err(error) => return Err(error.into()),
            }
        }
        draft_page(app, &frame, &who, &typed, faults)
    })
    .await
}

impl DraftPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}
