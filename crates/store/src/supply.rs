//! Ids, salts and numbers of a node.

use std::collections::{HashMap, VecDeque};

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use tongban_domain::{
    acts::NumberKind,
    time::{Day, Instant},
};

use crate::{
    engine::query,
    error::StoreError,
    node::{Store, lock},
};

/// Randomness seeded once, and the numbers that may be given.
pub(crate) struct NodeSupply {
    random: ChaCha20Rng,
    numbers: Numbers,
}

/// A series of numbers: its stored name, and its period.
pub(crate) type Series = (&'static str, i64);

/// Where numbers come from.
pub(crate) enum Numbers {
    /// One process gives them, one after the other: the last of each series.
    Counted(HashMap<Series, u32>),
    /// Several processes do: those that this one has reserved and not given.
    Reserved(HashMap<Series, VecDeque<u32>>),
}

/// A number, and whether it is to be noted with the act.
pub(crate) enum Numbered {
    Counted(u32),
    Reserved(u32),
    /// None is reserved any more.
    None,
}

impl NodeSupply {
    pub(crate) fn new(seed: [u8; 32], numbers: Numbers) -> Self {
        Self { random: ChaCha20Rng::from_seed(seed), numbers }
    }

    pub(crate) fn numbered(&mut self, kind: NumberKind, day: Day) -> Numbered {
        let series = counter_key(kind, day);
        match &mut self.numbers {
            Numbers::Counted(last) => {
                let last = last.entry(series).or_insert(0);
                *last += 1;
                Numbered::Counted(*last)
            }
            Numbers::Reserved(left) => {
                let next = left.get_mut(&series).and_then(VecDeque::pop_front);
                next.map_or(Numbered::None, Numbered::Reserved)
            }
        }
    }

    fn reserve(&mut self, series: Series, numbers: impl Iterator<Item = u32>) {
        match &mut self.numbers {
            Numbers::Counted(_) => {}
            Numbers::Reserved(left) => left.entry(series).or_default().extend(numbers),
        }
    }

    /// Takes back a reserved number that was given to an act which does not happen.
    pub(crate) fn take_back(&mut self, series: Series, number: u32) {
        match &mut self.numbers {
            Numbers::Counted(_) => {}
            Numbers::Reserved(left) => left.entry(series).or_default().push_front(number),
        }
    }

    pub(crate) fn salt(&mut self) -> [u8; 16] {
        let mut salt = [0; 16];
        self.random.fill_bytes(&mut salt);
        salt
    }

    pub(crate) fn secret(&mut self) -> [u8; 32] {
        let mut secret = [0; 32];
        self.random.fill_bytes(&mut secret);
        secret
    }
}

/// Name and period under which a counter is stored: a day, or a year for projects.
pub(crate) fn counter_key(kind: NumberKind, day: Day) -> (&'static str, i64) {
    match kind {
        NumberKind::Case => ("case", i64::from(day.0)),
        NumberKind::ConstructionPermit => ("construction-permit", i64::from(day.0)),
        NumberKind::Document => ("document", i64::from(day.0)),
        NumberKind::Project => ("project", i64::from(day.year())),
    }
}

pub(crate) const COUNTER_NAMES: [&str; 4] = ["case", "construction-permit", "document", "project"];

impl NodeSupply {
    /// A version 7 UUID (RFC 9562): milliseconds first, then randomness.
    pub(crate) fn id(&mut self, now: Instant) -> [u8; 16] {
        let mut id = self.salt();
        let millis = now.0.div_euclid(1000).max(0) as u64;
        id[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        id[6] = 0x70 | id[6] & 0x0f;
        id[8] = 0x80 | id[8] & 0x3f;
        id
    }
}

/// How many numbers a process reserves at a time: of a long series so many that it seldom has to,
/// of a short one no more than it needs.
const fn at_a_time(kind: NumberKind) -> u32 {
    match kind {
        NumberKind::Case | NumberKind::Project => 64,
        NumberKind::Document | NumberKind::ConstructionPermit => 1,
    }
}

impl Store {
    /// Reserves the next numbers of a series for this process. Those that it does not use are
    /// never given.
    pub(crate) fn reserve_numbers(&self, kind: NumberKind, day: Day) -> Result<(), StoreError> {
        const TAKE: &str = "INSERT INTO counters (kind, period, last) VALUES ($1, $2, $3) \
                            ON CONFLICT (kind, period) DO UPDATE SET \
                            last = counters.last + excluded.last RETURNING last";
        let reserving = self.inner.writing.as_ref().and_then(|it| it.reserving.as_ref());
        let mut connection = lock(reserving.ok_or(StoreError::OnlyLooking)?);
        let (series, count) = (counter_key(kind, day), at_a_time(kind));
        if connection.is_lost() {
            *connection = self.inner.readers.source().writer()?;
        }
        let values = [series.0.into(), series.1.into(), i64::from(count).into()];
        let last = query(&connection, TAKE, &values, |row| row.get::<u32>(0))?;
        let last = last.first().copied().ok_or(StoreError::Stopped)?;
        lock(&self.inner.supply).reserve(series, last - count + 1..=last);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(supply: &mut NodeSupply) -> Option<u32> {
        match supply.numbered(NumberKind::Document, Day(20_000)) {
            Numbered::Counted(number) | Numbered::Reserved(number) => Some(number),
            Numbered::None => None,
        }
    }

    #[test]
    fn numbers_of_an_act_that_does_not_happen_are_given_to_the_next() {
        let mut supply = NodeSupply::new([7; 32], Numbers::Reserved(HashMap::new()));
        let series = counter_key(NumberKind::Document, Day(20_000));
        assert_eq!(given(&mut supply), None);
        supply.reserve(series, 5..=5);
        assert_eq!(given(&mut supply), Some(5));
        assert_eq!(given(&mut supply), None, "an act that needs two has to wait");
        supply.take_back(series, 5);
        supply.reserve(series, 9..=9);
        assert_eq!([given(&mut supply), given(&mut supply)], [Some(5), Some(9)]);
    }
}
