//! A joint application as its owner sees it: cases, papers, receipt, choices.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use tongban_domain::{
    acts::{ActName, Subject},
    application::{Application, JOINT_DAYS, Release},
    catalog::Choice,
    reason::{Reason, ReasonKind},
};

use super::{Loaded, load_application};
use crate::{
    app::App,
    error::PageResult,
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::{CaseSummary, DocumentLine, DocumentsAbout, PaperLine, document_lines, paper_lines},
    words,
};

/// Head of every page about an application.
pub(crate) struct ApplicationHead {
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) project: String,
    pub(crate) project_id: String,
    pub(crate) stage: u8,
    pub(crate) stage_name: String,
    pub(crate) submitted: String,
    pub(crate) notice_until: String,
    pub(crate) clock: String,
    /// The department that leads the stage; empty when none does.
    pub(crate) lead: String,
}

pub(crate) fn head(loaded: &Loaded, application: &Arc<Application>) -> ApplicationHead {
    let flow = loaded.names.catalog.flows.get(&loaded.project.flow);
    let stage = flow.and_then(|flow| flow.stage(application.stage));
    let calendar = &loaded.names.catalog.calendar;
    // What was promised when it was handed in.
    let budget = application.budget.or(stage.map(|stage| stage.budget)).unwrap_or(0);
    let clock = match loaded.project.stage_clock(application, calendar, loaded.today) {
        None => format!("受理后开始计时，阶段承诺 {budget} 个工作日"),
        Some(clock) if clock.ended.is_some() => {
            format!("阶段审批用时 {} 个工作日，承诺 {budget} 个工作日", clock.elapsed)
        }
        Some(clock) => {
            let due = clock.due(calendar, budget, loaded.today);
            let joint = u32::from(JOINT_DAYS + application.joint_extension.unwrap_or(0));
            let law = clock.due(calendar, joint, loaded.today);
            format!(
                "阶段已用 {} 个工作日，承诺 {budget} 个工作日（{}前），法定 {joint} 个工作日（{}前）",
                clock.elapsed,
                words::short_day(due),
                words::short_day(law)
            )
        }
    };
    ApplicationHead {
        id: application.id.to_string(),
        number: application.number.clone(),
        project: loaded.project.name.clone(),
        project_id: loaded.project.id.to_string(),
        stage: application.stage,
        stage_name: stage.map_or(String::new(), |stage| stage.name.clone()),
        submitted: words::moment(application.submitted_at),
        notice_until: words::day(application.notice_until),
        clock,
        lead: application
            .lead
            .map(|lead| loaded.names.organisation.successor(lead))
            .map_or(String::new(), |lead| loaded.names.department(lead)),
    }
}

pub(crate) fn summaries(loaded: &Loaded, application: &Application) -> Vec<CaseSummary> {
    loaded
        .project
        .cases_of(application)
        .map(|case| {
            CaseSummary::of(&loaded.project, case, &loaded.names, loaded.today, Some(&loaded.actor))
        })
        .collect()
}

pub(crate) fn reasons(loaded: &Loaded, kind: ReasonKind) -> Vec<Choice> {
    loaded
        .names
        .catalog
        .reasons
        .iter()
        .filter(|reason| reason.kind == kind)
        .map(|reason| Choice::new(reason.key.clone(), reason_label(reason)))
        .collect()
}

/// The name; of a special procedure with how long it usually takes.
fn reason_label(reason: &Reason) -> String {
    match reason.planned_days {
        Some(days) => format!("{}（通常 {days} 个工作日）", reason.name),
        None => reason.name.clone(),
    }
}

#[derive(Template)]
#[template(path = "owner/application.html")]
struct ApplicationPage {
    shell: Shell,
    head: ApplicationHead,
    cases: Vec<CaseSummary>,
    papers: Vec<PaperLine>,
    documents: Vec<DocumentLine>,
    release: Release,
    may_release: bool,
    may_withdraw: bool,
    must_fix: bool,
    withdrawals: Vec<Choice>,
}

impl ApplicationPage {
    fn is_early(&self) -> bool {
        self.release == Release::Early
    }
}

pub(crate) async fn application(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let (loaded, application) = load_application(app, &who, &id)?;
        let subject = Subject::Application(application.id);
        let may = |name: ActName| loaded.may(name, subject);
        let papers = paper_lines(app.store(), &loaded.project, &application, &loaded.names, None)?;
        html(&ApplicationPage {
            shell: frame.shell(Desk::Owner),
            head: head(&loaded, &application),
            cases: summaries(&loaded, &application),
            papers,
            documents: document_lines(
                app.store(),
                &loaded.project,
                DocumentsAbout::Application(application.id),
            )?,
            release: application.release,
            may_release: may(ActName::ChooseRelease),
            may_withdraw: may(ActName::WithdrawApplication),
            must_fix: may(ActName::SubmitCorrection) && application.open_correction().is_some(),
            withdrawals: reasons(&loaded, ReasonKind::Withdrawal),
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "owner/sent.html")]
struct SentPage {
    shell: Shell,
    head: ApplicationHead,
    departments: Vec<(String, String)>,
    by_window: bool,
}

pub(crate) async fn sent(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let (loaded, application) = load_application(app, &who, &id)?;
        let departments = loaded
            .project
            .cases_of(&application)
            .map(|case| (loaded.names.department(case.department), case.opened.name.clone()));
        html(&SentPage {
            shell: frame.shell(Desk::Owner),
            head: head(&loaded, &application),
            departments: departments.collect(),
            by_window: loaded.by_window(),
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "owner/receipt.html")]
struct ReceiptPage {
    shell: Shell,
    head: ApplicationHead,
    owner: String,
    code: String,
    cases: Vec<CaseSummary>,
    papers: Vec<PaperLine>,
    printed: String,
}

pub(crate) async fn receipt(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let (loaded, application) = load_application(app, &who, &id)?;
        let papers = paper_lines(app.store(), &loaded.project, &application, &loaded.names, None)?;
        html(&ReceiptPage {
            shell: frame.shell(Desk::Owner),
            head: head(&loaded, &application),
            owner: loaded.project.owner.name.clone(),
            code: loaded.project.code.to_string(),
            cases: summaries(&loaded, &application),
            papers,
            printed: words::moment(app.store().now()),
        })
    })
    .await
}
