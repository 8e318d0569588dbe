//! A construction project (工程建设项目): the unit of consistency. All facts about it, its
//! applications and its cases are one stream; folding them gives a [`Project`].

mod act;
mod agency;
mod decide;
mod reading;
mod value;

use std::{collections::BTreeMap, sync::Arc};

use minicbor::{Decode, Encode};

pub use act::ProjectAct;
pub use agency::{Agency, Power};
pub use decide::{Registration, dates_out_of_order};
pub(crate) use decide::{decide, decide_registration};
pub use reading::Readings;
pub use value::{FieldValue, ReadValue, ValueError};

use crate::{
    application::{Application, ApplicationFact},
    calendar::Calendar,
    case::{Case, CaseFact, Predecessor},
    clock::StageClock,
    codes::{ProjectCode, Uscc},
    document::{Document, DocumentKind, DocumentSubject, Issued},
    fact::{Envelope, Fact},
    ids::{AccountId, ApplicationId, CaseId, PersonId, ProjectId},
    paper::{RegisterAnswer, RegisterAnswered},
    sealed::Sealed,
    time::{Day, Instant},
};

/// An organisation as facts name it: not a person, so in clear.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct OrganisationReference {
    /// Unified social credit code.
    #[n(0)]
    pub uscc: Uscc,
    /// Name.
    #[n(1)]
    pub name: String,
}

/// A milestone of the plan agreed at the start.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Planned {
    /// Item code, or `milestone:` and a key.
    #[n(0)]
    pub what: String,
    /// Day by which it is to be done.
    #[n(1)]
    pub by: Day,
}

/// What can happen to a project as a whole. Variant numbers are never reused.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ProjectFact {
    /// Registered (项目登记); the code is the result of LX-01.
    #[n(0)]
    Registered {
        /// The code.
        #[n(0)]
        code: ProjectCode,
        /// Name.
        #[n(1)]
        name: String,
        /// Owner (建设单位).
        #[n(2)]
        owner: OrganisationReference,
        /// Division or zone of the site.
        #[n(3)]
        region: u32,
        /// Key of the flow template.
        #[n(4)]
        flow: String,
        /// The registration form.
        #[n(5)]
        fields: Vec<(String, FieldValue)>,
        /// The person to be reached.
        #[n(6)]
        contact: Option<PersonId>,
    },
    /// The plan agreed at the start (里程碑计划).
    #[n(1)]
    PlanAgreed {
        /// When what is to be done.
        #[n(0)]
        milestones: Vec<Planned>,
    },
    /// Marked as a key project (重点项目).
    #[n(2)]
    MarkedKey,
    /// Something that is not an item was reached: land contract, start of works …
    #[n(3)]
    MilestoneReached {
        /// Key.
        #[n(0)]
        key: String,
        /// The day.
        #[n(1)]
        on: Day,
    },
    /// Something has to be applied for by a day (事后备案).
    #[n(4)]
    DutyArose {
        /// Item code.
        #[n(0)]
        item: String,
        /// Last day.
        #[n(1)]
        until: Day,
        /// Legal basis.
        #[n(2)]
        basis: String,
    },
    /// It was not applied for by that day.
    #[n(5)]
    DutyMissed {
        /// Item code.
        #[n(0)]
        item: String,
        /// What was the last day.
        #[n(1)]
        until: Day,
    },
    /// A notice, decision or licence was made, sealed and signed (制证).
    #[n(6)]
    DocumentIssued(#[n(0)] Box<Issued>),
    /// Somebody read personal data in clear, and said why (查看个人信息).
    #[n(7)]
    PersonsRead {
        /// Coded reason.
        #[n(0)]
        reason: String,
        /// What it was about, in words.
        #[n(1)]
        text: Option<Sealed>,
    },
    /// A register of others answered about a paper (登记系统核验).
    #[n(8)]
    RegisterAnswered(#[n(0)] RegisterAnswer),
    /// The owner let somebody act for it (授权委托).
    #[n(9)]
    AgentAuthorised {
        /// Whom.
        #[n(0)]
        agent: AccountId,
        /// What for.
        #[n(1)]
        powers: Vec<Power>,
        /// The last day.
        #[n(2)]
        until: Day,
    },
    /// That is over (解除委托).
    #[n(10)]
    AgencyEnded {
        /// Whom.
        #[n(0)]
        agent: AccountId,
    },
}

/// Something the owner has to apply for by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Item code.
    pub item: String,
    /// Last day.
    pub until: Day,
    /// Legal basis.
    pub basis: String,
    /// It was put on record that the day passed.
    pub missed: bool,
}

