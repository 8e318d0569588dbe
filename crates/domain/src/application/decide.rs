//! Acts on a joint application: submission, the one correction notice, acceptance.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Application, ApplicationFact, Demand, Release, Target, known_answers, questions::concerns,
    stage_questions,
};
use crate::{
    acts::{Act, Drafting, NumberKind},
    case::{Case, CaseFact, Opened, Predecessor},
    catalog::{Catalog, Endpoint, Field, Flow, Item, PaperSource},
    ids::{ApplicationId, CaseId},
    limit::Limit,
    paper::{FileReference, Provenance, Provided, Slot},
    project::{FieldValue, Project},
    reason::ReasonKind,
    refusal::Refusal,
    time::Day,
};

/// Working days for the correction notice (行政许可法 art. 32(4)).
pub const NOTICE_DAYS: u32 = 5;
/// Working days of joint handling by several departments (行政许可法 art. 42).
pub const JOINT_DAYS: u16 = 45;
/// Working days by which the head of government may extend joint handling, once (art. 42).
pub const JOINT_EXTENSION: u16 = 15;
/// Working days for the corrections; not fixed nationally, a default to be confirmed.
pub const CORRECTION_DAYS: u32 = 15;

pub(crate) fn decide(
    drafting: &mut Drafting<'_, '_>,
    id: ApplicationId,
    act: &Act,
) -> Result<(), Refusal> {
    match act {
        Act::RequestCorrection { demands, .. } => request_correction(drafting, id, demands),
        Act::SubmitCorrection { papers, fields, .. } => {
            submit_correction(drafting, id, papers, fields)
        }
        Act::AcceptApplication { cases, .. } => accept(drafting, id, cases),
        Act::ChooseRelease { release, .. } => {
            if drafting.application(id)?.release == *release {
                return Err(Refusal::AlreadySo);
            }
            drafting.add_application(id, ApplicationFact::ReleaseChosen(*release));
            Ok(())
        }
        Act::WithdrawApplication { reason, text, .. } => {
            let application = drafting.application(id)?;
            for case in drafting.cases_from(&application) {
                crate::case::withdraw(drafting, case.opened.case, reason, text.clone())?;
            }
            Ok(())
        }
        Act::ExtendJoint { days, reason, .. } => {
            drafting.context.check_reason(ReasonKind::Extension, reason)?;
            if !(1..=JOINT_EXTENSION).contains(days) {
                return Err(Refusal::ExtensionTooLong(JOINT_EXTENSION));
            }
            let (days, reason) = (*days, reason.clone());
            drafting.add_application(id, ApplicationFact::JointExtended { days, reason });
            Ok(())
        }
        Act::DeemAccepted { .. } => deem_accepted(drafting, id),
        Act::LapseCorrection { .. } => lapse_correction(drafting, id),
        // Acts about the project or a case are dispatched by their subject.
        Act::SubmitApplication { .. }
        | Act::AgreePlan { .. }
        | Act::MarkKeyProject
        | Act::RecordMilestone { .. }
        | Act::RefuseAcceptance { .. }
        | Act::DeclareNotRequired { .. }
        | Act::ClaimCase { .. }
        | Act::GiveOpinion { .. }
        | Act::ReviewCase { .. }
        | Act::SendBack { .. }
        | Act::DecideCase { .. }
        | Act::AskSpecialProcedure { .. }
        | Act::ApproveSpecialProcedure { .. }
        | Act::RejectSpecialProcedure { .. }
        | Act::EndSpecialProcedure { .. }
        | Act::ExtendLimit { .. }
        | Act::WithdrawCase { .. }
        | Act::RevokeDecision { .. }
        | Act::ProvideOwedPaper { .. }
        | Act::ConfirmOwedPaper { .. }
        | Act::ReturnOwedPaper { .. }
        | Act::AskExtension { .. }
        | Act::GrantExtension { .. }
        | Act::RefuseExtension { .. }
        | Act::Recheck { .. }
        | Act::EndTerm { .. }
        | Act::ServeResult { .. }
        | Act::SettleCalendar { .. }
        | Act::CheckCommitment { .. }
        | Act::MissDuty
        | Act::ResumeClock { .. }
        | Act::CloseGap { .. } => Err(Refusal::UnknownApplication(id)),
    }
}

/// Hands a new application in.
pub(crate) fn submit(drafting: &mut Drafting<'_, '_>, act: &Act) -> Result<(), Refusal> {
    let Act::SubmitApplication { stage, items, committed, answers, fields, papers, release } = act
    else {
        return Err(Refusal::NothingChosen);
    };
    let submission =
        Submission { stage: *stage, items, committed, answers, fields, papers, release: *release };
    submit_checked(drafting, &submission)
}

struct Submission<'a> {
    stage: u8,
    items: &'a [String],
    committed: &'a [String],
    answers: &'a BTreeMap<String, String>,
    fields: &'a BTreeMap<String, FieldValue>,
    papers: &'a BTreeMap<String, FileReference>,
    release: Release,
}

