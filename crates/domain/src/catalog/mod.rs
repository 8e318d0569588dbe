//! The catalogue (事项清单): items, flows, papers, fields, questions, reasons, regions and the
//! calendar, as one versioned pack. Law is data; code only knows its shape.

mod check;
mod compare;
mod flow;
mod form;
mod item;
mod keeping;
mod known;
mod life;
mod load;
mod modes;
mod overlay;
mod region;
mod source;

use std::collections::BTreeMap;

pub use compare::{Difference, Part, compare, lines_apart};
pub use flow::{Condition, Edge, Endpoint, Entry, Flow, Need, StageTemplate};
pub use form::{Choice, Field, FieldType, Question, QuestionKind};
pub use item::{
    Item, ItemKind, Law, LawReference, Paper, PaperForm, PaperReuse, PaperSource, Retention,
};
pub use keeping::{beyond_office, new_overlay, overlay_region};
pub use known::{Comparison, KnownAnswer, KnownFact, KnownFactError};
pub use life::{Duty, Life, LifeEffect, LifeFrom, Term, TermError};
pub use load::load;
pub use modes::{AreaAssessment, Effect, Measure, MeasureCause, MeasureCauseError};
pub use overlay::{Office, Overlay, Terms, Tightening};
pub use region::{Division, Region};
pub use source::{Problem, SourceFile, pack_digest};

use crate::{
    calendar::{Calendar, CalendarDigest},
    document::{DocumentForm, DocumentKind},
    project::FieldValue,
    reason::Reason,
};

/// A digest that names one version of the pack, as facts carry it.
pub type PackDigest = [u8; 32];

/// Name and validity of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Such as 江苏省工程建设项目审批目录.
    pub name: String,
    /// Such as `2026.1`.
    pub version: String,
    /// First day in force.
    pub effective_from: crate::time::Day,
    /// Working days that the province promises for a whole flow.
    pub whole_flow: u32,
    /// Working days for the owner to answer a correction notice.
    pub correction_days: u32,
    /// Working days after acceptance for papers that may follow (容缺材料).
    pub owed_days: u32,
    /// Working days at least to hand a returned paper in again.
    pub returned_days: u32,
    /// Working days that a department is usually given for an opinion (征求意见); none in packs of
    /// before.
    pub consultation_days: Option<u16>,
    /// SM3 over all files.
    pub digest: PackDigest,
}

/// A generic department as the item list names it (实施主体 by role).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentRole {
    /// Key, such as `planning`.
    pub key: String,
    /// Generic name, such as 自然资源和规划主管部门.
    pub name: String,
    /// What a region's own body is called after the region's name, such as 自然资源和规划局.
    pub title: String,
    /// Two to four characters for tight places.
    pub short: String,
    /// Not a body of a region: the owner itself, agencies.
    pub elsewhere: bool,
}

/// A milestone that is not an item (里程碑): land contract, start of works …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Key, such as `land-contract`.
    pub key: String,
    /// Name in Chinese.
    pub name: String,
    /// What it means and which paper shows it.
    pub help: String,
    /// The stage in which it is shown.
    pub stage: u8,
    /// Whose duty it is to record it.
    pub recorded_by: Recorder,
}

/// Who records a milestone (登记人).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorder {
    /// The owner, or the window on its behalf.
    Owner,
    /// The department of the site that holds this role key.
    Department(String),
}

impl Recorder {
    /// `owner`, or the role key of a department.
    #[must_use]
    pub fn read(key: &str) -> Self {
        if key == "owner" { Self::Owner } else { Self::Department(key.to_owned()) }
    }
}

/// One pack, read and checked.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// Name and validity.
    pub pack: Pack,
    /// Laws by key (`UP`).
    pub laws: BTreeMap<String, Law>,
    /// Departments by role key.
    pub departments: BTreeMap<String, DepartmentRole>,
    /// Items in list order.
    pub items: Vec<Item>,
    /// Papers by key.
    pub papers: BTreeMap<String, Paper>,
    /// Form fields in dictionary order.
    pub fields: Vec<Field>,
    /// Circumstance questions in order.
    pub questions: Vec<Question>,
    /// Coded reasons in order.
    pub reasons: Vec<Reason>,
    /// Flow templates by key (`A`).
    pub flows: BTreeMap<String, Flow>,
    /// Milestones in order.
    pub milestones: Vec<Milestone>,
    /// How long results hold.
    pub lives: Vec<Life>,
    /// What has to be handed in after something happened.
    pub duties: Vec<Duty>,
    /// The published measures that open or close ways of handling.
    pub measures: Vec<Measure>,
    /// Assessments made once for an area.
    pub areas: Vec<AreaAssessment>,
    /// The wording of documents; none in packs from before there were any.
    pub documents: Vec<DocumentForm>,
    /// Overlays of cities and counties, by region.
    pub overlays: BTreeMap<u32, Overlay>,
    /// Divisions and zones by code.
    pub regions: BTreeMap<u32, Region>,
    /// The working-day calendar.
    pub calendar: Calendar,
    /// Calendars of packs published before: running clocks keep theirs.
    pub earlier_calendars: BTreeMap<CalendarDigest, Calendar>,
}

