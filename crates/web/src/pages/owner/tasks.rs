//! The task list of an application, and its sections.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};

use tongban_domain::mode::{Ground, Mode};

use super::draft::{Work, load_draft};
use crate::{
    app::App,
    components::{Chip, FaultSummary, FormField, ItemState, value_fault},
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    pages::{html, html_with_faults, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

/// Where a page of a draft is.
pub(crate) struct DraftHead {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) project_id: String,
    pub(crate) stage: u8,
    pub(crate) stage_name: String,
    pub(crate) saved: String,
}

pub(crate) fn head(work: &Work) -> DraftHead {
    DraftHead {
        id: work.draft.id.to_string(),
        project: work.loaded.project.name.clone(),
        project_id: work.loaded.project.id.to_string(),
        stage: work.draft.stage,
        stage_name: work.stage_name(),
        saved: words::time(work.draft.changed_at),
    }
}

struct Task {
    url: String,
    name: String,
    hint: String,
    chip: Chip,
}

#[derive(Template)]
#[template(path = "owner/tasks.html")]
struct TasksPage {
    shell: Shell,
    head: DraftHead,
    sections: Vec<Task>,
    items: Task,
    papers: Task,
    done: usize,
    open: usize,
    ready: bool,
}

fn done() -> Chip {
    Chip::new(ItemState::Done, "已填好")
}

pub(crate) async fn tasks(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        let chosen = work.items();
        let items = Task {
            url: format!("/a/d/{id}/section/items"),
            name: "办理事项".to_owned(),
            hint: format!("已选 {} 项，一次申报、同时审查", chosen.len()),
            chip: if chosen.is_empty() { Chip::new(ItemState::Todo, "未选择") } else { done() },
        };
        let mut sections = Vec::new();
        for (place, group) in work.groups().into_iter().enumerate() {
            let filled = group
                .fields
                .iter()
                .filter(|field| !work.value("field", &field.key).is_empty())
                .count();
            let missing = group
                .fields
                .iter()
                .filter(|field| field.read(work.value("field", &field.key)).is_err())
                .count();
            let chip = match (missing, filled) {
                (0, _) => done(),
                (_, 0) => Chip::new(ItemState::Todo, "未填写"),
                _ => Chip::new(ItemState::Draft, "填了一部分"),
            };
            sections.push(Task {
                url: format!("/a/d/{id}/section/{place}"),
                name: group.title.to_owned(),
                hint: format!("{} 项，已填 {filled} 项", group.fields.len()),
                chip,
            });
        }
        let slots = work.slots(app)?;
        let handed = slots.iter().filter(|slot| slot.file.is_some()).count();
        let free = slots.iter().filter(|slot| slot.from.is_some()).count();
        let missing =
            slots.iter().filter(|slot| !slot.is_settled() && !slot.slot.deferrable).count();
        let papers = Task {
            url: format!("/a/d/{id}/slots"),
            name: "上传材料".to_owned(),
            hint: format!("共 {} 份：免交 {free} 份，已交 {handed} 份", slots.len()),
            chip: if missing == 0 {
                done()
            } else {
                Chip::new(ItemState::Todo, &format!("还缺 {missing} 份"))
            },
        };
        let all = sections.iter().chain([&items, &papers]);
        let done = all.clone().filter(|task| task.chip.state == ItemState::Done).count();
        let open = all.count() - done;
        let page = TasksPage {
            shell: frame.shell(Desk::Owner),
            head: head(&work),
            sections,
            items,
            papers,
            done,
            open,
            ready: open == 0,
        };
        html(&page)
    })
    .await
}

struct ItemChoice {
    code: String,
    name: String,
    department: String,
    promised: String,
    chosen: bool,
    side: bool,
    commitment: bool,
    /// Why it is not open to this owner now.
    closed: Option<String>,
    committed: bool,
}

#[derive(Template)]
#[template(path = "owner/items.html")]
struct ItemsPage {
    shell: Shell,
    head: DraftHead,
    items: Vec<ItemChoice>,
    merged: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "owner/section.html")]
struct SectionPage {
    shell: Shell,
    head: DraftHead,
    title: String,
    place: usize,
    faults: Faults,
    fields: Vec<FormField>,
}

impl SectionPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

