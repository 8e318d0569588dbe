//! Registering a project: everything asked once.

use std::collections::BTreeMap;

use askama::Template;
use axum::{Form, extract::State};
use tongban_domain::{
    catalog::{Catalog, Choice, Division, FieldType},
    codes::{ProjectCode, Uscc},
    ids::PersonId,
    permission::Role,
    project::{FieldValue, OrganisationReference, ReadValue, Registration, dates_out_of_order},
    sealed::SealedValue,
};
use tongban_store::{ActOptions, Person, StoreError};

use crate::{
    app::App,
    components::{Control, FaultSummary, FormField, value_fault},
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    pages::{html, html_with_faults, redirect},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
};

struct Section {
    title: String,
    fields: Vec<FormField>,
}

#[derive(Template)]
#[template(path = "owner/register.html")]
struct RegisterPage {
    shell: Shell,
    faults: Faults,
    sections: Vec<Section>,
    by_window: bool,
}

impl RegisterPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

/// The keys whose values also stand in columns of their own.
const NAME: &str = "project-name";
const REGION: &str = "site-division";
const CONTACT: &str = "contact-name";
const PHONE: &str = "contact-phone";

fn page(
    app: &App,
    who: &SignedIn,
    shell: Shell,
    typed: &Typed,
    faults: Faults,
) -> Result<RegisterPage, PageError> {
    let catalog = app.catalog()?;
    let by_window = who.0.is(Role::Window);
    let flows = catalog
        .flows
        .values()
        .map(|flow| Choice::new(flow.key.clone(), flow.name.clone()))
        .collect();
    let mut first = vec![
        FormField::own("flow", "项目类型", Control::Select(flows))
            .value(typed.get("flow"))
            .fault(faults.of("flow"))
            .hint("决定要走的审批流程；政府出资选政府投资，厂房仓储选工业类"),
        FormField::own("code", "项目代码", Control::Line)
            .value(typed.get("code"))
            .fault(faults.of("code"))
            .hint("已在投资项目在线平台取得的，请填写；没有的留空，由系统赋码")
            .optional(),
    ];
    if by_window {
        first.push(
            FormField::own("owner-uscc", "建设单位统一社会信用代码", Control::Line)
                .value(typed.get("owner-uscc"))
                .fault(faults.of("owner-uscc")),
        );
        first.push(
            FormField::own("owner-name", "建设单位名称", Control::Line)
                .value(typed.get("owner-name"))
                .fault(faults.of("owner-name")),
        );
    }
    let mut sections = vec![Section { title: "类型和代码".to_owned(), fields: first }];
    for field in catalog.fields.iter().filter(|field| field.at_registration) {
        let mut shown =
            FormField::of(field, &field.key, typed.get(&field.key), faults.of(&field.key));
        if field.kind == FieldType::Division {
            shown.control = Control::Select(regions(&catalog, who));
        }
        match sections.iter_mut().find(|section| section.title == field.section) {
            Some(section) => section.fields.push(shown),
            None => {
                sections.push(Section { title: field.section.clone(), fields: vec![shown] });
            }
        }
    }
    Ok(RegisterPage { shell, faults, sections, by_window })
}

/// The counties and zones of the node's cities.
fn regions(catalog: &Catalog, _: &SignedIn) -> Vec<Choice> {
    catalog
        .regions
        .values()
        .filter(|region| matches!(region.level, Division::County | Division::Zone))
        .map(|region| Choice::new(region.code.to_string(), catalog.region_path(region.code)))
        .collect()
}

pub(crate) async fn new_project(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        if !who.0.is(Role::Owner) && !who.0.is(Role::Window) {
            return Err(PageError::WrongDesk);
        }
        let shell = frame.shell(Desk::Owner);
        html(&page(app, &who, shell, &Typed::default(), Faults::default())?)
    })
    .await
}

