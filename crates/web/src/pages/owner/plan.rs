//! The plan agreed at the start, and milestones that are not items.

use askama::Template;
use axum::extract::{Path, State};
use tongban_domain::acts::{ActName, Subject};

use super::{
    load_project,
    project::{ProjectHead, head},
};
use crate::{
    app::App,
    components::{Control, FaultSummary, FormField},
    error::PageResult,
    forms::{Faults, Typed},
    pages::{html, html_with_faults, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::{MilestoneLine, PlanLine, milestone_lines, plan_lines},
};

#[derive(Template)]
#[template(path = "owner/plan.html")]
struct PlanPage {
    shell: Shell,
    faults: Faults,
    head: ProjectHead,
    lines: Vec<PlanLine>,
    fields: Vec<FormField>,
    milestones: Vec<MilestoneLine>,
    milestone_base: String,
    may_plan: bool,
    today: String,
}

pub(crate) async fn plan(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| page(app, &frame, &who, &id, &Typed::default(), &Faults::default())).await
}

/// The page of the plan; after a fault with what was typed.
pub(super) fn page(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    id: &str,
    typed: &Typed,
    found: &Faults,
) -> PageResult {
    let loaded = load_project(app, who, id)?;
    let (project, names) = (&loaded.project, &loaded.names);
    let planned = |what: &str| {
        project
            .plan
            .iter()
            .find(|planned| planned.what == what)
            .map_or(String::new(), |planned| planned.by.to_string())
    };
    let show = |field: FormField, name: &str, what: &str| {
        let value = if typed.has(name) { typed.get(name).to_owned() } else { planned(what) };
        field.value(&value).fault(found.of(name)).optional()
    };
    let mut steps: Vec<(u8, String, String)> = Vec::new();
    if let Some(flow) = names.catalog.flows.get(&project.flow) {
        let items = flow
            .entries
            .iter()
            .filter(|entry| entry.milestone && entry.need.holds(&project.answers) && !entry.side);
        steps.extend(items.map(|it| (it.stage, it.item.clone(), names.item(&it.item))));
        let others = names.catalog.milestones_of(&project.flow);
        steps.extend(others.map(|it| (it.stage, format!("milestone:{}", it.key), it.name.clone())));
    }
    // In the order in which they come; items of a stage before what happens outside.
    steps.sort_by_key(|(stage, ..)| *stage);
    let mut fields = Vec::new();
    for (_, what, title) in steps {
        let name = format!("plan:{what}");
        let field = FormField::own(&name, &title, Control::Typed("date", ""));
        fields.push(show(field, &name, &what));
    }
    // A plan of nothing has no field of its own: the first stands for it.
    let mut faults = Faults::default();
    for (field, sentence) in found.iter() {
        let first = fields.first().map_or(field, |first: &FormField| first.name.as_str());
        faults.add(if field == "plan" { first } else { field }, sentence);
    }
    let faulty = !faults.is_empty();
    let page = PlanPage {
        faults,
        shell: frame.shell(Desk::Owner),
        head: head(&loaded, "plan"),
        lines: plan_lines(project, names, loaded.today),
        fields,
        milestones: milestone_lines(project, names, &loaded.standpoint()),
        milestone_base: format!("/a/p/{id}"),
        may_plan: loaded.may(ActName::AgreePlan, Subject::Project),
        today: loaded.today.to_string(),
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}

/// Milestones are shown with the plan.
pub(crate) async fn milestones(Path(id): Path<String>) -> PageResult {
    Ok(redirect(&format!("/a/p/{id}/plan")))
}
