//! The working-day calendar (工作日历): weekends, public holidays and make-up days.
//!
//! The State Council announces each year's arrangement in the year before; it cannot be
//! computed (全国年节及纪念日放假办法 art. 2, 6). Years without data count weekends only and
//! are marked provisional.

use std::{collections::BTreeMap, ops::RangeInclusive};

use crate::time::{Day, NotADate};

/// A digest that names one version of the calendar, as facts carry it.
pub type CalendarDigest = [u8; 32];

/// Why a calendar table was refused; lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The first line is not `date,kind,name`.
    #[error("line 1: expected the heading date,kind,name")]
    Heading,
    /// A row without three columns.
    #[error("line {line}: expected three columns: date, kind, name")]
    Columns {
        /// Line in the file.
        line: usize,
    },
    /// A date that does not exist.
    #[error("line {line}: {source}")]
    Date {
        /// Line in the file.
        line: usize,
        /// What is wrong with it.
        source: NotADate,
    },
    /// A kind other than `holiday` and `workday`.
    #[error("line {line}: the kind is {found}, expected holiday or workday")]
    Kind {
        /// Line in the file.
        line: usize,
        /// What stands there.
        found: String,
    },
    /// The same day twice.
    #[error("line {line}: {day} stands here a second time")]
    Twice {
        /// Line in the file.
        line: usize,
        /// The day.
        day: Day,
    },
    /// A make-up day on which offices work anyway.
    #[error("line {line}: {day} is a working day without this row")]
    WorksAnyway {
        /// Line in the file.
        line: usize,
        /// The day.
        day: Day,
    },
    /// A day inside a holiday, or off by law every year, on which the table lets offices work.
    #[error("line {line}: offices would work on {day}, inside a holiday; a row is missing")]
    Hole {
        /// Line in the file of the row after it.
        line: usize,
        /// The day.
        day: Day,
    },
    /// A holiday of the law without a row in a year.
    #[error("there are no rows for {name} in {year}")]
    Lost {
        /// The year.
        year: i16,
        /// The holiday.
        name: &'static str,
    },
    /// No rows, or a year between the first and the last without any.
    #[error("there are no rows for the year {year}")]
    Gap {
        /// The missing year.
        year: i16,
    },
}

/// Which days are working days (工作日), by official table and beyond it by weekends.
#[derive(Debug, Clone)]
pub struct Calendar {
    digest: CalendarDigest,
    official: RangeInclusive<i16>,
    first: Day,
    /// `before[n]` = working days among the first `n` days from `first`.
    before: Vec<u32>,
}

/// Years on either side of the official ones that are counted by weekends: long enough for any
/// clock, and for the old cases that an archive brings in.
const PROVISIONAL_YEARS: i16 = 10;

/// Days of legal holiday in a year (全国年节及纪念日放假办法): an arrangement with fewer lacks
/// rows.
const fn holidays_by_law(year: i16) -> usize {
    if year >= 2025 { 13 } else { 11 }
}

/// The holidays of the law (全国年节及纪念日放假办法 art. 2) by the word their rows bear.
const HOLIDAYS: [&str; 7] = ["元旦", "春节", "清明", "劳动", "端午", MID_AUTUMN, "国庆"];
const MID_AUTUMN: &str = "中秋";

/// Whether offices work on a day by the table, and by weekends where it is silent.
fn works(listed: &BTreeMap<Day, bool>, day: Day) -> bool {
    listed.get(&day).copied().unwrap_or(!day.is_weekend())
}

type Rows<'a> = (Calendar, Vec<(usize, Day, &'a str)>, BTreeMap<Day, bool>);

