//! Where the words of a document come from: the facts of the project, the pack, the departments.

use std::collections::HashMap;

use tongban_domain::{
    application::{Application, Target},
    case::{Case, Outcome},
    catalog::Catalog,
    document::{DocumentKind, DocumentSubject, Placeholder, Wanted},
    ids::{DepartmentId, SealedId},
    organisation::Organisation,
    project::{FieldValue, Project},
    sealed::Sealed,
    time::Day,
};

/// What a document is made from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The project.
    pub project: &'a Project,
    /// The pack in force.
    pub catalog: &'a Catalog,
    /// The departments.
    pub organisation: &'a Organisation,
    /// Sealed values that [`sealed`] names, opened; an erased one is missing.
    pub opened: &'a HashMap<SealedId, String>,
    /// The day of issue.
    pub today: Day,
}

/// The sealed values that a document may print.
#[must_use]
pub fn sealed(project: &Project, wanted: &Wanted) -> Vec<Sealed> {
    let fields = project.fields.values().filter_map(|value| match value {
        FieldValue::Sealed(sealed) => Some(sealed),
        FieldValue::Text(_)
        | FieldValue::Money(_)
        | FieldValue::Area(_)
        | FieldValue::Number(_)
        | FieldValue::Date(_)
        | FieldValue::Choice(_)
        | FieldValue::Uscc(_)
        | FieldValue::Region(_)
        | FieldValue::Degrees(_) => None,
    });
    let mut found: Vec<Sealed> = fields.cloned().collect();
    match wanted.subject {
        DocumentSubject::Application(id) => {
            let correction = project.applications.get(&id).and_then(|it| it.correction.as_ref());
            let demands = correction.map_or(&[][..], |correction| &correction.demands);
            found.extend(demands.iter().filter_map(|demand| demand.note.clone()));
        }
        DocumentSubject::Case(id) => {
            let Some(case) = project.cases.get(&id) else { return found };
            found.extend(case.decision.as_ref().map(|decided| decided.decision.text.clone()));
            found.extend(case.ended_text.clone());
        }
    }
    found
}

/// The application or case that a document is about.
#[derive(Clone, Copy)]
pub(crate) enum About<'a> {
    Application(&'a Application),
    Case(&'a Application, &'a Case),
}

impl<'a> About<'a> {
    pub(crate) fn of(project: &'a Project, subject: DocumentSubject) -> Option<Self> {
        match subject {
            DocumentSubject::Application(id) => {
                Some(Self::Application(project.applications.get(&id)?))
            }
            DocumentSubject::Case(id) => {
                let case = project.cases.get(&id)?;
                Some(Self::Case(project.application_of(case)?, case))
            }
        }
    }

    pub(crate) fn application(self) -> &'a Application {
        match self {
            Self::Application(application) | Self::Case(application, _) => application,
        }
    }

    pub(crate) fn case(self) -> Option<&'a Case> {
        match self {
            Self::Application(_) => None,
            Self::Case(_, case) => Some(case),
        }
    }
}

impl<'a> Sources<'a> {
    fn opened(&self, sealed: &Sealed) -> String {
        self.opened.get(&sealed.id).cloned().unwrap_or_default()
    }

    pub(crate) fn department(&self, id: DepartmentId) -> String {
        self.organisation.department(id).map_or_else(String::new, |it| it.name.clone())
    }

    /// What stands in a place of a wording; empty where there is nothing to say.
    pub(crate) fn value(
        &self,
        kind: DocumentKind,
        about: About<'_>,
        until: Option<Day>,
        place: &Placeholder,
    ) -> String {
        let (project, catalog) = (self.project, self.catalog);
        let day = |day: Option<Day>| day.map_or_else(String::new, Day::in_words);
        let application = about.application();
        let case = about.case();
        let of_case = |read: &dyn Fn(&Case) -> String| case.map_or_else(String::new, read);
        match place {
            Placeholder::Owner => project.owner.name.clone(),
            Placeholder::OwnerCode => project.owner.uscc.to_string(),
            Placeholder::Project => project.name.clone(),
            Placeholder::ProjectCode => project.code.to_string(),
            Placeholder::Site => catalog.region_path(project.region).replace(" · ", ""),
            Placeholder::Region => {
                catalog.regions.get(&project.region).map_or_else(String::new, |it| it.name.clone())
            }
            Placeholder::Item => of_case(&|case| case.opened.name.clone()),
            Placeholder::Result => of_case(&|case| case.opened.result.clone()),
            Placeholder::Number => of_case(&|case| {
                let decided = case.decision.as_ref();
                decided.and_then(|it| it.decision.document.clone()).unwrap_or_default()
            }),
            Placeholder::CaseNumber => of_case(&|case| case.opened.number.clone()),
            Placeholder::ApplicationNumber => application.number.clone(),
            Placeholder::Department => of_case(&|case| self.department(case.department)),
            Placeholder::Received => application.received_on.in_words(),
            Placeholder::Accepted => day(accepted(project, about)),
            Placeholder::Decided => {
                day(case.and_then(|case| Some(case.decision.as_ref()?.at.day())))
            }
            Placeholder::Until => day(until),
            Placeholder::AnswerBy => day(application.correction.as_ref().map(|it| it.until)),
            Placeholder::Reason => of_case(&|case| {
                reason(kind, case).map_or_else(String::new, |key| self.reason(&key))
            }),
            Placeholder::Words => of_case(&|case| {
                let decided = case.decision.as_ref().map(|it| &it.decision.text);
                let text = if is_result(kind) { decided } else { case.ended_text.as_ref() };
                text.map_or_else(String::new, |text| self.opened(text))
            }),
            Placeholder::Basis => of_case(&|case| {
                let item = catalog.item(&case.opened.item);
                let laws = item.map_or(&[][..], |item| &item.law);
                laws.iter().map(|law| catalog.cite(law)).collect::<Vec<_>>().join("、")
            }),
            Placeholder::ReviewDays | Placeholder::SuitMonths => {
                of_case(&|case| match case.decision.as_ref().map(|it| &it.decision.outcome) {
                    Some(Outcome::Refuse { review_days, suit_months, .. }) => {
                        let review = *place == Placeholder::ReviewDays;
                        if review { review_days.to_string() } else { suit_months.to_string() }
                    }
                    Some(Outcome::Pass | Outcome::PassWithGap { .. }) | None => String::new(),
                })
            }
            Placeholder::Owed => of_case(&|case| {
                let open = case.owed.iter().filter(|owed| owed.confirmed.is_none());
                let named = open.map(|owed| {
                    let name = self.paper(&owed.owed.paper);
                    format!("{name}（{}前）", owed.owed.until.in_words())
                });
                named.collect::<Vec<_>>().join("、")
            }),
            Placeholder::Field(key) => self.field(key),
        }
    }

