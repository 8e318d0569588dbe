//! Items (事项), the papers they ask for and the laws they rest on.

use std::{fmt, str::FromStr};

use serde::Deserialize;

use crate::limit::Limit;

/// What kind of power an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// 行政许可.
    Permit,
    /// 行政确认.
    Confirmation,
    /// 备案.
    Filing,
    /// 其他行政权力.
    OtherPower,
    /// 技术审查.
    TechnicalReview,
    /// 中介服务.
    Intermediary,
    /// 市政公用服务.
    Utility,
    /// 政府内部协作.
    Consultation,
    /// 收费征收.
    Charge,
    /// 公共服务.
    PublicService,
    /// 建设单位的法定义务.
    OwnerDuty,
}

impl ItemKind {
    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Permit => "行政许可",
            Self::Confirmation => "行政确认",
            Self::Filing => "备案",
            Self::OtherPower => "其他行政权力",
            Self::TechnicalReview => "技术审查",
            Self::Intermediary => "中介服务",
            Self::Utility => "市政公用服务",
            Self::Consultation => "政府内部协作",
            Self::Charge => "征收",
            Self::PublicService => "公共服务",
            Self::OwnerDuty => "建设单位义务",
        }
    }
}

/// One item of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Code, such as `GH-02`.
    pub code: String,
    /// Regions whose own regulation made the item; empty where it exists everywhere.
    pub scope: Vec<u32>,
    /// Full name.
    pub name: String,
    /// What people call it.
    pub aliases: Vec<String>,
    /// Kind of power.
    pub kind: ItemKind,
    /// 1–4, 5 for what advances in parallel.
    pub stage: u8,
    /// Advances in parallel, not tied to the joint application of the stage.
    pub side: bool,
    /// Role key of the lead department.
    pub lead: String,
    /// Role keys of further departments.
    pub with: Vec<String>,
    /// Legal basis.
    pub law: Vec<LawReference>,
    /// Limit of the law.
    pub statutory: Limit,
    /// Limit promised.
    pub promised: Limit,
    /// What the limit's numbers cannot say.
    pub limit_note: String,
    /// Name of the result document; empty when there is none.
    pub result: String,
    /// How long the result is valid, in words; empty when without end.
    pub validity: String,
    /// Whether notice and commitment (告知承诺) is possible.
    pub commitment: bool,
    /// Whether papers may follow (容缺).
    pub deferral: bool,
    /// Whether it directly concerns public safety, health, life or property (AL 78, 79).
    pub safety: bool,
    /// Papers without which acceptance is refused, by key.
    pub papers: Vec<String>,
    /// Papers that may follow, by key.
    pub deferrable: Vec<String>,
    /// Conditions of acceptance and approval.
    pub conditions: Vec<String>,
    /// Steps beyond the usual ones.
    pub steps: Vec<String>,
    /// Charge, in words.
    pub fee: String,
    /// The item inside which this one is handled (合并办理).
    pub merged_into: Option<String>,
    /// The item for which a lower authority's first check (下级行政机关初审) this is: done within
    /// 20 working days, before the superior decides (行政许可法 art. 43).
    pub first_check_of: Option<String>,
    /// Items an intermediary service feeds.
    pub feeds: Vec<String>,
    /// 对应标准审批事项编码 of the exchange standard.
    pub national_code: String,
    /// Where the row comes from.
    pub source: String,
    /// Whether the row was seen in a source, recalled, or is a default to be confirmed.
    pub confidence: Retention,
}

/// How far a row of the catalogue may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retention {
    /// Seen in the named source.
    Seen,
    /// General knowledge, not seen; to be confirmed.
    Recalled,
    /// A default of this catalogue; to be confirmed by the region.
    Default,
}

impl Retention {
    /// What a reader of a guide is told; nothing where the source was seen.
    #[must_use]
    pub const fn note(self) -> Option<&'static str> {
        match self {
            Self::Seen => None,
            Self::Recalled => Some("依据待核对"),
            Self::Default => Some("承诺时限待本地确认"),
        }
    }
}

/// A law or regulation of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// Key, such as `UP`.
    pub key: String,
    /// Full name.
    pub name: String,
    /// Name without 中华人民共和国.
    pub short: String,
    /// Date of the edition that was read.
    pub edition: String,
}

/// A law and an article, such as `UP 40`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawReference {
    /// Key of the law.
    pub law: String,
    /// Article, perhaps with paragraph: `24(1)`; empty for the whole.
    pub article: String,
}

impl FromStr for LawReference {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (law, article) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        Ok(Self { law: law.to_owned(), article: article.trim().to_owned() })
    }
}

impl fmt::Display for LawReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.law, self.article)
    }
}

/// Where a paper comes from: from the platform, from a register, or from the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperSource {
    /// The owner prepares it.
    Owner,
    /// The result of one of these items: pulled, never asked for.
    Items(Vec<String>),
    /// Pulled from this outside register: never asked for.
    Register(String),
}

/// In which form a paper is handed in (材料形式).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperForm {
    /// 电子件.
    #[default]
    Electronic,
    /// 纸质和电子各一套.
    Both,
}

impl PaperForm {
    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Electronic => "电子件",
            Self::Both => "纸质和电子",
        }
    }
}

/// Whether what was handed in once counts again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperReuse {
    /// Made anew each time: photographs, statements of the day.
    Never,
    /// In every application of the project.
    #[default]
    Project,
    /// In every project of the owner, who chooses it.
    Owner,
}

impl PaperReuse {
    /// What people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Never => "每次重新提交",
            Self::Project => "本项目内通用",
            Self::Owner => "本单位各项目通用",
        }
    }
}

/// A paper (材料) that items may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Key, such as `works-planning-permit`.
    pub key: String,
    /// Name.
    pub name: String,
    /// Where it comes from.
    pub source: PaperSource,
    /// Where it comes from when the project has none of the items of `source`; none when the
    /// paper then does not exist.
    pub otherwise: Option<PaperSource>,
    /// What it is and how to prepare it.
    pub help: String,
    /// File kinds taken, by extension.
    pub accept: Vec<String>,
    /// Largest file, in MiB.
    pub max_mb: u32,
    /// Whether it carries personal data.
    pub personal: bool,
    /// In which form it is handed in.
    pub form: PaperForm,
    /// How many of it (份数).
    pub copies: u8,
    /// Whether what was handed in once counts again.
    pub reuse: PaperReuse,
    /// Coded reasons why it may not exist for a project (不需要提交的情形).
    pub not_needed: Vec<String>,
    /// What it may look like (样例); empty while nobody wrote one.
    pub sample: String,
}

impl Paper {
    /// The register that may hold it, whatever else it may come from.
    #[must_use]
    pub fn register(&self) -> Option<&str> {
        std::iter::once(&self.source).chain(&self.otherwise).find_map(|source| match source {
            PaperSource::Register(name) => Some(name.as_str()),
            PaperSource::Owner | PaperSource::Items(_) => None,
        })
    }
}
