//! Pictures: how large they say they are.

use crate::Danger;

/// Most pixels, in millions.
const MILLIONS: u64 = 200;

fn check(width: u64, height: u64) -> Result<(), Danger> {
    if width.saturating_mul(height) > MILLIONS * 1_000_000 {
        return Err(Danger::TooManyPixels(MILLIONS));
    }
    Ok(())
}

/// The first chunk of a PNG is IHDR with width and height.
pub(crate) fn inspect_png(content: &[u8]) -> Result<(), Danger> {
    let number = |at: usize| -> Option<u64> {
        let bytes: [u8; 4] = content.get(at..at + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_be_bytes(bytes)))
    };
    if content.get(12..16) != Some(b"IHDR") {
        return Err(Danger::OtherContent);
    }
    match (number(16), number(20)) {
        (Some(width), Some(height)) => check(width, height),
        (None, _) | (_, None) => Err(Danger::OtherContent),
    }
}

/// Every frame of a JPEG begins with a segment that holds its height and width.
pub(crate) fn inspect_jpg(content: &[u8]) -> Result<(), Danger> {
    let mut at = 2;
    while let Some([0xff, marker]) = content.get(at..at + 2) {
        // What is drawn begins here; nothing about size follows.
        if *marker == 0xda || *marker == 0xd9 {
            break;
        }
        // A filler, or a marker that stands alone.
        if *marker == 0xff || matches!(*marker, 0x01 | 0xd0..=0xd7) {
            at += if *marker == 0xff { 1 } else { 2 };
            continue;
        }
        let Some([high, low]) = content.get(at + 2..at + 4) else { break };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let is_frame = matches!(*marker, 0xc0..=0xcf) && !matches!(*marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame && let Some([a, b, c, d]) = content.get(at + 5..at + 9) {
            let (height, width) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
            check(u64::from(width), u64::from(height))?;
        }
        at += 2 + length.max(2);
    }
    Ok(())
}
