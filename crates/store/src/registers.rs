//! What registers of others are to be asked (登记系统核验): questions wait in a table, a worker asks,
//! the answer is a fact of the project. Nobody waits for it.

use tongban_domain::{
    acts::Act,
    application::ApplicationFact,
    fact::{Fact, Recorded},
    ids::ProjectId,
    paper::{Provenance, RegisterAnswer},
    permission::Actor,
    project::{Project, ProjectAct},
    time::Instant,
};

use crate::{
    acts::{ActError, ActOptions},
    change::Change,
    engine::{Row, Value, query, writer::Job},
    error::StoreError,
    node::Store,
    ticket::Ticket,
};

/// Why a register gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterProblem {
    /// It cannot be reached, or is too slow.
    Away,
    /// It does not want to answer this node.
    Refusing,
    /// What it says is not an answer to what was asked.
    Unclear,
}

impl RegisterProblem {
    const ALL: [Self; 3] = [Self::Away, Self::Refusing, Self::Unclear];

    const fn key(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Refusing => "refusing",
            Self::Unclear => "unclear",
        }
    }
}

/// A question to which there is no answer yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenQuestion {
    /// For which project.
    pub project: ProjectId,
    /// About which paper.
    pub paper: String,
    /// The register.
    pub register: String,
    /// Since when it waits.
    pub asked_at: Instant,
    /// How often the register was tried.
    pub tries: i64,
    /// Why there was no answer the last time.
    pub problem: Option<RegisterProblem>,
}

/// One that waits already keeps its place, and what is known of its problem.
const ASK: &str = "INSERT INTO register_questions (project, paper, register, asked_at, tries, \
                   next_at, problem) VALUES ($1, $2, $3, $4, 0, $4, NULL) \
                   ON CONFLICT (project, paper) DO NOTHING";
const FORGET: &str = "DELETE FROM register_questions WHERE project = $1 AND paper = $2";

const SECOND: i64 = 1_000_000;
/// After a first try without an answer, and at most.
const AGAIN: (i64, i64) = (30 * SECOND, 15 * 60 * SECOND);
/// After this nobody waits for the answer any more.
const WEEK: i64 = 7 * 86_400 * SECOND;

fn read_question(row: &Row<'_>) -> Result<OpenQuestion, StoreError> {
    let problem: Option<String> = row.get(5)?;
    let known = |key: String| {
        let found = RegisterProblem::ALL.into_iter().find(|it| it.key() == key);
        found.ok_or_else(|| StoreError::Damaged(format!("problem {key} of a register")))
    };
    Ok(OpenQuestion {
        project: ProjectId::from_bytes(row.get(0)?),
        paper: row.get(1)?,
        register: row.get(2)?,
        asked_at: Instant(row.get(3)?),
        tries: row.get(4)?,
        problem: problem.map(known).transpose()?,
    })
}

impl Store {
    /// Whether a register of this name is connected.
    fn asks(&self, register: &str) -> bool {
        self.inner.writing.as_ref().is_some_and(|it| it.registers.contains(register))
    }

    /// Adds what is to be asked for an application that is handed in.
    pub(crate) fn ask_for(&self, change: &mut Change, project: &Project, facts: &[Recorded]) {
        for recorded in facts {
            let Fact::Application(_, ApplicationFact::Submitted { papers, .. }) = &recorded.fact
            else {
                continue;
            };
            for paper in papers {
                if let Provenance::Register(register) = &paper.from {
                    let now = recorded.envelope.recorded_at;
                    self.ask_about(change, project, &paper.paper, register, now);
                }
            }
        }
    }

    fn ask_about(
        &self,
        change: &mut Change,
        project: &Project,
        paper: &str,
        register: &str,
        now: Instant,
    ) {
        let answered = project.registers.get(paper);
        if self.asks(register) && !answered.is_some_and(|it| it.is_fresh(now)) {
            let project = project.id.as_bytes().into();
            change.add(ASK, vec![project, paper.into(), register.into(), now.0.into()]);
        }
    }

