//! What becomes of results in time: until when they hold, what follows then, and what the owner
//! has to hand in afterwards.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};
use serde::Deserialize;

use super::Endpoint;
use crate::{calendar::Calendar, time::Day};

/// A stretch of time as laws write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Term {
    /// Calendar days.
    #[n(0)]
    Days(#[n(0)] u16),
    /// Working days.
    #[n(1)]
    WorkingDays(#[n(0)] u16),
    /// Months: to the same date.
    #[n(2)]
    Months(#[n(0)] u16),
}

/// A term that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot read the term {0:?}; write \"15 days\", \"30 working days\", \"3 months\" or \"2 years\""
)]
pub struct TermError(pub String);

impl Term {
    /// The last day of a term that begins on a day.
    #[must_use]
    pub fn after(self, day: Day, calendar: &Calendar) -> Day {
        match self {
            Self::Days(days) => day.plus(i32::from(days)),
            Self::WorkingDays(days) => calendar.nth_working_day_after(day, u32::from(days)),
            Self::Months(months) => day.plus_months(i32::from(months)),
        }
    }

    /// The last day that lies at least a term before another.
    #[must_use]
    pub fn before(self, day: Day, calendar: &Calendar) -> Day {
        match self {
            Self::Days(days) => day.plus(-i32::from(days)),
            Self::WorkingDays(days) => {
                let mut at = day;
                for _ in 0..days {
                    at = at.plus(-1);
                    while !calendar.is_working(at) {
                        at = at.plus(-1);
                    }
                }
                at
            }
            Self::Months(months) => day.plus_months(-i32::from(months)),
        }
    }
}

impl FromStr for Term {
    type Err = TermError;

    fn from_str(text: &str) -> Result<Self, TermError> {
        let unreadable = || TermError(text.to_owned());
        let words: Vec<&str> = text.split_whitespace().collect();
        let count: u16 = words.first().and_then(|n| n.parse().ok()).ok_or_else(unreadable)?;
        match words[1..] {
            ["days"] => Ok(Self::Days(count)),
            ["working", "days"] => Ok(Self::WorkingDays(count)),
            ["months"] => Ok(Self::Months(count)),
            ["years"] => count.checked_mul(12).map(Self::Months).ok_or_else(unreadable),
            _ => Err(unreadable()),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days} 日"),
            Self::WorkingDays(days) => write!(f, "{days} 个工作日"),
            Self::Months(months) if months % 12 == 0 => write!(f, "{} 年", months / 12),
            Self::Months(months) => write!(f, "{months} 个月"),
        }
    }
}

/// From when a result's term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LifeFrom {
    /// The day of the decision.
    Decided,
    /// The day it was handed over.
    Served,
}

/// What the end of a term brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Encode, Decode)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum LifeEffect {
    /// The result is void (自行废止、失效).
    #[n(0)]
    Lapse,
    /// Its department has to look at it again before works start (重新审核).
    #[n(1)]
    Recheck,
}

/// How long the result of an item holds (有效期).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Item code.
    pub item: String,
    /// From when.
    pub from: LifeFrom,
    /// How long.
    pub ends: Term,
    /// What, reached in time, frees the result of its term.
    pub unless: Vec<Endpoint>,
    /// What follows else.
    pub effect: LifeEffect,
    /// How often it may be extended.
    pub extensions: u8,
    /// By how much each time.
    pub each: Option<Term>,
    /// How long before the end the extension has to be asked for.
    pub ask_before: Option<Term>,
    /// An extension asked for in time and not decided by the end counts as granted
    /// (行政许可法 art. 50).
    pub deemed: bool,
    /// Legal basis.
    pub basis: String,
}

/// What the owner has to apply for after something happened (事后备案).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// After what.
    pub after: String,
    /// Item code.
    pub item: String,
    /// Within how long.
    pub within: Term,
    /// Legal basis.
    pub basis: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_as_laws_write_them() {
        assert_eq!("3 months".parse(), Ok(Term::Months(3)));
        assert_eq!("2 years".parse(), Ok(Term::Months(24)));
        assert_eq!("30 working days".parse(), Ok(Term::WorkingDays(30)));
        assert!("soon".parse::<Term>().is_err() && "3 weeks".parse::<Term>().is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,20}") {
            let _ = text.parse::<Term>();
        }
    }
}
