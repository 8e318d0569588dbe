//! What registers of others say about papers of a project, in sentences.

use std::collections::HashMap;

use tongban_domain::{ids::SealedId, paper::RegisterAnswered, project::Project, time::Day};
use tongban_store::{OpenQuestion, RegisterProblem, Store, StoreError};

use crate::words;

/// What is known of a paper from its register.
pub(crate) struct RegisterLine {
    /// The answer, or why there is none yet.
    pub(crate) sentence: String,
    /// It answered: nobody has to look it up by hand.
    pub(crate) answered: bool,
    /// What it says, a line each.
    pub(crate) says: Vec<String>,
}

/// The answers of a project, and the questions without one.
pub(crate) struct Registers<'a> {
    project: &'a Project,
    open: Vec<OpenQuestion>,
    says: HashMap<SealedId, String>,
    today: Day,
}

impl<'a> Registers<'a> {
    /// Looks them up.
    pub(crate) fn of(store: &Store, project: &'a Project) -> Result<Self, StoreError> {
        let sealed = project.registers.values().filter_map(|it| it.answer.says.as_ref());
        Ok(Self {
            project,
            open: store.open_questions(project.id)?,
            says: store.open_sealed(sealed)?,
            today: store.now().day(),
        })
    }

    /// What is known of a paper; none when no register was asked about it.
    pub(crate) fn about(&self, paper: &str) -> Option<RegisterLine> {
        let answered = self.project.registers.get(paper);
        let open = self.open.iter().find(|question| question.paper == paper);
        let sentence = match (answered, open) {
            // What it said counts until it says something else.
            (Some(answered), _) => self.answer(answered),
            (None, Some(question)) => waiting(question),
            (None, None) => return None,
        };
        let said = answered.and_then(|it| self.says.get(&it.answer.says.as_ref()?.id));
        let says = said.map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default();
        Some(RegisterLine { sentence, answered: answered.is_some(), says })
    }

    fn answer(&self, answered: &RegisterAnswered) -> String {
        let (answer, at) = (&answered.answer, words::moment(answered.at));
        let said = match (answer.held, answer.until) {
            (false, _) => "没有登记".to_owned(),
            (true, None) => "有登记，免交".to_owned(),
            (true, Some(until)) if until < self.today => {
                format!("登记的有效期到{}为止，已过期", words::day(until))
            }
            (true, Some(until)) => format!("有登记，有效期到{}，免交", words::day(until)),
        };
        format!("{} {at} 答复：{said}", answer.register)
    }
}

fn waiting(question: &OpenQuestion) -> String {
    let (register, since) = (&question.register, words::moment(question.asked_at));
    match question.problem {
        None => format!("正在向{register}核验"),
        Some(RegisterProblem::Away) => {
            format!("{register}的系统从 {since} 起连接不上，平台会继续核验")
        }
        Some(RegisterProblem::Refusing | RegisterProblem::Unclear) => {
            format!("{register}的系统没有给出可用的答复，平台会继续核验")
        }
    }
}
