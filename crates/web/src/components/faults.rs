//! The summary of faults on top of a form, each linked to its field.

use std::fmt;

use super::{Escaped, field::field_id};
use crate::forms::Faults;

/// The summary; nothing when there are no faults.
pub(crate) struct FaultSummary<'a>(pub(crate) &'a Faults);

impl fmt::Display for FaultSummary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(
            f,
            "<div class=\"error-summary\" role=\"alert\" aria-labelledby=\"faults-t\" tabindex=\"-1\"><h2 id=\"faults-t\">有 {} 处需要改正</h2><ul>",
            self.0.len()
        )?;
        for (field, sentence) in self.0.iter() {
            write!(f, "<li><a href=\"#{}\">{}</a></li>", field_id(field), Escaped(sentence))?;
        }
        f.write_str("</ul></div>")
    }
}

impl askama::filters::HtmlSafe for FaultSummary<'_> {}
