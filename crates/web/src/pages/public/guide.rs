//! Service guides (办事指南): list, search, item, project type.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use tongban_domain::catalog::{Catalog, Endpoint, Item, Need, PaperSource};

use crate::{
    app::App,
    error::{PageError, PageResult},
    pages::html,
    shell::{Desk, Frame, Shell},
};

/// An item in a list of guides.
pub(crate) struct ItemLine {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) department: String,
    pub(crate) stage: u8,
    pub(crate) statutory: String,
    pub(crate) promised: String,
    pub(crate) fee: String,
    pub(crate) aliases: String,
    pub(crate) confidence: Option<&'static str>,
}

pub(crate) fn item_line(catalog: &Catalog, item: &Item) -> ItemLine {
    let department = catalog.departments.get(&item.lead);
    ItemLine {
        code: item.code.clone(),
        name: item.name.clone(),
        kind: item.kind.name(),
        department: department.map_or(String::new(), |department| department.name.clone()),
        stage: item.stage,
        statutory: item.statutory.to_string(),
        promised: item.promised.to_string(),
        fee: fee(item),
        aliases: item.aliases.join("、"),
        confidence: item.confidence.note(),
    }
}

fn fee(item: &Item) -> String {
    if item.fee.is_empty() { "不收费".to_owned() } else { item.fee.clone() }
}

#[derive(Deserialize)]
pub(crate) struct GuideQuery {
    stage: Option<u8>,
}

struct Group {
    title: String,
    items: Vec<ItemLine>,
}

#[derive(Template)]
#[template(path = "public/guide.html")]
struct GuidePage {
    shell: Shell,
    stage: Option<u8>,
    groups: Vec<Group>,
}

const STAGES: [(u8, &str); 5] = [
    (1, "立项用地规划许可"),
    (2, "工程建设许可"),
    (3, "施工许可"),
    (4, "竣工验收"),
    (5, "并行推进"),
];

pub(crate) async fn guide(
    State(app): State<App>,
    frame: Frame,
    Query(query): Query<GuideQuery>,
) -> PageResult {
    let catalog = app.catalog()?;
    let groups = STAGES
        .iter()
        .filter(|(number, _)| query.stage.is_none_or(|stage| stage == *number))
        .map(|(number, title)| Group {
            title: if *number == 5 {
                (*title).to_owned()
            } else {
                format!("第 {number} 阶段 · {title}")
            },
            items: catalog
                .items
                .iter()
                .filter(|item| item.stage == *number)
                .map(|item| item_line(&catalog, item))
                .collect(),
        })
        .collect();
    html(&GuidePage { shell: frame.shell(Desk::Public), stage: query.stage, groups })
}

#[derive(Deserialize)]
pub(crate) struct SearchQuery {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "public/search.html")]
struct SearchPage {
    shell: Shell,
    q: String,
    found: Vec<ItemLine>,
}

pub(crate) async fn search(
    State(app): State<App>,
    frame: Frame,
    Query(SearchQuery { q }): Query<SearchQuery>,
) -> PageResult {
    let catalog = app.catalog()?;
    let codes = app.index().find(&catalog, &q);
    let found = codes
        .iter()
        .filter_map(|code| catalog.items.iter().find(|item| item.code.eq_ignore_ascii_case(code)))
        .take(50)
        .map(|item| item_line(&catalog, item))
        .collect();
    html(&SearchPage { shell: frame.shell(Desk::Public), q, found })
}

struct PaperView {
    name: String,
    help: String,
    rule: String,
    source: String,
    deferrable: bool,
}

#[derive(Template)]
#[template(path = "public/item.html")]
struct ItemPage {
    shell: Shell,
    line: ItemLine,
    pack: String,
    effective: String,
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
    source: String,
}

pub(crate) async fn item(
    State(app): State<App>,
    frame: Frame,
    Path(code): Path<String>,
) -> PageResult {
    guide_of(&*app.catalog()?, &frame, &code)
}

