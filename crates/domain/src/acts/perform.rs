//! Carries an act out: check the declaration, decide, fold the new facts in, add what follows
//! from them by law.

use std::sync::Arc;

use super::{Act, ActName, Declaration, Subject, declaration, hindrance::hindrance};
use crate::{
    application::{Application, ApplicationFact},
    case::{Case, CaseFact, Standing, validity},
    catalog::{Catalog, LifeFrom},
    credit::{Credit, CreditFact},
    fact::{ActorStamp, Channel, Envelope, Fact, LAYOUT, Recorded, StreamId, StreamKind},
    ids::{ActId, ApplicationId, CaseId, DepartmentId, ProjectId},
    organisation::Organisation,
    permission::{Actor, Mandate, Role, Standpoint},
    project::{Project, ProjectFact},
    reason::ReasonKind,
    refusal::Refusal,
    time::{Day, Instant},
};

/// What a number is for; each kind counts by itself within its node and day or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberKind {
    /// Cases and joint applications, one series per day.
    Case,
    /// Construction permits, per day: their national form has two digits.
    ConstructionPermit,
    /// Result documents, per day.
    Document,
    /// Project codes, per year.
    Project,
}

/// Randomness and counters, given from outside so that a seeded run repeats itself.
pub trait Supply {
    /// Sixteen bytes of a new id; ids of later moments sort later.
    fn id(&mut self, now: Instant) -> [u8; 16];
    /// The next number of a kind, from 1 each day (each year for projects).
    fn number(&mut self, kind: NumberKind, day: Day) -> u32;
}

/// Everything an act may look at besides the project.
pub struct Context<'a> {
    /// The moment.
    pub now: Instant,
    /// The pack in force.
    pub catalog: &'a Catalog,
    /// The departments.
    pub organisation: &'a Organisation,
    /// What is on record about owners.
    pub credit: &'a Credit,
    /// Who acts.
    pub actor: &'a Actor,
    /// Coded reason why a person had to appear.
    pub visit: Option<String>,
    /// When it is claimed to have happened, when that differs.
    pub claimed_at: Option<Instant>,
    /// The system of others that it came from.
    pub source_system: Option<String>,
    /// The node.
    pub node: u32,
    /// Its epoch.
    pub epoch: u32,
    /// Randomness and counters.
    pub supply: &'a mut dyn Supply,
}

impl<'a> Context<'a> {
    /// Who acts, with the rules and the day.
    #[must_use]
    pub fn standpoint(&self) -> Standpoint<'a> {
        Standpoint {
            actor: self.actor,
            catalog: self.catalog,
            organisation: self.organisation,
            today: self.today(),
        }
    }

    /// The day in China.
    #[must_use]
    pub fn today(&self) -> Day {
        self.now.day()
    }

    /// Checks that a coded reason exists and is of the right kind.
    ///
    /// # Errors
    /// [`Refusal::UnknownReason`].
    pub fn check_reason(&self, kind: ReasonKind, key: &str) -> Result<(), Refusal> {
        match self.catalog.reason(key) {
            Some(reason) if reason.kind == kind => Ok(()),
            _ => Err(Refusal::UnknownReason(key.to_owned())),
        }
    }
}

/// What an act brought about.
#[derive(Debug, Clone)]
pub struct Performed {
    /// The project afterwards.
    pub project: Project,
    /// The new facts, in order.
    pub facts: Vec<Recorded>,
    /// What the act puts on record about the owner's credit.
    pub credit: Vec<CreditFact>,
}

/// An act being carried out: facts so far, and the project with them folded in.
pub struct Drafting<'c, 's> {
    /// What the act may look at.
    pub context: &'c mut Context<'s>,
    /// The project with the facts so far.
    pub project: Project,
    facts: Vec<Recorded>,
    credit: Vec<CreditFact>,
    act: ActId,
    act_name: ActName,
    stamp: ActorStamp,
    channel: Channel,
}

impl Drafting<'_, '_> {
    fn envelope(&self, version: u64) -> Envelope {
        Envelope {
            node: self.context.node,
            epoch: self.context.epoch,
            origin: self.context.node,
            stream: StreamId { kind: StreamKind::Project, id: *self.project.id.as_bytes() },
            version,
            act: self.act,
            actor: self.stamp.clone(),
            channel: self.channel,
            visit: self.context.visit.clone(),
            source_system: self.context.source_system.clone(),
            recorded_at: self.context.now,
            claimed_at: self.context.claimed_at,
            catalog: self.context.catalog.pack.digest,
            calendar: self.context.catalog.calendar.digest(),
            act_name: self.act_name,
        }
    }

