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
    let mut fields = Vec::new();
    if let Some(flow) = names.catalog.flows.get(&project.flow) {
        for entry in flow
            .entries
            .iter()
            .filter(|entry| entry.milestone && entry.need.holds(&project.answers) && !entry.side)
        {
            let name = format!("plan:{}", entry.item);
            let title = names.item(&entry.item);
            let field = FormField::own(&name, &title, Control::Typed("date", ""));
            fields.push(show(field, &name, &entry.item));
        }
        for milestone in names.catalog.milestones_of(&project.flow) {
            let what = format!("milestone:{}", milestone.key);
            let name = format!("plan:{what}");
            let field = FormField::own(&name, &milestone.name, Control::Typed("date", ""));
            fields.push(show(field, &name, &what));
        }
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
