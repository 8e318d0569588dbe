//! An owner registers, applies, withdraws; a stage goes to its result.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::json;
use tongban_domain::{application::Prospect, case::Standing};

use crate::support::{TestNode, case_of, drafted, registered, registration, submission, submitted};

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_with_faults_comes_back_with_what_was_typed() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut form = registration(&node, "E");
    form.insert("total-investment".to_owned(), "五亿".to_owned());
    form.insert("code".to_owned(), "2513-320571-89-01-000001".to_owned());
    form.remove("site-division");
    let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let answer = owner.post("/a/projects/new", &pairs).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("value=\"五亿\""));
    assert!(answer.text.contains("href=\"#f-total-investment\""));
    assert!(answer.text.contains("aria-invalid=\"true\""));
    insta::assert_snapshot!(answer.words_of("error-summary"), @"有 3 处需要改正 项目代码应为 4-6-2-2-6 位数字，如 2509-320193-89-01-544060 请选择项目所在地 总投资额请填写数字，如 86400.50");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_code_is_registered_once() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut form = registration(&node, "E");
    form.insert("code".to_owned(), "2509-320571-89-01-544060".to_owned());
    let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let answer = owner.post("/a/projects/new", &pairs).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let answer = owner.post("/a/projects/new", &pairs).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.words_of("error-summary").contains("已经登记过"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_twice_is_done_once() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let body = submission(&node, &mut owner, project, 1).await;
    let path = format!("/api/v1/projects/{project}/applications");
    let first = owner.post_json(&path, &body).await;
    let second = owner.repeat_json(&path, &body).await;
    assert_eq!((first.status, first.text), (second.status, second.text));
    let folded = node.store.project(project).unwrap().unwrap();
    assert_eq!(folded.applications.len(), 1);
    let other = owner.repeat_json(&path, &json!({ "stage": 2, "items": [] })).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "another body under the same key");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_what_its_name_says_is_refused_with_a_sentence() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let draft = drafted(&node, &mut owner, project).await;
    let page = owner.get(&format!("{draft}/slots")).await;
    let slot = page.text.split("/slots/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let to = format!("{draft}/slots/{slot}");
    for (name, content, words) in [
        ("图.pdf", &b"MZ\x90"[..], "内容不是这种文件"),
        ("图.pdf", b"", "文件是空的"),
        ("图.exe", b"MZ\x90", "这里只能上传"),
    ] {
        let answer = owner.upload(&to, name, content).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text.contains(words), "{words}");
    }
    let answer = owner.upload(&to, "图.pdf", b"%PDF-1.7").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_goes_from_hand_to_hand_to_its_result() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let mut window = node.as_("window").await;
    window.post(&format!("/s/j/{application}/acts/accept-application"), &[]).await;
    let mile = [("key", "land-contract"), ("on", "2026-03-02")];
    let refused = owner.post(&format!("/a/p/{project}/acts/record-milestone"), &mile).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("由自然资源和规划局登记"), "{}", refused.text);
    let mut planning = node.as_("officer-planning").await;
    let page = planning.get(&format!("/s/p/{project}")).await;
    assert!(page.text.contains("登记签订国有建设用地使用权出让合同"));
    let answer = planning.post(&format!("/s/p/{project}/acts/record-milestone"), &mile).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);

    let filing = case_of(&node, project, "LX-05");
    let mut officer = node.as_("officer-development-reform").await;
    let decide = [("verdict", "pass"), ("text", "准予备案")];
    let answer = officer.post(&format!("/s/c/{filing}/acts/decide-case"), &decide).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);

    let permit = case_of(&node, project, "LX-11b");
    for (login, act) in [
        ("officer-planning", "give-opinion"),
        ("reviewer-planning", "review-case"),
        ("approver-planning", "decide-case"),
    ] {
        let mut hand = node.as_(login).await;
        let form = [("verdict", "pass"), ("text", "同意")];
        let answer = hand.post(&format!("/s/c/{permit}/acts/{act}"), &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}: {}", answer.text);
    }
    let folded = node.store.project(project).unwrap().unwrap();
    assert_eq!(folded.cases[&permit].standing, Standing::Passed);
    assert!(folded.stage_is_done(1));
    let page = owner.get(&format!("/a/p/{project}/licences")).await;
    assert!(page.text.contains("建设用地规划许可证"));
    assert!(node.store.verify(&tongban_store::VerifyOptions::default()).unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_withdrawn_is_applied_for_again() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let page = format!("/a/p/{project}");
    let again = format!("{page}/apply?stage=1");
    assert!(!owner.get(&page).await.text.contains(&again));
    let mut window = node.as_("window").await;
    window.post(&format!("/s/j/{application}/acts/accept-application"), &[]).await;
    let filing = case_of(&node, project, "LX-05");
    let reason = [("reason", "wrong-item")];
    let gone = owner.post(&format!("/a/c/{filing}/acts/withdraw-case"), &reason).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text);
    assert!(owner.get(&page).await.text.contains(&again));
}

