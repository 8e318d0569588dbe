//! The stage ladder of a project, and its plan against what happened.

use tongban_domain::{
    acts::{Subject, available},
    catalog::{Catalog, Endpoint, Entry, Flow},
    permission::{Actor, Standpoint},
    project::Project,
    time::Day,
};

use super::{CaseSummary, Names};
use crate::{
    components::{Chip, ItemState},
    words,
};

/// An item in a stage of the ladder.
pub(crate) struct LadderItem {
    pub(crate) name: String,
    pub(crate) case: Option<CaseSummary>,
    pub(crate) chip: Chip,
    pub(crate) note: String,
    pub(crate) side: bool,
}

impl LadderItem {
    /// Whether nothing more has to be done for it.
    fn is_behind(&self) -> bool {
        match self.chip.state {
            ItemState::Todo
            | ItemState::Draft
            | ItemState::Doing
            | ItemState::Fix
            | ItemState::Paused => false,
            ItemState::NotNeeded
            | ItemState::Locked
            | ItemState::Done
            | ItemState::Tolerated
            | ItemState::Refused
            | ItemState::Withdrawn => true,
        }
    }
}

/// A stage of the ladder.
pub(crate) struct LadderStage {
    pub(crate) number: u8,
    pub(crate) name: String,
    /// `done`, `current` or `ahead`.
    pub(crate) progress: &'static str,
    pub(crate) meta: String,
    pub(crate) items: Vec<LadderItem>,
    /// Items that depend on questions not answered yet.
    pub(crate) undecided: usize,
    /// Whether this reader may apply for something in it now.
    pub(crate) can_apply: bool,
}

impl LadderStage {
    pub(crate) fn is_open(&self) -> bool {
        self.progress != "ahead" || self.can_apply
    }
}

/// The four stages with every item that is there, or that the answers call for.
pub(crate) fn ladder(project: &Project, names: &Names, at: &Standpoint<'_>) -> Vec<LadderStage> {
    let (today, reader) = (at.today, at.actor);
    let Some(flow) = names.catalog.flows.get(&project.flow) else { return Vec::new() };
    let may_apply = available(project, Subject::Project, at)
        .iter()
        .any(|act| act.name == tongban_domain::acts::ActName::SubmitApplication);
    let mut stages: Vec<LadderStage> = Vec::new();
    for stage in &flow.stages {
        let mut entries =
            flow.entries.iter().filter(|entry| entry.stage == stage.number).peekable();
        // A type of project that does not have the stage.
        if entries.peek().is_none() {
            continue;
        }
        let items: Vec<LadderItem> =
            entries.filter_map(|entry| ladder_item(project, entry, names, today, reader)).collect();
        // What was refused, withdrawn or has lapsed may be applied for again.
        let free = names
            .catalog
            .needed(flow, stage.number, &project.answers, project.region)
            .any(|entry| project.is_free(&entry.item));
        let undecided = undecided(project, flow, stage.number, &names.catalog);
        // Without a milestone of its own a stage is behind when all that it needed has passed.
        let rest = undecided == 0 && !free && items.iter().all(LadderItem::is_behind);
        let later = project.applications.values().any(|other| other.stage > stage.number);
        let progress = if project.stage_is_done(stage.number) || (rest && later) {
            "done"
        } else if items.iter().any(|item| item.case.is_some()) {
            "current"
        } else {
            "ahead"
        };
        stages.push(LadderStage {
            number: stage.number,
            name: stage.name.clone(),
            progress,
            meta: stage_meta(project, flow, stage.number, names, today),
            items,
            undecided,
            can_apply: may_apply && (free || undecided > 0),
        });
    }
    // The first stage that is not done is the one at hand.
    if let Some(first) = stages.iter_mut().find(|stage| stage.progress != "done") {
        first.progress = "current";
    }
    stages
}

/// How many items of a stage depend on questions that nobody has answered yet.
fn undecided(project: &Project, flow: &Flow, stage: u8, catalog: &Catalog) -> usize {
    let exists =
        |code: &str| catalog.item(code).is_some_and(|item| catalog.exists_in(item, project.region));
    flow.entries
        .iter()
        .filter(|entry| entry.stage == stage && entry.merged_into.is_none())
        .filter(|entry| entry.need.is_open(&project.answers))
        .filter(|entry| exists(&entry.item))
        .count()
}

