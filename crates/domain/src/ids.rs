//! Opaque ids. Each kind is its own type, so that a case id cannot be given where a
//! project id is meant.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

/// The text given is not an id of this system (26 letters and digits of Crockford's base 32).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: 26 letters and digits are expected")]
pub struct NotAnId;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn write_base32(bytes: [u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let value = u128::from_be_bytes(bytes);
    let mut text = [0u8; 26];
    for (place, letter) in text.iter_mut().enumerate() {
        let shift = 125 - 5 * place;
        *letter = ALPHABET[(value >> shift) as usize & 31];
    }
    f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
}

fn read_base32(text: &str) -> Result<[u8; 16], NotAnId> {
    let letters = text.as_bytes();
    if letters.len() != 26 || letters[0] > b'7' {
        return Err(NotAnId);
    }
    let mut value: u128 = 0;
    for letter in letters {
        let digit = ALPHABET.iter().position(|a| a == letter).ok_or(NotAnId)?;
        value = value << 5 | digit as u128;
    }
    Ok(value.to_be_bytes())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] #[cbor(with = "minicbor::bytes")] [u8; 16]);

        impl $name {
            /// Wraps sixteen bytes, usually a version 7 UUID.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The sixteen bytes, as they are stored.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_base32(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                read_base32(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// An account that can log in (账号).
    AccountId,
    /// One act: all facts it made carry this id.
    ActId,
    /// A joint application of one stage (并联申报).
    ApplicationId,
    /// One application for one item (办件).
    CaseId,
    /// A record about an owner's credit (信用记录).
    CreditRecordId,
    /// A department of one region (审批部门).
    DepartmentId,
    /// A notice, decision or licence that was made (文书、证照); who holds it checks it under this.
    DocumentId,
    /// A form being filled in, outside the journal.
    DraftId,
    /// An uploaded file, apart from its content (several uploads may share one content).
    FileId,
    /// A message to a person or an organisation.
    MessageId,
    /// A natural person; names and numbers live in the vault.
    PersonId,
    /// A construction project (工程建设项目); also the name of its stream.
    ProjectId,
    /// A text or value kept outside the journal, known to it by a salted digest.
    SealedId,
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn an_id_survives_being_written_and_read(bytes: [u8; 16]) {
            let id = CaseId::from_bytes(bytes);
            proptest::prop_assert_eq!(id.to_string().parse::<CaseId>(), Ok(id));
        }

        #[test]
        fn any_text_is_either_an_id_or_refused(text in ".*") {
            if let Ok(id) = text.parse::<ProjectId>() {
                proptest::prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
