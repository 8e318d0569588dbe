//! Handing in a joint application: what is asked for, checked and opened.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ApplicationFact, NOTICE_DAYS, Submission, known_answers,
    papers::{paper_set, stage_fields},
    questions::concerns,
    stage_questions,
};
use crate::{
    acts::{Drafting, NumberKind},
    case::{Opened, Predecessor},
    catalog::{Catalog, Endpoint, Flow, Item},
    ids::{ApplicationId, CaseId},
    limit::Limit,
    paper::{Provenance, Provided},
    project::Project,
    refusal::Refusal,
    time::Day,
};

/// Hands a new application in.
pub(crate) fn submit(
    drafting: &mut Drafting<'_, '_>,
    submission: &Submission,
) -> Result<(), Refusal> {
    let catalog = drafting.context.catalog;
    let flow = catalog
        .flows
        .get(&drafting.project.flow)
        .ok_or_else(|| Refusal::UnknownFlow(drafting.project.flow.clone()))?;
    check_submission(&drafting.project, catalog, flow, submission)?;

    let today = drafting.context.today();
    // Handed in on a rest day: received on the next working day.
    let received_on = catalog.calendar.working_day_from(today);
    let answers = all_answers(catalog, &drafting.project, submission);
    let mut cases = Vec::new();
    for code in &submission.items {
        cases.push(open_case(drafting, flow, submission, &answers, code)?);
    }
    let set = paper_set(catalog, &drafting.project, &submission.items, &answers);
    let papers = set
        .iter()
        .filter_map(|(slot, from)| {
            let uploaded = submission.papers.get(&slot.paper).cloned().map(Provenance::Uploaded);
            let from = from.clone().or(uploaded)?;
            Some(Provided { paper: slot.paper.clone(), from })
        })
        .collect();
    // Applications and cases share one series, so that a number names one thing.
    let serial = drafting.context.supply.number(NumberKind::Case, today);
    let fact = ApplicationFact::Submitted {
        number: dated_number(drafting.project.region, today, serial),
        stage: submission.stage,
        release: submission.release,
        // What is known now about this stage counts as answered: later results do not change it.
        answers: answers
            .iter()
            .filter(|(key, _)| !drafting.project.answers.contains_key(*key))
            .filter(|(key, _)| {
                submission.answers.contains_key(*key)
                    || concerns(catalog, flow, submission.stage, key)
            })
            .map(|(key, answer)| (key.clone(), answer.clone()))
            .collect(),
        fields: submission.fields.clone().into_iter().collect(),
        cases,
        slots: set.into_iter().map(|(slot, _)| slot).collect(),
        papers,
        received_on,
        notice_until: catalog.calendar.nth_working_day_after(received_on, NOTICE_DAYS),
        budget: catalog.budget(flow, submission.stage, drafting.project.region),
    };
    let now = drafting.context.now;
    let id = ApplicationId::from_bytes(drafting.context.supply.id(now));
    drafting.add_application(id, fact);
    Ok(())
}

/// What was answered before, what is known, and what was answered now.
fn all_answers(
    catalog: &Catalog,
    project: &Project,
    submission: &Submission,
) -> BTreeMap<String, String> {
    let mut answers = submission.answers.clone();
    answers.extend(known_answers(catalog, project));
    answers
}