/// The stage form: fields that the items need and the project does not know yet.
#[must_use]
pub fn stage_fields<'a>(
    catalog: &'a Catalog,
    project: &Project,
    items: &[String],
) -> Vec<&'a Field> {
    catalog
        .fields
        .iter()
        .filter(|field| !field.at_registration)
        .filter(|field| field.items.iter().any(|item| items.contains(item)))
        .filter(|field| !project.fields.contains_key(&field.key))
        .collect()
}

/// The one set of papers: every paper the items ask for, once, with where it comes from when
/// the owner need not hand it in. `answers` are those of the project and of this application.
#[must_use]
pub fn paper_set(
    catalog: &Catalog,
    project: &Project,
    items: &[String],
    answers: &BTreeMap<String, String>,
) -> Vec<(Slot, Option<Provenance>)> {
    let mut slots: Vec<(Slot, Option<Provenance>)> = Vec::new();
    for code in items {
        let Some(host) = catalog.terms(code, project.region) else { continue };
        let parts = catalog.flows.get(&project.flow).into_iter().flat_map(|flow| &flow.entries);
        let merged = parts
            .filter(|entry| entry.merged_into.as_ref() == Some(code) && entry.need.holds(answers))
            .filter_map(|entry| catalog.terms(&entry.item, project.region));
        for terms in std::iter::once(host).chain(merged) {
            let core = terms.papers().map(|paper| (paper, false));
            let deferrable = terms.deferrable().map(|paper| (paper, true));
            for (key, deferrable) in core.chain(deferrable) {
                add_slot(&mut slots, catalog, project, (items, answers), code, key, deferrable);
            }
        }
    }
    slots
}