    /// Adds a fact and folds it in.
    pub fn add(&mut self, fact: Fact) {
        let envelope = self.envelope(self.project.version + 1);
        self.project.evolve(&envelope, &fact);
        self.facts.push(Recorded { layout: LAYOUT, envelope, fact });
    }

    /// Adds a fact about the project.
    pub fn add_project(&mut self, fact: ProjectFact) {
        self.add(Fact::Project(fact));
    }

    /// Adds a fact about an application.
    pub fn add_application(&mut self, id: ApplicationId, fact: ApplicationFact) {
        self.add(Fact::Application(id, fact));
    }

    /// Adds a fact about a case.
    pub fn add_case(&mut self, id: CaseId, fact: CaseFact) {
        self.add(Fact::Case(id, fact));
    }

    /// Puts something on record about the owner's credit, in its own stream.
    pub(crate) fn add_credit(&mut self, fact: CreditFact) {
        self.credit.push(fact);
    }

    /// A case of the project.
    ///
    /// # Errors
    /// [`Refusal::UnknownCase`].
    pub fn case(&self, id: CaseId) -> Result<Arc<Case>, Refusal> {
        self.project.cases.get(&id).cloned().ok_or(Refusal::UnknownCase(id))
    }

    /// An application of the project.
    ///
    /// # Errors
    /// [`Refusal::UnknownApplication`].
    pub fn application(&self, id: ApplicationId) -> Result<Arc<Application>, Refusal> {
        self.project.applications.get(&id).cloned().ok_or(Refusal::UnknownApplication(id))
    }

    /// The cases of an application that stand where the act may start from.
    #[must_use]
    pub fn cases_from(&self, application: &Application) -> Vec<Arc<Case>> {
        let from = declaration(self.act_name).from;
        self.project
            .cases_of(application)
            .filter(|case| from.contains(&case.standing))
            .cloned()
            .collect()
    }

    /// The role under which the act is done.
    #[must_use]
    pub fn role(&self) -> Role {
        self.stamp.role
    }

    /// The department for which the act is done.
    #[must_use]
    pub fn department(&self) -> Option<DepartmentId> {
        self.stamp.department
    }

    /// What follows by law from the facts so far: clocks of waiting cases start, and results
    /// are served.
    fn add_consequences(&mut self) {
        let today = self.context.today();
        let waiting: Vec<(CaseId, Day)> = self
            .project
            .cases
            .values()
            .filter(|case| case.standing.is_in_department())
            .filter(|case| case.ledger.as_ref().is_some_and(|ledger| ledger.started.is_none()))
            .filter(|case| self.project.missing_predecessors(case).next().is_none())
            .filter_map(|case| Some((case.opened.case, case.ledger.as_ref()?.accepted)))
            .collect();
        for (case, accepted) in waiting {
            self.add_case(case, CaseFact::NodeClockStarted { on: today.max(accepted) });
        }
        let to_serve: Vec<CaseId> = self
            .project
            .applications
            .values()
            .flat_map(|application| crate::application::to_serve(&self.project, application))
            .collect();
        for case in to_serve {
            self.add_case(case, CaseFact::Served);
        }
        self.begin_terms(today);
    }
}

impl Drafting<'_, '_> {
    /// Terms that count from service begin with it, however it came about.
    fn begin_terms(&mut self, today: Day) {
        let served: Vec<CaseId> = self
            .facts
            .iter()
            .filter_map(|recorded| match &recorded.fact {
                Fact::Case(id, CaseFact::Served) => Some(*id),
                Fact::Project(_)
                | Fact::Application(..)
                | Fact::Case(..)
                | Fact::PackPublished { .. }
                | Fact::Organisation(_)
                | Fact::Credit(_) => None,
            })
            .collect();
        for id in served {
            let Ok(case) = self.case(id) else { continue };
            if case.has_passed()
                && let Some(begun) = validity::begin(self, &case, LifeFrom::Served, today)
            {
                self.add_case(id, begun);
            }
        }
    }
}

fn stamp(actor: &Actor, mandate: &Mandate) -> ActorStamp {
    ActorStamp { account: actor.account, role: mandate.role, department: mandate.department }
}

/// How the act came in. What somebody enters for a department that has a system of its own was
/// typed twice.
fn channel(context: &Context<'_>, mandate: &Mandate) -> Channel {
    let department = mandate.department.and_then(|id| context.organisation.department(id));
    let has_system = department.is_some_and(|it| it.admitted_system().is_some());
    let by_hand = [Channel::Web, Channel::Phone].contains(&context.actor.channel);
    if has_system && by_hand { Channel::Retyped } else { context.actor.channel }
}

