//! A project: ladder, facts, licences, timeline.

use askama::Template;
use axum::extract::{Path, State};
use tongban_domain::{
    acts::{ActName, Subject},
    case::Standing,
    fact::{Fact, Recorded},
    project::FieldValue,
    project::ProjectFact,
};

use super::{Loaded, load_project};
use crate::{
    app::App,
    components::Turn,
    error::{PageError, PageResult},
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::{
        DocumentLine, DocumentsAbout, LadderStage, PlanLine, Timeline, case_turn, document_lines,
        ladder, plan_lines, timeline,
    },
    words,
};

/// Head and tabs of every page of a project.
pub(crate) struct ProjectHead {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) flow: String,
    pub(crate) owner: String,
    pub(crate) region: String,
    pub(crate) is_key: bool,
    pub(crate) tab: &'static str,
    pub(crate) licences: usize,
    pub(crate) by_window: bool,
    /// What the reader may do for the owner, and until when.
    pub(crate) agency: Option<(String, String)>,
}

pub(crate) fn head(loaded: &Loaded, tab: &'static str) -> ProjectHead {
    let project = &loaded.project;
    let catalog = &loaded.names.catalog;
    ProjectHead {
        id: project.id.to_string(),
        name: project.name.clone(),
        code: project.code.to_string(),
        flow: catalog.flows.get(&project.flow).map_or(String::new(), |flow| flow.name.clone()),
        owner: project.owner.name.clone(),
        region: catalog.region_path(project.region),
        is_key: project.key,
        tab,
        licences: project
            .cases
            .values()
            .filter(|case| case.has_passed() && case.served.is_some())
            .filter(|case| case.decision.as_ref().is_some_and(|d| d.decision.document.is_some()))
            .count(),
        by_window: loaded.by_window(),
        agency: loaded.standpoint().agency(project).map(|agency| {
            let powers: Vec<_> = agency.powers.iter().map(|power| power.name()).collect();
            (powers.join("；"), words::day(agency.until))
        }),
    }
}

#[derive(Template)]
#[template(path = "owner/project.html")]
struct ProjectPage {
    shell: Shell,
    head: ProjectHead,
    turn: Option<Turn>,
    turn_url: String,
    stages: Vec<LadderStage>,
    plan: Vec<PlanLine>,
    may_plan: bool,
    drafts: Vec<(String, String)>,
    duties: Vec<String>,
    /// Papers asked, pulled and saved.
    papers: Option<String>,
    approval_days: u32,
}

pub(crate) async fn project(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        let Loaded { project, names, actor, today, who: _, credit: _ } = &loaded;
        let mine = project.cases.values().find_map(|case| {
            let turn = case_turn(project, case, names, *today, Some(actor));
            turn.mine.then_some((case, turn))
        });
        let turn_url = mine.as_ref().map_or(String::new(), |(case, _)| {
            if case.standing == Standing::NeedsCorrection {
                format!("/a/j/{}/fix", case.application)
            } else {
                format!("/a/c/{}", case.opened.case)
            }
        });
        let duties = project.unmet_duties().map(|duty| {
            let (item, basis) = (names.item(&duty.item), names.basis(&duty.basis));
            let until = words::day(duty.until);
            let late = if today > &duty.until { "，已经逾期" } else { "" };
            format!("应当在{until}前办理「{item}」{late}（{basis}）")
        });
        let may_plan = loaded.may(ActName::AgreePlan, Subject::Project);
        let drafts = app.store().drafts_of(project.id)?.into_iter();
        let drafts = drafts.filter(|_| loaded.may_bring()).map(|draft| {
            let text = format!("第 {} 阶段，{}保存", draft.stage, words::moment(draft.changed_at));
            (format!("/a/d/{}", draft.id), text)
        });
        html(&ProjectPage {
            shell: frame.shell(Desk::Owner),
            head: head(&loaded, "ladder"),
            turn: mine.map(|(_, turn)| turn),
            turn_url,
            stages: ladder(project, names, &loaded.standpoint()),
            plan: plan_lines(project, names, *today),
            may_plan,
            drafts: drafts.collect(),
            duties: duties.collect(),
            papers: words::paper_figure(project.paper_figure()),
            approval_days: project.approval_days(&names.catalog.calendar, *today),
        })
    })
    .await
}

