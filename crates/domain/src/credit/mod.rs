//! Credit (信用): what is on record about owners. It changes the ways of handling open to them,
//! never their right to apply, and says nothing about the authority.

mod bar;

use std::{collections::BTreeMap, ops::RangeInclusive};

pub use bar::Bar;
pub(crate) use bar::{arise, lift};

use minicbor::{Decode, Encode};
use serde::Deserialize;

use crate::{
    acts::{ActName, Context},
    codes::Uscc,
    fact::Fact,
    ids::{CreditRecordId, ProjectId},
    refusal::Refusal,
    sealed::Sealed,
    time::Day,
};

/// What kind of record it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum CreditKind {
    /// 守信激励（红名单）.
    #[n(0)]
    Good,
    /// 不良信用记录.
    #[n(1)]
    Bad,
    /// 严重失信主体名单.
    #[n(2)]
    Serious,
    /// 违背告知承诺.
    #[n(3)]
    BrokenPromise,
}

impl CreditKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Good, Self::Bad, Self::Serious, Self::BrokenPromise];

    /// Stable name for forms and the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Serious => "serious",
            Self::BrokenPromise => "broken-promise",
        }
    }

    /// The kind with this key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// How many months a record of this kind is used, at least and at most (国办发〔2025〕22号:
    /// light and ordinary breaches of trust up to a year, serious ones one to three years). For
    /// good standing three years are a custom of the field, not a rule.
    #[must_use]
    pub const fn months(self) -> RangeInclusive<i32> {
        match self {
            Self::Good => 0..=36,
            Self::Bad | Self::BrokenPromise => 0..=12,
            Self::Serious => 12..=36,
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "守信激励（红名单）",
            Self::Bad => "不良信用记录",
            Self::Serious => "严重失信主体名单",
            Self::BrokenPromise => "违背告知承诺",
        }
    }
}

/// A record as it was entered.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct CreditEntry {
    /// Its id.
    #[n(0)]
    pub record: CreditRecordId,
    /// Whose.
    #[n(1)]
    pub subject: Uscc,
    /// Name of the subject on that day.
    #[n(2)]
    pub name: String,
    /// What kind.
    #[n(3)]
    pub kind: CreditKind,
    /// The published list or the document it rests on, with its number.
    #[n(4)]
    pub list: String,
    /// First day.
    #[n(5)]
    pub from: Day,
    /// Last day on which it may be used.
    #[n(6)]
    pub until: Day,
    /// The project it arose in, when the platform entered it itself.
    #[n(7)]
    pub project: Option<ProjectId>,
}

/// What can happen to the credit of a subject. Variant numbers are never reused.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CreditFact {
    /// A record was entered.
    #[n(0)]
    Entered(#[n(0)] CreditEntry),
    /// A record was removed before its time (信用修复、异议更正).
    #[n(1)]
    Removed {
        /// Which.
        #[n(0)]
        record: CreditRecordId,
        /// Whose: the stream.
        #[n(1)]
        subject: Uscc,
        /// From this day on it counts no more.
        #[n(2)]
        on: Day,
        /// Why.
        #[n(3)]
        text: Sealed,
    },
    /// The law bars the subject from applying for an item again (限制申请).
    #[n(2)]
    Barred(#[n(0)] Bar),
    /// The refusal from which a bar arose was revoked: it never held.
    #[n(3)]
    BarLifted {
        /// Whose.
        #[n(0)]
        subject: Uscc,
        /// Number of the case.
        #[n(1)]
        case: String,
    },
}

impl CreditFact {
    /// Whose credit it is about: the stream it belongs to.
    #[must_use]
    pub const fn subject(&self) -> &Uscc {
        match self {
            Self::Entered(entry) => &entry.subject,
            Self::Removed { subject, .. } => subject,
            Self::Barred(bar) => &bar.subject,
            Self::BarLifted { subject, .. } => subject,
        }
    }
}

/// A record and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditRecord {
    /// As entered.
    pub entry: CreditEntry,
    /// Removed before its time.
    pub removed: Option<Day>,
}

impl CreditRecord {
    /// Whether it may be used on a day: expired and removed records may not.
    #[must_use]
    pub fn counts(&self, day: Day) -> bool {
        (self.entry.from..=self.entry.until).contains(&day)
            && self.removed.is_none_or(|removed| day < removed)
    }
}

