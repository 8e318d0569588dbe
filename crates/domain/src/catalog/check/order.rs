//! The order of a flow: no circle, and no way longer than its stage.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Endpoint, Flow, StageTemplate};

/// The shortest circle of precedence, if there is one. What is merged waits where its host
/// waits, so the circle is looked for between hosts.
pub(super) fn circle(flow: &Flow) -> Option<Vec<String>> {
    let hosts: BTreeMap<&str, Endpoint> = flow
        .entries
        .iter()
        .filter_map(|entry| {
            let host = entry.merged_into.as_ref()?;
            Some((entry.item.as_str(), Endpoint::Item(host.clone())))
        })
        .collect();
    let host = |end: &'_ Endpoint| match end {
        Endpoint::Item(code) => hosts.get(code.as_str()).unwrap_or(end).clone(),
        Endpoint::Milestone(_) => end.clone(),
    };
    let edges: Vec<(Endpoint, Endpoint)> = flow
        .edges
        .iter()
        .map(|edge| (host(&edge.before), host(&edge.after)))
        // The order of parts inside one case is that case's affair.
        .filter(|(before, after)| before != after || !hosts.values().any(|it| it == before))
        .collect();
    let mut next: BTreeMap<&Endpoint, Vec<&Endpoint>> = BTreeMap::new();
    for (before, after) in &edges {
        next.entry(before).or_default().push(after);
    }
    let mut shortest: Option<Vec<String>> = None;
    for start in next.keys() {
        let mut from: BTreeMap<&Endpoint, &Endpoint> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([*start]);
        while let Some(here) = queue.pop_front() {
            for after in next.get(here).into_iter().flatten() {
                if after == start {
                    let mut path = vec![start.to_string(), here.to_string()];
                    let mut at = here;
                    while let Some(before) = from.get(at) {
                        path.push(before.to_string());
                        at = before;
                    }
                    path.reverse();
                    if shortest.as_ref().is_none_or(|known| path.len() < known.len()) {
                        shortest = Some(path);
                    }
                } else if !from.contains_key(after) {
                    from.insert(after, here);
                    queue.push_back(after);
                }
            }
        }
    }
    shortest
}

/// Stages whose longest precedence path of promised days does not fit their budget: the stage,
/// the last item of the path, and the working days it takes. With a region, under its overlays.
pub(super) fn too_long<'a>(
    catalog: &'a Catalog,
    flow: &'a Flow,
    region: Option<u32>,
) -> Vec<(&'a StageTemplate, &'a str, u32)> {
    flow.stages.iter().filter_map(|stage| too_long_in(catalog, flow, stage, region)).collect()
}

fn too_long_in<'a>(
    catalog: &'a Catalog,
    flow: &'a Flow,
    stage: &'a StageTemplate,
    region: Option<u32>,
) -> Option<(&'a StageTemplate, &'a str, u32)> {
    let days = |code: &str| -> u32 {
        let promised = match region {
            Some(region) => catalog.terms(code, region).map(|terms| terms.promised),
            None => catalog.item(code).map(|item| &item.promised),
        };
        promised.and_then(|promised| promised.pin().days()).map_or(0, u32::from)
    };
    let own: BTreeMap<&str, u32> = flow
        .entries
        .iter()
        .filter(|entry| entry.stage == stage.number && !entry.side)
        .map(|entry| (entry.item.as_str(), days(&entry.item)))
        .collect();
    let inside: Vec<(&str, &str)> = flow
        .edges
        .iter()
        .filter_map(|edge| match (&edge.before, &edge.after) {
            (Endpoint::Item(before), Endpoint::Item(after)) => {
                Some((own.get_key_value(before.as_str())?.0, own.get_key_value(after.as_str())?.0))
            }
            _ => None,
        })
        .map(|(before, after)| (*before, *after))
        .collect();
    let mut longest = own.clone();
    // Until nothing grows any more; there is no circle, so at most once per item.
    for _ in 0..own.len() {
        let mut grown = false;
        for (before, after) in &inside {
            let way = longest[before] + own[after];
            if way > longest[after] {
                longest.insert(after, way);
                grown = true;
            }
        }
        if !grown {
            break;
        }
    }
    let budget = region.map_or(Some(stage.budget), |it| catalog.budget(flow, stage.number, it))?;
    let (code, days) = longest.into_iter().max_by_key(|(_, days)| *days)?;
    (days > budget).then_some((stage, code, days))
}
