//! The state of an item: text, shape, colour and border together.

use std::fmt;

use tongban_domain::case::Standing;

use super::{Escaped, Icon};

/// The eleven states people see; official states map onto them, many to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemState {
    NotNeeded,
    Locked,
    Todo,
    Draft,
    Doing,
    Fix,
    Paused,
    Done,
    Tolerated,
    Refused,
    Withdrawn,
}

impl ItemState {
    const fn key(self) -> &'static str {
        match self {
            Self::NotNeeded => "na",
            Self::Locked => "locked",
            Self::Todo => "todo",
            Self::Draft => "draft",
            Self::Doing => "doing",
            Self::Fix => "fix",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Tolerated => "tol",
            Self::Refused => "no",
            Self::Withdrawn => "wd",
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::NotNeeded => "dash",
            Self::Locked => "padlock",
            Self::Todo => "circle",
            Self::Draft => "pencil",
            Self::Doing => "quarter",
            Self::Fix => "triangle-mark",
            Self::Paused => "bars",
            Self::Done => "tick",
            Self::Tolerated => "tick-over-line",
            Self::Refused => "cross",
            Self::Withdrawn => "left-arrow",
        }
    }
}

/// A state chip.
#[derive(Debug, Clone)]
pub(crate) struct Chip {
    pub(crate) state: ItemState,
    pub(crate) text: String,
    pub(crate) sub: Option<String>,
    pub(crate) title: Option<String>,
}

impl Chip {
    pub(crate) fn new(state: ItemState, text: &str) -> Self {
        Self { state, text: text.to_owned(), sub: None, title: None }
    }

    /// The chip of a case with so many papers owed: what was owed (容缺) may have come since.
    pub(crate) fn of_case(standing: Standing, owed: u32) -> Self {
        let mut chip = Self::of(standing);
        if standing == Standing::PassedWithGap && owed == 0 {
            chip.sub = Some("已补齐".to_owned());
        }
        chip
    }

    /// The chip of a case that stands somewhere.
    pub(crate) fn of(standing: Standing) -> Self {
        let (state, text, sub) = match standing {
            Standing::Received => (ItemState::Doing, "办理中", Some("待受理")),
            Standing::NeedsCorrection => (ItemState::Fix, "待补正", None),
            Standing::Corrected => (ItemState::Doing, "办理中", Some("已补正")),
            Standing::WithOfficer => (ItemState::Doing, "办理中", Some("审查")),
            Standing::WithReviewer => (ItemState::Doing, "办理中", Some("审核")),
            Standing::WithApprover => (ItemState::Doing, "办理中", Some("待签")),
            Standing::Paused => (ItemState::Paused, "特别程序", None),
            Standing::Passed => (ItemState::Done, "已办结", None),
            Standing::PassedWithGap => (ItemState::Tolerated, "容缺办结", Some("待补")),
            Standing::Refused => (ItemState::Refused, "不予许可", None),
            Standing::NotRequired => (ItemState::NotNeeded, "无需办理", None),
            Standing::AcceptanceRefused => (ItemState::Refused, "不予受理", None),
            Standing::Withdrawn => (ItemState::Withdrawn, "已撤回", None),
            Standing::Revoked => (ItemState::Refused, "已撤销", None),
            Standing::Lapsed => (ItemState::Refused, "已失效", None),
        };
        Self { state, text: text.to_owned(), sub: sub.map(ToOwned::to_owned), title: None }
    }
}

impl fmt::Display for Chip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<span class=\"chip\" data-state=\"{}\"", self.state.key())?;
        if let Some(title) = &self.title {
            write!(f, " title=\"{}\"", Escaped(title))?;
        }
        write!(f, ">{}{}", Icon(self.state.icon()), Escaped(&self.text))?;
        if let Some(sub) = &self.sub {
            write!(f, "<span class=\"chip-sub\">{}</span>", Escaped(sub))?;
        }
        f.write_str("</span>")
    }
}

impl askama::filters::HtmlSafe for Chip {}
