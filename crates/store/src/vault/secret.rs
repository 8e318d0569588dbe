//! One key of the vault: SM4 in Galois/Counter mode (GB/T 32907-2016, GB/T 17964-2021) for what
//! is kept, HMAC with SM3 for what is looked for.

use aes_gcm::{
    AesGcm, KeyInit as _,
    aead::{Aead as _, Payload, consts::U12},
};
use hmac::{Hmac, Mac as _};
use sm3::Sm3;
use sm4::Sm4;

/// Bytes of a key: sixteen of SM4, 32 of the keyed digest.
pub(super) const KEY: usize = 48;
/// Bytes of a nonce; drawn for every cell.
pub(super) const NONCE: usize = 12;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// A key that is ready for use.
#[derive(Clone)]
pub(crate) struct Secret {
    cipher: Sm4Gcm,
    digest: Hmac<Sm3>,
}

impl Secret {
    /// A key from its bytes; any will do.
    pub(super) fn from_bytes(bytes: &[u8; KEY]) -> Option<Self> {
        let (cipher, digest) = bytes.split_at(16);
        Some(Self {
            cipher: Sm4Gcm::new_from_slice(cipher).ok()?,
            digest: Hmac::new_from_slice(digest).ok()?,
        })
    }

    /// Encrypts; none of a text of more than 64 GiB.
    pub(super) fn seal(&self, nonce: [u8; NONCE], place: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        self.cipher.encrypt(&nonce.into(), Payload { msg: text, aad: place }).ok()
    }

    /// Decrypts what was sealed for this very place.
    pub(super) fn open(&self, nonce: [u8; NONCE], place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.cipher.decrypt(&nonce.into(), Payload { msg: sealed, aad: place }).ok()
    }

    /// The keyed digest of what is looked for, so that equal texts are found and no text is told.
    pub(super) fn digest(&self, kind: &str, text: &str) -> [u8; 32] {
        let mut digest = self.digest.clone();
        for part in [kind.as_bytes(), b"\0", text.as_bytes()] {
            digest.update(part);
        }
        digest.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> = hex.bytes().filter(|it| it.is_ascii_hexdigit()).collect();
        digits
            .chunks(2)
            .map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
            .collect()
    }

    /// RFC 8998, appendix A.1.
    #[test]
    fn the_published_vector_of_sm4_gcm() {
        let mut key = [0; KEY];
        key[..16].copy_from_slice(&bytes("0123456789ABCDEFFEDCBA9876543210"));
        let secret = Secret::from_bytes(&key).unwrap();
        let nonce = bytes("00001234567800000000ABCD").try_into().unwrap();
        let place = bytes("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
        let text = bytes(
            "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD\
             EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA",
        );
        let sealed = bytes(
            "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735\
             D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D\
             83DE3541E4C2B58177E065A9BF7B62EC",
        );
        assert_eq!(secret.seal(nonce, &place, &text).unwrap(), sealed);
        assert_eq!(secret.open(nonce, &place, &sealed).unwrap(), text);
        assert_eq!(secret.open(nonce, b"another place", &sealed), None);
    }

    #[test]
    fn a_digest_depends_on_key_kind_and_text() {
        let (one, other) =
            (Secret::from_bytes(&[1; KEY]).unwrap(), Secret::from_bytes(&[2; KEY]).unwrap());
        let digest = one.digest("phone", "13800001234");
        assert_eq!(digest, one.digest("phone", "13800001234"));
        assert_ne!(digest, one.digest("phone", "13800001235"));
        assert_ne!(digest, one.digest("identity", "13800001234"));
        assert_ne!(digest, other.digest("phone", "13800001234"));
    }
}
