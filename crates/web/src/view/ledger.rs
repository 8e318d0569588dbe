//! The clock ledger of a case, line by line.

use tongban_domain::{
    case::Case,
    clock::{Segment, Which},
    time::Day,
};

use super::Names;
use crate::words;

/// A line of the ledger.
pub(crate) struct LedgerLine {
    pub(crate) kind: &'static str,
    pub(crate) span: String,
    pub(crate) note: String,
}

/// Both limits and the ledger of a case.
pub(crate) struct LedgerView {
    pub(crate) promised: String,
    pub(crate) promised_due: String,
    pub(crate) statutory: String,
    pub(crate) statutory_due: String,
    pub(crate) elapsed: u32,
    pub(crate) lines: Vec<LedgerLine>,
    pub(crate) extensions: Vec<String>,
    pub(crate) calendar: String,
}

/// The ledger of a case; none before acceptance.
pub(crate) fn ledger_view(case: &Case, names: &Names, today: Day) -> Option<LedgerView> {
    let ledger = case.ledger.as_ref()?;
    let calendar = names.catalog.calendar_of(ledger.calendar);
    let due = |which| {
        let day = ledger.due(calendar, which);
        let provisional = day.is_some_and(|day| calendar.is_provisional(day));
        let note = if provisional { "（暂定，该年日历未公布）" } else { "" };
        day.map_or("—".to_owned(), |day| format!("{}{note}", words::day(day)))
    };
    let span = |from: Day, to: Option<Day>| match to {
        Some(to) if to == from => words::day(from),
        Some(to) => format!("{} 至 {}", words::day(from), words::day(to)),
        None => format!("{} 起", words::day(from)),
    };
    let lines = ledger
        .segments()
        .into_iter()
        .map(|segment| match segment {
            Segment::Waiting { from, to } => LedgerLine {
                kind: "等待",
                span: span(from, to),
                note: "等待前置事项的结果，不计入本部门".to_owned(),
            },
            Segment::Running { from, to } => {
                LedgerLine { kind: "计时", span: span(from, to), note: String::new() }
            }
            Segment::Paused(pause) => LedgerLine {
                kind: "停止计时",
                span: span(pause.from, pause.ended.or(Some(pause.planned_end))),
                note: format!(
                    "{}，依据{}，由{}批准{}",
                    names.reason(&pause.reason),
                    names.basis(&pause.basis),
                    names.person(pause.by),
                    if pause.ended.is_none() { "（预计）" } else { "" },
                ),
            },
        })
        .collect();
    let extensions = ledger.extensions.iter().map(|extension| {
        format!(
            "{}延长 {} 天：{}，由{}批准",
            words::day(extension.on),
            extension.days,
            names.reason(&extension.reason),
            names.person(extension.by)
        )
    });
    let digest: String = ledger.calendar[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    Some(LedgerView {
        promised: ledger.limit(Which::Promised).to_string(),
        promised_due: due(Which::Promised),
        statutory: ledger.limit(Which::Statutory).to_string(),
        statutory_due: due(Which::Statutory),
        elapsed: ledger.read(calendar, Which::Promised, today).elapsed,
        lines,
        extensions: extensions.collect(),
        calendar: digest,
    })
}
