//! One-time passwords by the clock (动态口令), as phone apps make them: RFC 6238 with SHA-1, thirty
//! seconds, six digits, which is what all of them understand.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use tongban_domain::time::Instant;

/// Seconds of a step.
const STEP: i64 = 30;
/// Letters of base 32 (RFC 4648).
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What node and phone share: 160 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeSecret([u8; 20]);

impl OneTimeSecret {
    pub(crate) const fn from_bytes(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// As it is typed into a phone: 32 letters and digits.
    #[must_use]
    pub fn to_text(&self) -> String {
        let bit = |at: usize| (self.0[at / 8] >> (7 - at % 8)) & 1;
        let letter = |from: usize| (from..from + 5).fold(0, |all, at| all << 1 | bit(at));
        (0..160).step_by(5).map(|from| char::from(LETTERS[usize::from(letter(from))])).collect()
    }

    /// Reads it; white space does not matter.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut bits = Vec::with_capacity(160);
        for letter in text.bytes().filter(|it| !it.is_ascii_whitespace()) {
            let value = LETTERS.iter().position(|it| *it == letter.to_ascii_uppercase())?;
            bits.extend((0..5).rev().map(|place| (value >> place & 1) as u8));
        }
        let bytes = bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit));
        let bytes: Vec<u8> = bytes.collect();
        (bits.len() == 160).then_some(())?;
        bytes.try_into().ok().map(Self)
    }

    /// The address that a phone reads from a picture.
    #[must_use]
    pub fn address(&self, issuer: &str, login: &str) -> String {
        let plain = |text: &str| -> String {
            let part = |byte: u8| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                    char::from(byte).to_string()
                }
                other => format!("%{other:02X}"),
            };
            text.bytes().map(part).collect()
        };
        let (issuer, login, secret) = (plain(issuer), plain(login), self.to_text());
        format!("otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}")
    }

    /// The step of the clock whose password this is: of now, or one before or after, since the
    /// clocks of phones differ.
    pub(crate) fn step_of(&self, code: &str, now: Instant) -> Option<i64> {
        let now = now.0.div_euclid(1_000_000 * STEP);
        // All three are worked out, so that time tells nothing.
        let found: Vec<i64> =
            (now - 1..=now + 1).filter(|step| self.password(*step) == code).collect();
        found.last().copied()
    }

    /// The password of a moment: what the phone shows.
    #[must_use]
    pub fn password_at(&self, now: Instant) -> String {
        self.password(now.0.div_euclid(1_000_000 * STEP))
    }

    fn password(&self, step: i64) -> String {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else { return String::new() };
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let from = usize::from(digest[19] & 0xf);
        let four = [digest[from] & 0x7f, digest[from + 1], digest[from + 2], digest[from + 3]];
        format!("{:06}", u32::from_be_bytes(four) % 1_000_000)
    }
}

impl std::fmt::Debug for OneTimeSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OneTimeSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn the_published_vectors() {
        let secret = OneTimeSecret(*b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.password_at(Instant(seconds * 1_000_000)), code, "at {seconds}");
        }
    }

    #[test]
    fn a_secret_is_read_as_it_was_written() {
        let secret = OneTimeSecret(*b"12345678901234567890");
        assert_eq!(secret.to_text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let typed = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq";
        assert_eq!(OneTimeSecret::from_text(typed), Some(secret));
        for bad in ["", "GEZDGNBV", "1EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "密"] {
            assert_eq!(OneTimeSecret::from_text(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_step_before_and_after_count_and_no_other() {
        let secret = OneTimeSecret(*b"12345678901234567890");
        let now = Instant(1_234_567_890 * 1_000_000);
        let at = |steps: i64| secret.password_at(now.plus_seconds(steps * STEP));
        let step = 1_234_567_890 / STEP;
        assert_eq!(secret.step_of(&at(0), now), Some(step));
        assert_eq!(secret.step_of(&at(-1), now), Some(step - 1));
        assert_eq!(secret.step_of(&at(1), now), Some(step + 1));
        assert_eq!(secret.step_of(&at(2), now), None);
        assert_eq!(secret.step_of("", now), None);
    }
}
