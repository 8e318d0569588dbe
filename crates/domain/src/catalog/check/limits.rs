//! Which of two limits is longer, whatever the year.

use crate::{
    calendar::Calendar,
    limit::{Limit, PinnedLimit},
    time::Day,
};

/// Whether a limit can turn out longer than another. Limits without a number of their own are
/// not compared.
pub(super) fn is_longer(limit: &Limit, than: &Limit, calendar: &Calendar) -> bool {
    if let (Limit::ByCondition(ours), Limit::ByCondition(theirs)) = (limit, than) {
        // Under the same condition the branches face each other.
        let facing = |condition: &str| theirs.iter().find(|it| it.condition == condition);
        if ours.iter().all(|branch| facing(&branch.condition).is_some()) {
            return ours.iter().any(|branch| {
                facing(&branch.condition)
                    .is_some_and(|other| is_longer(&branch.limit, &other.limit, calendar))
            });
        }
    }
    let ours = branches(limit);
    branches(than)
        .into_iter()
        .any(|other| ours.iter().any(|own| pinned_is_longer(*own, other, calendar)))
}

fn branches(limit: &Limit) -> Vec<PinnedLimit> {
    match limit {
        Limit::ByCondition(branches) => branches.iter().map(|it| it.limit.pin()).collect(),
        Limit::WorkingDays { .. }
        | Limit::CalendarDays { .. }
        | Limit::AtOnce
        | Limit::With(_)
        | Limit::NotCounted
        | Limit::NoneSet => vec![limit.pin()],
    }
}

fn pinned_is_longer(own: PinnedLimit, other: PinnedLimit, calendar: &Calendar) -> bool {
    use PinnedLimit::{AtOnce, CalendarDays, None, WorkingDays};
    match (own, other) {
        (None, _) | (_, None) | (AtOnce, _) => false,
        (WorkingDays(days, _) | CalendarDays(days, _), AtOnce) => days > 0,
        // So many calendar days are never longer than as many working days.
        (WorkingDays(days, _), WorkingDays(most, _))
        | (CalendarDays(days, _), CalendarDays(most, _) | WorkingDays(most, _)) => days > most,
        (WorkingDays(days, _), CalendarDays(most, _)) => {
            longest_span(days, calendar) > u32::from(most)
        }
    }
}

/// The most calendar days that so many working days took in any year of the calendar.
fn longest_span(days: u16, calendar: &Calendar) -> u32 {
    let years = calendar.official_years();
    let Some(first) = Day::from_ymd(*years.start(), 1, 1) else { return u32::MAX };
    let Some(last) = Day::from_ymd(*years.end(), 1, 1) else { return u32::MAX };
    (0..=last.since(first))
        .map(|offset| first.plus(offset))
        .map(|day| calendar.nth_working_day_after(day, u32::from(days)).since(day))
        .max()
        .map_or(u32::MAX, i32::unsigned_abs)
}
