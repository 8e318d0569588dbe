//! The unified login: somebody else vouches for people, with passwords beside it and without.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use serde_json::json;
use tongban_domain::time::Instant;
use tongban_outside::{Identity, LoginSecrets, OutsideError, UnifiedLogin, Wanted};
use tongban_simulator::DEMO_PASSWORD;
use tongban_store::{Entering, Origin};
use tongban_web::{Passwords, Unified};

use crate::support::{Answer, TestNode, Visitor};

const ELSEWHERE: &str = "https://login.example/authorize?state=";
const IDENTITY: &str = "11010519491231002X";
const USCC: &str = "91320594MA1MXH2T00";

/// Somebody else who vouches for people.
#[derive(Default)]
struct Elsewhere {
    /// Who stands there; none while it is away.
    who: Mutex<Option<Identity>>,
    /// What the last login was for.
    asked: Mutex<Option<(LoginSecrets, Wanted)>>,
}

impl UnifiedLogin for Elsewhere {
    fn begin(&self, secrets: &LoginSecrets, wanted: Wanted) -> Result<String, OutsideError> {
        *self.asked.lock().unwrap() = Some((secrets.clone(), wanted));
        Ok(format!("{ELSEWHERE}{}", secrets.state))
    }

    fn finish(&self, code: String, secrets: &LoginSecrets) -> Result<Identity, OutsideError> {
        let asked = self.asked.lock().unwrap().clone().unwrap();
        assert_eq!(&asked.0, secrets, "what the browser was sent with is drawn anew");
        match (code.as_str(), &*self.who.lock().unwrap()) {
            ("good", Some(who)) => Ok(who.clone()),
            ("good", None) => Err(OutsideError::Away("timeout".to_owned())),
            _ => Err(OutsideError::Unclear("the code is refused".to_owned())),
        }
    }
}

fn node(passwords: Passwords) -> (TestNode, Arc<Elsewhere>) {
    let elsewhere = Arc::new(Elsewhere::default());
    let provider = elsewhere.clone();
    let name = "省统一身份认证".to_owned();
    let node =
        TestNode::set(|settings| settings.unified = Some(Unified { name, provider, passwords }));
    (node, elsewhere)
}

fn somebody(subject: &str) -> Identity {
    Identity {
        subject: ("https://login.example".to_owned(), subject.to_owned()),
        name: "沈佳".to_owned(),
        id_number: Some(IDENTITY.to_owned()),
        phone: None,
        organisation: None,
        proved_at: None,
    }
}

fn of_a_company(subject: &str) -> Identity {
    let uscc = USCC.parse().unwrap();
    Identity {
        organisation: Some((uscc, "苏州平江置业有限公司".to_owned())), ..somebody(subject)
    }
}

