//! A stage application being filled in: complete and valid unless the test says otherwise.

use std::collections::BTreeMap;

use tongban_domain::{
    acts::{Act, Submission},
    application::{Prospect, Release},
    catalog::{Field, FieldType},
    paper::Taken,
    project::FieldValue,
};

use super::{
    Story,
    people::{OTHER_COMPANY, SUZHOU, day, file, sealed, uscc},
    somebody::Somebody,
};

/// The form of a stage: the usual answers, every needed item, every field, and a file for
/// each paper that must be handed in.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    stage: u8,
    answers: BTreeMap<String, String>,
    items: Option<Vec<String>>,
    committed: Vec<String>,
    left_out: Vec<String>,
    taken: BTreeMap<String, Taken>,
    newer: Vec<String>,
    everything: bool,
    release: Release,
}

impl Form {
    /// Filled in as usual.
    pub(crate) fn usual(prospect: &Prospect<'_>, stage: u8) -> Self {
        let questions = prospect.questions(stage, &BTreeMap::new());
        let usual = questions.iter().map(|q| (q.key.clone(), q.default.clone()));
        Self {
            stage,
            answers: usual.collect(),
            items: None,
            committed: Vec::new(),
            left_out: Vec::new(),
            taken: BTreeMap::new(),
            newer: Vec::new(),
            everything: false,
            release: Release::Together,
        }
    }

    /// Another answer than the usual one.
    pub(crate) fn answer(&mut self, question: &str, answer: &str) {
        self.answers.insert(question.to_owned(), answer.to_owned());
    }

    /// What handing it in means.
    pub(crate) fn act(&self, prospect: &Prospect<'_>) -> Act {
        let kept = |key: &String| !self.left_out.contains(key);
        let items = self.items.clone().unwrap_or_else(|| self.needed(prospect));
        let fields = prospect.fields(&items, &self.all_answers(prospect));
        let papers = prospect.papers(&items, &self.all_answers(prospect));
        let given = self.answers.clone().into_iter().filter(|(key, _)| kept(key));
        Act::Submit(Submission {
            stage: self.stage,
            committed: self.committed.clone(),
            answers: given.collect(),
            fields: fields
                .into_iter()
                .filter(|field| kept(&field.key))
                .map(|field| (field.key.clone(), value(field)))
                .collect(),
            papers: papers
                .into_iter()
                .filter(|(slot, from)| {
                    let chosen =
                        self.taken.contains_key(&slot.paper) || self.newer.contains(&slot.paper);
                    chosen || from.is_none() && (self.everything || !slot.deferrable)
                })
                .filter(|(slot, _)| kept(&slot.paper))
                .map(|(slot, _)| (slot.paper, file()))
                .collect(),
            taken: self.taken.clone(),
            release: self.release,
            items,
        })
    }

    fn all_answers(&self, prospect: &Prospect<'_>) -> BTreeMap<String, String> {
        let mut answers = self.answers.clone();
        answers.extend(prospect.known_answers());
        answers
    }

    fn needed(&self, prospect: &Prospect<'_>) -> Vec<String> {
        let Prospect { catalog, project, .. } = *prospect;
        let answers = self.all_answers(prospect);
        let flow = catalog.flows.get(&project.flow);
        let region = project.region;
        let needed =
            flow.into_iter().flat_map(|flow| catalog.needed(flow, self.stage, &answers, region));
        needed.map(|entry| entry.item.clone()).collect()
    }
}

/// Something valid for a field.
pub(super) fn value(field: &Field) -> FieldValue {
    if field.personal {
        return FieldValue::Sealed(sealed("某人"));
    }
    match &field.kind {
        FieldType::Text
        | FieldType::LongText
        | FieldType::Phone
        | FieldType::PersonName
        | FieldType::ResidentId => FieldValue::Text(field.label.clone()),
        FieldType::Money => FieldValue::Money(1_000_000),
        FieldType::Area => FieldValue::Area(20_000),
        FieldType::Number => FieldValue::Number(1_500),
        FieldType::Longitude => FieldValue::Degrees(120_585_316),
        FieldType::Latitude => FieldValue::Degrees(31_298_886),
        FieldType::Date => FieldValue::Date(day("2026-06-01")),
        FieldType::Choice(options) => {
            FieldValue::Choice(options.first().map(|option| option.key.clone()).unwrap_or_default())
        }
        FieldType::YesNo => FieldValue::Choice("yes".to_owned()),
        FieldType::Uscc => FieldValue::Uscc(uscc(OTHER_COMPANY)),
        FieldType::Division => FieldValue::Region(SUZHOU),
    }
}

/// A form in the hands of a story.
pub(crate) struct Draft {
    story: Story,
    form: Form,
}

impl Story {
    /// When the owner fills in a stage.
    pub(crate) fn draft(self, stage: u8) -> Draft {
        let form = Form::usual(&self.prospect(), stage);
        Draft { story: self, form }
    }

    /// When the owner hands in a stage with everything that must be there.
    pub(crate) fn submits(self, stage: u8) -> Self {
        self.draft(stage).handed_in()
    }
}

impl Draft {
    /// With another answer than the usual one.
    pub(crate) fn answering(mut self, question: &str, answer: &str) -> Self {
        self.form.answer(question, answer);
        self
    }

    /// For these items alone.
    pub(crate) fn only(mut self, items: &[&str]) -> Self {
        self.form.items = Some(items.iter().map(|item| (*item).to_owned()).collect());
        self
    }

    /// This item by notice and commitment.
    pub(crate) fn on_commitment(mut self, item: &str) -> Self {
        self.form.committed.push(item.to_owned());
        self
    }

    /// Without this answer, field or paper.
    pub(crate) fn without(mut self, key: &str) -> Self {
        self.form.left_out.push(key.to_owned());
        self
    }

    /// This paper chosen so.
    pub(crate) fn taking(mut self, paper: &str, taken: Taken) -> Self {
        self.form.taken.insert(paper.to_owned(), taken);
        self
    }

    /// With a newer version of this paper.
    pub(crate) fn with_newer(mut self, paper: &str) -> Self {
        self.form.newer.push(paper.to_owned());
        self
    }

    /// With the papers that may follow, too.
    pub(crate) fn with_everything(mut self) -> Self {
        self.form.everything = true;
        self
    }

    /// Each result as soon as it is decided.
    pub(crate) fn released_early(mut self) -> Self {
        self.form.release = Release::Early;
        self
    }

    /// Handed in by the owner.
    pub(crate) fn handed_in(self) -> Story {
        self.handed_in_by(Story::owner)
    }

    /// Handed in by somebody.
    pub(crate) fn handed_in_by(self, who: impl FnOnce(Story) -> Somebody) -> Story {
        let act = self.form.act(&self.story.prospect());
        who(self.story).does(act)
    }
}