pub(crate) struct FactLine {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) source: &'static str,
}

/// Every known value of a project; personal ones masked.
pub(crate) fn fact_lines(app: &App, loaded: &Loaded) -> Result<Vec<FactLine>, PageError> {
    let catalog = &loaded.names.catalog;
    let project = &loaded.project;
    let sealed = project.fields.values().filter_map(|value| match value {
        FieldValue::Sealed(sealed) => Some(sealed),
        _ => None,
    });
    let opened = app.store().open_sealed(sealed)?;
    let mut lines = Vec::new();
    for field in &catalog.fields {
        let Some(value) = project.fields.get(&field.key) else { continue };
        let text = match value {
            FieldValue::Sealed(sealed) => masked(opened.get(&sealed.id).map_or("", String::as_str)),
            other => catalog.shown(field, other),
        };
        let source = if field.at_registration { "项目登记" } else { "阶段申报" };
        lines.push(FactLine { label: field.label.clone(), value: text, source });
    }
    Ok(lines)
}

/// First and last characters, stars between; of what is short, as names are, the first alone.
pub(crate) fn masked(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    match letters.len() {
        0 => String::new(),
        1..=7 => format!("{}{}", letters[0], "*".repeat(letters.len().max(2) - 1)),
        n => {
            let head: String = letters[..3].iter().collect();
            let tail: String = letters[n - 2..].iter().collect();
            format!("{head}{}{tail}", "*".repeat(n - 5))
        }
    }
}

#[derive(Template)]
#[template(path = "owner/facts.html")]
struct FactsPage {
    shell: Shell,
    head: ProjectHead,
    lines: Vec<FactLine>,
    answers: Vec<(String, String)>,
}

pub(crate) async fn facts(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        let catalog = &loaded.names.catalog;
        let answers = catalog.questions.iter().filter_map(|question| {
            let answer = loaded.project.answers.get(&question.key)?;
            Some((question.text.clone(), question.label_of(answer)))
        });
        html(&FactsPage {
            shell: frame.shell(Desk::Owner),
            head: head(&loaded, "facts"),
            lines: fact_lines(app, &loaded)?,
            answers: answers.collect(),
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "owner/timeline.html")]
struct TimelinePage {
    shell: Shell,
    head: ProjectHead,
    days: Timeline,
}

pub(crate) async fn project_timeline(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        let history = app.store().history(loaded.project.id)?;
        // Whom else the owner trusts is not for an agent.
        let agency = loaded.standpoint().agency(&loaded.project).is_some();
        let others = |recorded: &Recorded| match &recorded.fact {
            Fact::Project(
                ProjectFact::AgentAuthorised { agent, .. } | ProjectFact::AgencyEnded { agent },
            ) => agency && loaded.actor.account != Some(*agent),
            Fact::Project(_)
            | Fact::Application(..)
            | Fact::Case(..)
            | Fact::PackPublished { .. }
            | Fact::Organisation(_)
            | Fact::Credit(_) => false,
        };
        let history: Vec<_> = history.into_iter().filter(|it| !others(it)).collect();
        let days = timeline(&loaded.project, &history, &loaded.names, None, who.is_staff());
        html(&TimelinePage {
            shell: frame.shell(Desk::Owner),
            head: head(&loaded, "timeline"),
            days,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "owner/licences.html")]
struct LicencesPage {
    shell: Shell,
    head: ProjectHead,
    documents: Vec<DocumentLine>,
    waiting: usize,
}

pub(crate) async fn licences(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        let project = &loaded.project;
        let decided = project.cases.values().filter(|case| case.decision.is_some());
        let waiting = decided.filter(|case| case.served.is_none()).count();
        html(&LicencesPage {
            shell: frame.shell(Desk::Owner),
            head: head(&loaded, "licences"),
            documents: document_lines(app.store(), project, DocumentsAbout::Project)?,
            waiting,
        })
    })
    .await
}