/// Goes there and comes back with a code.
async fn comes_back(visitor: &mut Visitor, begin: &str, code: &str) -> Answer {
    let away = visitor.get(begin).await;
    let state = away.location.strip_prefix(ELSEWHERE).unwrap_or_else(|| panic!("{}", away.text));
    visitor.get(&format!("/login/unified/back?state={state}&code={code}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_acts_for_a_company_gets_its_desk_and_finds_it_again() {
    let (node, elsewhere) = node(Passwords::Accepted);
    *elsewhere.who.lock().unwrap() = Some(of_a_company("u-1"));
    let mut visitor = node.anybody();
    assert!(visitor.get("/login").await.text.contains("用省统一身份认证登录"));
    let back = comes_back(&mut visitor, "/login/unified?back=/a/projects/new", "good").await;
    assert_eq!(back.location, "/a/projects/new", "{}", back.text);
    let mut inside = node.with_token(&back.token.unwrap());
    let page = inside.get("/a/account").await;
    assert!(page.text.contains("苏州平江置业有限公司") && page.text.contains(USCC));
    let accounts = node.store.accounts().unwrap();
    // The same person again, and a colleague: one account each.
    let again = comes_back(&mut node.anybody(), "/login/unified", "good").await;
    assert_eq!(again.location, "/a");
    assert_eq!(node.store.accounts().unwrap().len(), accounts.len());
    *elsewhere.who.lock().unwrap() = Some(of_a_company("u-2"));
    comes_back(&mut node.anybody(), "/login/unified", "good").await;
    assert_eq!(node.store.accounts().unwrap().len(), accounts.len() + 1);
    // It has no password: none is asked for, and none opens it.
    let account = inside.get("/account").await.text;
    assert!(account.contains("您用统一身份认证登录") && !account.contains("现在的密码"));
    let login = accounts.iter().find(|it| it.login.starts_with("unified-")).unwrap();
    for password in ["", " ", DEMO_PASSWORD] {
        let form = [("user", login.login.as_str()), ("pass", password)];
        let refused = node.anybody().post("/login", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{password:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_official_is_found_by_the_identity_number_and_loses_the_first_password() {
    let (node, elsewhere) = node(Passwords::Accepted);
    *elsewhere.who.lock().unwrap() = Some(somebody("u-3"));
    let nobody = comes_back(&mut node.anybody(), "/login/unified", "good").await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text.contains("还没有可以使用的账号"));
    let mut admin = node.as_("sysadmin").await;
    let fields = [("name", "沈佳"), ("login", "shenjia"), ("role", "supervisor")];
    let wrong = [&fields[..], &[("id_number", "110105194912310020")]].concat();
    let refused = admin.post("/s/admin/setup", &wrong).await;
    assert!(refused.text.contains("居民身份号码有误"));
    // As people write it.
    let right = [&fields[..], &[("id_number", "11010519491231002x")]].concat();
    let made = admin.post("/s/admin/setup", &right).await.text;
    let first = made.split("初始密码 <b class=\"code\">").nth(1).unwrap();
    let first = first.split('<').next().unwrap();
    let account = node.store.account_named("shenjia").unwrap().unwrap();
    let grant = format!("/s/admin/accounts/{}/grant", account.id);
    node.as_("secadmin").await.post(&grant, &[]).await;
    let back = comes_back(&mut node.anybody(), "/login/unified", "good").await;
    assert_eq!(back.location, "/s", "{}", back.words_of("error-summary"));
    let mut inside = node.with_token(&back.token.unwrap());
    assert_eq!(inside.get("/s/watch").await.status, StatusCode::OK);
    let form = [("user", "shenjia"), ("pass", first)];
    let refused = node.anybody().post("/login", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(inside.get("/account").await.text.contains("关联统一身份认证"));
    // A closed account stays closed, whoever vouches for the person.
    let close = format!("/s/admin/accounts/{}/close", account.id);
    node.as_("secadmin").await.post(&close, &[]).await;
    let closed = comes_back(&mut node.anybody(), "/login/unified", "good").await;
    assert!(closed.text.contains("您的账号已经停用"));
    // Another one that is made for the person takes its place.
    let fields = [("name", "沈佳"), ("login", "shenjia2"), ("role", "supervisor")];
    let right = [&fields[..], &[("id_number", IDENTITY)]].concat();
    admin.post("/s/admin/setup", &right).await;
    let again = comes_back(&mut node.anybody(), "/login/unified", "good").await;
    let token = again.token.unwrap();
    let session = tokio::task::block_in_place(|| node.store.session(&token).unwrap().unwrap());
    assert_eq!(session.account.login, "shenjia2");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_for_this_browser_or_too_late_opens_nothing() {
    let (node, elsewhere) = node(Passwords::Accepted);
    *elsewhere.who.lock().unwrap() = Some(of_a_company("u-4"));
    let mut one = node.anybody();
    let state = one.get("/login/unified").await.location.replace(ELSEWHERE, "");
    let path = format!("/login/unified/back?state={state}&code=good");
    // An address that somebody else sends around logs nobody in as somebody else.
    let other = node.anybody().get(&path).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.token.is_none() && other.text.contains("不是从这个浏览器开始的"));
    let mut second = node.anybody();
    second.get("/login/unified").await;
    assert!(second.get(&path).await.token.is_none(), "begun here, and the state of another login");
    node.clock_plus_minutes(11);
    assert!(one.get(&path).await.token.is_none(), "too late");
    for (query, words) in [
        ("error=access_denied", "没有完成登录"),
        ("code=bad", "的答复不能使用"),
        ("", "没有完成登录"),
    ] {
        let state = one.get("/login/unified").await.location.replace(ELSEWHERE, "");
        let answer = one.get(&format!("/login/unified/back?state={state}&{query}")).await;
        assert!(answer.text.contains(words) && answer.token.is_none(), "{query}");
    }
    *elsewhere.who.lock().unwrap() = None;
    let away = comes_back(&mut one, "/login/unified", "good").await;
    assert!(away.text.contains("省统一身份认证暂时没有响应"), "{}", away.text);
    // The page to go on with is one of this site.
    *elsewhere.who.lock().unwrap() = Some(of_a_company("u-4"));
    let back = comes_back(&mut one, "/login/unified?back=//elsewhere.example", "good").await;
    assert_eq!(back.location, "/a");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_passwords_off_none_opens_anything_and_decisions_are_confirmed_elsewhere() {
    let (node, elsewhere) = node(Passwords::Off);
    assert!(!node.anybody().get("/login").await.text.contains("type=\"password\""));
    let form = [("user", "officer-planning"), ("pass", DEMO_PASSWORD)];
    assert_eq!(node.anybody().post("/login", &form).await.status, StatusCode::FORBIDDEN);
    let body = json!({ "login": "officer-planning", "password": DEMO_PASSWORD });
    let refused = node.anybody().post_json("/api/v1/session", &body).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["error"]["code"], "passwords-off");
    let inside = |login: &str| {
        let id = node.store.account_named(login).unwrap().unwrap().id;
        let start = || node.store.start_session(id, 1, &Origin::default()).unwrap().0;
        node.with_token(&tokio::task::block_in_place(start))
    };
    // A security administrator closes an account an hour after logging in.
    let mut guard = inside("secadmin");
    let own = node.store.account_named("secadmin").unwrap().unwrap();
    let other = node.store.account_named("officer2-planning").unwrap().unwrap();
    node.clock_plus_minutes(60);
    let close = format!("/s/admin/accounts/{}/close", other.id);
    let asked = guard.post(&close, &[]).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.text.contains("到省统一身份认证确认") && !asked.text.contains("密码或者"));
    let wrong = guard.post(&close, &[("confirm", DEMO_PASSWORD)]).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN, "a password proves nothing either");
    // Somebody else's identity confirms nothing, nor does an old proof.
    let known = somebody("u-6");
    let entering = Entering {
        subject: (&known.subject.0, &known.subject.1),
        name: &known.name,
        id_number: None,
        phone: None,
        organisation: None,
    };
    let link = || node.store.link_login(own.id, entering, "").unwrap();
    assert!(tokio::task::block_in_place(link));
    let now = |minutes: i64| Some(node.store.now().0 / 1_000_000 - minutes * 60);
    let who = |subject: &str, proved_at| Identity { proved_at, ..somebody(subject) };
    let accounts = node.store.accounts().unwrap().len();
    for (identity, proved) in [
        (of_a_company("u-5"), false),
        (who("u-6", None), false),
        (who("u-6", now(5)), false),
        (who("u-6", now(0)), true),
    ] {
        *elsewhere.who.lock().unwrap() = Some(identity);
        let back = comes_back(&mut guard, "/login/unified?confirm=true", "good").await;
        assert_eq!(back.status == StatusCode::OK, proved, "{}", back.text);
        assert_eq!(elsewhere.asked.lock().unwrap().as_ref().unwrap().1, Wanted::Proof);
        let done = guard.post(&close, &[]).await;
        assert_eq!(done.status == StatusCode::SEE_OTHER, proved, "{}", done.text);
    }
    assert_eq!(node.store.accounts().unwrap().len(), accounts, "a proof makes nothing");
    assert!(node.store.account(other.id).unwrap().unwrap().closed_at > Some(Instant(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_a_password_is_linked_and_unlinked_by_its_person() {
    let (node, elsewhere) = node(Passwords::Accepted);
    *elsewhere.who.lock().unwrap() = Some(somebody("u-7"));
    let mut officer = node.as_("officer-planning").await;
    let page = officer.post("/account/unified", &[]).await;
    let state = page.text.split(ELSEWHERE).nth(1).unwrap().split('"').next().unwrap();
    let back = format!("/login/unified/back?state={state}&code=good");
    assert_eq!(officer.get(&back).await.location, "/account?done=linked");
    let entered = comes_back(&mut node.anybody(), "/login/unified?back=/s/queue", "good").await;
    assert_eq!(entered.location, "/s/queue");
    // A half session, or another account, links nothing with what this one began.
    let page = officer.post("/account/unified", &[]).await;
    let state = page.text.split(ELSEWHERE).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let stranger = node.as_("reviewer-planning").await;
    officer.swaps_session(&stranger);
    *elsewhere.who.lock().unwrap() = Some(somebody("u-8"));
    let refused = officer.get(&format!("/login/unified/back?state={state}&code=good")).await;
    assert!(refused.text.contains("不是现在登录的账号"), "{}", refused.text);
    let mut officer = node.as_("officer-planning").await;
    // Nor does an official become somebody who acts for a company.
    *elsewhere.who.lock().unwrap() = Some(of_a_company("u-9"));
    let page = officer.post("/account/unified", &[]).await;
    let state = page.text.split(ELSEWHERE).nth(1).unwrap().split('"').next().unwrap();
    let refused = officer.get(&format!("/login/unified/back?state={state}&code=good")).await;
    assert!(refused.text.contains("请用个人身份登录"), "{}", refused.text);
    *elsewhere.who.lock().unwrap() = Some(somebody("u-7"));
    // Nobody else takes the same identity.
    let mut other = node.as_("officer2-planning").await;
    let page = other.post("/account/unified", &[]).await;
    let state = page.text.split(ELSEWHERE).nth(1).unwrap().split('"').next().unwrap();
    let refused = other.get(&format!("/login/unified/back?state={state}&code=good")).await;
    assert!(refused.text.contains("已经关联了另一个账号"));
    let done = officer.post("/account/unified/remove", &[]).await;
    assert_eq!(done.location, "/account?done=unlinked");
    let mut inside = node.with_token(&entered.token.unwrap());
    assert!(inside.get("/s/queue").await.location.starts_with("/login"), "its session is over");
    let nobody = comes_back(&mut node.anybody(), "/login/unified", "good").await;
    assert!(nobody.text.contains("还没有可以使用的账号"));
}