impl Catalog {
    /// An item by code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }

    /// The calendar a clock was pinned to at acceptance; today's when that one is unknown.
    #[must_use]
    pub fn calendar_of(&self, digest: CalendarDigest) -> &Calendar {
        if digest == self.calendar.digest() {
            return &self.calendar;
        }
        self.earlier_calendars.get(&digest).unwrap_or(&self.calendar)
    }

    /// A reason by key.
    #[must_use]
    pub fn reason(&self, key: &str) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.key == key)
    }

    /// A field by key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// A question by key.
    #[must_use]
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.key == key)
    }

    /// A milestone by key.
    #[must_use]
    pub fn milestone(&self, key: &str) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| milestone.key == key)
    }

    /// How long the result of an item holds.
    #[must_use]
    pub fn life(&self, item: &str) -> Option<&Life> {
        self.lives.iter().find(|life| life.item == item)
    }

    /// The wording of a kind of document for an item: its own, else that of its kind, else the
    /// general one.
    #[must_use]
    pub fn document(&self, kind: DocumentKind, item: Option<&str>) -> Option<&DocumentForm> {
        let item_kind = item.and_then(|code| self.item(code)).map(|item| item.kind);
        let forms = || self.documents.iter().filter(|form| form.kind == kind);
        let own = forms().find(|form| form.items.iter().any(|code| Some(code.as_str()) == item));
        let of_kind =
            || forms().find(|form| item_kind.is_some_and(|it| form.item_kinds.contains(&it)));
        own.or_else(of_kind).or_else(|| forms().find(|form| form.is_general()))
    }

    /// The milestones that a flow's order of things names.
    pub fn milestones_of(&self, flow: &str) -> impl Iterator<Item = &Milestone> {
        let edges = self.flows.get(flow).map_or(&[][..], |flow| &flow.edges);
        self.milestones.iter().filter(move |milestone| {
            let is =
                |end: &Endpoint| matches!(end, Endpoint::Milestone(key) if *key == milestone.key);
            edges.iter().any(|edge| is(&edge.before) || is(&edge.after))
        })
    }

    /// `UP 40` as people read it: 《城乡规划法》第四十条. Unknown keys are shown as they are.
    #[must_use]
    pub fn cite(&self, reference: &LawReference) -> String {
        let Some(law) = self.laws.get(&reference.law) else { return reference.to_string() };
        if reference.article.is_empty() {
            return format!("《{}》", law.short);
        }
        format!("《{}》第{}条", law.short, reference.article)
    }

    /// The regions from this one up to the province, itself first.
    pub fn region_and_above(&self, code: u32) -> impl Iterator<Item = &Region> {
        let mut next = self.regions.get(&code);
        std::iter::from_fn(move || {
            let region = next?;
            next = region.parent.and_then(|parent| self.regions.get(&parent));
            Some(region)
        })
    }

    /// A value of the form as people read it: with its unit, the text of its option, the name of
    /// its region. Empty for what the vault keeps.
    #[must_use]
    pub fn shown(&self, field: &Field, value: &FieldValue) -> String {
        match (value, &field.kind) {
            (FieldValue::Choice(key), FieldType::Choice(options)) => options
                .iter()
                .find(|option| option.key == *key)
                .map_or_else(|| key.clone(), |option| option.label.clone()),
            (FieldValue::Choice(key), _) => if key == "yes" { "是" } else { "否" }.to_owned(),
            (FieldValue::Region(code), _) => self.region_path(*code),
            (FieldValue::Date(day), _) => day.in_words(),
            (FieldValue::Sealed(_), _) => String::new(),
            (other, _) => format!("{} {}", other.typed(), field.unit).trim_end().to_owned(),
        }
    }

    /// 江苏省 · 苏州市 · 苏州工业园区.
    #[must_use]
    pub fn region_path(&self, code: u32) -> String {
        let mut names: Vec<&str> =
            self.region_and_above(code).map(|region| region.name.as_str()).collect();
        names.reverse();
        names.join(" · ")
    }
}
