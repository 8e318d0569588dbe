//! A form field: label, help, fault and control, tied together for readers.

use std::fmt;

use tongban_domain::{
    catalog::{Choice, Field, FieldType},
    project::ValueError,
};

use super::{Escaped, Icon};
use crate::forms::{Faults, Typed};

/// The control of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Control {
    /// One line.
    Line,
    /// A number or date or other typed line.
    Typed(&'static str, &'static str),
    /// Several lines.
    Lines(u8),
    /// A list to choose from.
    Select(Vec<Choice>),
    /// Few options, all shown.
    Radios(Vec<Choice>),
}

/// A field on a page.
#[derive(Debug, Clone)]
pub(crate) struct FormField {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) fault: String,
    pub(crate) value: String,
    pub(crate) unit: String,
    pub(crate) required: bool,
    pub(crate) control: Control,
    pub(crate) autocomplete: &'static str,
}

impl FormField {
    /// A field of the dictionary with what was typed and what is wrong with it.
    pub(crate) fn of(field: &Field, name: &str, value: &str, fault: &str) -> Self {
        let control = match &field.kind {
            FieldType::Text | FieldType::Uscc | FieldType::ResidentId => Control::Line,
            FieldType::LongText => Control::Lines(4),
            FieldType::Money
            | FieldType::Area
            | FieldType::Number
            | FieldType::Longitude
            | FieldType::Latitude => Control::Typed("text", "decimal"),
            FieldType::Date => Control::Typed("date", ""),
            FieldType::Phone => Control::Typed("tel", "tel"),
            FieldType::PersonName => Control::Line,
            FieldType::Choice(options) if options.len() <= 3 => Control::Radios(options.clone()),
            FieldType::Choice(options) => Control::Select(options.clone()),
            FieldType::YesNo => Control::Radios(
                [("yes", "是"), ("no", "否")]
                    .map(|(key, label)| Choice::new(key.to_owned(), label.to_owned()))
                    .to_vec(),
            ),
            FieldType::Division => Control::Line,
        };
        Self {
            name: name.to_owned(),
            label: field.label.clone(),
            hint: field.help.clone(),
            fault: fault.to_owned(),
            value: value.to_owned(),
            unit: field.unit.clone(),
            required: field.required,
            control,
            autocomplete: "off",
        }
    }

