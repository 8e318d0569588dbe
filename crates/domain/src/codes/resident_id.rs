//! Resident identity number (公民身份号码), GB 11643-1999.

use std::{fmt, str::FromStr};

use crate::time::Day;

/// A resident identity number with a real birth date and a right check character.
///
/// Personal data: it lives in the vault and is shown masked ([`ResidentId::masked`]).
#[derive(Clone, PartialEq, Eq)]
pub struct ResidentId(String);

/// Why a text is not a resident identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResidentIdError {
    /// Not eighteen characters.
    #[error("a resident identity number has 18 characters")]
    Length,
    /// Something other than digits, or X in a place other than the last.
    #[error("only digits are allowed, and X in the last place")]
    Character,
    /// The birth date does not exist.
    #[error("the birth date in the number does not exist")]
    BirthDate,
    /// The last character does not fit the others.
    #[error("the check character is wrong")]
    Check,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

impl ResidentId {
    /// The whole number. Showing it must leave a record.
    #[must_use]
    pub fn in_clear(&self) -> &str {
        &self.0
    }

    /// First three and last two characters, stars between.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}*************{}", &self.0[..3], &self.0[16..])
    }

    /// The day of birth.
    #[must_use]
    pub fn birth(&self) -> Option<Day> {
        birth_date(self.0.as_bytes())
    }
}

fn birth_date(digits: &[u8]) -> Option<Day> {
    let number = |from: usize, to: usize| {
        digits[from..to].iter().fold(0i16, |sum, d| sum * 10 + i16::from(d - b'0'))
    };
    Day::from_ymd(number(6, 10), number(10, 12) as i8, number(12, 14) as i8)
}

impl FromStr for ResidentId {
    type Err = ResidentIdError;

    fn from_str(text: &str) -> Result<Self, ResidentIdError> {
        let text = text.trim().to_ascii_uppercase();
        let bytes = text.as_bytes();
        if bytes.len() != 18 {
            return Err(ResidentIdError::Length);
        }
        if !bytes[..17].iter().all(u8::is_ascii_digit)
            || !(bytes[17].is_ascii_digit() || bytes[17] == b'X')
        {
            return Err(ResidentIdError::Character);
        }
        birth_date(bytes).ok_or(ResidentIdError::BirthDate)?;
        let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
        if CHECKS[sum as usize % 11] != bytes[17] {
            return Err(ResidentIdError::Check);
        }
        Ok(Self(text))
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_examples_are_accepted() {
        let first: ResidentId = "11010519491231002X".parse().unwrap();
        assert_eq!(first.birth().unwrap().to_string(), "1949-12-31");
        assert_eq!(format!("{first:?}"), "110*************2X");
        assert!("440524188001010014".parse::<ResidentId>().is_ok());
        assert!("11010519491231002x".parse::<ResidentId>().is_ok());
    }

    #[test]
    fn each_fault_has_its_own_word() {
        let read = |text: &str| text.parse::<ResidentId>().unwrap_err();
        assert_eq!(read("110105194912310021"), ResidentIdError::Check);
        assert_eq!(read("110105194913310021"), ResidentIdError::BirthDate);
        assert_eq!(read("1101051949123100XX"), ResidentIdError::Character);
        assert_eq!(read("110105"), ResidentIdError::Length);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,24}") {
            let _ = text.parse::<ResidentId>();
        }
    }
}
