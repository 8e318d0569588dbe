//! Opinions and the decision, with the number of its document.

use super::{
    Case, CaseFact, Decision, Hand, Outcome, Owed, Predecessor, Recommendation, Standing, Verdict,
    decide::claim_if_free, validity,
};
use crate::{
    acts::{Drafting, NumberKind},
    catalog::LifeFrom,
    credit,
    reason::ReasonKind,
    refusal::Refusal,
    sealed::Sealed,
    time::Day,
};

/// Calendar days in which administrative review may be asked for (行政复议法).
const REVIEW_DAYS: u16 = 60;

/// Months in which a suit may be brought (行政诉讼法).
const SUIT_MONTHS: u8 = 6;

pub(super) fn opinion(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    hand: Hand,
    recommendation: Recommendation,
    reason: Option<&String>,
    text: &Sealed,
) -> Result<(), Refusal> {
    match (recommendation, reason) {
        (Recommendation::Refuse, Some(reason)) => {
            drafting.context.check_reason(ReasonKind::Refusal, reason)?;
        }
        (Recommendation::Refuse, None) => return Err(Refusal::ReasonNeeded),
        (Recommendation::PassWithGap, _) if !case.opened.deferral => {
            return Err(Refusal::NoDeferral);
        }
        (Recommendation::Pass | Recommendation::PassWithGap, _) => {}
    }
    let reason = reason.filter(|_| recommendation == Recommendation::Refuse).cloned();
    let text = text.clone();
    let fact = CaseFact::OpinionGiven { hand, recommendation, reason, text };
    drafting.add_case(case.opened.case, fact);
    Ok(())
}

pub(super) fn decide_case(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    verdict: &Verdict,
    text: &Sealed,
) -> Result<(), Refusal> {
    let outcome = outcome(drafting, case, verdict)?;
    let granted = !matches!(outcome, Outcome::Refuse { .. });
    if granted {
        let missing: Vec<Predecessor> =
            drafting.project.missing_predecessors(case).cloned().collect();
        if !missing.is_empty() {
            return Err(Refusal::WaitsFor(missing));
        }
    }
    if case.standing == Standing::WithOfficer {
        claim_if_free(drafting, case);
    }
    let today = drafting.context.today();
    let document = (granted && !case.opened.result.is_empty()).then(|| {
        let kind = if is_construction_permit(case) {
            NumberKind::ConstructionPermit
        } else {
            NumberKind::Document
        };
        let serial = drafting.context.supply.number(kind, today);
        document_number(case, drafting.project.region, today, serial)
    });
    let decision = Decision { outcome, document, text: text.clone() };
    let refused = match &decision.outcome {
        Outcome::Refuse { reason, .. } => Some(reason.clone()),
        Outcome::Pass | Outcome::PassWithGap { .. } => None,
    };
    drafting.add_case(case.opened.case, CaseFact::Decided(decision));
    if let Some(reason) = refused {
        credit::arise(drafting, case, &reason);
    }
    if granted && let Some(begun) = validity::begin(drafting, case, LifeFrom::Decided, today) {
        drafting.add_case(case.opened.case, begun);
    }
    Ok(())
}

fn outcome(
    drafting: &Drafting<'_, '_>,
    case: &Case,
    verdict: &Verdict,
) -> Result<Outcome, Refusal> {
    let unconfirmed: Vec<String> = case
        .owed
        .iter()
        .filter(|owed| owed.confirmed.is_none())
        .map(|owed| owed.owed.paper.clone())
        .collect();
    match verdict {
        Verdict::Pass if unconfirmed.is_empty() => Ok(Outcome::Pass),
        Verdict::Pass => Err(Refusal::PapersOwed(unconfirmed)),
        Verdict::PassWithGap { papers, until } => {
            if !case.opened.deferral {
                return Err(Refusal::NoDeferral);
            }
            if *until <= drafting.context.today() {
                return Err(Refusal::BadDay(*until));
            }
            let mut owed: Vec<String> = unconfirmed;
            owed.extend(
                papers.iter().filter(|paper| !owed.contains(paper)).cloned().collect::<Vec<_>>(),
            );
            if owed.is_empty() {
                return Err(Refusal::NothingChosen);
            }
            // What could follow was settled when it was handed in.
            let application = drafting.application(case.application)?;
            for paper in papers {
                let slot = application.slot(paper).map(|slot| &slot.slot);
                if !slot.is_some_and(|it| it.deferrable && it.items.contains(&case.opened.item)) {
                    return Err(Refusal::NotOwed(paper.clone()));
                }
            }
            let owed = owed.into_iter().map(|paper| Owed { paper, until: *until }).collect();
            Ok(Outcome::PassWithGap { owed })
        }
        Verdict::Refuse { reason } => {
            drafting.context.check_reason(ReasonKind::Refusal, reason)?;
            Ok(Outcome::Refuse {
                reason: reason.clone(),
                review_days: REVIEW_DAYS,
                suit_months: SUIT_MONTHS,
            })
        }
    }
}

fn is_construction_permit(case: &Case) -> bool {
    case.opened.national_code.starts_with("012")
}

/// Construction permits have a national form: area, day, two digits of serial, class (01
/// buildings). Other documents: item, area, year and serial of the day.
fn document_number(case: &Case, region: u32, day: Day, serial: u32) -> String {
    let (year, month, date) = day.ymd();
    if is_construction_permit(case) {
        return format!("{region:06}{year:04}{month:02}{date:02}{:02}01", serial % 100);
    }
    let item = case.opened.item.replace('-', "");
    format!("{item}-{region:06}-{year:04}{month:02}{date:02}-{serial:03}")
}
