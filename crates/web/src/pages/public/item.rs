//! The guide of one item (办事指南) in a region, and the page of a paper it asks for.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use tongban_domain::{
    catalog::{Catalog, Choice, Endpoint, Need, Office, Paper, PaperSource},
    organisation::Organisation,
};

use super::guide::{ItemLine, item_line};
use crate::{
    app::App,
    error::{PageError, PageResult},
    pages::html,
    shell::{Desk, Frame, Shell},
};

struct PaperView {
    key: String,
    name: String,
    help: String,
    rule: String,
    source: String,
    deferrable: bool,
    sample: bool,
}

/// A circumstance that decides whether the item is needed.
struct Circumstance {
    text: String,
    help: String,
    /// Answers under which it is needed.
    answers: String,
    basis: String,
}

#[derive(Template)]
#[template(path = "public/item.html")]
struct ItemPage {
    shell: Shell,
    line: ItemLine,
    pack: String,
    effective: String,
    /// Where it is handled: the department of the region, and its office if the region says so.
    department: String,
    office: Option<Office>,
    region: String,
    regions: Vec<Choice>,
    limit_note: String,
    result: String,
    validity: String,
    commitment: bool,
    deferral: bool,
    conditions: Vec<String>,
    papers: Vec<PaperView>,
    steps: Vec<String>,
    laws: Vec<String>,
    before: Vec<(String, String)>,
    after: Vec<(String, String)>,
    circumstances: Vec<Circumstance>,
    source: String,
}

#[derive(Deserialize)]
pub(crate) struct RegionQuery {
    #[serde(default)]
    region: String,
}

pub(crate) async fn item(
    State(app): State<App>,
    frame: Frame,
    Path(code): Path<String>,
    Query(query): Query<RegionQuery>,
) -> PageResult {
    let organisation = app.store().organisation();
    guide_in(&*app.catalog()?, &organisation, &frame, &code, query.region.parse().ok())
}

/// The guide of an item under a draft of the catalogue.
pub(crate) fn guide_of(catalog: &Catalog, frame: &Frame, code: &str) -> PageResult {
    guide_in(catalog, &Organisation::default(), frame, code, None)
}

fn source(paper: &Paper) -> String {
    match (&paper.source, &paper.otherwise) {
        (PaperSource::Owner, _) => "申请人自备".to_owned(),
        (PaperSource::Items(_), Some(PaperSource::Owner)) => {
            "平台已有结果的免交，没有的由申请人自备".to_owned()
        }
        (PaperSource::Items(_), _) => "平台已有结果，免交".to_owned(),
        (PaperSource::Register(name), _) => format!("向{name}核验，免交"),
    }
}

fn rule(paper: &Paper) -> String {
    let kinds = paper.accept.join("、").to_uppercase();
    format!("{} {} 份，{kinds}，不超过 {} MB", paper.form.name(), paper.copies, paper.max_mb)
}

fn guide_in(
    catalog: &Catalog,
    organisation: &Organisation,
    frame: &Frame,
    code: &str,
    region: Option<u32>,
) -> PageResult {
    let item = catalog.item(code).ok_or(PageError::NotFound)?;
    let region = region.filter(|region| catalog.regions.contains_key(region));
    let terms = region.and_then(|region| catalog.terms(code, region));
    let paper = |key: &String, deferrable: bool| {
        let paper = catalog.papers.get(key)?;
        Some(PaperView {
            key: paper.key.clone(),
            name: paper.name.clone(),
            help: paper.help.clone(),
            rule: rule(paper),
            source: source(paper),
            deferrable,
            sample: !paper.sample.is_empty(),
        })
    };
    let papers = match &terms {
        Some(terms) => {
            let core = terms.papers().filter_map(|key| paper(key, false));
            core.chain(terms.deferrable().filter_map(|key| paper(key, true))).collect()
        }
        None => {
            let core = item.papers.iter().filter_map(|key| paper(key, false));
            core.chain(item.deferrable.iter().filter_map(|key| paper(key, true))).collect()
        }
    };
    let (before, after) = neighbours(catalog, code);
    let lead = terms.as_ref().map_or(item.lead.as_str(), |terms| terms.lead);
    let promised = terms.as_ref().map_or(&item.promised, |terms| terms.promised).to_string();
    let generic = catalog.departments.get(lead).map_or("", |role| role.name.as_str());
    let own = region.and_then(|region| organisation.resolve(catalog, lead, region));
    let department = own.map_or(generic, |department| department.name.as_str()).to_owned();
    let mut steps = vec![
        "网上申报，提交即得收件回执；也可以到综合窗口办理".to_owned(),
        "综合窗口核对，5 个工作日内一次性告知需要补正的全部内容；逾期不告知的，视为受理".to_owned(),
    ];
    steps.extend(item.steps.iter().cloned());
    steps.push(format!("{department}审查并作出决定：{promised}"));
    steps.push("结果送达：电子文书与纸质文书同效".to_owned());
    let office = terms.as_ref().and_then(|terms| terms.office).cloned();
    let mut line = item_line(catalog, item);
    line.promised = promised;
    html(&ItemPage {
        shell: frame.shell(Desk::Public),
        line,
        pack: catalog.pack.version.clone(),
        effective: crate::words::day(catalog.pack.effective_from),
        department,
        office,
        region: region.map_or(String::new(), |region| region.to_string()),
        regions: catalog
            .regions
            .values()
            .map(|region| Choice::new(region.code.to_string(), catalog.region_path(region.code)))
            .collect(),
        limit_note: item.limit_note.clone(),
        result: item.result.clone(),
        validity: item.validity.clone(),
        commitment: item.commitment,
        deferral: item.deferral,
        conditions: item.conditions.clone(),
        papers,
        steps,
        laws: item.law.iter().map(|law| catalog.cite(law)).collect(),
        before,
        after,
        circumstances: circumstances(catalog, code),
        source: item.source.clone(),
    })
}

