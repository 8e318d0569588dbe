//! A department works in its own system, and what it does comes in as acts: connected by an
//! administrator, in order, once, by named officers, and never beyond the department.

use axum::http::StatusCode;
use serde_json::{Value, json};
use tongban_domain::{
    fact::Channel,
    ids::{CaseId, DepartmentId, ProjectId},
};
use tongban_store::VerifyOptions;

use crate::support::{Answer, TestNode, Visitor, case_of, registered, submitted};

const SYSTEM: &str = "自然资源业务系统";
const OFFICER: &str = "officer-planning";

/// The department of a case.
fn department(node: &TestNode, project: ProjectId, case: CaseId) -> DepartmentId {
    node.store.project(project).unwrap().unwrap().cases[&case].department
}

/// Connects the system as an administrator does, on the page; gives the key shown there.
pub(crate) async fn connected(node: &TestNode, department: DepartmentId) -> String {
    let mut admin = node.as_("sysadmin").await;
    let form = [("department", department.to_string()), ("system", SYSTEM.to_owned())];
    let form: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = admin.post("/s/admin/systems", &form).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let (_, after) = page.text.split_once("id=\"key\">").unwrap();
    let key = after.split('<').next().unwrap().to_owned();
    // It opens nothing before another administrator lets it count, and not by who gave it.
    assert_eq!(node.system(&key, None).get("/api/v1/tasks").await.status, 401);
    let which = [("department", department.to_string())];
    let which: Vec<(&str, &str)> = which.iter().map(|(name, id)| (*name, id.as_str())).collect();
    let admit = "/s/admin/systems/admit";
    assert_eq!(admin.post(admit, &which).await.status, StatusCode::FORBIDDEN);
    let mut guard = node.as_("secadmin").await;
    assert!(guard.get("/s/admin/systems").await.text.contains(admit));
    assert_eq!(guard.post(admit, &which).await.status, StatusCode::SEE_OTHER);
    let again = admin.get("/s/admin/systems").await.text;
    assert!(again.contains(SYSTEM) && !again.contains(&key), "it is shown once");
    key
}

/// Stage 1 handed in and accepted; the land-use planning permit is with the planning authority.
async fn accepted(node: &TestNode) -> (ProjectId, CaseId) {
    let mut owner = node.as_("owner").await;
    let project = registered(node, &mut owner, "E").await;
    let application = submitted(node, &mut owner, project).await;
    let accept = format!("/s/j/{application}/acts/accept-application");
    let done = node.as_("window").await.post(&accept, &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    (project, case_of(node, project, "LX-11b"))
}

fn act(case: CaseId, name: &str) -> String {
    format!("/api/v1/cases/{case}/acts/{name}")
}

fn code(answer: &Answer) -> (u16, String) {
    let code = answer.json()["error"]["code"].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), code)
}

fn channels(node: &TestNode, project: ProjectId) -> Vec<(Channel, Option<String>)> {
    let history = node.store.history(project).unwrap();
    let envelopes = history.into_iter().map(|recorded| recorded.envelope);
    let mut found: Vec<_> = envelopes.map(|it| (it.channel, it.source_system)).collect();
    found.dedup();
    found
}

