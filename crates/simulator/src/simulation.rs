//! Running a simulation from its first day to its last.

use std::sync::Arc;

use tongban_domain::time::Day;
use tongban_store::{Store, VirtualClock};

use crate::{city::City, error::SimulationError, summary::Summary, world::World};

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Options {
    /// The city, as [`found_city`](crate::found_city) made it.
    pub city: City,
    /// How many projects, the story project included.
    pub projects: usize,
    /// How many days.
    pub days: u32,
    /// Seed of everything that is chance.
    pub seed: u64,
    /// First day.
    pub from: Day,
}

/// How far a simulation has come, told after each day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The day that has ended.
    pub day: Day,
    /// Days that have ended.
    pub done: u32,
    /// Days in all.
    pub days: u32,
    /// Projects registered so far.
    pub projects: usize,
    /// Acts done so far.
    pub acts: u64,
    /// Facts made so far.
    pub facts: u64,
}

/// A simulation that is about to run.
pub struct Simulation {
    store: Store,
    clock: Arc<VirtualClock>,
    options: Options,
}

impl Simulation {
    /// Prepares a simulation on a node with a catalogue and a founded city. `clock` must be the
    /// clock the node was opened with, showing no later moment than the first day.
    #[must_use]
    pub fn new(store: &Store, clock: Arc<VirtualClock>, options: Options) -> Self {
        Self { store: store.clone(), clock, options }
    }

    /// Runs it. Blocks until the last act is durable; must not be called on an async thread.
    /// The clock is left on the evening of the last day.
    ///
    /// # Errors
    /// When the node fails, or the catalogue lacks what no project can do without.
    pub fn run(self, mut progress: impl FnMut(Progress)) -> Result<Summary, SimulationError> {
        let Self { store, clock, options } = self;
        let projects = options.projects;
        let mut world = World::new(store, clock, options)?;
        world.populate(projects);
        for passed in 0..world.span.days {
            let day = world.span.from.plus(passed as i32);
            world.begin_day(day)?;
            world.live_through(day)?;
            progress(Progress {
                day,
                done: passed + 1,
                days: world.span.days,
                projects: world.places.len(),
                acts: world.tally.acts,
                facts: world.tally.facts,
            });
        }
        world.wait_for_all()?;
        world.set_clock(world.span.last.at(22, 30));
        Ok(world.summary())
    }
}
