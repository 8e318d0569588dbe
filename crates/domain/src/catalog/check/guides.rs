//! Guides are complete and ask for nothing unnamed (国办: no catch-all conditions or papers).

use super::Checker;
use crate::catalog::{Item, ItemKind};

/// Words behind which anything could be asked for.
const CATCH_ALL: [&str; 6] =
    ["其他材料", "其他有关材料", "其它材料", "其他相关材料", "需要提供的其他", "等有关材料"];

impl Checker<'_> {
    /// Everything that people read before they apply.
    pub(super) fn guide(&mut self, item: &Item) {
        let code = item.code.as_str();
        let applied_for = match item.kind {
            ItemKind::Permit
            | ItemKind::Confirmation
            | ItemKind::Filing
            | ItemKind::OtherPower
            | ItemKind::TechnicalReview
            | ItemKind::Utility
            | ItemKind::PublicService => true,
            ItemKind::Intermediary
            | ItemKind::Consultation
            | ItemKind::Charge
            | ItemKind::OwnerDuty => false,
        };
        if applied_for && item.conditions.is_empty() {
            self.problem("item", code, format!("the guide of {code} names no conditions"));
        }
        if applied_for && item.fee.is_empty() {
            self.problem("item", code, format!("the guide of {code} does not say what it costs"));
        }
        if item.source.is_empty() {
            self.problem("item", code, format!("{code} does not say where its row comes from"));
        }
        let papers = item.papers.iter().chain(&item.deferrable);
        let names = papers.filter_map(|key| self.catalog.papers.get(key)).map(|it| &it.name);
        let vague = names
            .chain(&item.conditions)
            .find(|text| CATCH_ALL.iter().any(|words| text.contains(words)));
        if let Some(vague) = vague.cloned() {
            self.problem("item", code, format!("{code} asks for anything at all: {vague}"));
        }
    }
}