    /// Somebody looks at papers that registers may hold: they are asked, unless they answered
    /// lately. A wish, not a promise: a node that cannot write now goes on without it.
    pub fn ask_registers<'a>(
        &self,
        project: &Project,
        papers: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) {
        let now = self.now();
        let mut change = Change::default();
        for (paper, register) in papers {
            self.ask_about(&mut change, project, paper, register, now);
        }
        if change.statements.is_empty() {
            return;
        }
        // Nobody waits for its flush.
        if let Err(error) = self.submit(Job { change, answer: Box::new(drop) }) {
            tracing::debug!(project = %project.id, %error, "registers could not be asked");
        }
    }

    /// Questions to a register that are due, those that wait longest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn due_questions(
        &self,
        register: &str,
        most: usize,
    ) -> Result<Vec<OpenQuestion>, StoreError> {
        const DUE: &str = "SELECT project, paper, register, asked_at, tries, problem \
                           FROM register_questions WHERE register = $1 AND next_at <= $2 \
                           ORDER BY next_at, project, paper LIMIT $3";
        let values = [register.into(), self.now().0.into(), (most as i64).into()];
        self.read(|connection| query(connection, DUE, &values, read_question))
    }

    /// Questions about papers of a project to which there is no answer yet.
    ///
    /// # Errors
    /// When the database fails.
    pub fn open_questions(&self, project: ProjectId) -> Result<Vec<OpenQuestion>, StoreError> {
        const OPEN: &str = "SELECT project, paper, register, asked_at, tries, problem \
                            FROM register_questions WHERE project = $1 ORDER BY paper";
        // Where nothing is connected nothing is looked up.
        if self.inner.writing.as_ref().is_none_or(|it| it.registers.is_empty()) {
            return Ok(Vec::new());
        }
        let values = [project.as_bytes().into()];
        self.read(|connection| query(connection, OPEN, &values, read_question))
    }

    /// Puts what a register said on record; `says` are its lines.
    ///
    /// # Errors
    /// When the database fails. An answer that is known already is dropped.
    pub fn record_register_answer(
        &self,
        question: &OpenQuestion,
        mut answer: RegisterAnswer,
        says: &str,
    ) -> Result<(), StoreError> {
        let mut options =
            ActOptions { source_system: Some(answer.register.clone()), ..ActOptions::default() };
        if !says.is_empty() {
            let (seal, value) = self.seal(says);
            answer.says = Some(seal);
            options.sealed.push(value);
        }
        let act = Act::Project(ProjectAct::RecordRegisterAnswer(answer));
        let done =
            self.act(question.project, &act, &Actor::timer(), options).and_then(Ticket::wait);
        match done {
            Ok(_)
            | Err(
                ActError::Refused(_)
                | ActError::Changed
                | ActError::OutOfOrder(_)
                | ActError::UnknownProject,
            ) => self.write(forget(question)),
            Err(ActError::Store(error)) => Err(error),
        }
    }

    /// Notes that a register gave no answer; the question is asked again later, the later the more
    /// often it was tried.
    ///
    /// # Errors
    /// When the database fails.
    pub fn put_off_question(
        &self,
        question: &OpenQuestion,
        problem: RegisterProblem,
    ) -> Result<(), StoreError> {
        const PUT_OFF: &str = "UPDATE register_questions SET tries = tries + 1, next_at = $3, \
                               problem = $4 WHERE project = $1 AND paper = $2";
        let now = self.now();
        if now.0 - question.asked_at.0 > WEEK {
            return self.write(forget(question));
        }
        let (first, most) = AGAIN;
        let doubled = first << question.tries.clamp(0, 5);
        let mut change = Change::default();
        let next = now.0 + doubled.min(most);
        change.add(
            PUT_OFF,
            vec![
                question.project.as_bytes().into(),
                question.paper.as_str().into(),
                next.into(),
                problem.key().into(),
            ],
        );
        self.write(change)
    }
}

fn forget(question: &OpenQuestion) -> Change {
    let mut change = Change::default();
    let values: Vec<Value> =
        vec![question.project.as_bytes().into(), question.paper.as_str().into()];
    change.add(FORGET, values);
    change
}