/// A project, folded from its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Id, which is also the name of the stream.
    pub id: ProjectId,
    /// Number of facts folded.
    pub version: u64,
    /// Code.
    pub code: ProjectCode,
    /// Name.
    pub name: String,
    /// Owner.
    pub owner: OrganisationReference,
    /// Division or zone of the site.
    pub region: u32,
    /// Key of the flow template.
    pub flow: String,
    /// What is known about it: the registration form, then every submitted form.
    pub fields: BTreeMap<String, FieldValue>,
    /// Answers to circumstance questions so far.
    pub answers: BTreeMap<String, String>,
    /// The person to be reached.
    pub contact: Option<PersonId>,
    /// When it was registered.
    pub registered_at: Instant,
    /// Key project.
    pub key: bool,
    /// The plan.
    pub plan: Vec<Planned>,
    /// Milestones reached.
    pub milestones: BTreeMap<String, Day>,
    /// What has to be applied for by a day.
    pub duties: Vec<Duty>,
    /// Notices, decisions and licences that were made, in that order.
    pub documents: Vec<Arc<Document>>,
    /// Who read personal data in clear lately.
    pub readings: Readings,
    /// Who may act for the owner and how far, or might before.
    pub agents: BTreeMap<AccountId, Agency>,
    /// What registers said last, by paper.
    pub registers: BTreeMap<String, RegisterAnswered>,
    /// Joint applications.
    pub applications: BTreeMap<ApplicationId, Arc<Application>>,
    /// Cases.
    pub cases: BTreeMap<CaseId, Arc<Case>>,
}

impl Project {
    /// The project as its first fact makes it; none for any other fact.
    #[must_use]
    pub fn register(id: ProjectId, envelope: &Envelope, fact: &Fact) -> Option<Self> {
        let Fact::Project(ProjectFact::Registered {
            code,
            name,
            owner,
            region,
            flow,
            fields,
            contact,
        }) = fact
        else {
            return None;
        };
        Some(Self {
            id,
            version: envelope.version,
            code: code.clone(),
            name: name.clone(),
            owner: owner.clone(),
            region: *region,
            flow: flow.clone(),
            fields: fields.iter().cloned().collect(),
            answers: BTreeMap::new(),
            contact: *contact,
            registered_at: envelope.recorded_at,
            key: false,
            plan: Vec::new(),
            milestones: BTreeMap::new(),
            duties: Vec::new(),
            documents: Vec::new(),
            readings: Readings::default(),
            agents: BTreeMap::new(),
            registers: BTreeMap::new(),
            applications: BTreeMap::new(),
            cases: BTreeMap::new(),
        })
    }

    /// Takes a later fact in.
    pub fn evolve(&mut self, envelope: &Envelope, fact: &Fact) {
        self.version = envelope.version;
        match fact {
            Fact::Project(fact) => self.evolve_self(fact, envelope),
            Fact::Application(id, fact) => self.evolve_application(*id, envelope, fact),
            Fact::Case(id, fact) => self.evolve_case(*id, envelope, fact),
            Fact::PackPublished { .. } | Fact::Organisation(_) | Fact::Credit(_) => {}
        }
    }

    fn evolve_self(&mut self, fact: &ProjectFact, envelope: &Envelope) {
        let at = envelope.recorded_at;
        match fact {
            ProjectFact::Registered { .. } => {}
            ProjectFact::PlanAgreed { milestones } => self.plan = milestones.clone(),
            ProjectFact::MarkedKey => self.key = true,
            ProjectFact::MilestoneReached { key, on } => {
                self.milestones.insert(key.clone(), *on);
            }
            ProjectFact::DutyArose { item, until, basis } => self.duties.push(Duty {
                item: item.clone(),
                until: *until,
                basis: basis.clone(),
                missed: false,
            }),
            ProjectFact::DutyMissed { item, .. } => {
                if let Some(duty) = self.duties.iter_mut().find(|duty| duty.item == *item) {
                    duty.missed = true;
                }
            }
            ProjectFact::DocumentIssued(issued) => {
                self.documents.push(Arc::new(Document { issued: (**issued).clone(), at }));
            }
            ProjectFact::PersonsRead { .. } => {
                self.readings.note(envelope.actor.account, at);
            }
            ProjectFact::RegisterAnswered(answer) => {
                let answered = RegisterAnswered { answer: answer.clone(), at };
                self.registers.insert(answer.paper.clone(), answered);
            }
            ProjectFact::AgentAuthorised { agent, powers, until } => {
                let agency = Agency { powers: powers.clone(), until: *until, ended: false };
                self.agents.insert(*agent, agency);
            }
            ProjectFact::AgencyEnded { agent } => {
                if let Some(agency) = self.agents.get_mut(agent) {
                    agency.ended = true;
                }
            }
        }
    }

    fn evolve_application(
        &mut self,
        id: ApplicationId,
        envelope: &Envelope,
        fact: &ApplicationFact,
    ) {
        let at = envelope.recorded_at;
        if let ApplicationFact::Submitted { stage, cases, answers, fields, .. } = fact {
            self.answers.extend(answers.iter().cloned());
            self.fields.extend(fields.iter().cloned());
            for opened in cases {
                let case = Case::open(opened.clone(), id, *stage, self.region, envelope);
                self.cases.insert(opened.case, Arc::new(case));
            }
            if let Some(application) = Application::open(id, fact, at) {
                self.applications.insert(id, Arc::new(application));
            }
            return;
        }
        if let ApplicationFact::Corrected { fields, .. } = fact {
            self.fields.extend(fields.iter().cloned());
        }
        if let Some(application) = self.applications.get_mut(&id) {
            Arc::make_mut(application).evolve(fact, at);
        }
    }

