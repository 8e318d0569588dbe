//! Ids, salts and numbers of a node.

use std::collections::HashMap;

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
    /// Several processes do: what this one has reserved of each, the next and the last.
    Reserved(HashMap<Series, (u32, u32)>),
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
            Numbers::Reserved(left) => match left.get_mut(&series) {
                Some((next, last)) if *next <= *last => {
                    *next += 1;
                    Numbered::Reserved(*next - 1)
                }
                Some(_) | None => Numbered::None,
            },
        }
    }

    fn reserve(&mut self, series: Series, numbers: (u32, u32)) {
        match &mut self.numbers {
            Numbers::Counted(_) => {}
            Numbers::Reserved(left) => {
                left.insert(series, numbers);
            }
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
        lock(&self.inner.supply).reserve(series, (last - count + 1, last));
        Ok(())
    }
}
