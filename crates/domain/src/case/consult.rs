//! Asking another department for its opinion (征求意见). The legal clock runs on: whoever asks
//! plans for the answer, and silence keeps nobody from deciding.

use minicbor::{Decode, Encode};

use super::{Case, CaseFact, decide::claim_if_free};
use crate::{
    acts::Drafting,
    fact::ActorStamp,
    ids::DepartmentId,
    organisation::Organisation,
    refusal::Refusal,
    sealed::Sealed,
    time::{Day, Instant},
};

/// Working days that may be given for an answer: a whole flow of them, and what a military organ may
/// take at most (军事设施保护法 art. 36).
const LONGEST: u16 = 90;

/// What a consulted body says (反馈意见).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Stance {
    /// 无意见.
    #[n(0)]
    NoObjection,
    /// 有修改意见.
    #[n(1)]
    WithConditions,
    /// 不同意.
    #[n(2)]
    Objects,
}

impl Stance {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::NoObjection, Self::WithConditions, Self::Objects];

    /// Stable name for forms and the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NoObjection => "no-objection",
            Self::WithConditions => "with-conditions",
            Self::Objects => "objects",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoObjection => "无意见",
            Self::WithConditions => "有修改意见",
            Self::Objects => "不同意",
        }
    }

    /// The stance with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stance| stance.key() == key)
    }
}

/// A question to another department, with its answer when it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// Who was asked.
    pub of: DepartmentId,
    /// The last day for the answer.
    pub until: Day,
    /// What was asked.
    pub text: Sealed,
    /// Who asked.
    pub asked_by: ActorStamp,
    /// When.
    pub asked_at: Instant,
    /// The answer.
    pub answer: Option<ConsultationAnswer>,
}

/// The opinion of a consulted body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsultationAnswer {
    /// What it comes to.
    pub stance: Stance,
    /// The words.
    pub text: Sealed,
    /// Who.
    pub by: ActorStamp,
    /// When.
    pub at: Instant,
}

impl Case {
    /// The question that waits for the answer of a department, or of one merged into it.
    #[must_use]
    pub fn open_question(
        &self,
        organisation: &Organisation,
        department: DepartmentId,
    ) -> Option<&Consultation> {
        self.consultations
            .iter()
            .find(|asked| asked.answer.is_none() && organisation.successor(asked.of) == department)
    }

    /// Whether a department has a say in it as a consulted body (征求意见单位): while the case is
    /// open.
    #[must_use]
    pub fn consults(&self, organisation: &Organisation, department: DepartmentId) -> bool {
        let asked = |it: &Consultation| organisation.successor(it.of) == department;
        self.is_open() && self.consultations.iter().any(asked)
    }
}

pub(super) fn ask(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    of: DepartmentId,
    days: Option<u16>,
    text: &Sealed,
) -> Result<(), Refusal> {
    let (catalog, organisation) = (drafting.context.catalog, drafting.context.organisation);
    let standing = organisation.department(of).filter(|department| department.merged.is_none());
    if standing.is_none() || of == organisation.successor(case.department) {
        return Err(Refusal::UnknownDepartment);
    }
    if case.open_question(organisation, of).is_some() {
        return Err(Refusal::AlreadySo);
    }
    let days = days.or(catalog.pack.consultation_days).ok_or(Refusal::AnswerDays(LONGEST))?;
    if !(1..=LONGEST).contains(&days) {
        return Err(Refusal::AnswerDays(LONGEST));
    }
    let calendar = case.calendar(catalog);
    let until = calendar.nth_working_day_after(drafting.context.today(), u32::from(days));
    claim_if_free(drafting, case);
    let fact = CaseFact::DepartmentConsulted { of, until, text: text.clone() };
    drafting.add_case(case.opened.case, fact);
    Ok(())
}

pub(super) fn answer(
    drafting: &mut Drafting<'_, '_>,
    case: &Case,
    stance: Stance,
    text: &Sealed,
) -> Result<(), Refusal> {
    let organisation = drafting.context.organisation;
    let department = drafting.department().ok_or(Refusal::UnknownDepartment)?;
    let asked = case.open_question(organisation, department).ok_or(Refusal::AlreadySo)?;
    let fact = CaseFact::ConsultationAnswered { of: asked.of, stance, text: text.clone() };
    drafting.add_case(case.opened.case, fact);
    Ok(())
}
