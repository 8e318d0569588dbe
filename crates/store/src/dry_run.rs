//! What another catalogue would have changed (试运行): the real projects, looked at with both.

use std::collections::{BTreeMap, BTreeSet};

use tongban_domain::{
    application::{Application, Prospect},
    case::Case,
    catalog::Catalog,
    clock::{Ledger, Which},
    credit::Credit,
    ids::{CaseId, ProjectId},
    project::Project,
    time::Day,
};

use crate::{error::StoreError, node::Store};

/// A deadline that would have been another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedDeadline {
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub project_name: String,
    /// The case.
    pub case: CaseId,
    /// Its item.
    pub item: String,
    /// The last day promised.
    pub before: Option<Day>,
    /// The last day it would have been.
    pub after: Option<Day>,
}

/// How often something would have been asked for more, and how often less.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MoreAndLess {
    /// Applications that would have had it in addition.
    pub more: u64,
    /// Applications that would not have had it.
    pub less: u64,
}

/// What a dry run found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DryRun {
    /// Projects looked at.
    pub projects: u64,
    /// Applications handed in since the first day.
    pub applications: u64,
    /// Cases accepted since the first day.
    pub cases: u64,
    /// Deadlines that would have come earlier.
    pub earlier: u64,
    /// Deadlines that would have come later, or not at all.
    pub later: u64,
    /// The first of them, for people to look at.
    pub moved: Vec<MovedDeadline>,
    /// Items, by code.
    pub items: BTreeMap<String, MoreAndLess>,
    /// Papers the owner hands in, by key.
    pub papers: BTreeMap<String, MoreAndLess>,
}

/// Deadlines that are listed one by one.
const LISTED: usize = 200;

impl Store {
    /// Looks at every project with the pack in force and with another one: the deadlines of cases
    /// accepted since a day, the items and papers of applications handed in since then. Nothing
    /// is changed. `told` is called with the projects done and their number.
    ///
    /// # Errors
    /// When the database fails.
    pub fn dry_run(
        &self,
        other: &Catalog,
        since: Day,
        mut told: impl FnMut(usize, usize),
    ) -> Result<DryRun, StoreError> {
        let (base, credit) = (self.catalog()?, self.credit());
        let projects = self.all_projects()?;
        let mut found = DryRun::default();
        for (done, id) in projects.iter().enumerate() {
            if let Some(project) = self.project(*id)? {
                found.look_at(&project, (&base, other), &credit, since);
            }
            told(done + 1, projects.len());
        }
        Ok(found)
    }
}

impl DryRun {
    fn look_at(
        &mut self,
        project: &Project,
        (base, other): (&Catalog, &Catalog),
        credit: &Credit,
        since: Day,
    ) {
        self.projects += 1;
        for case in project.cases.values() {
            let Some(ledger) = &case.ledger else { continue };
            if ledger.accepted >= since {
                self.cases += 1;
                self.deadline(project, case, ledger, base, other);
            }
        }
        for application in project.applications.values() {
            if application.submitted_at.day() >= since {
                self.applications += 1;
                self.contents(project, application, (base, other), credit);
            }
        }
    }

    fn deadline(
        &mut self,
        project: &Project,
        case: &Case,
        ledger: &Ledger,
        base: &Catalog,
        other: &Catalog,
    ) {
        // An item that is gone would have had no case; that is counted with the items.
        let Some(terms) = other.terms(&case.opened.item, project.region) else { return };
        let mut changed = ledger.clone();
        changed.statutory = terms.item.statutory.pin();
        changed.promised = terms.promised.pin();
        let before = ledger.due(base.calendar_of(ledger.calendar), Which::Promised);
        let after = changed.due(&other.calendar, Which::Promised);
        if before == after {
            return;
        }
        let earlier = match (before, after) {
            (Some(before), Some(after)) => after < before,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if earlier {
            self.earlier += 1;
        } else {
            self.later += 1;
        }
        if self.moved.len() < LISTED {
            self.moved.push(MovedDeadline {
                project: project.id,
                project_name: project.name.clone(),
                case: case.opened.case,
                item: case.opened.name.clone(),
                before,
                after,
            });
        }
    }

    fn contents(
        &mut self,
        project: &Project,
        application: &Application,
        (base, other): (&Catalog, &Catalog),
        credit: &Credit,
    ) {
        // On the day it was handed in.
        let day = application.submitted_at.day();
        let items = |catalog: &Catalog| -> BTreeSet<String> {
            let Some(flow) = catalog.flows.get(&project.flow) else { return BTreeSet::new() };
            let answers = answers(&Prospect { catalog, project, credit, day });
            catalog
                .needed(flow, application.stage, &answers, project.region)
                .map(|entry| entry.item.clone())
                .collect()
        };
        let chosen: Vec<String> =
            project.cases_of(application).map(|case| case.opened.item.clone()).collect();
        let (before, after) = (items(base), items(other));
        count(&mut self.items, &before, &after, |code| chosen.contains(code));
        let papers = |catalog: &Catalog, items: &[String]| -> BTreeSet<String> {
            let prospect = Prospect { catalog, project, credit, day };
            prospect
                .papers(items, &answers(&prospect))
                .into_iter()
                .filter(|(_, from)| from.is_none())
                .map(|(slot, _)| slot.paper)
                .collect()
        };
        let with_other: Vec<String> = chosen
            .iter()
            .filter(|code| !before.contains(*code) || after.contains(*code))
            .chain(after.difference(&before))
            .cloned()
            .collect();
        let (before, after) = (papers(base, &chosen), papers(other, &with_other));
        count(&mut self.papers, &before, &after, |_| true);
    }
}

/// What was answered; what an area assessment says was never up to the owner.
fn answers(prospect: &Prospect<'_>) -> BTreeMap<String, String> {
    let mut answers = prospect.project.answers.clone();
    answers.extend(prospect.area_answers());
    answers
}

/// Counts what is only on one side; what is gone counts where it was really there.
fn count(
    into: &mut BTreeMap<String, MoreAndLess>,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
    was_there: impl Fn(&String) -> bool,
) {
    for key in after.difference(before) {
        into.entry(key.clone()).or_default().more += 1;
    }
    for key in before.difference(after).filter(|key| was_there(key)) {
        into.entry(key.clone()).or_default().less += 1;
    }
}
