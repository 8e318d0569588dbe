//! A joint application (并联申报): the items of one stage, one form, one set of papers.

mod act;
mod decide;
mod papers;
mod prospect;
mod questions;
mod submit;

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

pub use act::{ApplicationAct, Submission};
pub use decide::{JOINT_DAYS, JOINT_EXTENSION, NOTICE_DAYS};
pub(crate) use decide::{decide, to_serve};
pub use prospect::Prospect;
pub(crate) use submit::submit;

use crate::{
    case::Opened,
    ids::{ApplicationId, CaseId, DepartmentId},
    paper::{FilledSlot, Provided, Slot},
    project::FieldValue,
    sealed::Sealed,
    time::{Day, Instant},
};

/// When results are handed over (送达方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Release {
    /// All together when the last is decided (同步出件).
    #[n(0)]
    Together,
    /// Each as soon as it is decided.
    #[n(1)]
    Early,
}

impl Release {
    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Together => "全部办结后一并送达",
            Self::Early => "办结一件送达一件",
        }
    }
}

/// What a demand of a correction notice is about: only what the list names can be demanded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Target {
    /// A paper of the set, by key.
    #[n(0)]
    Paper(#[n(0)] String),
    /// A field of the form, by key.
    #[n(1)]
    Field(#[n(0)] String),
}

/// One demand of a correction notice.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Demand {
    /// What.
    #[n(0)]
    pub target: Target,
    /// Coded reason.
    #[n(1)]
    pub reason: String,
    /// Words for the owner.
    #[n(2)]
    pub note: Option<Sealed>,
}

/// What can happen to a joint application. Variant numbers are never reused.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ApplicationFact {
    /// Handed in (申报); the window has received it (接件).
    #[n(0)]
    Submitted {
        /// Number of the joint application (并联审批实例编码), which the receipt shows.
        #[n(0)]
        number: String,
        /// Stage 1–4.
        #[n(1)]
        stage: u8,
        /// When results are handed over.
        #[n(2)]
        release: Release,
        /// Answers to the circumstance questions.
        #[n(3)]
        answers: Vec<(String, String)>,
        /// The form.
        #[n(4)]
        fields: Vec<(String, FieldValue)>,
        /// The cases it consists of.
        #[n(5)]
        cases: Vec<Opened>,
        /// The slots of the set of papers.
        #[n(6)]
        slots: Vec<Slot>,
        /// What was put into them.
        #[n(7)]
        papers: Vec<Provided>,
        /// The working day that counts as the day of receipt.
        #[n(8)]
        received_on: Day,
        /// Last day for a correction notice (5 working days, 行政许可法 art. 32(4)).
        #[n(9)]
        notice_until: Day,
        /// Promised working days of the stage at the site; not in the oldest facts.
        #[n(10)]
        budget: Option<u32>,
        /// Area assessments used instead of single ones; none in the oldest facts.
        #[n(11)]
        #[cbor(default)]
        areas: Vec<AreaUse>,
        /// The department that leads the stage; not in the oldest facts.
        #[n(12)]
        lead: Option<DepartmentId>,
    },
    /// The one notice of everything to correct (一次性告知).
    #[n(1)]
    CorrectionRequested {
        /// What.
        #[n(0)]
        demands: Vec<Demand>,
        /// Last day for the corrections.
        #[n(1)]
        until: Day,
    },
    /// The owner corrected.
    #[n(2)]
    Corrected {
        /// New papers.
        #[n(0)]
        papers: Vec<Provided>,
        /// New values.
        #[n(1)]
        fields: Vec<(String, FieldValue)>,
    },
    /// The owner chose when results are handed over.
    #[n(3)]
    ReleaseChosen(#[n(0)] Release),
    /// The limit of joint handling was extended (行政许可法 art. 42).
    #[n(4)]
    JointExtended {
        /// Working days.
        #[n(0)]
        days: u16,
        /// Coded reason.
        #[n(1)]
        reason: String,
    },
}

/// The result of an area assessment, used instead of a single one (区域评估成果).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct AreaUse {
    /// The question it answered.
    #[n(0)]
    pub question: String,
    /// The document, with its number.
    #[n(1)]
    pub document: String,
    /// The last day of its validity.
    #[n(2)]
    pub until: Day,
}

