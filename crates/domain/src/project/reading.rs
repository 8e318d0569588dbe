//! Reading personal data in clear (查看个人信息). Pages mask it; whoever has to see it says why, and
//! that is a fact the owner can read. PIPL art. 6 (no more than necessary), 51 (access is limited
//! and recorded).

use std::collections::BTreeMap;

use crate::{acts::Drafting, ids::AccountId, project::ProjectFact, reason::ReasonKind};
use crate::{refusal::Refusal, sealed::Sealed, time::Instant};

/// How long it may be read after saying why: ten minutes, in microseconds.
const LASTS: i64 = 10 * 60 * 1_000_000;

/// Who read the personal data of a project last, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readings {
    last: BTreeMap<AccountId, Instant>,
}

impl Readings {
    pub(super) fn note(&mut self, account: Option<AccountId>, at: Instant) {
        self.last.extend(account.map(|account| (account, at)));
    }

    /// Until when somebody may read it, who said why a moment ago.
    #[must_use]
    pub fn open_until(&self, account: AccountId, now: Instant) -> Option<Instant> {
        let until = Instant(self.last.get(&account)?.0 + LASTS);
        (now < until).then_some(until)
    }
}

pub(super) fn read_in_clear(
    drafting: &mut Drafting<'_, '_>,
    reason: &str,
    text: Option<&Sealed>,
) -> Result<(), Refusal> {
    drafting.context.check_reason(ReasonKind::Reading, reason)?;
    let (reason, text) = (reason.to_owned(), text.cloned());
    drafting.add_project(ProjectFact::PersonsRead { reason, text });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_may_be_read_for_ten_minutes_by_the_one_who_said_why() {
        let (own, other) = (AccountId::from_bytes([1; 16]), AccountId::from_bytes([2; 16]));
        let mut readings = Readings::default();
        readings.note(Some(own), Instant(1_000_000));
        let until = Instant(601_000_000);
        assert_eq!(readings.open_until(own, Instant(1_000_000)), Some(until));
        assert_eq!(readings.open_until(own, Instant(600_999_999)), Some(until));
        assert_eq!(readings.open_until(own, until), None);
        assert_eq!(readings.open_until(other, Instant(1_000_000)), None);
    }
}
