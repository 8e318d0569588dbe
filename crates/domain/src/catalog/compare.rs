//! What differs between two packs, thing by thing, for people who decide.

use std::collections::BTreeSet;

use super::{Catalog, Condition, Edge, Entry, Flow, Item, Need, Paper, PaperSource, Question};

/// What kind of thing differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The pack itself.
    Pack,
    /// An item.
    Item,
    /// A flow with its stages, items and order.
    Flow,
    /// A paper.
    Paper,
    /// A circumstance question.
    Question,
    /// An overlay of a region.
    Overlay,
}

impl Part {
    /// What people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pack => "目录",
            Self::Item => "事项",
            Self::Flow => "流程",
            Self::Paper => "材料",
            Self::Question => "情形问题",
            Self::Overlay => "地方清单",
        }
    }
}

/// One difference. Empty where there is nothing on that side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What kind of thing.
    pub part: Part,
    /// Its code or key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Which property; empty when the whole thing is new or gone.
    pub property: &'static str,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// All differences, by kind and key.
#[must_use]
pub fn compare(before: &Catalog, after: &Catalog) -> Vec<Difference> {
    let mut found = Found(Vec::new());
    let pack = |catalog: &Catalog| {
        vec![
            ("名称", catalog.pack.name.clone()),
            ("版本", catalog.pack.version.clone()),
            ("全流程承诺", format!("{} 个工作日", catalog.pack.whole_flow)),
        ]
    };
    found.properties(Part::Pack, "", &after.pack.name, &pack(before), &pack(after));
    found.things(
        Part::Item,
        before.items.iter().map(|it| (it.code.as_str(), it)),
        after.items.iter().map(|it| (it.code.as_str(), it)),
        |item| item.name.as_str(),
        |item, side| item_properties(item, if side { after } else { before }),
    );
    found.things(
        Part::Flow,
        before.flows.iter().map(|(key, flow)| (key.as_str(), flow)),
        after.flows.iter().map(|(key, flow)| (key.as_str(), flow)),
        |flow| flow.name.as_str(),
        |flow, side| flow_properties(flow, if side { after } else { before }),
    );
    found.things(
        Part::Paper,
        before.papers.iter().map(|(key, paper)| (key.as_str(), paper)),
        after.papers.iter().map(|(key, paper)| (key.as_str(), paper)),
        |paper| paper.name.as_str(),
        |paper, _| paper_properties(paper),
    );
    found.things(
        Part::Question,
        before.questions.iter().map(|it| (it.key.as_str(), it)),
        after.questions.iter().map(|it| (it.key.as_str(), it)),
        |question| question.text.as_str(),
        |question, side| question_properties(question, if side { after } else { before }),
    );
    let overlays = |catalog: &'_ Catalog| -> Vec<(String, String)> {
        let all = catalog.overlays.values();
        all.map(|it| (it.region.to_string(), format!("{} {} {it:?}", it.name, it.version)))
            .collect()
    };
    let (old, new) = (overlays(before), overlays(after));
    found.things(
        Part::Overlay,
        old.iter().map(|(key, text)| (key.as_str(), text)),
        new.iter().map(|(key, text)| (key.as_str(), text)),
        |text| text.split(' ').next().unwrap_or_default(),
        |text, _| vec![("内容", text.clone())],
    );
    found.0
}

