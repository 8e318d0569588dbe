//! Beginning an application: the questions that still matter, and what they switch.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
};
use serde::Deserialize;
use tongban_domain::{
    acts::{ActName, Subject},
    application::stage_questions,
    catalog::Choice,
};
use tongban_store::DraftKind;

use super::{Loaded, load_project};
use crate::{
    app::App,
    components::{FaultSummary, field_id},
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    pages::{html, html_with_faults, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
};

#[derive(Deserialize)]
pub(crate) struct ApplyQuery {
    stage: u8,
}

struct QuestionView {
    id: String,
    name: String,
    text: String,
    help: String,
    fault: String,
    choices: Vec<Choice>,
    answer: String,
    switches: String,
}

struct Sure {
    name: String,
    promised: String,
    department: String,
}

#[derive(Template)]
#[template(path = "owner/apply.html")]
struct ApplyPage {
    shell: Shell,
    project: String,
    project_id: String,
    stage: u8,
    stage_name: String,
    budget: u32,
    faults: Faults,
    questions: Vec<QuestionView>,
    sure: Vec<Sure>,
    drafts: Vec<String>,
}

impl ApplyPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

fn page(
    app: &App,
    loaded: &Loaded,
    stage: u8,
    shell: Shell,
    typed: &Typed,
    faults: Faults,
) -> Result<ApplyPage, PageError> {
    let (project, names) = (&loaded.project, &loaded.names);
    let catalog = &names.catalog;
    let flow = catalog.flows.get(&project.flow).ok_or(PageError::NotFound)?;
    let template = flow.stage(stage).ok_or(PageError::NotFound)?;
    let questions = stage_questions(catalog, project, stage)
        .into_iter()
        .map(|question| {
            let switched: Vec<String> = flow
                .entries
                .iter()
                .filter(|entry| match &entry.need {
                    tongban_domain::catalog::Need::Mandatory => false,
                    tongban_domain::catalog::Need::When(conditions) => {
                        conditions.iter().any(|condition| condition.question == question.key)
                    }
                })
                .map(|entry| names.item(&entry.item))
                .collect();
            let typed = typed.get(&question.key);
            QuestionView {
                id: field_id(&question.key),
                name: question.key.clone(),
                text: question.text.clone(),
                help: question.help.clone(),
                fault: faults.of(&question.key).to_owned(),
                choices: question.choices(),
                answer: typed.to_owned(),
                switches: switched.join("、"),
            }
        })
        .collect();
    let sure = catalog
        .needed(flow, stage, &project.answers, project.region)
        .filter(|entry| project.is_free(&entry.item))
        .filter_map(|entry| {
            let terms = catalog.terms(&entry.item, project.region)?;
            let department = catalog.departments.get(terms.lead)?;
            Some(Sure {
                name: terms.item.name.clone(),
                promised: terms.promised.to_string(),
                department: department.name.clone(),
            })
        })
        .collect();
    let drafts = app
        .store()
        .drafts_of(project.id)?
        .into_iter()
        .filter(|draft| draft.stage == stage && draft.kind == DraftKind::Application)
        .map(|draft| format!("/a/d/{}", draft.id))
        .collect();
    Ok(ApplyPage {
        shell,
        project: project.name.clone(),
        project_id: project.id.to_string(),
        stage,
        stage_name: template.name.clone(),
        budget: catalog.budget(flow, stage, project.region).unwrap_or(template.budget),
        faults,
        questions,
        sure,
        drafts,
    })
}

fn may_apply(loaded: &Loaded) -> Result<(), PageError> {
    if loaded.may(ActName::SubmitApplication, Subject::Project) {
        Ok(())
    } else {
        Err(PageError::WrongDesk)
    }
}

pub(crate) async fn apply(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
    Query(query): Query<ApplyQuery>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        may_apply(&loaded)?;
        let shell = frame.shell(Desk::Owner);
        let typed = Typed::default();
        html(&page(app, &loaded, query.stage, shell, &typed, Faults::default())?)
    })
    .await
}

/// Answers in hand, starts a draft with every item that is needed.
pub(crate) async fn start_application(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
    Query(query): Query<ApplyQuery>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        may_apply(&loaded)?;
        let typed = Typed::new(pairs);
        let catalog = &loaded.names.catalog;
        let project = &loaded.project;
        let mut faults = Faults::default();
        let mut answers = Vec::new();
        for question in stage_questions(catalog, project, query.stage) {
            let answer = typed.get(&question.key);
            if question.choices().iter().any(|choice| choice.key == answer) {
                answers.push((question.key.clone(), answer.to_owned()));
            } else {
                faults.add(&question.key, format!("请回答：{}", question.text));
            }
        }
        if !faults.is_empty() {
            let shell = frame.shell(Desk::Owner);
            return html_with_faults(&page(app, &loaded, query.stage, shell, &typed, faults)?);
        }
        let account = who.0.id;
        let store = app.store();
        let draft =
            store.start_draft(project.id, DraftKind::Application, query.stage, None, account)?;
        let mut known = project.answers.clone();
        known.extend(answers.iter().cloned());
        let flow = catalog.flows.get(&project.flow).ok_or(PageError::NotFound)?;
        let needed: Vec<&str> = catalog
            .needed(flow, query.stage, &known, project.region)
            .filter(|entry| project.is_free(&entry.item))
            .map(|entry| entry.item.as_str())
            .collect();
        let mut values: Vec<(&str, &str, &str)> =
            answers.iter().map(|(key, answer)| ("answer", key.as_str(), answer.as_str())).collect();
        values.extend(needed.iter().map(|item| ("item", *item, "1")));
        store.save_draft(draft, &values)?;
        Ok(redirect(&format!("/a/d/{draft}")))
    })
    .await
}
