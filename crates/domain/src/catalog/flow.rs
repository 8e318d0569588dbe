//! Flow templates (流程模板): which items a type of project meets, in which order.

use std::{collections::BTreeMap, fmt, str::FromStr};

/// The flow of one project type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Key, such as `E`.
    pub key: String,
    /// Name of the project type.
    pub name: String,
    /// 审批流程类型 of the exchange standard, 1–10.
    pub national_code: u8,
    /// Promised total in working days.
    pub total: u32,
    /// The item given at registration (LX-01).
    pub registration_item: String,
    /// Stages 1 to 4.
    pub stages: Vec<StageTemplate>,
    /// Items of the flow, in order.
    pub entries: Vec<Entry>,
    /// Precedence edges.
    pub edges: Vec<Edge>,
}

impl Flow {
    /// The stage with this number.
    #[must_use]
    pub fn stage(&self, number: u8) -> Option<&StageTemplate> {
        self.stages.iter().find(|stage| stage.number == number)
    }

    /// The stage in which an item is applied for.
    #[must_use]
    pub fn stage_of(&self, item: &str) -> Option<u8> {
        self.entries.iter().find(|entry| entry.item == item).map(|entry| entry.stage)
    }

    /// Items that the answers call for in a stage, without those merged into another, wherever
    /// the site is; [`super::Catalog::needed`] looks at the region as well.
    pub(super) fn needed<'a>(
        &'a self,
        stage: u8,
        answers: &'a BTreeMap<String, String>,
    ) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| {
            entry.stage == stage && entry.merged_into.is_none() && entry.need.holds(answers)
        })
    }

    /// What must be decided or recorded before this item or milestone, under these answers.
    pub fn edges_into<'a>(
        &'a self,
        end: &'a Endpoint,
        answers: &'a BTreeMap<String, String>,
    ) -> impl Iterator<Item = &'a Edge> {
        self.edges.iter().filter(move |edge| edge.after == *end && edge.need.holds(answers))
    }
}

/// A stage of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageTemplate {
    /// 1–4.
    pub number: u8,
    /// Such as 施工许可.
    pub name: String,
    /// Promised working days of the joint application.
    pub budget: u32,
    /// Role key of the lead department.
    pub lead: String,
    /// The bundle the stage is handled as (YS-01 联合验收).
    pub joint_item: Option<String>,
}

/// An item in a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Item code.
    pub item: String,
    /// Stage in which it is applied for.
    pub stage: u8,
    /// Whether it is always there.
    pub need: Need,
    /// Its completion marks the stage as done (里程碑事项).
    pub milestone: bool,
    /// Handled inside another case.
    pub merged_into: Option<String>,
    /// Part of a bundle; parts have no edges between them.
    pub part_of: Option<String>,
    /// Advances in parallel, outside the stage clock.
    pub side: bool,
}

/// Whether an item of a flow is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Mandatory,
    /// When all conditions hold.
    When(Vec<Condition>),
}

impl Need {
    /// Whether answers still to come decide if the item is needed.
    #[must_use]
    pub fn is_open(&self, answers: &BTreeMap<String, String>) -> bool {
        match self {
            Self::Mandatory => false,
            Self::When(conditions) => {
                let against = conditions.iter().any(|condition| {
                    answers.get(&condition.question).is_some_and(|it| *it != condition.answer)
                });
                !against && !self.holds(answers)
            }
        }
    }

    /// Whether the item is needed under these answers.
    #[must_use]
    pub fn holds(&self, answers: &BTreeMap<String, String>) -> bool {
        match self {
            Self::Mandatory => true,
            Self::When(conditions) => conditions
                .iter()
                .all(|condition| answers.get(&condition.question) == Some(&condition.answer)),
        }
    }
}

/// `question=answer`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Key of the question.
    pub question: String,
    /// `yes`, `no`, or the key of an option.
    pub answer: String,
}

/// The text is not of the form `question=answer`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot read the condition {0:?}; write question=answer")]
pub struct ConditionError(String);

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        let (question, answer) =
            text.split_once('=').ok_or_else(|| ConditionError(text.trim().to_owned()))?;
        Ok(Self { question: question.trim().to_owned(), answer: answer.trim().to_owned() })
    }
}

/// One end of a precedence edge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// The decision on an item.
    Item(String),
    /// A milestone, recorded by an act.
    Milestone(String),
}

impl Endpoint {
    /// Reads `GH-02` or `milestone:land-contract`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match text.strip_prefix("milestone:") {
            Some(key) => Self::Milestone(key.to_owned()),
            None => Self::Item(text.to_owned()),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(code) => f.write_str(code),
            Self::Milestone(key) => write!(f, "milestone:{key}"),
        }
    }
}

/// `before` blocks the decision on `after`, never its submission or review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// What must be there first.
    pub before: Endpoint,
    /// What waits.
    pub after: Endpoint,
    /// Whether it always waits.
    pub need: Need,
    /// Legal basis.
    pub law: String,
}