    fn evolve_case(&mut self, id: CaseId, envelope: &Envelope, fact: &CaseFact) {
        if let Some(case) = self.cases.get_mut(&id) {
            Arc::make_mut(case).evolve(envelope, fact);
        }
    }

    /// The region of the site.
    #[must_use]
    pub fn site_region(&self) -> u32 {
        self.region
    }

    /// The cases of an application, in order.
    pub fn cases_of<'a>(
        &'a self,
        application: &'a Application,
    ) -> impl Iterator<Item = &'a Arc<Case>> {
        application.cases.iter().filter_map(|id| self.cases.get(id))
    }

    /// The application a case belongs to.
    #[must_use]
    pub fn application_of(&self, case: &Case) -> Option<&Arc<Application>> {
        self.applications.get(&case.application)
    }

    /// The latest case for an item.
    #[must_use]
    pub fn latest_case(&self, item: &str) -> Option<&Arc<Case>> {
        self.cases
            .values()
            .filter(|case| case.opened.item == item)
            .max_by_key(|case| case.received_at)
    }

    /// The case that decided an item in the owner's favour, itself or inside another case.
    #[must_use]
    pub fn passed_case(&self, item: &str) -> Option<&Arc<Case>> {
        self.cases.values().find(|case| {
            case.has_passed()
                && (case.opened.item == item
                    || case.opened.merged.iter().any(|merged| merged == item))
        })
    }

    /// Predecessors of a case that are not there yet.
    pub fn missing_predecessors<'a>(
        &'a self,
        case: &'a Case,
    ) -> impl Iterator<Item = &'a Predecessor> {
        case.opened.predecessors.iter().filter(|predecessor| !self.has(predecessor))
    }

    /// Whether something that others wait for is there and holds.
    #[must_use]
    pub fn has(&self, predecessor: &Predecessor) -> bool {
        match predecessor {
            Predecessor::Item(code) => self.passed_case(code).is_some_and(|case| case.holds()),
            Predecessor::Milestone(key) => self.milestones.contains_key(key),
        }
    }

    /// The stage clock of an application, without the cases that advance in parallel. None
    /// before the first acceptance.
    #[must_use]
    pub fn stage_clock(
        &self,
        application: &Application,
        calendar: &Calendar,
        today: Day,
    ) -> Option<StageClock> {
        let ledgers: Vec<_> = self
            .cases_of(application)
            .filter(|case| !case.opened.side)
            .filter_map(|case| case.ledger.as_ref())
            .collect();
        StageClock::read(ledgers.iter().copied(), calendar, today)
    }

    /// Working days of approval so far: the stage clocks of all applications together.
    #[must_use]
    pub fn approval_days(&self, calendar: &Calendar, today: Day) -> u32 {
        self.applications
            .values()
            .filter_map(|application| self.stage_clock(application, calendar, today))
            .map(|clock| clock.elapsed)
            .sum()
    }

    /// Duties neither met by an application nor put on record as missed.
    pub fn open_duties(&self) -> impl Iterator<Item = &Duty> {
        self.unmet_duties().filter(|duty| !duty.missed)
    }

    /// Duties for which nothing was applied for yet.
    pub fn unmet_duties(&self) -> impl Iterator<Item = &Duty> {
        self.duties.iter().filter(|duty| self.is_free(&duty.item))
    }

    /// The last edition of a document.
    #[must_use]
    pub fn latest_document(
        &self,
        kind: DocumentKind,
        subject: DocumentSubject,
    ) -> Option<&Arc<Document>> {
        let fits = |it: &&Arc<Document>| (it.issued.kind, it.issued.subject) == (kind, subject);
        self.documents.iter().rev().find(fits)
    }

    /// Whether an item may be applied for (again): no case of it is open or has passed.
    #[must_use]
    pub fn is_free(&self, item: &str) -> bool {
        self.cases
            .values()
            .filter(|case| case.opened.item == item)
            .all(|case| !case.is_open() && !case.has_passed())
    }

    /// Whether a stage is done: every milestone item of it that was applied for has passed, and
    /// there is one.
    #[must_use]
    pub fn stage_is_done(&self, stage: u8) -> bool {
        let mut items = self
            .cases
            .values()
            .filter(|case| case.stage == stage && case.opened.milestone)
            .map(|case| case.opened.item.as_str())
            .peekable();
        items.peek().is_some() && items.all(|item| self.passed_case(item).is_some())
    }

    /// The last stage that is done; 0 before the first. Stages that a type of project does not
    /// have, or that left no milestone, are passed over.
    #[must_use]
    pub fn last_stage_done(&self) -> u8 {
        (1..=4).rev().find(|stage| self.stage_is_done(*stage)).unwrap_or(0)
    }
}
