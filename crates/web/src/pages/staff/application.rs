//! An application at the window: check, notify once, accept.

use askama::Template;
use axum::extract::{Path, State};
use tongban_domain::{
    acts::{ActName, Subject, available},
    catalog::Choice,
    reason::ReasonKind,
};

use super::staff_only;
use crate::{
    app::App,
    error::PageResult,
    pages::{
        html,
        owner_pages::{
            ApplicationHead, FactLine, application_head, fact_lines, load_application, reasons,
            summaries,
        },
    },
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::{CaseSummary, PaperLine, Timeline, paper_lines, timeline},
    words,
};

struct FieldChoice {
    key: String,
    label: String,
    value: String,
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
    head: ApplicationHead,
    owner: String,
    contact: String,
    cases: Vec<CaseSummary>,
    papers: Vec<PaperLine>,
    fields: Vec<FieldChoice>,
    facts: Vec<FactLine>,
    notice: Option<Notice>,
    may_accept: bool,
    may_correct: bool,
    may_refuse: bool,
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
    app.run(move |app| {
        staff_only(&who)?;
        let (loaded, application) = load_application(app, &who, &id)?;
        let (project, names) = (&loaded.project, &loaded.names);
        let subject = Subject::Application(application.id);
        let acts = available(project, subject, &names.catalog, &loaded.actor);
        let may = |name: ActName| acts.iter().any(|act| act.name == name);
        let fields = application.fields.keys().filter_map(|key| {
            let field = names.catalog.field(key)?;
            Some(FieldChoice { key: key.clone(), label: field.label.clone(), value: String::new() })
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
        let may_refuse = project.cases_of(&application).any(|case| {
            let subject = Subject::Case(case.opened.case);
            available(project, subject, &names.catalog, &loaded.actor)
                .iter()
                .any(|act| act.name == ActName::RefuseAcceptance)
        });
        let history = app.store().history(project.id)?;
        let first = application.cases.first().copied();
        html(&ApplicationPage {
            shell: frame.shell(Desk::Staff),
            head: application_head(&loaded, &application),
            owner: project.owner.name.clone(),
            contact: contact.map_or(String::new(), |person| {
                format!("{} {}", person.masked_name(), person.masked_phone())
            }),
            cases: summaries(&loaded, &application),
            papers: paper_lines(app.store(), project, &application, names, None)?,
            fields: fields.collect(),
            facts: fact_lines(app, &loaded)?,
            notice,
            may_accept: may(ActName::AcceptApplication),
            may_correct: may(ActName::RequestCorrection) && application.correction.is_none(),
            may_refuse,
            corrections: reasons(&loaded, ReasonKind::Correction),
            refusals: reasons(&loaded, ReasonKind::AcceptanceRefused),
            not_required: reasons(&loaded, ReasonKind::NotRequired),
            visits: reasons(&loaded, ReasonKind::Visit),
            days: timeline(project, &history, names, first, true),
        })
    })
    .await
}
