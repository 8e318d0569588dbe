//! Every kind of document has a wording for all items; what wordings name exists.

use super::Checker;
use crate::{
    catalog::LawReference,
    document::{DocumentForm, DocumentKind, Layout},
};

impl Checker<'_> {
    pub(super) fn documents(&mut self) {
        let forms = &self.catalog.documents;
        if forms.is_empty() {
            return;
        }
        for kind in DocumentKind::ALL {
            if !forms.iter().any(|form| form.kind == kind && form.is_general()) {
                let message = format!("there is no wording of {} for all items", kind.key());
                self.problem("document", kind.name(), message);
            }
        }
        for (place, form) in forms.iter().enumerate() {
            let key = DocumentForm::key(form.kind, &form.items, &form.item_kinds);
            let same = forms[..place].iter().filter(|it| it.kind == form.kind);
            let twice = same.into_iter().any(|it| {
                it.is_general() && form.is_general()
                    || it.items.iter().any(|code| form.items.contains(code))
                    || it.item_kinds.iter().any(|kind| form.item_kinds.contains(kind))
            });
            if twice {
                self.problem("document", &key, format!("{key} has two wordings"));
            }
            for code in form.items.iter().filter(|code| self.catalog.item(code).is_none()) {
                self.problem("document", &key, format!("there is no item {code}"));
            }
            if form.licence.is_some() && (form.kind != DocumentKind::Grant || form.items.is_empty())
            {
                let message = "only the result of an item is a licence".to_owned();
                self.problem("document", &key, message);
            }
            // The seal is that of the department: nobody else may be named beside it.
            let by_department = form.issuer.to_string() == "{department}";
            let of_case = !matches!(form.kind, DocumentKind::Acceptance | DocumentKind::Correction);
            if of_case && !by_department {
                let message =
                    format!("{key} is sealed by the department: issuer = \"{{department}}\"");
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