/// What an arrangement has to be before it is published.
fn sound(rows: &[(usize, Day, &str)], listed: &BTreeMap<Day, bool>) -> Result<(), CalendarError> {
    for (line, day, _) in rows {
        if listed.get(day) == Some(&true) && !day.is_weekend() {
            return Err(CalendarError::WorksAnyway { line: *line, day: *day });
        }
    }
    let mut holidays = rows.to_vec();
    holidays.retain(|(_, day, _)| listed.get(day) == Some(&false));
    without_holes(&holidays, listed)?;
    let (Some(first), Some(last)) = (listed.keys().next(), listed.keys().next_back()) else {
        return Err(CalendarError::Gap { year: 0 });
    };
    for year in first.year()..=last.year() {
        let off = listed.iter().filter(|(day, works)| day.year() == year && !**works).count();
        if off < holidays_by_law(year) {
            return Err(CalendarError::Gap { year });
        }
        let named = |name: &str| {
            holidays.iter().filter(|(_, day, it)| day.year() == year && it.contains(name)).count()
        };
        // Mid-autumn may fall into the days of the National Day and bear its name.
        let lost = HOLIDAYS
            .into_iter()
            .find(|name| named(name) == 0 && !(*name == MID_AUTUMN && named("国庆") >= 8));
        if let Some(name) = lost {
            return Err(CalendarError::Lost { year, name });
        }
        // The second of May is off by law since 2025.
        let may = if year >= 2025 { 2 } else { 1 };
        for (month, date) in [(1, 1), (5, 1), (5, may), (10, 1), (10, 2), (10, 3)] {
            let fixed = Day::from_ymd(year, month, date);
            if let Some(day) = fixed.filter(|day| works(listed, *day)) {
                return Err(CalendarError::Hole { line: 1, day });
            }
        }
    }
    Ok(())
}

/// A working day inside one holiday is a row that was lost.
fn without_holes(
    holidays: &[(usize, Day, &str)],
    listed: &BTreeMap<Day, bool>,
) -> Result<(), CalendarError> {
    let mut sorted = holidays.to_vec();
    sorted.sort_by_key(|(_, day, _)| *day);
    for pair in sorted.windows(2) {
        let ((_, from, name), (line, to, same)) = (pair[0], pair[1]);
        // One holiday has no week in it; the same name later is another one.
        if name == same && to.since(from) <= 4 {
            let hole = (1..to.since(from))
                .map(|days| from.plus(days))
                .find(|day| !day.is_weekend() && !listed.contains_key(day));
            if let Some(day) = hole {
                return Err(CalendarError::Hole { line, day });
            }
        }
    }
    Ok(())
}

impl Calendar {
    /// Reads a table with the heading `date,kind,name`, kinds `holiday` and `workday`.
    ///
    /// # Errors
    /// With the line, when a row is malformed, repeated or changes nothing, a holiday has a hole,
    /// or a year lacks the days of the law.
    pub fn parse(table: &str) -> Result<Self, CalendarError> {
        let (calendar, holidays, listed) = Self::rows(table)?;
        sound(&holidays, &listed)?;
        Ok(calendar)
    }

    /// Reads a table that was published before: what was lawful then is not judged again.
    ///
    /// # Errors
    /// With the line, when a row cannot be read.
    pub fn stored(table: &str) -> Result<Self, CalendarError> {
        Ok(Self::rows(table)?.0)
    }