pub(crate) async fn register_project(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        let mut faults = Faults::default();
        let read = read(app, &who, &typed, &mut faults)?;
        let (Some((registration, sealed, contact)), true) = (read, faults.is_empty()) else {
            let page = page(app, &who, frame.shell(Desk::Owner), &typed, faults)?;
            return html_with_faults(&page);
        };
        let options = ActOptions { sealed, person: contact, ..ActOptions::default() };
        let done = app
            .store()
            .register(registration, &who.actor(), options)
            .and_then(tongban_store::Ticket::wait);
        match done {
            Ok(acted) => Ok(redirect(&format!("/a/p/{}?done=register-project", acted.project.id))),
            Err(tongban_store::ActError::Store(StoreError::Taken(code))) => {
                faults.add("code", format!("项目代码 {code} 已经登记过，请核对"));
                html_with_faults(&page(app, &who, frame.shell(Desk::Owner), &typed, faults)?)
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// A registration with the values of its seals and the contact for the vault.
pub(crate) type Read = Option<(Registration, Vec<SealedValue>, Option<Person>)>;

pub(crate) fn read(
    app: &App,
    who: &SignedIn,
    typed: &Typed,
    faults: &mut Faults,
) -> Result<Read, PageError> {
    let catalog = app.catalog()?;
    let flow = typed.get("flow").to_owned();
    if !catalog.flows.contains_key(&flow) {
        faults.add("flow", "请选择项目类型");
    }
    let code = match typed.get("code") {
        "" => None,
        text => match text.parse::<ProjectCode>() {
            Ok(code) => Some(code),
            Err(_) => {
                faults.add("code", "项目代码应为 4-6-2-2-6 位数字，如 2509-320193-89-01-544060");
                None
            }
        },
    };
    let owner = read_owner(who, typed, faults);
    let mut fields = BTreeMap::new();
    let mut sealed = Vec::new();
    for field in catalog.fields.iter().filter(|field| field.at_registration) {
        match field.read(typed.get(&field.key)) {
            Ok(None) => {}
            Ok(Some(ReadValue::Clear(value))) => {
                fields.insert(field.key.clone(), value);
            }
            Ok(Some(ReadValue::Personal(text))) => {
                let (seal, value) = app.store().seal(&text);
                sealed.push(value);
                fields.insert(field.key.clone(), FieldValue::Sealed(seal));
            }
            Err(error) => faults.add(&field.key, value_fault(field, &error)),
        }
    }
    for (later, earlier, _) in dates_out_of_order(&catalog, &fields) {
        faults.add(&later.key, format!("{}不能早于{}", later.label, earlier.label));
    }
    let region = match fields.get(REGION) {
        Some(FieldValue::Region(code)) if catalog.regions.contains_key(code) => Some(*code),
        _ => {
            if faults.of(REGION).is_empty() {
                faults.add(REGION, "请选择项目所在的县（市、区）或者功能区");
            }
            None
        }
    };
    let contact = contact(app, typed);
    let (Some(owner), Some(region)) = (owner, region) else { return Ok(None) };
    let name = typed.get(NAME).to_owned();
    let contact_id = contact.as_ref().map(|person| person.id);
    let registration =
        Registration { code, name, owner, region, flow, fields, contact: contact_id };
    Ok(Some((registration, sealed, contact)))
}

fn read_owner(who: &SignedIn, typed: &Typed, faults: &mut Faults) -> Option<OrganisationReference> {
    if let (Some(uscc), Some(name)) = (&who.0.organisation, &who.0.organisation_name) {
        return Some(OrganisationReference { uscc: uscc.clone(), name: name.clone() });
    }
    let uscc: Option<Uscc> = typed.get("owner-uscc").parse().ok();
    if uscc.is_none() {
        faults.add("owner-uscc", "统一社会信用代码应为 18 位，请核对每一位");
    }
    let name = typed.get("owner-name").to_owned();
    if name.is_empty() {
        faults.add("owner-name", "请填写建设单位名称");
    }
    uscc.filter(|_| !name.is_empty()).map(|uscc| OrganisationReference { uscc, name })
}

fn contact(app: &App, typed: &Typed) -> Option<Person> {
    let (name, phone) = (typed.get(CONTACT), typed.get(PHONE));
    (!name.is_empty() && !phone.is_empty()).then(|| Person {
        id: PersonId::from_bytes(app.store().new_id()),
        name: name.to_owned(),
        phone: phone.to_owned(),
        id_number: String::new(),
    })
}