async fn tasks(system: &mut Visitor, after: &str) -> Vec<Value> {
    let found = system.get(&format!("/api/v1/tasks?after={after}")).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text);
    found.json()["tasks"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_handled_in_the_system_of_its_department() {
    let node = TestNode::new();
    let (project, case) = accepted(&node).await;
    let key = connected(&node, department(&node, project, case)).await;
    let mut system = node.system(&key, None);
    let found = tasks(&mut system, "").await;
    let task = found.iter().find(|it| it["act"] == "accept-application").unwrap();
    assert!(task["cases"].as_array().unwrap().contains(&json!(case.to_string())), "{task}");
    let last = found.last().unwrap()["id"].as_str().unwrap().to_owned();
    assert!(tasks(&mut system, &last).await.is_empty(), "it has everything");

    // What it needs to work on the case: the case, the papers, their content.
    let read = system.get(&format!("/api/v1/cases/{case}")).await.json();
    assert_eq!((&read["standing"], &read["next_sequence"]), (&json!("with-officer"), &json!(1)));
    let application = read["application"].as_str().unwrap();
    let papers = system.get(&format!("/api/v1/applications/{application}")).await.json();
    let paper = papers["papers"].as_array().unwrap().iter().find(|it| !it["file"].is_null());
    let file = paper.unwrap()["file"]["file"].as_str().unwrap().to_owned();
    let content = system.get(&format!("/api/v1/files/{file}")).await;
    assert_eq!(content.status, StatusCode::OK);
    assert!(content.bytes.starts_with(b"%PDF"));
    let facts = system.get(&format!("/api/v1/projects/{project}")).await.json()["facts"].clone();
    assert!(facts.as_array().unwrap().len() > 5, "{facts}");

    // Its officers act; a paper of its own goes on file.
    let mut officer = node.system(&key, Some(OFFICER));
    let yesterday = node.store.now().0 - 86_400_000_000;
    let opinion = json!({ "verdict": "pass", "text": "符合规划条件", "claimed_at": yesterday });
    let done = officer.post_numbered(1, &act(case, "give-opinion"), &opinion).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let kept = officer
        .post_bytes(&format!("/api/v1/cases/{case}/files?name=report.pdf"), b"%PDF-1.7 site")
        .await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
    let filed = json!({ "title": "现场踏勘报告", "file": kept.json()["file"] });
    let filing = format!("/api/v1/cases/{case}/filed-papers");
    let done = officer.post_numbered(2, &filing, &filed).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let review = json!({ "verdict": "pass", "text": "同意" });
    let mut reviewer = node.system(&key, Some("reviewer-planning"));
    let done = reviewer.post_numbered(3, &act(case, "review-case"), &review).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);

    let folded = node.store.project(project).unwrap().unwrap();
    let done = &folded.cases[&case];
    assert_eq!((done.ways_in.from_system(done.department), done.ways_in.retyped), (3, 0));
    let from = (Channel::DepartmentSystem, Some(SYSTEM.to_owned()));
    assert!(channels(&node, project).contains(&from));
    let page = node.as_("approver-planning").await.get(&format!("/s/c/{case}")).await.text;
    assert!(page.contains("部门系统「自然资源业务系统」"), "{page}");
    assert!(page.contains("本部门已接入「自然资源业务系统」"), "{page}");
    assert!(page.contains("现场踏勘报告") && page.contains("称发生于"), "{page}");
    let outside = node.as_("owner").await.get(&format!("/a/c/{case}")).await.text;
    assert!(!outside.contains("现场踏勘报告"), "it is the department's own");
    let mut owner = node.as_("owner").await;
    let own = owner.get(&format!("/api/v1/cases/{case}")).await.text;
    assert!(!own.contains("现场踏勘报告"), "{own}");
    let file = kept.json()["file"].as_str().unwrap().to_owned();
    for path in ["/files", "/api/v1/files"] {
        let answer = owner.get(&format!("{path}/{file}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }

    // The approver signs by hand: typed twice, marked and counted.
    let sign = [("verdict", "refuse"), ("reason", "conditions-not-met"), ("text", "不符合条件")];
    let signed = node
        .as_("approver-planning")
        .await
        .post(&format!("/s/c/{case}/acts/decide-case"), &sign)
        .await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.words_of("error-summary"));
    assert_eq!(channels(&node, project).last().unwrap().0, Channel::Retyped);
    let watched = node.as_("supervisor").await.get("/s/admin/systems").await.text;
    assert!(watched.contains("人工补录 <b>1</b> 次，涉及 1 个办件"), "{watched}");
    let figures = node.operations().get("/metrics").await.text;
    assert!(figures.contains("tongban_retyped_acts 1"), "{figures}");
    let verified = || node.store.verify(&VerifyOptions::default()).unwrap();
    tokio::task::block_in_place(verified).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_counts_once_and_in_its_order() {
    let node = TestNode::new();
    let (project, case) = accepted(&node).await;
    let key = connected(&node, department(&node, project, case)).await;
    let mut officer = node.system(&key, Some(OFFICER));
    let claim = act(case, "claim-case");
    let opinion = (act(case, "give-opinion"), json!({ "verdict": "pass", "text": "符合条件" }));

    // The second overtakes the first: nothing happens, and the number to begin with is said.
    let early = officer.post_numbered(2, &opinion.0, &opinion.1).await;
    assert_eq!(code(&early), (409, "out-of-order".to_owned()), "{}", early.text);
    assert_eq!(early.json()["error"]["fields"]["sequence"], "1");
    let first = officer.post_numbered(1, &claim, &json!({})).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    // Sent again, since no answer came: the same answer, and nothing more.
    let double = officer.post_numbered(1, &claim, &json!({})).await;
    assert_eq!((double.status, double.text), (first.status, first.text));
    // Another act under the same number.
    let other = officer.post_numbered(1, &opinion.0, &opinion.1).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "{}", other.text);
    let other = officer.post_numbered(1, &claim, &json!({ "note": "x" })).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "{}", other.text);
    let second = officer.post_numbered(2, &opinion.0, &opinion.1).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.text);
    let late = officer.post_numbered(1, &claim, &json!({})).await;
    assert_eq!(late.status, StatusCode::OK, "a straggler gets the answer of its first time");
    // An act that is refused uses no number up.
    let refused = officer.post_numbered(3, &opinion.0, &opinion.1).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    let mut reviewer = node.system(&key, Some("reviewer-planning"));
    let third = reviewer.post_numbered(3, &act(case, "review-case"), &opinion.1).await;
    assert_eq!(third.status, StatusCode::OK, "{}", third.text);
    // A path written in another way does not lead around the numbers.
    let odd = claim.replace(&case.to_string(), &format!("%30{}", &case.to_string()[1..]));
    let mut sidestep = node.system(&key, Some(OFFICER));
    let answer = sidestep.post_json(&odd, &json!({})).await;
    assert!(answer.status.is_client_error(), "{}", answer.text);
    // Without a number nothing is done.
    let mut unnumbered = node.system(&key, Some(OFFICER));
    let answer = unnumbered.post_json(&claim, &json!({})).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    let to_come = json!({ "claimed_at": node.store.now().0 + 60_000_000 });
    let answer = unnumbered.post_numbered(4, &claim, &to_come).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_what_its_department_handles_and_nothing_else() {
    let node = TestNode::new();
    let (project, case) = accepted(&node).await;
    let of = department(&node, project, case);
    let key = connected(&node, of).await;
    let other = case_of(&node, project, "LX-05");
    let claim = json!({});

    // Not for those of other departments, owners, clerks or nobody.
    for login in
        ["officer-development", "owner", "window", "sysadmin", "nobody", "officer-planning "]
    {
        let mut system = node.system(&key, Some(login));
        let answer = system.post_numbered(1, &act(case, "claim-case"), &claim).await;
        let expected = if login.ends_with(' ') { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(answer.status, expected, "{login}: {}", answer.text);
    }
    let mut officer = node.system(&key, Some(OFFICER));
    let foreign = officer.post_numbered(1, &act(other, "claim-case"), &claim).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{}", foreign.text);
    // The system itself reads, and changes nothing.
    let mut itself = node.system(&key, None);
    let answer = itself.post_numbered(1, &act(case, "claim-case"), &claim).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    // Pages are for people, tasks for systems.
    let page = officer.get(&format!("/s/c/{case}")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(page.location.starts_with("/login"), "{}", page.location);
    let mut person = node.as_(OFFICER).await;
    assert_eq!(person.get("/api/v1/tasks").await.status, StatusCode::FORBIDDEN);
    assert_eq!(itself.get("/api/v1/tasks?after=x").await.status, StatusCode::BAD_REQUEST);
    // A key that was made up, one that was replaced, one that was ended.
    let made_up = key.replace(|digit: char| digit.is_ascii_digit(), "7");
    assert_eq!(node.system(&made_up, None).get("/api/v1/tasks").await.status, 401);
    let newer = connected(&node, of).await;
    assert_eq!(itself.get("/api/v1/tasks").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(node.system(&newer, None).get("/api/v1/tasks").await.status, StatusCode::OK);
    let form = [("department", of.to_string())];
    let form: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut admin = node.as_("sysadmin").await;
    let ended = admin.post("/s/admin/systems/disconnect", &form).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(node.system(&newer, None).get("/api/v1/tasks").await.status, 401);
    // The key is in no database in clear.
    for recorded in node.store.history(project).unwrap() {
        assert!(!String::from_utf8_lossy(&recorded.to_bytes()).contains("tbsys-"));
    }
}
