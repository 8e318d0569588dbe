//! Keys and signatures. Signing sits behind [`Signer`], so that a certified module (密码机、密码卡)
//! can take the place of the keys in a file; verifying needs no secret and stays here.

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::Signer as _;
use sm2::dsa::signature::Verifier as _;

use crate::{
    checkpoint::Origin,
    tree::{NodeHash, hash},
};

/// The identity with which SM2 is used unless agreed otherwise (GM/T 0009).
const IDENTITY: &str = "1234567812345678";

/// What a signature of SM2 is called where the notes of C2SP have no number for it.
const SM2_NAME: &[u8] = b"SM2-SM3";

/// A way of signing. Both give 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// SM2 with SM3 (GB/T 32918.2).
    Sm2,
}

/// A public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey {
    /// 32 bytes.
    Ed25519([u8; 32]),
    /// 0x04 ‖ x ‖ y.
    Sm2([u8; 65]),
}

impl PublicKey {
    /// Which algorithm it is for.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// Kind and key, as notes write them.
    fn described(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => [&[1], key.as_slice()].concat(),
            Self::Sm2(key) => [&[0xff], SM2_NAME, key].concat(),
        }
    }

    /// The four bytes that name the key beside a signature.
    #[must_use]
    pub fn id(&self, origin: &Origin) -> [u8; 4] {
        let digest: NodeHash =
            hash::<sha2::Sha256>(&[origin.to_string().as_bytes(), b"\n", &self.described()]);
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// Whether the holder of the key signed this.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        match self {
            Self::Ed25519(key) => {
                let signature = ed25519_dalek::Signature::from_bytes(signature);
                ed25519_dalek::VerifyingKey::from_bytes(key)
                    .is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
            }
            Self::Sm2(key) => {
                let key = sm2::dsa::VerifyingKey::from_sec1_bytes(IDENTITY, key);
                let signature = sm2::dsa::Signature::from_slice(signature);
                matches!((key, signature), (Ok(key), Ok(signature))
                    if key.verify(message, &signature).is_ok())
            }
        }
    }

    fn line(&self, origin: &Origin) -> String {
        let id: String = self.id(origin).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{origin}+{id}+{}\n", Base64::encode_string(&self.described()))
    }

    fn from_described(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (1, key) => Some(Self::Ed25519(key.try_into().ok()?)),
            (0xff, rest) => Some(Self::Sm2(rest.strip_prefix(SM2_NAME)?.try_into().ok()?)),
            _ => None,
        }
    }
}

/// The public keys of a node in one epoch: what somebody needs who checks receipts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeys {
    /// Whose.
    pub origin: Origin,
    /// For Ed25519.
    pub ed25519: PublicKey,
    /// For SM2.
    pub sm2: PublicKey,
}

/// A text does not hold the public keys of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these are not the two public keys of a node")]
pub struct KeyError;

impl std::fmt::Display for PublicKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.ed25519.line(&self.origin))?;
        f.write_str(&self.sm2.line(&self.origin))
    }
}

impl std::str::FromStr for PublicKeys {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut lines = text.lines().map(|line| {
            let (origin, rest) = line.split_once('+')?;
            let (_, key) = rest.split_once('+')?;
            let key = PublicKey::from_described(&Base64::decode_vec(key).ok()?)?;
            Some((origin.parse::<Origin>().ok()?, key))
        });
        let mut next = || lines.next().flatten().ok_or(KeyError);
        let ((origin, ed25519), (_, sm2)) = (next()?, next()?);
        let keys = Self { origin, ed25519, sm2 };
        // Everything that is written in another way, or a key in the other's place, differs here.
        let kinds = (ed25519.algorithm(), sm2.algorithm());
        let right = kinds == (Algorithm::Ed25519, Algorithm::Sm2) && keys.to_string() == text;
        if right { Ok(keys) } else { Err(KeyError) }
    }
}

/// The holder of a secret key could not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the key could not sign: {0}")]
pub struct SigningFailed(pub String);

/// Holds a secret key (密码模块).
pub trait Signer: Send + Sync {
    /// The public key.
    fn public(&self) -> PublicKey;

    /// Signs.
    ///
    /// # Errors
    /// When the module cannot, for want of power, permission or randomness.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SigningFailed>;
}