fn items_page(work: &Work, shell: Shell) -> ItemsPage {
    let (names, prospect) = (&work.loaded.names, work.loaded.prospect());
    let items = work.possible().into_iter().filter_map(|entry| {
        let terms = names.catalog.terms(&entry.item, work.loaded.project.region)?;
        let item = terms.item;
        let department = names.catalog.departments.get(terms.lead)?;
        let commitment = prospect.mode(&item.code, Mode::Commitment);
        Some(ItemChoice {
            code: item.code.clone(),
            name: item.name.clone(),
            department: department.name.clone(),
            promised: terms.promised.to_string(),
            chosen: !work.value("item", &item.code).is_empty(),
            side: entry.side,
            commitment: commitment.as_ref().is_some_and(|reason| reason.open),
            closed: commitment
                .filter(|reason| !reason.open && reason.ground != Ground::NotListed)
                .map(|reason| words::mode_reason(&reason)),
            committed: !work.value("commit", &item.code).is_empty(),
        })
    });
    let chosen = work.items();
    let answers = work.all_answers();
    let flow = names.catalog.flows.get(&work.loaded.project.flow);
    let merged = flow.into_iter().flat_map(|flow| &flow.entries).filter_map(|entry| {
        let host = entry.merged_into.as_ref()?;
        let part = chosen.contains(host) && entry.need.holds(&answers);
        part.then(|| (names.item(&entry.item), names.item(host)))
    });
    ItemsPage { shell, head: head(work), items: items.collect(), merged: merged.collect() }
}

fn section_page(
    work: &Work,
    place: usize,
    shell: Shell,
    typed: Option<&Typed>,
    faults: Faults,
) -> Result<SectionPage, PageError> {
    let groups = work.groups();
    let group = groups.get(place).ok_or(PageError::NotFound)?;
    let fields = group.fields.iter().map(|field| {
        let value = typed.map_or(work.value("field", &field.key), |typed| typed.get(&field.key));
        FormField::of(field, &field.key, value, faults.of(&field.key))
    });
    Ok(SectionPage {
        shell,
        head: head(work),
        title: group.title.to_owned(),
        place,
        fields: fields.collect(),
        faults,
    })
}

pub(crate) async fn section(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path((id, section)): Path<(String, String)>,
) -> PageResult {
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        let shell = frame.shell(Desk::Owner);
        if section == "items" {
            return html(&items_page(&work, shell));
        }
        let place = section.parse().map_err(|_| PageError::NotFound)?;
        html(&section_page(&work, place, shell, None, Faults::default())?)
    })
    .await
}

/// Saves a section: by the button (then on to the list, or back with faults), or by itself
/// while it is being filled in (then a bare answer).
pub(crate) async fn save_section(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path((id, section)): Path<(String, String)>,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    let by_itself = headers.get("sec-fetch-mode").is_some_and(|mode| mode != "navigate");
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        let typed = Typed::new(pairs);
        let store = app.store();
        if section == "items" {
            store.clear_draft(work.draft.id, "item")?;
            store.clear_draft(work.draft.id, "commit")?;
            let mut values: Vec<(&str, &str, &str)> =
                typed.all("item").map(|item| ("item", item, "1")).collect();
            values.extend(typed.all("commit").map(|item| ("commit", item, "1")));
            store.save_draft(work.draft.id, &values)?;
            return Ok(redirect(&format!("/a/d/{id}?done=saved")));
        }
        let place: usize = section.parse().map_err(|_| PageError::NotFound)?;
        let groups = work.groups();
        let group = groups.get(place).ok_or(PageError::NotFound)?;
        let mut faults = Faults::default();
        let mut values = Vec::new();
        for field in group.fields.iter().filter(|field| typed.has(&field.key)) {
            // Saved as typed, right or wrong: nothing is lost.
            values.push(("field", field.key.as_str(), typed.get(&field.key)));
        }
        store.save_draft(work.draft.id, &values)?;
        if by_itself {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        for field in &group.fields {
            if let Err(error) = field.read(typed.get(&field.key)) {
                faults.add(&field.key, value_fault(field, &error));
            }
        }
        if !faults.is_empty() {
            let shell = frame.shell(Desk::Owner);
            return html_with_faults(&section_page(&work, place, shell, Some(&typed), faults)?);
        }
        Ok(redirect(&format!("/a/d/{id}?done=saved")))
    })
    .await
}

/// Throws the draft away.
pub(crate) async fn discard(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        app.store().discard_draft(work.draft.id)?;
        Ok(redirect(&format!("/a/p/{}?done=discarded", work.loaded.project.id)))
    })
    .await
}
