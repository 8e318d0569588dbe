//! The law's worked examples, and laws every clock obeys.

use proptest::prelude::*;

use super::*;
use crate::calendar::tests::official;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn somebody() -> AccountId {
    AccountId::from_bytes([1; 16])
}

fn pause(from: Day, planned_end: Day, ended: Option<Day>) -> Pause {
    let basis = "AL 45".to_owned();
    Pause { from, planned_end, ended, reason: "expert-review".to_owned(), basis, by: somebody() }
}

fn accepted(on: &str, limit: PinnedLimit) -> Ledger {
    Ledger {
        accepted: day(on),
        started: Some(day(on)),
        pauses: Vec::new(),
        extensions: Vec::new(),
        stopped: None,
        statutory: limit,
        promised: limit,
        calendar: [0; 32],
    }
}

fn due(ledger: &Ledger) -> String {
    ledger.due(&official(), Which::Promised).unwrap().to_string()
}

#[test]
fn make_up_working_days_before_the_october_holiday_count() {
    assert_eq!(due(&accepted("2025-09-26", PinnedLimit::WorkingDays(5, 0))), "2025-10-10");
    assert_eq!(due(&accepted("2025-09-26", PinnedLimit::WorkingDays(7, 0))), "2025-10-13");
}

#[test]
fn days_touched_by_a_special_procedure_do_not_count() {
    let mut ledger = accepted("2025-03-03", PinnedLimit::WorkingDays(7, 0));
    ledger.pauses.push(pause(day("2025-03-05"), day("2025-03-12"), Some(day("2025-03-12"))));
    assert_eq!(due(&ledger), "2025-03-20");
    let on = |d: &str| ledger.read(&official(), Which::Promised, day(d)).remaining;
    assert_eq!(on("2025-03-13"), Some(6), "one day had passed before the pause");
    assert_eq!(on("2025-03-20"), Some(1), "the due day is the last day in time");
    assert_eq!(on("2025-03-21"), Some(-1));
}

#[test]
fn an_extension_moves_the_due_day_and_is_used_up() {
    let mut ledger = accepted("2025-03-03", PinnedLimit::WorkingDays(20, 10));
    assert_eq!(due(&ledger), "2025-03-31");
    let reason = "complex".to_owned();
    ledger.extensions.push(Extension { on: day("2025-03-28"), days: 10, reason, by: somebody() });
    assert_eq!(due(&ledger), "2025-04-15", "4 April is Qingming");
    assert_eq!(ledger.limit(Which::Statutory).extension(), 0);
}

#[test]
fn calendar_days_run_through_holidays() {
    assert_eq!(due(&accepted("2025-09-26", PinnedLimit::CalendarDays(30, 60))), "2025-10-26");
}

#[test]
fn a_case_at_once_is_due_on_the_day_of_acceptance() {
    let ledger = accepted("2025-03-03", PinnedLimit::AtOnce);
    assert_eq!(due(&ledger), "2025-03-03");
    let face = |d: &str| ledger.read(&official(), Which::Promised, day(d)).face;
    assert_eq!(face("2025-03-03"), ClockFace::Warning);
    assert_eq!(face("2025-03-04"), ClockFace::Overdue);
}

#[test]
fn the_clock_waits_for_a_predecessor_and_says_so() {
    let mut ledger = accepted("2025-03-03", PinnedLimit::WorkingDays(5, 0));
    ledger.started = None;
    let read = |ledger: &Ledger| ledger.read(&official(), Which::Promised, day("2025-04-01"));
    assert_eq!(read(&ledger).face, ClockFace::Waiting);
    assert_eq!(read(&ledger).elapsed, 0);
    ledger.started = Some(day("2025-03-28"));
    assert_eq!(due(&ledger), "2025-04-07", "4 April is Qingming");
    assert!(matches!(ledger.segments()[0], Segment::Waiting { .. }));
}