fn add_slot(
    slots: &mut Vec<(Slot, Option<Provenance>)>,
    catalog: &Catalog,
    project: &Project,
    (items, answers): (&[String], &BTreeMap<String, String>),
    item: &str,
    key: &str,
    deferrable: bool,
) {
    if let Some((slot, _)) = slots.iter_mut().find(|(slot, _)| slot.paper == key) {
        if !slot.items.iter().any(|known| known == item) {
            slot.items.push(item.to_owned());
        }
        // Core for one item is core for the set.
        slot.deferrable &= deferrable;
        return;
    }
    let Some(paper) = catalog.papers.get(key) else { return };
    let elsewhere = |source: &PaperSource| match source {
        PaperSource::Owner | PaperSource::Items(_) => None,
        PaperSource::Register(name) => Some(Provenance::Register(name.clone())),
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
        source @ (PaperSource::Owner | PaperSource::Register(_)) => elsewhere(source),
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

fn submit_checked(
    drafting: &mut Drafting<'_, '_>,
    submission: &Submission<'_>,
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
    for code in submission.items {
        cases.push(open_case(drafting, flow, submission, &answers, code)?);
    }
    let set = paper_set(catalog, &drafting.project, submission.items, &answers);
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
    submission: &Submission<'_>,
) -> BTreeMap<String, String> {
    let mut answers = submission.answers.clone();
    answers.extend(known_answers(catalog, project));
    answers
}

fn check_submission(
    project: &Project,
    catalog: &Catalog,
    flow: &Flow,
    submission: &Submission<'_>,
) -> Result<(), Refusal> {
    if submission.items.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    let open = stage_questions(catalog, project, submission.stage, submission.answers);
    let unanswered: Vec<String> = open.iter().map(|question| question.key.clone()).collect();
    if !unanswered.is_empty() {
        return Err(Refusal::MissingAnswers(unanswered));
    }
    for (key, answer) in submission.answers {
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
    for code in submission.items {
        if !needed.iter().any(|entry| entry.item == *code) || !seen.insert(code) {
            return Err(Refusal::NotInStage(code.clone()));
        }
        if !project.is_free(code) {
            return Err(Refusal::AlreadyApplied(code.clone()));
        }
    }
    for code in submission.committed {
        let allowed = catalog.item(code).is_some_and(|item| item.commitment);
        if !allowed || !submission.items.contains(code) {
            return Err(Refusal::NoCommitment(code.clone()));
        }
    }
    let missing: Vec<String> = stage_fields(catalog, project, submission.items)
        .iter()
        .filter(|field| field.required && !submission.fields.contains_key(&field.key))
        .map(|field| field.key.clone())
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::MissingFields(missing));
    }
    let missing: Vec<String> = paper_set(catalog, project, submission.items, &answers)
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
    submission: &Submission<'_>,
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

fn request_correction(
    drafting: &mut Drafting<'_, '_>,
    id: ApplicationId,
    demands: &[Demand],
) -> Result<(), Refusal> {
    let application = drafting.application(id)?;
    if demands.is_empty() {
        return Err(Refusal::EmptyNotice);
    }
    for demand in demands {
        drafting.context.check_reason(ReasonKind::Correction, &demand.reason)?;
        let listed = match &demand.target {
            // What the platform pulls is never asked of the owner.
            Target::Paper(key) => application.slot(key).is_some_and(|slot| match slot.current() {
                None | Some(Provenance::Uploaded(_)) => true,
                Some(Provenance::Result(_) | Provenance::Awaited(_) | Provenance::Register(_)) => {
                    false
                }
            }),
            Target::Field(key) => {
                application.fields.contains_key(key) || drafting.project.fields.contains_key(key)
            }
        };
        if !listed {
            return Err(Refusal::NotListed(demand.target.clone()));
        }
    }
    let today = drafting.context.today();
    let calendar = &drafting.context.catalog.calendar;
    let until = calendar.nth_working_day_after(today, CORRECTION_DAYS);
    let demands = demands.to_vec();
    drafting.add_application(id, ApplicationFact::CorrectionRequested { demands, until });
    for case in drafting.cases_from(&application) {
        drafting.add_case(case.opened.case, CaseFact::CorrectionAsked);
    }
    Ok(())
}

fn submit_correction(
    drafting: &mut Drafting<'_, '_>,
    id: ApplicationId,
    papers: &BTreeMap<String, FileReference>,
    fields: &BTreeMap<String, FieldValue>,
) -> Result<(), Refusal> {
    let application = drafting.application(id)?;
    let Some(correction) = application.open_correction() else { return Err(Refusal::AlreadySo) };
    let answered = |target: &Target| match target {
        Target::Paper(key) => papers.contains_key(key),
        Target::Field(key) => fields.contains_key(key),
    };
    let open: Vec<Target> = correction
        .demands
        .iter()
        .map(|demand| demand.target.clone())
        .filter(|target| !answered(target))
        .collect();
    if !open.is_empty() {
        return Err(Refusal::StillOpen(open));
    }
    // What was not sent back stays as it is.
    let asked = |target: Target| correction.demands.iter().any(|demand| demand.target == target);
    for key in papers.keys() {
        if !asked(Target::Paper(key.clone())) {
            return Err(Refusal::NotListed(Target::Paper(key.clone())));
        }
    }
    for key in fields.keys() {
        if !asked(Target::Field(key.clone())) {
            return Err(Refusal::NotListed(Target::Field(key.clone())));
        }
    }
    let papers = papers
        .iter()
        .map(|(paper, file)| Provided {
            paper: paper.clone(),
            from: Provenance::Uploaded(file.clone()),
        })
        .collect();
    let fields = fields.clone().into_iter().collect();
    drafting.add_application(id, ApplicationFact::Corrected { papers, fields });
    for case in drafting.cases_from(&application) {
        drafting.add_case(case.opened.case, CaseFact::CorrectionAnswered);
    }
    Ok(())
}

fn accept(
    drafting: &mut Drafting<'_, '_>,
    id: ApplicationId,
    chosen: &[CaseId],
) -> Result<(), Refusal> {
    let application = drafting.application(id)?;
    let ready = drafting.cases_from(&application);
    for case in chosen {
        if !ready.iter().any(|ready| ready.opened.case == *case) {
            return Err(Refusal::UnknownCase(*case));
        }
    }
    // Five working days without a notice: accepted by law since the day of receipt, whatever
    // the window does now. Else day 0 is the day of acceptance; a submission on a rest day is
    // received, and can be accepted, on the next working day at the earliest.
    let today = drafting.context.today();
    let deemed = application.correction.is_none() && today > application.notice_until;
    let on = if deemed { application.received_on } else { today.max(application.received_on) };
    for case in ready {
        if chosen.is_empty() || chosen.contains(&case.opened.case) {
            crate::case::accept(drafting, &application, &case, on, deemed)?;
        }
    }
    Ok(())
}

fn deem_accepted(drafting: &mut Drafting<'_, '_>, id: ApplicationId) -> Result<(), Refusal> {
    let application = drafting.application(id)?;
    if drafting.context.today() <= application.notice_until {
        return Err(Refusal::NotDueYet(application.notice_until.plus(1)));
    }
    // The law: accepted from the day of receipt.
    for case in drafting.cases_from(&application) {
        crate::case::accept(drafting, &application, &case, application.received_on, true)?;
    }
    Ok(())
}

fn lapse_correction(drafting: &mut Drafting<'_, '_>, id: ApplicationId) -> Result<(), Refusal> {
    let application = drafting.application(id)?;
    let Some(correction) = application.open_correction() else { return Err(Refusal::AlreadySo) };
    if drafting.context.today() <= correction.until {
        return Err(Refusal::NotDueYet(correction.until.plus(1)));
    }
    for case in drafting.cases_from(&application) {
        let reason = "correction-overdue".to_owned();
        let refused = CaseFact::AcceptanceRefused { reason, text: None };
        drafting.add_case(case.opened.case, refused);
    }
    Ok(())
}

/// Decided cases whose results may now be handed over: each at once when the owner chose
/// early release, else all when no case of the stage is open any more.
pub(crate) fn to_serve(project: &Project, application: &Application) -> Vec<CaseId> {
    let cases: Vec<&Case> = project.cases_of(application).map(|case| &**case).collect();
    let stage_ended = cases.iter().all(|case| case.opened.side || !case.is_open());
    cases
        .iter()
        .filter(|case| case.decision.is_some() && case.served.is_none())
        // What advances in parallel neither waits for the others nor keeps them waiting.
        .filter(|case| application.release == Release::Early || case.opened.side || stage_ended)
        .map(|case| case.opened.case)
        .collect()
}
