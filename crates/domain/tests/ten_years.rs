//! The clock against a reference that walks every single day and knows nothing of the ledger's
//! arithmetic (行政许可法 art. 42, 45, 82), over the ten years from 2017 to 2026 and past the
//! end of the official calendar. The table begins in 2018: 2017 is counted by weekends.

use std::{collections::BTreeMap, sync::LazyLock};

use proptest::prelude::*;
use tongban_domain::{
    calendar::Calendar,
    clock::{Extension, Ledger, Pause, Which},
    ids::AccountId,
    limit::PinnedLimit,
    time::Day,
};

const TABLE: &str = include_str!("../../../catalog/jiangsu/calendar.csv");

static CALENDAR: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::parse(TABLE).unwrap_or_else(|error| panic!("{error}")));

/// The official days as they stand in the table: true for a working day.
static OFFICIAL: LazyLock<BTreeMap<Day, bool>> = LazyLock::new(|| {
    let row = |line: &str| {
        let mut cells = line.split(',');
        let day: Day = cells.next()?.parse().ok()?;
        Some((day, cells.next()? == "workday"))
    };
    TABLE.lines().filter_map(row).collect()
});

/// 1 January 1970, day number 0, was a Thursday.
fn is_working(day: Day) -> bool {
    let from_monday = (day.0 + 3).rem_euclid(7);
    OFFICIAL.get(&day).copied().unwrap_or(from_monday < 5)
}

/// Walks from the day after the start until the days of the limit have been lived through.
fn walked(start: Day, limit: u16, working: bool, pauses: &[(Day, Day)]) -> Day {
    let mut day = start;
    let mut left = limit;
    while left > 0 {
        day = day.plus(1);
        let rests = pauses.iter().any(|(from, to)| *from <= day && day <= *to);
        if !rests && (!working || is_working(day)) {
            left -= 1;
        }
    }
    day
}

fn ledger(start: Day, limit: u16, working: bool) -> Ledger {
    let limit = if working {
        PinnedLimit::WorkingDays(limit, 10)
    } else {
        PinnedLimit::CalendarDays(limit, 10)
    };
    Ledger {
        accepted: start,
        started: Some(start),
        pauses: Vec::new(),
        extensions: Vec::new(),
        stopped: None,
        statutory: limit,
        promised: limit,
        calendar: [0; 32],
    }
}

fn paused((from, to): (Day, Day)) -> Pause {
    Pause {
        from,
        planned_end: to,
        ended: Some(to),
        reason: "expert-review".to_owned(),
        basis: "AL 45".to_owned(),
        by: AccountId::from_bytes([1; 16]),
    }
}

/// 1 January 2017.
const FIRST: Day = Day(17_167);
/// Calendar days from the first of 2017 to the last of 2026.
const TEN_YEARS: i32 = 3_652;

#[test]
fn every_day_of_ten_years_with_every_usual_limit() {
    for start in (0..TEN_YEARS).map(|days| FIRST.plus(days)) {
        for limit in [1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60] {
            for working in [true, false] {
                let ledger = ledger(start, limit, working);
                let due = ledger.due(&CALENDAR, Which::Statutory);
                let expected = walked(start, limit, working, &[]);
                assert_eq!(due, Some(expected), "{limit} days from {start}, working: {working}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Pauses may overlap, begin before the start and lie one inside the other.
    #[test]
    fn pauses_and_an_extension_anywhere(
        start in 0..TEN_YEARS,
        limit in 1..60u16,
        working: bool,
        pauses in prop::collection::vec((-20..90i32, 0..40i32), 0..6),
        granted in prop::option::of(1..15u16),
        today in 0..200i32,
    ) {
            let start = FIRST.plus(start);
        let pauses: Vec<(Day, Day)> = pauses
            .into_iter()
            .map(|(from, length)| (start.plus(from), start.plus(from + length)))
            .collect();
        let mut ledger = ledger(start, limit, working);
        ledger.pauses = pauses.iter().copied().map(paused).collect();
        ledger.extensions = granted
            .map(|days| Extension {
                on: start,
                days,
                reason: "complex".to_owned(),
                by: AccountId::from_bytes([1; 16]),
            })
            .into_iter()
            .collect();

        let whole = limit + granted.unwrap_or(0);
        let expected = walked(start, whole, working, &pauses);
        prop_assert_eq!(ledger.due(&CALENDAR, Which::Promised), Some(expected));

        let today = start.plus(today);
        let lived = (1..today.since(start))
            .map(|days| start.plus(days))
            .filter(|day| !pauses.iter().any(|(from, to)| from <= day && day <= to))
            .filter(|day| !working || is_working(*day))
            .count();
        let read = ledger.read(&CALENDAR, Which::Promised, today);
        prop_assert_eq!(read.elapsed as usize, lived);
    }
}
