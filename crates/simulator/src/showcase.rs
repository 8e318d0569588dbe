//! The last weeks: a few projects are led so that the city ends with a case in every standing,
//! also in those that last only days or happen rarely.

use tongban_domain::case::{Case, Standing};

use crate::{
    fate::{Fate, SpecialPlan},
    hours::DAY_MINUTES,
    window::Dismissal,
};

/// Answers that switch the many items of the crossroads project's third stage.
pub(crate) const CROSSROADS_ANSWERS: &[(&str, &str)] = &[
    ("land-industrial", "own"),
    ("tender-required", "no"),
    ("fire-special", "yes"),
    ("building-waste", "yes"),
    ("works-on-road", "yes"),
    ("green-land", "yes"),
    ("trees", "yes"),
    ("move-water", "yes"),
    ("move-drain", "yes"),
    ("move-gas", "yes"),
    ("sewer-discharge", "yes"),
    ("highway", "yes"),
];

/// Answers of the projects that have only just arrived: on land they own, no contract comes
/// before the first application.
pub(crate) const NEWCOMER_ANSWERS: &[(&str, &str)] = &[("land-industrial", "own")];

/// The paper that the crossroads project leaves out, so that three of its items owe it.
pub(crate) const PAPER_LEFT_OUT: &str = "facility-agreement";

/// Cases of the crossroads project that the window does not accept.
pub(crate) fn dismissal(item: &str) -> Option<Dismissal> {
    match item {
        "SG-19" => Some(Dismissal::Refused),
        "SG-20" => Some(Dismissal::NotRequired),
        _ => None,
    }
}

/// What becomes of the cases in the third stage of the crossroads project: every item ends
/// somewhere else.
pub(crate) fn decide_fate(fate: &mut Fate, case: &Case) {
    fate.spans = [60, 240, 180, 180];
    // The owner brings the paper left out after the end.
    fate.forgets = true;
    match case.opened.item.as_str() {
        "SG-13" => fate.stops_at = Some(Standing::WithOfficer),
        "SG-14" => fate.stops_at = Some(Standing::WithReviewer),
        "SG-15a" => fate.stops_at = Some(Standing::WithApprover),
        "SG-02" => {
            let reason = "expert-review".to_owned();
            let days = 28;
            fate.special = Some(SpecialPlan { reason, days, rejected: false, by_itself: true });
        }
        "SG-15b" => fate.refuses = true,
        "SG-12" => {
            fate.stops_at = Some(Standing::WithOfficer);
            fate.withdrawn_after = Some(2 * DAY_MINUTES);
        }
        "SG-18" => fate.revoked_after = Some(3),
        // SG-16 and SG-17 pass with gap, SG-06 and the permit as usual.
        _ => {}
    }
}
