//! Identity of an electronic licence (电子证照标识), GB/T 36904.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

use super::Uscc;

/// The object identifier under which licences of the country are numbered.
const ROOT: &str = "1.2.156.3005.2.";

/// An identity whose check character is right:
/// `1.2.156.3005.2.<证照类型代码>.<颁发机构代码>.<流水号>.<版本号>.<校验位>`.
///
/// The check character is ISO/IEC 7064 MOD 37,36 over the four parts without dots.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct LicenceIdentity(#[n(0)] String);

/// A kind of licence (证照类型代码): the code of the body that defined it and three digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LicenceKind(String);

/// Why a text is not the identity of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LicenceIdentityError {
    /// It does not begin with the national identifier.
    #[error("电子证照标识应以 1.2.156.3005.2. 开头")]
    Root,
    /// It has not four parts and a check character.
    #[error("电子证照标识应有类型、机构、流水号、版本和校验位五段")]
    Parts,
    /// A part has the wrong length or a letter that does not belong there.
    #[error("电子证照标识的第 {0} 段不符合规定")]
    Part(u8),
    /// The check character does not fit the others.
    #[error("电子证照标识的校验位不正确")]
    Check,
}

impl LicenceKind {
    /// The code as text, 21 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LicenceKind {
    type Err = LicenceIdentityError;

    fn from_str(text: &str) -> Result<Self, LicenceIdentityError> {
        let fits = text.len() == 21
            && text.is_ascii()
            && text[..18].parse::<Uscc>().is_ok()
            && text[18..].bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Self(text.to_owned())).ok_or(LicenceIdentityError::Part(1))
    }
}

impl LicenceIdentity {
    /// The identity of a licence that `issuer` issues. `serial` takes letters and digits only,
    /// in upper case, at most 32; `version` counts from 1.
    ///
    /// # Errors
    /// When the serial or the version does not fit.
    pub fn new(
        kind: &LicenceKind,
        issuer: &Uscc,
        serial: &str,
        version: u16,
    ) -> Result<Self, LicenceIdentityError> {
        let version = format!("{version:03}");
        let check = check(&[kind.as_str(), issuer.as_str(), serial, &version])?;
        format!("{ROOT}{}.{issuer}.{serial}.{version}.{check}", kind.as_str()).parse()
    }

    /// The identity as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The check character of four parts.
fn check(parts: &[&str; 4]) -> Result<char, LicenceIdentityError> {
    let mut rest = 36;
    for (place, part) in (1..).zip(parts) {
        for character in part.bytes() {
            let value = match character {
                b'0'..=b'9' => character - b'0',
                b'A'..=b'Z' => character - b'A' + 10,
                _ => return Err(LicenceIdentityError::Part(place)),
            };
            rest = match (rest + u32::from(value)) % 36 {
                0 => 36,
                sum => sum,
            };
            rest = rest * 2 % 37;
        }
    }
    char::from_digit((37 - rest) % 36, 36)
        .map(|digit| digit.to_ascii_uppercase())
        .ok_or(LicenceIdentityError::Check)
}

impl FromStr for LicenceIdentity {
    type Err = LicenceIdentityError;

    fn from_str(text: &str) -> Result<Self, LicenceIdentityError> {
        let text = text.trim();
        let own = text.strip_prefix(ROOT).ok_or(LicenceIdentityError::Root)?;
        let parts: Vec<&str> = own.split('.').collect();
        let [kind, issuer, serial, version, last] = parts[..] else {
            return Err(LicenceIdentityError::Parts);
        };
        kind.parse::<LicenceKind>()?;
        // Some bodies are named by the six digits of their area, and codes that were issued
        // without a right check character exist: the letters are looked at, not more.
        if issuer.is_empty() || issuer.len() > 18 {
            return Err(LicenceIdentityError::Part(2));
        }
        if serial.is_empty() || serial.len() > 32 {
            return Err(LicenceIdentityError::Part(3));
        }
        if version.len() != 3 || !version.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(LicenceIdentityError::Part(4));
        }
        let check = check(&[kind, issuer, serial, version])?;
        if last.chars().eq([check]) {
            Ok(Self(text.to_owned()))
        } else {
            Err(LicenceIdentityError::Check)
        }
    }
}

impl fmt::Display for LicenceIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for LicenceIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Identities of licences that were issued.
    const ISSUED: [&str; 4] = [
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
        "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
        "1.2.156.3005.2.11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
    ];

    #[test]
    fn issued_identities_are_accepted_and_made_the_same() {
        for text in ISSUED {
            let read: LicenceIdentity = text.parse().unwrap();
            assert_eq!(read.as_str(), text);
        }
        let kind: LicenceKind = "11100000000013338W009".parse().unwrap();
        let issuer: Uscc = "11330105002500287C".parse().unwrap();
        let made = LicenceIdentity::new(&kind, &issuer, "2025052201", 2).unwrap();
        assert_eq!(made.as_str(), ISSUED[2]);
    }

    #[test]
    fn one_that_was_published_with_a_wrong_check_character_is_refused() {
        let text = "1.2.156.3005.2.11100000000013661B006.113700000045046442.\
                    209FA4E88F9E4C878F3E9BED2CE7EA49.001.M";
        assert_eq!(text.parse::<LicenceIdentity>(), Err(LicenceIdentityError::Check));
        let right = text.replace(".001.M", ".001.D");
        assert!(right.parse::<LicenceIdentity>().is_ok());
    }

    #[test]
    fn changing_any_one_character_is_found() {
        for text in ISSUED {
            for (place, was) in text.char_indices().skip(ROOT.len()) {
                for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".chars() {
                    if other != was && was != '.' {
                        let mut changed = text.to_owned();
                        changed.replace_range(place..=place, &other.to_string());
                        assert!(changed.parse::<LicenceIdentity>().is_err(), "{changed}");
                    }
                }
            }
        }
    }

    #[test]
    fn swapping_two_neighbours_is_found() {
        for text in ISSUED {
            let bytes = text.as_bytes();
            for place in ROOT.len()..bytes.len() - 1 {
                let (one, two) = (bytes[place], bytes[place + 1]);
                if one != two && one != b'.' && two != b'.' {
                    let mut changed = bytes.to_vec();
                    changed.swap(place, place + 1);
                    let changed = String::from_utf8(changed).unwrap();
                    assert!(changed.parse::<LicenceIdentity>().is_err(), "{changed}");
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_made_is_read_again(serial in "[0-9A-Z]{1,32}", version in 1_u16..1000) {
            let kind: LicenceKind = "11100000000013338W087".parse().unwrap();
            let issuer: Uscc = "11330105002500287C".parse().unwrap();
            let made = LicenceIdentity::new(&kind, &issuer, &serial, version).unwrap();
            proptest::prop_assert_eq!(made.as_str().parse::<LicenceIdentity>(), Ok(made.clone()));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,40}", own in "1\\.2\\.156\\.3005\\.2\\..{0,60}") {
            let _ = text.parse::<LicenceIdentity>();
            let _ = own.parse::<LicenceIdentity>();
        }
    }
}
