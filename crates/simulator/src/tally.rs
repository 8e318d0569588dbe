//! What is counted while the simulation runs.

use std::collections::BTreeMap;

use tongban_domain::{acts::ActName, refusal::Refusal};

/// Counts of one run.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Acts that were done, those of the timers included.
    pub(crate) acts: u64,
    /// Facts they made.
    pub(crate) facts: u64,
    /// Acts of the law's own timers.
    pub(crate) timers: u64,
    /// Acts that were refused, by act and kind of refusal.
    pub(crate) refused: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts a refused act under its name and the kind of the refusal.
    pub(crate) fn refuse(&mut self, act: ActName, refusal: &Refusal) {
        tracing::debug!(act.name = act.key(), ?refusal, "an act of the simulation was refused");
        let kind: String =
            format!("{refusal:?}").chars().take_while(char::is_ascii_alphanumeric).collect();
        *self.refused.entry(format!("{}: {kind}", act.key())).or_default() += 1;
    }
}
