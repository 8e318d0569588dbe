//! Answers that a project knows by itself: nobody is asked what the form or a result says.

use std::{fmt, str::FromStr};

use super::Catalog;
use crate::project::{FieldValue, Project, ReadValue};

/// When an answer follows from what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAnswer {
    /// What has to be so.
    pub when: KnownFact,
    /// The answer then.
    pub answer: String,
}

/// Something that the project may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownFact {
    /// A value of the form: `land-area >= 50000`, `total-investment <= 30`,
    /// `funding-nature = government`, as it would be typed.
    Field {
        /// Key of the field.
        field: String,
        /// How it is compared.
        comparison: Comparison,
        /// With what, as typed into the field.
        value: String,
    },
    /// One of these items was granted: `granted LX-17a,LX-17b`.
    Granted(Vec<String>),
    /// None of these items was granted, and a later stage is at hand: `not granted LX-17a`.
    NotGranted(Vec<String>),
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Equal,
    /// At least as much.
    AtLeast,
    /// At most as much.
    AtMost,
}

/// A known fact that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot read {0:?}; write \"field >= value\", \"field <= value\", \"field = value\", \
     \"granted CODE,CODE\" or \"not granted CODE\""
)]
pub struct KnownFactError(pub String);

impl FromStr for KnownFact {
    type Err = KnownFactError;

    fn from_str(text: &str) -> Result<Self, KnownFactError> {
        let codes = |list: &str| list.split(',').map(|code| code.trim().to_owned()).collect();
        if let Some(list) = text.trim().strip_prefix("not granted ") {
            return Ok(Self::NotGranted(codes(list)));
        }
        if let Some(list) = text.trim().strip_prefix("granted ") {
            return Ok(Self::Granted(codes(list)));
        }
        let signs =
            [(">=", Comparison::AtLeast), ("<=", Comparison::AtMost), ("=", Comparison::Equal)];
        for (sign, comparison) in signs {
            if let Some((field, value)) = text.split_once(sign) {
                let (field, value) = (field.trim().to_owned(), value.trim().to_owned());
                if !field.is_empty() && !value.is_empty() {
                    return Ok(Self::Field { field, comparison, value });
                }
            }
        }
        Err(KnownFactError(text.to_owned()))
    }
}

impl KnownFact {
    /// Whether the project knows it to be so.
    #[must_use]
    pub fn holds(&self, catalog: &Catalog, project: &Project) -> bool {
        match self {
            Self::Granted(codes) => codes.iter().any(|code| project.passed_case(code).is_some()),
            Self::NotGranted(codes) => codes.iter().all(|code| project.passed_case(code).is_none()),
            Self::Field { field, comparison, value } => {
                let (Some(known), Some(field)) = (project.fields.get(field), catalog.field(field))
                else {
                    return false;
                };
                let Ok(Some(ReadValue::Clear(bound))) = field.read(value) else { return false };
                match (number(known), number(&bound), comparison) {
                    (Some(known), Some(bound), Comparison::AtLeast) => known >= bound,
                    (Some(known), Some(bound), Comparison::AtMost) => known <= bound,
                    (.., Comparison::Equal) => *known == bound,
                    (.., Comparison::AtLeast | Comparison::AtMost) => false,
                }
            }
        }
    }
}

/// The amount a value holds, in the unit it is kept in.
const fn number(value: &FieldValue) -> Option<i64> {
    match value {
        FieldValue::Money(amount) | FieldValue::Area(amount) | FieldValue::Number(amount) => {
            Some(*amount)
        }
        FieldValue::Text(_)
        | FieldValue::Date(_)
        | FieldValue::Choice(_)
        | FieldValue::Uscc(_)
        | FieldValue::Region(_)
        | FieldValue::Sealed(_)
        | FieldValue::Degrees(_) => None,
    }
}

impl fmt::Display for KnownFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { field, comparison, value } => {
                let sign = match comparison {
                    Comparison::Equal => "=",
                    Comparison::AtLeast => ">=",
                    Comparison::AtMost => "<=",
                };
                write!(f, "{field} {sign} {value}")
            }
            Self::Granted(codes) => write!(f, "granted {}", codes.join(",")),
            Self::NotGranted(codes) => write!(f, "not granted {}", codes.join(",")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,30}") {
            let _ = text.parse::<KnownFact>();
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "land-area >= 50000",
            "a <= 3",
            "funding-nature = government",
            "granted LX-05,LX-04",
            "not granted LX-17a",
        ] {
            assert_eq!(text.parse::<KnownFact>().map(|fact| fact.to_string()).as_deref(), Ok(text));
        }
        assert!("land".parse::<KnownFact>().is_err());
    }
}
