//! The pack's files as they are written, before anything is resolved.

use serde::Deserialize;
use toml::Spanned;

use super::super::{Choice, ItemKind, PaperForm, PaperReuse, Retention};
use crate::reason::ReasonKind;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackFile {
    pub(super) name: String,
    #[serde(rename = "region")]
    _region: String,
    pub(super) version: String,
    pub(super) effective_from: Spanned<String>,
    pub(super) whole_flow: Spanned<u32>,
    #[serde(default, rename = "note")]
    _note: String,
    pub(super) days: RawDays,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDays {
    pub(super) correction: Spanned<u32>,
    pub(super) owed: Spanned<u32>,
    pub(super) returned: Spanned<u32>,
    pub(super) consultation: Option<Spanned<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LawsFile {
    pub(super) law: Vec<RawLaw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLaw {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) short: String,
    #[serde(default)]
    pub(super) edition: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartmentsFile {
    pub(super) department: Vec<RawDepartment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDepartment {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) short: String,
    #[serde(default)]
    pub(super) elsewhere: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PapersFile {
    pub(super) paper: Vec<RawPaper>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPaper {
    pub(super) key: Spanned<String>,
    pub(super) name: String,
    pub(super) source: Spanned<String>,
    pub(super) otherwise: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) help: String,
    pub(super) accept: Vec<String>,
    pub(super) max_mb: u32,
    #[serde(default)]
    pub(super) personal: bool,
    #[serde(default)]
    pub(super) form: PaperForm,
    #[serde(default = "one")]
    pub(super) copies: u8,
    #[serde(default)]
    pub(super) reuse: PaperReuse,
    #[serde(default)]
    pub(super) not_needed: Vec<String>,
}

const fn one() -> u8 {
    1
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct SamplesFile {
    #[serde(default)]
    pub(super) sample: Vec<RawSample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSample {
    pub(super) paper: Spanned<String>,
    pub(super) text: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: Retention,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemsFile {
    pub(super) item: Vec<RawItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawItem {
    pub(super) code: Spanned<String>,
    #[serde(default)]
    pub(super) scope: Vec<u32>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    pub(super) kind: ItemKind,
    pub(super) stage: u8,
    #[serde(default)]
    pub(super) side: bool,
    pub(super) lead: String,
    #[serde(default)]
    pub(super) with: Vec<String>,
    pub(super) law: Vec<String>,
    pub(super) statutory: Spanned<String>,
    pub(super) promised: Spanned<String>,
    #[serde(default)]
    pub(super) limit_note: String,
    #[serde(default)]
    pub(super) result: String,
    #[serde(default)]
    pub(super) validity: String,
    #[serde(default)]
    pub(super) commitment: bool,
    #[serde(default)]
    pub(super) deferral: bool,
    #[serde(default)]
    pub(super) safety: bool,
    #[serde(default)]
    pub(super) papers: Vec<String>,
    #[serde(default)]
    pub(super) deferrable: Vec<String>,
    #[serde(default)]
    pub(super) conditions: Vec<String>,
    #[serde(default)]
    pub(super) steps: Vec<String>,
    #[serde(default)]
    pub(super) fee: String,
    pub(super) merged_into: Option<String>,
    pub(super) first_check_of: Option<String>,
    #[serde(default)]
    pub(super) feeds: Vec<String>,
    pub(super) national_code: String,
    pub(super) source: String,
    pub(super) confidence: Retention,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldsFile {
    pub(super) field: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub(super) key: Spanned<String>,
    pub(super) label: String,
    #[serde(default)]
    pub(super) help: String,
    #[serde(rename = "type")]
    pub(super) kind: Spanned<String>,
    #[serde(default)]
    pub(super) unit: String,
    #[serde(default)]
    pub(super) personal: bool,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) section: String,
    pub(super) at: Option<String>,
    pub(super) not_before: Option<String>,
    #[serde(default)]
    pub(super) items: Vec<String>,
    #[serde(default)]
    pub(super) flows: Vec<String>,
    #[serde(default)]
    pub(super) options: Vec<Choice>,
    #[serde(default, rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionsFile {
    pub(super) question: Vec<RawQuestion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawQuestion {
    pub(super) key: Spanned<String>,
    pub(super) text: String,
    #[serde(default)]
    pub(super) help: String,
    pub(super) kind: Spanned<String>,
    #[serde(default)]
    pub(super) options: Vec<Choice>,
    #[serde(default)]
    pub(super) basis: Vec<String>,
    pub(super) flows: Vec<String>,
    pub(super) stage: u8,
    pub(super) default: String,
    #[serde(default)]
    pub(super) known: Vec<RawKnown>,
    #[serde(default, rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: Retention,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKnown {
    pub(super) when: Spanned<String>,
    pub(super) answer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonsFile {
    pub(super) reason: Vec<RawReason>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReason {
    pub(super) key: Spanned<String>,
    pub(super) kind: ReasonKind,
    pub(super) name: String,
    #[serde(default)]
    pub(super) help: String,
    #[serde(default)]
    pub(super) basis: String,
    pub(super) national_code: Option<u8>,
    pub(super) planned_days: Option<u16>,
    #[serde(default)]
    pub(super) bar_years: Option<u8>,
    #[serde(default, rename = "pauses")]
    _pauses: bool,
    #[serde(default, rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: Option<Retention>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MilestonesFile {
    pub(super) milestone: Vec<RawMilestone>,
}

#[derive(Deserialize)]
pub(super) struct RawMilestone {
    pub(super) key: Spanned<String>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) help: String,
    pub(super) stage: u8,
    pub(super) recorded_by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlowFile {
    pub(super) flow: RawFlow,
    pub(super) stage: Vec<RawStage>,
    pub(super) entry: Vec<RawEntry>,
    #[serde(default)]
    pub(super) edge: Vec<RawEdge>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFlow {
    pub(super) key: Spanned<String>,
    pub(super) name: String,
    pub(super) national_code: u8,
    pub(super) total: u32,
    pub(super) registration_item: String,
    #[serde(default, rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: Retention,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStage {
    pub(super) number: Spanned<u8>,
    pub(super) name: String,
    pub(super) budget: u32,
    pub(super) lead: String,
    pub(super) joint_item: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntry {
    pub(super) item: Spanned<String>,
    pub(super) stage: u8,
    pub(super) need: Spanned<String>,
    pub(super) when: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) milestone: bool,
    pub(super) merged_into: Option<String>,
    pub(super) part_of: Option<String>,
    #[serde(default)]
    pub(super) side: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEdge {
    pub(super) before: Spanned<String>,
    pub(super) after: String,
    pub(super) when: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) law: String,
}
