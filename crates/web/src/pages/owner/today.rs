//! Today: my turn, waiting for others, finished lately.

use askama::Template;
use axum::extract::State;
use tongban_domain::{
    case::Standing,
    catalog::Catalog,
    ids::{ApplicationId, CaseId, ProjectId},
    project::{Agency, Power, Project},
    time::Day,
};
use tongban_store::{Store, read::CaseRow};

use super::projects::own_projects;
use crate::{
    app::App,
    components::{Chip, ClockMark},
    error::{PageError, PageResult},
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

pub(crate) struct TodayLine {
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) project: String,
    pub(crate) project_id: ProjectId,
    pub(crate) chip: Chip,
    pub(crate) clock: Option<ClockMark>,
    pub(crate) what: String,
}

#[derive(Template)]
#[template(path = "owner/today.html")]
struct Today {
    shell: Shell,
    date: String,
    mine: Vec<TodayLine>,
    others: Vec<TodayLine>,
    lately: Vec<TodayLine>,
    drafts: Vec<(String, String, String)>,
    duties: Vec<DutyLine>,
    more_others: usize,
}

pub(crate) async fn today(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        let projects = own_projects(app, &who)?;
        let store = app.store();
        let catalog = app.catalog()?;
        let today = store.now().day();
        let organisation = store.organisation();
        let mut rows = match &who.0.organisation {
            Some(owner) => store.cases_of_owner(owner)?,
            None => Vec::new(),
        };
        rows.extend(store.cases_of_agent(who.0.id)?);
        rows.sort_by_key(|row| (row.due_on.map_or(i32::MAX, |due| due.0), row.id));
        let line = |row: &CaseRow, url: String, what: String| TodayLine {
            url,
            name: row.name.clone(),
            project: row.project_name.clone(),
            project_id: row.project,
            chip: Chip::of_case(row.standing, row.owed),
            clock: ClockMark::of_row(row, &catalog.calendar, today),
            what,
        };
        let (mut mine, mut others, mut lately) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen: Vec<ApplicationId> = Vec::new();
        for row in &rows {
            match row.standing {
                Standing::NeedsCorrection => {
                    // One correction notice covers all cases of an application.
                    if !seen.contains(&row.application) {
                        seen.push(row.application);
                        let url = format!("/a/j/{}/fix", row.application);
                        let mut line = line(row, url, "一次性补正，逾期不予受理".to_owned());
                        if let Some(what) = correction(store, row)? {
                            (line.name, line.what) = what;
                        }
                        mine.push(line);
                    }
                }
                Standing::PassedWithGap if row.owed > 0 => {
                    mine.push(line(row, case_url(row.id), format!("补交 {} 份容缺材料", row.owed)));
                }
                Standing::Received
                | Standing::Corrected
                | Standing::WithOfficer
                | Standing::WithReviewer
                | Standing::WithApprover
                | Standing::Paused => {
                    let who = if row.standing.is_in_department() {
                        organisation.department(row.department).map_or("", |d| d.name.as_str())
                    } else {
                        "综合窗口"
                    };
                    others.push(line(row, case_url(row.id), format!("现在由：{who}")));
                }
                Standing::Passed
                | Standing::PassedWithGap
                | Standing::Refused
                | Standing::NotRequired
                | Standing::AcceptanceRefused
                | Standing::Withdrawn
                | Standing::Revoked
                | Standing::Lapsed => {
                    let ended = row.stopped_on.map(words::short_day).unwrap_or_default();
                    lately.push(line(row, case_url(row.id), format!("{ended}办结")));
                }
            }
        }
        lately.reverse();
        lately.truncate(10);
        let more_others = others.len().saturating_sub(30);
        others.truncate(30);
        let (mut drafts, mut duties) = (Vec::new(), Vec::new());
        for (project, _) in projects.into_iter().take(50) {
            let Some(folded) = store.project(project.id)? else { continue };
            duties.extend(duty_lines(&folded, &catalog, today));
            // An agent who may not hand it in does not write it.
            let agency = folded.agency(who.0.id, today);
            let brings = |it: &Agency| it.powers.contains(&Power::Apply);
            let own = who.0.organisation.as_ref() == Some(&folded.owner.uscc);
            if !own && !agency.is_some_and(brings) {
                continue;
            }
            for draft in store.drafts_of(project.id)? {
                let saved = words::moment(draft.changed_at);
                drafts.push((
                    format!("/a/d/{}", draft.id),
                    format!("{} · 第 {} 阶段", project.name, draft.stage),
                    saved,
                ));
            }
        }
        let date = words::day(today);
        let shell = frame.shell(Desk::Owner);
        duties.sort_by_key(|duty| duty.until);
        html(&Today { shell, date, mine, others, lately, drafts, duties, more_others })
    })
    .await
}

/// Something that has to be filed by a day after what happened.
struct DutyLine {
    url: String,
    name: String,
    project: String,
    what: String,
    until: Day,
}

fn duty_lines<'a>(
    project: &'a Project,
    catalog: &'a Catalog,
    today: Day,
) -> impl Iterator<Item = DutyLine> + 'a {
    let flow = catalog.flows.get(&project.flow);
    project.unmet_duties().map(move |duty| {
        let stage = flow.and_then(|flow| flow.stage_of(&duty.item)).unwrap_or(4);
        let late = if today > duty.until { "，已经逾期，请尽快申报" } else { "申报" };
        DutyLine {
            url: format!("/a/p/{}/apply?stage={stage}", project.id),
            name: catalog.item(&duty.item).map_or(duty.item.clone(), |item| item.name.clone()),
            project: project.name.clone(),
            what: format!("应当在{}前{late}", words::day(duty.until)),
            until: duty.until,
        }
    })
}

/// A correction is the whole application's: what it is about and how much is asked until when.
fn correction(store: &Store, row: &CaseRow) -> Result<Option<(String, String)>, PageError> {
    let project = store.project(row.project)?;
    let application = project.and_then(|it| it.applications.get(&row.application).cloned());
    Ok(application.and_then(|application| {
        let open = application.open_correction()?;
        let name = format!("第 {} 阶段申报：{} 处待补正", application.stage, open.demands.len());
        Some((name, format!("{}前一次交回，逾期不予受理", words::day(open.until))))
    }))
}

fn case_url(case: CaseId) -> String {
    format!("/a/c/{case}")
}
