//! Acts on the project as a whole.

use std::collections::BTreeMap;

use super::{FieldValue, OrganisationReference, Planned, ProjectAct, ProjectFact};
use crate::{
    acts::{Context, Drafting, NumberKind},
    case::Predecessor,
    catalog::{Catalog, Edge, Endpoint, Field},
    codes::ProjectCode,
    ids::PersonId,
    refusal::Refusal,
    time::Day,
};

/// What registering a project needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The code, when the national platform gave one already.
    pub code: Option<ProjectCode>,
    /// Name.
    pub name: String,
    /// Owner.
    pub owner: OrganisationReference,
    /// Division or zone of the site.
    pub region: u32,
    /// Key of the flow template.
    pub flow: String,
    /// The registration form.
    pub fields: BTreeMap<String, FieldValue>,
    /// The person to be reached.
    pub contact: Option<PersonId>,
}

pub(crate) fn decide_registration(
    registration: Registration,
    context: &mut Context<'_>,
) -> Result<ProjectFact, Refusal> {
    let Registration { code, name, owner, region, flow, fields, contact } = registration;
    if !context.catalog.flows.contains_key(&flow) {
        return Err(Refusal::UnknownFlow(flow));
    }
    if !context.catalog.regions.contains_key(&region) {
        return Err(Refusal::UnknownRegion(region));
    }
    let missing: Vec<String> = context
        .catalog
        .fields
        .iter()
        .filter(|field| field.at_registration && field.required)
        .filter(|field| !fields.contains_key(&field.key))
        .map(|field| field.key.clone())
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::MissingFields(missing));
    }
    if let Some((.., day)) = dates_out_of_order(context.catalog, &fields).next() {
        return Err(Refusal::BadDay(day));
    }
    let day = context.today();
    let code = code.unwrap_or_else(|| {
        ProjectCode::assign(day, region, context.supply.number(NumberKind::Project, day))
    });
    let fields = fields.into_iter().collect();
    Ok(ProjectFact::Registered { code, name, owner, region, flow, fields, contact })
}

/// Dates that precede the one they may not precede: the field, that other field, and the day.
pub fn dates_out_of_order<'a>(
    catalog: &'a Catalog,
    values: &'a BTreeMap<String, FieldValue>,
) -> impl Iterator<Item = (&'a Field, &'a Field, Day)> {
    let date = |key: &str| match values.get(key) {
        Some(FieldValue::Date(day)) => Some(*day),
        Some(_) | None => None,
    };
    catalog.fields.iter().filter_map(move |field| {
        let other = catalog.field(field.not_before.as_deref()?)?;
        let (day, earliest) = (date(&field.key)?, date(&other.key)?);
        (day < earliest).then_some((field, other, day))
    })
}

pub(crate) fn decide(drafting: &mut Drafting<'_, '_>, act: &ProjectAct) -> Result<(), Refusal> {
    match act {
        ProjectAct::AgreePlan { milestones } => agree_plan(drafting, milestones),
        ProjectAct::MarkKeyProject => {
            drafting.add_project(ProjectFact::MarkedKey);
            Ok(())
        }
        ProjectAct::RecordMilestone { key, on } => record_milestone(drafting, key, *on),
        ProjectAct::MissDuty => miss_duties(drafting),
        ProjectAct::IssueDocument(issued, since) => {
            crate::document::issue(drafting, issued, *since)
        }
        ProjectAct::ReadInClear { reason, text } => {
            super::reading::read_in_clear(drafting, reason, text.as_ref())
        }
        ProjectAct::AuthoriseAgent { agent, powers, until } => {
            super::agency::authorise(drafting, *agent, powers, *until)
        }
        ProjectAct::EndAgency { agent } => super::agency::end(drafting, *agent),
        ProjectAct::RecordRegisterAnswer(answer) => crate::paper::record_answer(drafting, answer),
    }
}