fn stage_meta(project: &Project, flow: &Flow, stage: u8, names: &Names, today: Day) -> String {
    let budget = names.catalog.budget(flow, stage, project.region).unwrap_or(0);
    let calendar = &names.catalog.calendar;
    let applications: Vec<_> =
        project.applications.values().filter(|application| application.stage == stage).collect();
    let clocks: Vec<_> = applications
        .iter()
        .filter_map(|application| project.stage_clock(application, calendar, today))
        .collect();
    if clocks.is_empty() {
        return format!("承诺 {budget} 个工作日");
    }
    let elapsed: u32 = clocks.iter().map(|clock| clock.elapsed).sum();
    let open = clocks.iter().any(|clock| clock.ended.is_none());
    if open {
        format!("审批已用 {elapsed} 个工作日，承诺 {budget} 个工作日")
    } else {
        format!("审批用时 {elapsed} 个工作日")
    }
}

fn ladder_item(
    project: &Project,
    entry: &Entry,
    names: &Names,
    today: Day,
    reader: &Actor,
) -> Option<LadderItem> {
    let name = names.item(&entry.item);
    if let Some(case) = project.latest_case(&entry.item) {
        let summary = CaseSummary::of(project, case, names, today, Some(reader));
        let note = summary.turn.what.clone();
        let note =
            if summary.turn.who.is_empty() { note } else { format!("{} {note}", summary.turn.who) };
        let chip = summary.chip.clone();
        return Some(LadderItem { name, case: Some(summary), chip, note, side: entry.side });
    }
    if let Some(host) = &entry.merged_into {
        if !entry.need.holds(&project.answers) {
            return None;
        }
        let note = format!("并入「{}」一并办理，不另外申报", names.item(host));
        let passed = project.passed_case(&entry.item).is_some();
        let chip = if passed {
            Chip::new(ItemState::Done, "已办结")
        } else {
            Chip::new(ItemState::Locked, "合并办理")
        };
        return Some(LadderItem { name, case: None, chip, note, side: entry.side });
    }
    let item = names.catalog.item(&entry.item)?;
    if !names.catalog.exists_in(item, project.region) {
        return None;
    }
    // Conditional items are listed once the questionnaire of the stage has switched them on.
    if !entry.need.holds(&project.answers) {
        return None;
    }
    let mut note = String::new();
    if let Some(flow) = names.catalog.flows.get(&project.flow) {
        let waiting: Vec<String> = flow
            .edges_into(&Endpoint::Item(entry.item.clone()), &project.answers)
            .filter_map(|edge| match &edge.before {
                Endpoint::Item(code) if project.passed_case(code).is_none() => {
                    let needed = flow
                        .entries
                        .iter()
                        .any(|other| other.item == *code && other.need.holds(&project.answers));
                    needed.then(|| names.item(code))
                }
                Endpoint::Milestone(key) if !project.milestones.contains_key(key) => {
                    Some(names.milestone(key))
                }
                Endpoint::Item(_) | Endpoint::Milestone(_) => None,
            })
            .collect();
        if !waiting.is_empty() {
            note = format!("可以先申报；决定前需先办结：{}", waiting.join("、"));
        }
    }
    let chip = Chip::new(ItemState::Todo, "可申报");
    Some(LadderItem { name, case: None, chip, note, side: entry.side })
}

/// A line of the plan.
pub(crate) struct PlanLine {
    pub(crate) name: String,
    pub(crate) planned: String,
    pub(crate) actual: String,
    /// `提前 12 天（8 个工作日）`, `还有 …`, `已晚 …`.
    pub(crate) difference: String,
    pub(crate) late: bool,
}

/// The plan agreed at the start against what happened, in calendar and in working days.
pub(crate) fn plan_lines(project: &Project, names: &Names, today: Day) -> Vec<PlanLine> {
    let calendar = &names.catalog.calendar;
    let both = |from: Day, to: Day| {
        format!("{} 天（{} 个工作日）", to.since(from), calendar.working_days_after(from, to))
    };
    project
        .plan
        .iter()
        .map(|planned| {
            let (name, actual) = match Endpoint::read(&planned.what) {
                Endpoint::Item(code) => {
                    let decided = project
                        .passed_case(&code)
                        .and_then(|case| case.decision.as_ref())
                        .map(|decided| decided.at.day());
                    (names.item(&code), decided)
                }
                Endpoint::Milestone(key) => {
                    (names.milestone(&key), project.milestones.get(&key).copied())
                }
            };
            let by = planned.by;
            let (difference, late) = match actual {
                Some(on) if on < by => (format!("提前 {}", both(on, by)), false),
                Some(on) if on > by => (format!("晚 {}", both(by, on)), true),
                Some(_) => ("按计划完成".to_owned(), false),
                None if today > by => (format!("已晚 {}", both(by, today)), true),
                None => (format!("还有 {}", both(today, by)), false),
            };
            PlanLine {
                name,
                planned: words::day(by),
                actual: actual.map_or("—".to_owned(), words::day),
                difference,
                late,
            }
        })
        .collect()
}
