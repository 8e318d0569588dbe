//! Whether a document holds on a day (证照状态): derived, like everything that may change.

use super::{Document, DocumentKind, DocumentSubject};
use crate::{
    case::{NationalState, Standing},
    ids::DocumentId,
    project::Project,
    time::Day,
};

/// Whether a document holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// 有效.
    Valid,
    /// A later edition took its place (已换发).
    Replaced(DocumentId),
    /// It has to be looked at again before works start (须重新审核), since this day.
    ToRecheck(Day),
    /// Its term ran out on this day (已过期).
    Expired(Day),
    /// Void by law since this day, unused (自行失效).
    Void(Day),
    /// Struck off on this day (已注销).
    Cancelled(Day),
    /// The decision was taken back on this day (已撤销).
    Revoked(Day),
}

impl Force {
    /// Whether somebody may rely on it.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::Valid)
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "有效",
            Self::Replaced(_) => "已换发",
            Self::ToRecheck(_) => "须重新审核",
            Self::Expired(_) => "已过期",
            Self::Void(_) => "已失效",
            Self::Cancelled(_) => "已注销",
            Self::Revoked(_) => "已撤销",
        }
    }
}

impl Document {
    /// Whether it holds on a day.
    #[must_use]
    pub fn force(&self, project: &Project, today: Day) -> Force {
        let (kind, subject) = (self.issued.kind, self.issued.subject);
        let later = project.latest_document(kind, subject).map(|it| it.issued.document);
        if let Some(later) = later.filter(|later| *later != self.issued.document) {
            return Force::Replaced(later);
        }
        let DocumentSubject::Case(case) = subject else { return Force::Valid };
        let Some(case) = project.cases.get(&case) else { return Force::Valid };
        let is_result = matches!(kind, DocumentKind::Grant | DocumentKind::Refusal);
        let ended = |state| {
            let step = case.history.iter().rev().find(|step| step.state == state);
            step.map(|step| step.at.day())
        };
        if is_result && case.standing == Standing::Revoked {
            return Force::Revoked(ended(NationalState::Revoked).unwrap_or(today));
        }
        if let Some(on) = case.cancelled.filter(|_| is_result) {
            return Force::Cancelled(on);
        }
        let Some(validity) = case.validity.as_ref().filter(|_| kind == DocumentKind::Grant) else {
            return Force::Valid;
        };
        if case.standing == Standing::Lapsed {
            Force::Void(validity.until.plus(1))
        } else if validity.is_free(project) {
            Force::Valid
        } else if validity.recheck {
            Force::ToRecheck(validity.until.plus(1))
        } else if today > validity.until {
            Force::Expired(validity.until)
        } else {
            Force::Valid
        }
    }
}
