//! The points a system of a department has to meet, each with what was found.

use tongban_domain::case::{Case, Standing};
use tongban_store::Store;

use super::{
    desk::Desk,
    trace::{Fault, Seen, Trace},
};

/// What came of pushing.
#[derive(Default)]
pub(crate) struct Pushing {
    /// Tasks that were taken.
    pub(crate) taken: usize,
    /// Pushes that were taken a second time.
    pub(crate) twice: usize,
    /// Why the last push that was not taken was not.
    pub(crate) fault: Option<String>,
    /// Why one was not taken a second time.
    pub(crate) refused_again: Option<String>,
}

/// A point with what was found.
pub(crate) struct Finding {
    /// What is asked.
    pub(crate) what: &'static str,
    /// What is missing; none when it is met.
    pub(crate) fault: Option<String>,
}

fn point(what: &'static str, met: bool, fault: impl FnOnce() -> String) -> Finding {
    Finding { what, fault: (!met).then(fault) }
}

/// All points as they stand now.
pub(crate) fn findings(
    store: &Store,
    desk: &Desk,
    trace: &Trace,
    pushing: &Pushing,
) -> anyhow::Result<Vec<Finding>> {
    let acts = trace.acts();
    let mut decided = 0;
    let mut three = false;
    let mut filed = 0;
    let mut from_system = 0;
    for id in &desk.cases {
        let Some(project) = store.project_of_case(*id)?.map(|id| store.project(id)) else {
            continue;
        };
        let Some(case) = project?.and_then(|project| project.cases.get(id).cloned()) else {
            continue;
        };
        let own = case.ways_in.from_system(case.department);
        from_system += own;
        filed += case.filed.len();
        if own > 0 && is_decided(&case) {
            decided += 1;
            three |= hands(&case) == 3;
        }
    }
    let done: Vec<&Seen> = acts.iter().filter(|seen| seen.status.is_success()).collect();
    let refused = acts.iter().find(|seen| seen.status.is_client_error());
    Ok(vec![
        point("takes the tasks that are pushed", pushing.taken > 0, || {
            pushing.fault.clone().unwrap_or_else(|| "nothing was taken".to_owned())
        }),
        point(
            "takes the same tasks twice",
            pushing.twice > 0 && pushing.refused_again.is_none(),
            || pushing.refused_again.clone().unwrap_or_else(|| "nothing was taken".to_owned()),
        ),
        point("reads its cases", trace.has_read("/api/v1/cases/"), || {
            "GET /cases/{case} did not come".to_owned()
        }),
        point("acts for named officers, numbered from 1", from_system > 0, || {
            "no act was carried out".to_owned()
        }),
        point("sends no act that is refused", refused.is_none(), || {
            refused.map_or_else(String::new, |seen| {
                format!("{} number {}: {}", seen.path, seen.number, seen.answer)
            })
        }),
        again(&acts, Fault::AnswerLost, "repeats an act whose answer was lost, unchanged"),
        again(&acts, Fault::Away, "repeats an act that did not arrive, unchanged"),
        twice(&done),
        point("carries a case to its decision", decided > 0, || {
            "no case it acted on is decided".to_owned()
        }),
        point("by three persons: officer, reviewer, approver", three, || {
            "no case was decided after the opinions of two others".to_owned()
        }),
        point("puts a paper of the department on file", filed > 0, || {
            "POST /cases/{case}/filed-papers did not come".to_owned()
        }),
    ])
}

fn is_decided(case: &Case) -> bool {
    matches!(case.standing, Standing::Passed | Standing::PassedWithGap | Standing::Refused)
}

/// How many people had a hand in a decision.
fn hands(case: &Case) -> usize {
    let opinions = case.opinions.iter().map(|opinion| opinion.by.account);
    let decision = case.decision.iter().map(|decided| decided.by.account);
    opinions.chain(decision).collect::<std::collections::BTreeSet<_>>().len()
}

fn again(acts: &[Seen], fault: Fault, what: &'static str) -> Finding {
    let Some(first) = acts.iter().position(|seen| seen.fault == Some(fault)) else {
        return point(what, false, || "it never came to that".to_owned());
    };
    let (lost, later) = (&acts[first], &acts[first + 1..]);
    let repeated = later.iter().find(|seen| seen.path == lost.path && seen.number == lost.number);
    match repeated {
        None => point(what, false, || format!("{} did not come again", lost.path)),
        Some(seen) => point(what, seen.body == lost.body && seen.status.is_success(), || {
            format!("{} came again as something else: {}", lost.path, seen.answer)
        }),
    }
}

/// The same act under two numbers was done for one task that came twice.
fn twice(done: &[&Seen]) -> Finding {
    let double = done.iter().enumerate().find_map(|(place, seen)| {
        let same = |it: &&&Seen| (&it.path, &it.body) == (&seen.path, &seen.body);
        done[..place].iter().find(same).filter(|it| it.number != seen.number).map(|_| seen)
    });
    point("does nothing twice", double.is_none(), || {
        double.map_or_else(String::new, |seen| format!("{} came under two numbers", seen.path))
    })
}
