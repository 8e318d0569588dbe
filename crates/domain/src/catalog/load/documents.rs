//! Reads `documents.toml`: the wording of notices, decisions and licences. Packs from before there
//! were documents do not have it; under them none is made.

use serde::Deserialize;
use toml::Spanned;

use super::Reader;
use crate::{
    catalog::{ItemKind, Retention},
    document::{DocumentForm, DocumentKind, Layout, Wording},
};

const PATH: &str = "documents.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentsFile {
    #[serde(default)]
    document: Vec<RawDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDocument {
    kind: Spanned<String>,
    #[serde(default)]
    items: Vec<String>,
    #[serde(default)]
    item_kinds: Vec<ItemKind>,
    layout: Layout,
    licence: Option<Spanned<String>>,
    title: Spanned<String>,
    number: Spanned<String>,
    issuer: Option<Spanned<String>>,
    paragraphs: Vec<Spanned<String>>,
    #[serde(default)]
    rows: Vec<(String, Spanned<String>)>,
    #[serde(default)]
    closing: Vec<Spanned<String>>,
    basis: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "confidence")]
    _confidence: Retention,
}

impl Reader<'_> {
    pub(super) fn documents(&mut self) -> Option<Vec<DocumentForm>> {
        if !self.files.iter().any(|file| file.path == PATH) {
            return Some(Vec::new());
        }
        let file: DocumentsFile = self.one(PATH)?;
        Some(file.document.into_iter().filter_map(|raw| self.document(raw)).collect())
    }

    fn document(&mut self, raw: RawDocument) -> Option<DocumentForm> {
        let named = raw.kind.get_ref().clone();
        let Some(kind) = DocumentKind::ALL.into_iter().find(|kind| kind.key() == named) else {
            let line = self.line(PATH, &raw.kind);
            self.problem(PATH, line, format!("there is no kind of document called {named}"));
            return None;
        };
        let key = DocumentForm::key(kind, &raw.items, &raw.item_kinds);
        self.placed(PATH, "document", Spanned::new(raw.kind.span(), key));
        let licence = match &raw.licence {
            Some(text) => Some(self.parse(PATH, text)?),
            None => None,
        };
        let issuer = raw.issuer.unwrap_or_else(|| Spanned::new(0..0, "{department}".to_owned()));
        Some(DocumentForm {
            kind,
            items: raw.items,
            item_kinds: raw.item_kinds,
            layout: raw.layout,
            licence,
            title: self.parse(PATH, &raw.title)?,
            number: self.parse(PATH, &raw.number)?,
            issuer: self.parse(PATH, &issuer)?,
            paragraphs: self.wordings(&raw.paragraphs),
            rows: raw
                .rows
                .into_iter()
                .filter_map(|(label, text)| Some((label, self.parse(PATH, &text)?)))
                .collect(),
            closing: self.wordings(&raw.closing),
            basis: raw.basis,
        })
    }

    fn wordings(&mut self, texts: &[Spanned<String>]) -> Vec<Wording> {
        texts.iter().filter_map(|text| self.parse(PATH, text)).collect()
    }
}
