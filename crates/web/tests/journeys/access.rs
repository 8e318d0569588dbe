//! Logging in, and what is whose.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use axum::http::StatusCode;

use crate::support::{TestNode, case_of, registered, registration, submitted};

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_comes_back_to_the_form_with_the_name_kept() {
    let node = TestNode::new();
    let answer = node.anybody().post("/login", &[("user", "owner"), ("pass", "wrong")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("value=\"owner\""), "what was typed is kept");
    insta::assert_snapshot!(answer.words_of("error-summary"), @"有 1 处需要改正 账号或者密码不对，请核对后重试");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_failures_the_login_waits() {
    let node = TestNode::new();
    for _ in 0..5 {
        node.anybody().post("/login", &[("user", "owner"), ("pass", "wrong")]).await;
    }
    let right = [("user", "owner"), ("pass", tongban_simulator::DEMO_PASSWORD)];
    let answer = node.anybody().post("/login", &right).await;
    insta::assert_snapshot!(answer.words_of("error-summary"), @"有 1 处需要改正 连续输错次数过多，请 10 分钟后再试");
    let later = node.clock_plus_minutes(11);
    assert!(later, "the clock moved");
    let answer = node.anybody().post("/login", &right).await;
    assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/a"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_behind_the_login_is_reached_after_it() {
    let node = TestNode::new();
    let answer = node.anybody().get("/a/projects").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location, "/login?back=/a/projects");
    let form =
        [("user", "owner"), ("pass", tongban_simulator::DEMO_PASSWORD), ("back", "/a/projects")];
    let answer = node.anybody().post("/login", &form).await;
    assert_eq!(answer.location, "/a/projects");
    let elsewhere = [form[0], form[1], ("back", "//elsewhere.example/")];
    let answer = node.anybody().post("/login", &elsewhere).await;
    assert_eq!(answer.location, "/a", "never to another site");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_somebody_elses_does_not_exist() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let case = case_of(&node, project, "LX-05");
    let mut other = node.as_("owner2").await;
    for path in [
        format!("/a/p/{project}"),
        format!("/a/j/{application}"),
        format!("/a/c/{case}"),
        format!("/api/v1/cases/{case}"),
        "/a/p/nonsense".to_owned(),
    ] {
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let act = format!("/a/c/{case}/acts/withdraw-case");
    assert_eq!(other.post(&act, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(owner.get("/s/desk").await.status, StatusCode::FORBIDDEN);
}

/// Lines of the log, kept.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_something_is_in_the_log_by_the_account() {
    let (node, lines) = (TestNode::new(), Lines::default());
    let mut owner = node.as_("owner").await;
    let id = node.store.accounts().unwrap().into_iter().find(|it| it.login == "owner").unwrap().id;
    let writer = lines.clone();
    let log = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
    // Requests are answered on this thread, so these are the lines of this test.
    let kept = tracing::subscriber::set_default(log);
    owner.get("/a").await;
    owner.get("/s/desk").await;
    owner.get("/a/c/01kt344tg0ex7afd577jn94r95").await;
    node.anybody().get("/nowhere").await;
    // Being asked who one is is no refusal.
    node.clock_plus_minutes(16);
    let asked = owner.post("/account/sessions/end", &[]).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    drop(kept);
    let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let refused: Vec<&str> = lines.lines().filter(|line| line.contains("\"refused\"")).collect();
    assert_eq!(refused.len(), 2, "{lines}");
    assert!(refused.iter().all(|line| line.contains(&id.to_string())), "{lines}");
    assert!(refused[0].contains("/s/desk") && refused[0].contains("403"));
    assert!(refused[1].contains("/a/c/{case}") && refused[1].contains("404"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leads_to_another_site_and_every_error_is_a_page() {
    let node = TestNode::new();
    for back in
        ["//elsewhere.invalid/", "/%5Celsewhere.invalid/", "http://elsewhere.invalid/", "/%09/x"]
    {
        let answer = node.anybody().get(&format!("/mode?to=standard&back={back}")).await;
        assert_eq!(answer.location, "/", "{back}");
    }
    let unread = node.anybody().get("/guide?stage=x").await;
    assert_eq!(unread.status, StatusCode::BAD_REQUEST);
    assert!(unread.text.contains("<h1>") && unread.text.contains("回到首页"));
    // What is refused is named, never by its key.
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let early = [("key", "start-of-works"), ("on", "2026-03-02")];
    let refused = owner.post(&format!("/a/p/{project}/acts/record-milestone"), &early).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("建筑工程施工许可证") && !refused.text.contains("SG-09"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_site_posts_in_somebodys_name() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    for site in ["cross-site", "same-site"] {
        for path in ["/account/sessions/end", "/logout", "/api/v1/projects"] {
            let answer = owner.post_from(site, path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} from {site}");
        }
    }
    assert_eq!(owner.get("/a").await.status, StatusCode::OK, "nobody was logged out");
    let own = owner.post_from("same-origin", "/account/sessions/end").await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_text_on_every_page() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut form = registration(&node, "E");
    let markup = "<script>alert(1)</script>\"'><img src=x>";
    form.insert("project-name".to_owned(), markup.to_owned());
    form.insert("site-address".to_owned(), markup.to_owned());
    let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let made = owner.post("/a/projects/new", &pairs).await;
    let page = made.location.split('?').next().unwrap().to_owned();
    for path in [page.clone(), format!("{page}/facts"), "/a/projects".to_owned()] {
        let answer = owner.get(&path).await;
        assert!(answer.text.contains("&#60;script&#62;") || answer.text.contains("&lt;script"));
        assert!(!answer.text.contains("<script>alert") && !answer.text.contains("<img src=x>"));
    }
}
