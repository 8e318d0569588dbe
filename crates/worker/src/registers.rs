//! Asks registers of others (登记系统) what they hold. Each has a thread of its own, so that a slow
//! one keeps nobody else waiting; one that is away is left alone for a while.

use std::time::Duration;

use tongban_domain::paper::RegisterAnswer;
use tongban_outside::{Answer, OutsideError, Question, Register};
use tongban_store::{OpenQuestion, RegisterProblem, Store, StoreError};

use crate::thread::Rounds;

/// Most questions in one round.
const BATCH: usize = 50;

/// Pause between rounds when nothing is to be asked.
const PAUSE: Duration = Duration::from_millis(500);

/// Asks one register what is due now; gives how many answers came.
///
/// # Errors
/// When the database fails. A register that gives no answer is no error: the question waits.
pub fn ask_round(store: &Store, name: &str, register: &dyn Register) -> Result<usize, StoreError> {
    let mut answers = 0;
    for question in store.due_questions(name, BATCH)? {
        let Some(project) = store.project(question.project)? else { continue };
        let asked = Question {
            paper: question.paper.clone(),
            owner: project.owner.uscc.clone(),
            project: project.code.clone(),
        };
        match register.ask(&asked) {
            Ok(answer) => {
                answers += 1;
                keep(store, &question, answer)?;
            }
            Err(error) => {
                tracing::warn!(register = name, paper = question.paper, %error, "no answer");
                let problem = problem(&error);
                store.put_off_question(&question, problem)?;
                // The others would wait as long for the same.
                if problem == RegisterProblem::Away {
                    break;
                }
            }
        }
    }
    Ok(answers)
}

const fn problem(error: &OutsideError) -> RegisterProblem {
    match error {
        OutsideError::Away(_) => RegisterProblem::Away,
        OutsideError::Refused(_) => RegisterProblem::Refusing,
        // The second is found when the node starts.
        OutsideError::Unclear(_) | OutsideError::InTheClear(_) => RegisterProblem::Unclear,
    }
}

fn keep(store: &Store, question: &OpenQuestion, answer: Answer) -> Result<(), StoreError> {
    let lines: Vec<String> =
        answer.says.iter().map(|said| format!("{}：{}", said.name, said.value)).collect();
    let (paper, register) = (question.paper.clone(), question.register.clone());
    let (held, until) = (answer.held, answer.until);
    let answer = RegisterAnswer { paper, register, held, until, says: None };
    store.record_register_answer(question, answer, &lines.join("\n"))
}

/// Threads that ask registers; they stop when dropped.
pub struct RegisterWorker {
    _threads: Vec<Rounds>,
}

impl RegisterWorker {
    /// Starts asking registers, each by the name the catalogue gives it.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start(
        store: &Store,
        registers: Vec<(String, Box<dyn Register>)>,
    ) -> std::io::Result<Self> {
        let start = |(name, register): (String, Box<dyn Register>)| {
            let store = store.clone();
            Rounds::start("registers", PAUSE, move |_| {
                ask_round(&store, &name, &*register).map(|answers| answers == BATCH)
            })
        };
        let threads = registers.into_iter().map(start).collect::<Result<_, _>>()?;
        Ok(Self { _threads: threads })
    }
}
