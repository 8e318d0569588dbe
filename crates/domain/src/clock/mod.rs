//! The legal clock of a case, as a ledger (时限台账).
//!
//! What is stored are the starts, pauses, extensions and the end; elapsed and remaining days
//! and the due day are always derived from them and from one stated calendar version.
//! Day granularity: the day of the start is day 0; only ended days are elapsed; a day touched
//! by a pause does not count (行政许可法 art. 42, 45, 82).

mod reading;
mod stage;

use minicbor::{Decode, Encode};

pub use reading::{ClockFace, Reading};
pub use stage::StageClock;

use crate::{
    calendar::{Calendar, CalendarDigest},
    ids::AccountId,
    limit::PinnedLimit,
    time::Day,
};

/// A stretch of days that does not count: a special procedure (特别程序) from approval to end.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Pause {
    /// The day the special procedure was approved.
    #[n(0)]
    pub from: Day,
    /// The day it is planned to end; the clock resumes by itself after it.
    #[n(1)]
    pub planned_end: Day,
    /// The day it really ended.
    #[n(2)]
    pub ended: Option<Day>,
    /// Coded reason, such as `expert-review`.
    #[n(3)]
    pub reason: String,
    /// Legal basis, such as `AL 45`.
    #[n(4)]
    pub basis: String,
    /// Who approved it.
    #[n(5)]
    pub by: AccountId,
}

impl Pause {
    fn last_day(&self) -> Day {
        self.ended.unwrap_or(self.planned_end).max(self.from)
    }
}

/// An extension of the limit (延期), once, approved by the head of the department.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Extension {
    /// The day it was approved.
    #[n(0)]
    pub on: Day,
    /// Days added, in the unit of the limit.
    #[n(1)]
    pub days: u16,
    /// Coded reason.
    #[n(2)]
    pub reason: String,
    /// Who approved it.
    #[n(3)]
    pub by: AccountId,
}

/// The ledger of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// The day of acceptance.
    pub accepted: Day,
    /// Day 0 of the node clock: the later of acceptance and the last predecessor's result.
    /// None while a predecessor is still undecided.
    pub started: Option<Day>,
    /// Pauses in the order they were approved.
    pub pauses: Vec<Pause>,
    /// Extensions in the order they were approved.
    pub extensions: Vec<Extension>,
    /// The day of the decision, withdrawal or other end.
    pub stopped: Option<Day>,
    /// The limit of the law, pinned at acceptance.
    pub statutory: PinnedLimit,
    /// The limit the authority promised, pinned at acceptance.
    pub promised: PinnedLimit,
    /// The calendar in force at acceptance.
    pub calendar: CalendarDigest,
}

/// One line of the ledger as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Waiting for a predecessor's result; charged to the predecessor.
    Waiting {
        /// First day.
        from: Day,
        /// Last day, none while it lasts.
        to: Option<Day>,
    },
    /// Counting.
    Running {
        /// Day 0, or the first day after a pause.
        from: Day,
        /// Last day, none while it lasts.
        to: Option<Day>,
    },
    /// Not counting.
    Paused(&'a Pause),
}

/// Which of the two limits of a case is meant; they run side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The limit of the law (法定时限).
    Statutory,
    /// The limit promised (承诺时限).
    Promised,
}

