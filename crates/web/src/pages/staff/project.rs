//! A project as the authority sees it.

use askama::Template;
use axum::extract::{Path, State};
use tongban_domain::acts::{ActName, Subject};

use crate::{
    app::App,
    error::PageResult,
    pages::{
        html,
        owner_pages::{FactLine, fact_lines, load_project},
    },
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::{
        LadderStage, MilestoneLine, PlanLine, Timeline, ladder, milestone_lines, plan_lines,
        timeline,
    },
    words,
};

#[derive(Template)]
#[template(path = "staff/project.html")]
struct ProjectPage {
    shell: Shell,
    id: String,
    name: String,
    code: String,
    owner: String,
    region: String,
    flow: String,
    is_key: bool,
    may_mark: bool,
    may_apply: bool,
    stages: Vec<LadderStage>,
    plan: Vec<PlanLine>,
    facts: Vec<FactLine>,
    milestones: Vec<MilestoneLine>,
    milestone_base: String,
    today: String,
    days: Timeline,
    approval_days: u32,
    /// Papers asked, pulled and saved.
    papers: Option<String>,
}

pub(crate) async fn project(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        let (project, names) = (&loaded.project, &loaded.names);
        let may = |name: ActName| loaded.may(name, Subject::Project);
        let history = app.store().history(project.id)?;
        html(&ProjectPage {
            shell: frame.shell(Desk::Staff),
            id: id.clone(),
            name: project.name.clone(),
            code: project.code.to_string(),
            owner: project.owner.name.clone(),
            region: names.catalog.region_path(project.region),
            flow: names.catalog.flows.get(&project.flow).map_or(String::new(), |f| f.name.clone()),
            is_key: project.key,
            may_mark: may(ActName::MarkKeyProject),
            may_apply: may(ActName::SubmitApplication),
            stages: ladder(project, names, &loaded.standpoint()),
            plan: plan_lines(project, names, loaded.today),
            milestones: milestone_lines(project, names, &loaded.standpoint()),
            milestone_base: format!("/s/p/{id}"),
            today: loaded.today.to_string(),
            facts: fact_lines(app, &loaded)?,
            days: timeline(project, &history, names, None, true),
            papers: words::paper_figure(project.paper_figure()),
            approval_days: project.approval_days(&names.catalog.calendar, loaded.today),
        })
    })
    .await
}
