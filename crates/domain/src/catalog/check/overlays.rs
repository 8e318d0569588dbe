//! An overlay may tighten, never add: no item, no paper, no day that the level above does not
//! have.

use super::{Checker, limits::is_longer, order};
use crate::{
    catalog::{Division, Overlay, Tightening},
    limit::Limit,
};

impl Checker<'_> {
    pub(super) fn overlays(&mut self) {
        let catalog = self.catalog;
        for overlay in catalog.overlays.values() {
            let key = overlay.region.to_string();
            let Some(region) = catalog.regions.get(&overlay.region) else {
                self.problem("overlay", &key, format!("there is no region {key}"));
                continue;
            };
            // An overlay is judged against the level above it, which has its own.
            let (Some(above), false) = (region.parent, region.level == Division::Province) else {
                let message = "the province has no overlay: change the list itself".to_owned();
                self.problem("overlay", &key, message);
                continue;
            };
            for (code, tightening) in &overlay.items {
                self.tightening(overlay, above, code, tightening);
            }
            self.stage_budgets(overlay, above);
        }
    }

    fn tightening(&mut self, overlay: &Overlay, above: u32, code: &str, change: &Tightening) {
        let catalog = self.catalog;
        let place = format!("{} {code}", overlay.region);
        let Some(before) = catalog.terms(code, above) else {
            let message = format!(
                "there is no item {code} in the provincial list; an overlay cannot add one"
            );
            return self.problem("tightening", &place, message);
        };
        if !catalog.exists_in(before.item, overlay.region) {
            self.problem("tightening", &place, format!("{code} does not exist in this region"));
        }
        if let Some(promised) = &change.promised {
            let same_kind = has_number(before.promised) == has_number(promised)
                || matches!(before.promised, Limit::NoneSet);
            if !same_kind || is_longer(promised, before.promised, &catalog.calendar) {
                let message = format!(
                    "{code} promises {promised} here but {} above; an overlay cannot add days",
                    before.promised
                );
                self.problem("tightening", &place, message);
            }
        }
        for paper in &change.dropped {
            if !before.item.papers.contains(paper) && !before.item.deferrable.contains(paper) {
                let message = format!("{code} does not ask for {paper}: nothing to drop");
                self.problem("tightening", &place, message);
            }
        }
        if let Some(lead) = &change.lead
            && !catalog.departments.contains_key(lead)
        {
            let message = format!("there is no department {lead} in departments.toml");
            self.problem("tightening", &place, message);
        }
    }

    fn stage_budgets(&mut self, overlay: &Overlay, above: u32) {
        let catalog = self.catalog;
        for ((key, stage), budget) in &overlay.budgets {
            let place = format!("{} {key} {stage}", overlay.region);
            let flow = catalog.flows.get(key);
            match flow.and_then(|flow| catalog.budget(flow, *stage, above)) {
                None => {
                    let message = format!("there is no stage {stage} in a flow {key}");
                    self.problem("budget", &place, message);
                }
                Some(before) if *budget > before => {
                    let message = format!(
                        "stage {stage} takes {budget} working days here but {before} above; an \
                         overlay cannot add days"
                    );
                    self.problem("budget", &place, message);
                }
                Some(_) => {}
            }
        }
        for flow in catalog.flows.values().filter(|flow| {
            // Only a shorter budget can make a way too long: promises only got shorter.
            overlay.budgets.keys().any(|(key, _)| *key == flow.key)
        }) {
            for (stage, code, days) in order::too_long(catalog, flow, Some(overlay.region)) {
                let place = format!("{} {} {}", overlay.region, flow.key, stage.number);
                let message = format!(
                    "the way to {code} takes {days} working days, more than stage {} promises \
                     here",
                    stage.number
                );
                self.problem("budget", &place, message);
            }
        }
    }
}

const fn has_number(limit: &Limit) -> bool {
    match limit {
        Limit::WorkingDays { .. }
        | Limit::CalendarDays { .. }
        | Limit::AtOnce
        | Limit::ByCondition(_) => true,
        Limit::With(_) | Limit::NotCounted | Limit::NoneSet => false,
    }
}
