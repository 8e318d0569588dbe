//! Office hours: staff act from nine to five on working days, owners now and then at night and
//! on rest days as well.

use tongban_domain::{
    calendar::Calendar,
    time::{Day, Instant},
};

use crate::dice::Dice;

const OPENS: i64 = 9;
const CLOSES: i64 = 17;
/// Working minutes of a working day.
pub(crate) const DAY_MINUTES: u32 = ((CLOSES - OPENS) * 60) as u32;

/// The moment so many working minutes after another.
pub(crate) fn after(calendar: &Calendar, from: Instant, minutes: u32) -> Instant {
    let mut at = opened(calendar, from);
    let mut left = i64::from(minutes) * 60;
    loop {
        let today = (at.day().at(CLOSES, 0).0 - at.0) / 1_000_000;
        if left < today {
            return at.plus_seconds(left);
        }
        left -= today;
        at = opened(calendar, at.day().plus(1).begins());
    }
}

/// The same, but not later than the end of a working day already begun: what is decided at
/// once is not left lying over night.
pub(crate) fn before_closing(calendar: &Calendar, from: Instant, minutes: u32) -> Instant {
    let at = after(calendar, from, minutes);
    let closing = from.day().at(CLOSES, 25);
    if at.day() == from.day() || !calendar.is_working(from.day()) || from >= closing {
        at
    } else {
        closing
    }
}

/// The first moment from here on at which offices are open.
fn opened(calendar: &Calendar, from: Instant) -> Instant {
    let day = from.day();
    if calendar.is_working(day) && from < day.at(CLOSES, 0) {
        from.max(day.at(OPENS, 0))
    } else {
        calendar.working_day_from(day.plus(1)).at(OPENS, 0)
    }
}

/// A moment on the first working day from `day` on at which a clerk gets to it; early enough
/// for what has to be decided on the same day.
pub(crate) fn staff_time(dice: &mut Dice, calendar: &Calendar, day: Day, now: Instant) -> Instant {
    let minute = i64::from(dice.between(9 * 60 + 5, 15 * 60 + 45));
    let day = calendar.working_day_from(day);
    let at = day.at(0, minute);
    if at > now { at } else { calendar.nth_working_day_after(now.day(), 1).at(0, minute) }
}

/// A moment on or soon after `day` at which an owner sits down to it.
pub(crate) fn owner_time(dice: &mut Dice, calendar: &Calendar, day: Day) -> Instant {
    let evening = dice.chance(120);
    let works_on_rest_days = dice.chance(150);
    let day = if works_on_rest_days { day } else { calendar.working_day_from(day) };
    let minute =
        if evening { dice.between(19 * 60, 22 * 60) } else { dice.between(9 * 60, 17 * 60 - 1) };
    day.at(0, i64::from(minute))
}

/// The working day so many working days before another.
pub(crate) fn working_days_before(calendar: &Calendar, day: Day, count: u32) -> Day {
    let mut found = day;
    for _ in 0..count {
        found = found.plus(-1);
        while !calendar.is_working(found) && found.0 > 0 {
            found = found.plus(-1);
        }
    }
    found
}
