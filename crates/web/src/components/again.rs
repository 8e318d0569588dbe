//! A page with several small forms, given back because one of them had faults: with what was
//! typed into that form, and what is wrong with it.

use std::fmt;

use super::{Escaped, FaultSummary, field_id, icon};
use crate::forms::{Faults, Typed};

/// What to show again; by default nothing was typed yet. Fields are named `act/field`, so that
/// forms of one page may share names.
#[derive(Default)]
pub(crate) struct Again {
    act: String,
    typed: Typed,
    faults: Faults,
}

impl Again {
    pub(crate) fn new(act: &str, typed: Typed, found: &Faults) -> Self {
        let mut faults = Faults::default();
        for (field, sentence) in found.iter() {
            faults.add(&format!("{act}/{field}"), sentence);
        }
        Self { act: act.to_owned(), typed, faults }
    }

    /// Whether a form comes back.
    pub(crate) fn is_faulty(&self) -> bool {
        !self.faults.is_empty()
    }

    pub(crate) fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }

    /// Whether this form is the one that came back.
    pub(crate) fn on(&self, act: &str) -> bool {
        self.act == act
    }

    /// What was typed into a field, or else its default.
    pub(crate) fn text<'a>(&'a self, act: &str, field: &str, default: &'a str) -> &'a str {
        if self.on(act) && self.typed.has(field) { self.typed.get(field) } else { default }
    }

    /// Whether an option was chosen, or else whether it is by default.
    pub(crate) fn chosen(&self, act: &str, field: &str, option: &str, default: bool) -> bool {
        if self.on(act) { self.typed.all(field).any(|value| value == option) } else { default }
    }

    /// Attributes of the input: its address in the summary, and its fault when there is one.
    pub(crate) fn input(&self, act: &str, field: &str) -> Marked {
        let name = format!("{act}/{field}");
        Marked { faulty: !self.faults.of(&name).is_empty(), id: field_id(&name) }
    }

    /// The fault below the input.
    pub(crate) fn fault<'a>(&'a self, act: &str, field: &str) -> FieldFault<'a> {
        let name = format!("{act}/{field}");
        FieldFault { sentence: self.faults.of(&name), id: field_id(&name) }
    }
}

/// `id`, and when the field is faulty what readers need to find out why.
pub(crate) struct Marked {
    pub(crate) id: String,
    faulty: bool,
}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "id=\"{}\"", self.id)?;
        if self.faulty {
            write!(f, " aria-invalid=\"true\" aria-describedby=\"{}-e\"", self.id)?;
        }
        Ok(())
    }
}

impl askama::filters::HtmlSafe for Marked {}

/// What is wrong, below the field; nothing when it is good.
pub(crate) struct FieldFault<'a> {
    id: String,
    sentence: &'a str,
}

impl fmt::Display for FieldFault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sentence.is_empty() {
            return Ok(());
        }
        let (id, mark, sentence) = (&self.id, icon("exclamation"), Escaped(self.sentence));
        write!(f, "<p class=\"field-error\" id=\"{id}-e\">{mark}<span>{sentence}</span></p>")
    }
}

impl askama::filters::HtmlSafe for FieldFault<'_> {}
