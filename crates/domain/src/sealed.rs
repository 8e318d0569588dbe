//! Values the journal knows only by a salted digest.
//!
//! Personal data and free text may have to be corrected or erased, the journal never. So a
//! fact carries an opaque id and SM3(salt ‖ value); value and salt lie in the vault.

use minicbor::{Decode, Encode};
use sm3::Digest as _;

use crate::ids::SealedId;

/// A value outside the journal, as a fact carries it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Sealed {
    /// Where the vault keeps the value.
    #[n(0)]
    pub id: SealedId,
    /// SM3 over the sixteen bytes of salt and the UTF-8 bytes of the value.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub digest: [u8; 32],
}

/// What the vault stores for one [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedValue {
    /// The id the facts carry.
    pub id: SealedId,
    /// Sixteen random bytes; without them the digest says nothing about the value.
    pub salt: [u8; 16],
    /// The value itself.
    pub value: String,
}

impl SealedValue {
    /// The part that goes into the fact.
    #[must_use]
    pub fn seal(&self) -> Sealed {
        let digest = sm3::Sm3::new().chain_update(self.salt).chain_update(&self.value).finalize();
        Sealed { id: self.id, digest: digest.into() }
    }

    /// Whether this is the value that the fact was made with.
    #[must_use]
    pub fn opens(&self, sealed: &Sealed) -> bool {
        self.seal() == *sealed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_value_and_salt_open_a_seal() {
        let id = SealedId::from_bytes([7; 16]);
        let value = SealedValue { id, salt: [1; 16], value: "同意".to_owned() };
        let sealed = value.seal();
        assert!(value.opens(&sealed));
        assert!(!SealedValue { value: "不同意".to_owned(), ..value.clone() }.opens(&sealed));
        assert!(!SealedValue { salt: [2; 16], ..value }.opens(&sealed));
    }
}