fn agree_plan(drafting: &mut Drafting<'_, '_>, milestones: &[Planned]) -> Result<(), Refusal> {
    if milestones.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    let catalog = drafting.context.catalog;
    for planned in milestones {
        let known = match Endpoint::read(&planned.what) {
            Endpoint::Item(code) => catalog.item(&code).is_some(),
            Endpoint::Milestone(key) => catalog.milestone(&key).is_some(),
        };
        if !known {
            return Err(Refusal::UnknownMilestone(planned.what.clone()));
        }
    }
    let mut milestones = milestones.to_vec();
    milestones.sort_by(|a, b| (a.by, &a.what).cmp(&(b.by, &b.what)));
    if drafting.project.plan == milestones {
        return Err(Refusal::AlreadySo);
    }
    drafting.add_project(ProjectFact::PlanAgreed { milestones });
    Ok(())
}

fn record_milestone(drafting: &mut Drafting<'_, '_>, key: &str, on: Day) -> Result<(), Refusal> {
    let catalog = drafting.context.catalog;
    let unknown = || Refusal::UnknownMilestone(key.to_owned());
    let milestone = catalog.milestone(key).ok_or_else(unknown)?;
    let at = drafting.context.standpoint();
    if !at.may_record(&drafting.project, milestone) {
        return Err(Refusal::MilestoneOfAnother(milestone.recorded_by.clone()));
    }
    if let Some(day) = drafting.project.milestones.get(key) {
        return Err(Refusal::MilestoneKnown(*day));
    }
    if on > drafting.context.today() {
        return Err(Refusal::BadDay(on));
    }
    let missing = milestone_predecessors(drafting, key);
    if !missing.is_empty() {
        return Err(Refusal::MilestoneWaitsFor(missing));
    }
    drafting.add_project(ProjectFact::MilestoneReached { key: key.to_owned(), on });
    let after = Endpoint::Milestone(key.to_owned()).to_string();
    for duty in catalog.duties.iter().filter(|duty| duty.after == after) {
        let flow = catalog.flows.get(&drafting.project.flow);
        if flow.is_some_and(|flow| flow.stage_of(&duty.item).is_some()) {
            let until = duty.within.after(on, &catalog.calendar);
            let (item, basis) = (duty.item.clone(), duty.basis.clone());
            drafting.add_project(ProjectFact::DutyArose { item, until, basis });
        }
    }
    Ok(())
}

/// Duties whose last day passed without the item having been applied for are put on record.
fn miss_duties(drafting: &mut Drafting<'_, '_>) -> Result<(), Refusal> {
    let today = drafting.context.today();
    let open: Vec<(String, Day)> =
        drafting.project.open_duties().map(|duty| (duty.item.clone(), duty.until)).collect();
    let Some(first) = open.iter().map(|(_, until)| *until).min() else {
        return Err(Refusal::AlreadySo);
    };
    if today <= first {
        return Err(Refusal::NotDueYet(first.plus(1)));
    }
    for (item, until) in open.into_iter().filter(|(_, until)| today > *until) {
        drafting.add_project(ProjectFact::DutyMissed { item, until });
    }
    Ok(())
}

/// Items and milestones that must come before a milestone: those the flow names, as far as
/// the project has to have them.
fn milestone_predecessors(drafting: &Drafting<'_, '_>, key: &str) -> Vec<String> {
    let (project, catalog) = (&drafting.project, drafting.context.catalog);
    let Some(flow) = catalog.flows.get(&project.flow) else { return Vec::new() };
    let missing = |edge: &&Edge| match &edge.before {
        Endpoint::Milestone(before) => !project.milestones.contains_key(before),
        Endpoint::Item(code) => {
            let needed = flow
                .entries
                .iter()
                .any(|entry| entry.item == *code && entry.need.holds(&project.answers));
            needed && !project.has(&Predecessor::Item(code.clone()))
        }
    };
    flow.edges_into(&Endpoint::Milestone(key.to_owned()), &project.answers)
        .filter(missing)
        .map(|edge| edge.before.to_string())
        .collect()
}