    /// A field that only this page has.
    pub(crate) fn own(name: &str, label: &str, control: Control) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            fault: String::new(),
            value: String::new(),
            unit: String::new(),
            required: true,
            control,
            autocomplete: "off",
        }
    }

    pub(crate) fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    pub(crate) fn value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    pub(crate) fn fault(mut self, fault: &str) -> Self {
        fault.clone_into(&mut self.fault);
        self
    }

    /// As it was typed, with what is wrong with it.
    pub(crate) fn again(self, typed: &Typed, faults: &Faults) -> Self {
        let name = self.name.clone();
        self.value(typed.get(&name)).fault(faults.of(&name))
    }

    pub(crate) fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// The id of the control: names may hold colons and dots, ids of ours do not.
    pub(crate) fn id(&self) -> String {
        field_id(&self.name)
    }

    fn write_hint(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.id();
        if !self.hint.is_empty() {
            write!(f, "<p class=\"field-hint\" id=\"{id}-h\">{}</p>", Escaped(&self.hint))?;
        }
        if !self.fault.is_empty() {
            write!(
                f,
                "<p class=\"field-error\" id=\"{id}-e\">{}<span>{}</span></p>",
                Icon("exclamation"),
                Escaped(&self.fault)
            )?;
        }
        Ok(())
    }

    fn described(&self) -> String {
        let id = self.id();
        let mut by = Vec::new();
        if !self.hint.is_empty() {
            by.push(format!("{id}-h"));
        }
        if !self.fault.is_empty() {
            by.push(format!("{id}-e"));
        }
        let invalid = if self.fault.is_empty() { "" } else { " aria-invalid=\"true\"" };
        if by.is_empty() {
            invalid.to_owned()
        } else {
            format!(" aria-describedby=\"{}\"{invalid}", by.join(" "))
        }
    }

    fn label_html(&self) -> String {
        let optional =
            if self.required { "" } else { " <span class=\"optional\">（选填）</span>" };
        format!("{}{optional}", Escaped(&self.label))
    }

    fn write_control(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, name, described) = (self.id(), Escaped(&self.name), self.described());
        let value = Escaped(&self.value);
        match &self.control {
            Control::Lines(rows) => write!(
                f,
                "<textarea class=\"textarea\" id=\"{id}\" name=\"{name}\" rows=\"{rows}\"{described}>{value}</textarea>"
            ),
            Control::Select(options) => {
                write!(f, "<select class=\"select\" id=\"{id}\" name=\"{name}\"{described}>")?;
                write!(f, "<option value=\"\">请选择</option>")?;
                for option in options {
                    let selected = if option.key == self.value { " selected" } else { "" };
                    write!(
                        f,
                        "<option value=\"{}\"{selected}>{}</option>",
                        Escaped(&option.key),
                        Escaped(&option.label)
                    )?;
                }
                f.write_str("</select>")
            }
            Control::Line | Control::Typed(..) => {
                let (kind, mode) = match self.control {
                    Control::Typed(kind, mode) => (kind, mode),
                    _ => ("text", ""),
                };
                let mode =
                    if mode.is_empty() { String::new() } else { format!(" inputmode=\"{mode}\"") };
                let input = format!(
                    "<input class=\"input\" id=\"{id}\" name=\"{name}\" type=\"{kind}\" value=\"{value}\"{mode} autocomplete=\"{}\"{described}>",
                    self.autocomplete
                );
                if self.unit.is_empty() {
                    f.write_str(&input)
                } else {
                    write!(
                        f,
                        "<div class=\"with-unit\">{input}<span>{}</span></div>",
                        Escaped(&self.unit)
                    )
                }
            }
            Control::Radios(_) => Ok(()),
        }
    }

    fn write_radios(&self, f: &mut fmt::Formatter<'_>, options: &[Choice]) -> fmt::Result {
        let id = self.id();
        let invalid = if self.fault.is_empty() { "" } else { " data-invalid" };
        write!(
            f,
            "<fieldset class=\"field\" id=\"{id}\"{invalid}{}><legend class=\"field-label\">{}</legend>",
            self.described(),
            self.label_html()
        )?;
        self.write_hint(f)?;
        f.write_str("<div class=\"choices-inline\">")?;
        for (place, option) in options.iter().enumerate() {
            let checked = if option.key == self.value { " checked" } else { "" };
            write!(
                f,
                "<div class=\"choice\"><input type=\"radio\" id=\"{id}-{place}\" name=\"{}\" value=\"{}\"{checked}><label for=\"{id}-{place}\">{}</label></div>",
                Escaped(&self.name),
                Escaped(&option.key),
                Escaped(&option.label)
            )?;
        }
        f.write_str("</div></fieldset>")
    }
}

/// The id of the control with this name.
pub(crate) fn field_id(name: &str) -> String {
    let clean: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("f-{clean}")
}

impl fmt::Display for FormField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Control::Radios(options) = &self.control {
            return self.write_radios(f, options);
        }
        let invalid = if self.fault.is_empty() { "" } else { " data-invalid" };
        write!(
            f,
            "<div class=\"field\"{invalid}><label for=\"{}\">{}</label>",
            self.id(),
            self.label_html()
        )?;
        self.write_hint(f)?;
        self.write_control(f)?;
        f.write_str("</div>")
    }
}

impl askama::filters::HtmlSafe for FormField {}

/// The fault of a typed value as a sentence.
pub(crate) fn value_fault(field: &Field, error: &ValueError) -> String {
    let chosen =
        matches!(field.kind, FieldType::Choice(_) | FieldType::YesNo | FieldType::Division);
    if chosen && *error == ValueError::Missing {
        return format!("请选择{}", field.label);
    }
    crate::words::value_error(&field.label, error)
}
