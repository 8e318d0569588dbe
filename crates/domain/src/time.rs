//! Instants and days. Both are plain numbers; only the store's clock makes new ones.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Instant(#[n(0)] pub i64);

/// China has used UTC+8 all year since 1991; no fact of this system is older.
const CHINA_OFFSET_SECONDS: i64 = 8 * 3600;
const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

impl Instant {
    /// The day this moment falls on in China.
    #[must_use]
    pub const fn day(self) -> Day {
        let seconds = self.0.div_euclid(MICROS_PER_SECOND) + CHINA_OFFSET_SECONDS;
        Day(seconds.div_euclid(SECONDS_PER_DAY) as i32)
    }

    /// Hour and minute on China's clocks.
    #[must_use]
    pub const fn hour_minute(self) -> (u8, u8) {
        let seconds = self.0.div_euclid(MICROS_PER_SECOND) + CHINA_OFFSET_SECONDS;
        let of_day = seconds.rem_euclid(SECONDS_PER_DAY);
        ((of_day / 3600) as u8, (of_day % 3600 / 60) as u8)
    }

    /// A later moment.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * MICROS_PER_SECOND)
    }
}

/// A calendar day in China, counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Day(#[n(0)] pub i32);

/// The text is not a date of the form 2026-06-12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form 2026-06-12")]
pub struct NotADate;

impl Day {
    /// The day with this year, month (1–12) and day of the month, if it exists.
    #[must_use]
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        let date = jiff::civil::Date::new(year, month, day).ok()?;
        Some(Self::from_date(date))
    }

    fn from_date(date: jiff::civil::Date) -> Self {
        let epoch = jiff::civil::date(1970, 1, 1);
        // Dates of year 1 to 9999 are far inside the range of i32 days.
        Self((date - epoch).get_days())
    }

    fn date(self) -> jiff::civil::Date {
        let epoch = jiff::civil::date(1970, 1, 1);
        epoch.saturating_add(jiff::Span::new().days(self.0.clamp(-700_000, 2_900_000)))
    }

    /// Year, month and day of the month.
    #[must_use]
    pub fn ymd(self) -> (i16, i8, i8) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.date().year()
    }

    /// Saturday or Sunday.
    #[must_use]
    pub const fn is_weekend(self) -> bool {
        // 1970-01-01 was a Thursday.
        matches!((self.0 + 3).rem_euclid(7), 5 | 6)
    }

    /// 1 = Monday … 7 = Sunday.
    #[must_use]
    pub const fn weekday(self) -> u8 {
        (self.0 + 3).rem_euclid(7) as u8 + 1
    }

    /// This many calendar days later (earlier when negative).
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// Calendar days from `earlier` to this day.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// This day next month, or the month's last day where there is no such day.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self::from_date(self.date().saturating_add(jiff::Span::new().months(months)))
    }

    /// Midnight in China at which this day begins.
    #[must_use]
    pub const fn begins(self) -> Instant {
        let seconds = self.0 as i64 * SECONDS_PER_DAY - CHINA_OFFSET_SECONDS;
        Instant(seconds * MICROS_PER_SECOND)
    }

    /// A time of this day on China's clocks.
    #[must_use]
    pub const fn at(self, hour: i64, minute: i64) -> Instant {
        self.begins().plus_seconds(hour * 3600 + minute * 60)
    }
}

impl Day {
    /// 2026年6月12日.
    #[must_use]
    pub fn in_words(self) -> String {
        let (year, month, date) = self.ymd();
        format!("{year}年{month}月{date}日")
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let shape = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        if !shape {
            return Err(NotADate);
        }
        let date: jiff::civil::Date = text.parse().map_err(|_| NotADate)?;
        Ok(Self::from_date(date))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let day: Day = "2026-06-12".parse().unwrap();
        assert_eq!(day.begins().day(), day);
        assert_eq!(Instant(day.begins().0 - 1).day(), day.plus(-1));
        assert_eq!(day.weekday(), 5);
        assert_eq!(day.at(16, 30).hour_minute(), (16, 30));
    }

    proptest::proptest! {
        #[test]
        fn a_day_survives_being_written_and_read(n in -100_000i32..100_000) {
            proptest::prop_assert_eq!(Day(n).to_string().parse::<Day>(), Ok(Day(n)));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,12}") {
            let _ = text.parse::<Day>();
        }
    }
}