/// The one correction notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// What.
    pub demands: Vec<Demand>,
    /// When it was sent.
    pub at: Instant,
    /// Last day for the corrections.
    pub until: Day,
    /// When they came.
    pub answered: Option<Instant>,
}

/// A joint application, folded from its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Id.
    pub id: ApplicationId,
    /// Number on the receipt.
    pub number: String,
    /// Stage 1–4.
    pub stage: u8,
    /// When results are handed over.
    pub release: Release,
    /// Answers to the questions.
    pub answers: BTreeMap<String, String>,
    /// The form.
    pub fields: BTreeMap<String, FieldValue>,
    /// Its cases, in order.
    pub cases: Vec<CaseId>,
    /// Its slots, in order.
    pub slots: Vec<FilledSlot>,
    /// When it was handed in.
    pub submitted_at: Instant,
    /// The working day that counts as the day of receipt.
    pub received_on: Day,
    /// Last day for a correction notice.
    pub notice_until: Day,
    /// Promised working days of the stage.
    pub budget: Option<u32>,
    /// Area assessments used instead of single ones (区域评估).
    pub areas: Vec<AreaUse>,
    /// The department that leads the stage (牵头部门): it sees all of it, and urges.
    pub lead: Option<DepartmentId>,
    /// Working days by which joint handling was extended, once.
    pub joint_extension: Option<u16>,
    /// The notice.
    pub correction: Option<Correction>,
}

impl Application {
    /// The application as its first fact makes it; none for any other fact.
    #[must_use]
    pub fn open(id: ApplicationId, fact: &ApplicationFact, at: Instant) -> Option<Self> {
        let ApplicationFact::Submitted {
            number,
            stage,
            release,
            answers,
            fields,
            cases,
            slots,
            papers,
            received_on,
            notice_until,
            budget,
            areas,
            lead,
        } = fact
        else {
            return None;
        };
        let mut application = Self {
            id,
            number: number.clone(),
            stage: *stage,
            release: *release,
            answers: answers.iter().cloned().collect(),
            fields: fields.iter().cloned().collect(),
            cases: cases.iter().map(|opened| opened.case).collect(),
            slots: slots
                .iter()
                .map(|slot| FilledSlot { slot: slot.clone(), versions: Vec::new() })
                .collect(),
            submitted_at: at,
            received_on: *received_on,
            notice_until: *notice_until,
            budget: *budget,
            areas: areas.clone(),
            lead: *lead,
            joint_extension: None,
            correction: None,
        };
        application.put(papers, at);
        Some(application)
    }

    /// Takes a later fact in.
    pub fn evolve(&mut self, fact: &ApplicationFact, at: Instant) {
        match fact {
            ApplicationFact::Submitted { .. } => {}
            ApplicationFact::CorrectionRequested { demands, until } => {
                let demands = demands.clone();
                self.correction = Some(Correction { demands, at, until: *until, answered: None });
            }
            ApplicationFact::Corrected { papers, fields } => {
                self.put(papers, at);
                self.fields.extend(fields.iter().cloned());
                if let Some(correction) = &mut self.correction {
                    correction.answered = Some(at);
                }
            }
            ApplicationFact::ReleaseChosen(release) => self.release = *release,
            ApplicationFact::JointExtended { days, .. } => self.joint_extension = Some(*days),
        }
    }

    fn put(&mut self, papers: &[Provided], at: Instant) {
        for provided in papers {
            let slot = self.slots.iter_mut().find(|slot| slot.slot.paper == provided.paper);
            if let Some(slot) = slot {
                slot.versions.push((at, provided.from.clone()));
            }
        }
    }

    /// The slot for a paper.
    #[must_use]
    pub fn slot(&self, paper: &str) -> Option<&FilledSlot> {
        self.slots.iter().find(|slot| slot.slot.paper == paper)
    }

    /// The notice, while it waits for the owner.
    #[must_use]
    pub fn open_correction(&self) -> Option<&Correction> {
        self.correction.as_ref().filter(|correction| correction.answered.is_none())
    }
}