/// Fifty thousand square metres call for the full soil and water report: never asked, known from
/// the form, and part of the draft in the browser.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_known_answer_calls_for_is_in_the_draft() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut form = registration(&node, "E");
    form.insert("land-area".to_owned(), "60000".to_owned());
    let body = serde_json::to_value(form).unwrap();
    let answer = owner.post_json("/api/v1/projects", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let project: tongban_domain::ids::ProjectId =
        answer.json()["project"].as_str().unwrap().parse().unwrap();
    let (catalog, credit) = (node.catalog(), node.store.credit());
    let folded = node.store.project(project).unwrap().unwrap();
    let day = node.store.now().day();
    let prospect = Prospect { catalog: &catalog, project: &folded, credit: &credit, day };
    let none = BTreeMap::new();
    let questions = prospect.questions(1, &none);
    assert!(questions.iter().all(|question| question.key != "soil-water"));
    let answers: Vec<(&str, &str)> =
        questions.iter().map(|q| (q.key.as_str(), q.default.as_str())).collect();
    let started = owner.post(&format!("/a/p/{project}/apply?stage=1"), &answers).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.words_of("error-summary"));
    let items = owner.get(&format!("{}/section/items", started.location)).await;
    assert!(items.text.contains("LX-17a"), "the report is among the items");
    let slots = owner.get(&format!("{}/slots", started.location)).await;
    assert!(slots.text.contains("水土保持方案报告书"), "and its papers are asked for");
}

