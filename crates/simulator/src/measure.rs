//! Measuring the outcome from the folds.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tongban_domain::{
    case::{Case, NationalState, Standing},
    clock::{ClockFace, Which},
    ids::DepartmentId,
    paper::PaperFigure,
    project::Project,
    time::Day,
};

use crate::{
    life::{Life, Part},
    summary::{Approval, StoryReport, Summary},
    world::World,
};

/// The construction permit.
const PERMIT: &str = "SG-09";

impl World {
    /// The outcome of the simulation.
    pub(crate) fn summary(self) -> Summary {
        let calendar = &self.catalog.calendar;
        let today = self.span.last;
        let projects: Vec<&Arc<Project>> =
            self.lives.iter().filter_map(|life| life.project.as_ref()).collect();
        let finished = || projects.iter().filter(|project| project.stage_is_done(4));
        let mut days: Vec<u32> =
            finished().map(|project| project.approval_days(calendar, today)).collect();
        days.sort_unstable();
        let cases = || projects.iter().flat_map(|project| project.cases.values());
        let mut standings: BTreeMap<Standing, usize> = BTreeMap::new();
        let mut states: BTreeMap<NationalState, usize> = BTreeMap::new();
        for case in cases() {
            *standings.entry(case.standing).or_default() += 1;
            for step in &case.history {
                *states.entry(step.state).or_default() += 1;
            }
        }
        let late = cases().filter(|case| {
            let reading =
                case.ledger.as_ref().map(|ledger| ledger.read(calendar, Which::Promised, today));
            case.decision.is_some()
                && reading.is_some_and(|read| read.face == ClockFace::StoppedLate)
        });
        let mut papers = PaperFigure::default();
        for project in &projects {
            papers += project.paper_figure();
        }
        Summary {
            papers,
            from: self.span.from,
            last: today,
            projects: projects.len(),
            finished: finished().count(),
            given_up: self.lives.iter().filter(|life| life.given_up).count(),
            applications: projects.iter().map(|project| project.applications.len()).sum(),
            cases: cases().count(),
            late: late.count(),
            acts: self.tally.acts,
            facts: self.tally.facts,
            timers: self.tally.timers,
            standings,
            states,
            approval: approval(&days),
            refused: self.tally.refused.clone(),
            story: self.lives.iter().find_map(story),
        }
    }
}

/// Median and longest of sorted numbers of days.
fn approval(days: &[u32]) -> Option<Approval> {
    let longest = days.last()?;
    let median = days.get((days.len() - 1) / 2)?;
    Some(Approval { median: *median, longest: *longest })
}

fn story(life: &Life) -> Option<StoryReport> {
    if life.part != Part::Story {
        return None;
    }
    let project = life.project.as_ref()?;
    let first = project.applications.values().map(|application| application.submitted_at).min()?;
    let submitted = first.day();
    let permit = project
        .passed_case(PERMIT)
        .and_then(|case| case.decision.as_ref())
        .map(|decided| decided.at.day());
    let planned = project.plan.iter().find(|planned| planned.what == PERMIT);
    let before_permit = |day: Day| permit.is_none_or(|permit| day <= permit);
    let pauses = project
        .cases
        .values()
        .filter_map(|case| case.ledger.as_ref())
        .flat_map(|ledger| &ledger.pauses)
        .filter(|pause| before_permit(pause.from))
        .count();
    let notices =
        project.applications.values().filter(|application| application.correction.is_some());
    Some(StoryReport {
        project: project.id,
        code: project.code.to_string(),
        submitted,
        permit,
        days_to_permit: permit.map(|permit| permit.since(submitted)),
        planned_days: planned.map(|planned| planned.by.since(submitted)),
        departments_at_once: departments_at_once(project, submitted, permit),
        pauses,
        notices: notices.count(),
        finished: project.stage_is_done(4),
    })
}

/// Most departments that had an accepted, undecided case of a project on one day.
fn departments_at_once(project: &Project, from: Day, to: Option<Day>) -> usize {
    let days = to.map_or(0, |to| to.since(from).max(0));
    let busy = |case: &&Arc<Case>, day: Day| {
        case.ledger.as_ref().is_some_and(|ledger| {
            ledger.accepted <= day && ledger.stopped.is_none_or(|stopped| stopped >= day)
        })
    };
    (0..=days)
        .map(|offset| {
            let day = from.plus(offset);
            let departments: BTreeSet<DepartmentId> = project
                .cases
                .values()
                .filter(|case| busy(case, day))
                .map(|case| case.department)
                .collect();
            departments.len()
        })
        .max()
        .unwrap_or(0)
}
