//! Hearings (听证): the right is told, asked for within five working days, the hearing held
//! within twenty, its time and place told seven days ahead; the days do not count and the
//! decision rests on the minutes (行政许可法 art. 45, 47, 48).

use super::{Case, CaseFact, Standing};
use crate::{
    acts::{ActName, Drafting},
    ids::AccountId,
    permission::Role,
    refusal::Refusal,
    sealed::Sealed,
    time::Day,
};

/// Working days within which a hearing is asked for (art. 47).
pub(crate) const ASK_DAYS: u32 = 5;
/// Working days within which it is held (art. 47).
pub(crate) const HOLD_DAYS: u16 = 20;
/// Working days by which time and place are told before (art. 48).
pub const NOTICE_AHEAD: u32 = 7;
/// The coded reason of the special procedure that a hearing is; nobody asks for it as such.
pub const HEARING_REASON: &str = "hearing";

/// A hearing of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearing {
    /// The last day to ask for it.
    pub ask_by: Day,
    /// Others than the owner are concerned (利害关系人): they ask at the window, and the owner
    /// cannot give their right up.
    pub others: bool,
    /// How far it has come.
    pub stage: HearingStage,
    /// Whether it was the owner who asked.
    pub asked_by_owner: bool,
    /// When and where, and who chairs, each time it was told; the last counts.
    pub notices: Vec<HearingNotice>,
}

impl Hearing {
    /// Time, place and chair as last told.
    #[must_use]
    pub fn notice(&self) -> Option<&HearingNotice> {
        self.notices.last()
    }
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
            HearingStage::Offered => {
                (today <= hearing.ask_by).then_some(Refusal::HearingMayBeAsked(hearing.ask_by))
            }
            HearingStage::Waived => (hearing.others && today <= hearing.ask_by)
                .then_some(Refusal::HearingMayBeAsked(hearing.ask_by)),
            HearingStage::Asked(hold_by) => Some(Refusal::HearingNotHeld(hold_by)),
            HearingStage::Held(_) => None,
        }
    }

    /// Why no opinion is given now: it has to rest on the minutes (art. 48).
    #[must_use]
    pub fn opinion_waits(&self) -> Option<Refusal> {
        match self.hearing.as_ref()?.stage {
            HearingStage::Asked(hold_by) => Some(Refusal::HearingNotHeld(hold_by)),
            HearingStage::Offered | HearingStage::Waived | HearingStage::Held(_) => None,
        }
    }

    /// Whether somebody chairs its hearing: such a person has no hand in the case (art. 48).
    #[must_use]
    pub fn is_chaired_by(&self, account: Option<AccountId>) -> bool {
        let notice = self.hearing.as_ref().and_then(Hearing::notice);
        notice.is_some_and(|notice| Some(notice.chair) == account)
    }

    /// Whether the running pause is that of a hearing.
    #[must_use]
    pub fn pauses_for_hearing(&self) -> bool {
        let pause = self.ledger.as_ref().and_then(|ledger| ledger.pauses.last());
        self.standing == Standing::Paused
            && pause.is_some_and(|pause| pause.reason == HEARING_REASON)
    }

    /// Whether somebody handled the case: such a person does not chair its hearing (art. 48).
    #[must_use]
    pub fn was_handled_by(&self, account: AccountId) -> bool {
        self.handlers.contains(&account)
    }
}

