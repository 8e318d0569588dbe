//! Finding items of the list: by name, alias, code, pinyin, or a whole question.

use std::sync::{Arc, PoisonError, RwLock};

use tongban_domain::catalog::{Catalog, Item, PackDigest};
use tongban_search::{Document, Index, Weight};

/// The index of the pack in force; made anew when another pack takes effect.
#[derive(Default)]
pub(crate) struct ItemIndex(RwLock<Option<(PackDigest, Arc<Index>)>>);

impl ItemIndex {
    /// Codes of the items that fit, the best first.
    pub(crate) fn find(&self, catalog: &Catalog, text: &str) -> Vec<String> {
        let found = self.index(catalog).find(text, catalog.items.len());
        found.into_iter().map(|hit| hit.id).collect()
    }

    fn index(&self, catalog: &Catalog) -> Arc<Index> {
        let digest = catalog.pack.digest;
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((of, index)) = known
            && of == digest
        {
            return index;
        }
        let documents = catalog.items.iter().map(|item| document(catalog, item));
        let index = Arc::new(Index::new(documents.collect()));
        let mut place = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *place = Some((digest, Arc::clone(&index)));
        index
    }
}

fn document(catalog: &Catalog, item: &Item) -> Document {
    let department = catalog.departments.get(&item.lead).map_or("", |it| it.name.as_str());
    let papers = item.papers.iter().chain(&item.deferrable);
    let papers: Vec<&str> =
        papers.filter_map(|key| Some(catalog.papers.get(key)?.name.as_str())).collect();
    let laws: Vec<String> = item.law.iter().map(|law| catalog.cite(law)).collect();
    Document {
        id: item.code.clone(),
        title: item.name.clone(),
        aliases: item.aliases.clone(),
        body: vec![
            (Weight::Strong, format!("{} {department} {}", item.result, item.conditions.join(" "))),
            (Weight::Plain, papers.join(" ")),
            (Weight::Weak, laws.join(" ")),
        ],
    }
}