impl Signer for ed25519_dalek::SigningKey {
    fn public(&self) -> PublicKey {
        PublicKey::Ed25519(self.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SigningFailed> {
        let signed = self.try_sign(message).map_err(|error| SigningFailed(error.to_string()))?;
        Ok(signed.to_bytes())
    }
}

impl Signer for sm2::dsa::SigningKey {
    fn public(&self) -> PublicKey {
        let bytes = self.verifying_key().to_sec1_bytes();
        let mut key = [0; 65];
        // An uncompressed point has 65 bytes.
        key.copy_from_slice(&bytes);
        PublicKey::Sm2(key)
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SigningFailed> {
        let signed = self.try_sign(message).map_err(|error| SigningFailed(error.to_string()))?;
        Ok(signed.to_bytes().into())
    }
}

/// A seal held in memory, from 32 random bytes: signs with SM2.
///
/// # Errors
/// When the bytes are no secret key of SM2: nearly never, draw again.
pub fn seal_signer(secret: &[u8; 32]) -> Result<Box<dyn Signer>, SigningFailed> {
    let key = sm2::dsa::SigningKey::from_slice(IDENTITY, secret)
        .map_err(|error| SigningFailed(error.to_string()))?;
    Ok(Box::new(key))
}

/// The two keys with which a node signs.
pub struct NodeKeys {
    /// Ed25519.
    pub ed25519: Box<dyn Signer>,
    /// SM2.
    pub sm2: Box<dyn Signer>,
}

impl NodeKeys {
    /// Length of the secret from which software keys are made.
    pub const SECRET: usize = 64;

    /// Keys held in memory, from 64 random bytes.
    ///
    /// # Errors
    /// When the second half is no secret key of SM2: nearly never, draw again.
    pub fn from_secret(secret: &[u8; Self::SECRET]) -> Result<Self, SigningFailed> {
        let (first, second) = secret.split_at(32);
        let first: &[u8; 32] =
            first.try_into().map_err(|_| SigningFailed("32 bytes".to_owned()))?;
        let sm2 = sm2::dsa::SigningKey::from_slice(IDENTITY, second)
            .map_err(|error| SigningFailed(error.to_string()))?;
        let ed25519 = ed25519_dalek::SigningKey::from_bytes(first);
        Ok(Self { ed25519: Box::new(ed25519), sm2: Box::new(sm2) })
    }

    /// What others need to check.
    #[must_use]
    pub fn public(&self, origin: Origin) -> PublicKeys {
        PublicKeys { origin, ed25519: self.ed25519.public(), sm2: self.sm2.public() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let pair = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap_or(0);
        (0..hex.len()).step_by(2).map(pair).collect()
    }

    fn array<const N: usize>(hex: &str) -> [u8; N] {
        bytes(hex).try_into().unwrap_or([0; N])
    }

    /// The signature that GB/T 32918.5 works out.
    #[test]
    fn the_signature_of_the_standard_verifies() {
        let secret = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
        let key = PublicKey::Sm2(array(
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
             ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13",
        ));
        let signature: [u8; 64] = array(
            "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
             b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
        );
        assert!(key.verifies(b"message digest", &signature));
        assert!(!key.verifies(b"message digest.", &signature));
        let signer = sm2::dsa::SigningKey::from_slice(IDENTITY, &bytes(secret));
        let signer = signer.unwrap_or_else(|_| panic!("the key of the standard"));
        assert_eq!(signer.public(), key);
        let own = Signer::sign(&signer, b"message digest");
        assert!(own.is_ok_and(|own| key.verifies(b"message digest", &own)));
    }

    /// RFC 8032 §7.1, test 2.
    #[test]
    fn the_signature_of_the_rfc_is_made_and_verifies() {
        let secret = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
        let key = PublicKey::Ed25519(array(
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        ));
        let signature: [u8; 64] = array(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
        let signer = ed25519_dalek::SigningKey::from_bytes(&array(secret));
        assert_eq!(signer.public(), key);
        assert_eq!(Signer::sign(&signer, &[0x72]), Ok(signature));
        assert!(key.verifies(&[0x72], &signature) && !key.verifies(&[0x73], &signature));
    }

    #[test]
    fn public_keys_are_read_back_and_nothing_else_is() {
        let keys = NodeKeys::from_secret(&[7; 64]).unwrap_or_else(|error| panic!("{error}"));
        let text = keys.public(Origin { node: 320_500, epoch: 1 }).to_string();
        assert_eq!(text.parse::<PublicKeys>().map(|keys| keys.to_string()), Ok(text.clone()));
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] ^= 1;
            let read = String::from_utf8(other).ok().map(|other| other.parse::<PublicKeys>());
            assert!(!matches!(read, Some(Ok(_))), "byte {at}");
        }
    }
}
