//! Carrying acts out: fold, decide, append.
//!
//! While an act waits for its commit, later acts on the same project build on its outcome; they
//! are answered after it, in order, and fail with it. So one project takes many acts per flush.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::sync::oneshot;
use tongban_domain::{
    acts::{Act, Context, NumberKind, Performed, perform, register},
    application::ApplicationFact,
    fact::{Fact, Recorded, StreamId, StreamKind},
    ids::{AccountId, ApplicationId, CaseId, ProjectId},
    permission::Actor,
    project::{Project, Registration},
    refusal::Refusal,
    sealed::SealedValue,
    time::{Day, Instant},
};

use crate::{
    append::change,
    change::{Change, Head, NewFact},
    engine::{query, stored_head, writer::Job},
    error::StoreError,
    files::StoredFile,
    node::{Store, lock},
    persons::Person,
    projection::{Rows, rows},
    streams::stream,
    supply::{NodeSupply, Numbered, Series, counter_key},
    ticket::{Afterwards, Again, Ticket},
};

/// Most projects whose folds are kept in memory.
const CACHED: usize = 4096;

/// A project in memory: the fold of everything submitted so far, and its rows.
#[derive(Default)]
pub(crate) struct Entry {
    project: Option<Arc<Project>>,
    rows: Arc<Rows>,
    /// Where its stream ends with the last act that was submitted.
    head: Head,
}

/// Why an act did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// There is no such project.
    #[error("no such project")]
    UnknownProject,
    /// The law or the permissions refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The page the person saw is older than the case: somebody acted in between.
    #[error("somebody else acted since the page was made")]
    Changed,
    /// An act of a department's system that is not the next one on this case: it was done before,
    /// or one is missing.
    #[error("the next act of the department's system on this case is number {0}")]
    OutOfOrder(u32),
    /// The database failed, or a number was taken.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What goes with an act.
#[derive(Debug, Clone, Default)]
pub struct ActOptions {
    /// Coded reason why a person had to appear.
    pub visit: Option<String>,
    /// When it is claimed to have happened.
    pub claimed_at: Option<Instant>,
    /// The system of others that it came from.
    pub source_system: Option<String>,
    /// A person that the act names for the first time.
    pub person: Option<Person>,
    /// Files that the act brings with it, already in the folder.
    pub files: Vec<StoredFile>,
    /// Values of the seals the act carries.
    pub sealed: Vec<SealedValue>,
    /// The stream version at which the person saw the case; a later change refuses the act.
    pub seen: Option<(CaseId, u64)>,
    /// The number that a department's system gave the act, of those on this case; another than the
    /// next one is refused.
    pub sequence: Option<(CaseId, u32)>,
    /// Repeating a request with this key gives the same answer and does nothing.
    pub request: Option<Request>,
    /// A draft that the act uses up.
    pub draft: Option<tongban_domain::ids::DraftId>,
}

/// A request that must happen at most once.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who.
    pub account: AccountId,
    /// The key the caller chose.
    pub key: String,
    /// Digest of what was asked; another body under the same key is refused.
    pub digest: [u8; 32],
}

/// What an act brought about.
#[derive(Debug, Clone)]
pub struct Acted {
    /// The project afterwards.
    pub project: Arc<Project>,
    /// The application made by a submission.
    pub application: Option<ApplicationId>,
    /// Facts appended.
    pub facts: usize,
}

impl Acted {
    /// What a repeated request is answered with.
    #[must_use]
    pub fn answer(&self) -> Answer {
        Answer {
            project: self.project.id,
            version: self.project.version,
            application: self.application,
        }
    }
}

/// The answer to a write: stored with its idempotency key, so that a repeat gets the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The project.
    pub project: ProjectId,
    /// The stream's version after the act.
    pub version: u64,
    /// The application made by a submission.
    pub application: Option<ApplicationId>,
}

