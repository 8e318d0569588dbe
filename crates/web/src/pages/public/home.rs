//! The front page: search, progress look-up, stages, project types.

use askama::Template;
use axum::extract::State;

use crate::{
    app::App,
    error::PageResult,
    pages::html,
    shell::{Desk, Frame, Shell},
};

struct StageCard {
    number: u8,
    name: String,
    examples: String,
    items: usize,
}

struct FlowCard {
    key: String,
    name: String,
    total: u32,
    first: u32,
}

#[derive(Template)]
#[template(path = "public/home.html")]
struct Home {
    shell: Shell,
    stages: Vec<StageCard>,
    flows: Vec<FlowCard>,
    projects: u64,
    finished: u64,
    popular: Vec<(String, String)>,
}

pub(crate) async fn home(State(app): State<App>, frame: Frame) -> PageResult {
    app.run(move |app| {
        let catalog = app.catalog()?;
        let named = catalog.flows.values().next().map(|flow| flow.stages.clone());
        let stages = named.unwrap_or_default().into_iter().map(|stage| {
            let of_stage: Vec<_> = catalog
                .items
                .iter()
                .filter(|item| item.stage == stage.number && !item.side)
                .collect();
            let examples: Vec<&str> =
                of_stage.iter().take(3).map(|item| item.name.as_str()).collect();
            StageCard {
                number: stage.number,
                name: stage.name,
                examples: examples.join("、"),
                items: of_stage.len(),
            }
        });
        let flows = catalog.flows.values().map(|flow| FlowCard {
            key: flow.key.clone(),
            name: flow.name.clone(),
            total: flow.total,
            first: flow.stages.iter().filter(|s| s.number <= 3).map(|s| s.budget).sum(),
        });
        let popular = ["GH-02", "SG-09", "LX-05", "YS-08"]
            .into_iter()
            .filter_map(|code| catalog.item(code))
            .map(|item| (item.code.clone(), item.name.clone()));
        let (projects, finished) = app.store().project_counts()?;
        html(&Home {
            shell: frame.shell(Desk::Public),
            stages: stages.collect(),
            flows: flows.collect(),
            projects,
            finished,
            popular: popular.collect(),
        })
    })
    .await
}
