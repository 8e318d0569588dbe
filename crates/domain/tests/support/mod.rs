//! The kit the stories are told with. A [`Story`] is a project with its people and its day:
//! somebody acts, and the story goes on or the act is refused. A refusal that the story does
//! not expect fails the test.

pub(crate) mod anyone;
mod deeds;
pub(crate) mod draft;
pub(crate) mod facts;
pub(crate) mod givens;
mod pack;
pub(crate) mod people;
pub(crate) mod somebody;

use std::borrow::Cow;

use tongban_domain::{
    acts::{Act, Context, Performed, perform, register},
    application::{Application, Prospect},
    case::{Case, NationalState, Standing},
    catalog::{Catalog, Field},
    clock::{Ledger, Which},
    credit::Credit,
    fact::{Fact, LAYOUT, Recorded},
    ids::ProjectId,
    organisation::Organisation,
    permission::{Actor, Standpoint},
    project::{OrganisationReference, Project, Registration},
    refusal::Refusal,
    time::Instant,
};

use people::{COMPANY, Counter, SUZHOU, day, uscc};

/// The day on which every story's project is registered, before any of its other days.
const REGISTERED_ON: &str = "2025-01-02";

/// A project, its surroundings and its day.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    /// The project as it stands.
    pub(crate) project: Project,
    /// The catalogue in force.
    pub(crate) catalog: Cow<'static, Catalog>,
    /// Every fact so far.
    pub(crate) recorded: Vec<Recorded>,
    /// The moment of the next act.
    pub(crate) now: Instant,
    /// What is on record about owners.
    pub(crate) credit: Credit,
    organisation: Organisation,
    supply: Counter,
    facts_before: usize,
    refused: Option<Refusal>,
}

/// A registration with everything it needs.
pub(crate) fn registration(flow: &str, region: u32) -> Registration {
    let asked = |field: &&Field| field.at_registration && field.required;
    Registration {
        code: None,
        name: "年产一万套精密零部件生产线新建项目".to_owned(),
        owner: OrganisationReference { uscc: uscc(COMPANY), name: "苏州某公司".to_owned() },
        region,
        flow: flow.to_owned(),
        fields: people::catalog()
            .fields
            .iter()
            .filter(asked)
            .map(|field| (field.key.clone(), draft::value(field)))
            .collect(),
        contact: None,
    }
}

/// Somebody registers a project.
pub(crate) fn registers(
    actor: &Actor,
    registration: Registration,
    supply: &mut Counter,
) -> Result<Performed, Refusal> {
    let organisation = people::organisation();
    let now = day(REGISTERED_ON).at(9, 0);
    let credit = Credit::default();
    let mut context = context(people::catalog(), (&organisation, &credit), actor, now, supply);
    register(ProjectId::from_bytes([9; 16]), registration, &mut context)
}

fn context<'a>(
    catalog: &'a Catalog,
    (organisation, credit): (&'a Organisation, &'a Credit),
    actor: &'a Actor,
    now: Instant,
    supply: &'a mut Counter,
) -> Context<'a> {
    Context {
        now,
        catalog,
        organisation,
        credit,
        actor,
        visit: None,
        claimed_at: None,
        source_system: None,
        node: SUZHOU,
        epoch: 1,
        supply,
    }
}

impl Story {
    /// Where somebody stands now.
    pub(crate) fn standpoint<'a>(&'a self, actor: &'a Actor) -> Standpoint<'a> {
        let (catalog, organisation) = (&*self.catalog, &self.organisation);
        Standpoint { actor, catalog, organisation, today: self.now.day() }
    }

