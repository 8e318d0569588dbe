//! One form and one set of papers (一张表单、一套材料) for the items of a stage.

use std::collections::BTreeMap;

use super::Prospect;
use crate::{
    catalog::{Catalog, Field, PaperReuse, PaperSource},
    mode::Mode,
    paper::{Provenance, Slot},
    project::Project,
};

pub(super) fn stage_fields<'a>(
    prospect: &Prospect<'a>,
    items: &[String],
    answers: &BTreeMap<String, String>,
) -> Vec<&'a Field> {
    let Prospect { catalog, project, .. } = *prospect;
    let asks = |code: &String| {
        items.contains(code)
            || items.iter().any(|host| merges(catalog, project, host, code, answers))
    };
    catalog
        .fields
        .iter()
        .filter(|field| !field.at_registration)
        .filter(|field| field.flows.is_empty() || field.flows.contains(&project.flow))
        .filter(|field| field.items.iter().any(asks))
        .filter(|field| !project.fields.contains_key(&field.key))
        .collect()
}

/// Whether an item is handled inside another of this project (合并办理).
fn merges(
    catalog: &Catalog,
    project: &Project,
    host: &String,
    code: &String,
    answers: &BTreeMap<String, String>,
) -> bool {
    let flow = catalog.flows.get(&project.flow);
    flow.into_iter().flat_map(|flow| &flow.entries).any(|entry| {
        entry.item == *code && entry.merged_into.as_ref() == Some(host) && entry.need.holds(answers)
    })
}

pub(super) fn paper_set(
    prospect: &Prospect<'_>,
    items: &[String],
    answers: &BTreeMap<String, String>,
) -> Vec<(Slot, Option<Provenance>)> {
    let Prospect { catalog, project, .. } = *prospect;
    let mut slots: Vec<(Slot, Option<Provenance>)> = Vec::new();
    for code in items {
        let Some(host) = catalog.terms(code, project.region) else { continue };
        let parts = catalog.flows.get(&project.flow).into_iter().flat_map(|flow| &flow.entries);
        let merged = parts
            .filter(|entry| entry.merged_into.as_ref() == Some(code) && entry.need.holds(answers))
            .filter_map(|entry| catalog.terms(&entry.item, project.region));
        // Papers may follow where the case may be handled so; else they are core papers.
        let may_follow = prospect.mode(code, Mode::Deferral).is_some_and(|reason| reason.open);
        for terms in std::iter::once(host).chain(merged) {
            let core = terms.papers().map(|paper| (paper, false));
            let deferrable = terms.deferrable().map(|paper| (paper, may_follow));
            for (key, deferrable) in core.chain(deferrable) {
                add_slot(&mut slots, prospect, (items, answers), code, key, deferrable);
            }
        }
    }
    slots
}

fn add_slot(
    slots: &mut Vec<(Slot, Option<Provenance>)>,
    prospect: &Prospect<'_>,
    (items, answers): (&[String], &BTreeMap<String, String>),
    item: &str,
    key: &str,
    deferrable: bool,
) {
    let Prospect { catalog, project, .. } = *prospect;
    if let Some((slot, _)) = slots.iter_mut().find(|(slot, _)| slot.paper == key) {
        if !slot.items.iter().any(|known| known == item) {
            slot.items.push(item.to_owned());
        }
        // Core for one item is core for the set.
        slot.deferrable &= deferrable;
        return;
    }
    let Some(paper) = catalog.papers.get(key) else { return };
    // A register that said there is no such record leaves the paper to be handed in.
    let answered = project.registers.get(key);
    let elsewhere = |source: &PaperSource| match source {
        PaperSource::Owner | PaperSource::Items(_) => None,
        PaperSource::Register(name) => answered
            .is_none_or(|it| it.answer.register != *name || it.counts(prospect.day))
            .then(|| Provenance::Register(name.clone())),
    };
    let from = match &paper.source {
        PaperSource::Items(codes) => match result_of(catalog, project, items, answers, codes) {
            Some(from) => Some(from),
            // No item of this project will ever produce it: from elsewhere, or nothing to ask for.
            None => match &paper.otherwise {
                Some(source) => elsewhere(source),
                None => return,
            },
        },
        PaperSource::Owner if paper.reuse == PaperReuse::Never => None,
        PaperSource::Owner => project
            .handed_in(key)
            .map(|(application, file)| Provenance::Earlier(application, file.clone())),
        source @ PaperSource::Register(_) => elsewhere(source),
    };
    let slot = Slot {
        paper: key.to_owned(),
        name: paper.name.clone(),
        items: vec![item.to_owned()],
        deferrable,
    };
    slots.push((slot, from));
}

/// The result of one of these items, at hand or still to come.
fn result_of(
    catalog: &Catalog,
    project: &Project,
    items: &[String],
    answers: &BTreeMap<String, String>,
    codes: &[String],
) -> Option<Provenance> {
    if let Some(case) = codes.iter().find_map(|code| project.passed_case(code)) {
        return Some(Provenance::Result(case.opened.case));
    }
    let flow = catalog.flows.get(&project.flow);
    let occurs = |code: &String| {
        flow.is_some_and(|flow| {
            flow.entries.iter().any(|entry| entry.item == *code && entry.need.holds(answers))
        })
    };
    let awaited = codes.iter().find(|code| {
        items.contains(code)
            || project.cases.values().any(|case| case.is_open() && case.opened.item == **code)
            || occurs(code)
    });
    awaited.map(|code| Provenance::Awaited(code.clone()))
}
