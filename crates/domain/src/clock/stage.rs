//! The clock of a stage (阶段时限): from acceptance of the joint application to its last decision.

use super::Ledger;
use crate::{calendar::Calendar, time::Day};

/// Derived from the ledgers of the cases of one joint application; nothing of it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageClock {
    /// Day 0: the first acceptance.
    pub started: Day,
    /// The day of the last decision, when none is open any more.
    pub ended: Option<Day>,
    /// Working days counted so far; a day on which every open case is paused does not count.
    pub elapsed: u32,
}

impl StageClock {
    /// Reads the stage clock on a day. None before the first acceptance.
    #[must_use]
    pub fn read<'a>(
        cases: impl Iterator<Item = &'a Ledger> + Clone,
        calendar: &Calendar,
        today: Day,
    ) -> Option<Self> {
        let started = cases.clone().map(|ledger| ledger.accepted).min()?;
        let open = cases.clone().any(|ledger| ledger.stopped.is_none());
        let last_end = cases.clone().filter_map(|ledger| ledger.stopped).max();
        let ended = if open { None } else { last_end };
        // As with a case: only ended days are elapsed, the day of the last decision is used.
        let last = ended.unwrap_or(today.plus(-1));
        let mut elapsed = 0;
        let mut day = calendar.nth_working_day_after(started, 1);
        while day <= last {
            let mut open_then =
                cases.clone().filter(|ledger| ledger.stopped.is_none_or(|stop| stop >= day));
            let all_paused = open_then.clone().next().is_some()
                && open_then.all(|ledger| ledger.pause_touches(day));
            elapsed += u32::from(!all_paused);
            day = calendar.nth_working_day_after(day, 1);
        }
        Some(Self { started, ended, elapsed })
    }

    /// The last day in time if nothing is paused from `today` on, for a limit in working days.
    #[must_use]
    pub fn due(&self, calendar: &Calendar, limit: u32, today: Day) -> Day {
        let left = limit.saturating_sub(self.elapsed);
        let from = self.ended.unwrap_or(today.plus(-1)).max(self.started);
        calendar.nth_working_day_after(from, left)
    }
}
