//! The published list of measures (措施清单) that open or close ways of handling, and the area
//! assessments (区域评估) whose results are used instead of single ones.

use std::str::FromStr;

use serde::Deserialize;

use super::{Catalog, LawReference, Question};
use crate::{credit::CreditKind, time::Day};

/// What a measure does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// First in every queue.
    GreenChannel,
    /// Not first, whatever good there is on record.
    NoGreenChannel,
    /// No notice and commitment.
    NoCommitment,
    /// No papers may follow.
    NoDeferral,
}

/// When a measure is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureCause {
    /// To key projects.
    KeyProject,
    /// While a credit record of this kind counts.
    Credit(CreditKind),
}

/// The text names no cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write key-project, good, bad, serious or broken-promise instead of {0}")]
pub struct MeasureCauseError(String);

impl FromStr for MeasureCause {
    type Err = MeasureCauseError;

    fn from_str(text: &str) -> Result<Self, MeasureCauseError> {
        if text == "key-project" {
            return Ok(Self::KeyProject);
        }
        let kind = CreditKind::from_key(text).ok_or_else(|| MeasureCauseError(text.to_owned()))?;
        Ok(Self::Credit(kind))
    }
}

/// A measure of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// When it is applied.
    pub when: MeasureCause,
    /// What it does.
    pub effect: Effect,
    /// Months for which a record that the platform itself enters for this cause may be used.
    pub months: Option<i32>,
    /// Legal basis.
    pub basis: Vec<LawReference>,
}

/// An assessment made once for an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaAssessment {
    /// The region it covers, with all below it.
    pub region: u32,
    /// The question that it answers.
    pub question: String,
    /// The document, with its number.
    pub document: String,
    /// First day.
    pub from: Day,
    /// Last day of its validity.
    pub until: Day,
    /// Legal basis.
    pub basis: Vec<LawReference>,
}

impl Catalog {
    /// Months for which a promise broken on the platform stays on record; none where no measure
    /// of the list says so.
    #[must_use]
    pub fn broken_promise_months(&self) -> Option<i32> {
        let broken = MeasureCause::Credit(CreditKind::BrokenPromise);
        self.measures.iter().filter(|it| it.when == broken).filter_map(|it| it.months).max()
    }

    /// The area assessment that answers a question for a site on a day.
    #[must_use]
    pub fn area_assessment(
        &self,
        question: &Question,
        region: u32,
        day: Day,
    ) -> Option<&AreaAssessment> {
        self.areas.iter().find(|area| {
            area.question == question.key
                && (area.from..=area.until).contains(&day)
                && self.region_and_above(region).any(|above| above.code == area.region)
        })
    }
}