impl Ledger {
    /// Whether a pause is open.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.stopped.is_none() && self.pauses.last().is_some_and(|pause| pause.ended.is_none())
    }

    /// Whether the day is touched by a pause.
    #[must_use]
    pub fn pause_touches(&self, day: Day) -> bool {
        self.pauses.iter().any(|pause| pause.from <= day && day <= pause.last_day())
    }

    /// The limit with the extensions granted so far.
    #[must_use]
    pub fn limit(&self, which: Which) -> PinnedLimit {
        let pinned = match which {
            Which::Statutory => self.statutory,
            Which::Promised => self.promised,
        };
        let granted: u16 = self.extensions.iter().map(|extension| extension.days).sum();
        match pinned {
            PinnedLimit::WorkingDays(days, left) => {
                PinnedLimit::WorkingDays(days + granted, left.saturating_sub(granted))
            }
            PinnedLimit::CalendarDays(days, left) => {
                PinnedLimit::CalendarDays(days + granted, left.saturating_sub(granted))
            }
            PinnedLimit::AtOnce | PinnedLimit::None => pinned,
        }
    }

    /// Counted days after the start up to and including `to`, in working days or, when
    /// `working` is false, calendar days; days touched by a pause do not count.
    #[must_use]
    pub fn counted_days(&self, calendar: &Calendar, to: Day, working: bool) -> u32 {
        let Some(start) = self.started else { return 0 };
        let count = |from: Day, to: Day| {
            if working {
                calendar.working_days_after(from, to)
            } else {
                to.since(from).max(0) as u32
            }
        };
        let mut paused = 0;
        let mut seen_to = start;
        let mut pauses: Vec<(Day, Day)> =
            self.pauses.iter().map(|pause| (pause.from, pause.last_day())).collect();
        pauses.sort_unstable();
        for (from, last) in pauses {
            let from = from.plus(-1).max(seen_to);
            let last = last.min(to);
            paused += count(from, last);
            seen_to = seen_to.max(last);
        }
        count(start, to) - paused
    }

    /// The last day on which a decision is in time. While a pause is open it is a forecast
    /// from the planned end. None without a limit or while waiting for a predecessor.
    #[must_use]
    pub fn due(&self, calendar: &Calendar, which: Which) -> Option<Day> {
        let start = self.started?;
        let (days, working) = match self.limit(which) {
            PinnedLimit::WorkingDays(days, _) => (u32::from(days), true),
            PinnedLimit::CalendarDays(days, _) => (u32::from(days), false),
            PinnedLimit::AtOnce => return Some(start),
            PinnedLimit::None => return None,
        };
        let nth = |count: u32| {
            if working {
                calendar.nth_working_day_after(start, count)
            } else {
                start.plus(count as i32)
            }
        };
        // Each round adds the days found paused so far; it ends because pauses are finite.
        let mut target = days;
        loop {
            let due = nth(target);
            let missing = days.saturating_sub(self.counted_days(calendar, due, working));
            if missing == 0 {
                return Some(due);
            }
            target += missing;
        }
    }

    /// Whether another calendar gives this clock another day: a last day, or one on which the
    /// first of them rests for want of data.
    #[must_use]
    pub fn is_moved_by(&self, own: &Calendar, other: &Calendar) -> bool {
        if own.digest() == other.digest() {
            return false;
        }
        [Which::Promised, Which::Statutory].into_iter().any(|which| {
            let due = self.due(own, which);
            due != self.due(other, which)
                || due.is_some_and(|due| own.is_provisional(due) && !other.is_provisional(due))
        })
    }

    /// What the clock shows on a day.
    #[must_use]
    pub fn read(&self, calendar: &Calendar, which: Which, today: Day) -> Reading {
        Reading::take(self, calendar, which, today)
    }

    /// The ledger line by line, in order.
    #[must_use]
    pub fn segments(&self) -> Vec<Segment<'_>> {
        let mut segments = Vec::new();
        let waited_to = self.started.map(|start| start.plus(-1));
        if self.started != Some(self.accepted) {
            let to = waited_to.or(self.stopped);
            segments.push(Segment::Waiting { from: self.accepted, to });
        }
        let Some(start) = self.started else { return segments };
        let mut running_from = start;
        for pause in &self.pauses {
            if pause.from > running_from {
                let to = Some(pause.from.plus(-1));
                segments.push(Segment::Running { from: running_from, to });
            }
            segments.push(Segment::Paused(pause));
            running_from = pause.last_day().plus(1);
        }
        let still_running = self.stopped.is_none_or(|stop| stop >= running_from);
        if still_running && !self.is_paused() {
            segments.push(Segment::Running { from: running_from, to: self.stopped });
        }
        segments
    }
}

#[cfg(test)]
mod tests;
