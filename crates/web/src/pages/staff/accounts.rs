//! Accounts of the node (账号管理): who has which office, closing and opening, passwords and phones
//! that were lost. Each of it is noted with the account.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
};
use tongban_domain::{
    ids::AccountId,
    permission::{Mandate, Role, covers},
};
use tongban_store::Account;

use crate::{
    app::App,
    error::{PageError, PageResult},
    forms::Typed,
    pages::{html, redirect},
    session::{SignedIn, prove},
    shell::{Desk, Frame, Shell},
    unified::Passwords,
    words,
};

struct AccountLine {
    id: String,
    login: String,
    name: String,
    offices: String,
    /// Offices that wait to be granted.
    waiting: String,
    closed: Option<String>,
    has_phone: bool,
    has_key: bool,
    temporary: bool,
    /// One's own account is left alone here: nobody locks oneself out.
    own: bool,
}

#[derive(Template)]
#[template(path = "staff/accounts.html")]
struct AccountsPage {
    shell: Shell,
    query: String,
    all: usize,
    accounts: Vec<AccountLine>,
    /// Login and new password, shown once.
    reset: Option<(String, String)>,
    may_edit: bool,
    may_make: bool,
    /// Whether a new password would open anything.
    passwords: Passwords,
}

/// Most accounts on the page; the others are found by name.
const SHOWN: usize = 200;

fn page(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    query: &str,
    reset: Option<(String, String)>,
) -> PageResult {
    let organisation = app.store().organisation();
    let named = |mandates: &[Mandate]| {
        let offices = mandates.iter().map(|mandate| {
            let department = mandate.department.and_then(|id| organisation.department(id));
            let of = department.map_or(String::new(), |it| format!("（{}）", it.name));
            format!("{}{of}", mandate.role.name())
        });
        offices.collect::<Vec<_>>().join("、")
    };
    let offices = |account: &Account| {
        let held = Some(named(&account.mandates)).filter(|held| !held.is_empty());
        held.into_iter().chain(account.organisation_name.clone()).collect::<Vec<_>>().join("、")
    };
    let mut all = app.store().accounts()?;
    // What waits for somebody comes first.
    all.sort_by_key(|account| account.waiting.is_empty());
    let found = all.iter().filter(|account| {
        query.is_empty() || account.login.contains(query) || account.name.contains(query)
    });
    let lines = found.take(SHOWN).map(|account| AccountLine {
        id: account.id.to_string(),
        login: account.login.clone(),
        name: account.name.clone(),
        offices: offices(account),
        waiting: named(&account.waiting),
        closed: account.closed_at.map(words::moment),
        has_phone: account.second_factor,
        has_key: account.has_key,
        temporary: account.temporary,
        own: account.id == who.0.id,
    });
    html(&AccountsPage {
        shell: frame.shell(Desk::Staff),
        query: query.to_owned(),
        all: all.len(),
        accounts: lines.collect(),
        reset,
        may_edit: who.0.is(Role::SecurityAdministrator),
        may_make: who.0.is(Role::SystemAdministrator),
        passwords: app.settings().passwords(),
    })
}

pub(crate) async fn accounts(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    let typed = Typed::new(pairs);
    app.run(move |app| page(app, &frame, &who, typed.get("q"), None)).await
}

pub(crate) async fn change_account(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    Path((id, what)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let (store, by) = (app.store(), who.0.id);
        let id: AccountId = id.parse().map_err(|_| PageError::NotFound)?;
        let account = store.account(id)?.ok_or(PageError::NotFound)?;
        if id == by {
            return Err(PageError::BadRequest("不能在这里更改自己的账号。".to_owned()));
        }
        let catalog = app.catalog()?;
        let within = |mandate: &Mandate| {
            let mut own = who.0.mandates.iter().filter(|it| it.role == Role::SecurityAdministrator);
            // Whoever keeps this node's copy of the list of the province belongs to the node, too.
            let above = mandate.role == Role::Administrator;
            own.any(|it| {
                covers(&catalog, it.region, mandate.region)
                    || above && covers(&catalog, mandate.region, it.region)
            })
        };
        let given = account.mandates.iter().chain(&account.waiting);
        let mut offices = given.filter(|it| !it.role.is_outside());
        if !offices.all(within) {
            return Err(PageError::NotFound);
        }
        // A new password shown to one administrator would be the office of another one.
        let apart = account.mandates.iter().any(|mandate| mandate.role.stands_alone());
        if apart && ["reset", "remove-phone"].contains(&what.as_str()) {
            return Err(PageError::BadRequest(
                "系统、安全、审计管理员的密码和手机由运维人员在服务器上重置。".to_owned(),
            ));
        }
        // Whoever has this page open gives out passwords: not without proving who it is.
        prove(app, &who.0, who.1, &Typed::new(pairs))?;
        let done = match what.as_str() {
            "grant" | "refuse" => {
                let granted = what == "grant";
                if !store.grant_offices(id, granted, by)? {
                    return Err(PageError::BadRequest(
                        "没有待授权的角色，或者这个账号是您自己建立的。".to_owned(),
                    ));
                }
                if granted { "granted" } else { "not-granted" }
            }
            "close" => {
                store.close_account(id, true, by)?;
                "account-closed"
            }
            "open" => {
                store.close_account(id, false, by)?;
                "account-opened"
            }
            "remove-phone" => {
                store.remove_second_factor(id, None, Some(by), "")?;
                "phone-removed"
            }
            "reset" => {
                let password = store.reset_password(id, by)?;
                let reset = Some((account.login, password));
                return page(app, &frame, &who, "", reset);
            }
            _ => return Err(PageError::NotFound),
        };
        Ok(redirect(&format!("/s/admin/accounts?done={done}")))
    })
    .await
}
