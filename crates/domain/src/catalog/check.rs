//! What must hold across the files of a pack before it may be used.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Catalog, Condition, Endpoint, FieldType, Flow, LawReference, Need, PaperSource, Problem,
    QuestionKind, Recorder,
    load::{Places, keys},
};
use crate::limit::{Limit, PinnedLimit};

pub(super) fn check(catalog: &Catalog, places: &Places) -> Vec<Problem> {
    let mut checker = Checker { catalog, places, problems: Vec::new() };
    checker.items();
    checker.papers();
    checker.questions();
    checker.fields();
    checker.milestones();
    for flow in catalog.flows.values() {
        checker.flow(flow);
    }
    checker.regions();
    checker.problems
}

struct Checker<'a> {
    catalog: &'a Catalog,
    places: &'a Places,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn problem(&mut self, kind: &'static str, key: &str, message: String) {
        let (file, line) = self.places.of(kind, key);
        self.problems.push(Problem { file, line, message });
    }

    fn laws(&mut self, kind: &'static str, key: &str, references: &[LawReference]) {
        for reference in references {
            if !self.catalog.laws.contains_key(&reference.law) {
                self.problem(kind, key, format!("there is no law {} in laws.toml", reference.law));
            }
        }
    }

    fn items(&mut self) {
        for item in &self.catalog.items {
            let code = &item.code;
            if item.law.is_empty() {
                self.problem("item", code, format!("{code} has no legal basis"));
            }
            self.laws("item", code, &item.law);
            for department in std::iter::once(&item.lead).chain(&item.with) {
                if !self.catalog.departments.contains_key(department) {
                    let message =
                        format!("there is no department {department} in departments.toml");
                    self.problem("item", code, message);
                }
            }
            for paper in item.papers.iter().chain(&item.deferrable) {
                if !self.catalog.papers.contains_key(paper) {
                    let message = format!("there is no paper {paper} in papers.toml");
                    self.problem("item", code, message);
                }
            }
            if !item.deferral && !item.deferrable.is_empty() {
                let message = format!("{code} lists deferrable papers but does not allow deferral");
                self.problem("item", code, message);
            }
            for other in item.merged_into.iter().chain(&item.feeds) {
                if self.catalog.item(other).is_none() {
                    self.problem("item", code, format!("there is no item {other}"));
                }
            }
            for limit in [&item.statutory, &item.promised] {
                if let Limit::With(host) = limit
                    && self.catalog.item(host).is_none()
                {
                    self.problem("item", code, format!("there is no item {host} to go with"));
                }
            }
            if !(1..=5).contains(&item.stage) {
                self.problem("item", code, format!("{} is not a stage from 1 to 5", item.stage));
            }
            let numbers = (item.promised.pin(), item.statutory.pin());
            let looser = match numbers {
                (PinnedLimit::WorkingDays(p, _), PinnedLimit::WorkingDays(s, _))
                | (PinnedLimit::CalendarDays(p, _), PinnedLimit::CalendarDays(s, _)) => p > s,
                _ => false,
            };
            if looser {
                let message = format!(
                    "{code} promises {} but the law gives {}",
                    item.promised, item.statutory
                );
                self.problem("item", code, message);
            }
        }
    }

    fn papers(&mut self) {
        for paper in self.catalog.papers.values() {
            if let PaperSource::Items(codes) = &paper.source {
                for code in codes.iter().filter(|code| self.catalog.item(code).is_none()) {
                    let message =
                        format!("{} comes from an item {code} that does not exist", paper.key);
                    self.problem("paper", &paper.key, message);
                }
            }
            let of_items = |source: &PaperSource| matches!(source, PaperSource::Items(_));
            if let Some(otherwise) = &paper.otherwise
                && (!of_items(&paper.source) || of_items(otherwise))
            {
                let message = format!(
                    "{} needs otherwise only beside item:…, with owner or register:…",
                    paper.key
                );
                self.problem("paper", &paper.key, message);
            }
            if paper.accept.is_empty() || paper.max_mb == 0 {
                let message = format!("{} accepts no file", paper.key);
                self.problem("paper", &paper.key, message);
            }
        }
    }

    fn questions(&mut self) {
        for question in &self.catalog.questions {
            self.laws("question", &question.key, &question.basis);
            for flow in &question.flows {
                if !self.catalog.flows.contains_key(flow) {
                    self.problem("question", &question.key, format!("there is no flow {flow}"));
                }
            }
            if !question.choices().iter().any(|choice| choice.key == question.default) {
                let message = format!("the default {} is not one of the answers", question.default);
                self.problem("question", &question.key, message);
            }
        }
    }

    fn milestones(&mut self) {
        for milestone in &self.catalog.milestones {
            if let Recorder::Department(key) = &milestone.recorded_by
                && !self.catalog.departments.contains_key(key)
            {
                let message = format!("there is no department {key} in departments.toml");
                self.problem("milestone", &milestone.key, message);
            }
        }
    }

    fn fields(&mut self) {
        for field in &self.catalog.fields {
            for code in field.items.iter().filter(|code| self.catalog.item(code).is_none()) {
                self.problem("field", &field.key, format!("there is no item {code}"));
            }
            if let FieldType::Choice(options) = &field.kind
                && options.is_empty()
            {
                self.problem("field", &field.key, format!("{} has no options", field.key));
            }
        }
    }

    fn flow(&mut self, flow: &Flow) {
        let mut codes = BTreeSet::new();
        for entry in &flow.entries {
            let place = format!("{} {}", flow.key, entry.item);
            if self.catalog.item(&entry.item).is_none() {
                self.problem("entry", &place, format!("there is no item {}", entry.item));
            }
            if !codes.insert(entry.item.as_str()) {
                self.problem("entry", &place, format!("{} stands here twice", entry.item));
            }
            if flow.stage(entry.stage).is_none() {
                self.problem("entry", &place, format!("the flow has no stage {}", entry.stage));
            }
            if let Need::When(conditions) = &entry.need {
                for condition in conditions {
                    if let Some(message) = self.condition_fault(flow, condition) {
                        self.problem("entry", &place, message);
                    }
                }
            }
        }
        for edge in &flow.edges {
            let place = format!("{} {} {}", flow.key, edge.before, edge.after);
            for end in [&edge.before, &edge.after] {
                let known = match end {
                    Endpoint::Item(code) => codes.contains(code.as_str()),
                    Endpoint::Milestone(key) => self.catalog.milestone(key).is_some(),
                };
                if !known {
                    self.problem(
                        "edge",
                        &place,
                        format!("{end} does not occur in flow {}", flow.key),
                    );
                }
            }
        }
        if self.catalog.item(&flow.registration_item).is_none() {
            let message = format!("there is no item {}", flow.registration_item);
            self.problem("flow", &flow.key, message);
        }
        for stage in &flow.stages {
            if !self.catalog.departments.contains_key(&stage.lead) {
                self.problem("flow", &flow.key, format!("there is no department {}", stage.lead));
            }
        }
        let sum: u32 = flow.stages.iter().map(|stage| stage.budget).sum();
        if sum > flow.total {
            let message =
                format!("the stages add up to {sum} working days, more than {}", flow.total);
            self.problem("flow", &flow.key, message);
        }
        match circle(flow) {
            Some(circle) => {
                let message = format!("items wait for each other: {}", circle.join(" → "));
                self.problem("flow", &flow.key, message);
            }
            None => self.budgets(flow),
        }
    }

    fn condition_fault(&self, flow: &Flow, condition: &Condition) -> Option<String> {
        let Some(question) = self.catalog.question(&condition.question) else {
            return Some(format!("there is no question {}", condition.question));
        };
        if !question.flows.contains(&flow.key) {
            return Some(format!("{} is not asked in flow {}", question.key, flow.key));
        }
        let known = match &question.kind {
            QuestionKind::YesNo => ["yes", "no"].contains(&condition.answer.as_str()),
            QuestionKind::Choice(options) => keys(options).any(|key| key == condition.answer),
        };
        (!known).then(|| format!("{} is not an answer to {}", condition.answer, question.key))
    }

    /// The longest precedence path of promised days inside a stage must fit its budget.
    fn budgets(&mut self, flow: &Flow) {
        for stage in &flow.stages {
            let inside = |end: &Endpoint| match end {
                Endpoint::Item(code) => flow
                    .entries
                    .iter()
                    .any(|entry| entry.item == *code && entry.stage == stage.number && !entry.side),
                Endpoint::Milestone(_) => false,
            };
            let mut longest: BTreeMap<&str, u32> = BTreeMap::new();
            let entries: Vec<&str> = flow
                .entries
                .iter()
                .filter(|entry| entry.stage == stage.number && !entry.side)
                .map(|entry| entry.item.as_str())
                .collect();
            // As many rounds as items: long enough for any path, since there is no circle.
            for _ in &entries {
                for code in &entries {
                    let own = self.catalog.item(code).and_then(|item| item.promised.pin().days());
                    let before = flow
                        .predecessors(code)
                        .filter(|edge| inside(&edge.before))
                        .filter_map(|edge| longest.get(edge.before.to_string().as_str()).copied())
                        .max();
                    longest.insert(code, before.unwrap_or(0) + u32::from(own.unwrap_or(0)));
                }
            }
            if let Some((code, days)) = longest.iter().max_by_key(|(_, days)| **days)
                && *days > stage.budget
            {
                let message = format!(
                    "stage {} promises {} working days, but the way to {code} takes {days}",
                    stage.number, stage.budget
                );
                self.problem("flow", &flow.key, message);
            }
        }
    }

    fn regions(&mut self) {
        for region in self.catalog.regions.values() {
            if region.parent.is_some_and(|parent| !self.catalog.regions.contains_key(&parent)) {
                let message = format!("the region above {} is missing", region.code);
                let file = "divisions.csv".to_owned();
                self.problems.push(Problem { file, line: 1, message });
            }
        }
    }
}

/// The shortest circle of precedence, if there is one.
fn circle(flow: &Flow) -> Option<Vec<String>> {
    let mut next: BTreeMap<&Endpoint, Vec<&Endpoint>> = BTreeMap::new();
    for edge in &flow.edges {
        next.entry(&edge.before).or_default().push(&edge.after);
    }
    let mut shortest: Option<Vec<String>> = None;
    for start in next.keys() {
        let mut from: BTreeMap<&Endpoint, &Endpoint> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([*start]);
        while let Some(here) = queue.pop_front() {
            for after in next.get(here).into_iter().flatten() {
                if after == start {
                    let mut path = vec![start.to_string(), here.to_string()];
                    let mut at = here;
                    while let Some(before) = from.get(at) {
                        path.push(before.to_string());
                        at = before;
                    }
                    path.reverse();
                    if shortest.as_ref().is_none_or(|known| path.len() < known.len()) {
                        shortest = Some(path);
                    }
                } else if !from.contains_key(after) {
                    from.insert(after, here);
                    queue.push_back(after);
                }
            }
        }
    }
    shortest
}
