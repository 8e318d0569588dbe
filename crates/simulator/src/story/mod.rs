//! The story project: a key project that was planned to take three months from its first
//! application to its construction permit, and takes 35 days. Three departments work on it at
//! the same time; on the way there are one correction notice and one expert review.

mod play;
mod script;

use tongban_domain::{
    calendar::Calendar, catalog::Catalog, permission::covers, project::Planned, time::Day,
};

use crate::{city::City, hours::working_days_before, sketch::Sketch, world::Span};

/// Name of the story project.
pub const STORY_NAME: &str = "苏州工业园区新能源汽车产业园";

/// Suzhou Industrial Park.
const REGION: u32 = 320_571;
/// Calendar days from the first application to the permit.
pub(crate) const DAYS_TO_PERMIT: i32 = 35;
/// Working days in them; the script counts on five weeks without a holiday.
const WORKING_DAYS_TO_PERMIT: u32 = 25;
/// Working days before the first application at which the script begins.
const BEFORE: u32 = 8;

/// Answers that give the story its items; all others are the usual ones.
pub(crate) const ANSWERS: &[(&str, &str)] = &[
    ("land-industrial", "sale"),
    ("eia-class", "registration"),
    ("civil-defence-industrial", "build"),
    ("tender-required", "no"),
    ("building-waste", "yes"),
    ("works-on-road", "yes"),
];

/// The day of the first application: the first suitable one from two thirds of the period on,
/// else the last one before. None when the city or the period has no room for the story.
pub(crate) fn start(catalog: &Catalog, city: &City, span: Span) -> Option<Day> {
    let in_city = covers(catalog, city.region, REGION);
    let has_flow = catalog.flows.contains_key("E");
    if !in_city || !has_flow || city.owners.is_empty() {
        return None;
    }
    let wanted = span.from.plus(span.days as i32 * 2 / 3);
    let later = (0..=150).map(|days| wanted.plus(days));
    let earlier = (1..=span.days as i32).map(|days| wanted.plus(-days));
    later.chain(earlier).find(|day| fits(&catalog.calendar, span, *day))
}

fn fits(calendar: &Calendar, span: Span, day: Day) -> bool {
    let permit = day.plus(DAYS_TO_PERMIT);
    calendar.is_working(day)
        && calendar.is_working(permit)
        && calendar.working_days_after(day, permit) == WORKING_DAYS_TO_PERMIT
        && permit <= span.last
        && working_days_before(calendar, day, BEFORE) >= span.from
}

/// What the story project is.
pub(crate) fn sketch(catalog: &Catalog, number: usize) -> Sketch {
    let place = catalog.regions.get(&REGION).map_or("", |region| region.name.as_str());
    Sketch {
        number,
        owner: 0,
        name: STORY_NAME.to_owned(),
        region: REGION,
        flow: "E".to_owned(),
        address: format!("{place}星澜路88号"),
        land: 168_000,
        floor: 236_000,
        investment: 198_000,
    }
}

/// The plan agreed with the owner, as such projects used to go: three months to the permit.
fn plan(first_application: Day) -> Vec<Planned> {
    let planned = [
        ("LX-05", 3),
        ("milestone:land-contract", 5),
        ("LX-11b", 14),
        ("GH-02", 45),
        ("SG-01", 70),
        ("SG-09", 91),
        ("milestone:start-of-works", 105),
        ("milestone:completion-acceptance", 345),
        ("YS-08", 365),
    ];
    planned
        .map(|(what, days)| Planned { what: what.to_owned(), by: first_application.plus(days) })
        .to_vec()
}
