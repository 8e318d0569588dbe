//! Milestones that are not items, with who records them.

use tongban_domain::{permission::Standpoint, project::Project};

use super::Names;
use crate::words;

/// A milestone of a project, for its list.
pub(crate) struct MilestoneLine {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) help: String,
    /// Who records it.
    pub(crate) recorder: String,
    pub(crate) reached: Option<String>,
    /// Whether the reader records it now.
    pub(crate) may_record: bool,
}

/// The milestones of the project's flow, in the catalogue's order.
pub(crate) fn milestone_lines(
    project: &Project,
    names: &Names,
    at: &Standpoint<'_>,
) -> Vec<MilestoneLine> {
    names
        .catalog
        .milestones_of(&project.flow)
        .map(|milestone| {
            let reached = project.milestones.get(&milestone.key).copied();
            MilestoneLine {
                key: milestone.key.clone(),
                name: milestone.name.clone(),
                help: milestone.help.clone(),
                recorder: match at.recorder(project, milestone) {
                    Some(department) => names.department(department),
                    None => words::recorder(&milestone.recorded_by, &names.catalog).to_owned(),
                },
                reached: reached.map(words::day),
                may_record: reached.is_none() && at.may_record(project, milestone),
            }
        })
        .collect()
}