#[test]
fn a_stage_stands_still_only_while_every_open_case_is_paused() {
    let calendar = official();
    let paused = |from: &str, to: &str, stop: &str| {
        let mut ledger = accepted("2025-03-03", PinnedLimit::WorkingDays(20, 0));
        ledger.pauses.push(pause(day(from), day(to), Some(day(to))));
        ledger.stopped = Some(day(stop));
        ledger
    };
    // One case paused on 5–7 March, the other on 6–10: only 6 and 7 are lost for both.
    let cases = [
        paused("2025-03-05", "2025-03-07", "2025-03-14"),
        paused("2025-03-06", "2025-03-10", "2025-03-14"),
    ];
    let clock = StageClock::read(cases.iter(), &calendar, day("2025-03-20")).unwrap();
    assert_eq!(clock.elapsed, 9 - 2);
    assert_eq!(clock.ended, Some(day("2025-03-14")));
}

prop_compose! {
    fn a_ledger()(
        start in 18_000i32..20_000,
        limit in 1u16..60,
        working in any::<bool>(),
        gaps in prop::collection::vec((1i32..20, 0i32..25), 0..4),
    ) -> Ledger {
        let limit = if working {
            PinnedLimit::WorkingDays(limit, 10)
        } else {
            PinnedLimit::CalendarDays(limit, 10)
        };
        let mut ledger = accepted(&Day(start).to_string(), limit);
        let mut at = Day(start);
        for (gap, length) in gaps {
            let from = at.plus(gap);
            at = from.plus(length);
            ledger.pauses.push(pause(from, at, Some(at)));
        }
        ledger
    }
}

proptest! {
    #[test]
    fn a_pause_never_makes_the_due_day_earlier(ledger in a_ledger(), from in 0i32..100, length in 0i32..30) {
        let calendar = official();
        let before = ledger.due(&calendar, Which::Promised).unwrap();
        let mut longer = ledger.clone();
        let from = ledger.accepted.plus(from);
        longer.pauses.push(pause(from, from.plus(length), Some(from.plus(length))));
        prop_assert!(longer.due(&calendar, Which::Promised).unwrap() >= before);
    }

    #[test]
    fn remaining_days_never_grow_as_days_pass(ledger in a_ledger(), today in 0i32..150) {
        let calendar = official();
        let today = ledger.accepted.plus(today);
        let left = |d| ledger.read(&calendar, Which::Promised, d).remaining.unwrap();
        prop_assert!(left(today.plus(1)) <= left(today));
    }

    #[test]
    fn an_open_pause_freezes_what_is_left(ledger in a_ledger(), length in 1i32..30) {
        let calendar = official();
        let last = ledger.pauses.last().map_or(ledger.accepted, |p| p.last_day());
        let from = last.plus(1);
        let mut paused = ledger;
        paused.pauses.push(pause(from, from.plus(60), None));
        let left = |d| paused.read(&calendar, Which::Promised, d).elapsed;
        prop_assert_eq!(left(from), left(from.plus(length)));
    }

    #[test]
    fn the_order_in_which_pauses_were_written_does_not_matter(ledger in a_ledger()) {
        let calendar = official();
        let mut reversed = ledger.clone();
        reversed.pauses.reverse();
        prop_assert_eq!(
            ledger.due(&calendar, Which::Promised),
            reversed.due(&calendar, Which::Promised)
        );
    }

    #[test]
    fn exactly_the_limit_is_counted_on_the_due_day(ledger in a_ledger()) {
        let calendar = official();
        let due = ledger.due(&calendar, Which::Promised).unwrap();
        let (days, working) = match ledger.promised {
            PinnedLimit::WorkingDays(days, _) => (days, true),
            PinnedLimit::CalendarDays(days, _) => (days, false),
            PinnedLimit::AtOnce | PinnedLimit::None => unreachable!("not made by a_ledger"),
        };
        prop_assert_eq!(ledger.counted_days(&calendar, due, working), u32::from(days));
        prop_assert!(ledger.counted_days(&calendar, due.plus(-1), working) < u32::from(days));
    }
}
