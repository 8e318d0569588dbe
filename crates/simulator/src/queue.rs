//! What is going to happen, in order of time.

use std::{cmp::Ordering, collections::BinaryHeap};

use tongban_domain::{
    ids::{ApplicationId, CaseId},
    time::Instant,
};

/// Something that is going to happen to a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// The owner registers it.
    Register,
    /// The owner answers the questions of a stage and hands in what advances in parallel.
    Open(u8),
    /// The owner applies for these items of a stage.
    Apply {
        /// Stage 1–4.
        stage: u8,
        /// Item codes.
        items: Vec<String>,
    },
    /// A milestone is recorded.
    Milestone(&'static str),
    /// The owner gives the project up.
    Cancel,
    /// The window sends the correction notice.
    Notice(ApplicationId),
    /// The owner corrects.
    Answer(ApplicationId),
    /// The window accepts.
    Accept(ApplicationId),
    /// The owner withdraws a whole application before it is accepted.
    WithdrawAll(ApplicationId),
    /// Whoever has the case does the next thing.
    Turn(CaseId),
    /// The owner withdraws a case.
    Withdraw(CaseId),
    /// The owner brings the papers that were left out.
    Provide(CaseId),
    /// The officer looks at them.
    Confirm(CaseId),
    /// The approver revokes the decision.
    Revoke(CaseId),
    /// The next scene of the story project.
    Scene(usize),
}

/// An event with its moment and project.
#[derive(Debug)]
pub(crate) struct Appointment {
    /// When.
    pub(crate) at: Instant,
    sequence: u64,
    /// Place of the project among the lives.
    pub(crate) who: usize,
    /// What.
    pub(crate) event: Event,
}

impl PartialEq for Appointment {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Appointment {}

impl PartialOrd for Appointment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Appointment {
    /// Reversed, because the heap gives the greatest first; what was entered first wins a tie.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.sequence).cmp(&(self.at, self.sequence))
    }
}

/// The appointments of the city.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    heap: BinaryHeap<Appointment>,
    entered: u64,
}

impl Queue {
    /// Enters an event.
    pub(crate) fn enter(&mut self, at: Instant, who: usize, event: Event) {
        self.entered += 1;
        self.heap.push(Appointment { at, sequence: self.entered, who, event });
    }

    /// Takes the next event before a moment.
    pub(crate) fn next_before(&mut self, limit: Instant) -> Option<Appointment> {
        if self.heap.peek()?.at < limit { self.heap.pop() } else { None }
    }
}
