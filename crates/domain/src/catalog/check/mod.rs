//! What must hold across the files of a pack before it may be used. A pack with one problem is
//! refused as a whole.

mod documents;
mod first_check;
mod flows;
mod guides;
mod limits;
mod lives;
mod modes;
mod order;
mod overlays;

use super::{
    Catalog, FieldType, ItemKind, KnownAnswer, KnownFact, LawReference, PaperSource, Problem,
    Question, Recorder,
    load::{Places, keys},
};
use crate::{limit::Limit, reason::ReasonKind};

pub(super) fn check(catalog: &Catalog, places: &Places) -> Vec<Problem> {
    let mut checker = Checker { catalog, places, problems: Vec::new() };
    checker.promise();
    checker.items();
    checker.papers();
    checker.questions();
    checker.fields();
    checker.milestones();
    for flow in catalog.flows.values() {
        checker.flow(flow);
    }
    checker.circumstances();
    checker.regions();
    checker.overlays();
    checker.lives();
    checker.modes();
    checker.documents();
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
            for region in item.scope.iter().filter(|it| !self.catalog.regions.contains_key(it)) {
                self.problem("item", code, format!("{code} is scoped to no region: {region}"));
            }
            if limits::is_longer(&item.promised, &item.statutory, &self.catalog.calendar) {
                let message = format!(
                    "{code} promises {} but the law gives {}",
                    item.promised, item.statutory
                );
                self.problem("item", code, message);
            }
            self.first_check(item);
            self.guide(item);
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
            for reason in &paper.not_needed {
                let known = self.catalog.reason(reason);
                if known.is_none_or(|it| it.kind != ReasonKind::NotNeeded) {
                    let message = format!(
                        "{} names {reason}, which is no reason of the kind not-needed",
                        paper.key
                    );
                    self.problem("paper", &paper.key, message);
                }
            }
            // What a department of the platform issues is never asked of the owner.
            let issued = self
                .catalog
                .items
                .iter()
                .find(|item| item.kind != ItemKind::Intermediary && item.result == paper.name);
            if let (Some(item), PaperSource::Owner) = (issued, &paper.source) {
                let message = format!(
                    "{} is asked of the owner, and {} issues it: write item:{}",
                    paper.key, item.code, item.code
                );
                self.problem("paper", &paper.key, message);
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
            for known in &question.known {
                self.known(question, known);
            }
            if !question.choices().iter().any(|choice| choice.key == question.default) {
                let message = format!("the default {} is not one of the answers", question.default);
                self.problem("question", &question.key, message);
            }
        }
    }

    fn known(&mut self, question: &Question, known: &KnownAnswer) {
        let catalog = self.catalog;
        let fault = match &known.when {
            KnownFact::Field { field, value, .. } => match catalog.field(field) {
                None => Some(format!("there is no field {field}")),
                Some(field) if field.read(value).is_err() => {
                    Some(format!("{value} does not fit the field {}", field.key))
                }
                Some(_) => None,
            },
            KnownFact::Granted(codes) | KnownFact::NotGranted(codes) => codes
                .iter()
                .find(|code| catalog.item(code).is_none())
                .map(|code| format!("there is no item {code}")),
        };
        let answers = question.choices();
        let unknown = !answers.iter().any(|choice| choice.key == known.answer);
        let unknown = unknown.then(|| format!("{} is not one of the answers", known.answer));
        for message in fault.into_iter().chain(unknown) {
            self.problem("question", &question.key, message);
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
            for flow in field.flows.iter().filter(|it| !self.catalog.flows.contains_key(*it)) {
                self.problem("field", &field.key, format!("there is no flow {flow}"));
            }
            if let FieldType::Choice(options) = &field.kind
                && options.is_empty()
            {
                self.problem("field", &field.key, format!("{} has no options", field.key));
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
