//! The fifteen national states (办理状态) and where a case stands between them.

use super::Hand;

/// A state of the exchange standard (BLZT), in its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum NationalState {
    /// 接件.
    Received = 1,
    /// 撤件, before acceptance.
    WithdrawnBeforeAcceptance = 2,
    /// 已受理.
    Accepted = 3,
    /// 不受理: no permit is needed.
    NotRequired = 4,
    /// 不予受理.
    AcceptanceRefused = 5,
    /// 补正(开始).
    CorrectionStarted = 6,
    /// 补正(结束).
    CorrectionEnded = 7,
    /// 部门开始办理.
    DepartmentStarted = 8,
    /// 特别程序(开始).
    SpecialStarted = 9,
    /// 特别程序(结束).
    SpecialEnded = 10,
    /// 办结(通过).
    Passed = 11,
    /// 办结(容缺通过).
    PassedWithGap = 12,
    /// 办结(不通过).
    NotPassed = 13,
    /// 撤回, during handling.
    Withdrawn = 14,
    /// 撤销.
    Revoked = 15,
}

impl NationalState {
    /// All fifteen, in order of their codes.
    pub const ALL: [Self; 15] = [
        Self::Received,
        Self::WithdrawnBeforeAcceptance,
        Self::Accepted,
        Self::NotRequired,
        Self::AcceptanceRefused,
        Self::CorrectionStarted,
        Self::CorrectionEnded,
        Self::DepartmentStarted,
        Self::SpecialStarted,
        Self::SpecialEnded,
        Self::Passed,
        Self::PassedWithGap,
        Self::NotPassed,
        Self::Withdrawn,
        Self::Revoked,
    ];

    /// The code exchanged upward, 1–15.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The official name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "接件",
            Self::WithdrawnBeforeAcceptance => "撤件",
            Self::Accepted => "受理",
            Self::NotRequired => "不受理",
            Self::AcceptanceRefused => "不予受理",
            Self::CorrectionStarted => "补正（开始）",
            Self::CorrectionEnded => "补正（结束）",
            Self::DepartmentStarted => "部门开始办理",
            Self::SpecialStarted => "特别程序（开始）",
            Self::SpecialEnded => "特别程序（结束）",
            Self::Passed => "办结（通过）",
            Self::PassedWithGap => "办结（容缺通过）",
            Self::NotPassed => "办结（不通过）",
            Self::Withdrawn => "撤回",
            Self::Revoked => "撤销",
        }
    }

    /// Whether the standard allows `next` right after this state.
    #[must_use]
    pub const fn may_precede(self, next: Self) -> bool {
        match self {
            Self::Received => matches!(
                next,
                Self::WithdrawnBeforeAcceptance
                    | Self::Accepted
                    | Self::NotRequired
                    | Self::AcceptanceRefused
                    | Self::CorrectionStarted
            ),
            Self::CorrectionStarted => matches!(
                next,
                Self::CorrectionEnded | Self::AcceptanceRefused | Self::WithdrawnBeforeAcceptance
            ),
            Self::CorrectionEnded => matches!(
                next,
                Self::Accepted
                    | Self::NotRequired
                    | Self::AcceptanceRefused
                    | Self::WithdrawnBeforeAcceptance
            ),
            Self::Accepted => matches!(next, Self::DepartmentStarted),
            Self::DepartmentStarted | Self::SpecialEnded => matches!(
                next,
                Self::SpecialStarted
                    | Self::Passed
                    | Self::PassedWithGap
                    | Self::NotPassed
                    | Self::Withdrawn
            ),
            Self::SpecialStarted => matches!(next, Self::SpecialEnded),
            Self::Passed | Self::PassedWithGap | Self::NotPassed => matches!(next, Self::Revoked),
            Self::WithdrawnBeforeAcceptance
            | Self::NotRequired
            | Self::AcceptanceRefused
            | Self::Withdrawn
            | Self::Revoked => false,
        }
    }
}

/// Where a case stands: the national state, and inside handling, in whose hands it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Handed in, to be looked at by the window.
    Received,
    /// The owner has to correct.
    NeedsCorrection,
    /// Corrected, to be accepted by the window.
    Corrected,
    /// With the case officer (承办).
    WithOfficer,
    /// With the reviewer (审核).
    WithReviewer,
    /// With the approver (批准).
    WithApprover,
    /// A special procedure is running.
    Paused,
    /// Decided: granted.
    Passed,
    /// Decided: granted, papers owed.
    PassedWithGap,
    /// Decided: refused.
    Refused,
    /// No permit is needed.
    NotRequired,
    /// Acceptance refused, or not corrected in time.
    AcceptanceRefused,
    /// Withdrawn by the owner.
    Withdrawn,
    /// The decision was revoked.
    Revoked,
    /// Granted, and void since its term ran out.
    Lapsed,
}

