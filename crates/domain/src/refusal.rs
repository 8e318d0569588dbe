//! Why an act was refused. Closed, so that every edge can say it in a sentence a user can act on.

use crate::{
    acts::ActName,
    application::Target,
    case::{Predecessor, Standing},
    catalog::Recorder,
    ids::{ApplicationId, CaseId},
    time::Day,
};

/// Why an act was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// This person may not; the declaration of the act says who may.
    #[error("not allowed to {}", .0.key())]
    NotAllowed(ActName),
    /// The case stands somewhere the act cannot start from; the declaration says where it can.
    #[error("cannot {} a case that is {}", .0.key(), .1.key())]
    WrongStanding(ActName, Standing),
    /// There is no such case in the project.
    #[error("no such case")]
    UnknownCase(CaseId),
    /// There is no such application in the project.
    #[error("no such application")]
    UnknownApplication(ApplicationId),
    /// The one notice was sent already (行政许可法 art. 32(4): 一次告知).
    #[error("a correction notice has already been sent")]
    AlreadyNotifiedOnce,
    /// Five working days have passed; the application counts as accepted.
    #[error("the last day for a correction notice was {0}")]
    NoticeTooLate(Day),
    /// A notice must demand something.
    #[error("the notice demands nothing")]
    EmptyNotice,
    /// Only what the list names may be demanded.
    #[error("{0:?} is not on the list of this application")]
    NotListed(Target),
    /// A correction leaves demands open.
    #[error("demands are still open")]
    StillOpen(Vec<Target>),
    /// The reason is not in the catalogue, or is a reason for something else.
    #[error("{0} is not a coded reason for this act")]
    UnknownReason(String),
    /// A coded reason is needed.
    #[error("a coded reason is needed")]
    ReasonNeeded,
    /// Something before it is undecided; its review may go on, its decision must wait.
    #[error("waits for predecessors")]
    WaitsFor(Vec<Predecessor>),
    /// The item does not occur in this flow and stage.
    #[error("{0} does not belong to this stage")]
    NotInStage(String),
    /// The item is being handled or has been granted.
    #[error("{0} is already applied for or granted")]
    AlreadyApplied(String),
    /// The law bars the owner from applying for the item until after this day.
    #[error("{0} may not be applied for again until after {1}")]
    Barred(String, Day),
    /// No department of the region holds the power.
    #[error("no department of this region handles {0}")]
    NoDepartment(String),
    /// Core papers are missing, by key.
    #[error("papers are missing")]
    MissingPapers(Vec<String>),
    /// Required fields are missing, by key.
    #[error("fields are missing")]
    MissingFields(Vec<String>),
    /// Questions without an answer, by key.
    #[error("questions are unanswered")]
    MissingAnswers(Vec<String>),
    /// An application must be for something.
    #[error("no item was chosen")]
    NothingChosen,
    /// The item does not allow notice and commitment.
    #[error("{0} cannot be handled on commitment")]
    NoCommitment(String),
    /// The time given for an opinion must be between one and this many working days.
    #[error("an answer may be asked for within 1 to {0} working days")]
    AnswerDays(u16),
    /// An agent promises in the owner's name only when it was allowed just that.
    #[error("the mandate does not extend to commitments")]
    CommitmentIsTheOwners,
    /// Only items decided at once may be decided without review and approval.
    #[error("needs opinion, review and approval first")]
    NotAtOnce,
    /// Decided by the officer at once: no opinion is passed on, and nothing stops its clock.
    #[error("is decided at once")]
    AtOnce,
    /// A special procedure waits for approval.
    #[error("a special procedure waits for approval")]
    SpecialPending,
    /// None waits for approval.
    #[error("no special procedure waits for approval")]
    NoSpecialPending,
    /// A planned length outside 1 to 365 days.
    #[error("a special procedure is planned for 1 to 365 days")]
    BadLength,
    /// The law allows one extension.
    #[error("the limit was extended once already")]
    AlreadyExtended,
    /// The limit passed on this day; it cannot be extended afterwards.
    #[error("the limit passed on {0}")]
    ExtensionTooLate(Day),
    /// The law allows no extension, or fewer days.
    #[error("the law allows an extension of {0} days")]
    ExtensionTooLong(u16),
    /// Papers are owed: the case can only pass with a gap.
    #[error("papers are still owed")]
    PapersOwed(Vec<String>),
    /// The paper is not owed.
    #[error("{0} is not owed")]
    NotOwed(String),
    /// Papers may not follow for this item.
    #[error("papers may not follow for this item")]
    NoDeferral,
    /// A day that must lie in the future does not, or the other way round.
    #[error("the day {0} does not fit")]
    BadDay(Day),
    /// A credit record of this kind is used for so many months, at least and at most.
    #[error("such a record is used for {} to {} months", .0.start(), .0.end())]
    TermOfRecord(std::ops::RangeInclusive<i32>),
    /// The milestone is not in the catalogue.
    #[error("{0} is not a milestone")]
    UnknownMilestone(String),
    /// Somebody else's duty to record it.
    #[error("the milestone is recorded by {0:?}")]
    MilestoneOfAnother(Recorder),
    /// The milestone was reached before.
    #[error("the milestone was recorded before")]
    MilestoneKnown(Day),
    /// Something must come before the milestone.
    #[error("the milestone waits for {0:?}")]
    MilestoneWaitsFor(Vec<String>),
    /// The result has no term, or is free of it.
    #[error("the result has no term")]
    NoTerm,
    /// The law allows no further extension of the term.
    #[error("no extension of the term is left")]
    NoExtensionLeft,
    /// The extension had to be asked for by this day.
    #[error("an extension had to be asked for by {0}")]
    AskedTooLate(Day),
    /// Somebody who has to put something right is told by when.
    #[error("a day is needed by which it is put right")]
    TermNeeded,
    /// It was ordered to be put right once; now only revocation is left.
    #[error("it was ordered to be put right already")]
    AlreadyOrdered,
    /// Nobody asked for an extension.
    #[error("no extension was asked for")]
    NothingAsked,
    /// Nothing to do: already so.
    #[error("already so")]
    AlreadySo,
    /// The legal deadline has not passed.
    #[error("not due before {0}")]
    NotDueYet(Day),
    /// A hearing may still be asked for until this day.
    #[error("a hearing may be asked for until {0}")]
    HearingMayBeAsked(Day),
    /// A hearing was asked for and has to be held by this day; nothing is decided before.
    #[error("the hearing has to be held by {0}")]
    HearingNotHeld(Day),
    /// No hearing is in question.
    #[error("no hearing is in question")]
    NoHearing,
    /// Time and place have to be told first.
    #[error("time and place of the hearing were not told")]
    HearingNotNotified,
    /// Time and place are told seven working days ahead: not before this day.
    #[error("the hearing cannot be before {0}")]
    HearingTooSoon(Day),
    /// Twenty working days after it was asked for at the latest: not after this day.
    #[error("the hearing cannot be after {0}")]
    HearingTooLate(Day),
    /// Who reviewed the case does not chair its hearing.
    #[error("the chair handled the case")]
    ChairHandledCase,
    /// The department does not exist.
    #[error("no such department")]
    UnknownDepartment,
    /// Mergers may not lead back to where they began.
    #[error("the department would be merged into itself")]
    MergesIntoItself,
    /// A merger of the department is decided for this day.
    #[error("a merger is decided for {0}")]
    MergerToCome(Day),
    /// A credit record has to rest on a published list or document.
    #[error("no published list was named")]
    NoPublishedList,
    /// There is no such credit record.
    #[error("no such credit record")]
    UnknownCreditRecord,
    /// A way of handling is closed to this owner or item; the reason says why.
    #[error("{0} cannot be handled this way")]
    ModeClosed(String, Box<crate::mode::ModeReason>),
    /// The flow template does not exist.
    #[error("there is no flow {0}")]
    UnknownFlow(String),
    /// The region does not exist.
    #[error("there is no region {0}")]
    UnknownRegion(u32),
}