/// The guide of an item under a catalogue: the one in force, or a draft.
pub(crate) fn guide_of(catalog: &Catalog, frame: &Frame, code: &str) -> PageResult {
    let item = catalog.item(code).ok_or(PageError::NotFound)?;
    let paper = |key: &String, deferrable: bool| {
        let paper = catalog.papers.get(key)?;
        let source = match (&paper.source, &paper.otherwise) {
            (PaperSource::Owner, _) => "申请人自备".to_owned(),
            (PaperSource::Items(_), Some(PaperSource::Owner)) => {
                "平台已有结果的免交，没有的由申请人自备".to_owned()
            }
            (PaperSource::Items(_), _) => "平台已有结果，免交".to_owned(),
            (PaperSource::Register(name), _) => format!("向{name}核验，免交"),
        };
        let rule =
            format!("{}，不超过 {} MB", paper.accept.join("、").to_uppercase(), paper.max_mb);
        Some(PaperView {
            name: paper.name.clone(),
            help: paper.help.clone(),
            rule,
            source,
            deferrable,
        })
    };
    let core = item.papers.iter().filter_map(|key| paper(key, false));
    let later = item.deferrable.iter().filter_map(|key| paper(key, true));
    let (before, after) = neighbours(catalog, code);
    let department = catalog.departments.get(&item.lead).map_or("", |d| d.name.as_str());
    let mut steps = vec![
        "网上申报，提交即得收件回执；也可以到综合窗口办理".to_owned(),
        "综合窗口核对，5 个工作日内一次性告知需要补正的全部内容；逾期不告知的，视为受理".to_owned(),
        format!("{department}审查并作出决定：{}", item.promised),
    ];
    steps.extend(item.steps.iter().cloned());
    steps.push("结果送达：电子文书与纸质文书同效".to_owned());
    html(&ItemPage {
        shell: frame.shell(Desk::Public),
        line: item_line(catalog, item),
        pack: catalog.pack.version.clone(),
        effective: crate::words::day(catalog.pack.effective_from),
        limit_note: item.limit_note.clone(),
        result: item.result.clone(),
        validity: item.validity.clone(),
        commitment: item.commitment,
        deferral: item.deferral,
        conditions: item.conditions.clone(),
        papers: core.chain(later).collect(),
        steps,
        laws: item.law.iter().map(|law| catalog.cite(law)).collect(),
        before,
        after,
        source: item.source.clone(),
    })
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

struct ThemeItem {
    code: String,
    name: String,
    department: String,
    promised: String,
    when: String,
    side: bool,
}

struct ThemeStage {
    number: u8,
    name: String,
    budget: u32,
    lead: String,
    items: Vec<ThemeItem>,
}

#[derive(Template)]
#[template(path = "public/theme.html")]
struct ThemePage {
    shell: Shell,
    name: String,
    total: u32,
    stages: Vec<ThemeStage>,
}

pub(crate) async fn theme(
    State(app): State<App>,
    frame: Frame,
    Path(key): Path<String>,
) -> PageResult {
    theme_of(&*app.catalog()?, &frame, &key)
}

/// A project type under a catalogue: the one in force, or a draft.
pub(crate) fn theme_of(catalog: &Catalog, frame: &Frame, key: &str) -> PageResult {
    let flow = catalog.flows.get(key).ok_or(PageError::NotFound)?;
    let department = |key: &str| {
        catalog.departments.get(key).map_or(String::new(), |department| department.name.clone())
    };
    let when = |need: &Need| match need {
        Need::Mandatory => String::new(),
        Need::When(conditions) => {
            let words: Vec<String> = conditions
                .iter()
                .filter_map(|condition| {
                    let question = catalog.question(&condition.question)?;
                    Some(format!("{}{}", question.text, question.label_of(&condition.answer)))
                })
                .collect();
            words.join("；")
        }
    };
    let stages = flow.stages.iter().map(|stage| ThemeStage {
        number: stage.number,
        name: stage.name.clone(),
        budget: stage.budget,
        lead: department(&stage.lead),
        items: flow
            .entries
            .iter()
            .filter(|entry| entry.stage == stage.number)
            .filter_map(|entry| {
                let item = catalog.item(&entry.item)?;
                Some(ThemeItem {
                    code: item.code.clone(),
                    name: item.name.clone(),
                    department: department(&item.lead),
                    promised: item.promised.to_string(),
                    when: when(&entry.need),
                    side: entry.side,
                })
            })
            .collect(),
    });
    html(&ThemePage {
        shell: frame.shell(Desk::Public),
        name: flow.name.clone(),
        total: flow.total,
        stages: stages.collect(),
    })
}
