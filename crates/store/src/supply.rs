//! Ids, salts and numbers of a node.

use std::collections::HashMap;

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use tongban_domain::{
    acts::{NumberKind, Supply},
    time::{Day, Instant},
};

/// Randomness seeded once, and the counters as far as they were used.
pub(crate) struct NodeSupply {
    random: ChaCha20Rng,
    /// Last number given, by kind and period.
    pub(crate) counters: HashMap<(&'static str, i64), u32>,
}

impl NodeSupply {
    pub(crate) fn new(seed: [u8; 32], counters: HashMap<(&'static str, i64), u32>) -> Self {
        Self { random: ChaCha20Rng::from_seed(seed), counters }
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

impl Supply for NodeSupply {
    /// A version 7 UUID (RFC 9562): milliseconds first, then randomness.
    fn id(&mut self, now: Instant) -> [u8; 16] {
        let mut id = self.salt();
        let millis = now.0.div_euclid(1000).max(0) as u64;
        id[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        id[6] = 0x70 | id[6] & 0x0f;
        id[8] = 0x80 | id[8] & 0x3f;
        id
    }

    fn number(&mut self, kind: NumberKind, day: Day) -> u32 {
        let last = self.counters.entry(counter_key(kind, day)).or_insert(0);
        *last += 1;
        *last
    }
}
