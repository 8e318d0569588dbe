//! Check answers, promise that they are true, submit.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
};
use tongban_domain::{
    acts::{Act, Submission},
    catalog::Choice,
    project::ValueError,
    reason::ReasonKind,
};
use tongban_store::{ActOptions, Ticket};

use super::{
    draft::{DraftSlot, Work, load_draft},
    project::masked,
    tasks::{DraftHead, head},
};
use crate::{
    app::App,
    components::{FaultSummary, field_id},
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    pages::{html, html_with_faults, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

struct Line {
    label: String,
    value: String,
    url: String,
    /// Where the summary of faults leads: the link to mend it.
    id: String,
}

#[derive(Template)]
#[template(path = "owner/check.html")]
struct CheckPage {
    shell: Shell,
    head: DraftHead,
    owner: String,
    items: Vec<(String, String, bool)>,
    lines: Vec<Line>,
    papers: Vec<Line>,
    budget: u32,
    early: bool,
    by_window: bool,
    visits: Vec<Choice>,
    faults: Faults,
}

impl CheckPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

/// The name of a missing paper among the faults.
fn paper_fault(slot: &DraftSlot) -> String {
    format!("paper:{}", slot.slot.paper)
}

fn page(app: &App, work: &Work, shell: Shell, faults: Faults) -> Result<CheckPage, PageError> {
    let names = &work.loaded.names;
    let committed = work.committed();
    let items = work.items().into_iter().map(|code| {
        let terms = names.catalog.terms(&code, work.loaded.project.region);
        let promised = terms.map(|terms| terms.promised.to_string());
        let is_committed = committed.contains(&code);
        (names.item(&code), promised.unwrap_or_default(), is_committed)
    });
    let id = work.draft.id;
    let mut lines = Vec::new();
    for (place, group) in work.groups().into_iter().enumerate() {
        for field in group.fields {
            let typed = work.value("field", &field.key);
            let value = match field.read(typed) {
                Ok(Some(tongban_domain::project::ReadValue::Clear(value))) => {
                    names.catalog.shown(field, &value)
                }
                Ok(Some(tongban_domain::project::ReadValue::Personal(text))) => masked(&text),
                Ok(None) | Err(ValueError::Missing) => "未填写".to_owned(),
                Err(_) => format!("{typed}（需要改正）"),
            };
            lines.push(Line {
                label: field.label.clone(),
                value,
                url: format!("/a/d/{id}/section/{place}"),
                id: field_id(&field.key),
            });
        }
    }
    let papers = work.slots(app)?.into_iter().map(|slot| {
        let how = match (&slot.from, &slot.file) {
            _ if slot.not_needed().is_some() => {
                let reason = slot.not_needed().unwrap_or_default();
                format!("不需要：{}", names.reason(reason))
            }
            (Some(_), _) => "免交".to_owned(),
            (None, Some(file)) => format!("{}（{}）", file.name, words::size(file.size)),
            (None, None) if slot.slot.deferrable => "容缺，受理后补交".to_owned(),
            (None, None) => "还没有上传".to_owned(),
        };
        Line {
            label: slot.slot.name.clone(),
            value: how,
            url: format!("/a/d/{id}/slots"),
            id: field_id(&paper_fault(&slot)),
        }
    });
    let visits = names
        .catalog
        .reasons
        .iter()
        .filter(|reason| reason.kind == ReasonKind::Visit)
        .map(|reason| Choice::new(reason.key.clone(), reason.name.clone()));
    Ok(CheckPage {
        shell,
        head: head(work),
        owner: work.loaded.project.owner.name.clone(),
        items: items.collect(),
        lines,
        papers: papers.collect(),
        budget: work.stage_budget(),
        early: work.release() == tongban_domain::application::Release::Early,
        by_window: work.loaded.by_window(),
        visits: visits.collect(),
        faults,
    })
}

pub(crate) async fn check(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        html(&page(app, &work, frame.shell(Desk::Owner), Faults::default())?)
    })
    .await
}

pub(crate) async fn submit(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let work = load_draft(app, &who, &id)?;
        let typed = Typed::new(pairs);
        let mut faults = Faults::default();
        if typed.get("oath").is_empty() {
            faults.add("oath", "请确认承诺，提交的单位对真实性负责");
        }
        let visit = typed.get("visit");
        if work.loaded.by_window() && visit.is_empty() {
            faults.add("visit", "请选择到场原因；没有到场的选「未到场」");
        }
        let (fields, sealed) = work.read_fields(app, &mut faults);
        let slots = work.slots(app)?;
        for slot in slots.iter().filter(|slot| !slot.is_settled() && !slot.slot.deferrable) {
            faults.add(&paper_fault(slot), format!("还没有上传{}", slot.slot.name));
        }
        for (item, reason) in work.closed_commitments() {
            let (item, why) = (work.loaded.names.item(&item), words::mode_reason(&reason));
            let now = "请到事项清单重新确认并保存，按正常方式提交";
            faults.add("submit", format!("「{item}」现在不能告知承诺：{why}。{now}"));
        }
        let act = Act::Submit(Submission {
            stage: work.draft.stage,
            items: work.items(),
            committed: work.committed(),
            answers: work.answers(),
            fields,
            papers: Work::files(&slots),
            taken: Work::taken(&slots),
            release: if typed.get("release") == "early" {
                tongban_domain::application::Release::Early
            } else {
                tongban_domain::application::Release::Together
            },
        });
        let shell = frame.shell(Desk::Owner);
        if !faults.is_empty() {
            return html_with_faults(&page(app, &work, shell, faults)?);
        }
        let visit = Some(visit.to_owned()).filter(|visit| !visit.is_empty() && visit != "none");
        let options =
            ActOptions { sealed, draft: Some(work.draft.id), visit, ..ActOptions::default() };
        let project = work.loaded.project.id;
        let done =
            app.store().act(project, &act, &work.loaded.actor, options).and_then(Ticket::wait);
        match done {
            Ok(acted) => {
                let application = acted.application.map_or(String::new(), |id| id.to_string());
                Ok(redirect(&format!("/a/j/{application}/sent")))
            }
            Err(tongban_store::ActError::Refused(refusal)) => {
                faults.add("submit", words::refusal(&refusal, &*app.catalog()?));
                html_with_faults(&page(app, &work, shell, faults)?)
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}
