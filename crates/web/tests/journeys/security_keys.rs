//! Security keys as a second factor, with a key in software.

use axum::http::StatusCode;
use serde_json::Value;
use tongban_simulator::DEMO_PASSWORD;

use crate::support::{TestNode, Visitor, authenticator::Authenticator};

const ADDRESS: &str = "https://spgl.example.gov.cn";

fn node() -> TestNode {
    TestNode::set(|settings| settings.address = Some(ADDRESS.to_owned()))
}

/// What the page of a new key asks.
async fn new_key(visitor: &mut Visitor) -> Value {
    let page = visitor.post("/account/keys/new", &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let asked = page.text.split("data-make=\"").nth(1).unwrap().split('"').next().unwrap();
    let asked: Value = serde_json::from_str(&asked.replace("&#34;", "\"")).unwrap();
    asked.get("publicKey").cloned().unwrap_or(asked)
}

async fn asked(visitor: &mut Visitor) -> Value {
    let answer = visitor.post("/login/key", &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let asked = answer.json();
    asked.get("publicKey").cloned().unwrap_or(asked)
}

async fn adds(visitor: &mut Visitor, key: &mut Authenticator) {
    let made = key.makes(&new_key(visitor).await);
    let done = visitor.post("/account/keys", &[("name", "我的密钥"), ("key", &made)]).await;
    assert_eq!(done.location, "/account?done=key-added", "{}", done.words_of("error-summary"));
}

async fn half_in(node: &TestNode, login: &str) -> Visitor {
    let form = [("user", login), ("pass", DEMO_PASSWORD)];
    let answer = node.anybody().post("/login", &form).await;
    node.with_token(&answer.token.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_key_the_password_alone_opens_nothing_and_no_answer_opens_twice() {
    let node = node();
    let mut officer = node.as_("officer-planning").await;
    let mut key = Authenticator::new(7, ADDRESS);
    adds(&mut officer, &mut key).await;
    assert_eq!(officer.get("/s/queue").await.status, StatusCode::OK, "it was shown here");

    let mut visitor = half_in(&node, "officer-planning").await;
    assert_eq!(visitor.get("/s/queue").await.location, "/login/next?back=/s/queue");
    assert_eq!(visitor.get("/api/v1/queue").await.status, StatusCode::UNAUTHORIZED);
    let answer = key.answers(&asked(&mut visitor).await);
    // Another session of the same person did not ask that.
    let mut other = half_in(&node, "officer-planning").await;
    asked(&mut other).await;
    let refused = other.post("/login/next", &[("security-key", &answer)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done =
        visitor.post("/login/next", &[("security-key", &answer), ("back", "/s/queue")]).await;
    assert_eq!(done.location, "/s/queue", "{}", done.words_of("error-summary"));
    let mut inside = node.with_token(&done.token.unwrap());
    assert_eq!(inside.get("/s/queue").await.status, StatusCode::OK);
    let mut again = half_in(&node, "officer-planning").await;
    for refused in ["{}", "{", answer.as_str()] {
        asked(&mut again).await;
        let refused = again.post("/login/next", &[("security-key", refused)]).await;
        assert!(refused.text.contains("安全密钥没有通过核对"), "{}", refused.text);
    }
    // Nor does one that a page elsewhere asked for, or a key that was copied and runs behind.
    key.origin = "https://spgl.example.gov.cn.evil.example".to_owned();
    let elsewhere = key.answers(&asked(&mut again).await);
    let refused = again.post("/login/next", &[("security-key", &elsewhere)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    key.origin = ADDRESS.to_owned();
    key.count = 0;
    let behind = key.answers(&asked(&mut again).await);
    let refused = again.post("/login/next", &[("security-key", &behind)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // A key of somebody else.
    let mut stranger = Authenticator::new(8, ADDRESS);
    adds(&mut node.as_("reviewer-planning").await, &mut stranger).await;
    let foreign = stranger.answers(&asked(&mut again).await);
    let refused = again.post("/login/next", &[("security-key", &foreign)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(inside.get("/account").await.text.contains("登录失败"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_confirms_what_is_decided_and_is_added_once() {
    let node = node();
    let mut guard = node.as_("secadmin").await;
    let mut key = Authenticator::new(9, ADDRESS);
    adds(&mut guard, &mut key).await;
    let made = key.makes(&new_key(&mut guard).await);
    let twice = guard.post("/account/keys", &[("name", "又一个"), ("key", &made)]).await;
    assert!(twice.text.contains("已经添加过"), "{}", twice.words_of("error-summary"));
    node.clock_plus_minutes(20);
    // Whoever finds the browser open adds no key of theirs.
    let late = guard.post("/account/keys", &[("name", ""), ("key", "{}")]).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    assert!(!late.text.contains("data-make"));
    let other = node.store.account_named("officer2-planning").unwrap().unwrap();
    let close = format!("/s/admin/accounts/{}/close", other.id);
    let wanted = guard.post(&close, &[]).await;
    assert!(wanted.text.contains("用安全密钥确认"), "{}", wanted.text);
    let answer = key.answers(&asked(&mut guard).await);
    let done = guard.post(&close, &[("security-key", &answer)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    // Taken away by its person; the security administrator does it for others.
    let keys = node.store.security_keys(node.store.account_named("secadmin").unwrap().unwrap().id);
    let id: String = keys.unwrap()[0].id.iter().map(|byte| format!("{byte:02x}")).collect();
    let removed = guard.post(&format!("/account/keys/{id}/remove"), &[]).await;
    assert_eq!(removed.location, "/account?done=key-removed");
    let gone = guard.post("/login/key", &[]).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let mut officer = node.as_("officer-planning").await;
    adds(&mut officer, &mut Authenticator::new(10, ADDRESS)).await;
    let account = node.store.account_named("officer-planning").unwrap().unwrap();
    guard.post(&format!("/s/admin/accounts/{}/remove-phone", account.id), &[]).await;
    let mut again = half_in(&node, "officer-planning").await;
    assert_eq!(again.get("/s/queue").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_without_a_name_has_no_keys() {
    let node = TestNode::set(|settings| settings.address = Some("http://127.0.0.1:80".to_owned()));
    let mut officer = node.as_("officer-planning").await;
    assert!(!officer.get("/account").await.text.contains("安全密钥"));
    assert_eq!(officer.post("/account/keys/new", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(officer.post("/login/key", &[]).await.status, StatusCode::NOT_FOUND);
}
