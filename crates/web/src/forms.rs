//! What was typed into a form, and what is wrong with it.

use std::collections::BTreeMap;

use axum::extract::Multipart;

use crate::error::PageError;

/// Values by field name, in the order they came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed(BTreeMap<String, Vec<String>>);

impl Typed {
    pub(crate) fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut typed = Self::default();
        // A null character is no part of any text, and not every database takes it.
        let clean = |text: String| if text.contains('\0') { text.replace('\0', "") } else { text };
        for (name, value) in pairs {
            typed.0.entry(clean(name)).or_default().push(clean(value));
        }
        typed
    }

    /// Everything that was typed.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let all = self.0.iter();
        all.flat_map(|(name, values)| values.iter().map(|it| (name.clone(), it.clone()))).collect()
    }

    /// The last value of a field, trimmed; empty when it did not come.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.last()).map_or("", |value| value.trim())
    }

    /// The last value of a field as it was typed: a password.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.last()).map_or("", String::as_str)
    }

    /// All values of a field.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(|value| value.trim())
    }

    /// Whether the field came at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Names that begin with a prefix, with the rest of the name.
    pub(crate) fn with_prefix<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.keys().filter_map(move |name| {
            let rest = name.strip_prefix(prefix)?;
            Some((rest, self.get(name)))
        })
    }
}

/// Faults by field, in the order of the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Vec<(String, String)>);

impl Faults {
    pub(crate) fn add(&mut self, field: &str, sentence: impl Into<String>) {
        self.0.push((field.to_owned(), sentence.into()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The sentence for a field; empty when it is good.
    pub(crate) fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(name, _)| name == field).map_or("", |(_, sentence)| sentence)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, sentence)| (field.as_str(), sentence.as_str()))
    }
}

/// An uploaded file.
pub(crate) struct Upload {
    /// Form field.
    pub(crate) field: String,
    /// The client's name for it.
    pub(crate) name: String,
    /// Content.
    pub(crate) content: Vec<u8>,
}

/// Reads a multipart form: text fields and files. Files that were not chosen are left out.
pub(crate) async fn read_multipart(mut form: Multipart) -> Result<(Typed, Vec<Upload>), PageError> {
    let unreadable = |_| PageError::BadRequest("上传没有完成，请重新选择文件上传。".to_owned());
    let mut pairs = Vec::new();
    let mut uploads = Vec::new();
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(ToOwned::to_owned) {
            Some(name) => {
                let content = part.bytes().await.map_err(unreadable)?.to_vec();
                if !name.is_empty() {
                    uploads.push(Upload { field, name, content });
                }
            }
            None => pairs.push((field, part.text().await.map_err(unreadable)?)),
        }
    }
    Ok((Typed::new(pairs), uploads))
}
