//! How what a department does to its case came in: from its own system, or by hand in its stead.

use crate::{
    fact::{Channel, Envelope},
    ids::ActId,
};

/// How many acts of the department on one case came which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaysIn {
    /// From its own system (部门系统). The next one from there carries this number plus one.
    pub from_system: u32,
    /// By hand, though its own system is connected (人工补录).
    pub retyped: u32,
    last: Option<ActId>,
}

impl WaysIn {
    /// Takes in a fact that an act on this case brought about; an act counts once.
    pub(super) fn take(&mut self, envelope: &Envelope) {
        if self.last == Some(envelope.act) {
            return;
        }
        self.last = Some(envelope.act);
        match envelope.channel {
            Channel::DepartmentSystem => self.from_system += 1,
            Channel::Retyped => self.retyped += 1,
            Channel::Web
            | Channel::Phone
            | Channel::Kiosk
            | Channel::Window
            | Channel::Import
            | Channel::Timer => {}
        }
    }
}
