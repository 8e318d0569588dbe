//! The state of a running simulation, and the one door through which it acts on the node.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use tongban_domain::{
    acts::Act,
    case::{Case, HEARING_REASON},
    catalog::{Catalog, Flow},
    ids::{ApplicationId, CaseId, ProjectId},
    permission::Actor,
    project::Project,
    reason::ReasonKind,
    sealed::SealedValue,
    time::{Day, Instant},
};
use tongban_store::{ActError, ActOptions, Clock as _, Store, Ticket, VirtualClock};

use crate::{
    city::City,
    dice::Dice,
    error::SimulationError,
    fate::Fate,
    hours,
    life::Life,
    queue::{Event, Queue},
    simulation::Options,
    tally::Tally,
};

/// Most acts on their way to the disk; beyond it the oldest is waited for.
const OUTSTANDING: usize = 512;

/// The days that are simulated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// First day.
    pub(crate) from: Day,
    /// Last day.
    pub(crate) last: Day,
    /// The last working day.
    pub(crate) last_working: Day,
    /// How many days.
    pub(crate) days: u32,
}

/// A running simulation.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) city: Arc<City>,
    pub(crate) span: Span,
    pub(crate) dice: Dice,
    pub(crate) now: Instant,
    pub(crate) lives: Vec<Life>,
    /// Places of the registered projects among the lives.
    pub(crate) places: BTreeMap<ProjectId, usize>,
    pub(crate) queue: Queue,
    pub(crate) tally: Tally,
    tickets: VecDeque<Ticket>,
}

/// What an act brought about.
pub(crate) struct Done {
    /// The project afterwards.
    pub(crate) project: Arc<Project>,
    /// The application made by a submission.
    pub(crate) application: Option<ApplicationId>,
}

/// Options of an act that carries one sealed text.
pub(crate) fn carrying(value: SealedValue) -> ActOptions {
    ActOptions { sealed: vec![value], ..ActOptions::default() }
}

impl World {
    /// An empty city on its first day.
    pub(crate) fn new(
        store: Store,
        clock: Arc<VirtualClock>,
        options: Options,
    ) -> Result<Self, SimulationError> {
        let catalog = store.catalog()?;
        let days = options.days.max(1);
        let last = options.from.plus(days as i32 - 1);
        let last_working = hours::working_days_before(&catalog.calendar, last.plus(1), 1);
        let now = clock.now().max(options.from.begins());
        Ok(Self {
            store,
            clock,
            catalog,
            city: Arc::new(options.city),
            span: Span { from: options.from, last, last_working, days },
            dice: Dice::seeded(options.seed),
            now,
            lives: Vec::new(),
            places: BTreeMap::new(),
            queue: Queue::default(),
            tally: Tally::default(),
            tickets: VecDeque::new(),
        })
    }

    /// Puts the clock forward; it never goes back.
    pub(crate) fn set_clock(&mut self, moment: Instant) {
        self.now = self.now.max(moment);
        self.clock.set(self.now);
    }

