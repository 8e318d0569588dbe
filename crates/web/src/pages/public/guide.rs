//! Service guides (办事指南): list, search, item, project type.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use tongban_domain::catalog::{Catalog, Item, Need};

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

pub(super) fn fee(item: &Item) -> String {
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
