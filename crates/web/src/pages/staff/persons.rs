//! Who is to be reached about a project: masked, and for a while in clear for whoever says why.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
};
use tongban_domain::{
    acts::{ActName, Subject},
    catalog::Choice,
    project::FieldValue,
    reason::ReasonKind,
    time::Instant,
};

use crate::{
    app::App,
    components::Again,
    error::{PageError, PageResult},
    forms::Typed,
    pages::{
        html, html_with_faults,
        owner_pages::{Loaded, carry_out, load_project, masked, reasons},
    },
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    view::Timeline,
    words,
};

/// What is known of a person, as a line.
pub(crate) struct PersonLine {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) value: String,
}

#[derive(Template)]
#[template(path = "staff/persons.html")]
struct PersonsPage {
    shell: Shell,
    again: Again,
    id: String,
    name: String,
    lines: Vec<PersonLine>,
    /// Until when they are in clear.
    until: Option<String>,
    may_read: bool,
    reasons: Vec<Choice>,
    days: Timeline,
}

pub(crate) async fn persons(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        page(app, &frame, &loaded, &id, Again::default())
    })
    .await
}

pub(crate) async fn read_persons(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let loaded = load_project(app, &who, &id)?;
        let (act, typed) = (ActName::ReadInClear.key(), Typed::new(pairs));
        let back = format!("/s/p/{id}/persons");
        match carry_out(app, &loaded, act, Subject::Project, &typed, &back)? {
            Ok(done) => Ok(done),
            Err(faults) => page(app, &frame, &loaded, &id, Again::new(act, typed, &faults)),
        }
    })
    .await
}

fn page(app: &App, frame: &Frame, loaded: &Loaded, id: &str, again: Again) -> PageResult {
    let project = &loaded.project;
    let until = reading_until(app, loaded);
    let history = app.store().history(project.id)?;
    let read = history.into_iter().filter(|it| it.envelope.act_name == ActName::ReadInClear);
    let faulty = again.is_faulty();
    let page = PersonsPage {
        shell: frame.shell(Desk::Staff),
        again,
        id: id.to_owned(),
        name: project.name.clone(),
        lines: person_lines(app, loaded, until.is_some())?,
        until: until.map(words::moment),
        may_read: loaded.may(ActName::ReadInClear, Subject::Project),
        reasons: reasons(loaded, ReasonKind::Reading),
        days: crate::view::timeline(project, &read.collect::<Vec<_>>(), &loaded.names, None, true),
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}

/// Until when whoever asks may read them in clear.
pub(crate) fn reading_until(app: &App, loaded: &Loaded) -> Option<Instant> {
    loaded.project.readings.open_until(loaded.actor.account?, app.store().now())
}

/// The person to be reached, and the personal fields of the project.
pub(crate) fn person_lines(
    app: &App,
    loaded: &Loaded,
    in_clear: bool,
) -> Result<Vec<PersonLine>, PageError> {
    let (project, catalog) = (&loaded.project, &loaded.names.catalog);
    let show = |text: &str| if in_clear { text.to_owned() } else { masked(text) };
    let mut lines = Vec::new();
    let personal = catalog.fields.iter().filter_map(|field| match project.fields.get(&field.key) {
        Some(FieldValue::Sealed(sealed)) => Some((field, sealed)),
        _ => None,
    });
    let personal: Vec<_> = personal.collect();
    let opened = app.store().open_sealed(personal.iter().map(|(_, sealed)| *sealed))?;
    for (field, sealed) in personal {
        let value =
            opened.get(&sealed.id).map_or("（已依法删除）".to_owned(), |it| show(it));
        lines.push(PersonLine { key: field.key.clone(), label: field.label.clone(), value });
    }
    let contact = match project.contact {
        Some(contact) => app.store().person(contact)?,
        None => None,
    };
    if let Some(person) = contact {
        let parts = [
            ("person-name", "联系人", &person.name),
            ("person-phone", "联系人电话", &person.phone),
            ("person-id-number", "联系人身份证件号码", &person.id_number),
        ];
        // Mostly the contact is the person of the form.
        let told = parts.into_iter().filter(|(.., text)| !text.is_empty());
        let told = told.filter(|(.., text)| !opened.values().any(|known| known == *text));
        lines.extend(told.map(|(key, label, text)| PersonLine {
            key: key.to_owned(),
            label: label.to_owned(),
            value: show(text),
        }));
    }
    Ok(lines)
}
