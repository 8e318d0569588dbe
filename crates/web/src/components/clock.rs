//! The clock mark: separate from the state, never colour alone.

use std::fmt;

use tongban_domain::{
    calendar::Calendar,
    case::Standing,
    clock::{ClockFace, Reading},
    time::Day,
};
use tongban_store::read::CaseRow;

use super::{Escaped, Icon};
use crate::words;

/// A clock mark.
#[derive(Debug, Clone)]
pub(crate) struct ClockMark {
    kind: &'static str,
    icon: &'static str,
    text: String,
    date: Option<String>,
}

impl ClockMark {
    /// The mark for a reading; `why` names the special procedure or the predecessor.
    pub(crate) fn of(reading: &Reading, why: Option<&str>) -> Self {
        let unit = if reading.working_days { "个工作日" } else { "天" };
        let date = reading.due.map(|due| {
            let provisional = if reading.provisional { "，暂定" } else { "" };
            format!("{}前{provisional}", words::short_day(due))
        });
        let late = -reading.remaining.unwrap_or(0);
        let (kind, icon, text, date) = match reading.face {
            ClockFace::Normal => {
                ("normal", "clock", format!("剩 {} {unit}", reading.remaining.unwrap_or(0)), date)
            }
            ClockFace::Warning if reading.remaining == Some(0) => {
                ("warning", "clock", "今天办结".to_owned(), date)
            }
            ClockFace::Warning => {
                ("warning", "clock", format!("剩 {} {unit}", reading.remaining.unwrap_or(0)), date)
            }
            ClockFace::Overdue => ("overdue", "exclamation", format!("超期 {late} {unit}"), None),
            ClockFace::Paused => {
                ("paused", "bars", format!("已停计时 · {}", why.unwrap_or("特别程序")), None)
            }
            ClockFace::Waiting => {
                ("waiting", "clock", format!("等待{}", why.unwrap_or("前置事项")), None)
            }
            ClockFace::StoppedInTime => {
                let used = match reading.elapsed {
                    0 => "当天办结".to_owned(),
                    days => format!("用时 {days} {unit}"),
                };
                ("done", "tick", used, None)
            }
            ClockFace::StoppedLate => (
                "overdue",
                "exclamation",
                format!("用时 {} {unit}，超 {late} {unit}", reading.elapsed),
                None,
            ),
            ClockFace::NoLimit => ("normal", "clock", "不设时限".to_owned(), None),
        };
        Self { kind, icon, text, date }
    }

    /// The mark in a list, from the row alone.
    pub(crate) fn of_row(row: &CaseRow, calendar: &Calendar, today: Day) -> Option<Self> {
        let simple = |kind, icon, text: String| Some(Self { kind, icon, text, date: None });
        if row.standing == Standing::Paused {
            return simple("paused", "bars", "已停计时".to_owned());
        }
        if let Some(stopped) = row.stopped_on {
            // What ended before acceptance never had a clock.
            row.accepted_on?;
            let late = row.due_on.is_some_and(|due| stopped > due);
            return if late {
                simple("overdue", "exclamation", "超期办结".to_owned())
            } else {
                simple("done", "tick", "按时办结".to_owned())
            };
        }
        if !row.standing.is_in_department() {
            return None;
        }
        let Some(due) = row.due_on else {
            return if row.waits {
                simple("waiting", "clock", "等待前置".to_owned())
            } else {
                simple("normal", "clock", "不设时限".to_owned())
            };
        };
        if today > due {
            let late = calendar.working_days_after(due, today).max(1);
            return simple("overdue", "exclamation", format!("超期 {late} 天"));
        }
        let left = calendar.working_days_after(today.plus(-1), due);
        let fifth = u32::from(row.promised_days.unwrap_or(0)) / 5;
        let date = Some(words::short_day(due));
        if row.promised_days == Some(0) {
            return Some(Self {
                kind: "warning",
                icon: "clock",
                text: "今天办结".to_owned(),
                date,
            });
        }
        let kind = if left <= fifth.max(1) { "warning" } else { "normal" };
        Some(Self { kind, icon: "clock", text: format!("剩 {left} 个工作日"), date })
    }
}

impl fmt::Display for ClockMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<span class=\"clock\" data-clock=\"{}\">{}{}",
            self.kind,
            Icon(self.icon),
            Escaped(&self.text)
        )?;
        if let Some(date) = &self.date {
            write!(f, "<span class=\"clock-date\">（{}）</span>", Escaped(date))?;
        }
        f.write_str("</span>")
    }
}

impl askama::filters::HtmlSafe for ClockMark {}
