//! Checks that bytes are canonical: exactly one deterministic CBOR item.

/// Why bytes are not canonical; offsets count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// The bytes end inside an item.
    #[error("the bytes end too early")]
    Truncated,
    /// More bytes follow the item.
    #[error("bytes follow the item at {0}")]
    Trailing(usize),
    /// A length or number that could be written shorter.
    #[error("a number at {0} is not written in its shortest form")]
    NotShortest(usize),
    /// Indefinite lengths, maps, tags, floats: nothing a fact contains.
    #[error("the item at {0} is of a kind that facts do not contain")]
    Forbidden(usize),
    /// Text that is not UTF-8.
    #[error("the text at {0} is not UTF-8")]
    NotUtf8(usize),
    /// Nested deeper than any fact.
    #[error("nested too deeply at {0}")]
    TooDeep(usize),
}

/// Deeper than any fact of ours; protects the stack from hostile bytes.
const DEEPEST: usize = 32;

/// Checks that the bytes are one canonical item.
///
/// # Errors
/// With the offset of the first fault.
pub fn check(bytes: &[u8]) -> Result<(), NotCanonical> {
    let end = item(bytes, 0, 0)?;
    if end == bytes.len() { Ok(()) } else { Err(NotCanonical::Trailing(end)) }
}

/// Checks one item and gives the offset behind it.
fn item(bytes: &[u8], at: usize, depth: usize) -> Result<usize, NotCanonical> {
    const UNSIGNED: u8 = 0;
    const NEGATIVE: u8 = 1;
    const BYTES: u8 = 2;
    const TEXT: u8 = 3;
    const ARRAY: u8 = 4;
    const SIMPLE: u8 = 7;
    if depth > DEEPEST {
        return Err(NotCanonical::TooDeep(at));
    }
    let head = *bytes.get(at).ok_or(NotCanonical::Truncated)?;
    if head >> 5 == SIMPLE {
        // false, true and null; no floats, no undefined.
        return if matches!(head & 31, 20..=22) {
            Ok(at + 1)
        } else {
            Err(NotCanonical::Forbidden(at))
        };
    }
    let (value, behind) = argument(bytes, at, head & 31)?;
    match head >> 5 {
        UNSIGNED | NEGATIVE => Ok(behind),
        kind @ (BYTES | TEXT) => {
            let length = usize::try_from(value).map_err(|_| NotCanonical::Truncated)?;
            let end = behind.checked_add(length).ok_or(NotCanonical::Truncated)?;
            let content = bytes.get(behind..end).ok_or(NotCanonical::Truncated)?;
            if kind == TEXT && std::str::from_utf8(content).is_err() {
                return Err(NotCanonical::NotUtf8(at));
            }
            Ok(end)
        }
        ARRAY => (0..value).try_fold(behind, |at, _| item(bytes, at, depth + 1)),
        _ => Err(NotCanonical::Forbidden(at)),
    }
}

fn argument(bytes: &[u8], at: usize, short: u8) -> Result<(u64, usize), NotCanonical> {
    let width = match short {
        0..=23 => return Ok((u64::from(short), at + 1)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return Err(NotCanonical::Forbidden(at)),
    };
    let written = bytes.get(at + 1..at + 1 + width).ok_or(NotCanonical::Truncated)?;
    let value = written.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
    let smallest = match width {
        1 => 24,
        2 => 1 << 8,
        4 => 1 << 16,
        _ => 1 << 32,
    };
    if value < smallest {
        return Err(NotCanonical::NotShortest(at));
    }
    Ok((value, at + 1 + width))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Examples of RFC 8949, appendix A, that facts may contain.
    #[test]
    fn the_standards_examples_are_canonical() {
        let examples: [&[u8]; 9] = [
            &[0x00],
            &[0x17],
            &[0x18, 0x18],
            &[0x19, 0x03, 0xe8],
            &[0x20],
            &[0x44, 1, 2, 3, 4],
            &[0x64, b'I', b'E', b'T', b'F'],
            &[0x83, 1, 2, 3],
            &[0xf6],
        ];
        for example in examples {
            assert_eq!(check(example), Ok(()), "{example:02x?}");
        }
    }

    #[test]
    fn each_fault_is_named() {
        assert_eq!(check(&[0x18, 0x17]), Err(NotCanonical::NotShortest(0)));
        assert_eq!(check(&[0x9f, 1, 0xff]), Err(NotCanonical::Forbidden(0)));
        assert_eq!(check(&[0xa1, 1, 2]), Err(NotCanonical::Forbidden(0)));
        assert_eq!(check(&[0xf9, 0x3c, 0x00]), Err(NotCanonical::Forbidden(0)));
        assert_eq!(check(&[0x82, 1]), Err(NotCanonical::Truncated));
        assert_eq!(check(&[1, 2]), Err(NotCanonical::Trailing(1)));
        assert_eq!(check(&[0x61, 0xff]), Err(NotCanonical::NotUtf8(0)));
        assert_eq!(check(&[0x81; 100]), Err(NotCanonical::TooDeep(33)));
        assert_eq!(check(&[]), Err(NotCanonical::Truncated));
    }

    proptest::proptest! {
        #[test]
        fn what_the_encoder_writes_is_canonical(
            numbers: Vec<i64>, texts in proptest::collection::vec(".*", 0..5), flag: Option<bool>
        ) {
            let bytes = minicbor::to_vec((&numbers, &texts, flag)).unwrap();
            proptest::prop_assert_eq!(check(&bytes), Ok(()));
        }

        #[test]
        fn no_bytes_make_the_checker_panic(bytes: Vec<u8>) {
            let _ = check(&bytes);
        }
    }
}
