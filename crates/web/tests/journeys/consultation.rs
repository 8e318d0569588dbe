//! Departments have a say in each other's cases: one is asked, one leads the stage.

use axum::http::StatusCode;
use serde_json::json;
use tongban_domain::ids::{CaseId, DepartmentId, ProjectId};

use crate::{
    support::{TestNode, case_of, registered, submitted},
    systems::connected,
};

/// Stage 1 handed in and accepted.
async fn accepted(node: &TestNode) -> ProjectId {
    let mut owner = node.as_("owner").await;
    let project = registered(node, &mut owner, "E").await;
    let application = submitted(node, &mut owner, project).await;
    let mut window = node.as_("window").await;
    window.post(&format!("/s/j/{application}/acts/accept-application"), &[]).await;
    project
}

/// As the worker does beside the pages.
fn delivered(node: &TestNode) {
    tokio::task::block_in_place(|| {
        node.store.mark_delivered(&node.store.undelivered(100).unwrap()).unwrap();
    });
}

fn water(node: &TestNode) -> DepartmentId {
    let organisation = node.store.organisation();
    let department = organisation.departments().find(|it| it.key == "water").unwrap();
    department.id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_asks_another_department_which_finds_the_case_and_answers() {
    let node = TestNode::new();
    let project = accepted(&node).await;
    let case: CaseId = case_of(&node, project, "LX-11b");
    let page = format!("/s/c/{case}");
    let mut asked = node.as_("officer-water").await;
    assert_eq!(asked.get(&page).await.status, StatusCode::NOT_FOUND, "it is not theirs");
    assert!(!asked.get("/s/queue?view=consult").await.text.contains(&page));

    let mut officer = node.as_("officer-planning").await;
    let (ask, water) = (format!("{page}/acts/consult-department"), water(&node).to_string());
    let nothing = officer.post(&ask, &[("text", "是否影响行洪")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text.contains("请填写征求哪个部门的意见"));
    let form = [("department", water.as_str()), ("text", "是否影响行洪"), ("days", "")];
    let done = officer.post(&ask, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words_of("error-summary"));
    assert!(officer.get(&page).await.text.contains("待反馈"));

    // It stands in the queue of the department that is asked, and in its messages.
    assert!(asked.get("/s/queue?view=consult").await.text.contains(&page));
    assert!(asked.get("/s").await.text.contains(&page), "among what waits for the officer");
    delivered(&node);
    let told = asked.get("/s/messages").await.text;
    assert!(told.contains("征求本部门意见"), "{told}");
    let form = asked.get(&page).await.text;
    assert!(
        form.contains("反馈给承办部门") && !form.contains("填写意见"),
        "no opinion on the case"
    );
    assert_eq!(
        asked.post(&format!("{page}/acts/claim-case"), &[]).await.status,
        StatusCode::FORBIDDEN
    );
    let answer = format!("{page}/acts/answer-consultation");
    let no_stance = asked.post(&answer, &[("text", "不影响")]).await;
    assert!(no_stance.text.contains("请选择结论"));
    let words = [("stance", "with-conditions"), ("text", "退让河道蓝线十米")];
    let done = asked.post(&answer, &words).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words_of("error-summary"));
    assert_eq!(asked.post(&answer, &words).await.status, StatusCode::FORBIDDEN, "once");
    assert!(!asked.get("/s/queue?view=consult").await.text.contains(&page));

    let seen = officer.get(&page).await.text;
    assert!(seen.contains("有修改意见") && seen.contains("退让河道蓝线十米"));
    // The owner sees that a department was asked and what it came to, not the words.
    let outside = node.as_("owner").await.get(&format!("/a/c/{case}")).await.text;
    assert!(outside.contains("反馈意见：有修改意见"), "{outside}");
    assert!(!outside.contains("退让河道蓝线十米"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_department_that_leads_the_stage_finds_what_others_have_and_urges() {
    let node = TestNode::new();
    let project = accepted(&node).await;
    let other = case_of(&node, project, "LX-05");
    let page = format!("/s/c/{other}");
    let mut lead = node.as_("approver-planning").await;
    assert!(lead.get("/s/queue?view=lead").await.text.contains(&page));
    let own = format!("/s/c/{}", case_of(&node, project, "LX-11b"));
    assert!(!lead.get("/s/queue?view=lead").await.text.contains(&own), "that is its own");
    assert!(!lead.get(&own).await.text.contains("/acts/urge-case"));
    let urge = format!("{page}/acts/urge-case");
    assert!(lead.get(&page).await.text.contains(&urge));
    let done = lead.post(&urge, &[("text", "请于周五前办结")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words_of("error-summary"));
    assert!(!lead.get(&page).await.text.contains(&urge), "once a day");
    let mut officer = node.as_("officer-development-reform").await;
    delivered(&node);
    assert!(officer.get("/s/messages").await.text.contains("牵头部门催办"));
    assert!(officer.get(&page).await.text.contains("请于周五前办结"));
    let application = node.store.project(project).unwrap().unwrap().cases[&other].application;
    let shown = node.as_("owner").await.get(&format!("/a/j/{application}")).await.text;
    assert!(shown.contains("牵头</p>"), "{shown}");
}

/// The system of a department that is asked gets the question like any task, and numbers its
/// answer among its own acts.
#[tokio::test(flavor = "multi_thread")]
async fn the_own_system_of_a_department_is_asked_and_answers() {
    let node = TestNode::new();
    let department = water(&node);
    let key = connected(&node, department).await;
    let project = accepted(&node).await;
    let case = case_of(&node, project, "LX-11b");
    let mut officer = node.as_("officer-planning").await;
    let asked = [("department", department.to_string()), ("text", "是否影响行洪".to_owned())];
    let asked: Vec<(&str, &str)> = asked.iter().map(|(key, it)| (*key, it.as_str())).collect();
    officer.post(&format!("/s/c/{case}/acts/consult-department"), &asked).await;

    let tasks = node.system(&key, None).get("/api/v1/tasks").await.json();
    assert!(tasks.to_string().contains(&case.to_string()), "{tasks}");
    let mut system = node.system(&key, Some("officer-water"));
    let read = system.get(&format!("/api/v1/cases/{case}")).await.json();
    assert_eq!(read["next_sequence"], 1);
    let answer = format!("/api/v1/cases/{case}/acts/answer-consultation");
    let body = json!({ "stance": "no-objection", "text": "不影响" });
    let done = system.post_numbered(1, &answer, &body).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let again = system.post_numbered(1, &answer, &body).await;
    assert_eq!((again.status, again.text), (StatusCode::OK, done.text), "sent twice, done once");
}

/// What a department was asked is for the one it was merged into.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_finds_the_department_that_took_over() {
    let node = TestNode::new();
    let project = accepted(&node).await;
    let page = format!("/s/c/{}", case_of(&node, project, "LX-11b"));
    let key = |key: &str| {
        let organisation = node.store.organisation();
        let department = organisation.departments().find(|it| it.key == key).unwrap();
        department.id.to_string()
    };
    let (water, ecology) = (key("water"), key("ecology"));
    let asked = [("department", water.as_str()), ("text", "是否影响行洪")];
    let mut officer = node.as_("officer-planning").await;
    officer.post(&format!("{page}/acts/consult-department"), &asked).await;
    let from = node.store.now().day().plus(1).to_string();
    let merge = [
        ("which", water.as_str()),
        ("into", ecology.as_str()),
        ("from", from.as_str()),
        ("basis", "苏府办〔2026〕1号"),
    ];
    let merged = node.as_("sysadmin").await.post("/s/admin/setup/reorganise", &merge).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.words_of("error-summary"));
    assert!(node.clock_plus_minutes(2 * 24 * 60));
    let mut successor = node.as_("officer-ecology").await;
    let queue = successor.get("/s/queue?view=consult").await.text;
    assert!(queue.contains(&page) && queue.contains("共 <b>1</b> 件"), "{queue}");
    let words = [("stance", "no-objection"), ("text", "不影响")];
    let done = successor.post(&format!("{page}/acts/answer-consultation"), &words).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words_of("error-summary"));
    assert!(!successor.get("/s/queue?view=consult").await.text.contains(&page));
}
