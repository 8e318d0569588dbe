//! A hearing as the pages of a case show it, with what may be done about it.

use tongban_domain::{
    acts::{ActName, Declaration},
    case::{Case, HearingStage, NOTICE_AHEAD},
    catalog::Choice,
    time::Day,
};
use tongban_store::Store;

use super::Names;
use crate::{error::PageError, words};

/// Where a hearing stands, and the forms open to the reader.
pub(crate) struct HearingView {
    /// What is so, in sentences; empty while no hearing is in question.
    pub(crate) sentences: Vec<String>,
    pub(crate) offer: bool,
    pub(crate) ask: bool,
    pub(crate) waive: bool,
    pub(crate) notify: bool,
    pub(crate) hold: bool,
    /// It was asked for and is not held yet.
    pub(crate) asked: bool,
    /// First and last day on which it may be held.
    pub(crate) span: (String, String),
    /// Who may chair: nobody who handled the case.
    pub(crate) chairs: Vec<Choice>,
}

impl HearingView {
    /// Whether there is anything to show.
    pub(crate) fn is_there(&self) -> bool {
        !self.sentences.is_empty() || self.offer
    }
}

/// The hearing of a case for somebody to whom these acts are open.
pub(crate) fn hearing_view(
    store: &Store,
    case: &Case,
    names: &Names,
    open: &[&'static Declaration],
    today: Day,
) -> Result<HearingView, PageError> {
    let may = |name: ActName| open.iter().any(|act| act.name == name);
    let notify = may(ActName::NotifyHearing);
    let calendar = case.calendar(&names.catalog);
    let first = calendar.nth_working_day_after(today, NOTICE_AHEAD);
    let hold_by = match case.hearing.as_ref().map(|hearing| hearing.stage) {
        // Too late for the law is still to be held, as soon as it may be.
        Some(HearingStage::Asked(hold_by)) => hold_by.max(first).to_string(),
        Some(HearingStage::Offered | HearingStage::Waived | HearingStage::Held(_)) | None => {
            String::new()
        }
    };
    let mut chairs = Vec::new();
    if notify {
        let department = Some(case.department);
        for account in store.accounts()? {
            let belongs = account.mandates.iter().any(|mandate| mandate.department == department);
            if belongs && !case.was_handled_by(account.id) {
                chairs.push(Choice::new(account.id.to_string(), account.name));
            }
        }
    }
    Ok(HearingView {
        sentences: sentences(case, names),
        offer: may(ActName::OfferHearing),
        ask: may(ActName::AskHearing),
        waive: may(ActName::WaiveHearing),
        notify,
        hold: may(ActName::HoldHearing),
        asked: case.opinion_waits().is_some(),
        span: (first.to_string(), hold_by),
        chairs,
    })
}

fn sentences(case: &Case, names: &Names) -> Vec<String> {
    let Some(hearing) = &case.hearing else { return Vec::new() };
    let mut sentences = Vec::new();
    match hearing.stage {
        HearingStage::Offered => sentences.push(format!(
            "已告知听证权利，{}以前（含当天）可以申请听证，期满没有申请的视为放弃。",
            words::day(hearing.ask_by)
        )),
        HearingStage::Waived => sentences.push("建设单位放弃听证。".to_owned()),
        HearingStage::Asked(hold_by) => sentences.push(format!(
            "已申请听证，应当在{}以前（含当天）举行，期间停止计时；根据听证笔录作出决定。",
            words::day(hold_by)
        )),
        HearingStage::Held(on) => {
            sentences.push(format!("{}已举行听证，应当根据听证笔录作出决定。", words::day(on)));
        }
    }
    if let Some(notice) = hearing.notice() {
        sentences.push(format!(
            "听证定于{}，{}，主持人{}。",
            words::day(notice.on),
            names.words(&notice.place),
            names.person(notice.chair)
        ));
    }
    sentences
}