/// All credit records this node knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credit {
    /// By subject, in the order they were entered: every application asks for its owner's.
    records: BTreeMap<Uscc, Vec<CreditRecord>>,
    bars: BTreeMap<Uscc, Vec<Bar>>,
}

impl Credit {
    /// Takes one fact in.
    pub fn evolve(&mut self, fact: &Fact) {
        let Fact::Credit(fact) = fact else { return };
        match fact {
            CreditFact::Entered(entry) => {
                // A fact may be met again: by whom it was decided, and in the journal.
                let own = self.records.entry(entry.subject.clone()).or_default();
                if own.iter().all(|known| known.entry.record != entry.record) {
                    own.push(CreditRecord { entry: entry.clone(), removed: None });
                }
            }
            CreditFact::Removed { record, subject, on, .. } => {
                let own = self.records.get_mut(subject).into_iter().flatten();
                for known in own.filter(|known| known.entry.record == *record) {
                    known.removed.get_or_insert(*on);
                }
            }
            CreditFact::Barred(bar) => {
                let own = self.bars.entry(bar.subject.clone()).or_default();
                if !own.contains(bar) {
                    own.push(bar.clone());
                }
            }
            CreditFact::BarLifted { subject, case } => {
                let own = self.bars.entry(subject.clone()).or_default();
                own.retain(|bar| bar.case != *case);
            }
        }
    }

    /// All records, the latest first.
    #[must_use]
    pub fn records(&self) -> Vec<&CreditRecord> {
        let mut all: Vec<&CreditRecord> = self.records.values().flatten().collect();
        all.sort_by_key(|record| std::cmp::Reverse((record.entry.from, record.entry.record)));
        all
    }

    /// A record by id.
    #[must_use]
    pub fn record(&self, id: CreditRecordId) -> Option<&CreditRecord> {
        self.records.values().flatten().find(|record| record.entry.record == id)
    }

    /// What may be used about a subject on a day.
    pub fn of<'a>(&'a self, subject: &'a Uscc, day: Day) -> impl Iterator<Item = &'a CreditRecord> {
        let own = self.records.get(subject).into_iter().flatten();
        own.filter(move |record| record.counts(day))
    }
}

/// A record to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// Whose.
    pub subject: Uscc,
    /// Name of the subject.
    pub name: String,
    /// What kind.
    pub kind: CreditKind,
    /// The published list or document it rests on.
    pub list: String,
    /// Last day on which it may be used.
    pub until: Day,
}

/// Enters a record.
///
/// # Errors
/// When the person may not, no list is named, the term is not in the future or not as long as
/// records of this kind are used, or the same record counts already.
pub fn enter(new: NewRecord, context: &mut Context<'_>) -> Result<CreditFact, Refusal> {
    may_keep(context, ActName::EnterCreditRecord)?;
    if new.list.trim().is_empty() {
        return Err(Refusal::NoPublishedList);
    }
    let from = context.today();
    let months = new.kind.months();
    let term = from.plus_months(*months.start())..=from.plus_months(*months.end());
    if new.until <= from || !term.contains(&new.until) {
        return Err(Refusal::TermOfRecord(months));
    }
    let again = context.credit.of(&new.subject, from).any(|known| {
        let entry = &known.entry;
        (entry.kind, &entry.list, entry.until) == (new.kind, &new.list, new.until)
    });
    if again {
        return Err(Refusal::AlreadySo);
    }
    let record = CreditRecordId::from_bytes(context.supply.id(context.now));
    let NewRecord { subject, name, kind, list, until } = new;
    let entry = CreditEntry { record, subject, name, kind, list, from, until, project: None };
    Ok(CreditFact::Entered(entry))
}

/// Removes a record before its time.
///
/// # Errors
/// When the person may not, or the record is unknown or counts no more.
pub fn remove(
    record: CreditRecordId,
    text: Sealed,
    context: &Context<'_>,
) -> Result<CreditFact, Refusal> {
    may_keep(context, ActName::RemoveCreditRecord)?;
    let on = context.today();
    match context.credit.record(record) {
        Some(known) if known.removed.is_none() && on <= known.entry.until => {
            let subject = known.entry.subject.clone();
            Ok(CreditFact::Removed { record, subject, on, text })
        }
        Some(_) => Err(Refusal::AlreadySo),
        None => Err(Refusal::UnknownCreditRecord),
    }
}

fn may_keep(context: &Context<'_>, act: ActName) -> Result<(), Refusal> {
    if context.actor.may(act) { Ok(()) } else { Err(Refusal::NotAllowed(act)) }
}
