//! What registers of others say about papers (登记系统核验): asked by the node, put on record with
//! source and time. A register that says nothing is on record leaves the paper to be handed in; one
//! that is away leaves everything as it was.

use minicbor::{Decode, Encode};

use crate::{
    acts::Drafting,
    application::Target,
    catalog::Paper,
    project::ProjectFact,
    refusal::Refusal,
    sealed::Sealed,
    time::{Day, Instant},
};

/// What a register said about a paper.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct RegisterAnswer {
    /// Paper key.
    #[n(0)]
    pub paper: String,
    /// The register, as the catalogue names it.
    #[n(1)]
    pub register: String,
    /// Whether it holds such a record.
    #[n(2)]
    pub held: bool,
    /// The last day on which the record is valid; none when it does not end.
    #[n(3)]
    pub until: Option<Day>,
    /// What it says, a line each: it may name persons.
    #[n(4)]
    pub says: Option<Sealed>,
}

/// An answer with the moment it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterAnswered {
    /// The answer.
    pub answer: RegisterAnswer,
    /// When.
    pub at: Instant,
}

const HOUR: i64 = 3_600_000_000;

impl RegisterAnswered {
    /// Whether the record stands in for the paper on a day.
    #[must_use]
    pub fn counts(&self, day: Day) -> bool {
        self.answer.held && self.answer.until.is_none_or(|until| until >= day)
    }

    /// Whether the register need not be asked again yet: a record is as good as a new one for a
    /// day; one that was not there may have been entered within the hour.
    #[must_use]
    pub fn is_fresh(&self, now: Instant) -> bool {
        let lasts = if self.counts(now.day()) { 24 * HOUR } else { HOUR };
        now.0 - self.at.0 < lasts
    }
}

/// Puts an answer on record. The catalogue says which register is asked about which paper.
pub(crate) fn record_answer(
    drafting: &mut Drafting<'_, '_>,
    answer: &RegisterAnswer,
) -> Result<(), Refusal> {
    let paper = drafting.context.catalog.papers.get(&answer.paper);
    let known = paper.and_then(Paper::register).is_some_and(|it| it == answer.register);
    if !known {
        return Err(Refusal::NotListed(Target::Paper(answer.paper.clone())));
    }
    let earlier = drafting.project.registers.get(&answer.paper);
    // Of two processes that asked at once the second has nothing to add; a text is sealed anew
    // each time, so it cannot be compared, and an answer that keeps its meaning meanwhile is the
    // same.
    let same = earlier.is_some_and(|it| {
        it.is_fresh(drafting.context.now)
            && (it.answer.held, it.answer.until) == (answer.held, answer.until)
    });
    if same {
        return Err(Refusal::AlreadySo);
    }
    drafting.add_project(ProjectFact::RegisterAnswered(answer.clone()));
    Ok(())
}
