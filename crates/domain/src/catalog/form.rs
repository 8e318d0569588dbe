//! Questions that switch items (情形), and the dictionary of form fields.

use serde::Deserialize;

use super::{item::LawReference, known::KnownAnswer};

/// An option of a question or a field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Choice {
    /// Stored value.
    pub key: String,
    /// Shown text.
    pub label: String,
    /// Says that an area assessment answers the question: never chosen, only known from the list
    /// of assessments.
    #[serde(default)]
    pub area: bool,
}

impl Choice {
    /// A choice for people to make.
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into(), area: false }
    }
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionKind {
    /// `yes` or `no`.
    YesNo,
    /// One of these.
    Choice(Vec<Choice>),
}

/// A circumstance question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Key, such as `fire-special`.
    pub key: String,
    /// The question.
    pub text: String,
    /// What counts, and why it is asked.
    pub help: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Legal basis.
    pub basis: Vec<LawReference>,
    /// Flows in which it is asked.
    pub flows: Vec<String>,
    /// The stage at which it is asked.
    pub stage: u8,
    /// The usual answer.
    pub default: String,
    /// When the answer is known without asking; the first that holds counts.
    pub known: Vec<KnownAnswer>,
}

impl Question {
    /// The possible answers with their texts.
    #[must_use]
    pub fn choices(&self) -> Vec<Choice> {
        match &self.kind {
            QuestionKind::YesNo => [("yes", "是"), ("no", "否")]
                .map(|(key, label)| Choice {
                    key: key.to_owned(),
                    label: label.to_owned(),
                    area: false,
                })
                .to_vec(),
            QuestionKind::Choice(options) => options.clone(),
        }
    }

    /// The answers a person may choose from.
    #[must_use]
    pub fn offered(&self) -> Vec<Choice> {
        self.choices().into_iter().filter(|choice| !choice.area).collect()
    }

    /// The answer that an area assessment gives, if one can.
    #[must_use]
    pub fn area_choice(&self) -> Option<&Choice> {
        match &self.kind {
            QuestionKind::YesNo => None,
            QuestionKind::Choice(options) => options.iter().find(|choice| choice.area),
        }
    }

    /// The text of an answer; the key itself when it is not one of the choices.
    #[must_use]
    pub fn label_of(&self, answer: &str) -> String {
        let choice = self.choices().into_iter().find(|choice| choice.key == answer);
        choice.map_or_else(|| answer.to_owned(), |choice| choice.label)
    }
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// Money, asked in 万元 with up to six decimals, kept in 分.
    Money,
    /// Area, asked in square metres with two decimals, kept in square centimetres.
    Area,
    /// A number with up to three decimals in the field's unit, kept in thousandths.
    Number,
    /// Degrees of longitude (经度), CGCS2000, up to six decimals, kept in millionths.
    Longitude,
    /// Degrees of latitude (纬度), CGCS2000, up to six decimals, kept in millionths.
    Latitude,
    /// A date.
    Date,
    /// One of these.
    Choice(Vec<Choice>),
    /// Yes or no.
    YesNo,
    /// Unified social credit code.
    Uscc,
    /// Telephone number.
    Phone,
    /// Name of a person.
    PersonName,
    /// Resident identity number.
    ResidentId,
    /// Division or zone code.
    Division,
}

/// A field of the dictionary (字段).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Key, such as `total-investment`.
    pub key: String,
    /// Label.
    pub label: String,
    /// Help below the label.
    pub help: String,
    /// What it holds.
    pub kind: FieldType,
    /// Unit shown after the field.
    pub unit: String,
    /// Personal data: sealed in facts, masked on pages.
    pub personal: bool,
    /// Must be filled.
    pub required: bool,
    /// The group it is asked in.
    pub section: String,
    /// Asked when the project is registered, not in a stage form.
    pub at_registration: bool,
    /// Key of a date that this date may not precede.
    pub not_before: Option<String>,
    /// Items that need it.
    pub items: Vec<String>,
    /// Types of project in which it is asked; empty for all.
    pub flows: Vec<String>,
}
