//! Bars on applying again (限制申请): who hid facts or handed in false papers may not apply for the
//! same permit for a year (AL 78), who obtained one by deceit or bribery for three (AL 79), where the
//! permit directly concerns public safety, health, life or property. A bar follows from the law, not
//! from a list, so nobody enters or removes it.

use minicbor::{Decode, Encode};

use super::{Credit, CreditFact};
use crate::{acts::Drafting, case::Case, codes::Uscc, ids::ProjectId, time::Day};

/// Months in a year.
const YEAR: i32 = 12;

/// A bar on applying for an item.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Bar {
    /// Who may not.
    #[n(0)]
    pub subject: Uscc,
    /// Item code.
    #[n(1)]
    pub item: String,
    /// Number of the case in which it arose.
    #[n(2)]
    pub case: String,
    /// The coded reason of the refusal or revocation.
    #[n(3)]
    pub reason: String,
    /// First day.
    #[n(4)]
    pub from: Day,
    /// Last day.
    #[n(5)]
    pub until: Day,
    /// The project.
    #[n(6)]
    pub project: ProjectId,
}

impl Credit {
    /// The bar on an item that holds for a subject on a day; of several the longest.
    #[must_use]
    pub fn bar(&self, subject: &Uscc, item: &str, day: Day) -> Option<&Bar> {
        let holding = self.bars_of(subject, day).filter(|bar| bar.item == item);
        holding.max_by_key(|bar| bar.until)
    }

    /// Every bar that holds for a subject on a day.
    pub fn bars_of<'a>(&'a self, subject: &Uscc, day: Day) -> impl Iterator<Item = &'a Bar> {
        let own = self.bars.get(subject).into_iter().flatten();
        own.filter(move |bar| (bar.from..=bar.until).contains(&day))
    }
}

/// What a refusal or revocation for this reason brings about, if anything.
pub(crate) fn arise(drafting: &mut Drafting<'_, '_>, case: &Case, reason: &str) {
    let catalog = drafting.context.catalog;
    let years = catalog.reason(reason).and_then(|reason| reason.bar_years);
    let safety = catalog.item(&case.opened.item).is_some_and(|item| item.safety);
    let (Some(years), true) = (years, safety) else { return };
    let from = drafting.context.today();
    drafting.add_credit(CreditFact::Barred(Bar {
        subject: drafting.project.owner.uscc.clone(),
        item: case.opened.item.clone(),
        case: case.opened.number.clone(),
        reason: reason.to_owned(),
        from,
        until: from.plus_months(YEAR * i32::from(years)),
        project: drafting.project.id,
    }));
}

/// Revoking a refusal takes away the bar that arose from it.
pub(crate) fn lift(drafting: &mut Drafting<'_, '_>, case: &Case) {
    let (subject, today) = (drafting.project.owner.uscc.clone(), drafting.context.today());
    let arose =
        drafting.context.credit.bars_of(&subject, today).any(|bar| bar.case == case.opened.number);
    if arose {
        let case = case.opened.number.clone();
        drafting.add_credit(CreditFact::BarLifted { subject, case });
    }
}
