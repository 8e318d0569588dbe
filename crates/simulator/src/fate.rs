//! What is going to become of a case, drawn when its department starts.

use tongban_domain::case::{Hand, Standing};

/// The fate of a case. Acts still look at the case itself before every step.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fate {
    /// Which of the two officers takes it up.
    pub(crate) officer: usize,
    /// Working minutes before it is taken up, before the opinion, the review, the decision.
    pub(crate) spans: [u32; 4],
    /// A special procedure on the way.
    pub(crate) special: Option<SpecialPlan>,
    /// The approver extends the limit.
    pub(crate) extends: bool,
    /// Who sends it back to the officer once.
    pub(crate) sent_back_by: Option<Hand>,
    /// It is refused.
    pub(crate) refuses: bool,
    /// Calendar days after which the decision is revoked.
    pub(crate) revoked_after: Option<i32>,
    /// Working minutes after which the owner withdraws it.
    pub(crate) withdrawn_after: Option<u32>,
    /// The owner never brings the papers left out.
    pub(crate) forgets: bool,
    /// Where the simulation leaves it.
    pub(crate) stops_at: Option<Standing>,
    /// Ready to be decided, but a predecessor is not there yet.
    pub(crate) waiting: bool,
}

/// A special procedure that will be asked for.
#[derive(Debug, Clone)]
pub(crate) struct SpecialPlan {
    /// Coded kind.
    pub(crate) reason: String,
    /// Planned length in calendar days.
    pub(crate) days: u16,
    /// The approver does not agree.
    pub(crate) rejected: bool,
    /// Nobody ends it: the clock resumes by itself.
    pub(crate) by_itself: bool,
}
