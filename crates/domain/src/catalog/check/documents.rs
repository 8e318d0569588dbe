//! Every kind of document has a wording for all items; what wordings name exists.

use super::Checker;
use crate::{
    catalog::LawReference,
    document::{DocumentKind, Layout},
};

impl Checker<'_> {
    pub(super) fn documents(&mut self) {
        let forms = &self.catalog.documents;
        if forms.is_empty() {
            return;
        }
        for kind in DocumentKind::ALL {
            if !forms.iter().any(|form| form.kind == kind && form.item.is_none()) {
                let message = format!("there is no wording of {} for all items", kind.key());
                self.problem("document", kind.key(), message);
            }
        }
        for (place, form) in forms.iter().enumerate() {
            let key = form.item.clone().unwrap_or_else(|| form.kind.key().to_owned());
            let twice =
                forms[..place].iter().any(|it| (it.kind, &it.item) == (form.kind, &form.item));
            if twice {
                self.problem("document", &key, format!("{key} has two wordings"));
            }
            if let Some(code) = &form.item {
                self.named_item("document", code);
            }
            if form.licence.is_some() && (form.kind != DocumentKind::Grant || form.item.is_none()) {
                let message = "only the result of an item is a licence".to_owned();
                self.problem("document", &key, message);
            }
            if form.layout == Layout::Licence && form.licence.is_none() {
                let message = format!("{key} looks like a licence, but of which kind is it?");
                self.problem("document", &key, message);
            }
            for field in form.wordings().flat_map(|wording| wording.fields()) {
                if self.catalog.field(field).is_none() {
                    self.problem("document", &key, format!("there is no field {field}"));
                }
            }
            if !form.basis.is_empty() {
                let Ok(reference) = form.basis.parse::<LawReference>();
                self.laws("document", &key, &[reference]);
            }
        }
    }
}
