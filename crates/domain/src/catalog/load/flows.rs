//! Reads the flow templates of a pack: `flows/*.toml`.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{Reader, raw};
use crate::catalog::{
    Condition, Edge, Endpoint, Entry, Flow, Need, StageTemplate, flow::ConditionError,
};

impl Reader<'_> {
    /// `question=answer & question=answer`.
    fn conditions(&mut self, path: &str, when: &Spanned<String>) -> Option<Vec<Condition>> {
        let read: Result<_, ConditionError> = when.get_ref().split('&').map(str::parse).collect();
        match read {
            Ok(conditions) => Some(conditions),
            Err(error) => {
                let line = self.line(path, when);
                self.problem(path, line, error.to_string());
                None
            }
        }
    }

    pub(super) fn flows(&mut self) -> BTreeMap<String, Flow> {
        let mut flows = BTreeMap::new();
        for (path, file) in self.folder::<raw::FlowFile>("flows/") {
            let key = self.placed(&path, "flow", file.flow.key);
            let mut entries = Vec::new();
            for entry in file.entry {
                let need = match (entry.need.get_ref().as_str(), &entry.when) {
                    ("mandatory", None) => Need::Mandatory,
                    ("conditional", Some(when)) => match self.conditions(&path, when) {
                        Some(conditions) => Need::When(conditions),
                        None => continue,
                    },
                    _ => {
                        let line = self.line(&path, &entry.need);
                        let message =
                            "write need = \"mandatory\", or need = \"conditional\" with when";
                        self.problem(&path, line, message);
                        continue;
                    }
                };
                let line = self.line(&path, &entry.item);
                let item = entry.item.into_inner();
                self.places.0.insert(("entry", format!("{key} {item}")), (path.clone(), line));
                entries.push(Entry {
                    item,
                    stage: entry.stage,
                    need,
                    milestone: entry.milestone,
                    merged_into: entry.merged_into.filter(|code| !code.is_empty()),
                    part_of: entry.part_of.filter(|code| !code.is_empty()),
                    side: entry.side,
                });
            }
            let mut edges = Vec::new();
            for edge in file.edge {
                let line = self.line(&path, &edge.before);
                let (before, after) =
                    (Endpoint::read(edge.before.get_ref()), Endpoint::read(&edge.after));
                let name = format!("{key} {before} {after}");
                self.places.0.insert(("edge", name), (path.clone(), line));
                let need = match &edge.when {
                    None => Need::Mandatory,
                    Some(when) => match self.conditions(&path, when) {
                        Some(conditions) => Need::When(conditions),
                        None => continue,
                    },
                };
                edges.push(Edge { before, after, need, law: edge.law });
            }
            let mut stages = Vec::new();
            for stage in file.stage {
                let line = self.line(&path, &stage.number);
                let number = stage.number.into_inner();
                self.place(&path, line, "stage", format!("{key} {number}"));
                stages.push(StageTemplate {
                    number,
                    name: stage.name,
                    budget: stage.budget,
                    lead: stage.lead,
                    joint_item: stage.joint_item.filter(|code| !code.is_empty()),
                });
            }
            let flow = Flow {
                key: key.clone(),
                name: file.flow.name,
                national_code: file.flow.national_code,
                total: file.flow.total,
                registration_item: file.flow.registration_item,
                stages,
                entries,
                edges,
            };
            flows.insert(key, flow);
        }
        flows
    }
}
