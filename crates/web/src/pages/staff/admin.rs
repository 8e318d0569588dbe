//! The administrator's desk, read only: items, flows, calendar, permissions.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use tongban_domain::acts::{ACTS, Declaration};

use crate::{
    app::App,
    error::PageResult,
    pages::{
        html,
        item_lines::{ItemLine, item_line},
        redirect,
    },
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

#[derive(Deserialize, Default)]
pub(crate) struct ItemsQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    stage: String,
}

#[derive(Template)]
#[template(path = "staff/admin-items.html")]
struct ItemsPage {
    shell: Shell,
    q: String,
    stage: String,
    pack: String,
    digest: String,
    effective: String,
    items: Vec<ItemLine>,
    total: usize,
}

pub(crate) async fn admin_items(
    State(app): State<App>,
    frame: Frame,
    _who: SignedIn,
    Query(query): Query<ItemsQuery>,
) -> PageResult {
    let catalog = app.catalog()?;
    let q = query.q.trim().to_owned();
    let stage: Option<u8> = query.stage.parse().ok();
    let found = app.index().find(&catalog, &q);
    let items: Vec<ItemLine> = catalog
        .items
        .iter()
        .filter(|item| {
            q.is_empty() || found.iter().any(|code| code.eq_ignore_ascii_case(&item.code))
        })
        .filter(|item| stage.is_none_or(|stage| item.stage == stage))
        .map(|item| item_line(&catalog, item))
        .collect();
    let digest: String =
        catalog.pack.digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    html(&ItemsPage {
        shell: frame.shell(Desk::Staff),
        q,
        stage: query.stage,
        pack: format!("{} {}", catalog.pack.name, catalog.pack.version),
        digest,
        effective: words::day(catalog.pack.effective_from),
        total: catalog.items.len(),
        items,
    })
}

/// An item is read where everybody reads it.
pub(crate) async fn admin_item(_who: SignedIn, Path(code): Path<String>) -> PageResult {
    Ok(redirect(&format!("/guide/items/{code}")))
}

struct FlowView {
    key: String,
    name: String,
    national: u8,
    total: u32,
    stages: Vec<(u8, String, u32, usize)>,
    edges: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "staff/admin-flows.html")]
struct FlowsPage {
    shell: Shell,
    flows: Vec<FlowView>,
}

pub(crate) async fn admin_flows(
    State(app): State<App>,
    frame: Frame,
    _who: SignedIn,
) -> PageResult {
    let catalog = app.catalog()?;
    let named = |end: &tongban_domain::catalog::Endpoint| match end {
        tongban_domain::catalog::Endpoint::Item(code) => {
            catalog.item(code).map_or_else(|| code.clone(), |item| format!("{code} {}", item.name))
        }
        tongban_domain::catalog::Endpoint::Milestone(key) => {
            catalog.milestone(key).map_or_else(|| key.clone(), |m| format!("里程碑 {}", m.name))
        }
    };
    let flows = catalog.flows.values().map(|flow| FlowView {
        key: flow.key.clone(),
        name: flow.name.clone(),
        national: flow.national_code,
        total: flow.total,
        stages: flow
            .stages
            .iter()
            .map(|stage| {
                let items = flow.entries.iter().filter(|e| e.stage == stage.number).count();
                (stage.number, stage.name.clone(), stage.budget, items)
            })
            .collect(),
        edges: flow
            .edges
            .iter()
            .map(|edge| {
                let law = edge.law.parse::<tongban_domain::catalog::LawReference>();
                let Ok(law) = law;
                (named(&edge.before), named(&edge.after), catalog.cite(&law))
            })
            .collect(),
    });
    html(&FlowsPage { shell: frame.shell(Desk::Staff), flows: flows.collect() })
}

struct MonthView {
    name: String,
    working: u32,
    special: Vec<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "staff/admin-calendar.html")]
struct CalendarPage {
    shell: Shell,
    year: i16,
    years: Vec<i16>,
    months: Vec<MonthView>,
    total: u32,
    digest: String,
}

#[derive(Deserialize, Default)]
pub(crate) struct YearQuery {
    year: Option<i16>,
}

pub(crate) async fn admin_calendar(
    State(app): State<App>,
    frame: Frame,
    _who: SignedIn,
    Query(query): Query<YearQuery>,
) -> PageResult {
    let catalog = app.catalog()?;
    let calendar = &catalog.calendar;
    let official = calendar.official_years();
    let year = query
        .year
        .filter(|year| official.contains(year))
        .unwrap_or(app.store().now().day().year().clamp(*official.start(), *official.end()));
    let mut months = Vec::new();
    for month in 1..=12i8 {
        let Some(first) = tongban_domain::time::Day::from_ymd(year, month, 1) else { continue };
        let next = first.plus_months(1);
        let days: Vec<_> = (0..next.since(first)).map(|offset| first.plus(offset)).collect();
        let special =
            days.iter().filter_map(|day| match (calendar.is_working(*day), day.is_weekend()) {
                (true, true) => Some((words::short_day(*day), "调休上班")),
                (false, false) => Some((words::short_day(*day), "放假")),
                _ => None,
            });
        months.push(MonthView {
            name: format!("{month} 月"),
            working: calendar.working_days_after(first.plus(-1), next.plus(-1)),
            special: special.collect(),
        });
    }
    let digest: String = calendar.digest()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    html(&CalendarPage {
        shell: frame.shell(Desk::Staff),
        year,
        years: official.rev().collect(),
        total: months.iter().map(|month| month.working).sum(),
        months,
        digest,
    })
}

struct ActView {
    title: &'static str,
    key: &'static str,
    who: String,
    from: String,
    clock: &'static str,
    basis: String,
}

#[derive(Template)]
#[template(path = "staff/admin-acts.html")]
struct ActsPage {
    shell: Shell,
    acts: Vec<ActView>,
}

/// The permission matrix, from the declarations themselves.
pub(crate) async fn admin_acts(State(app): State<App>, frame: Frame, _who: SignedIn) -> PageResult {
    let catalog = app.catalog()?;
    let view = |declaration: &Declaration| {
        let who: Vec<String> = declaration
            .by
            .iter()
            .map(|allowed| format!("{}（{}）", allowed.role.name(), allowed.scope.name()))
            .collect();
        let from: Vec<&str> = declaration.from.iter().map(|standing| standing.name()).collect();
        let basis: Vec<String> = declaration
            .basis
            .iter()
            .map(|reference| {
                let Ok(reference) = reference.parse::<tongban_domain::catalog::LawReference>();
                catalog.cite(&reference)
            })
            .collect();
        ActView {
            title: declaration.title,
            key: declaration.name.key(),
            who: who.join("、"),
            from: from.join("、"),
            clock: declaration.clock.name(),
            basis: basis.join("、"),
        }
    };
    let acts = ACTS.iter().map(view).collect();
    html(&ActsPage { shell: frame.shell(Desk::Staff), acts })
}