    fn field(&self, key: &str) -> String {
        match (self.catalog.field(key), self.project.fields.get(key)) {
            (Some(_), Some(FieldValue::Sealed(sealed))) => self.opened(sealed),
            (Some(field), Some(value)) => self.catalog.shown(field, value),
            (None, _) | (_, None) => String::new(),
        }
    }

    fn paper(&self, key: &str) -> String {
        self.catalog.papers.get(key).map_or_else(|| key.to_owned(), |paper| paper.name.clone())
    }

    fn reason(&self, key: &str) -> String {
        self.catalog.reason(key).map_or_else(String::new, |reason| reason.name.clone())
    }

    /// What a notice lists: the cases that were accepted, or everything to correct.
    pub(crate) fn listed(&self, kind: DocumentKind, about: About<'_>) -> Vec<(String, String)> {
        match kind {
            DocumentKind::Acceptance => self.accepted_cases(about.application()),
            DocumentKind::Correction => self.demands(about.application()),
            DocumentKind::AcceptanceRefusal
            | DocumentKind::Grant
            | DocumentKind::Refusal
            | DocumentKind::Revocation => Vec::new(),
        }
    }

    fn accepted_cases(&self, application: &Application) -> Vec<(String, String)> {
        let cases = self.project.cases_of(application).filter(|case| case.ledger.is_some());
        let line = |case: &Case| {
            let ledger = case.ledger.as_ref()?;
            let calendar = self.catalog.calendar_of(ledger.calendar);
            let due = ledger.due(calendar, tongban_domain::clock::Which::Promised);
            let by = due.map_or_else(
                || "自前置结果到达之日起计算时限".to_owned(),
                |due| format!("{}前办结", due.in_words()),
            );
            let department = self.department(case.department);
            Some((case.opened.name.clone(), format!("{department}，{by}")))
        };
        cases.filter_map(|case| line(case)).collect()
    }

    fn demands(&self, application: &Application) -> Vec<(String, String)> {
        let Some(correction) = &application.correction else { return Vec::new() };
        let line = |demand: &tongban_domain::application::Demand| {
            let what = match &demand.target {
                Target::Paper(key) => self.paper(key),
                Target::Field(key) => {
                    self.catalog.field(key).map_or_else(|| key.clone(), |it| it.label.clone())
                }
            };
            let note = demand.note.as_ref().map_or_else(String::new, |note| self.opened(note));
            let reason = self.reason(&demand.reason);
            (what, if note.is_empty() { reason } else { format!("{reason}：{note}") })
        };
        correction.demands.iter().map(line).collect()
    }
}

/// Whether the document says what was decided, and not what became of it later.
fn is_result(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::Grant | DocumentKind::Refusal)
}

/// The day of acceptance: of the case, or the first of the application.
pub(crate) fn accepted(project: &Project, about: About<'_>) -> Option<Day> {
    let of = |case: &Case| case.ledger.as_ref().map(|ledger| ledger.accepted);
    match about.case() {
        Some(case) => of(case),
        None => project.cases_of(about.application()).filter_map(|case| of(case)).min(),
    }
}

fn reason(kind: DocumentKind, case: &Case) -> Option<String> {
    if !is_result(kind) {
        return case.ended_for.clone();
    }
    match &case.decision.as_ref()?.decision.outcome {
        Outcome::Refuse { reason, .. } => Some(reason.clone()),
        Outcome::Pass | Outcome::PassWithGap { .. } => None,
    }
}
