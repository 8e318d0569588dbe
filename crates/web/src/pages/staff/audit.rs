//! What happened to accounts, for the audit administrator (审计管理员): logins, offices given and granted,
//! passwords, closings. What was done to projects is in their journals.

use std::collections::{HashMap, hash_map::Entry};

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use tongban_domain::{ids::AccountId, time::Instant};
use tongban_store::AccessEvent;

use crate::{
    app::App,
    error::PageResult,
    pages::html,
    session::SignedIn,
    shell::{Desk, Frame, Shell},
    words,
};

/// Most lines on a page.
const MOST: usize = 100;

#[derive(Deserialize, Default)]
pub(crate) struct AuditQuery {
    /// Earlier than this moment, in microseconds since 1970.
    #[serde(default)]
    before: String,
}

struct AuditLine {
    at: String,
    what: &'static str,
    whose: String,
    by: String,
    address: String,
}

#[derive(Template)]
#[template(path = "staff/audit.html")]
struct AuditPage {
    shell: Shell,
    lines: Vec<AuditLine>,
    /// Where the earlier ones are.
    earlier: Option<i64>,
    is_first: bool,
}

pub(crate) async fn audit(
    State(app): State<App>,
    frame: Frame,
    _who: SignedIn,
    Query(query): Query<AuditQuery>,
) -> PageResult {
    app.run(move |app| {
        let store = app.store();
        let before = query.before.parse().ok();
        let log = store.access_log(Instant(before.unwrap_or(i64::MAX)), MOST)?;
        let mut names: HashMap<AccountId, String> = HashMap::new();
        for id in log.iter().flat_map(|line| line.by.into_iter().chain([line.account])) {
            if let Entry::Vacant(unknown) = names.entry(id) {
                let account = store.account(id)?;
                let name = account.map(|it| format!("{}（{}）", it.name, it.login));
                unknown.insert(name.unwrap_or_else(|| "没有这个账号".to_owned()));
            }
        }
        let name = |id: &AccountId| names.get(id).cloned().unwrap_or_default();
        let earlier = (log.len() == MOST).then(|| log.last().map(|line| line.at.0)).flatten();
        let lines = log.iter().map(|line| AuditLine {
            at: words::moment(line.at),
            what: line.event.name(),
            whose: name(&line.account),
            by: match (&line.by, line.event) {
                (Some(by), _) => name(by),
                // Who tried is not known.
                (None, AccessEvent::Failed) => "—".to_owned(),
                (None, _) => "本人".to_owned(),
            },
            address: line.address.clone(),
        });
        html(&AuditPage {
            shell: frame.shell(Desk::Staff),
            lines: lines.collect(),
            earlier,
            is_first: before.is_none(),
        })
    })
    .await
}
