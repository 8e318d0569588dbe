//! Time limits (时限) as the law and the item list write them.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

/// A statutory or promised limit of an item (法定时限, 承诺时限).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// Working days, with the days by which the law lets the department extend once.
    WorkingDays {
        /// Working days.
        days: u16,
        /// Working days of extension; 0 where the law gives none.
        extension: u16,
    },
    /// Calendar days, likewise.
    CalendarDays {
        /// Calendar days.
        days: u16,
        /// Calendar days of extension.
        extension: u16,
    },
    /// To be closed on the day of acceptance (即办).
    AtOnce,
    /// Handled inside another item, on whose clock it runs.
    With(String),
    /// Outside the budget: bidding, land supply, higher levels.
    NotCounted,
    /// The law sets none.
    NoneSet,
    /// Depends on a condition of the project.
    ByCondition(Vec<Conditional>),
}

/// One branch of a limit by condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditional {
    /// When this branch holds, in the words of the list.
    pub condition: String,
    /// The limit then.
    pub limit: Limit,
}

/// A limit as it is pinned on a running clock: numbers only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum PinnedLimit {
    /// Working days and days of possible extension.
    #[n(0)]
    WorkingDays(#[n(0)] u16, #[n(1)] u16),
    /// Calendar days and days of possible extension.
    #[n(1)]
    CalendarDays(#[n(0)] u16, #[n(1)] u16),
    /// On the day of acceptance.
    #[n(2)]
    AtOnce,
    /// No limit of its own.
    #[n(3)]
    None,
}

/// A limit that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot read the limit {0:?}; write \"20 working days\", \"20 working days + 10\", \
     \"60 calendar days\", \"at once\", \"with SG-09\", \"not counted\", \"none set\" or \
     \"by condition: 大型 15 working days; 其他 10 working days\""
)]
pub struct LimitError(pub String);

impl Limit {
    /// The numbers a clock is pinned to. Of a limit by condition the longest branch, because
    /// a promise must hold whatever the condition turns out to be.
    #[must_use]
    pub fn pin(&self) -> PinnedLimit {
        match self {
            Self::WorkingDays { days, extension } => PinnedLimit::WorkingDays(*days, *extension),
            Self::CalendarDays { days, extension } => PinnedLimit::CalendarDays(*days, *extension),
            Self::AtOnce => PinnedLimit::AtOnce,
            Self::With(_) | Self::NotCounted | Self::NoneSet => PinnedLimit::None,
            Self::ByCondition(branches) => branches
                .iter()
                .map(|branch| branch.limit.pin())
                .max_by_key(|pinned| pinned.days().unwrap_or(0))
                .unwrap_or(PinnedLimit::None),
        }
    }
}

impl PinnedLimit {
    /// Days of the limit without extension; 0 for at once, none where there is none.
    #[must_use]
    pub const fn days(self) -> Option<u16> {
        match self {
            Self::WorkingDays(days, _) | Self::CalendarDays(days, _) => Some(days),
            Self::AtOnce => Some(0),
            Self::None => None,
        }
    }

    /// Days by which the limit may be extended once.
    #[must_use]
    pub const fn extension(self) -> u16 {
        match self {
            Self::WorkingDays(_, extension) | Self::CalendarDays(_, extension) => extension,
            Self::AtOnce | Self::None => 0,
        }
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let unreadable = || LimitError(text.to_owned());
        let trimmed = text.trim();
        if let Some(branches) = trimmed.strip_prefix("by condition:") {
            let read = |branch: &str| {
                let branch = branch.trim();
                // The condition may hold spaces, so try every split from the right end.
                let splits = branch.char_indices().filter(|(_, c)| *c == ' ');
                splits.into_iter().find_map(|(at, _)| {
                    let limit = branch[at + 1..].parse().ok()?;
                    let nested = matches!(limit, Self::ByCondition(_));
                    (!nested).then(|| Conditional { condition: branch[..at].to_owned(), limit })
                })
            };
            let branches: Option<Vec<_>> = branches.split(';').map(read).collect();
            return branches.map(Self::ByCondition).ok_or_else(unreadable);
        }
        if let Some(code) = trimmed.strip_prefix("with ") {
            return Ok(Self::With(code.trim().to_owned()));
        }
        match trimmed {
            "at once" => return Ok(Self::AtOnce),
            "not counted" => return Ok(Self::NotCounted),
            "none set" => return Ok(Self::NoneSet),
            _ => {}
        }
        let (main, extension) = match trimmed.split_once('+') {
            Some((main, extension)) => (main, extension.trim().parse().map_err(|_| unreadable())?),
            None => (trimmed, 0),
        };
        let words: Vec<&str> = main.split_whitespace().collect();
        let days = words.first().and_then(|n| n.parse().ok()).ok_or_else(unreadable)?;
        match words[1..] {
            ["working", "days"] => Ok(Self::WorkingDays { days, extension }),
            ["calendar", "days"] => Ok(Self::CalendarDays { days, extension }),
            _ => Err(unreadable()),
        }
    }
}

impl fmt::Display for Limit {
    /// As an owner reads it, in Chinese.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::With(code) => write!(f, "与 {code} 一并办理"),
            Self::NotCounted => f.write_str("不计入审批时限"),
            Self::NoneSet => f.write_str("法律未规定"),
            Self::ByCondition(branches) => {
                for (index, branch) in branches.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "；" };
                    write!(f, "{separator}{}{}", branch.condition, branch.limit)?;
                }
                Ok(())
            }
            Self::WorkingDays { .. } | Self::CalendarDays { .. } | Self::AtOnce => {
                fmt::Display::fmt(&self.pin(), f)
            }
        }
    }
}

impl fmt::Display for PinnedLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WorkingDays(days, 0) => write!(f, "{days} 个工作日"),
            Self::WorkingDays(days, extension) => {
                write!(f, "{days} 个工作日（可延长 {extension} 个工作日）")
            }
            Self::CalendarDays(days, 0) => write!(f, "{days} 日"),
            Self::CalendarDays(days, extension) => write!(f, "{days} 日（可延长 {extension} 日）"),
            Self::AtOnce => f.write_str("即办"),
            Self::None => f.write_str("未设时限"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_list_is_read() {
        let read = |text: &str| text.parse::<Limit>().unwrap();
        assert_eq!(read("20 working days + 10"), Limit::WorkingDays { days: 20, extension: 10 });
        assert_eq!(read("30 calendar days + 60"), Limit::CalendarDays { days: 30, extension: 60 });
        assert_eq!(read("at once"), Limit::AtOnce);
        assert_eq!(read("with SG-09"), Limit::With("SG-09".to_owned()));
        assert_eq!(read("not counted"), Limit::NotCounted);
        assert_eq!(read("none set"), Limit::NoneSet);
        let drawing_review = read("by condition: 大型 15 working days; 其他 10 working days");
        assert_eq!(drawing_review.pin(), PinnedLimit::WorkingDays(15, 0));
        assert_eq!(drawing_review.to_string(), "大型15 个工作日；其他10 个工作日");
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in ["", "20", "20 days", "soon", "-3 working days", "by condition: 大型"] {
            let refused = text.parse::<Limit>().unwrap_err();
            assert!(refused.to_string().contains("working days"), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "(by condition:)?.{0,40}") {
            let _ = text.parse::<Limit>();
        }
    }
}
