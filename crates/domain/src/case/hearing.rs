//! Hearings (听证): the right is told, asked for within five working days, the hearing held
//! within twenty, its time and place told seven days ahead; the days do not count and the
//! decision rests on the minutes (行政许可法 art. 45, 47, 48).

use super::{Case, CaseFact, Standing};
use crate::{
    acts::{ActName, Drafting},
    ids::AccountId,
    refusal::Refusal,
    sealed::Sealed,
    time::Day,
};

/// Working days within which a hearing is asked for (art. 47).
pub(crate) const ASK_DAYS: u32 = 5;
/// Working days within which it is held (art. 47).
pub(crate) const HOLD_DAYS: u16 = 20;
/// Working days by which time and place are told before (art. 48).
pub(crate) const NOTICE_AHEAD: u32 = 7;
/// The coded reason of the special procedure that a hearing is.
const REASON: &str = "hearing";

/// A hearing of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearing {
    /// The last day to ask for it.
    pub ask_by: Day,
    /// How far it has come.
    pub stage: HearingStage,
    /// When and where, and who chairs, once told.
    pub notice: Option<HearingNotice>,
}

/// How far a hearing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HearingStage {
    /// The right was told.
    Offered,
    /// The right was given up.
    Waived,
    /// It was asked for, and has to be held by this day.
    Asked(Day),
    /// It was held on this day.
    Held(Day),
}

/// The notice of time and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HearingNotice {
    /// The day.
    pub on: Day,
    /// Time of day and place.
    pub place: Sealed,
    /// Who chairs: nobody who reviewed the case.
    pub chair: AccountId,
}

impl Case {
    /// Why a decision has to wait for a hearing.
    #[must_use]
    pub fn waits_for_hearing(&self, today: Day) -> Option<Refusal> {
        let hearing = self.hearing.as_ref()?;
        match hearing.stage {
            HearingStage::Offered if today <= hearing.ask_by => {
                Some(Refusal::HearingMayBeAsked(hearing.ask_by))
            }
            HearingStage::Asked(hold_by) => Some(Refusal::HearingNotHeld(hold_by)),
            HearingStage::Offered | HearingStage::Waived | HearingStage::Held(_) => None,
        }
    }

    /// Whether somebody handled the case: such a person does not chair its hearing (art. 48).
    #[must_use]
    pub fn was_handled_by(&self, account: AccountId) -> bool {
        self.officer == Some(account)
            || self.opinions.iter().any(|opinion| opinion.by.account == Some(account))
    }
}

/// What stands against an act on a hearing.
pub(crate) fn hindrance(name: ActName, case: &Case, today: Day) -> Option<Refusal> {
    let stage = case.hearing.as_ref().map(|hearing| (hearing.stage, hearing.ask_by));
    match (name, stage) {
        (ActName::OfferHearing, None) => None,
        (ActName::OfferHearing, Some(_)) => Some(Refusal::AlreadySo),
        (ActName::AskHearing | ActName::WaiveHearing, Some((HearingStage::Offered, ask_by))) => {
            (today > ask_by).then_some(Refusal::AskedTooLate(ask_by))
        }
        (ActName::NotifyHearing, Some((HearingStage::Asked(_), _))) => None,
        (ActName::HoldHearing, Some((HearingStage::Asked(_), _))) => {
            match case.hearing.as_ref().and_then(|hearing| hearing.notice.as_ref()) {
                None => Some(Refusal::HearingNotNotified),
                Some(notice) if today < notice.on => Some(Refusal::NotDueYet(notice.on)),
                Some(_) => None,
            }
        }
        _ => Some(Refusal::NoHearing),
    }
}

pub(super) fn offer(drafting: &mut Drafting<'_, '_>, case: &Case, text: &Sealed) {
    super::decide::claim_if_free(drafting, case);
    let calendar = case.calendar(drafting.context.catalog);
    let ask_by = calendar.nth_working_day_after(drafting.context.today(), ASK_DAYS);
    let text = text.clone();
    drafting.add_case(case.opened.case, CaseFact::HearingOffered { ask_by, text });
}

/// The clock stops from the day it is asked for; no leader has to approve what the law grants.
pub(super) fn ask(drafting: &mut Drafting<'_, '_>, case: &Case, text: &Sealed) {
    let (id, from) = (case.opened.case, drafting.context.today());
    let catalog = drafting.context.catalog;
    let calendar = case.calendar(catalog);
    let hold_by = calendar.nth_working_day_after(from, u32::from(HOLD_DAYS));
    let coded = catalog.reason(REASON);
    let (name, basis) = coded.map(|it| (it.name.clone(), it.basis.clone())).unwrap_or_default();
    if case.asked_special().is_some() {
        drafting.add_case(id, CaseFact::SpecialRejected);
    }
    drafting.add_case(id, CaseFact::HearingAsked { hold_by, text: text.clone() });
    let (reason, planned_days, text) = (REASON.to_owned(), HOLD_DAYS, text.clone());
    drafting.add_case(id, CaseFact::SpecialAsked { reason, name, basis, planned_days, text });
    drafting.add_case(id, CaseFact::SpecialApproved { from, planned_end: hold_by });
}

pub(super) fn notify(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    notice: &HearingNotice,
) -> Result<(), Refusal> {
    let Some(HearingStage::Asked(hold_by)) = case.hearing.as_ref().map(|hearing| hearing.stage)
    else {
        return Err(Refusal::NoHearing);
    };
    let calendar = case.calendar(drafting.context.catalog);
    let first = calendar.nth_working_day_after(drafting.context.today(), NOTICE_AHEAD);
    if notice.on < first || !calendar.is_working(notice.on) {
        return Err(Refusal::HearingTooSoon(first));
    }
    if notice.on > hold_by {
        return Err(Refusal::HearingTooLate(hold_by));
    }
    if case.was_handled_by(notice.chair) {
        return Err(Refusal::ChairHandledCase);
    }
    let HearingNotice { on, place, chair } = notice.clone();
    drafting.add_case(case.opened.case, CaseFact::HearingNotified { on, place, chair });
    Ok(())
}

pub(super) fn hold(drafting: &mut Drafting<'_, '_>, case: &Case, text: &Sealed) {
    let id = case.opened.case;
    let held = case.hearing.as_ref().and_then(|hearing| hearing.notice.as_ref());
    let on = held.map_or(drafting.context.today(), |notice| notice.on);
    drafting.add_case(id, CaseFact::HearingHeld { on, text: text.clone() });
    if case.standing == Standing::Paused {
        let on = super::special::pause_end(drafting, case);
        drafting.add_case(id, CaseFact::SpecialEnded { on, by_itself: false });
    }
}
