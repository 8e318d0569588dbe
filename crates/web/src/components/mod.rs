//! Pieces of HTML that many pages show, written once. Each escapes what it is given.

mod again;
mod chip;
mod clock;
mod faults;
mod field;
mod phone;
mod turn;

use std::fmt;

pub(crate) use again::Again;
pub(crate) use chip::{Chip, ItemState};
pub(crate) use clock::ClockMark;
pub(crate) use faults::FaultSummary;
pub(crate) use field::{Control, FormField, field_id, value_fault};
pub(crate) use phone::phone_picture;
pub(crate) use turn::Turn;

/// An icon of the sprite; always beside words, so hidden from readers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Icon(pub(crate) &'static str);

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"/assets/sprite.svg#{}\"></use></svg>",
            self.0
        )
    }
}

impl askama::filters::HtmlSafe for Icon {}

/// An icon by name, for templates.
pub(crate) const fn icon(name: &'static str) -> Icon {
    Icon(name)
}

/// Text made safe for HTML.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => write!(f, "{other}")?,
            }
        }
        Ok(())
    }
}
