//! Unified code of an investment project (投资项目统一代码).

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

use crate::time::Day;

/// The code of a project: `2509-320193-89-01-544060`, 24 characters with hyphens.
///
/// Year (four digits until mid-2020, then year and month), area of the assigning authority,
/// industry, kind, six digits of serial. There is no check digit. The area need not be in
/// GB/T 2260: development zones assign codes of their own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct ProjectCode(#[n(0)] String);

/// Why a text is not a project code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProjectCodeError {
    /// Not 4-6-2-2-6 digits.
    #[error("a project code has 4-6-2-2-6 digits, such as 2509-320193-89-01-544060")]
    Shape,
    /// The first group is neither a year 2015–2020 nor a year and month.
    #[error("the first four digits are neither a year from 2015 to 2020 nor a year and month")]
    Year,
    /// The area is neither in Jiangsu nor the centre.
    #[error("the area is neither in Jiangsu (32…) nor the centre (000000)")]
    Area,
}

impl ProjectCode {
    /// The hyphenated form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code a registering authority gives: month of `day`, its area, one of a million serials.
    #[must_use]
    pub fn assign(day: Day, area: u32, serial: u32) -> Self {
        let (year, month, _) = day.ymd();
        Self(format!("{:02}{month:02}-{area:06}-89-01-{:06}", year % 100, serial % 1_000_000))
    }
}

impl FromStr for ProjectCode {
    type Err = ProjectCodeError;

    fn from_str(text: &str) -> Result<Self, ProjectCodeError> {
        let text = text.trim();
        let digits: String = match text.len() {
            24 => {
                let hyphens = [4, 11, 14, 17];
                let placed = hyphens.iter().all(|place| text.as_bytes()[*place] == b'-');
                let text: String = text.chars().filter(|c| *c != '-').collect();
                if !placed {
                    return Err(ProjectCodeError::Shape);
                }
                text
            }
            20 => text.to_owned(),
            _ => return Err(ProjectCodeError::Shape),
        };
        if digits.len() != 20 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ProjectCodeError::Shape);
        }
        let (year, month) = (&digits[..2], &digits[2..4]);
        let whole_year = ("2015"..="2020").contains(&&digits[..4]);
        let year_month = year >= "20" && ("01"..="12").contains(&month);
        if !whole_year && !year_month {
            return Err(ProjectCodeError::Year);
        }
        let area = &digits[4..10];
        if !area.starts_with("32") && area != "000000" {
            return Err(ProjectCodeError::Area);
        }
        Ok(Self(format!(
            "{}-{}-{}-{}-{}",
            &digits[..4],
            &digits[4..10],
            &digits[10..12],
            &digits[12..14],
            &digits[14..]
        )))
    }
}

impl fmt::Display for ProjectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ProjectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seen_codes_are_accepted_with_and_without_hyphens() {
        let code: ProjectCode = "2509-320193-89-01-544060".parse().unwrap();
        assert_eq!("25093201938901544060".parse::<ProjectCode>().unwrap(), code);
        assert!("2018-320583-35-03-123456".parse::<ProjectCode>().is_ok());
        assert!("2019-000000-35-03-123456".parse::<ProjectCode>().is_ok());
    }

    #[test]
    fn each_fault_has_its_own_word() {
        let read = |text: &str| text.parse::<ProjectCode>().unwrap_err();
        assert_eq!(read("2513-320193-89-01-544060"), ProjectCodeError::Year);
        assert_eq!(read("2509-310193-89-01-544060"), ProjectCodeError::Area);
        assert_eq!(read("2509-320193-89-01-54406"), ProjectCodeError::Shape);
        assert_eq!(read("2509 320193 89 01 544060"), ProjectCodeError::Shape);
    }

    #[test]
    fn an_assigned_code_is_a_code() {
        let day = "2026-03-02".parse().unwrap();
        let code = ProjectCode::assign(day, 320_571, 17);
        assert_eq!(code.as_str(), "2603-320571-89-01-000017");
        assert_eq!(code.as_str().parse::<ProjectCode>().unwrap(), code);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,26}") {
            let _ = text.parse::<ProjectCode>();
        }
    }
}
