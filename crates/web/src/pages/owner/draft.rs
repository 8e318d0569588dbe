//! A draft as the pages of an application see it.

use std::collections::BTreeMap;

use tongban_domain::{
    application::Release,
    catalog::{Entry, Field},
    ids::{DraftId, FileId},
    mode::{Mode, ModeReason},
    paper::{FileReference, Provenance, Slot, Taken},
    project::{FieldValue, ReadValue},
    sealed::SealedValue,
};
use tongban_store::{Draft, DraftValues, StoredFile};

use super::{Loaded, load_project};
use crate::{
    app::App, components::value_fault, error::PageError, forms::Faults, session::SignedIn,
};

/// A draft with its project and what was typed.
pub(crate) struct Work {
    pub(crate) loaded: Loaded,
    pub(crate) draft: Draft,
    pub(crate) values: DraftValues,
}

/// A slot of the draft's set of papers.
pub(crate) struct DraftSlot {
    pub(crate) slot: Slot,
    pub(crate) from: Option<Provenance>,
    pub(crate) file: Option<StoredFile>,
    /// How the file was chosen, when it was not simply uploaded.
    pub(crate) taken: Option<Taken>,
}

impl DraftSlot {
    /// The file that would be handed in: of a paper that the platform pulls only with a reason.
    pub(crate) fn handed(&self) -> Option<&StoredFile> {
        let counts = match &self.from {
            None | Some(Provenance::Earlier(..)) => true,
            Some(Provenance::Register(_)) => matches!(self.taken, Some(Taken::Instead(_))),
            Some(
                Provenance::Result(_)
                | Provenance::Awaited(_)
                | Provenance::Uploaded(_)
                | Provenance::Library(..)
                | Provenance::NotNeeded(_)
                | Provenance::Instead(..),
            ) => false,
        };
        self.file.as_ref().filter(|_| counts)
    }

    /// Why there is no such paper, when the owner says so.
    pub(crate) fn not_needed(&self) -> Option<&str> {
        match (&self.from, &self.taken) {
            (None, Some(Taken::NotNeeded(reason))) => Some(reason),
            _ => None,
        }
    }

    /// Nothing has to be handed in, or it has been.
    pub(crate) fn is_settled(&self) -> bool {
        self.from.is_some() || self.file.is_some() || self.not_needed().is_some()
    }
}

/// A group of form fields: a row of the task list and a page.
pub(crate) struct FieldGroup<'a> {
    pub(crate) title: &'a str,
    pub(crate) fields: Vec<&'a Field>,
}

/// Loads a draft, if this person may hand it in: an agent who may only withdraw does not write it.
pub(crate) fn load_draft(app: &App, who: &SignedIn, id: &str) -> Result<Work, PageError> {
    let id: DraftId = id.parse().map_err(|_| PageError::NotFound)?;
    let (draft, values) = app.store().draft(id)?.ok_or(PageError::NotFound)?;
    let loaded = load_project(app, who, &draft.project.to_string())?;
    if !loaded.may_bring() {
        return Err(PageError::NotFound);
    }
    Ok(Work { loaded, draft, values })
}

impl Work {
    pub(crate) fn value(&self, kind: &str, name: &str) -> &str {
        self.values.get(&(kind.to_owned(), name.to_owned())).map_or("", String::as_str)
    }

    fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.values
            .iter()
            .filter(move |((found, _), _)| found == kind)
            .map(|((_, name), value)| (name.as_str(), value.as_str()))
    }

    /// Answers given in this draft.
    pub(crate) fn answers(&self) -> BTreeMap<String, String> {
        self.of_kind("answer").map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Answers of this draft and those that are known.
    pub(crate) fn all_answers(&self) -> BTreeMap<String, String> {
        let mut answers = self.answers();
        answers.extend(self.loaded.prospect().known_answers());
        answers
    }

    /// Items that could be part of the application under the answers.
    pub(crate) fn possible(&self) -> Vec<&Entry> {
        let project = &self.loaded.project;
        let Some(flow) = self.loaded.names.catalog.flows.get(&project.flow) else {
            return Vec::new();
        };
        let answers = self.all_answers();
        let catalog = &self.loaded.names.catalog;
        let needed: Vec<&str> = catalog
            .needed(flow, self.draft.stage, &answers, project.region)
            .map(|entry| entry.item.as_str())
            .filter(|item| project.is_free(item))
            .collect();
        flow.entries.iter().filter(|entry| needed.contains(&entry.item.as_str())).collect()
    }

    /// Items chosen, in the order of the flow.
    pub(crate) fn items(&self) -> Vec<String> {
        self.possible()
            .into_iter()
            .filter(|entry| !self.value("item", &entry.item).is_empty())
            .map(|entry| entry.item.clone())
            .collect()
    }

    /// Items for which a commitment was signed and is open.
    pub(crate) fn committed(&self) -> Vec<String> {
        let prospect = self.loaded.prospect();
        let open = |item: &str| prospect.mode(item, Mode::Commitment).is_some_and(|it| it.open);
        self.signed().into_iter().filter(|item| open(item)).collect()
    }

    /// Items for which a commitment was signed that has been closed since, with the reason.
    pub(crate) fn closed_commitments(&self) -> Vec<(String, ModeReason)> {
        let prospect = self.loaded.prospect();
        let closed = |item: String| {
            let reason = prospect.mode(&item, Mode::Commitment)?;
            (!reason.open).then_some((item, reason))
        };
        self.signed().into_iter().filter_map(closed).collect()
    }

    fn signed(&self) -> Vec<String> {
        let signed = |item: &String| !self.value("commit", item).is_empty();
        self.items().into_iter().filter(signed).collect()
    }

    /// The form's fields, by group.
    pub(crate) fn groups(&self) -> Vec<FieldGroup<'_>> {
        let mut groups: Vec<FieldGroup<'_>> = Vec::new();
        for field in self.loaded.prospect().fields(&self.items(), &self.all_answers()) {
            match groups.iter_mut().find(|group| group.title == field.section) {
                Some(group) => group.fields.push(field),
                None => groups.push(FieldGroup { title: &field.section, fields: vec![field] }),
            }
        }
        groups
    }

    /// The set of papers with what was uploaded.
    pub(crate) fn slots(&self, app: &App) -> Result<Vec<DraftSlot>, PageError> {
        let set = self.loaded.prospect().papers(&self.items(), &self.all_answers());
        let catalog = &self.loaded.names.catalog;
        let mut slots = Vec::new();
        for (slot, from) in set {
            let file = match self.value("paper", &slot.paper).parse::<FileId>() {
                Ok(id) => app.store().file(id)?,
                Err(_) => None,
            };
            let library = self.value("library", &slot.paper).parse().ok().map(Taken::Library);
            let reason = self.value("instead", &slot.paper);
            let instead = (!reason.is_empty()).then(|| Taken::Instead(reason.to_owned()));
            // A reason holds as long as the catalogue names it for the paper, and no file is there.
            let named = catalog.papers.get(&slot.paper).map(|paper| &paper.not_needed);
            let reason = self.value("not-needed", &slot.paper).to_owned();
            let holds = file.is_none() && named.is_some_and(|named| named.contains(&reason));
            let not_needed = holds.then_some(Taken::NotNeeded(reason));
            slots.push(DraftSlot { slot, from, file, taken: not_needed.or(instead).or(library) });
        }
        Ok(slots)
    }

    /// Reads every field of the form; personal values come sealed.
    pub(crate) fn read_fields(
        &self,
        app: &App,
        faults: &mut Faults,
    ) -> (BTreeMap<String, FieldValue>, Vec<SealedValue>) {
        let mut fields = BTreeMap::new();
        let mut sealed = Vec::new();
        for field in self.groups().into_iter().flat_map(|group| group.fields) {
            match field.read(self.value("field", &field.key)) {
                Ok(None) => {}
                Ok(Some(ReadValue::Clear(value))) => {
                    fields.insert(field.key.clone(), value);
                }
                Ok(Some(ReadValue::Personal(text))) => {
                    let (seal, value) = app.store().seal(&text);
                    sealed.push(value);
                    fields.insert(field.key.clone(), FieldValue::Sealed(seal));
                }
                Err(error) => faults.add(&field.key, value_fault(field, &error)),
            }
        }
        (fields, sealed)
    }

    /// References of the uploaded files, by paper.
    pub(crate) fn files(slots: &[DraftSlot]) -> BTreeMap<String, FileReference> {
        slots
            .iter()
            .filter_map(|slot| Some((slot.slot.paper.clone(), slot.handed()?.reference())))
            .collect()
    }

    /// How they were chosen, when they were not simply uploaded.
    pub(crate) fn taken(slots: &[DraftSlot]) -> BTreeMap<String, Taken> {
        let handed =
            slots.iter().filter(|slot| slot.handed().is_some() || slot.not_needed().is_some());
        handed.filter_map(|slot| Some((slot.slot.paper.clone(), slot.taken.clone()?))).collect()
    }

    pub(crate) fn release(&self) -> Release {
        if self.value("choice", "release") == "early" { Release::Early } else { Release::Together }
    }

    pub(crate) fn stage_name(&self) -> String {
        let flow = self.loaded.names.catalog.flows.get(&self.loaded.project.flow);
        flow.and_then(|flow| flow.stage(self.draft.stage))
            .map_or(String::new(), |stage| stage.name.clone())
    }

    pub(crate) fn stage_budget(&self) -> u32 {
        let (catalog, project) = (&self.loaded.names.catalog, &self.loaded.project);
        let flow = catalog.flows.get(&project.flow);
        flow.and_then(|flow| catalog.budget(flow, self.draft.stage, project.region)).unwrap_or(0)
    }
}
