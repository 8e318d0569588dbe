//! Rules of a city or county over those of the province (实施清单). They may shorten a promise,
//! drop a paper and name their own departments; they add no item, no paper and no day.

use std::collections::{BTreeMap, BTreeSet};

use super::{Catalog, Entry, Flow, Item};
use crate::limit::Limit;

/// The overlay of one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// The city, county or zone.
    pub region: u32,
    /// Such as 苏州市工程建设项目审批事项实施清单.
    pub name: String,
    /// Such as `2026.1`.
    pub version: String,
    /// Who answers for it.
    pub signed_off_by: String,
    /// What it changes, by item code.
    pub items: BTreeMap<String, Tightening>,
    /// Promised working days of stages, by flow and stage number.
    pub budgets: BTreeMap<(String, u8), u32>,
}

/// What an overlay changes of one item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tightening {
    /// A shorter promise.
    pub promised: Option<Limit>,
    /// Papers that are not asked for here.
    pub dropped: BTreeSet<String>,
    /// Role key of the department that holds the power here.
    pub lead: Option<String>,
    /// Where it is handled.
    pub office: Option<Office>,
}

/// Where people go (办理地点).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Opening hours.
    pub hours: String,
}

/// An item as it stands in a region, under all overlays above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms<'a> {
    /// The item of the provincial list.
    pub item: &'a Item,
    /// The promise here.
    pub promised: &'a Limit,
    /// Role key of the department here.
    pub lead: &'a str,
    /// Where it is handled, if an overlay says so.
    pub office: Option<&'a Office>,
    dropped: BTreeSet<&'a str>,
}

impl<'a> Terms<'a> {
    /// Papers without which acceptance is refused, by key.
    pub fn papers(&self) -> impl Iterator<Item = &'a String> {
        self.left(&self.item.papers)
    }

    /// Papers that may follow, by key.
    pub fn deferrable(&self) -> impl Iterator<Item = &'a String> {
        self.left(&self.item.deferrable)
    }

    fn left(&self, keys: &'a [String]) -> impl Iterator<Item = &'a String> {
        keys.iter().filter(|key| !self.dropped.contains(key.as_str()))
    }
}

impl Catalog {
    /// An item as it stands in a region.
    #[must_use]
    pub fn terms(&self, code: &str, region: u32) -> Option<Terms<'_>> {
        let item = self.item(code)?;
        let mut terms = Terms {
            item,
            promised: &item.promised,
            lead: &item.lead,
            office: None,
            dropped: BTreeSet::new(),
        };
        // From the county up: the nearest word counts, and what one drops stays dropped.
        let (mut promised, mut lead, mut office) = (None, None, None);
        for region in self.region_and_above(region) {
            let overlay = self.overlays.get(&region.code);
            let Some(tightening) = overlay.and_then(|overlay| overlay.items.get(code)) else {
                continue;
            };
            promised = promised.or(tightening.promised.as_ref());
            lead = lead.or(tightening.lead.as_deref());
            office = office.or(tightening.office.as_ref());
            terms.dropped.extend(tightening.dropped.iter().map(String::as_str));
        }
        terms.promised = promised.unwrap_or(terms.promised);
        terms.lead = lead.unwrap_or(terms.lead);
        terms.office = office;
        Some(terms)
    }

    /// Promised working days of a stage in a region.
    #[must_use]
    pub fn budget(&self, flow: &Flow, stage: u8, region: u32) -> Option<u32> {
        let own = flow.stage(stage)?.budget;
        let key = (flow.key.clone(), stage);
        let here = self
            .region_and_above(region)
            .find_map(|region| self.overlays.get(&region.code)?.budgets.get(&key));
        Some(here.copied().unwrap_or(own))
    }

    /// Items that the answers call for in a stage of a flow in a region, without those merged
    /// into another.
    pub fn needed<'a>(
        &'a self,
        flow: &'a Flow,
        stage: u8,
        answers: &'a BTreeMap<String, String>,
        region: u32,
    ) -> impl Iterator<Item = &'a Entry> {
        flow.needed(stage, answers).filter(move |entry| {
            self.item(&entry.item).is_some_and(|item| self.exists_in(item, region))
        })
    }

    /// Whether an item exists in a region: everywhere, unless a city's own regulation made it.
    #[must_use]
    pub fn exists_in(&self, item: &Item, region: u32) -> bool {
        item.scope.is_empty()
            || self.region_and_above(region).any(|above| item.scope.contains(&above.code))
    }
}
