//! PDF: names of actions, where the dictionaries are. Dictionaries stand between streams, or
//! packed in object streams; what is drawn is not looked at.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use crate::{Activity, Danger};

/// Most bytes that object streams are unpacked to, all together.
const UNPACKED: u64 = 64 << 20;

/// Names of the dictionaries that do something, as they are written without tricks.
const ACTIVE: [(&[u8], Activity); 9] = [
    (b"JavaScript", Activity::Script),
    (b"JS", Activity::Script),
    (b"Launch", Activity::Launch),
    (b"EmbeddedFile", Activity::Attachment),
    (b"EmbeddedFiles", Activity::Attachment),
    (b"RichMedia", Activity::Media),
    (b"Movie", Activity::Media),
    (b"Sound", Activity::Media),
    (b"XFA", Activity::DynamicForm),
];

pub(crate) fn inspect(content: &[u8]) -> Result<(), Danger> {
    let mut left = UNPACKED;
    let mut rest = content;
    loop {
        let (dictionaries, stream) = until_stream(rest);
        look(dictionaries)?;
        let Some(stream) = stream else { break };
        let (data, after) = until_end(stream);
        // The dictionary right before the stream says what the stream is.
        let from = dictionaries.len().saturating_sub(2048);
        if is_object_stream(&dictionaries[from..]) {
            let mut unpacked = Vec::new();
            // A damaged one is read as far as it goes, as readers do.
            let _ = ZlibDecoder::new(data).take(left).read_to_end(&mut unpacked);
            left = left.saturating_sub(unpacked.len() as u64);
            if left == 0 {
                return Err(Danger::TooMuchInside(UNPACKED >> 20));
            }
            look(&unpacked)?;
        }
        rest = after;
    }
    // After its end nothing follows but white space and, in drafts, a few words.
    let end = content.windows(5).rposition(|part| part == b"%%EOF");
    let trailing = end.map_or(&[][..], |end| &content[end + 5..]);
    if trailing.windows(4).any(|part| part == b"PK\x03\x04") {
        return Err(Danger::TwoInOne);
    }
    Ok(())
}

/// What stands before the next stream, and the stream with everything after it.
fn until_stream(rest: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut from = 0;
    while let Some(at) = find(&rest[from..], b"stream") {
        let at = from + at;
        let after = &rest[at + 6..];
        let begins = after.starts_with(b"\n") || after.starts_with(b"\r\n");
        if begins && !rest[..at].ends_with(b"end") {
            let head = if after.starts_with(b"\n") { 1 } else { 2 };
            return (&rest[..at], Some(&after[head..]));
        }
        from = at + 6;
    }
    (rest, None)
}

/// The bytes of a stream, and what stands after it.
fn until_end(stream: &[u8]) -> (&[u8], &[u8]) {
    match find(stream, b"endstream") {
        Some(at) => (&stream[..at], &stream[at + 9..]),
        None => (stream, &[]),
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|part| part == what)
}

fn is_object_stream(dictionary: &[u8]) -> bool {
    names(dictionary).any(|name| name == b"ObjStm")
}

fn look(dictionaries: &[u8]) -> Result<(), Danger> {
    for name in names(dictionaries) {
        if name == b"Encrypt" {
            return Err(Danger::EncryptedPdf);
        }
        if let Some((_, what)) = ACTIVE.iter().find(|(active, _)| *active == name) {
            return Err(Danger::Active(*what));
        }
    }
    Ok(())
}

/// The names in a piece of PDF, with their escapes undone: `/J#61vaScript` is `JavaScript`.
fn names(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    bytes.split(|byte| *byte == b'/').skip(1).map(|rest| {
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\0()<>[]{}/%".contains(byte);
        let end = rest.iter().position(ends).unwrap_or(rest.len());
        unescaped(&rest[..end])
    })
}

fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut at = 0;
    while at < name.len() {
        let digits = name.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if name[at] == b'#' => {
                plain.push(byte);
                at += 3;
            }
            Some(_) | None => {
                plain.push(name[at]);
                at += 1;
            }
        }
    }
    plain
}
