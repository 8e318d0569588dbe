//! What a login lacks after the password: a password of one's own, the password of the phone, or a
//! phone that makes them.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use tongban_store::{Guess, OneTimeSecret, Origin, Session};

use super::login::{LoginQuery, home};
use crate::{
    app::App,
    components::{FaultSummary, phone_picture},
    error::{PageError, PageResult},
    forms::{Faults, Typed},
    pages::{html, html_with_faults, own_path, redirect},
    session::{self, Lack, lack},
    shell::{Desk, Frame, Shell},
    words,
};

#[derive(Template)]
#[template(path = "public/next.html")]
struct NextPage {
    shell: Shell,
    lack: Lack,
    back: String,
    login: String,
    /// Whether a phone makes passwords, and whether there are security keys that open this address.
    has_phone: bool,
    has_key: bool,
    /// Of the phone: its secret as it is typed in, and as a picture.
    secret: String,
    picture: String,
    faults: Faults,
}

impl NextPage {
    fn summary(&self) -> FaultSummary<'_> {
        FaultSummary(&self.faults)
    }
}

fn page(
    app: &App,
    frame: &Frame,
    (session, lack): (&Session, Lack),
    (back, secret): (&str, Option<OneTimeSecret>),
    faults: Faults,
) -> PageResult {
    let secret = match lack {
        Lack::Phone => Some(secret.unwrap_or_else(|| app.store().new_one_time_secret())),
        Lack::Code | Lack::OwnPassword => None,
    };
    let login = &session.account.login;
    let picture = secret.as_ref().map(|it| phone_picture(it, &app.settings().place, login));
    let faulty = !faults.is_empty();
    let page = NextPage {
        shell: frame.shell(Desk::Public),
        lack,
        has_phone: session.account.second_factor,
        has_key: session.account.has_key && app.relying_party().is_some(),
        back: back.to_owned(),
        login: login.clone(),
        secret: secret.map_or(String::new(), |it| it.to_text()),
        picture: picture.unwrap_or_default(),
        faults,
    };
    if faulty { html_with_faults(&page) } else { html(&page) }
}

pub(crate) async fn next(
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
    Query(query): Query<LoginQuery>,
) -> PageResult {
    let Some(session) = session::session(&headers, &app).await? else {
        return Err(PageError::LoginNeeded { back: query.back });
    };
    app.run(move |app| match lack(app, &session) {
        Some(lack) => page(app, &frame, (&session, lack), (&query.back, None), Faults::default()),
        None => Ok(redirect(own_path(&query.back).unwrap_or_else(|| home(&session.account)))),
    })
    .await
}

pub(crate) async fn go_on(
    State(app): State<App>,
    frame: Frame,
    headers: HeaderMap,
    origin: Origin,
    Form(pairs): Form<Vec<(String, String)>>,
) -> PageResult {
    let typed = Typed::new(pairs);
    let back = typed.get("back").to_owned();
    let Some(session) = session::session(&headers, &app).await? else {
        return Err(PageError::LoginNeeded { back });
    };
    app.run(move |app| {
        let store = app.store();
        let to = own_path(&back).unwrap_or_else(|| home(&session.account));
        let Some(lack) = lack(app, &session) else { return Ok(redirect(to)) };
        let (account, mut faults) = (&session.account, Faults::default());
        let secret = OneTimeSecret::from_text(typed.get("secret"));
        let code = typed.get("code").replace(' ', "");
        let key = typed.raw("security-key");
        match (lack, &secret) {
            (Lack::Code, _) if !key.is_empty() => {
                let check = |party| store.check_key(session.id, account.id, party, key);
                if !app.relying_party().map(check).transpose()?.unwrap_or(false) {
                    store.note_failed_login(&account.login, &origin.address)?;
                    faults.add("code", "安全密钥没有通过核对，请再试一次");
                }
            }
            (Lack::Code, _) => match store.check_second_factor(account.id, &code)? {
                Guess::Right(()) => {}
                Guess::Wrong => {
                    store.note_failed_login(&account.login, &origin.address)?;
                    faults.add("code", words::WRONG_CODE);
                }
                Guess::TooMany(minutes) => faults.add("code", words::too_many(minutes)),
            },
            (Lack::OwnPassword, _) => {
                words::new_password(&typed, &mut faults);
                if faults.is_empty() {
                    let passwords = (typed.raw("old"), typed.raw("new"));
                    let done =
                        store.change_password(account, passwords, session.id, &origin.address)?;
                    words::password_faults(done, &mut faults);
                }
            }
            (Lack::Phone, None) => faults.add("code", "请重新打开这一页"),
            (Lack::Phone, Some(secret)) => {
                if !store.set_second_factor(
                    account.id,
                    session.id,
                    (secret, &code),
                    &origin.address,
                )? {
                    faults.add("code", words::WRONG_CODE);
                }
            }
        }
        if !faults.is_empty() {
            return page(app, &frame, (&session, lack), (&back, secret), faults);
        }
        // More than before is open now, so it is another session.
        let factors = if lack == Lack::OwnPassword { session.factors } else { 2 };
        if let Some(token) = session::token(app, &headers) {
            store.end_session(token)?;
        }
        let token = store.start_session(account.id, factors, &origin)?;
        Ok(([(header::SET_COOKIE, session::set_cookie(app, &token))], redirect(to)).into_response())
    })
    .await
}
