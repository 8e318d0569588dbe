//! Supervision: what is late and why, and every pause with its reason.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use tongban_domain::case::Standing;
use tongban_store::read::{QueueFilter, QueueView};

use super::{queue::QueueLine, queue::queue_lines};
use crate::{
    app::App,
    error::PageResult,
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::Names,
    words,
};

#[derive(Deserialize, Default)]
pub(crate) struct WatchQuery {
    #[serde(default)]
    view: String,
}

struct WatchLine {
    line: QueueLine,
    why: String,
}

struct Tab {
    key: &'static str,
    name: &'static str,
    count: u64,
    kind: &'static str,
    here: bool,
}

#[derive(Template)]
#[template(path = "staff/watch.html")]
struct WatchPage {
    shell: Shell,
    at: String,
    tabs: Vec<Tab>,
    lines: Vec<WatchLine>,
    total: u64,
}

const VIEWS: [QueueView; 5] =
    [QueueView::Late, QueueView::Warn, QueueView::Special, QueueView::Waiting, QueueView::Gap];

pub(crate) async fn watch(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Query(query): Query<WatchQuery>,
) -> PageResult {
    app.run(move |app| {
        let store = app.store();
        let view = QueueView::from_key(&query.view)
            .filter(|view| VIEWS.contains(view))
            .unwrap_or(QueueView::Late);
        let filter = QueueFilter {
            department: None,
            account: who.0.id,
            text: String::new(),
            after: None,
            most: 100,
        };
        let rows = store.queue(view, &filter)?;
        let today = store.now().day();
        let catalog = app.catalog()?;
        let mut lines = Vec::new();
        for (row, line) in rows.iter().zip(queue_lines(app, &rows, &who)?) {
            let Some(project) = store.project(row.project)? else { continue };
            let Some(case) = project.cases.get(&row.id) else { continue };
            let names = Names::of(store, &project, true)?;
            lines.push(WatchLine { line, why: why(&project, case, &names, &catalog, today) });
        }
        let counts = store.queue_counts(None, who.0.id, &VIEWS)?;
        let total = counts.iter().find(|(found, _)| *found == view).map_or(0, |(_, n)| *n);
        let tabs = counts.into_iter().map(|(tab, count)| Tab {
            key: tab.key(),
            name: tab.name(),
            count,
            kind: match tab {
                QueueView::Late => "stop",
                QueueView::Warn => "warn",
                _ => "",
            },
            here: tab == view,
        });
        html(&WatchPage {
            shell: frame.shell(Desk::Staff),
            at: words::moment(store.now()),
            tabs: tabs.collect(),
            lines,
            total,
        })
    })
    .await
}

/// Where the time went: in whose hands since when, pauses, returns, waiting.
fn why(
    project: &tongban_domain::project::Project,
    case: &tongban_domain::case::Case,
    names: &Names,
    catalog: &tongban_domain::catalog::Catalog,
    today: tongban_domain::time::Day,
) -> String {
    let mut parts = Vec::new();
    let since = case
        .opinions
        .last()
        .map(|opinion| opinion.at)
        .or(case.history.last().map(|step| step.at))
        .unwrap_or(case.received_at);
    let days = catalog.calendar.working_days_after(since.day(), today);
    if let Some(hand) = case.standing.hand() {
        let officer = case.officer.map(|officer| names.person(officer)).unwrap_or_default();
        parts.push(if case.standing != Standing::WithOfficer {
            format!("停在{}环节 {days} 个工作日", hand.name())
        } else if officer.is_empty() {
            format!("{days} 个工作日无人承办")
        } else {
            format!("停在{officer} {days} 个工作日")
        });
    }
    if case.standing == Standing::Paused
        && let Some(special) = case.specials.last()
    {
        let end = case
            .ledger
            .as_ref()
            .and_then(|ledger| ledger.pauses.last())
            .map(|pause| words::short_day(pause.planned_end))
            .unwrap_or_default();
        parts.push(format!("{}，依据{}，预计{end}结束", special.name, names.basis(&special.basis)));
    }
    let returned = case.opinions.iter().filter(|o| o.recommendation.is_none()).count();
    if returned > 0 {
        parts.push(format!("退回 {returned} 次"));
    }
    let waits: Vec<String> =
        project.missing_predecessors(case).map(|p| names.predecessor(p)).collect();
    if !waits.is_empty() && case.is_open() {
        parts.push(format!("等待{}", waits.join("、")));
    }
    let owed = case.owed.iter().filter(|owed| owed.confirmed.is_none()).count();
    if owed > 0 {
        parts.push(format!("欠 {owed} 份材料"));
    }
    parts.join("；")
}
