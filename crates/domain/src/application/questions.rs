//! The questions of a stage: only those that still matter, and never what is known.

use std::collections::{BTreeMap, BTreeSet};

use super::Prospect;
use crate::catalog::{Catalog, Endpoint, Flow, Need, Question};

pub(super) fn known_answers(prospect: &Prospect<'_>) -> BTreeMap<String, String> {
    let Prospect { catalog, project, .. } = *prospect;
    let mut answers = project.answers.clone();
    answers.retain(|key, answer| still_counts(prospect, key, answer));
    // What was answered before stays; an assessment answers what is open.
    for (key, answer) in prospect.area_answers() {
        answers.entry(key).or_insert(answer);
    }
    for question in catalog.questions.iter().filter(|it| it.flows.contains(&project.flow)) {
        if answers.contains_key(&question.key) {
            continue;
        }
        let known = question.known.iter().find(|known| known.when.holds(catalog, project));
        if let Some(known) = known {
            answers.insert(question.key.clone(), known.answer.clone());
        }
    }
    answers
}

/// An area assessment that has run out answers no more, unless something handed in under it is
/// handled or was granted.
fn still_counts(prospect: &Prospect<'_>, key: &str, answer: &str) -> bool {
    let Prospect { catalog, project, day, .. } = *prospect;
    let Some(question) = catalog.question(key) else { return true };
    if question.area_choice().is_none_or(|choice| choice.key != *answer) {
        return true;
    }
    let relied_upon = project
        .cases
        .values()
        .any(|case| case.stage == question.stage && (case.is_open() || case.has_passed()));
    relied_upon || catalog.area_assessment(question, project.region, day).is_some()
}

pub(super) fn stage_questions<'a>(
    prospect: &Prospect<'a>,
    stage: u8,
    given: &BTreeMap<String, String>,
) -> Vec<&'a Question> {
    let Prospect { catalog, project, .. } = *prospect;
    let Some(flow) = catalog.flows.get(&project.flow) else { return Vec::new() };
    let mut answers = known_answers(prospect);
    answers.extend(given.clone());
    let asked: BTreeSet<&str> = needs(catalog, flow, stage)
        .filter(|need| need.is_open(&answers))
        .filter_map(|need| match need {
            Need::Mandatory => None,
            Need::When(conditions) => Some(conditions),
        })
        .flatten()
        .map(|condition| condition.question.as_str())
        .filter(|question| !answers.contains_key(*question))
        .collect();
    catalog.questions.iter().filter(|question| asked.contains(question.key.as_str())).collect()
}

/// Whether a stage depends on a question at all.
pub(super) fn concerns(catalog: &Catalog, flow: &Flow, stage: u8, question: &str) -> bool {
    needs(catalog, flow, stage).any(|need| match need {
        Need::Mandatory => false,
        Need::When(conditions) => conditions.iter().any(|it| it.question == question),
    })
}

/// What depends on answers in a stage: its items, what has to precede them, and the order.
fn needs<'a>(catalog: &'a Catalog, flow: &'a Flow, stage: u8) -> impl Iterator<Item = &'a Need> {
    let entries = flow
        .entries
        .iter()
        .filter(move |entry| entry.stage == stage || precedes(flow, &entry.item, stage))
        .map(|entry| &entry.need);
    let edges = flow.edges.iter().filter(move |edge| match &edge.after {
        Endpoint::Item(code) => flow.stage_of(code) == Some(stage),
        Endpoint::Milestone(key) => {
            catalog.milestone(key).is_some_and(|milestone| milestone.stage == stage)
        }
    });
    entries.chain(edges.map(|edge| &edge.need))
}

/// Whether an item must be decided before some item of a stage: whether it is needed at all then
/// matters there too.
fn precedes(flow: &Flow, item: &str, stage: u8) -> bool {
    flow.edges.iter().any(|edge| {
        edge.before == Endpoint::Item(item.to_owned())
            && flow.entries.iter().any(|entry| {
                entry.stage == stage && edge.after == Endpoint::Item(entry.item.clone())
            })
    })
}