/// The questions whose answers decide whether the item is needed, in any type of project.
fn circumstances(catalog: &Catalog, code: &str) -> Vec<Circumstance> {
    let mut answers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in catalog.flows.values().flat_map(|flow| &flow.entries) {
        let Need::When(conditions) = &entry.need else { continue };
        for condition in conditions.iter().filter(|_| entry.item == code) {
            let known = answers.entry(condition.question.as_str()).or_default();
            if !known.contains(&condition.answer.as_str()) {
                known.push(&condition.answer);
            }
        }
    }
    let asked = catalog.questions.iter().filter_map(|question| {
        let needed = answers.get(question.key.as_str())?;
        let labels: Vec<String> = needed.iter().map(|it| question.label_of(it)).collect();
        let basis: Vec<String> = question.basis.iter().map(|law| catalog.cite(law)).collect();
        Some(Circumstance {
            text: question.text.clone(),
            help: question.help.clone(),
            answers: labels.join("、"),
            basis: basis.join("、"),
        })
    });
    asked.collect()
}

/// Items directly before and after this one in any flow, with their codes.
#[expect(clippy::type_complexity, reason = "two lists of code and name")]
fn neighbours(catalog: &Catalog, code: &str) -> (Vec<(String, String)>, Vec<(String, String)>) {
    let mut before = BTreeMap::new();
    let mut after = BTreeMap::new();
    for edge in catalog.flows.values().flat_map(|flow| &flow.edges) {
        let named = |end: &Endpoint| match end {
            Endpoint::Item(other) => {
                catalog.item(other).map(|item| (other.clone(), item.name.clone()))
            }
            Endpoint::Milestone(_) => None,
        };
        let this = Endpoint::Item(code.to_owned());
        if edge.after == this {
            before.extend(named(&edge.before));
        }
        if edge.before == this {
            after.extend(named(&edge.after));
        }
    }
    (before.into_iter().collect(), after.into_iter().collect())
}

#[derive(Template)]
#[template(path = "public/paper.html")]
struct PaperPage {
    shell: Shell,
    name: String,
    help: String,
    rule: String,
    source: String,
    sample: String,
    /// Why it may not exist for a project.
    not_needed: Vec<String>,
    /// Items that ask for it, with their codes.
    items: Vec<(String, String)>,
    pack: String,
}

/// What a paper is, how it may look, and who asks for it.
pub(crate) async fn paper(
    State(app): State<App>,
    frame: Frame,
    Path(key): Path<String>,
) -> PageResult {
    let catalog = app.catalog()?;
    let paper = catalog.papers.get(&key).ok_or(PageError::NotFound)?;
    let asks = |item: &&tongban_domain::catalog::Item| {
        item.papers.contains(&key) || item.deferrable.contains(&key)
    };
    let items = catalog.items.iter().filter(asks);
    html(&PaperPage {
        shell: frame.shell(Desk::Public),
        name: paper.name.clone(),
        help: paper.help.clone(),
        rule: rule(paper),
        source: source(paper),
        sample: paper.sample.clone(),
        not_needed: paper
            .not_needed
            .iter()
            .filter_map(|key| catalog.reason(key))
            .map(|reason| reason.name.clone())
            .collect(),
        items: items.map(|item| (item.code.clone(), item.name.clone())).collect(),
        pack: catalog.pack.version.clone(),
    })
}
