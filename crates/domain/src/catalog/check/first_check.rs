//! A lower authority's first check is done within twenty working days and before the superior
//! decides (行政许可法 art. 43).

use super::{Checker, limits::is_longer};
use crate::{
    catalog::{Endpoint, Item},
    limit::Limit,
};

/// Working days of the lower authority (art. 43).
const FIRST_CHECK: Limit = Limit::WorkingDays { days: 20, extension: 0 };

impl Checker<'_> {
    pub(super) fn first_check(&mut self, item: &Item) {
        let Some(host) = &item.first_check_of else { return };
        let code = &item.code;
        if self.catalog.item(host).is_none() {
            self.problem("item", code, format!("there is no item {host}"));
            return;
        }
        let counts = matches!(
            item.statutory,
            Limit::WorkingDays { .. } | Limit::CalendarDays { .. } | Limit::AtOnce
        );
        if !counts || is_longer(&item.statutory, &FIRST_CHECK, &self.catalog.calendar) {
            let message = format!(
                "{code} is a first check: the law gives 20 working days (AL 43), not {}",
                item.statutory
            );
            self.problem("item", code, message);
        }
        let (before, after) = (Endpoint::Item(code.clone()), Endpoint::Item(host.clone()));
        for flow in self.catalog.flows.values().filter(|flow| flow.stage_of(host).is_some()) {
            let need = |code: &str| {
                flow.entries.iter().find(|entry| entry.item == code).map(|entry| &entry.need)
            };
            if need(code).is_some() && need(code) != need(host) {
                let message =
                    format!("in flow {} {code} is not needed whenever {host} is", flow.key);
                self.problem("item", code, message);
            }
            if !flow.edges.iter().any(|edge| edge.before == before && edge.after == after) {
                let message = format!("in flow {} nothing puts {code} before {host}", flow.key);
                self.problem("item", code, message);
            }
        }
    }
}
