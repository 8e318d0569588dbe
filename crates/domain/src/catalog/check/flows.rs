//! Flows: what they name exists, fits its budgets, and can be reached.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checker, keys, order};
use crate::catalog::{Condition, Endpoint, Entry, Flow, Need, QuestionKind};

/// Working days of joint handling by several departments (行政许可法 art. 42).
const JOINT_HANDLING: u32 = 45;

/// Working days of a whole flow, at most (国办发〔2019〕11号).
const WHOLE_FLOW: u32 = 120;

impl Checker<'_> {
    pub(super) fn flow(&mut self, flow: &Flow) {
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
            if let Need::When(conditions) = &edge.need {
                for condition in conditions {
                    if let Some(message) = self.condition_fault(flow, condition) {
                        self.problem("edge", &place, message);
                    }
                }
            }
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
                let place = format!("{} {}", flow.key, stage.number);
                self.problem("stage", &place, format!("there is no department {}", stage.lead));
            }
        }
        self.totals(flow);
        self.merging(flow);
        match order::circle(flow) {
            Some(circle) => {
                let message = format!("items wait for each other: {}", circle.join(" → "));
                self.problem("flow", &flow.key, message);
            }
            None => {
                for (stage, code, days) in order::too_long(self.catalog, flow, None) {
                    let message = format!(
                        "stage {} promises {} working days, but the way to {code} takes {days}",
                        stage.number, stage.budget
                    );
                    let place = format!("{} {}", flow.key, stage.number);
                    self.problem("stage", &place, message);
                }
            }
        }
    }

    /// The promise of the province is within what the State Council allows.
    pub(super) fn promise(&mut self) {
        let promise = self.catalog.pack.whole_flow;
        if promise > WHOLE_FLOW {
            let message = format!(
                "whole_flow promises {promise} working days; the State Council allows {WHOLE_FLOW}"
            );
            self.problem("pack", "whole_flow", message);
        }
    }

    /// Stages within the total, the total within the promise of the province, each stage within
    /// joint handling.
    fn totals(&mut self, flow: &Flow) {
        let sum: u32 = flow.stages.iter().map(|stage| stage.budget).sum();
        if sum > flow.total {
            let message =
                format!("the stages add up to {sum} working days, more than {}", flow.total);
            self.problem("flow", &flow.key, message);
        }
        let promise = self.catalog.pack.whole_flow;
        if flow.total > promise {
            let message = format!(
                "the whole takes {} working days, more than the {promise} that the province \
                 promises",
                flow.total
            );
            self.problem("flow", &flow.key, message);
        }
        for stage in flow.stages.iter().filter(|stage| stage.budget > JOINT_HANDLING) {
            let message = format!(
                "stage {} takes {} working days; the law gives joint handling {JOINT_HANDLING}",
                stage.number, stage.budget
            );
            let place = format!("{} {}", flow.key, stage.number);
            self.problem("stage", &place, message);
        }
    }

    /// What is merged has a host that occurs in the same stage and is not itself merged.
    fn merging(&mut self, flow: &Flow) {
        let by_code: BTreeMap<&str, &Entry> =
            flow.entries.iter().map(|entry| (entry.item.as_str(), entry)).collect();
        for entry in &flow.entries {
            let Some(host) = &entry.merged_into else { continue };
            let place = format!("{} {}", flow.key, entry.item);
            match by_code.get(host.as_str()) {
                None => {
                    let message =
                        format!("{} is merged into {host}, which is not here", entry.item);
                    self.problem("entry", &place, message);
                }
                Some(host) if host.merged_into.is_some() => {
                    let message = format!(
                        "{} is merged into {}, which is merged itself",
                        entry.item, host.item
                    );
                    self.problem("entry", &place, message);
                }
                Some(host) if host.stage != entry.stage => {
                    let message =
                        format!("{} is merged into {} of another stage", entry.item, host.item);
                    self.problem("entry", &place, message);
                }
                Some(_) => {}
            }
        }
    }

    /// Every question that is asked switches something, and every entry can be reached by some
    /// answers.
    pub(super) fn circumstances(&mut self) {
        let catalog = self.catalog;
        for flow in catalog.flows.values() {
            for question in catalog.questions.iter().filter(|it| it.flows.contains(&flow.key)) {
                let switches = |need: &Need| match need {
                    Need::Mandatory => false,
                    Need::When(conditions) => {
                        conditions.iter().any(|condition| condition.question == question.key)
                    }
                };
                let entries = flow.entries.iter().map(|entry| &entry.need);
                if !entries.chain(flow.edges.iter().map(|edge| &edge.need)).any(switches) {
                    let message = format!("{} switches nothing in flow {}", question.key, flow.key);
                    self.problem("question", &question.key, message);
                }
            }
            for entry in &flow.entries {
                let Need::When(conditions) = &entry.need else { continue };
                let mut answers: BTreeMap<&str, &str> = BTreeMap::new();
                for condition in conditions {
                    let known = answers.insert(&condition.question, &condition.answer);
                    if known.is_some_and(|known| known != condition.answer) {
                        let message = format!(
                            "{} needs two answers to {} at once",
                            entry.item, condition.question
                        );
                        self.problem("entry", &format!("{} {}", flow.key, entry.item), message);
                    }
                }
            }
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
}