    fn rows(table: &str) -> Result<Rows<'_>, CalendarError> {
        use sm3::Digest as _;
        let mut lines = table.lines().enumerate();
        if lines.next().map(|(_, heading)| heading.trim()) != Some("date,kind,name") {
            return Err(CalendarError::Heading);
        }
        let mut listed = BTreeMap::new();
        let mut rows = Vec::new();
        for (index, row) in lines.filter(|(_, row)| !row.trim().is_empty()) {
            let line = index + 1;
            let columns: Vec<&str> = row.trim().split(',').collect();
            let [date, kind, name] = columns[..] else {
                return Err(CalendarError::Columns { line });
            };
            let day: Day = date.parse().map_err(|source| CalendarError::Date { line, source })?;
            let works = match kind {
                "workday" => true,
                "holiday" => false,
                other => return Err(CalendarError::Kind { line, found: other.to_owned() }),
            };
            if listed.insert(day, works).is_some() {
                return Err(CalendarError::Twice { line, day });
            }
            rows.push((line, day, name));
        }
        let (Some(first), Some(last)) = (listed.keys().next(), listed.keys().next_back()) else {
            return Err(CalendarError::Gap { year: 0 });
        };
        let official = first.year()..=last.year();
        let digest = sm3::Sm3::digest(table.as_bytes()).into();
        Ok((Self::build(digest, official, &listed), rows, listed))
    }

    fn build(
        digest: CalendarDigest,
        official: RangeInclusive<i16>,
        listed: &BTreeMap<Day, bool>,
    ) -> Self {
        let january_first = |year| Day::from_ymd(year, 1, 1).unwrap_or(Day(0));
        let first = january_first(*official.start() - PROVISIONAL_YEARS);
        let end = january_first(*official.end() + 1 + PROVISIONAL_YEARS);
        let mut before = Vec::with_capacity(end.since(first) as usize + 1);
        let mut count = 0;
        before.push(0);
        for offset in 0..end.since(first) {
            let day = first.plus(offset);
            count += u32::from(works(listed, day));
            before.push(count);
        }
        Self { digest, official, first, before }
    }

    /// The name of this version: SM3 of the table.
    #[must_use]
    pub fn digest(&self) -> CalendarDigest {
        self.digest
    }

    /// Years for which the official arrangement is loaded.
    #[must_use]
    pub fn official_years(&self) -> RangeInclusive<i16> {
        self.official.clone()
    }

    /// Whether a deadline on this day rests on weekends only, for want of the year's table.
    #[must_use]
    pub fn is_provisional(&self, day: Day) -> bool {
        !self.official.contains(&day.year())
    }

    /// Whether offices work on this day.
    #[must_use]
    pub fn is_working(&self, day: Day) -> bool {
        self.working_before(day.plus(1)) > self.working_before(day)
    }

    /// Working days after `from` up to and including `to`; 0 when `to` is not later.
    /// This is how the law counts: the day of acceptance is day 0.
    #[must_use]
    pub fn working_days_after(&self, from: Day, to: Day) -> u32 {
        self.working_before(to.plus(1)).saturating_sub(self.working_before(from.plus(1)))
    }

    /// The `count`-th working day after `from`; `from` itself when `count` is 0.
    #[must_use]
    pub fn nth_working_day_after(&self, from: Day, count: u32) -> Day {
        if count == 0 {
            return from;
        }
        let target = self.working_before(from.plus(1)) + count;
        let place = self.before.partition_point(|working| *working < target);
        self.first.plus(place as i32 - 1)
    }

    /// The first working day on or after `day`.
    #[must_use]
    pub fn working_day_from(&self, day: Day) -> Day {
        self.nth_working_day_after(day.plus(-1), 1)
    }

    fn working_before(&self, day: Day) -> u32 {
        let place = day.since(self.first).clamp(0, self.before.len() as i32 - 1);
        self.before[place as usize]
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn official() -> Calendar {
        let table = include_str!("../../../catalog/jiangsu/calendar.csv");
        Calendar::parse(table).unwrap()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_official_arrangements_of_2020_and_2026_are_followed() {
        let calendar = official();
        let off = ["2020-01-31", "2026-01-01", "2026-01-03", "2026-02-15", "2026-02-23"];
        let works = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-09-20", "2026-10-10"];
        assert!(off.iter().all(|d| !calendar.is_working(day(d))));
        assert!(works.iter().all(|d| calendar.is_working(day(d))));
    }

    #[test]
    fn holidays_and_make_up_days_of_each_year_are_complete() {
        let table = include_str!("../../../catalog/jiangsu/calendar.csv");
        let count = |year: &str, kind: &str| {
            table.lines().filter(|l| l.starts_with(year) && l.contains(kind)).count()
        };
        let published = [
            ("2018", 25, 7),
            ("2019", 28, 6),
            ("2020", 30, 6),
            ("2021", 31, 7),
            ("2022", 32, 7),
            ("2023", 26, 7),
            ("2024", 28, 8),
            ("2025", 28, 5),
            ("2026", 33, 6),
        ];
        for (year, holidays, makeup) in published {
            assert_eq!((count(year, ",holiday,"), count(year, ",workday,")), (holidays, makeup));
        }
    }

    #[test]
    fn the_laws_worked_examples_fall_on_the_right_days() {
        let calendar = official();
        let due = |from: &str, n| calendar.nth_working_day_after(day(from), n).to_string();
        assert_eq!(due("2025-09-26", 5), "2025-10-10");
        assert_eq!(due("2025-09-26", 7), "2025-10-13");
        assert_eq!(due("2025-03-03", 5), "2025-03-10");
    }

    #[test]
    fn a_year_without_data_is_provisional() {
        let calendar = official();
        assert!(!calendar.is_provisional(day("2026-12-31")));
        assert!(calendar.is_provisional(day("2027-01-04")));
        assert!(calendar.is_working(day("2027-01-01")), "weekends only");
    }

    #[test]
    fn a_bad_table_is_refused_with_its_line() {
        let read = |rows: &str| Calendar::parse(&format!("date,kind,name\n{rows}")).unwrap_err();
        assert_eq!(read("2025-02-30,holiday,x"), CalendarError::Date { line: 2, source: NotADate });
        assert!(matches!(read("2025-01-01,off,x"), CalendarError::Kind { line: 2, .. }));
        assert_eq!(read("2025-01-01,holiday"), CalendarError::Columns { line: 2 });
        assert!(matches!(
            read("2025-01-01,holiday,x\n2025-01-01,holiday,x"),
            CalendarError::Twice { line: 3, .. }
        ));
        let year = |year: i16| -> String {
            let january = (1..=13).map(|date| format!("{year}-01-{date:02},holiday,元旦\n"));
            let others = [
                ("02-16", "春节"),
                ("04-06", "清明"),
                ("05-01", "劳动节"),
                ("05-02", "劳动节"),
                ("06-19", "端午"),
                ("09-25", "中秋"),
                ("10-01", "国庆节"),
                ("10-02", "国庆节"),
                ("10-03", "国庆节"),
            ];
            let others = others.map(|(date, name)| format!("{year}-{date},holiday,{name}\n"));
            january.chain(others).collect()
        };
        let without_2025 = format!("{}{}", year(2024), year(2026));
        assert_eq!(read(&without_2025), CalendarError::Gap { year: 2025 });
        let thin = format!("{}2026-01-01,holiday,元旦", year(2025));
        assert_eq!(read(&thin), CalendarError::Gap { year: 2026 }, "13 days by law, one given");
        let hole = year(2025).replace("2025-01-08,holiday,元旦\n", "");
        assert_eq!(read(&hole), CalendarError::Hole { line: 9, day: day("2025-01-08") });
        let labour = year(2025).replace("2025-05-01", "2025-05-12");
        assert_eq!(read(&labour), CalendarError::Hole { line: 1, day: day("2025-05-01") });
        let without = year(2025).replace("2025-06-19,holiday,端午\n", "");
        assert_eq!(read(&without), CalendarError::Lost { year: 2025, name: "端午" });
        let make_up = format!("{}2025-03-04,workday,x", year(2025));
        assert!(matches!(read(&make_up), CalendarError::WorksAnyway { line: 24, .. }));
        assert_eq!(Calendar::parse("").unwrap_err(), CalendarError::Heading);
    }

    proptest::proptest! {
        #[test]
        fn counting_forth_and_back_agree(start in 17_600i32..21_000, count in 1u32..250) {
            let calendar = official();
            let due = calendar.nth_working_day_after(Day(start), count);
            proptest::prop_assert!(calendar.is_working(due));
            proptest::prop_assert_eq!(calendar.working_days_after(Day(start), due), count);
        }

        #[test]
        fn no_table_makes_the_reader_panic(table in "(date,kind,name\n)?[0-9a-z,\n-]{0,60}") {
            let _ = Calendar::parse(&table);
        }
    }
}