    /// The project on the day of an application.
    pub(crate) fn prospect(&self) -> Prospect<'_> {
        let (catalog, credit) = (&*self.catalog, &self.credit);
        Prospect { catalog, project: &self.project, credit, day: self.now.day() }
    }

    /// Given a registered project of this flow in Suzhou.
    pub(crate) fn registered(flow: &str) -> Self {
        Self::registered_in(flow, SUZHOU)
    }

    /// Given a registered project of this flow in a region.
    pub(crate) fn registered_in(flow: &str, region: u32) -> Self {
        let mut supply = Counter::default();
        let done = registers(&people::owner(), registration(flow, region), &mut supply)
            .unwrap_or_else(|refusal| panic!("not registered: {refusal}"));
        Self {
            project: done.project,
            catalog: Cow::Borrowed(people::catalog()),
            recorded: done.facts,
            now: day(REGISTERED_ON).at(9, 1),
            credit: Credit::default(),
            organisation: people::organisation(),
            supply,
            facts_before: 0,
            refused: None,
        }
    }

    /// From this day on.
    pub(crate) fn on(mut self, date: &str) -> Self {
        let next = day(date);
        assert!(next >= self.now.day(), "a story runs forward: {next} after {}", self.now.day());
        self.now = self.now.max(next.at(9, 0));
        self
    }

    /// Another catalogue comes into force.
    pub(crate) fn under(mut self, catalog: Catalog) -> Self {
        self.catalog = Cow::Owned(catalog);
        self
    }

    /// A fact that comes from elsewhere, past the acts.
    pub(crate) fn learns(mut self, fact: Fact) -> Self {
        let Some(last) = self.recorded.last() else { panic!("nothing was recorded") };
        let mut envelope = last.envelope.clone();
        envelope.version += 1;
        envelope.recorded_at = self.now;
        self.project.evolve(&envelope, &fact);
        self.recorded.push(Recorded { layout: LAYOUT, envelope, fact });
        self
    }

    /// When somebody acts: one minute passes, whatever comes of it.
    pub(crate) fn attempt(&mut self, actor: &Actor, act: &Act) -> Result<(), Refusal> {
        self.facts_before = self.recorded.len();
        let mut context = context(
            &self.catalog,
            (&self.organisation, &self.credit),
            actor,
            self.now,
            &mut self.supply,
        );
        let done = perform(&self.project, act, &mut context);
        self.now = self.now.plus_seconds(60);
        let Performed { project, facts, credit } = done?;
        for fact in credit {
            self.credit.evolve(&Fact::Credit(fact));
        }
        self.project = project;
        self.recorded.extend(facts);
        Ok(())
    }

    fn act(mut self, actor: &Actor, act: &Act) -> Self {
        self.goes_on();
        self.refused = self.attempt(actor, act).err();
        self
    }

    fn goes_on(&self) {
        if let Some(refusal) = &self.refused {
            panic!("the last act was refused: {refusal:?}");
        }
    }

    /// The latest case for an item.
    pub(crate) fn case(&self, item: &str) -> &Case {
        let Some(case) = self.project.latest_case(item) else { panic!("no case for {item}") };
        case
    }

    /// The clock of the latest case for an item.
    pub(crate) fn clock(&self, item: &str) -> &Ledger {
        let Some(ledger) = &self.case(item).ledger else { panic!("{item} was not accepted") };
        ledger
    }

    /// The last day in time.
    pub(crate) fn due(&self, item: &str, which: Which) -> String {
        let due = self.clock(item).due(&self.catalog.calendar, which);
        due.map_or_else(|| "no day yet".to_owned(), |day| day.to_string())
    }

    /// The latest application.
    pub(crate) fn application(&self) -> &Application {
        let latest = self.project.applications.values().max_by_key(|one| one.submitted_at);
        let Some(application) = latest else { panic!("nothing was applied for") };
        application
    }

    /// Then the last act was refused for this.
    pub(crate) fn then_refused(mut self, expected: Refusal) -> Self {
        assert_eq!(self.refused.take(), Some(expected));
        self
    }

    /// Then the last act brought about exactly these facts.
    pub(crate) fn then_facts(self, expected: &[&str]) -> Self {
        self.goes_on();
        let new = &self.recorded[self.facts_before..];
        let names: Vec<&str> = new.iter().map(|recorded| facts::name(&recorded.fact)).collect();
        assert_eq!(names, expected);
        self
    }

    /// Then the case is in this national state.
    pub(crate) fn then_state(self, item: &str, expected: NationalState) -> Self {
        self.goes_on();
        assert_eq!(self.case(item).state(), expected, "{item}");
        self
    }

    /// Then the case has gone through these national states, by code.
    pub(crate) fn then_history(self, item: &str, expected: &[u8]) -> Self {
        self.goes_on();
        let history = &self.case(item).history;
        let codes: Vec<u8> = history.iter().map(|step| step.state.code()).collect();
        assert_eq!(codes, expected, "{item}");
        self
    }

    /// Then the case stands here.
    pub(crate) fn then_stands(self, item: &str, expected: Standing) -> Self {
        self.goes_on();
        assert_eq!(self.case(item).standing, expected, "{item}");
        self
    }

    /// Then the promised limit of the case ends on this day.
    pub(crate) fn then_due(self, item: &str, expected: &str) -> Self {
        self.goes_on();
        assert_eq!(self.due(item, Which::Promised), expected, "{item}");
        self
    }
}

impl Drop for Story {
    /// A refusal at the very end must have been expected, too.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.goes_on();
        }
    }
}
