//! One queue with saved views, ordered by the legal clock.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::header,
    response::IntoResponse,
};
use serde::Deserialize;
use tongban_domain::{
    case::{Hand, Standing},
    ids::CaseId,
    permission::Role,
};
use tongban_store::read::{CaseRow, QueueFilter, QueueView};

use super::own_department;
use crate::{
    app::App,
    components::{Chip, ClockMark},
    error::{PageError, PageResult},
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

#[derive(Deserialize, Default)]
pub(crate) struct QueueQuery {
    #[serde(default)]
    view: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

/// A case in a staff list.
pub(crate) struct QueueLine {
    pub(crate) url: String,
    pub(crate) project: String,
    pub(crate) item: String,
    pub(crate) is_key: bool,
    pub(crate) chip: Chip,
    pub(crate) clock: Option<ClockMark>,
    pub(crate) turn: String,
    pub(crate) mine: bool,
    pub(crate) owner: String,
    pub(crate) accepted: String,
    pub(crate) number: String,
}

/// The lines for rows, with names looked up once.
pub(crate) fn queue_lines(
    app: &App,
    rows: &[CaseRow],
    who: &SignedIn,
) -> Result<Vec<QueueLine>, PageError> {
    let store = app.store();
    let catalog = app.catalog()?;
    let today = store.now().day();
    let organisation = store.organisation();
    let officers = store.account_names(rows.iter().filter_map(|row| row.officer))?;
    let lines = rows.iter().map(|row| {
        let department = organisation
            .department(row.department)
            .map_or("", |department| department.name.as_str());
        let mine = row.officer == Some(who.0.id) && row.standing.is_in_department();
        let officer = row.officer.and_then(|officer| officers.get(&officer));
        let turn = match (row.standing.hand(), officer) {
            (Some(Hand::Officer), Some(officer)) => {
                if mine {
                    "您".to_owned()
                } else {
                    format!("{department} {officer}")
                }
            }
            (Some(hand), _) => format!("{department} {}", hand.name()),
            (None, _) if row.standing.is_open() => match row.standing {
                Standing::NeedsCorrection => row.owner_name.clone(),
                Standing::Paused => format!("{department} 特别程序"),
                _ => "综合窗口".to_owned(),
            },
            (None, _) => "—".to_owned(),
        };
        QueueLine {
            url: format!("/s/c/{}", row.id),
            project: row.project_name.clone(),
            item: row.name.clone(),
            is_key: row.is_key,
            chip: Chip::of_case(row.standing, row.owed),
            clock: ClockMark::of_row(row, &catalog.calendar, today),
            turn,
            mine,
            owner: row.owner_name.clone(),
            accepted: row.accepted_on.map_or("—".to_owned(), |day| words::day_in(day, today)),
            number: row.number.clone(),
        }
    });
    Ok(lines.collect())
}

struct Tab {
    key: &'static str,
    name: &'static str,
    count: u64,
    kind: &'static str,
    here: bool,
}

#[derive(Template)]
#[template(path = "staff/queue.html")]
struct QueuePage {
    shell: Shell,
    department: String,
    tabs: Vec<Tab>,
    view: &'static str,
    total: u64,
    q: String,
    lines: Vec<QueueLine>,
    next: Option<String>,
}

const PAGE: usize = 50;

fn filter(
    query: &QueueQuery,
    who: &SignedIn,
    most: usize,
) -> Result<(QueueView, QueueFilter), PageError> {
    let department = own_department(who).ok_or(PageError::WrongDesk)?;
    let view = match query.view.as_str() {
        "" => first_view(who),
        key => QueueView::from_key(key).ok_or_else(|| {
            PageError::BadRequest("没有这个视图，请从上面的视图中选择。".to_owned())
        })?,
    };
    let after = match query.after.as_str() {
        "" => None,
        place => Some(position(place).ok_or_else(|| {
            PageError::BadRequest("翻页的地址有误，请回到列表重新翻页。".to_owned())
        })?),
    };
    let filter = QueueFilter {
        department: Some(department),
        account: who.0.id,
        text: query.q.trim().to_owned(),
        after,
        most,
    };
    Ok((view, filter))
}

/// `due.case`, as the link to the next page carries it.
fn position(place: &str) -> Option<(i64, CaseId)> {
    let (due, id) = place.split_once('.')?;
    Some((due.parse().ok()?, id.parse().ok()?))
}

/// What somebody opens the queue for.
fn first_view(who: &SignedIn) -> QueueView {
    if who.0.is(Role::Officer) {
        QueueView::Todo
    } else if who.0.is(Role::Reviewer) {
        QueueView::Review
    } else if who.0.is(Role::Approver) {
        QueueView::Sign
    } else {
        QueueView::Open
    }
}

/// The ten most urgent cases that wait for this person.
pub(super) fn most_urgent(app: &App, who: &SignedIn) -> Result<Vec<QueueLine>, PageError> {
    const MOST: usize = 10;
    let Some(department) = own_department(who) else { return Ok(Vec::new()) };
    let mut views = Vec::new();
    if who.0.is(Role::Officer) {
        views.extend([QueueView::Mine, QueueView::Todo, QueueView::Consulted]);
    }
    if who.0.is(Role::Reviewer) {
        views.push(QueueView::Review);
    }
    if who.0.is(Role::Approver) {
        views.push(QueueView::Sign);
    }
    let filter = QueueFilter {
        department: Some(department),
        account: who.0.id,
        text: String::new(),
        after: None,
        most: MOST,
    };
    let mut rows: Vec<CaseRow> = Vec::new();
    for view in views {
        rows.extend(app.store().queue(view, &filter)?.into_iter().filter(|row| {
            // One's own case that lies with somebody else asks nothing of one now.
            view != QueueView::Mine || row.standing == Standing::WithOfficer
        }));
    }
    rows.sort_by_key(|row| {
        (row.waits, !row.is_key, row.due_on.map_or(i32::MAX, |due| due.0), row.id)
    });
    rows.truncate(MOST);
    queue_lines(app, &rows, who)
}

pub(crate) async fn queue(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Query(query): Query<QueueQuery>,
) -> PageResult {
    app.run(move |app| {
        let store = app.store();
        let (view, filter) = filter(&query, &who, PAGE + 1)?;
        let mut rows = store.queue(view, &filter)?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let counts = store.queue_counts(filter.department, who.0.id, &QueueView::ALL)?;
        let total = counts.iter().find(|(found, _)| *found == view).map_or(0, |(_, n)| *n);
        // What most departments never have is no tab of theirs.
        let shown =
            counts.into_iter().filter(|(tab, n)| *n > 0 || !tab.is_of_others() || *tab == view);
        let tabs = shown.map(|(tab, count)| Tab {
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
        let next = rows.last().filter(|_| more).map(|row| {
            let (due, id) = view.position_after(row);
            let q = words::percent_encoded(&filter.text);
            format!("/s/queue?view={}&q={q}&after={due}.{id}", view.key())
        });
        let organisation = store.organisation();
        let department = filter
            .department
            .and_then(|id| organisation.department(id))
            .map_or(String::new(), |department| department.name.clone());
        html(&QueuePage {
            shell: frame.shell(Desk::Staff),
            department,
            tabs: tabs.collect(),
            view: view.key(),
            total,
            q: filter.text.clone(),
            lines: queue_lines(app, &rows, &who)?,
            next,
        })
    })
    .await
}

/// Exactly the filtered set, for a spreadsheet.
pub(crate) async fn queue_csv(
    State(app): State<App>,
    who: SignedIn,
    Query(query): Query<QueueQuery>,
) -> PageResult {
    app.run(move |app| {
        let (view, mut filter) = filter(&query, &who, 10_000)?;
        filter.after = None;
        let rows = app.store().queue(view, &filter)?;
        // The mark makes spreadsheet programs read the file as UTF-8.
        let mut csv =
            String::from("\u{feff}项目,事项,状态,建设单位,受理日,承诺期限,法定期限,办件编号\r\n");
        for row in &rows {
            let day = |day: Option<tongban_domain::time::Day>| {
                day.map_or(String::new(), |day| day.to_string())
            };
            let cells = [
                row.project_name.clone(),
                row.name.clone(),
                row.standing.name().to_owned(),
                row.owner_name.clone(),
                day(row.accepted_on),
                day(row.due_on),
                day(row.statutory_due_on),
                row.number.clone(),
            ];
            let line: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
            csv.push_str(&line.join(","));
            csv.push_str("\r\n");
        }
        let head = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"queue-{}.csv\"", view.key()),
            ),
        ];
        Ok((head, csv).into_response())
    })
    .await
}

/// A cell that no spreadsheet takes for a formula.
fn csv_cell(text: &str) -> String {
    let guarded = match text.chars().next() {
        Some('=' | '+' | '-' | '@') => format!("'{text}"),
        _ => text.to_owned(),
    };
    format!("\"{}\"", guarded.replace('"', "\"\""))
}
