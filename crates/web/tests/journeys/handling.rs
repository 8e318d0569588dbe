//! Officers at work: acts that are refused, that meet, that are filled in again; hearings.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::{TestNode, case_of, registered, submitted};

#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_is_not_allowed_says_who_could_do_it() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let accept = format!("/api/v1/applications/{application}/acts/accept-application");
    let refused = owner.post_json(&accept, &json!({})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    insta::assert_snapshot!(refused.json()["error"]["message"].as_str().unwrap(), @"「受理」只能由综合窗口（本辖区）办理。");
    let mut window = node.as_("window").await;
    assert_eq!(window.post_json(&accept, &json!({})).await.status, StatusCode::OK);
    let again = window.post_json(&accept, &json!({})).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    insta::assert_snapshot!(again.json()["error"]["message"].as_str().unwrap(), @"办件现在是「承办审查」，不能受理；只有「待受理」「已补正，待受理」的办件可以。");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_officers_acting_at_once_one_wins_and_the_other_sees_what_changed() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let mut window = node.as_("window").await;
    let accept = format!("/s/j/{application}/acts/accept-application");
    assert_eq!(window.post(&accept, &[]).await.status, StatusCode::SEE_OTHER);
    let case = case_of(&node, project, "LX-11b");
    let seen = node.store.project(project).unwrap().unwrap().cases[&case].changed.to_string();
    let opinion = format!("/s/c/{case}/acts/give-opinion");
    let form = [("verdict", "pass"), ("text", "符合条件"), ("seen", seen.as_str())];
    let mut first = node.as_("officer-planning").await;
    let mut second = node.as_("officer2-planning").await;
    assert_eq!(first.post(&opinion, &form).await.status, StatusCode::SEE_OTHER);
    let answer = second.post(&opinion, &form).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("其他人已经办理了这个办件"));
    assert!(answer.text.contains(&format!("href=\"/s/c/{case}\"")), "a way to what changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_of_an_officer_comes_back_as_it_was_filled() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let mut window = node.as_("window").await;
    // A demand without its reason: nothing that was ticked or written is lost.
    let demand = "field:project-capital";
    let note = format!("note:{demand}");
    let typed = [("demand", demand), (note.as_str(), "与附件中的不一致。")];
    let back = window.post(&format!("/s/j/{application}/acts/request-correction"), &typed).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.text.contains("请选择补正原因") && back.text.contains("与附件中的不一致。"));
    assert!(back.text.contains("href=\"#f-request-correction-reason-field-project-capital\""));
    assert!(back.text.contains(&format!("value=\"{demand}\" checked")));
    let plan = owner.post(&format!("/a/p/{project}/acts/agree-plan"), &[]).await;
    assert_eq!(plan.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(plan.text.contains("约定里程碑计划"));
}

/// The right is told, the owner asks, time, place and chair are told, the minutes end the pause:
/// each by the form its page shows.
#[tokio::test(flavor = "multi_thread")]
async fn a_hearing_goes_from_its_right_to_its_minutes() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut window = node.as_("window").await;
    let mut officer = node.as_("officer-planning").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    window.post(&format!("/s/j/{application}/acts/accept-application"), &[]).await;
    let case = case_of(&node, project, "LX-11b");
    let (inside, outside) = (format!("/s/c/{case}"), format!("/a/c/{case}"));
    let act = |name: &str| format!("/acts/{name}");

    assert!(!owner.get(&outside).await.text.contains("申请听证"));
    let offer = [("text", "项目紧邻居民区")];
    let told = officer.post(&(inside.clone() + &act("offer-hearing")), &offer).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.words_of("error-summary"));
    let page = owner.get(&outside).await.text;
    assert!(page.contains("已告知听证权利") && page.contains("项目紧邻居民区"), "{page}");
    let asks = [("text", "我方请求听证")];
    let asked = owner.post(&(outside.clone() + &act("ask-hearing")), &asks).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);

    let page = officer.get(&inside).await.text;
    assert!(page.contains("应当在") && page.contains("通知听证时间和地点"));
    let min = page.split("min=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let chairs = page.split("name=\"chair\"").nth(1).unwrap().split("</select>").next().unwrap();
    let chair = chairs.split("value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let notify = inside.clone() + &act("notify-hearing");
    let today = node.store.now().day().to_string();
    let soon = [("on", today.as_str()), ("text", "九时三楼"), ("chair", chair.as_str())];
    assert!(officer.post(&notify, &soon).await.text.contains("七个工作日前"));
    let fitting = [("on", min.as_str()), ("text", "九时三楼"), ("chair", chair.as_str())];
    let done = officer.post(&notify, &fitting).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words_of("error-summary"));
    assert!(owner.get(&outside).await.text.contains("九时三楼"));

    let minutes = [("text", "双方陈述完毕")];
    let early = officer.post(&(inside.clone() + &act("hold-hearing")), &minutes).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let folded = node.store.project(project).unwrap().unwrap();
    assert_eq!(folded.cases[&case].standing.name(), "特别程序");
}