impl Answer {
    fn to_text(self) -> String {
        let application = self.application.map_or(String::new(), |id| id.to_string());
        format!("{} {} {application}", self.project, self.version)
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        Some(Self {
            project: parts.next()?.parse().ok()?,
            version: parts.next()?.parse().ok()?,
            application: parts.next().and_then(|id| id.parse().ok()),
        })
    }
}

impl Store {
    /// Carries out an act on a project. The ticket is waited for outside any lock.
    ///
    /// # Errors
    /// When it is refused, or the project cannot be read.
    pub fn act(
        &self,
        id: ProjectId,
        act: &Act,
        actor: &Actor,
        options: ActOptions,
    ) -> Result<Ticket, ActError> {
        let kept = self.entry(id);
        let mut entry = lock(&kept);
        let known = entry.project.is_some();
        let decided = match self.decide(id, &mut entry, act, actor, &options) {
            // Another process may have acted since: then it is decided on what is there now.
            Err(ActError::Refused(_) | ActError::Changed | ActError::OutOfOrder(_))
                if known && self.freshen(id, &mut entry)? =>
            {
                self.decide(id, &mut entry, act, actor, &options)
            }
            decided => decided,
        };
        let (performed, counters) = decided?;
        let again = self.is_shared().then(|| {
            let (act, actor, options) = (act.clone(), actor.clone(), options.clone());
            Box::new(Again { store: self.clone(), act, actor, options, times: 0 })
        });
        let mut ticket = self.append(&kept, &mut entry, performed, counters, options)?;
        ticket.again = again;
        Ok(ticket)
    }

    fn decide(
        &self,
        id: ProjectId,
        entry: &mut Entry,
        act: &Act,
        actor: &Actor,
        options: &ActOptions,
    ) -> Result<(Performed, Counters), ActError> {
        let project = self.loaded(id, entry)?.ok_or(ActError::UnknownProject)?;
        if let Some((case, seen)) = options.seen {
            let changed = project.cases.get(&case).map(|case| case.changed);
            if changed.is_some_and(|changed| changed > seen) {
                return Err(ActError::Changed);
            }
        }
        if let Some((case, number)) = options.sequence {
            let done = project.cases.get(&case).zip(actor.department());
            let done = done.map_or(0, |(case, system)| case.ways_in.from_system(system));
            if number != done + 1 {
                return Err(ActError::OutOfOrder(done + 1));
            }
        }
        self.with_context(actor, options, |context| perform(&project, act, context))
    }

    /// Registers a project.
    ///
    /// # Errors
    /// When it is refused, or its code is taken.
    pub fn register(
        &self,
        registration: Registration,
        actor: &Actor,
        options: ActOptions,
    ) -> Result<Ticket, ActError> {
        let id = ProjectId::from_bytes(self.new_id());
        let (performed, counters) = self
            .with_context(actor, &options, |context| register(id, registration.clone(), context))?;
        let kept = self.entry(id);
        let mut entry = lock(&kept);
        self.append(&kept, &mut entry, performed, counters, options)
    }

