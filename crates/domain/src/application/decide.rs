//! Acts on a joint application handed in: the one correction notice, acceptance, withdrawal.

use std::collections::BTreeMap;

use super::{Application, ApplicationAct, ApplicationFact, Demand, Release, Target};
use crate::{
    acts::Drafting,
    case::{Case, CaseFact},
    ids::{ApplicationId, CaseId},
    paper::{FileReference, Provenance, Provided},
    project::{FieldValue, Project},
    reason::ReasonKind,
    refusal::Refusal,
};

/// Working days for the correction notice (行政许可法 art. 32(4)).
pub const NOTICE_DAYS: u32 = 5;
/// Working days of joint handling by several departments (行政许可法 art. 42).
pub const JOINT_DAYS: u16 = 45;
/// Working days by which the head of government may extend joint handling, once (art. 42).
pub const JOINT_EXTENSION: u16 = 15;

pub(crate) fn decide(
    drafting: &mut Drafting<'_, '_>,
    id: ApplicationId,
    act: &ApplicationAct,
) -> Result<(), Refusal> {
    match act {
        ApplicationAct::RequestCorrection { demands } => request_correction(drafting, id, demands),
        ApplicationAct::SubmitCorrection { papers, fields } => {
            submit_correction(drafting, id, papers, fields)
        }
        ApplicationAct::AcceptApplication { cases } => accept(drafting, id, cases),
        ApplicationAct::ChooseRelease { release } => {
            if drafting.application(id)?.release == *release {
                return Err(Refusal::AlreadySo);
            }
            drafting.add_application(id, ApplicationFact::ReleaseChosen(*release));
            Ok(())
        }
        ApplicationAct::WithdrawApplication { reason, text } => {
            let application = drafting.application(id)?;
            for case in drafting.cases_from(&application) {
                crate::case::withdraw(drafting, case.opened.case, reason, text.clone())?;
            }
            Ok(())
        }
        ApplicationAct::ExtendJoint { days, reason } => {
            drafting.context.check_reason(ReasonKind::Extension, reason)?;
            if !(1..=JOINT_EXTENSION).contains(days) {
                return Err(Refusal::ExtensionTooLong(JOINT_EXTENSION));
            }
            let (days, reason) = (*days, reason.clone());
            drafting.add_application(id, ApplicationFact::JointExtended { days, reason });
            Ok(())
        }
        ApplicationAct::DeemAccepted => deem_accepted(drafting, id),
        ApplicationAct::LapseCorrection => lapse_correction(drafting, id),
    }
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
            Target::Paper(key) => application
                .slot(key)
                .is_some_and(|slot| slot.current().is_none_or(Provenance::is_owners)),
            Target::Field(key) => {
                application.fields.contains_key(key) || drafting.project.fields.contains_key(key)
            }
        };
        if !listed {
            return Err(Refusal::NotListed(demand.target.clone()));
        }
    }
    let today = drafting.context.today();
    let catalog = drafting.context.catalog;
    let until = catalog.calendar.nth_working_day_after(today, catalog.pack.correction_days);
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