fn check_submission(
    project: &Project,
    catalog: &Catalog,
    flow: &Flow,
    submission: &Submission,
) -> Result<(), Refusal> {
    if submission.items.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    let open = stage_questions(catalog, project, submission.stage, &submission.answers);
    let unanswered: Vec<String> = open.iter().map(|question| question.key.clone()).collect();
    if !unanswered.is_empty() {
        return Err(Refusal::MissingAnswers(unanswered));
    }
    for (key, answer) in &submission.answers {
        let known = catalog
            .question(key)
            .is_some_and(|question| question.choices().iter().any(|choice| choice.key == *answer));
        if !known {
            return Err(Refusal::MissingAnswers(vec![key.clone()]));
        }
    }
    let answers = all_answers(catalog, project, submission);
    let needed: Vec<_> = catalog.needed(flow, submission.stage, &answers, project.region).collect();
    let mut seen = BTreeSet::new();
    for code in &submission.items {
        if !needed.iter().any(|entry| entry.item == *code) || !seen.insert(code) {
            return Err(Refusal::NotInStage(code.clone()));
        }
        if !project.is_free(code) {
            return Err(Refusal::AlreadyApplied(code.clone()));
        }
    }
    for code in &submission.committed {
        let allowed = catalog.item(code).is_some_and(|item| item.commitment);
        if !allowed || !submission.items.contains(code) {
            return Err(Refusal::NoCommitment(code.clone()));
        }
    }
    let missing: Vec<String> = stage_fields(catalog, project, &submission.items)
        .iter()
        .filter(|field| field.required && !submission.fields.contains_key(&field.key))
        .map(|field| field.key.clone())
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::MissingFields(missing));
    }
    let missing: Vec<String> = paper_set(catalog, project, &submission.items, &answers)
        .into_iter()
        .filter(|(slot, from)| {
            from.is_none() && !slot.deferrable && !submission.papers.contains_key(&slot.paper)
        })
        .map(|(slot, _)| slot.paper)
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Refusal::MissingPapers(missing)) }
}

fn open_case(
    drafting: &mut Drafting<'_, '_>,
    flow: &Flow,
    submission: &Submission,
    answers: &BTreeMap<String, String>,
    code: &str,
) -> Result<Opened, Refusal> {
    let catalog = drafting.context.catalog;
    let not_in_stage = || Refusal::NotInStage(code.to_owned());
    let terms = catalog.terms(code, drafting.project.region).ok_or_else(not_in_stage)?;
    let item = terms.item;
    let entry = flow.entries.iter().find(|entry| entry.item == code).ok_or_else(not_in_stage)?;
    let region = drafting.project.region;
    let department = drafting
        .context
        .organisation
        .resolve(catalog, terms.lead, region)
        .ok_or_else(|| Refusal::NoDepartment(code.to_owned()))?
        .id;
    let (now, today) = (drafting.context.now, drafting.context.today());
    let serial = drafting.context.supply.number(NumberKind::Case, today);
    let merged = flow
        .entries
        .iter()
        .filter(|other| other.merged_into.as_deref() == Some(code))
        .filter(|other| other.need.holds(answers))
        .map(|other| other.item.clone())
        .collect();
    Ok(Opened {
        case: CaseId::from_bytes(drafting.context.supply.id(now)),
        number: dated_number(region, today, serial),
        item: code.to_owned(),
        name: item.name.clone(),
        department,
        predecessors: predecessors(flow, answers, &drafting.project, item),
        part_of: entry.part_of.clone(),
        milestone: entry.milestone,
        side: entry.side,
        deferral: item.deferral,
        at_once: *terms.promised == Limit::AtOnce,
        result: item.result.clone(),
        merged,
        national_code: item.national_code.clone(),
        committed: submission.committed.iter().any(|committed| committed == code),
    })
}

/// Edges into the item whose other end this project has to have.
fn predecessors(
    flow: &Flow,
    answers: &BTreeMap<String, String>,
    project: &Project,
    item: &Item,
) -> Vec<Predecessor> {
    flow.edges_into(&Endpoint::Item(item.code.clone()), answers)
        .filter_map(|edge| match &edge.before {
            Endpoint::Milestone(key) => Some(Predecessor::Milestone(key.clone())),
            Endpoint::Item(code) => {
                let entry = flow.entries.iter().find(|entry| entry.item == *code)?;
                let needed = entry.need.holds(answers) || project.latest_case(code).is_some();
                needed.then(|| Predecessor::Item(code.clone()))
            }
        })
        .collect()
}

/// Area, day and six digits of serial: the form of case and application numbers.
fn dated_number(region: u32, day: Day, serial: u32) -> String {
    let (year, month, date) = day.ymd();
    format!("{region:06}{year:04}{month:02}{date:02}{serial:06}")
}
