//! What differs between two packs, thing by thing, for people who decide.

mod properties;

use std::collections::BTreeSet;

use super::Catalog;
use properties::{
    areas, document_properties, documents, field_properties, flow_properties, item_properties,
    life_properties, measures, paper_properties, question_properties,
};

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
    /// A field of the forms.
    Field,
    /// A coded reason.
    Reason,
    /// A milestone.
    Milestone,
    /// How long a result holds.
    Life,
    /// A measure that opens or closes ways of handling.
    Measure,
    /// An area assessment.
    Area,
    /// The wording of a document.
    Document,
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
            Self::Field => "表单内容",
            Self::Reason => "原因",
            Self::Milestone => "里程碑",
            Self::Life => "有效期",
            Self::Measure => "办理方式措施",
            Self::Area => "区域评估",
            Self::Document => "文书格式",
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
            ("补正期限", format!("{} 个工作日", catalog.pack.correction_days)),
            ("容缺材料补交期限", format!("{} 个工作日", catalog.pack.owed_days)),
            ("退回材料重交期限", format!("{} 个工作日", catalog.pack.returned_days)),
            (
                "征求意见期限",
                catalog.pack.consultation_days.map_or(String::new(), |it| format!("{it} 个工作日")),
            ),
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
    found.things(
        Part::Field,
        before.fields.iter().map(|it| (it.key.as_str(), it)),
        after.fields.iter().map(|it| (it.key.as_str(), it)),
        |field| field.label.as_str(),
        |field, _| field_properties(field),
    );
    found.things(
        Part::Reason,
        before.reasons.iter().map(|it| (it.key.as_str(), it)),
        after.reasons.iter().map(|it| (it.key.as_str(), it)),
        |reason| reason.name.as_str(),
        |reason, _| {
            let days = reason.planned_days.map_or(String::new(), |days| days.to_string());
            vec![
                ("名称", reason.name.clone()),
                ("说明", reason.help.clone()),
                ("依据", reason.basis.clone()),
                ("通常工作日", days),
            ]
        },
    );
    found.things(
        Part::Milestone,
        before.milestones.iter().map(|it| (it.key.as_str(), it)),
        after.milestones.iter().map(|it| (it.key.as_str(), it)),
        |milestone| milestone.name.as_str(),
        |milestone, _| vec![("名称", milestone.name.clone()), ("说明", milestone.help.clone())],
    );
    found.things(
        Part::Life,
        before.lives.iter().map(|it| (it.item.as_str(), it)),
        after.lives.iter().map(|it| (it.item.as_str(), it)),
        |life| life.item.as_str(),
        |life, _| life_properties(life),
    );
    let (old, new) = (measures(before), measures(after));
    found.things(
        Part::Measure,
        old.iter().map(|(key, text)| (key.as_str(), text)),
        new.iter().map(|(key, text)| (key.as_str(), text)),
        |text| text.as_str(),
        |text, _| vec![("依据", text.clone())],
    );
    let (old, new) = (areas(before), areas(after));
    found.things(
        Part::Area,
        old.iter().map(|(key, text)| (key.as_str(), text)),
        new.iter().map(|(key, text)| (key.as_str(), text)),
        |text| text.as_str(),
        |text, _| vec![("内容", text.clone())],
    );
    let (old, new) = (documents(before), documents(after));
    found.things(
        Part::Document,
        old.iter().map(|(key, form)| (key.as_str(), *form)),
        new.iter().map(|(key, form)| (key.as_str(), *form)),
        |form| form.kind.name(),
        |form, _| document_properties(form),
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

pub(super) type Properties = Vec<(&'static str, String)>;

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
