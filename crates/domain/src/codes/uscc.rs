//! Unified social credit code (统一社会信用代码), GB 32100-2015.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

/// A unified social credit code whose check character is right.
///
/// Eighteen characters: authority, class, six digits of area, nine of organisation code
/// (GB 11714), one check character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Uscc(#[n(0)] String);

/// Why a text is not a unified social credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    /// Not eighteen characters.
    #[error("a unified social credit code has 18 characters")]
    Length,
    /// A character outside 0–9 and A–Y without I, O, S, V, Z.
    #[error("character {0} of the code is not allowed")]
    Character(usize),
    /// The last character does not fit the others.
    #[error("the check character is wrong")]
    Check,
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

impl Uscc {
    /// The code as text, upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the embedded organisation code (GB 11714) carries the right check character.
    /// Not every issued code does; a wrong one is a warning, never an error.
    #[must_use]
    pub fn organisation_code_fits(&self) -> bool {
        const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
        let code = &self.0.as_bytes()[8..17];
        let sum: u32 = code.iter().zip(WEIGHTS).map(|(c, w)| base36(*c) * w).sum();
        let expected = match 11 - sum % 11 {
            10 => b'X',
            11 => b'0',
            digit => b'0' + digit as u8,
        };
        code[8] == expected
    }

    /// Appends the check character to seventeen characters.
    ///
    /// # Errors
    /// When the length or a character is not allowed.
    pub fn with_check(first_seventeen: &str) -> Result<Self, UsccError> {
        let check = check_character(first_seventeen.as_bytes())?;
        Ok(Self(format!("{first_seventeen}{}", char::from(check))))
    }
}

fn base36(character: u8) -> u32 {
    match character {
        b'0'..=b'9' => u32::from(character - b'0'),
        other => u32::from(other - b'A') + 10,
    }
}

fn check_character(first: &[u8]) -> Result<u8, UsccError> {
    if first.len() != 17 {
        return Err(UsccError::Length);
    }
    let mut sum = 0;
    for (place, (character, weight)) in first.iter().zip(WEIGHTS).enumerate() {
        let value =
            ALPHABET.iter().position(|a| a == character).ok_or(UsccError::Character(place + 1))?;
        sum += value * weight;
    }
    Ok(ALPHABET[(31 - sum % 31) % 31])
}

impl FromStr for Uscc {
    type Err = UsccError;

    fn from_str(text: &str) -> Result<Self, UsccError> {
        let text = text.trim().to_ascii_uppercase();
        let bytes = text.as_bytes();
        if bytes.len() != 18 {
            return Err(UsccError::Length);
        }
        if check_character(&bytes[..17])? != bytes[17] {
            return Err(UsccError::Check);
        }
        Ok(Self(text))
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standard's own example first, then codes of real bodies.
    const VALID: [&str; 7] = [
        "91350100M000100Y43",
        "11100000000013338W",
        "11100000000013661B",
        "11100000MB03271699",
        "11430000006122244L",
        "113700000045046442",
        "11330105002500287C",
    ];

    #[test]
    fn published_codes_are_accepted() {
        for code in VALID {
            assert_eq!(code.parse::<Uscc>().unwrap().as_str(), code);
        }
    }

    #[test]
    fn changing_any_one_character_is_found() {
        for code in VALID {
            for place in 0..18 {
                for other in ALPHABET {
                    let mut changed = code.as_bytes().to_vec();
                    if changed[place] == *other {
                        continue;
                    }
                    changed[place] = *other;
                    let changed = String::from_utf8(changed).unwrap();
                    assert_eq!(changed.parse::<Uscc>(), Err(UsccError::Check), "{changed}");
                }
            }
        }
    }

    #[test]
    fn the_organisation_code_inside_is_checked_on_request() {
        assert!("91350100M000100Y43".parse::<Uscc>().unwrap().organisation_code_fits());
        assert!("11100000000013338W".parse::<Uscc>().unwrap().organisation_code_fits());
    }

    #[test]
    fn letters_that_look_like_digits_are_refused_by_place() {
        assert_eq!("9135010OM000100Y43".parse::<Uscc>(), Err(UsccError::Character(8)));
        assert_eq!("short".parse::<Uscc>(), Err(UsccError::Length));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,24}") {
            let _ = text.parse::<Uscc>();
        }
    }
}
