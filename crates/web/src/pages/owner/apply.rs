//! Beginning an application: the questions that still matter, and what they switch.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
};
use serde::Deserialize;
use tongban_domain::{
    acts::{ActName, Subject},
    catalog::{Catalog, Choice, Flow, Need, Question, QuestionKind},
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
    view::Names,
    words,
};

#[derive(Deserialize)]
pub(crate) struct ApplyQuery {
    stage: u8,
}

/// A question with its possible answers.
struct QuestionView {
    id: String,
    name: String,
    /// The question, or as a statement to tick.
    text: String,
    help: String,
    /// Why it is asked: what it switches, and the law behind it.
    why: String,
    fault: String,
    choices: Vec<Choice>,
    answer: String,
}

/// An item that the answers so far call for.
struct Called {
    name: String,
    promised: String,
    department: String,
    side: bool,
    /// The answer that called for it.
    because: String,
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
    /// Questions with several answers.
    questions: Vec<QuestionView>,
    /// Circumstances to tick; what is not ticked does not apply.
    circumstances: Vec<QuestionView>,
    /// Known without asking.
    known: Vec<(String, String)>,
    called: Vec<Called>,
    /// Papers the owner hands in, and those that are pulled.
    papers: (usize, usize),
    drafts: Vec<String>,
}

impl ApplyPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }

    fn is_clear(&self) -> bool {
        self.questions.is_empty() && self.circumstances.is_empty()
    }
}

/// Whether a question is a circumstance to be ticked: yes or no, and usually no.
fn is_circumstance(question: &Question) -> bool {
    question.kind == QuestionKind::YesNo && question.default == "no"
}

/// What was answered on the page. A circumstance that was shown and not ticked does not apply.
fn given(catalog: &Catalog, typed: &Typed) -> BTreeMap<String, String> {
    let mut given = BTreeMap::new();
    for question in &catalog.questions {
        let answer = typed.get(&question.key);
        if question.offered().iter().any(|choice| choice.key == answer) {
            given.insert(question.key.clone(), answer.to_owned());
        }
    }
    for key in typed.all("asked") {
        if catalog.question(key).is_some_and(is_circumstance) {
            given.entry(key.to_owned()).or_insert_with(|| "no".to_owned());
        }
    }
    given
}

fn question_view(
    flow: &Flow,
    names: &Names,
    question: &Question,
    typed: &Typed,
    faults: &Faults,
) -> QuestionView {
    let switches = |need: &Need| match need {
        Need::Mandatory => false,
        Need::When(conditions) => {
            conditions.iter().any(|condition| condition.question == question.key)
        }
    };
    let switched: Vec<String> = flow
        .entries
        .iter()
        .filter(|entry| switches(&entry.need))
        .map(|entry| names.item(&entry.item))
        .collect();
    let basis: Vec<String> = question.basis.iter().map(|law| names.catalog.cite(law)).collect();
    let mut why = match switched.is_empty() {
        true => "决定事项的先后".to_owned(),
        false => format!("决定是否办理：{}", switched.join("、")),
    };
    if !basis.is_empty() {
        why.push_str(&format!("（{}）", basis.join("、")));
    }
    let circumstance = is_circumstance(question);
    QuestionView {
        id: field_id(&question.key),
        name: question.key.clone(),
        text: if circumstance {
            question.text.trim_end_matches('？').trim_end_matches('吗').to_owned()
        } else {
            question.text.clone()
        },
        help: question.help.clone(),
        why,
        fault: faults.of(&question.key).to_owned(),
        choices: question.offered(),
        answer: typed.get(&question.key).to_owned(),
    }
}