    /// The project as everything submitted so far makes it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn project(&self, id: ProjectId) -> Result<Option<Arc<Project>>, StoreError> {
        let entry = self.entry(id);
        let mut entry = lock(&entry);
        if entry.project.is_some() {
            self.freshen(id, &mut entry)?;
        }
        self.loaded(id, &mut entry)
    }

    /// The same as this process knows it, should another one have acted since.
    ///
    /// # Errors
    /// When the database fails.
    pub fn known_project(&self, id: ProjectId) -> Result<Option<Arc<Project>>, StoreError> {
        let entry = self.entry(id);
        let mut entry = lock(&entry);
        self.loaded(id, &mut entry)
    }

    /// The facts of a project, in order.
    ///
    /// # Errors
    /// When the database fails or a fact cannot be read.
    pub fn history(&self, id: ProjectId) -> Result<Vec<Recorded>, StoreError> {
        self.read(|connection| stream(connection, StreamKind::Project, id.as_bytes()))
    }

    /// The answer given to an earlier request with the same key, also to one that is being
    /// written just now.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the key was used for something else.
    pub async fn answer_given(&self, request: &Request) -> Result<Option<Answer>, StoreError> {
        let (sender, written) = oneshot::channel();
        let answer = Box::new(move |done| drop(sender.send(done)));
        // Behind everything that waits; of itself it writes nothing.
        self.submit(Job { change: Change::default(), answer })?;
        written.await.unwrap_or(Err(StoreError::Stopped))?;
        self.earlier_answer(request)
    }

    /// The answer given to an earlier request with the same key.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the key was used for something else.
    pub fn earlier_answer(&self, request: &Request) -> Result<Option<Answer>, StoreError> {
        const GET: &str = "SELECT digest, answer FROM answers WHERE account = $1 AND request = $2";
        let values = [request.account.as_bytes().into(), request.key.as_str().into()];
        let found = self.read(|connection| {
            query(connection, GET, &values, |row| {
                Ok((row.get::<Vec<u8>>(0)?, row.get::<String>(1)?))
            })
        })?;
        match found.into_iter().next() {
            None => Ok(None),
            Some((digest, answer)) if digest == request.digest => Ok(Answer::from_text(&answer)),
            Some(_) => Err(StoreError::Taken(format!("idempotency key {}", request.key))),
        }
    }

    /// Decides with everything a decision is made on.
    pub(crate) fn with_context<T>(
        &self,
        actor: &Actor,
        options: &ActOptions,
        run: impl Fn(&mut Context<'_>) -> Result<T, Refusal>,
    ) -> Result<(T, Counters), ActError> {
        let catalog = self.catalog()?;
        let (organisation, credit) = (self.organisation(), self.credit());
        let now = self.moment_of_act()?;
        loop {
            let mut supply = lock(&self.inner.supply);
            let mut noted = Noting {
                supply: &mut supply,
                used: Counters::default(),
                reserved: Vec::new(),
                lacks: None,
            };
            let mut context = Context {
                now,
                catalog: &catalog,
                organisation: &organisation,
                credit: &credit,
                actor,
                visit: options.visit.clone(),
                claimed_at: options.claimed_at,
                source_system: options.source_system.clone(),
                node: self.inner.node,
                epoch: self.inner.epoch,
                supply: &mut noted,
            };
            let outcome = run(&mut context);
            let Noting { used, reserved, lacks, .. } = noted;
            if lacks.is_some() || outcome.is_err() {
                for (series, number) in reserved.into_iter().rev() {
                    supply.take_back(series, number);
                }
            }
            drop(supply);
            match lacks {
                None => return Ok((outcome?, used)),
                Some((kind, day)) => self.reserve_numbers(kind, day)?,
            }
        }
    }

    fn entry(&self, id: ProjectId) -> Arc<Mutex<Entry>> {
        let mut cache = lock(&self.inner.cache);
        if cache.len() >= CACHED && !cache.contains_key(&id) {
            // Entries in use are kept; the others can be folded again.
            let mut surplus = CACHED / 4;
            cache.retain(|_, entry| {
                let keep = Arc::strong_count(entry) > 1 || surplus == 0;
                surplus -= usize::from(!keep);
                keep
            });
        }
        let fresh = || Arc::new(Mutex::new(Entry::default()));
        cache.entry(id).or_insert_with(fresh).clone()
    }

    fn loaded(&self, id: ProjectId, entry: &mut Entry) -> Result<Option<Arc<Project>>, StoreError> {
        if entry.project.is_none() {
            let facts = self.history(id)?;
            if let (Some(project), Some(last)) = (fold(id, &facts), facts.last()) {
                // Another process's clock may be ahead.
                self.acted_at(last.envelope.recorded_at);
                entry.rows = Arc::new(rows(&project, &*self.catalog()?));
                entry.head = NewFact::of(last).head();
                entry.project = Some(Arc::new(project));
            }
        }
        Ok(entry.project.clone())
    }

    /// Forgets what is known of a project when another process acted on it since. Gives whether
    /// that was so.
    fn freshen(&self, id: ProjectId, entry: &mut Entry) -> Result<bool, StoreError> {
        if !self.is_shared() {
            return Ok(false);
        }
        let stream = StreamId { kind: StreamKind::Project, id: *id.as_bytes() };
        let stored = self.read(|connection| stored_head(connection, stream))?;
        // What is stored may also lag behind: acts of this process that are still to be written.
        let is_old = stored != entry.head && stored.version >= entry.head.version;
        if is_old {
            *entry = Entry::default();
        }
        Ok(is_old)
    }

    fn append(
        &self,
        kept: &Arc<Mutex<Entry>>,
        entry: &mut Entry,
        performed: Performed,
        counters: Counters,
        options: ActOptions,
    ) -> Result<Ticket, ActError> {
        let Performed { project, facts, credit } = performed;
        let new_rows = rows(&project, &*self.catalog()?);
        let application = facts.iter().find_map(|recorded| match &recorded.fact {
            Fact::Application(id, ApplicationFact::Submitted { .. }) => Some(*id),
            Fact::Application(..)
            | Fact::Project(_)
            | Fact::Case(..)
            | Fact::PackPublished { .. }
            | Fact::Organisation(_)
            | Fact::Credit(_) => None,
        });
        let project = Arc::new(project);
        let acted = Acted { project: Arc::clone(&project), application, facts: facts.len() };
        let answer = acted.answer().to_text();
        let mut change = change(
            &self.inner.vault,
            (&project, entry.head),
            (&facts, &credit),
            (&entry.rows, &new_rows),
            counters,
            options,
            answer,
        )?;
        self.ask_for(&mut change, &project, &facts);
        let last = change.facts.last().map(NewFact::head);
        if let Some(fact) = facts.last() {
            self.acted_at(fact.envelope.recorded_at);
        }
        let (sender, done) = oneshot::channel();
        let after = Afterwards { store: self.clone(), kept: Arc::clone(kept), id: project.id };
        let told = credit.clone();
        self.submit(Job {
            change,
            answer: Box::new(move |result| {
                after.settle(&result, told);
                // Whoever asked may be gone.
                let _ = sender.send(result);
            }),
        })?;
        entry.project = Some(project);
        entry.rows = Arc::new(new_rows);
        entry.head = last.unwrap_or(entry.head);
        // At once, as the project itself: whoever decides next must see it.
        for fact in credit {
            self.take_credit_in(fact);
        }
        Ok(Ticket { acted, done, again: None })
    }
}

