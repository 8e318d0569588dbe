//! What other departments are asked about a case (征求意见), with what they said.

use tongban_domain::{
    acts::{ActName, Declaration},
    case::{Case, Stance},
    catalog::Choice,
    time::Day,
};

use super::Names;
use crate::{
    components::{Chip, ItemState},
    words,
};

/// A question with its answer.
pub(crate) struct ConsultationLine {
    pub(crate) department: String,
    pub(crate) chip: Chip,
    pub(crate) question: String,
    pub(crate) asked: String,
    /// The words and who said them, when they came.
    pub(crate) answer: Option<(String, String)>,
}

/// The consultations of a case, and which forms are open.
pub(crate) struct ConsultationsView {
    pub(crate) lines: Vec<ConsultationLine>,
    pub(crate) ask: bool,
    pub(crate) answer: bool,
    pub(crate) urge: bool,
    /// Whom one may ask.
    pub(crate) departments: Vec<Choice>,
    /// Working days that are usual for an answer.
    pub(crate) usual: String,
    pub(crate) stances: Vec<Choice>,
}

/// The consultations of a case for somebody to whom these acts are open.
pub(crate) fn consultations_view(
    case: &Case,
    names: &Names,
    open: &[&'static Declaration],
    today: Day,
) -> ConsultationsView {
    let may = |name: ActName| open.iter().any(|act| act.name == name);
    let own = names.organisation.successor(case.department);
    let departments = names.organisation.departments().filter(|department| {
        department.merged.is_none()
            && department.id != own
            && case.open_question(&names.organisation, department.id).is_none()
    });
    let line = |asked: &tongban_domain::case::Consultation| {
        let by = names.actor(&asked.asked_by);
        let until = words::day_in(asked.until, today);
        ConsultationLine {
            department: names.department(asked.of),
            chip: match &asked.answer {
                Some(answer) => stance_chip(answer.stance),
                None if asked.until < today => Chip::new(ItemState::Fix, "逾期未反馈"),
                None => Chip::new(ItemState::Doing, "待反馈"),
            },
            question: names.words(&asked.text),
            asked: format!("{by}，{}，请在{until}前反馈", words::moment(asked.asked_at)),
            answer: asked.answer.as_ref().map(|answer| {
                let late = if answer.at.day() > asked.until { "（逾期）" } else { "" };
                let by = names.actor(&answer.by);
                (names.words(&answer.text), format!("{by}，{}{late}", words::moment(answer.at)))
            }),
        }
    };
    ConsultationsView {
        lines: case.consultations.iter().map(line).collect(),
        ask: may(ActName::ConsultDepartment),
        answer: may(ActName::AnswerConsultation),
        urge: may(ActName::UrgeCase),
        departments: departments
            .map(|it| Choice::new(it.id.to_string(), it.name.clone()))
            .collect(),
        usual: names.catalog.pack.consultation_days.map_or(String::new(), |days| days.to_string()),
        stances: Stance::ALL.map(|it| Choice::new(it.key(), it.name())).to_vec(),
    }
}

fn stance_chip(stance: Stance) -> Chip {
    let state = match stance {
        Stance::NoObjection => ItemState::Done,
        Stance::WithConditions => ItemState::Fix,
        Stance::Objects => ItemState::Refused,
    };
    Chip::new(state, stance.name())
}