/// The items that answers call for, each with the answer that did.
fn called(
    loaded: &Loaded,
    flow: &Flow,
    stage: u8,
    answers: &BTreeMap<String, String>,
) -> Vec<Called> {
    let (project, names) = (&loaded.project, &loaded.names);
    let catalog = &names.catalog;
    let because = |need: &Need| match need {
        Need::Mandatory => String::new(),
        Need::When(conditions) => {
            let reasons: Vec<String> = conditions
                .iter()
                .filter_map(|condition| {
                    let question = catalog.question(&condition.question)?;
                    let text = question.text.trim_end_matches('？').trim_end_matches('吗');
                    Some(format!("{text}：{}", question.label_of(&condition.answer)))
                })
                .collect();
            reasons.join("；")
        }
    };
    catalog
        .needed(flow, stage, answers, project.region)
        .filter(|entry| project.is_free(&entry.item))
        .filter_map(|entry| {
            let terms = catalog.terms(&entry.item, project.region)?;
            let department = catalog.departments.get(terms.lead)?;
            Some(Called {
                name: terms.item.name.clone(),
                promised: terms.promised.to_string(),
                department: department.name.clone(),
                side: entry.side,
                because: because(&entry.need),
            })
        })
        .collect()
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
    let given = given(catalog, typed);
    let known = loaded.prospect().known_answers();
    let mut answers = given.clone();
    answers.extend(known.clone());
    // Beside what is answered on this page, so that an answer can still be changed; without
    // what the other answers made idle.
    let views = |circumstances: bool| -> Vec<QuestionView> {
        let matters = |question: &&Question| {
            let mut others = given.clone();
            others.remove(&question.key);
            is_circumstance(question) == circumstances
                && loaded
                    .prospect()
                    .questions(stage, &others)
                    .iter()
                    .any(|open| open.key == question.key)
        };
        let asked = loaded.prospect().questions(stage, &BTreeMap::new());
        asked
            .into_iter()
            .filter(matters)
            .map(|question| question_view(flow, names, question, typed, &faults))
            .collect()
    };
    let (questions, circumstances) = (views(false), views(true));
    let items: Vec<String> = catalog
        .needed(flow, stage, &answers, project.region)
        .filter(|entry| project.is_free(&entry.item))
        .map(|entry| entry.item.clone())
        .collect();
    let papers = loaded.prospect().papers(&items, &answers);
    let pulled = papers.iter().filter(|(_, from)| from.is_some()).count();
    let found = known.iter().filter(|(key, _)| !project.answers.contains_key(*key));
    let found = found.filter_map(|(key, answer)| {
        let question = catalog.question(key).filter(|question| question.stage == stage)?;
        let mut label = question.label_of(answer);
        if let Some(area) = catalog
            .area_assessment(question, project.region, loaded.today)
            .filter(|_| question.area_choice().is_some_and(|choice| choice.key == *answer))
        {
            label.push_str(&format!("（{}，有效期至{}）", area.document, words::day(area.until)));
        }
        Some((question.text.clone(), label))
    });
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
        circumstances,
        known: found.collect(),
        called: called(loaded, flow, stage, &answers),
        papers: (papers.len() - pulled, pulled),
        drafts,
    })
}

/// The same page with the answers so far, while somebody is answering.
pub(crate) async fn preview_application(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
    Query(query): Query<ApplyQuery>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| shown(app, &frame, &who, &id, query.stage, &Typed::new(pairs))).await
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
    app.run(move |app| shown(app, &frame, &who, &id, query.stage, &Typed::default())).await
}

fn shown(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    id: &str,
    stage: u8,
    typed: &Typed,
) -> PageResult {
    let loaded = load_project(app, who, id)?;
    may_apply(&loaded)?;
    html(&page(app, &loaded, stage, frame.shell(Desk::Owner), typed, Faults::default())?)
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
        let answers = given(catalog, &typed);
        for question in loaded.prospect().questions(query.stage, &answers) {
            faults.add(&question.key, format!("请回答：{}", question.text));
        }
        if !faults.is_empty() {
            let shell = frame.shell(Desk::Owner);
            return html_with_faults(&page(app, &loaded, query.stage, shell, &typed, faults)?);
        }
        let account = who.0.id;
        let store = app.store();
        let draft =
            store.start_draft(project.id, DraftKind::Application, query.stage, None, account)?;
        let mut known = answers.clone();
        known.extend(loaded.prospect().known_answers());
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
