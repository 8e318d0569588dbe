//! The account, and messages.

use askama::Template;
use axum::extract::State;
use tongban_domain::{
    acts::{About, ActName, declaration},
    catalog::{Measure, MeasureCause},
    credit::CreditKind,
    notice::Recipient,
    time::Instant,
};

use crate::{
    app::App,
    error::{PageError, PageResult},
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

#[derive(Template)]
#[template(path = "owner/account.html")]
struct AccountPage {
    shell: Shell,
    login: String,
    name: String,
    unit: String,
    uscc: String,
    /// Credit records that count today: kind, what they rest on, until when, what they do.
    records: Vec<(String, String, String)>,
    /// Items that the law bars from being applied for: name, from when again, in which case.
    bars: Vec<(String, String, String)>,
}

pub(crate) async fn account(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    let (catalog, credit) = (app.catalog()?, app.store().credit());
    let today = app.store().now().day();
    let effects = |kind: CreditKind| {
        let caused = |it: &&Measure| it.when == MeasureCause::Credit(kind);
        let measures = catalog.measures.iter().filter(caused);
        measures.map(|it| words::effect(it.effect)).collect::<Vec<_>>().join("、")
    };
    let mut records = Vec::new();
    if let Some(owner) = &who.0.organisation {
        records.extend(credit.of(owner, today).map(|record| {
            let entry = &record.entry;
            let term = format!("{}，有效期至{}", entry.list, words::day(entry.until));
            (entry.kind.name().to_owned(), term, effects(entry.kind))
        }));
    }
    let mut bars = Vec::new();
    if let Some(owner) = &who.0.organisation {
        bars.extend(credit.bars_of(owner, today).map(|bar| {
            let item = catalog.item(&bar.item).map_or(bar.item.as_str(), |item| &item.name);
            (item.to_owned(), words::day(bar.until.plus(1)), bar.case.clone())
        }));
    }
    html(&AccountPage {
        records,
        bars,
        shell: frame.shell(Desk::Owner),
        login: who.0.login.clone(),
        name: who.0.name.clone(),
        uscc: who.0.organisation.as_ref().map_or(String::new(), ToString::to_string),
        unit: who.0.organisation_name.unwrap_or_default(),
    })
}

/// A message in a list.
pub(crate) struct MessageLine {
    pub(crate) moment: Instant,
    pub(crate) at: String,
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) url: String,
}

/// The messages of a recipient, as a desk shows them.
pub(crate) fn message_lines(
    app: &App,
    recipient: &Recipient,
    desk: &str,
) -> Result<Vec<MessageLine>, PageError> {
    let mut lines = Vec::new();
    for message in app.store().inbox(recipient, 50)? {
        let Some(project) = app.store().project(message.project)? else { continue };
        let case = message.case.and_then(|id| project.cases.get(&id));
        let url = match (declaration(message.act).name.about(), message.case, message.application) {
            // Who acted for an owner does not see its project any more.
            _ if message.act == ActName::EndAgency => format!("{desk}/projects"),
            (About::Case, Some(case), _) => format!("{desk}/c/{case}"),
            (_, _, Some(application)) => format!("{desk}/j/{application}"),
            _ => format!("{desk}/p/{}", message.project),
        };
        let about = match case {
            Some(case) => format!("{} · {}", project.name, case.opened.name),
            None => project.name.clone(),
        };
        lines.push(MessageLine {
            moment: message.at,
            at: words::moment(message.at),
            title: words::told(message.act, recipient).to_owned(),
            about,
            url,
        });
    }
    Ok(lines)
}

#[derive(Template)]
#[template(path = "owner/messages.html")]
struct MessagesPage {
    shell: Shell,
    messages: Vec<MessageLine>,
}

pub(crate) async fn messages(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| {
        // Of the own organisation, and of owners for whom this person acts.
        let owner = who.0.organisation.as_ref().map(ToString::to_string);
        let recipients = owner.map(Recipient::Organisation).into_iter();
        let mut messages = Vec::new();
        for recipient in recipients.chain([Recipient::Account(who.0.id)]) {
            messages.extend(message_lines(app, &recipient, "/a")?);
        }
        messages.sort_by_key(|message| std::cmp::Reverse(message.moment));
        html(&MessagesPage { shell: frame.shell(Desk::Owner), messages })
    })
    .await
}
