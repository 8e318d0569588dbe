//! How somebody logs in (登录与安全): password, phone, other sessions, what happened lately.

use askama::Template;
use axum::{Form, extract::State};
use tongban_store::{Guess, OneTimeSecret};

use crate::{
    app::{App, SecondFactor},
    components::{FaultSummary, phone_picture},
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    from::From,
    pages::{html, html_with_faults, redirect, security_keys::hex},
    session::{SignedIn, prove},
    shell::{Desk, Frame, Shell},
    unified::Passwords,
    words,
};

/// One line of what happened.
struct EventLine {
    at: String,
    what: &'static str,
    by: String,
    address: String,
}

/// A place somebody is logged in at.
struct SessionLine {
    id: String,
    device: String,
    address: String,
    began: String,
    used: String,
    /// Whether it is the one that asks.
    own: bool,
}

/// A security key.
struct KeyLine {
    id: String,
    name: String,
    since: String,
    used: String,
}

#[derive(Template)]
#[template(path = "security.html")]
struct SecurityPage {
    shell: Shell,
    login: String,
    faults: Faults,
    has_phone: bool,
    /// Whether a password opens the account.
    has_password: bool,
    /// Security keys: id, name, since, used last; none where this address has no keys.
    keys: Option<Vec<KeyLine>>,
    /// What the unified login is called, where there is one, and whether it leads here.
    unified: Option<(String, bool)>,
    /// Officials of this node cannot do without.
    required: bool,
    secret: String,
    picture: String,
    sessions: Vec<SessionLine>,
    events: Vec<EventLine>,
}

impl SecurityPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

fn sessions(app: &App, who: &SignedIn) -> Result<Vec<SessionLine>, PageError> {
    let running = app.store().running_sessions(who.0.id)?.into_iter();
    let mut lines: Vec<SessionLine> = running
        .map(|it| SessionLine {
            id: it.id.to_text(),
            device: if it.origin.device.is_empty() {
                "未知设备".to_owned()
            } else {
                it.origin.device
            },
            address: it.origin.address,
            began: words::moment(it.began),
            used: words::moment(it.used),
            own: it.id == who.1.session,
        })
        .collect();
    lines.sort_by_key(|line| !line.own);
    Ok(lines)
}

/// Whether a password opens the account of somebody.
fn has_password(app: &App, who: &SignedIn) -> bool {
    who.0.has_password && app.settings().passwords() == Passwords::Accepted
}

fn page(
    app: &App,
    frame: &Frame,
    who: &SignedIn,
    secret: Option<OneTimeSecret>,
    faults: Faults,
) -> PageResult {
    let store = app.store();
    let lines = store.access_lines(who.0.id)?;
    let names = store.account_names(lines.iter().filter_map(|line| line.by))?;
    let events = lines.into_iter().map(|line| EventLine {
        at: words::moment(line.at),
        what: line.event.name(),
        by: line.by.and_then(|by| names.get(&by).cloned()).unwrap_or_else(|| "本人".to_owned()),
        address: line.address,
    });
    let fresh = || secret.unwrap_or_else(|| store.new_one_time_secret());
    let secret = (!who.0.second_factor).then(fresh);
    let picture = |it: &OneTimeSecret| phone_picture(it, &app.settings().place, &who.0.login);
    let keys = store.security_keys(who.0.id)?.into_iter().map(|key| KeyLine {
        id: hex(&key.id),
        name: key.name,
        since: words::moment(key.since),
        used: key.used.map_or_else(
            || "还没有用过".to_owned(),
            |used| format!("最近使用 {}", words::moment(used)),
        ),
    });
    let unified = app.settings().unified.as_ref();
    let linked = unified.is_some() && store.is_linked(who.0.id)?;
    let faulty = !faults.is_empty();
    let page = SecurityPage {
        shell: frame.shell(if who.is_staff() { Desk::Staff } else { Desk::Owner }),
        login: who.0.login.clone(),
        faults,
        has_phone: who.0.second_factor,
        has_password: has_password(app, who),
        keys: app.relying_party().map(|_| keys.collect()),
        unified: unified.map(|it| (it.name.clone(), linked)),
        required: who.is_staff() && app.settings().second_factor == SecondFactor::Required,
        picture: secret.as_ref().map(picture).unwrap_or_default(),
        secret: secret.map_or(String::new(), |it| it.to_text()),
        sessions: sessions(app, who)?,
        events: events.collect(),
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}

pub(crate) async fn security(State(app): State<App>, frame: Frame, who: SignedIn) -> PageResult {
    app.run(move |app| page(app, &frame, &who, None, Faults::default())).await
}

pub(crate) async fn change_password(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    From(address): From,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        if !has_password(app, &who) {
            return Err(PageError::PasswordsOff);
        }
        let (typed, mut faults) = (Typed::new(pairs), Faults::default());
        words::new_password(&typed, &mut faults);
        if faults.is_empty() {
            let passwords = (typed.raw("old"), typed.raw("new"));
            let session = who.1.session;
            let done = app.store().change_password(&who.0, passwords, session, &address)?;
            words::password_faults(done, &mut faults);
        }
        if !faults.is_empty() {
            return page(app, &frame, &who, None, faults);
        }
        Ok(redirect("/account?done=password-changed"))
    })
    .await
}

