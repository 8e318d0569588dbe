//! Systems of departments (部门业务系统): who calls when one shows its key, and which of its acts on a
//! case a request is.

use std::sync::Arc;

use axum::http::{HeaderMap, Method, header, request::Parts};
use sm3::Digest as _;
use tongban_domain::{
    fact::Channel,
    ids::{AccountId, CaseId, DepartmentId, PersonId},
    organisation::Department,
    permission::{Actor, Mandate, Role},
};
use tongban_store::{Account, Request, SessionId, Store};

use crate::{
    app::App,
    error::PageError,
    session::{Proof, SignedIn},
    told::Asking,
};

/// The login name of the officer for whom the system acts.
pub(crate) const OFFICER: &str = "tongban-officer";
/// The number of the act among those of the system on its case, from 1.
pub(crate) const SEQUENCE: &str = "tongban-sequence";

/// A department's system that calls.
#[derive(Debug, Clone)]
pub(crate) struct CallingSystem {
    /// Whose.
    pub(crate) department: DepartmentId,
    /// Its name.
    pub(crate) name: Arc<str>,
}

/// The key a request shows, if it looks like one of a system.
pub(crate) fn key(headers: &HeaderMap) -> Option<&str> {
    let shown = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    shown.strip_prefix("Bearer ").filter(|token| Store::is_system_key(token))
}

/// The officer of a department for whom its system calls; to read, it may call for itself. None
/// where no key of a system is shown.
pub(crate) async fn caller(parts: &Parts, app: &App) -> Result<Option<SignedIn>, PageError> {
    let Some(key) = key(&parts.headers) else { return Ok(None) };
    let known = app.store().department_with_key(key);
    let department = known.ok_or_else(|| PageError::LoginNeeded { back: "/".to_owned() })?;
    Asking::note(parts, department.id);
    let own = itself(&department);
    let system = CallingSystem { department: department.id, name: own.name.as_str().into() };
    let officer = parts.headers.get(OFFICER).map(|it| String::from_utf8_lossy(it.as_bytes()));
    let account = match officer.map(|login| login.trim().to_owned()) {
        Some(login) => app.run(move |app| officer_of(app, department.id, &login)).await?,
        None if parts.method == Method::GET => own,
        None => return Err(PageError::BadRequest(NAME_THE_OFFICER.to_owned())),
    };
    // The key is the proof, and it was shown just now.
    let proof = Proof { session: SessionId::default(), confirmed_at: app.store().now() };
    Ok(Some(SignedIn(account, proof, Some(system))))
}

const NAME_THE_OFFICER: &str = "请在 Tongban-Officer 写明经办人的登录名。";

const fn works_on_cases(role: Role) -> bool {
    matches!(role, Role::Officer | Role::Reviewer | Role::Approver)
}

/// A person of the department, with the offices held there and no others.
fn officer_of(app: &App, department: DepartmentId, login: &str) -> Result<Account, PageError> {
    let unknown = || PageError::NotItsOfficer(login.to_owned());
    let mut account = app.store().account_named(login)?.ok_or_else(unknown)?;
    account
        .mandates
        .retain(|mandate| mandate.department == Some(department) && works_on_cases(mandate.role));
    account.organisation = None;
    if account.mandates.is_empty() { Err(unknown()) } else { Ok(account) }
}

/// The system itself, which may read what the officers of its department may.
fn itself(department: &Department) -> Account {
    let mandate =
        Mandate { role: Role::Officer, department: Some(department.id), region: department.region };
    Account {
        id: AccountId::from_bytes([0; 16]),
        login: String::new(),
        person: PersonId::from_bytes([0; 16]),
        name: department.system.as_ref().map_or_else(String::new, |system| system.name.clone()),
        organisation: None,
        organisation_name: None,
        mandates: vec![mandate],
        waiting: Vec::new(),
        has_password: false,
        temporary: false,
        second_factor: false,
        has_key: false,
        closed_at: None,
    }
}

impl CallingSystem {
    /// An officer as the one who acts through it.
    pub(crate) fn actor(account: &Account) -> Actor {
        account.actor(Channel::DepartmentSystem)
    }

    /// Which of its acts on a case a request is: the number, and the request under which a repeat
    /// gets the same answer.
    pub(crate) fn numbered(
        &self,
        headers: &HeaderMap,
        officer: &Account,
        (case, path): (CaseId, &str),
        body: &[u8],
    ) -> Result<(u32, Request), PageError> {
        let number = headers.get(SEQUENCE).and_then(|it| it.to_str().ok()?.trim().parse().ok());
        let number: u32 = number.filter(|number| *number > 0).ok_or_else(|| {
            PageError::BadRequest(
                "请在 Tongban-Sequence 写明本系统对这个办件的第几次操作，从 1 起。".to_owned(),
            )
        })?;
        let digest = [path.as_bytes(), officer.login.as_bytes(), body]
            .into_iter()
            .fold(sm3::Sm3::new(), |sm3, part| {
                sm3.chain_update((part.len() as u64).to_be_bytes()).chain_update(part)
            })
            .finalize();
        // Of the system, whoever the officer is: its numbers run on.
        let account = AccountId::from_bytes(*self.department.as_bytes());
        let key = format!("{case} {number}");
        Ok((number, Request { account, key, digest: digest.into() }))
    }
}
