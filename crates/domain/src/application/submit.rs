//! Handing in a joint application: what is asked for, checked and opened.

use std::collections::{BTreeMap, BTreeSet};

use super::{ApplicationFact, NOTICE_DAYS, Prospect, Submission, questions::concerns};
use crate::{
    acts::{Drafting, NumberKind},
    case::{Opened, Predecessor},
    catalog::{Endpoint, Flow, Item},
    ids::{ApplicationId, CaseId, DepartmentId},
    limit::Limit,
    mode::{Ground, Mode},
    paper::{Provenance, Provided, Taken},
    permission::Role,
    project::{Power, Project},
    reason::ReasonKind,
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
    let today = drafting.context.today();
    let project = drafting.project.clone();
    let credit = drafting.context.credit;
    let prospect = Prospect { catalog, project: &project, credit, day: today };
    check_submission(&prospect, flow, submission)?;
    // Whoever promises for somebody else was allowed just that.
    if drafting.role() == Role::Agent && !submission.committed.is_empty() {
        let agency = drafting.context.standpoint();
        let agency = agency.agency(&project);
        if !agency.is_some_and(|agency| agency.powers.contains(&Power::Commit)) {
            return Err(Refusal::CommitmentIsTheOwners);
        }
    }
    for (paper, taken) in &submission.taken {
        match taken {
            Taken::Library(_) => {}
            Taken::Instead(reason) => {
                drafting.context.check_reason(ReasonKind::Instead, reason)?;
            }
            Taken::NotNeeded(reason) => {
                drafting.context.check_reason(ReasonKind::NotNeeded, reason)?;
                // Only for what the catalogue says may be missing, and why.
                let named = catalog.papers.get(paper).map(|paper| &paper.not_needed);
                if named.is_none_or(|named| !named.contains(reason)) {
                    return Err(Refusal::UnknownReason(reason.clone()));
                }
            }
        }
    }

    // Handed in on a rest day: received on the next working day.
    let received_on = catalog.calendar.working_day_from(today);
    let answers = all_answers(&prospect, submission);
    let mut cases = Vec::new();
    for code in &submission.items {
        cases.push(open_case(drafting, &prospect, flow, submission, &answers, code)?);
    }
    let set = prospect.papers(&submission.items, &answers);
    let papers = set
        .iter()
        .filter_map(|(slot, from)| {
            let from = provenance(submission, &slot.paper, from.as_ref())?;
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
        budget: catalog.budget(flow, submission.stage, project.region),
        areas: prospect
            .areas(&answers)
            .filter(|area| concerns(catalog, flow, submission.stage, &area.question))
            .collect(),
        lead: lead(drafting, flow, submission.stage),
    };
    let now = drafting.context.now;
    let id = ApplicationId::from_bytes(drafting.context.supply.id(now));
    drafting.add_application(id, fact);
    Ok(())
}

/// The department that leads a stage at the site (牵头部门), where there is one.
fn lead(drafting: &Drafting<'_, '_>, flow: &Flow, stage: u8) -> Option<DepartmentId> {
    let context = &drafting.context;
    let key = &flow.stage(stage)?.lead;
    let region = drafting.project.site_region();
    context.organisation.resolve(context.catalog, key, region).map(|department| department.id)
}

/// Where the paper of a slot comes from: what the platform has comes first, unless the owner hands
/// in a newer version of its own paper, or says why what would be pulled is not to be used.
fn provenance(
    submission: &Submission,
    paper: &str,
    from: Option<&Provenance>,
) -> Option<Provenance> {
    let taken = submission.taken.get(paper);
    let Some(file) = submission.papers.get(paper).cloned() else {
        return match (from, taken) {
            (None, Some(Taken::NotNeeded(reason))) => Some(Provenance::NotNeeded(reason.clone())),
            (from, _) => from.cloned(),
        };
    };
    match (from, taken) {
        (None | Some(Provenance::Earlier(..)), Some(Taken::Library(project))) => {
            Some(Provenance::Library(*project, file))
        }
        (None | Some(Provenance::Earlier(..)), _) => Some(Provenance::Uploaded(file)),
        // A result of this platform is mended where it was decided, not replaced.
        (Some(Provenance::Register(_)), Some(Taken::Instead(reason))) => {
            Some(Provenance::Instead(file, reason.clone()))
        }
        (Some(from), _) => Some(from.clone()),
    }
}

/// What was answered before, what is known, and what was answered now.
fn all_answers(prospect: &Prospect<'_>, submission: &Submission) -> BTreeMap<String, String> {
    let mut answers = submission.answers.clone();
    answers.extend(prospect.known_answers());
    answers
}

fn check_submission(
    prospect: &Prospect<'_>,
    flow: &Flow,
    submission: &Submission,
) -> Result<(), Refusal> {
    let Prospect { catalog, project, .. } = *prospect;
    if submission.items.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    let open = prospect.questions(submission.stage, &submission.answers);
    let unanswered: Vec<String> = open.iter().map(|question| question.key.clone()).collect();
    if !unanswered.is_empty() {
        return Err(Refusal::MissingAnswers(unanswered));
    }
    for (key, answer) in &submission.answers {
        let known = catalog
            .question(key)
            .is_some_and(|question| question.offered().iter().any(|choice| choice.key == *answer));
        if !known {
            return Err(Refusal::MissingAnswers(vec![key.clone()]));
        }
    }
    let answers = all_answers(prospect, submission);
    let needed: Vec<_> = catalog.needed(flow, submission.stage, &answers, project.region).collect();
    let mut seen = BTreeSet::new();
    for code in &submission.items {
        if !needed.iter().any(|entry| entry.item == *code) || !seen.insert(code) {
            return Err(Refusal::NotInStage(code.clone()));
        }
        if let Some(bar) = prospect.credit.bar(&project.owner.uscc, code, prospect.day) {
            return Err(Refusal::Barred(code.clone(), bar.until));
        }
        if !project.is_free(code) {
            return Err(Refusal::AlreadyApplied(code.clone()));
        }
    }
    for code in &submission.committed {
        if !submission.items.contains(code) {
            return Err(Refusal::NoCommitment(code.clone()));
        }
        match prospect.mode(code, Mode::Commitment) {
            Some(reason) if reason.open => {}
            Some(reason) if reason.ground != Ground::NotListed => {
                return Err(Refusal::ModeClosed(code.clone(), Box::new(reason)));
            }
            Some(_) | None => return Err(Refusal::NoCommitment(code.clone())),
        }
    }
    let missing: Vec<String> = prospect
        .fields(&submission.items, &answers)
        .iter()
        .filter(|field| field.required && !submission.fields.contains_key(&field.key))
        .map(|field| field.key.clone())
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::MissingFields(missing));
    }
    let missing: Vec<String> = prospect
        .papers(&submission.items, &answers)
        .into_iter()
        .filter(|(slot, from)| {
            !slot.deferrable && provenance(submission, &slot.paper, from.as_ref()).is_none()
        })
        .map(|(slot, _)| slot.paper)
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Refusal::MissingPapers(missing)) }
}

fn open_case(
    drafting: &mut Drafting<'_, '_>,
    prospect: &Prospect<'_>,
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
    let modes = prospect.modes(code);
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
        deferral: modes.iter().any(|reason| reason.mode == Mode::Deferral && reason.open),
        at_once: *terms.promised == Limit::AtOnce,
        result: item.result.clone(),
        merged,
        national_code: item.national_code.clone(),
        committed: submission.committed.iter().any(|committed| committed == code),
        modes,
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
