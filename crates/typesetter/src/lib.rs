//! Sets certificates and notices as PDF/A and OFD: a [`tongban_documents::Sheet`] of words in, the bytes of two files out.
//! The same sheet and fonts give the same bytes. Knows none of the other crates, and is a program
//! of its own, because Typst is heavier than everything else here together.

mod fonts;
mod ofd;
mod press;

pub use fonts::Fonts;
pub use press::{Press, SettingError};