    /// Does an act on a project. None when it was refused, which is counted.
    pub(crate) fn attempt(
        &mut self,
        who: usize,
        actor: &Actor,
        act: &Act,
        options: ActOptions,
    ) -> Result<Option<Done>, SimulationError> {
        let Some(id) = self.lives[who].project.as_ref().map(|project| project.id) else {
            return Ok(None);
        };
        match self.store.act(id, act, actor, options) {
            Ok(ticket) => Ok(Some(self.done(who, ticket)?)),
            Err(ActError::Refused(refusal)) => {
                self.tally.refuse(act.name(), &refusal);
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes over what an act brought about; its ticket is waited for later.
    pub(crate) fn done(&mut self, who: usize, ticket: Ticket) -> Result<Done, SimulationError> {
        let acted = ticket.expected();
        let done = Done { project: Arc::clone(&acted.project), application: acted.application };
        self.tally.acts += 1;
        self.tally.facts += acted.facts as u64;
        self.lives[who].project = Some(Arc::clone(&done.project));
        self.tickets.push_back(ticket);
        if self.tickets.len() > OUTSTANDING
            && let Some(oldest) = self.tickets.pop_front()
        {
            oldest.wait()?;
        }
        Ok(done)
    }

    /// Waits until everything done so far is durable.
    pub(crate) fn wait_for_all(&mut self) -> Result<(), SimulationError> {
        while let Some(ticket) = self.tickets.pop_front() {
            ticket.wait()?;
        }
        Ok(())
    }

    /// Enters an event, at the earliest a minute from now.
    pub(crate) fn plan(&mut self, at: Instant, who: usize, event: Event) {
        self.queue.enter(at.max(self.now.plus_seconds(60)), who, event);
    }

    /// Enters something that staff do after so many working minutes.
    pub(crate) fn plan_after(&mut self, minutes: u32, who: usize, event: Event) {
        self.plan(hours::after(&self.catalog.calendar, self.now, minutes), who, event);
    }

    /// The same for what must not be left lying over night.
    pub(crate) fn plan_today(&mut self, minutes: u32, who: usize, event: Event) {
        self.plan(hours::before_closing(&self.catalog.calendar, self.now, minutes), who, event);
    }

    /// Enters something that staff do on a day, or the first working day after it.
    pub(crate) fn plan_staff(&mut self, day: Day, who: usize, event: Event) {
        let at = hours::staff_time(&mut self.dice, &self.catalog.calendar, day, self.now);
        self.plan(at, who, event);
    }

    /// Enters something that the owner does so many days from now.
    pub(crate) fn plan_owner(&mut self, days: i32, who: usize, event: Event) {
        let day = self.now.day().plus(days);
        let at = hours::owner_time(&mut self.dice, &self.catalog.calendar, day);
        self.plan(at, who, event);
    }

    /// The working day so many working days after today.
    pub(crate) fn working_day_in(&self, days: u32) -> Day {
        self.catalog.calendar.nth_working_day_after(self.now.day(), days)
    }

    /// A case as it stands.
    pub(crate) fn case(&self, who: usize, id: CaseId) -> Option<Arc<Case>> {
        self.lives[who].project.as_ref()?.cases.get(&id).cloned()
    }

    /// The flow of a project.
    pub(crate) fn flow(&self, who: usize) -> Option<&Flow> {
        self.catalog.flows.get(&self.lives[who].sketch.flow)
    }

    /// The owner of a project as the one who acts.
    pub(crate) fn owner(&self, who: usize) -> Result<Actor, SimulationError> {
        let place = self.lives[who].sketch.owner;
        let owner = self.city.owners.get(place);
        owner
            .map(|owner| owner.actor.clone())
            .ok_or_else(|| SimulationError::Missing(format!("owner number {place}")))
    }

    /// One of the clerks; a project is always handled by the same one.
    pub(crate) fn clerk(&self, who: usize) -> Actor {
        self.city.windows[who % self.city.windows.len()].clone()
    }

    /// Changes the fate of a case.
    pub(crate) fn change_fate(&mut self, who: usize, case: CaseId, change: impl FnOnce(&mut Fate)) {
        if let Some(fate) = self.lives[who].fates.get_mut(&case) {
            change(fate);
        }
    }

    /// A coded reason of the catalogue. Empty when there is none; the act is refused then.
    pub(crate) fn reason(&mut self, kind: ReasonKind) -> String {
        let fitting = self.catalog.reasons.iter().filter(|reason| reason.kind == kind);
        // A hearing has acts of its own.
        let fitting = fitting.filter(|reason| reason.key != HEARING_REASON);
        let keys: Vec<&str> = fitting.map(|reason| reason.key.as_str()).collect();
        if keys.is_empty() { String::new() } else { self.dice.pick(&keys).to_owned() }
    }
}
