//! Logging in with more than a password, proving once more who one is, and accounts that end.

use axum::http::StatusCode;
use serde_json::json;
use tongban_domain::reason::ReasonKind;
use tongban_simulator::DEMO_PASSWORD;
use tongban_store::OneTimeSecret;
use tongban_web::SecondFactor;

use crate::support::{Answer, TestNode, Visitor, case_of, registered, submitted};

const NEW: &str = "马场湖的石桥没有栏杆哦";

async fn logs_in(node: &TestNode, login: &str, password: &str) -> (Answer, Visitor) {
    let answer = node.anybody().post("/login", &[("user", login), ("pass", password)]).await;
    let token = answer.token.clone().unwrap_or_default();
    (answer, node.with_token(&token))
}

/// The secret that a page shows for the phone.
fn secret_on(page: &str) -> OneTimeSecret {
    let rest = page.split("name=\"secret\" value=\"").nth(1).unwrap();
    OneTimeSecret::from_text(rest.split('"').next().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_somebody_else_gave_is_changed_before_anything_else() {
    let node = TestNode::new();
    let mut admin = node.as_("sysadmin").await;
    let fields = [("name", "王敏"), ("login", "wangmin"), ("role", "window")];
    let made = admin.post("/s/admin/setup", &fields).await.text;
    let first = made.split("初始密码 <b class=\"code\">").nth(1).unwrap();
    let first = first.split('<').next().unwrap().to_owned();
    let grant = format!("/s/admin/accounts/{}/grant", inside_account(&node, "wangmin"));
    node.as_("secadmin").await.post(&grant, &[]).await;
    let (_, mut visitor) = logs_in(&node, "wangmin", &first).await;
    assert_eq!(visitor.get("/s/desk").await.location, "/login/next?back=/s/desk");
    assert_eq!(visitor.get("/api/v1/queue").await.status, StatusCode::UNAUTHORIZED);
    for (new, again, fault) in [
        (NEW, "别的", "两次输入的新密码不一样"),
        ("short", "short", "新密码至少要有 10 个字"),
        ("wangmin-2026!", "wangmin-2026!", "新密码不能包含账号"),
    ] {
        let form = [("old", first.as_str()), ("new", new), ("again", again)];
        let answer = visitor.post("/login/next", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(fault), "{fault}");
    }
    let form = [("old", first.as_str()), ("new", NEW), ("again", NEW), ("back", "/s/desk")];
    let done = visitor.post("/login/next", &form).await;
    assert_eq!(done.location, "/s/desk", "{}", done.text);
    let mut inside = node.with_token(&done.token.unwrap());
    assert_eq!(inside.get("/s/desk").await.status, StatusCode::OK);
    assert_eq!(visitor.get("/s/desk").await.location, "/login?back=/s/desk", "another session");
    let (again, _) = logs_in(&node, "wangmin", &first).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the first password is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_phone_the_password_alone_opens_nothing_and_no_code_opens_twice() {
    let node = TestNode::new();
    let mut officer = node.as_("officer-planning").await;
    let secret = secret_on(&officer.get("/account").await.text);
    let code = || secret.password_at(node.store.now());
    let text = secret.to_text();
    let own = ("own", DEMO_PASSWORD);
    let form = [("secret", text.as_str()), ("code", "000000"), own];
    let wrong = officer.post("/account/phone", &form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Whoever finds the browser open does not bind a phone of theirs.
    let stranger = [("secret", text.as_str()), ("code", &code()), ("own", "wrong")];
    let refused = officer.post("/account/phone", &stranger).await;
    assert!(refused.text.contains("密码不对"), "{}", refused.words_of("error-summary"));
    let form = [("secret", text.as_str()), ("code", &code()), own];
    let set = officer.post("/account/phone", &form).await;
    assert_eq!(set.location, "/account?done=phone-set");
    assert_eq!(officer.get("/s/queue").await.status, StatusCode::OK, "it was shown here");

    let (answer, mut visitor) = logs_in(&node, "officer-planning", DEMO_PASSWORD).await;
    assert_eq!(answer.location, "/s");
    assert_eq!(visitor.get("/s/queue").await.location, "/login/next?back=/s/queue");
    let used = visitor.post("/login/next", &[("code", &code())]).await;
    assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY, "it was used to set the phone");
    node.clock_plus_minutes(1);
    let done = visitor.post("/login/next", &[("code", &code()), ("back", "/s/queue")]).await;
    assert_eq!(done.location, "/s/queue");
    let mut inside = node.with_token(&done.token.unwrap());
    assert_eq!(inside.get("/s/queue").await.status, StatusCode::OK);

    // Programs log in with both at once.
    let mut body = json!({ "login": "officer-planning", "password": DEMO_PASSWORD });
    let mut program = node.anybody();
    let without = program.post_json("/api/v1/session", &body).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    node.clock_plus_minutes(1);
    body["code"] = code().into();
    assert_eq!(program.post_json("/api/v1/session", &body).await.status, StatusCode::OK);
    let again = program.post_json("/api/v1/session", &body).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);

    // Codes cannot be found by trying.
    for _ in 0..4 {
        visitor.post("/login/next", &[("code", "123456")]).await;
    }
    let (_, mut guesser) = logs_in(&node, "officer-planning", DEMO_PASSWORD).await;
    for _ in 0..5 {
        guesser.post("/login/next", &[("code", "123456")]).await;
    }
    node.clock_plus_minutes(1);
    let late = guesser.post("/login/next", &[("code", &code())]).await;
    assert!(late.text.contains("连续输错次数过多"), "{}", late.words_of("error-summary"));

    // A phone that was lost is taken off by the administrator.
    let id = inside_account(&node, "officer-planning");
    let mut admin = node.as_("secadmin").await;
    let off = admin.post(&format!("/s/admin/accounts/{id}/remove-phone"), &[]).await;
    assert_eq!(off.status, StatusCode::SEE_OTHER);
    assert!(
        guesser.get("/s").await.location.starts_with("/login?"),
        "what waited for a code ended"
    );
    let (_, mut visitor) = logs_in(&node, "officer-planning", DEMO_PASSWORD).await;
    let page = visitor.get("/account").await;
    assert!(page.text.contains("解除动态口令") && page.text.contains("绑定手机"));
}

fn inside_account(node: &TestNode, login: &str) -> String {
    let accounts = node.store.accounts().unwrap();
    accounts.iter().find(|account| account.login == login).unwrap().id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_is_required_officials_set_up_a_phone_first_and_owners_need_not() {
    let node = TestNode::with(SecondFactor::Required);
    let (_, mut owner) = logs_in(&node, "owner", DEMO_PASSWORD).await;
    assert_eq!(owner.get("/a").await.status, StatusCode::OK);
    let (_, mut officer) = logs_in(&node, "officer-planning", DEMO_PASSWORD).await;
    assert_eq!(officer.get("/s/queue").await.location, "/login/next?back=/s/queue");
    let page = officer.get("/login/next?back=/s/queue").await.text;
    assert!(page.contains("绑定动态口令") && page.contains("data:image/svg+xml;base64,"));
    let secret = secret_on(&page);
    let code = secret.password_at(node.store.now());
    let form = [("secret", secret.to_text()), ("code", code), ("back", "/s/queue".to_owned())];
    let form: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = officer.post("/login/next", &form).await;
    assert_eq!(done.location, "/s/queue");
    let mut inside = node.with_token(&done.token.unwrap());
    assert_eq!(inside.get("/s/queue").await.status, StatusCode::OK);
    let page = inside.get("/account").await.text;
    assert!(page.contains("已绑定") && !page.contains("解除绑定"), "nobody takes it off again");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_decides_proves_once_more_who_it_is_and_loses_nothing() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let mut window = node.as_("window").await;
    window.post(&format!("/s/j/{application}/acts/accept-application"), &[]).await;
    let case = case_of(&node, project, "LX-11b");
    let act = |name: &str| format!("/s/c/{case}/acts/{name}");
    let catalog = node.catalog();
    let refusal = catalog.reasons.iter().find(|it| it.kind == ReasonKind::Refusal).unwrap();
    let words = [("verdict", "refuse"), ("reason", refusal.key.as_str()), ("text", "不符合条件")];
    for (login, name) in
        [("officer-planning", "give-opinion"), ("reviewer-planning", "review-case")]
    {
        let done = node.as_(login).await.post(&act(name), &words).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let mut approver = node.as_("approver-planning").await;
    node.clock_plus_minutes(16);
    let asked = approver.post(&act("decide-case"), &words).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.text.contains("确认是您本人") && asked.text.contains("value=\"不符合条件\""));
    let wrong: Vec<_> = words.into_iter().chain([("confirm", "wrong")]).collect();
    let again = approver.post(&act("decide-case"), &wrong).await;
    assert!(again.text.contains("请重新输入") && !again.text.contains("value=\"wrong\""));
    let api = format!("/api/v1/cases/{case}/acts/decide-case");
    let program = approver.post_json(&api, &json!({ "verdict": "refuse" })).await;
    assert_eq!(program.status, StatusCode::FORBIDDEN);
    assert_eq!(program.json()["error"]["code"], "confirmation-needed");

    let right: Vec<_> = words.into_iter().chain([("confirm", DEMO_PASSWORD)]).collect();
    let done = approver.post(&act("decide-case"), &right).await;
    assert_eq!(done.location, format!("/s/c/{case}?done=decide-case"), "{}", done.text);
    // For a while it need not be said again.
    let revoke = approver.post(&act("revoke-decision"), &[]).await;
    assert_eq!(revoke.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_account_is_out_with_the_next_request() {
    let node = TestNode::new();
    let mut officer = node.as_("officer-planning").await;
    assert_eq!(officer.get("/s/queue").await.status, StatusCode::OK);
    let id = inside_account(&node, "officer-planning");
    assert_eq!(
        officer.post(&format!("/s/admin/accounts/{id}/open"), &[]).await.status,
        StatusCode::FORBIDDEN
    );
    let mut admin = node.as_("secadmin").await;
    let closed = admin.post(&format!("/s/admin/accounts/{id}/close"), &[]).await;
    assert_eq!(closed.location, "/s/admin/accounts?done=account-closed");
    assert_eq!(officer.get("/s/queue").await.location, "/login?back=/s/queue");
    let (answer, _) = logs_in(&node, "officer-planning", DEMO_PASSWORD).await;
    assert!(answer.text.contains("账号或者密码不对"), "as if there were none");
    admin.post(&format!("/s/admin/accounts/{id}/open"), &[]).await;
    // A browser of the administrator that was left open changes nothing.
    node.clock_plus_minutes(16);
    let asked = admin.post(&format!("/s/admin/accounts/{id}/reset"), &[]).await;
    assert!(asked.text.contains("确认是您本人"));
    let confirm = [("confirm", DEMO_PASSWORD)];
    admin.post(&format!("/s/admin/accounts/{id}/open"), &confirm).await;
    let reset = admin.post(&format!("/s/admin/accounts/{id}/reset"), &[]).await.text;
    assert!(reset.contains("的临时密码"));
    let own = inside_account(&node, "secadmin");
    let refused = admin.post(&format!("/s/admin/accounts/{own}/close"), &[]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_other_session() {
    let node = TestNode::new();
    let (mut here, mut elsewhere) = (node.as_("owner").await, node.as_("owner").await);
    let wrong = [("old", "wrong"), ("new", NEW), ("again", NEW)];
    let refused = here.post("/account/password", &wrong).await;
    assert!(refused.text.contains("现在的密码不对"));
    let form = [("old", DEMO_PASSWORD), ("new", NEW), ("again", NEW)];
    let done = here.post("/account/password", &form).await;
    assert_eq!(done.location, "/account?done=password-changed", "{}", done.text);
    assert_eq!(here.get("/a").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/a").await.location, "/login?back=/a");
    let page = here.get("/account").await.text;
    assert!(page.contains("修改密码") && page.contains("登录"));
    // What a script kept on the device goes with the logout.
    assert!(here.get("/a/account").await.text.contains("action=\"/logout\" data-logout"));
    let (_, mut third) = logs_in(&node, "owner", NEW).await;
    assert_eq!(third.get("/a").await.status, StatusCode::OK);
    here.post("/account/sessions/end", &[]).await;
    assert_eq!(third.get("/a").await.location, "/login?back=/a");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_where_the_account_is_open_and_closes_one_of_the_places() {
    let node = TestNode::new();
    let on_phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/126.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50";
    let form = [("user", "owner"), ("pass", DEMO_PASSWORD)];
    let mut phone = node.anybody();
    phone.says_it_is(on_phone);
    let token = phone.post("/login", &form).await.token.unwrap();
    let mut phone = node.with_token(&token);
    let (mut here, mut third) = (node.as_("owner").await, node.as_("owner").await);
    assert!(here.get("/a").await.text.contains("action=\"/logout\" data-logout"), "on every page");
    let page = here.get("/account").await.text;
    assert_eq!(page.matches("<span class=\"tag\">本次登录</span>").count(), 1);
    let sessions: Vec<&str> = page.split("name=\"session\" value=\"").skip(1).collect();
    assert_eq!(sessions.len(), 2, "its own is left by logging out");
    assert!(page.contains("安卓 · 微信") && !page.contains(&token));
    let of_phone =
        sessions.iter().find(|rest| rest.split("</li>").next().unwrap().contains("安卓"));
    let of_phone = of_phone.unwrap().split('"').next().unwrap();

    // Nobody closes what is somebody else's.
    let mut other = node.as_("officer-planning").await;
    other.post("/account/sessions/end", &[("session", of_phone)]).await;
    assert_eq!(phone.get("/a").await.status, StatusCode::OK);
    let done = here.post("/account/sessions/end", &[("session", of_phone)]).await;
    assert_eq!(done.location, "/account?done=session-ended");
    assert_eq!(phone.get("/a").await.location, "/login?back=/a");
    assert_eq!(third.get("/a").await.status, StatusCode::OK);
    assert!(here.get(&done.location).await.text.contains("退出另一处登录"));

    // A browser that was left open throws nobody out.
    node.clock_plus_minutes(16);
    let asked = here.post("/account/sessions/end", &[]).await;
    assert!(asked.text.contains("确认是您本人"), "{}", asked.text);
    assert_eq!(third.get("/a").await.status, StatusCode::OK);
    here.post("/account/sessions/end", &[("confirm", DEMO_PASSWORD)]).await;
    assert_eq!(third.get("/a").await.location, "/login?back=/a");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_on_guessing_waits_twice_as_long_each_time() {
    let node = TestNode::new();
    let guess = || async {
        let form = [("user", "owner"), ("pass", "wrong")];
        node.anybody().post("/login", &form).await.words_of("error-summary")
    };
    for _ in 0..5 {
        assert!(guess().await.contains("账号或者密码不对"));
    }
    for minutes in [10, 20, 40] {
        assert!(guess().await.contains(&format!("请 {minutes} 分钟后再试")));
        node.clock_plus_minutes(minutes);
        assert!(guess().await.contains("账号或者密码不对"));
    }
    node.clock_plus_minutes(25 * 60);
    let (answer, _) = logs_in(&node, "owner", DEMO_PASSWORD).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "after a day it is forgotten");
}