impl Standing {
    /// All, in order.
    pub const ALL: [Self; 15] = [
        Self::Received,
        Self::NeedsCorrection,
        Self::Corrected,
        Self::WithOfficer,
        Self::WithReviewer,
        Self::WithApprover,
        Self::Paused,
        Self::Passed,
        Self::PassedWithGap,
        Self::Refused,
        Self::NotRequired,
        Self::AcceptanceRefused,
        Self::Withdrawn,
        Self::Revoked,
        Self::Lapsed,
    ];

    /// Stable name for storage and addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::NeedsCorrection => "needs-correction",
            Self::Corrected => "corrected",
            Self::WithOfficer => "with-officer",
            Self::WithReviewer => "with-reviewer",
            Self::WithApprover => "with-approver",
            Self::Paused => "paused",
            Self::Passed => "passed",
            Self::PassedWithGap => "passed-with-gap",
            Self::Refused => "refused",
            Self::NotRequired => "not-required",
            Self::AcceptanceRefused => "acceptance-refused",
            Self::Withdrawn => "withdrawn",
            Self::Revoked => "revoked",
            Self::Lapsed => "lapsed",
        }
    }

    /// The standing with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.key() == key)
    }

    /// What people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "待受理",
            Self::NeedsCorrection => "待补正",
            Self::Corrected => "已补正，待受理",
            Self::WithOfficer => "承办审查",
            Self::WithReviewer => "待审核",
            Self::WithApprover => "待批准",
            Self::Paused => "特别程序",
            Self::Passed => "已办结",
            Self::PassedWithGap => "容缺办结",
            Self::Refused => "不予许可",
            Self::NotRequired => "不受理（无需办理）",
            Self::AcceptanceRefused => "不予受理",
            Self::Withdrawn => "已撤回",
            Self::Revoked => "已撤销",
            Self::Lapsed => "已失效",
        }
    }

    /// Whether nothing has ended the case yet.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Received
            | Self::NeedsCorrection
            | Self::Corrected
            | Self::WithOfficer
            | Self::WithReviewer
            | Self::WithApprover
            | Self::Paused => true,
            Self::Passed
            | Self::PassedWithGap
            | Self::Refused
            | Self::NotRequired
            | Self::AcceptanceRefused
            | Self::Withdrawn
            | Self::Revoked
            | Self::Lapsed => false,
        }
    }

    /// Whether a department has it, paused or not.
    #[must_use]
    pub const fn is_in_department(self) -> bool {
        matches!(self, Self::WithOfficer | Self::WithReviewer | Self::WithApprover | Self::Paused)
    }

    /// In whose hands it is inside the department.
    #[must_use]
    pub const fn hand(self) -> Option<Hand> {
        match self {
            Self::WithOfficer => Some(Hand::Officer),
            Self::WithReviewer => Some(Hand::Reviewer),
            Self::WithApprover => Some(Hand::Approver),
            Self::Received
            | Self::NeedsCorrection
            | Self::Corrected
            | Self::Paused
            | Self::Passed
            | Self::PassedWithGap
            | Self::Refused
            | Self::NotRequired
            | Self::AcceptanceRefused
            | Self::Withdrawn
            | Self::Revoked
            | Self::Lapsed => None,
        }
    }

    /// Where a case stands after entering a national state.
    pub(super) const fn after(self, state: NationalState) -> Self {
        match state {
            NationalState::Received => Self::Received,
            NationalState::CorrectionStarted => Self::NeedsCorrection,
            NationalState::CorrectionEnded => Self::Corrected,
            NationalState::Accepted
            | NationalState::DepartmentStarted
            | NationalState::SpecialEnded => Self::WithOfficer,
            NationalState::SpecialStarted => Self::Paused,
            NationalState::Passed => Self::Passed,
            NationalState::PassedWithGap => Self::PassedWithGap,
            NationalState::NotPassed => Self::Refused,
            NationalState::NotRequired => Self::NotRequired,
            NationalState::AcceptanceRefused => Self::AcceptanceRefused,
            NationalState::WithdrawnBeforeAcceptance | NationalState::Withdrawn => Self::Withdrawn,
            NationalState::Revoked => Self::Revoked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_one_to_fifteen() {
        let codes: Vec<u8> = NationalState::ALL.iter().map(|state| state.code()).collect();
        assert_eq!(codes, (1..=15).collect::<Vec<u8>>());
    }

    #[test]
    fn after_a_closing_only_a_revocation_may_follow() {
        use NationalState::{NotPassed, Passed, PassedWithGap, Revoked};
        for closed in [Passed, PassedWithGap, NotPassed] {
            let followers: Vec<_> =
                NationalState::ALL.into_iter().filter(|next| closed.may_precede(*next)).collect();
            assert_eq!(followers, [Revoked]);
        }
    }

    #[test]
    fn a_closing_needs_an_acceptance_before_it() {
        use NationalState::{DepartmentStarted, Passed, SpecialEnded};
        let before: Vec<_> =
            NationalState::ALL.into_iter().filter(|state| state.may_precede(Passed)).collect();
        assert_eq!(before, [DepartmentStarted, SpecialEnded]);
    }
}