/// Folds the facts of a project.
pub(crate) fn fold(id: ProjectId, facts: &[Recorded]) -> Option<Project> {
    let mut facts = facts.iter();
    let first = facts.next()?;
    let mut project = Project::register(id, &first.envelope, &first.fact)?;
    for recorded in facts {
        project.evolve(&recorded.envelope, &recorded.fact);
    }
    Some(project)
}

pub(crate) type Counters = HashMap<Series, u32>;

/// Notes which counters an act used, so that their new values are written with it.
struct Noting<'a> {
    supply: &'a mut NodeSupply,
    used: Counters,
    /// Reserved numbers it was given.
    reserved: Vec<(Series, u32)>,
    /// A series of which no number is left that this process may give.
    lacks: Option<(NumberKind, Day)>,
}

impl tongban_domain::acts::Supply for Noting<'_> {
    fn id(&mut self, now: Instant) -> [u8; 16] {
        self.supply.id(now)
    }

    fn number(&mut self, kind: NumberKind, day: Day) -> u32 {
        match self.supply.numbered(kind, day) {
            Numbered::Counted(number) => {
                self.used.insert(counter_key(kind, day), number);
                number
            }
            Numbered::Reserved(number) => {
                self.reserved.push((counter_key(kind, day), number));
                number
            }
            Numbered::None => {
                self.lacks = Some((kind, day));
                0
            }
        }
    }
}