/// What stands against an act on a hearing.
pub(crate) fn hindrance(name: ActName, case: &Case, role: Role, today: Day) -> Option<Refusal> {
    let Some(hearing) = &case.hearing else {
        let offered = name == ActName::OfferHearing;
        let at_once = case.opened.at_once.then_some(Refusal::AtOnce);
        return if offered { at_once } else { Some(Refusal::NoHearing) };
    };
    let too_late = (today > hearing.ask_by).then_some(Refusal::AskedTooLate(hearing.ask_by));
    match hearing.stage {
        HearingStage::Offered if [ActName::AskHearing, ActName::WaiveHearing].contains(&name) => {
            too_late
        }
        // Somebody else is concerned: what the owner gave up is still theirs.
        HearingStage::Waived
            if name == ActName::AskHearing && hearing.others && role == Role::Window =>
        {
            too_late
        }
        HearingStage::Asked(_) if name == ActName::NotifyHearing => None,
        // Who asked may take it back.
        HearingStage::Asked(_) if name == ActName::WaiveHearing && hearing.asked_by_owner => None,
        HearingStage::Asked(_) if name == ActName::HoldHearing => match hearing.notice() {
            None => Some(Refusal::HearingNotNotified),
            Some(notice) => (today < notice.on).then_some(Refusal::NotDueYet(notice.on)),
        },
        HearingStage::Offered
        | HearingStage::Waived
        | HearingStage::Asked(_)
        | HearingStage::Held(_) => Some(if name == ActName::OfferHearing {
            Refusal::AlreadySo
        } else {
            Refusal::NoHearing
        }),
    }
}

pub(super) fn offer(drafting: &mut Drafting<'_, '_>, case: &Case, others: bool, text: &Sealed) {
    super::decide::claim_if_free(drafting, case);
    let calendar = case.calendar(drafting.context.catalog);
    let ask_by = calendar.nth_working_day_after(drafting.context.today(), ASK_DAYS);
    let text = text.clone();
    drafting.add_case(case.opened.case, CaseFact::HearingOffered { ask_by, text, others });
}

/// The clock stops from the day it is asked for; no leader has to approve what the law grants.
pub(super) fn ask(drafting: &mut Drafting<'_, '_>, case: &Case, text: &Sealed) {
    let (id, from) = (case.opened.case, drafting.context.today());
    let catalog = drafting.context.catalog;
    let calendar = case.calendar(catalog);
    let hold_by = calendar.nth_working_day_after(from, u32::from(HOLD_DAYS));
    let coded = catalog.reason(HEARING_REASON);
    let (name, basis) = coded.map(|it| (it.name.clone(), it.basis.clone())).unwrap_or_default();
    if case.asked_special().is_some() {
        drafting.add_case(id, CaseFact::SpecialRejected);
    }
    // The right is not lost to another pause: that one ends, the law's begins.
    if case.standing == Standing::Paused {
        let on = super::special::pause_end(drafting, case);
        drafting.add_case(id, CaseFact::SpecialEnded { on, by_itself: false });
    }
    drafting.add_case(id, CaseFact::HearingAsked { hold_by, text: text.clone() });
    let (reason, planned_days, text) = (HEARING_REASON.to_owned(), HOLD_DAYS, text.clone());
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
    // Late is late, and seen; but the hearing is still held, as soon as it may be.
    let last = hold_by.max(first);
    if notice.on > last {
        return Err(Refusal::HearingTooLate(last));
    }
    if case.was_handled_by(notice.chair) {
        return Err(Refusal::ChairHandledCase);
    }
    let HearingNotice { on, place, chair } = notice.clone();
    drafting.add_case(case.opened.case, CaseFact::HearingNotified { on, place, chair });
    Ok(())
}

/// The minutes are on record. The days that do not count end with the day of the hearing, however
/// late they are typed.
pub(super) fn hold(drafting: &mut Drafting<'_, '_>, case: &Case, text: &Sealed) {
    let id = case.opened.case;
    let notice = case.hearing.as_ref().and_then(Hearing::notice);
    let on = notice.map_or(drafting.context.today(), |notice| notice.on);
    drafting.add_case(id, CaseFact::HearingHeld { on, text: text.clone() });
    end_pause(drafting, case, on);
}

/// The right is given up, or what the owner asked for is taken back.
pub(super) fn waive(drafting: &mut Drafting<'_, '_>, case: &Case) {
    let today = drafting.context.today();
    let asked = case.opinion_waits().is_some();
    drafting.add_case(case.opened.case, CaseFact::HearingWaived);
    if asked {
        end_pause(drafting, case, today);
    }
}

fn end_pause(drafting: &mut Drafting<'_, '_>, case: &Case, on: Day) {
    if case.pauses_for_hearing() {
        let on = super::special::pause_end(drafting, case).min(on);
        let ended = CaseFact::SpecialEnded { on, by_itself: false };
        drafting.add_case(case.opened.case, ended);
    }
}
