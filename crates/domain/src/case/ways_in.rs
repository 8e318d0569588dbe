//! How what a department does to its case came in: from its own system, or by hand in its stead.

use std::collections::BTreeMap;

use crate::{
    fact::{Channel, Envelope},
    ids::{ActId, DepartmentId},
};

/// How many acts of departments on one case came which way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaysIn {
    from_systems: BTreeMap<DepartmentId, u32>,
    /// By hand, though the department that decides has a system of its own (人工补录).
    pub retyped: u32,
    retyped_answers: BTreeMap<DepartmentId, u32>,
    last: Option<ActId>,
}

impl WaysIn {
    /// Acts from the system of a department (部门系统): of the one that decides, or that is
    /// consulted. The next one from there carries this number plus one.
    #[must_use]
    pub fn from_system(&self, department: DepartmentId) -> u32 {
        self.from_systems.get(&department).copied().unwrap_or(0)
    }

    /// Answers of a consulted department that were typed by hand, though it has a system.
    #[must_use]
    pub fn retyped_answers(&self, of: DepartmentId) -> u32 {
        self.retyped_answers.get(&of).copied().unwrap_or(0)
    }

    /// Takes in a fact that an act on this case brought about; an act counts once. `of` is the
    /// department that was consulted, when the fact is its answer.
    pub(super) fn take(&mut self, envelope: &Envelope, of: Option<DepartmentId>) {
        if self.last == Some(envelope.act) {
            return;
        }
        self.last = Some(envelope.act);
        match envelope.channel {
            Channel::DepartmentSystem => {
                if let Some(department) = envelope.actor.department {
                    *self.from_systems.entry(department).or_default() += 1;
                }
            }
            Channel::Retyped => match of {
                Some(of) => *self.retyped_answers.entry(of).or_default() += 1,
                None => self.retyped += 1,
            },
            Channel::Web
            | Channel::Phone
            | Channel::Kiosk
            | Channel::Window
            | Channel::Import
            | Channel::Timer => {}
        }
    }
}