/// What was handed in once is there again; what a register holds may be uploaded with a reason; what
/// another project of the owner has is taken over by a button.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_for_twice_and_a_wrong_pull_can_be_replaced() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let mut other = Vec::new();
    for _ in 0..2 {
        let project = registered(&node, &mut owner, "E").await;
        submitted(&node, &mut owner, project).await;
        other.push(project);
    }
    let [first, second] = other[..] else { unreachable!("two were made") };
    // Of the first project stage 2 is handed in, too: with the identity of its agent.
    let body = submission(&node, &mut owner, first, 2).await;
    assert!(body["papers"]["agent-identity"].is_string());
    assert!(body["papers"].get("authorisation-letter").is_none(), "it came with stage 1");
    let path = format!("/api/v1/projects/{first}/applications");
    assert_eq!(owner.post_json(&path, &body).await.status, StatusCode::OK);

    let folded = node.store.project(second).unwrap().unwrap();
    let (catalog, credit, day) = (node.catalog(), node.store.credit(), node.store.now().day());
    let prospect = Prospect { catalog: &catalog, project: &folded, credit: &credit, day };
    let questions = prospect.questions(2, &BTreeMap::new());
    let answers: Vec<(&str, &str)> =
        questions.iter().map(|it| (it.key.as_str(), it.default.as_str())).collect();
    let started = owner.post(&format!("/a/p/{second}/apply?stage=2"), &answers).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.words_of("error-summary"));
    let draft = started.location.split(['/', '?']).nth(3).unwrap().to_owned();
    let slots = format!("/a/d/{draft}/slots");
    let page = owner.get(&slots).await.text;
    assert!(page.contains("已提交过，不用再交"), "{page}");
    assert!(page.contains("使用「星湖智能制造厂房」交过的 paper.pdf"));
    let slot = |paper: &str| format!("{slots}/{paper}");
    // From a project of somebody else there is nothing to take.
    let mut stranger = node.as_("owner2").await;
    let theirs = registered(&node, &mut stranger, "E").await;
    let take = slot("agent-identity") + "/library";
    let refused = owner.post(&take, &[("from", &theirs.to_string())]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let taken = owner.post(&take, &[("from", &first.to_string())]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    assert!(owner.get(&slots).await.text.contains("从「星湖智能制造厂房」带入"));

    let pdf = b"%PDF-1.7 ....";
    let without = owner.upload(&slot("business-licence"), "licence.pdf", pdf).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.text.contains("请选择改为上传的原因"));
    let why = [("instead", "registry-away")];
    let with = owner.upload_with(&slot("business-licence"), &why, "licence.pdf", pdf).await;
    assert_eq!(with.status, StatusCode::SEE_OTHER, "{}", with.text);
    let page = owner.get(&slots).await.text;
    assert!(page.contains("改为上传：登记系统调取不到"));
    let back = owner.post(&(slot("business-licence") + "/back"), &[]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert!(!owner.get(&slots).await.text.contains("改为上传：登记系统调取不到"));

    let page = owner.get(&format!("/a/p/{first}")).await.text;
    assert!(page.contains("合并为") && page.contains("少交"), "the figure of the project");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_that_the_project_has_not_is_left_out_with_a_reason() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let body = submission(&node, &mut owner, project, 1).await;
    let answers = body["answers"].as_object().unwrap();
    let answers: Vec<(&str, &str)> =
        answers.iter().map(|(key, answer)| (key.as_str(), answer.as_str().unwrap())).collect();
    let started = owner.post(&format!("/a/p/{project}/apply?stage=1"), &answers).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.words_of("error-summary"));
    let slots = format!("{}/slots", started.location.split('?').next().unwrap());
    let lacking = format!("{slots}/authorisation-letter/not-needed");
    assert!(owner.get(&slots).await.text.contains(&lacking));
    let elsewhere = owner.post(&format!("{slots}/site-report/not-needed"), &[]).await;
    assert!(elsewhere.status.is_client_error(), "the catalogue names no reason for that one");
    let vague = owner.post(&lacking, &[("not_needed", "no-trees")]).await;
    assert_eq!(vague.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(vague.text.contains("请选择不需要这份材料的原因"));
    let said = owner.post(&lacking, &[("not_needed", "acts-in-person")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
    let page = owner.get(&slots).await.text;
    assert!(page.contains("不需要提交：法定代表人亲自办理") && !page.contains(&lacking), "{page}");
    let check = slots.replace("/slots", "/check");
    assert!(owner.get(&check).await.text.contains("不需要：法定代表人亲自办理"));
    owner.post(&format!("{slots}/authorisation-letter/back"), &[]).await;
    assert!(owner.get(&slots).await.text.contains(&lacking), "it is asked for again");

    let mut body = body;
    body["papers"].as_object_mut().unwrap().remove("authorisation-letter").unwrap();
    let path = format!("/api/v1/projects/{project}/applications");
    assert_eq!(owner.post_json(&path, &body).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    body["not_needed"] = json!({ "authorisation-letter": "acts-in-person" });
    let sent = owner.post_json(&path, &body).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    let application = sent.json()["application"].as_str().unwrap().to_owned();
    let page = node.as_("window").await.get(&format!("/s/j/{application}")).await.text;
    assert!(page.contains("建设单位说明不需要：法定代表人亲自办理"), "{page}");
    let guide = node.anybody().get("/guide/papers/authorisation-letter").await.text;
    assert!(guide.contains("不需要的情形") && guide.contains("法定代表人亲自办理"));
}