/// The cases an act is about.
fn subjects(project: &Project, subject: Subject) -> Result<Vec<&Arc<Case>>, Refusal> {
    match subject {
        Subject::Project => Ok(Vec::new()),
        Subject::Application(id) => {
            let application =
                project.applications.get(&id).ok_or(Refusal::UnknownApplication(id))?;
            Ok(project.cases_of(application).collect())
        }
        Subject::Case(id) => {
            project.cases.get(&id).map(|case| vec![case]).ok_or(Refusal::UnknownCase(id))
        }
    }
}

/// Checks who acts, where the cases stand and what else stands against it; gives the mandate
/// that allows the act.
fn authorise<'a>(
    declaration: &Declaration,
    project: &Project,
    subject: Subject,
    at: &Standpoint<'a>,
) -> Result<&'a Mandate, Refusal> {
    let cases = subjects(project, subject)?;
    let one = match subject {
        Subject::Case(_) => cases.first().map(|case| &***case),
        Subject::Project | Subject::Application(_) => None,
    };
    let mandate = at
        .mandate_for(declaration.by, project, one)
        .ok_or(Refusal::NotAllowed(declaration.name))?;
    let fits = |case: &Arc<Case>| declaration.from.contains(&case.standing);
    if !declaration.from.is_empty() && !cases.iter().any(|case| fits(case)) {
        let standing = cases.first().map_or(Standing::Received, |case| case.standing);
        return Err(Refusal::WrongStanding(declaration.name, standing));
    }
    match hindrance(declaration.name, project, subject, mandate, at) {
        Some(refusal) => Err(refusal),
        None => Ok(mandate),
    }
}

/// Carries out an act on a project.
///
/// # Errors
/// When the actor may not, the standing does not allow it, or the law refuses it.
pub fn perform(
    project: &Project,
    act: &Act,
    context: &mut Context<'_>,
) -> Result<Performed, Refusal> {
    let (name, subject) = (act.name(), act.subject());
    let declaration = declaration(name);
    let mandate = authorise(declaration, project, subject, &context.standpoint())?;
    let stamp = stamp(context.actor, mandate);
    let channel = channel(context, mandate);
    let act_id = ActId::from_bytes(context.supply.id(context.now));
    let mut drafting = Drafting {
        context,
        project: project.clone(),
        facts: Vec::new(),
        credit: Vec::new(),
        act: act_id,
        act_name: name,
        stamp,
        channel,
    };
    match act {
        Act::Project(act) => crate::project::decide(&mut drafting, act)?,
        Act::Submit(submission) => crate::application::submit(&mut drafting, submission)?,
        Act::Application(id, act) => crate::application::decide(&mut drafting, *id, act)?,
        Act::Case(id, act) => crate::case::decide(&mut drafting, *id, act)?,
    }
    drafting.add_consequences();
    let Drafting { project, facts, credit, .. } = drafting;
    Ok(Performed { project, facts, credit })
}

/// Registers a new project.
///
/// # Errors
/// When the actor may not register for this owner and region, or flow or region do not exist.
pub fn register(
    id: ProjectId,
    registration: crate::project::Registration,
    context: &mut Context<'_>,
) -> Result<Performed, Refusal> {
    let fact = crate::project::decide_registration(registration, context)?;
    let name = ActName::RegisterProject;
    let act = ActId::from_bytes(context.supply.id(context.now));
    let fact = Fact::Project(fact);
    // The mandate is checked against the project as it would be.
    let mut envelope = Envelope {
        node: context.node,
        epoch: context.epoch,
        origin: context.node,
        stream: StreamId { kind: StreamKind::Project, id: *id.as_bytes() },
        version: 1,
        act,
        actor: ActorStamp { account: context.actor.account, role: Role::Owner, department: None },
        channel: context.actor.channel,
        visit: context.visit.clone(),
        source_system: context.source_system.clone(),
        recorded_at: context.now,
        claimed_at: context.claimed_at,
        catalog: context.catalog.pack.digest,
        calendar: context.catalog.calendar.digest(),
        act_name: name,
    };
    let project = Project::register(id, &envelope, &fact).ok_or(Refusal::NotAllowed(name))?;
    let mandate = context
        .standpoint()
        .mandate_for(declaration(name).by, &project, None)
        .ok_or(Refusal::NotAllowed(name))?;
    envelope.actor = stamp(context.actor, mandate);
    let facts = vec![Recorded { layout: LAYOUT, envelope, fact }];
    Ok(Performed { project, facts, credit: Vec::new() })
}

/// The acts this person could do now on a subject: the buttons of a page.
#[must_use]
pub fn available(
    project: &Project,
    subject: Subject,
    at: &Standpoint<'_>,
) -> Vec<&'static Declaration> {
    super::ACTS
        .iter()
        .filter(|declaration| declaration.name.about() == subject.about())
        .filter(|declaration| authorise(declaration, project, subject, at).is_ok())
        .collect()
}
