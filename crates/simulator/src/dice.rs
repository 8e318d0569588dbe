//! Chance, from one seed.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};

/// The one source of chance of a simulation.
pub(crate) struct Dice(ChaCha20Rng);

impl Dice {
    /// Dice that always fall the same way for this seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    /// A number from 0 up to, not including, `bound`; 0 when there is nothing to choose.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(bound)) >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// A number of days from `low` to `high`, both included.
    pub(crate) fn days(&mut self, low: u32, high: u32) -> i32 {
        self.between(low, high) as i32
    }

    /// Whether something happens that happens so often in a thousand.
    pub(crate) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// One of several; the list must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }
}
