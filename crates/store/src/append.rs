//! What one act writes in its transaction: facts, claims, counters, rows, messages, the answer.

use std::collections::BTreeMap;

use tongban_domain::{
    application::ApplicationFact,
    case::CaseFact,
    credit::CreditFact,
    fact::{Fact, Recorded},
    notice::{Message, messages},
    project::{Project, ProjectFact},
    sealed::SealedValue,
    time::Instant,
};

use crate::{
    acts::{ActOptions, Counters},
    change::{Change, Head, NewFact},
    credit::beside,
    documents::{DOCUMENT, LICENCE},
    engine::Value,
    error::StoreError,
    projection::Rows,
    vault::{Column, Vault},
};

/// Keeps the value of a seal.
pub(crate) const SEAL: &str = "INSERT INTO sealed (id, salt, value) VALUES ($1, $2, $3)";

pub(crate) fn seal_row(vault: &Vault, sealed: &SealedValue) -> Result<Vec<Value>, StoreError> {
    let (id, salt) = (sealed.id.as_bytes(), Value::Blob(sealed.salt.to_vec()));
    Ok(vec![id.into(), salt, vault.seal(Column::Sealed, id, &sealed.value)?])
}

/// Everything one act on a project writes.
pub(crate) fn change(
    vault: &Vault,
    (project, after): (&Project, Head),
    (facts, credit): (&[Recorded], &[CreditFact]),
    (old, new): (&Rows, &Rows),
    counters: Counters,
    options: ActOptions,
    answer: String,
) -> Result<Change, StoreError> {
    const CLAIM: &str = "INSERT INTO claims (kind, value, stream) VALUES ($1, $2, $3)";
    const COUNT: &str = "INSERT INTO counters (kind, period, last) VALUES ($1, $2, $3) \
                         ON CONFLICT (kind, period) DO UPDATE SET last = \
                         CASE WHEN excluded.last > counters.last THEN excluded.last \
                         ELSE counters.last END";
    const KEEP: &str = "INSERT INTO answers (account, request, digest, answer, at) \
                        VALUES ($1, $2, $3, $4, $5)";
    let envelope = facts.first().map(|recorded| &recorded.envelope);
    let at = envelope.map_or(Instant(0), |envelope| envelope.recorded_at);
    let mut change = Change {
        facts: facts.iter().map(NewFact::of).collect(),
        after,
        appended: envelope.map_or_else(Vec::new, |envelope| {
            credit.iter().map(|fact| beside(envelope, fact.clone())).collect()
        }),
        messages: messages(project, facts).iter().map(|it| message_row(project, it, at)).collect(),
        statements: Vec::new(),
    };
    for (kind, value) in facts.iter().filter_map(claim).flatten() {
        let values = vec![kind.into(), value.as_str().into(), project.id.as_bytes().into()];
        change.add_unique(CLAIM, values, &value);
    }
    if let Some(person) = &options.person {
        crate::persons::keep(vault, &mut change, person)?;
    }
    for file in &options.files {
        crate::files::keep(vault, &mut change, file, None, at)?;
    }
    for sealed in &options.sealed {
        change.add(SEAL, seal_row(vault, sealed)?);
    }
    for ((kind, period), last) in counters {
        change.add(COUNT, vec![kind.into(), period.into(), i64::from(last).into()]);
    }
    for (sql, values) in difference(old, new) {
        change.add(sql, values);
    }
    if let Some(draft) = &options.draft {
        crate::drafts::use_up(&mut change, draft);
    }
    if let Some(request) = &options.request {
        let values = vec![
            request.account.as_bytes().into(),
            request.key.as_str().into(),
            Value::Blob(request.digest.to_vec()),
            answer.into(),
            at.0.into(),
        ];
        change.add_unique(KEEP, values, &request.key);
    }
    Ok(change)
}

/// A message of the outbox, but for its place.
pub(crate) fn message_row(project: &Project, message: &Message, at: Instant) -> Vec<Value> {
    vec![
        message.to.key().into(),
        message.act.key().into(),
        project.id.as_bytes().into(),
        message.application.as_ref().map(|id| id.as_bytes()).into(),
        message.case.as_ref().map(|id| id.as_bytes()).into(),
        at.0.into(),
    ]
}

/// What must be unique over all streams.
fn claim(recorded: &Recorded) -> Option<Vec<(&'static str, String)>> {
    match &recorded.fact {
        Fact::Project(ProjectFact::Registered { code, .. }) => {
            Some(vec![("project-code", code.to_string())])
        }
        Fact::Application(_, ApplicationFact::Submitted { number, cases, .. }) => {
            let mut claims = vec![("application-number", number.clone())];
            claims.extend(cases.iter().map(|opened| ("case-number", opened.number.clone())));
            Some(claims)
        }
        Fact::Case(_, CaseFact::Decided(decision)) => {
            decision.document.clone().map(|number| vec![("document-number", number)])
        }
        Fact::Project(ProjectFact::DocumentIssued(issued)) => {
            let mut claims = vec![(DOCUMENT, issued.document.to_string())];
            claims.extend(issued.identity.as_ref().map(|it| (LICENCE, it.to_string())));
            Some(claims)
        }
        Fact::Project(_)
        | Fact::Application(..)
        | Fact::Case(..)
        | Fact::PackPublished { .. }
        | Fact::Organisation(_)
        | Fact::Credit(_) => None,
    }
}

/// Statements that turn the old rows into the new ones.
fn difference(old: &Rows, new: &Rows) -> Vec<(&'static str, Vec<Value>)> {
    let mut statements = Vec::new();
    for place @ (table, key) in old.keys() {
        if !new.contains_key(place) {
            statements.push((table.delete(), key.clone()));
        }
    }
    for (place @ (table, _), row) in new {
        match old.get(place) {
            Some(known) if known == row => {}
            Some(_) => statements.push((table.update(), row.clone())),
            None => statements.push((table.insert(), row.clone())),
        }
    }
    statements
}

/// Rows by table, for verification.
pub(crate) fn rows_by_table(rows: Rows) -> BTreeMap<crate::projection::Table, Vec<Vec<Value>>> {
    let mut tables: BTreeMap<_, Vec<Vec<Value>>> = BTreeMap::new();
    for ((table, _), row) in rows {
        tables.entry(table).or_default().push(row);
    }
    tables
}