pub(crate) async fn set_phone(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    From(address): From,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let (typed, mut faults) = (Typed::new(pairs), Faults::default());
        let code = typed.get("code").replace(' ', "");
        let secret = OneTimeSecret::from_text(typed.get("secret"));
        // A browser that was left open binds nobody's phone.
        if has_password(app, &who) {
            match app.store().check_login(&who.0.login, typed.raw("own"))? {
                Guess::Right(id) if id == who.0.id => {}
                Guess::Right(_) | Guess::Wrong => faults.add("own", "密码不对"),
                Guess::TooMany(minutes) => faults.add("own", words::too_many(minutes)),
            }
        } else {
            prove(app, &who.0, who.1, &typed)?;
        }
        if !faults.is_empty() {
            return page(app, &frame, &who, secret, faults);
        }
        let set = match &secret {
            Some(secret) if !who.0.second_factor => {
                app.store().set_second_factor(who.0.id, who.1.session, (secret, &code), &address)?
            }
            Some(_) | None => false,
        };
        if !set {
            faults.add("code", words::WRONG_CODE);
            return page(app, &frame, &who, secret, faults);
        }
        Ok(redirect("/account?done=phone-set"))
    })
    .await
}

pub(crate) async fn remove_phone(
    State(app): State<App>,
    frame: Frame,
    who: SignedIn,
    From(address): From,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let (typed, mut faults) = (Typed::new(pairs), Faults::default());
        let code = typed.get("remove").replace(' ', "");
        match app.store().check_second_factor(who.0.id, &code)? {
            Guess::Right(()) => {
                app.store().remove_second_factor(who.0.id, Some(who.1.session), None, &address)?
            }
            Guess::Wrong => faults.add("remove", words::WRONG_CODE),
            Guess::TooMany(minutes) => faults.add("remove", words::too_many(minutes)),
        }
        if !faults.is_empty() {
            return page(app, &frame, &who, None, faults);
        }
        Ok(redirect("/account?done=phone-removed"))
    })
    .await
}

pub(crate) async fn end_sessions(
    State(app): State<App>,
    who: SignedIn,
    From(address): From,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    app.run(move |app| {
        let typed = Typed::new(pairs);
        // Who finds a browser left open does not throw its person out everywhere else.
        prove(app, &who.0, who.1, &typed)?;
        let one = typed.get("session");
        if one.is_empty() {
            app.store().end_other_sessions(who.0.id, who.1.session, &address)?;
            return Ok(redirect("/account?done=sessions-ended"));
        }
        // One that is over already is as the person wanted it.
        app.store().end_session_of(who.0.id, one, &address)?;
        Ok(redirect("/account?done=session-ended"))
    })
    .await
}
