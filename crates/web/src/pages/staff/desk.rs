//! The integrated window: what came in, and taking in at the counter.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use tongban_domain::{case::Standing, permission::Standpoint};

use crate::{
    app::App,
    components::Chip,
    error::PageResult,
    pages::{html, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

#[derive(Deserialize, Default)]
pub(crate) struct DeskQuery {
    #[serde(default)]
    view: String,
}

struct DeskLine {
    url: String,
    project: String,
    owner: String,
    region: String,
    stage: u8,
    cases: u32,
    number: String,
    chip: Chip,
    submitted: String,
    until: String,
    /// `normal`, `warning` or `overdue`.
    clock: &'static str,
}

struct DeskTab {
    key: &'static str,
    name: &'static str,
    count: usize,
    here: bool,
}

#[derive(Template)]
#[template(path = "staff/desk.html")]
struct DeskPage {
    shell: Shell,
    tabs: Vec<DeskTab>,
    lines: Vec<DeskLine>,
}

const VIEWS: [(Standing, &str); 3] = [
    (Standing::Received, "待受理"),
    (Standing::Corrected, "补正已回"),
    (Standing::NeedsCorrection, "等待补正"),
];

pub(crate) async fn desk(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Query(query): Query<DeskQuery>,
) -> PageResult {
    app.run(move |app| {
        let store = app.store();
        let catalog = app.catalog()?;
        let today = store.now().day();
        let wanted = Standing::from_key(&query.view)
            .filter(|standing| VIEWS.iter().any(|(view, _)| view == standing))
            .unwrap_or(Standing::Received);
        let office = who.0.mandates.first().map_or(0, |mandate| mandate.region);
        let mut tabs = Vec::new();
        let mut lines = Vec::new();
        for (standing, name) in VIEWS {
            let rows: Vec<_> = store
                .applications_in(standing, 500)?
                .into_iter()
                .filter(|row| tongban_domain::permission::covers(&catalog, office, row.region))
                .collect();
            let here = standing == wanted;
            tabs.push(DeskTab { key: standing.key(), name, count: rows.len(), here });
            if !here {
                continue;
            }
            for row in rows {
                let last = row.correction_until.unwrap_or(row.notice_until);
                let left = catalog.calendar.working_days_after(today.plus(-1), last);
                let clock = match (today > last, left) {
                    (true, _) => "overdue",
                    (false, 0..=1) => "warning",
                    _ => "normal",
                };
                lines.push(DeskLine {
                    url: format!("/s/j/{}", row.id),
                    project: row.project_name,
                    owner: row.owner_name,
                    region: catalog
                        .regions
                        .get(&row.region)
                        .map_or(String::new(), |r| r.name.clone()),
                    stage: row.stage,
                    cases: row.cases,
                    number: row.number,
                    chip: Chip::of(row.standing),
                    submitted: words::moment(row.submitted_at),
                    until: words::short_day(last),
                    clock,
                });
            }
        }
        html(&DeskPage { shell: frame.shell(Desk::Staff), tabs, lines })
    })
    .await
}

#[derive(Deserialize, Default)]
pub(crate) struct FindQuery {
    #[serde(default)]
    q: String,
}

struct Found {
    url: String,
    name: String,
    code: String,
    owner: String,
    flow: String,
}

#[derive(Template)]
#[template(path = "staff/receive.html")]
struct ReceivePage {
    shell: Shell,
    q: String,
    found: Vec<Found>,
}

fn find(app: &App, q: &str, url: &str) -> Result<Vec<Found>, crate::error::PageError> {
    if q.is_empty() {
        return Ok(Vec::new());
    }
    let catalog = app.catalog()?;
    let rows = app.store().find_projects(q, 30)?;
    Ok(rows
        .into_iter()
        .map(|row| Found {
            url: format!("{url}/{}", row.id),
            name: row.name,
            code: row.code,
            owner: row.owner_name,
            flow: catalog.flows.get(&row.flow).map_or(String::new(), |flow| flow.name.clone()),
        })
        .collect())
}

/// Taking in at the counter: find the project, or register it.
pub(crate) async fn receive(
    State(app): State<App>,
    frame: Frame,
    _who: SignedIn,
    Query(query): Query<FindQuery>,
) -> PageResult {
    app.run(move |app| {
        let q = query.q.trim().to_owned();
        let found = find(app, &q, "/a/p")?;
        html(&ReceivePage { shell: frame.shell(Desk::Staff), q, found })
    })
    .await
}

#[derive(Template)]
#[template(path = "staff/search.html")]
struct SearchPage {
    shell: Shell,
    q: String,
    found: Vec<Found>,
}

/// The palette: by number straight to the project, else by name, code or company.
pub(crate) async fn search(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Query(query): Query<FindQuery>,
) -> PageResult {
    app.run(move |app| {
        let q = query.q.trim().to_owned();
        if let Some(project) = app.store().project_of_number(&q)? {
            return Ok(redirect(&format!("/s/p/{project}")));
        }
        let (store, actor, catalog) = (app.store(), who.actor(), app.catalog()?);
        let (organisation, today) = (store.organisation(), store.now().day());
        let at =
            Standpoint { actor: &actor, catalog: &catalog, organisation: &organisation, today };
        let mut found = Vec::new();
        for line in find(app, &q, "/s/p")? {
            let id = line.url.rsplit('/').next().and_then(|id| id.parse().ok());
            let project = id.map(|id| app.store().project(id)).transpose()?.flatten();
            if project.is_some_and(|project| at.may_see(&project)) {
                found.push(line);
            }
        }
        html(&SearchPage { shell: frame.shell(Desk::Staff), q, found })
    })
    .await
}
