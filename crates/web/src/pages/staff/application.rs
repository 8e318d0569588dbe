//! An application at the window: check, notify once, accept.

use askama::Template;
use axum::extract::{Path, State};
use tongban_domain::{
    acts::{ActName, Subject},
    catalog::Choice,
    reason::ReasonKind,
};

use crate::{
    app::App,
    components::Again,
    error::PageResult,
    pages::{
        html, html_with_faults,
        owner_pages::{
            ApplicationHead, FactLine, application_head, fact_lines, load_application, reasons,
            summaries,
        },
    },
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::{
        CaseSummary, DocumentLine, DocumentsAbout, PaperLine, Timeline, document_lines,
        paper_lines, timeline,
    },
    words,
};

/// What the one notice may demand, and the names of its inputs.
struct Demandable {
    label: String,
    target: String,
    reason: String,
    note: String,
}

impl Demandable {
    fn new(label: String, target: &str) -> Self {
        let (reason, note) = (format!("reason:{target}"), format!("note:{target}"));
        Self { label, target: target.to_owned(), reason, note }
    }
}

struct Notice {
    sent: String,
    until: String,
    answered: Option<String>,
    demands: Vec<String>,
}

#[derive(Template)]
#[template(path = "staff/application.html")]
struct ApplicationPage {
    shell: Shell,
    again: Again,
    head: ApplicationHead,
    owner: String,
    contact: String,
    cases: Vec<CaseSummary>,
    papers: Vec<PaperLine>,
    documents: Vec<DocumentLine>,
    demands: Vec<Demandable>,
    facts: Vec<FactLine>,
    notice: Option<Notice>,
    may_accept: bool,
    may_correct: bool,
    may_refuse: bool,
    may_extend: bool,
    extensions: Vec<Choice>,
    corrections: Vec<Choice>,
    refusals: Vec<Choice>,
    not_required: Vec<Choice>,
    visits: Vec<Choice>,
    days: Timeline,
}

pub(crate) async fn application(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| page(app, &frame, &who, &id, Again::default())).await
}

/// The page of an application; after a fault with the form that had it.
pub(crate) fn page(app: &App, frame: &Frame, who: &SignedIn, id: &str, again: Again) -> PageResult {
    let (loaded, application) = load_application(app, who, id)?;
    let (project, names) = (&loaded.project, &loaded.names);
    let subject = Subject::Application(application.id);
    let may = |name: ActName| loaded.may(name, subject);
    let fields = application.fields.keys().filter_map(|key| {
        let field = names.catalog.field(key)?;
        Some(Demandable::new(format!("表单：{}", field.label), &format!("field:{key}")))
    });
    let contact = match project.contact {
        Some(contact) => app.store().person(contact)?,
        None => None,
    };
    let notice = application.correction.as_ref().map(|correction| Notice {
        sent: words::moment(correction.at),
        until: words::day(correction.until),
        answered: correction.answered.map(words::moment),
        demands: correction
            .demands
            .iter()
            .map(|demand| {
                let what = match &demand.target {
                    tongban_domain::application::Target::Paper(key) => application
                        .slot(key)
                        .map_or_else(|| key.clone(), |slot| slot.slot.name.clone()),
                    tongban_domain::application::Target::Field(key) => names
                        .catalog
                        .field(key)
                        .map_or_else(|| key.clone(), |field| field.label.clone()),
                };
                let note = demand.note.as_ref().map(|note| names.words(note));
                let note = note.map(|note| format!("：{note}")).unwrap_or_default();
                format!("{what}——{}{note}", names.reason(&demand.reason))
            })
            .collect(),
    });
    let may_refuse = project
        .cases_of(&application)
        .any(|case| loaded.may(ActName::RefuseAcceptance, Subject::Case(case.opened.case)));
    let history = app.store().history(project.id)?;
    let first = application.cases.first().copied();
    let papers = paper_lines(app.store(), project, &application, names, None)?;
    let faulty = again.is_faulty();
    let page = ApplicationPage {
        again,
        shell: frame.shell(Desk::Staff),
        head: application_head(&loaded, &application),
        owner: project.owner.name.clone(),
        contact: contact.map_or(String::new(), |person| {
            format!("{} {}", person.masked_name(), person.masked_phone())
        }),
        cases: summaries(&loaded, &application),
        demands: papers
            .iter()
            .filter(|paper| paper.from_owner)
            .map(|paper| Demandable::new(paper.name.clone(), &format!("paper:{}", paper.key)))
            .chain(fields)
            .collect(),
        papers,
        documents: document_lines(
            app.store(),
            project,
            DocumentsAbout::Application(application.id),
        )?,
        facts: fact_lines(app, &loaded)?,
        notice,
        may_accept: may(ActName::AcceptApplication),
        may_correct: may(ActName::RequestCorrection),
        may_refuse,
        may_extend: may(ActName::ExtendJoint),
        extensions: reasons(&loaded, ReasonKind::Extension),
        corrections: reasons(&loaded, ReasonKind::Correction),
        refusals: reasons(&loaded, ReasonKind::AcceptanceRefused),
        not_required: reasons(&loaded, ReasonKind::NotRequired),
        visits: reasons(&loaded, ReasonKind::Visit),
        days: timeline(project, &history, names, first, true),
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}
