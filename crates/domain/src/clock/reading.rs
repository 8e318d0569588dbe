//! What a clock shows on a day: the separate mark beside the state of a case.

use super::{Ledger, Which};
use crate::{calendar::Calendar, limit::PinnedLimit, time::Day};

/// The face of the clock: 正常, 预警, 超期, 暂停, waiting, or stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockFace {
    /// More days left than the warning threshold.
    Normal,
    /// One working day or a fifth of the limit left, whichever is more.
    Warning,
    /// The last day has passed without a decision.
    Overdue,
    /// A special procedure is open.
    Paused,
    /// A predecessor has not been decided; the time is charged to it.
    Waiting,
    /// Ended in time.
    StoppedInTime,
    /// Ended after the last day.
    StoppedLate,
    /// There is no limit.
    NoLimit,
}

/// A clock read on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The face.
    pub face: ClockFace,
    /// Days counted so far, in the unit of the limit.
    pub elapsed: u32,
    /// Days left, in the unit of the limit; negative days are days late.
    pub remaining: Option<i32>,
    /// The last day in time; a forecast while paused.
    pub due: Option<Day>,
    /// Whether the unit is working days.
    pub working_days: bool,
    /// Whether the due day lies in a year without an official calendar.
    pub provisional: bool,
}

impl Reading {
    pub(super) fn take(ledger: &Ledger, calendar: &Calendar, which: Which, today: Day) -> Self {
        let limit = ledger.limit(which);
        let working_days = !matches!(limit, PinnedLimit::CalendarDays(..));
        // Only ended days are elapsed; the day of the decision itself counts as used.
        let counted_to = ledger.stopped.unwrap_or(today.plus(-1));
        let elapsed = ledger.counted_days(calendar, counted_to, working_days);
        let due = ledger.due(calendar, which);
        let late_days = |from: Day, to: Day| {
            if working_days { calendar.working_days_after(from, to) as i32 } else { to.since(from) }
        };
        let end = ledger.stopped.unwrap_or(today);
        let remaining = due.zip(limit.days()).map(|(due, _)| {
            if end > due && !ledger.is_paused() {
                -late_days(due, end).max(1)
            } else {
                let days = match limit {
                    PinnedLimit::WorkingDays(days, _) | PinnedLimit::CalendarDays(days, _) => days,
                    PinnedLimit::AtOnce | PinnedLimit::None => 0,
                };
                i32::from(days) - elapsed as i32
            }
        });
        let late = remaining.is_some_and(|left| left < 0);
        let face = match (ledger.stopped, remaining) {
            (Some(_), _) if late => ClockFace::StoppedLate,
            (Some(_), _) => ClockFace::StoppedInTime,
            (None, _) if ledger.is_paused() => ClockFace::Paused,
            (None, _) if ledger.started.is_none() => ClockFace::Waiting,
            (None, None) => ClockFace::NoLimit,
            (None, Some(_)) if late => ClockFace::Overdue,
            (None, Some(left)) => {
                let fifth = i32::from(limit.days().unwrap_or(0)).div_euclid(5);
                if left <= fifth.max(1) { ClockFace::Warning } else { ClockFace::Normal }
            }
        };
        let provisional = due.is_some_and(|due| calendar.is_provisional(due));
        Self { face, elapsed, remaining, due, working_days, provisional }
    }
}
