//! The account, and messages.

use askama::Template;
use axum::extract::State;
use tongban_domain::{notice::Recipient, permission::Role};

use super::own_department;
use crate::{
    app::App,
    error::PageResult,
    pages::{html, owner_pages},
    session::SignedIn,
    shell::{Desk, Frame, Shell},
};

struct Office {
    role: &'static str,
    department: String,
    region: String,
}

#[derive(Template)]
#[template(path = "staff/account.html")]
struct AccountPage {
    shell: Shell,
    login: String,
    name: String,
    offices: Vec<Office>,
}

pub(crate) async fn account(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        let catalog = app.catalog()?;
        let organisation = app.store().organisation();
        let offices = who.0.mandates.iter().map(|mandate| Office {
            role: mandate.role.name(),
            department: mandate
                .department
                .and_then(|id| organisation.department(id))
                .map_or("—".to_owned(), |department| department.name.clone()),
            region: catalog.region_path(mandate.region),
        });
        html(&AccountPage {
            shell: frame.shell(Desk::Staff),
            login: who.0.login.clone(),
            name: who.0.name.clone(),
            offices: offices.collect(),
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "staff/messages.html")]
struct MessagesPage {
    shell: Shell,
    messages: Vec<owner_pages::MessageLine>,
}

pub(crate) async fn messages(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        let recipient = match own_department(&who) {
            Some(department) => Some(Recipient::Department(department)),
            None if who.0.is(Role::Window) => None,
            None => None,
        };
        let mut messages = Vec::new();
        if let Some(recipient) = recipient {
            messages = owner_pages::message_lines(app, &recipient, "/s")?;
        } else if who.0.is(Role::Window) {
            // A window serves its region and all below it.
            let catalog = app.catalog()?;
            let office = who.0.mandates.first().map_or(0, |mandate| mandate.region);
            for region in catalog.regions.keys() {
                if tongban_domain::permission::covers(&catalog, office, *region) {
                    let recipient = Recipient::Window(*region);
                    messages.extend(owner_pages::message_lines(app, &recipient, "/s")?);
                }
            }
            messages.sort_by(|a, b| b.at.cmp(&a.at));
            messages.truncate(50);
        }
        html(&MessagesPage { shell: frame.shell(Desk::Staff), messages })
    })
    .await
}
