//! What everybody sees: progress, guides, the description of the API.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{TestNode, encoded, registered, submitted};

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_api_come_in_one_envelope() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let path = format!("/api/v1/projects/{project}/applications");
    let empty = owner.post_json(&path, &json!({ "stage": 1, "items": ["LX-05"] })).await;
    insta::assert_snapshot!(empty.text, @r#"{"error":{"code":"refused","fields":{},"message":"还有 13 个问题没有回答。"}}"#);
    let faults = owner.post_json(&path, &json!({ "items": [], "papers": { "x": "y" } })).await;
    insta::assert_snapshot!(faults.text, @r#"{"error":{"code":"invalid","fields":{"papers:x":"没有这个文件","stage":"请给出阶段，1 至 4"},"message":"有 2 处需要改正"}}"#);
    let unknown = owner.get("/api/v1/cases/0000000000000000000000000a").await;
    insta::assert_snapshot!(unknown.text, @r#"{"error":{"code":"not-found","fields":{},"message":"没有找到这个页面，或者您没有查看的权限。"}}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_sees_progress_by_number_and_phone_and_nothing_else() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let folded = node.store.project(project).unwrap().unwrap();
    let number = &folded.applications[&application].number;
    let found = node.anybody().post("/track", &[("no", number), ("tail", "6621")]).await;
    assert!(found.text.contains("星湖智能制造厂房") && found.text.contains("综合窗口"));
    assert!(!found.text.contains("李工") && !found.text.contains("13800006621"));
    let wrong = node.anybody().post("/track", &[("no", number), ("tail", "0000")]).await;
    assert!(wrong.text.contains("没有查到") && !wrong.text.contains("星湖智能制造厂房"));
    // Four digits are soon tried out: after five wrong ones even the right ones have to wait.
    for tail in ["0001", "0002", "0003", "0004"] {
        node.anybody().post("/track", &[("no", number), ("tail", tail)]).await;
    }
    let late = node.anybody().post("/track", &[("no", number), ("tail", "6621")]).await;
    assert_eq!(late.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(late.text.contains("10 分钟") && !late.text.contains("星湖智能制造厂房"));
    let asked = json!({ "number": number, "tail": "6621" });
    let program = node.anybody().post_json("/api/v1/progress", &asked).await;
    assert_eq!(program.status, StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn the_openapi_document_is_under_version_control() {
    insta::assert_snapshot!("openapi", format!("{:#}", tongban_web::openapi_document()));
}

/// People call the construction permit many things, and ask whole questions.
#[tokio::test(flavor = "multi_thread")]
async fn items_are_found_by_what_people_call_them() {
    let node = TestNode::new();
    for asked in ["开工证", "盖楼要办什么证", "我要办施工许可", "sgxk", "shigongxuke", "sg-09"]
    {
        let page = node.anybody().get(&format!("/guide/search?q={}", encoded(asked))).await;
        assert!(page.text.contains("建筑工程施工许可证"), "{asked}");
    }
    let nothing = node.anybody().get("/guide/search?q=qqqq").await;
    assert!(nothing.text.contains("没有"), "{}", nothing.text);
}

/// In general, and for a place: the department there; which answers call for it; each paper with
/// form, number and sample.
#[tokio::test(flavor = "multi_thread")]
async fn a_guide_says_who_where_and_how_a_paper_may_look() {
    let node = TestNode::new();
    let mut anybody = node.as_("owner").await;
    let general = anybody.get("/guide/items/GH-05").await.text;
    assert!(general.contains("自然资源和规划主管部门") && general.contains("要不要办"));
    assert!(general.contains("电子件 1 份") && general.contains("有样例"));
    let local = anybody.get("/guide/items/GH-05?region=320500").await.text;
    assert!(local.contains("苏州市自然资源和规划局"), "{local}");
    assert_eq!(anybody.get("/guide/items/GH-05?region=nowhere").await.status, StatusCode::OK);
    let paper = anybody.get("/guide/papers/village-consent").await.text;
    assert!(paper.contains("村民代表会议决议") && paper.contains("乡村建设规划许可证"));
    let without = anybody.get("/guide/papers/site-plan").await.text;
    assert!(without.contains("还没有样例"));
    assert_eq!(anybody.get("/guide/papers/nothing").await.status, StatusCode::NOT_FOUND);
}