type Properties = Vec<(&'static str, String)>;

struct Found(Vec<Difference>);

impl Found {
    fn properties(
        &mut self,
        part: Part,
        key: &str,
        name: &str,
        before: &Properties,
        after: &Properties,
    ) {
        for ((property, before), (_, after)) in before.iter().zip(after) {
            if before != after {
                self.0.push(Difference {
                    part,
                    key: key.to_owned(),
                    name: name.to_owned(),
                    property,
                    before: before.clone(),
                    after: after.clone(),
                });
            }
        }
    }

    /// Things by key: new, gone, or with other properties. `read` is told which side it reads.
    fn things<'a, T: PartialEq + 'a>(
        &mut self,
        part: Part,
        before: impl Iterator<Item = (&'a str, &'a T)>,
        after: impl Iterator<Item = (&'a str, &'a T)>,
        name: impl Fn(&T) -> &str,
        read: impl Fn(&T, bool) -> Properties,
    ) {
        let before: std::collections::BTreeMap<&str, &T> = before.collect();
        let after: std::collections::BTreeMap<&str, &T> = after.collect();
        let keys: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
        for key in keys {
            match (before.get(key), after.get(key)) {
                (Some(old), Some(new)) => {
                    self.properties(part, key, name(new), &read(old, false), &read(new, true));
                }
                (Some(old), None) => self.whole(part, key, name(old), true),
                (None, Some(new)) => self.whole(part, key, name(new), false),
                (None, None) => {}
            }
        }
    }

    fn whole(&mut self, part: Part, key: &str, name: &str, gone: bool) {
        let (before, after) = if gone { (name, "") } else { ("", name) };
        self.0.push(Difference {
            part,
            key: key.to_owned(),
            name: name.to_owned(),
            property: "",
            before: before.to_owned(),
            after: after.to_owned(),
        });
    }
}

fn yes_no(value: bool) -> String {
    if value { "是" } else { "否" }.to_owned()
}

fn item_properties(item: &Item, catalog: &Catalog) -> Properties {
    let papers = |keys: &[String]| -> String {
        let name = |key: &String| catalog.papers.get(key).map_or(key.clone(), |it| it.name.clone());
        keys.iter().map(name).collect::<Vec<_>>().join("\n")
    };
    let department = |key: &String| {
        catalog.departments.get(key).map_or(key.clone(), |department| department.name.clone())
    };
    let laws: Vec<String> = item.law.iter().map(|law| catalog.cite(law)).collect();
    vec![
        ("名称", item.name.clone()),
        ("别名", item.aliases.join("、")),
        ("类型", item.kind.name().to_owned()),
        ("牵头部门", department(&item.lead)),
        ("法定时限", item.statutory.to_string()),
        ("承诺时限", item.promised.to_string()),
        ("时限说明", item.limit_note.clone()),
        ("设定依据", laws.join("、")),
        ("结果", item.result.clone()),
        ("告知承诺", yes_no(item.commitment)),
        ("容缺受理", yes_no(item.deferral)),
        ("必交材料", papers(&item.papers)),
        ("可容缺材料", papers(&item.deferrable)),
        ("办理条件", item.conditions.join("\n")),
        ("收费", item.fee.clone()),
        ("适用地区", item.scope.iter().map(u32::to_string).collect::<Vec<_>>().join("、")),
    ]
}

fn conditions(need: &Need) -> String {
    let text = |condition: &Condition| format!("{}={}", condition.question, condition.answer);
    match need {
        Need::Mandatory => "一律办理".to_owned(),
        Need::When(conditions) => conditions.iter().map(text).collect::<Vec<_>>().join(" & "),
    }
}

fn flow_properties(flow: &Flow, catalog: &Catalog) -> Properties {
    let name = |code: &str| catalog.item(code).map_or(code.to_owned(), |item| item.name.clone());
    let entry = |entry: &Entry| {
        let side = if entry.side { "，并行" } else { "" };
        format!(
            "{} {}（第 {} 阶段，{}{side}）",
            entry.item,
            name(&entry.item),
            entry.stage,
            conditions(&entry.need)
        )
    };
    let edge = |edge: &Edge| {
        let when = match &edge.need {
            Need::Mandatory => String::new(),
            Need::When(_) => format!("（{}）", conditions(&edge.need)),
        };
        format!("{} → {}{when}", edge.before, edge.after)
    };
    let stages: Vec<String> = flow
        .stages
        .iter()
        .map(|it| format!("第 {} 阶段 {} 个工作日", it.number, it.budget))
        .collect();
    let mut edges: Vec<String> = flow.edges.iter().map(edge).collect();
    edges.sort();
    vec![
        ("名称", flow.name.clone()),
        ("总时限", format!("{} 个工作日", flow.total)),
        ("阶段时限", stages.join("；")),
        ("事项", flow.entries.iter().map(entry).collect::<Vec<_>>().join("\n")),
        ("先后", edges.join("\n")),
    ]
}

fn source(source: &PaperSource) -> String {
    match source {
        PaperSource::Owner => "申请人自备".to_owned(),
        PaperSource::Items(codes) => format!("{}的结果", codes.join("、")),
        PaperSource::Register(name) => format!("向{name}核验"),
    }
}

fn paper_properties(paper: &Paper) -> Properties {
    vec![
        ("名称", paper.name.clone()),
        ("来源", source(&paper.source)),
        ("没有该结果时", paper.otherwise.as_ref().map(source).unwrap_or_default()),
        ("说明", paper.help.clone()),
        ("格式", paper.accept.join("、")),
        ("大小上限", format!("{} MB", paper.max_mb)),
    ]
}

fn question_properties(question: &Question, catalog: &Catalog) -> Properties {
    let choices: Vec<String> = question.choices().into_iter().map(|choice| choice.label).collect();
    let basis: Vec<String> = question.basis.iter().map(|law| catalog.cite(law)).collect();
    vec![
        ("问题", question.text.clone()),
        ("说明", question.help.clone()),
        ("选项", choices.join("、")),
        ("依据", basis.join("、")),
        ("适用类型", question.flows.join("、")),
        ("阶段", question.stage.to_string()),
    ]
}

/// Lines that stand only on one side, for texts of many lines.
#[must_use]
pub fn lines_apart<'a>(before: &'a str, after: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) =
        (before.lines().collect(), after.lines().collect());
    (
        before.lines().filter(|line| !new.contains(line)).collect(),
        after.lines().filter(|line| !old.contains(line)).collect(),
    )
}
