//! An owner lets somebody act for it on one project, and takes that back.

use axum::http::StatusCode;
use tongban_domain::ids::ProjectId;
use tongban_store::DraftKind;

use crate::support::{TestNode, Visitor, registered, submission, submitted};

/// The name of the person behind a login.
fn name(node: &TestNode, login: &str) -> String {
    node.store.account_named(login).unwrap().unwrap().name
}

fn in_a_month(node: &TestNode) -> String {
    node.store.now().day().plus(30).to_string()
}

async fn authorise(node: &TestNode, owner: &mut Visitor, project: ProjectId, powers: &[&str]) {
    let (name, until) = (name(node, "agent"), in_a_month(node));
    let mut form = vec![("agent", "agent"), ("name", name.as_str()), ("until", until.as_str())];
    form.extend(powers.iter().map(|power| ("power", *power)));
    let done = owner.post(&format!("/a/p/{project}/acts/authorise-agent"), &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.words_of("error-summary"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_finds_the_project_and_applies_for_the_owner() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let page = format!("/a/p/{project}");
    let mut agent = node.as_("agent").await;
    let nothing = agent.get("/a/projects").await;
    assert!(nothing.text.contains("还没有项目") && !nothing.text.contains("登记新项目"));
    assert_eq!(agent.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(agent.get("/a/projects/new").await.status, StatusCode::FORBIDDEN);

    authorise(&node, &mut owner, project, &["apply"]).await;
    let listed = agent.get("/a/projects").await.text;
    assert!(listed.contains(&page) && listed.contains("委托"), "{listed}");
    let inside = agent.get(&page).await;
    assert!(inside.text.contains("您受「") && inside.text.contains("申报、补正、提交材料"));
    let body = submission(&node, &mut agent, project, 1).await;
    let sent = agent.post_json(&format!("/api/v1/projects/{project}/applications"), &body).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    // What happened says who did it, and as what.
    let timeline = owner.get(&format!("{page}/timeline")).await.text;
    assert!(timeline.contains(&format!("受托人 {}", name(&node, "agent"))), "{timeline}");
    assert!(timeline.contains(&format!("委托{}办理", name(&node, "agent"))));
    assert!(agent.get("/a").await.text.contains("现在由：综合窗口"), "it is among its own");

    // Withdrawing was not left to it: no button, and refused.
    let application = sent.json()["application"].as_str().unwrap().to_owned();
    assert!(!agent.get(&format!("/a/j/{application}")).await.text.contains("撤回整次申报"));
    let withdraw = format!("/a/j/{application}/acts/withdraw-application");
    let refused = agent.post(&withdraw, &[("reason", "project-changed")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_that_is_taken_back_opens_nothing_from_the_next_page_on() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    authorise(&node, &mut owner, project, &["apply", "withdraw"]).await;
    let page = format!("/a/p/{project}");
    let mut agent = node.as_("agent").await;
    assert_eq!(agent.get(&format!("/a/j/{application}")).await.status, StatusCode::OK);
    // An agent sees its own mandate and gives nobody else one.
    let own = agent.get(&format!("{page}/agents")).await.text;
    assert!(own.contains("不再受托") && !own.contains("authorise-agent"), "{own}");

    let id = node.store.account_named("agent").unwrap().unwrap().id.to_string();
    let end = format!("{page}/acts/end-agency");
    let ended = owner.post(&end, &[("agent", &id)]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
    assert!(owner.get(&format!("{page}/agents")).await.text.contains("已解除"));
    for path in [page.clone(), format!("/a/j/{application}"), format!("/api/v1/projects/{project}")]
    {
        assert_eq!(agent.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!agent.get("/a/projects").await.text.contains(&page));
    assert!(!agent.get("/a").await.text.contains(&application.to_string()));

    // Given anew, and given back by the agent, which is led away from what it does not see.
    authorise(&node, &mut owner, project, &["apply"]).await;
    let back = agent.post(&end, &[("agent", &id)]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(back.location, "/a/projects?done=end-agency");
    assert_eq!(agent.get(&page).await.status, StatusCode::NOT_FOUND);
}

/// Whoever may only withdraw writes no application and lays no files with the project.
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_may_only_withdraw_brings_nothing() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let by = node.store.account_named("owner").unwrap().unwrap().id;
    let draft = tokio::task::block_in_place(|| {
        node.store.start_draft(project, DraftKind::Application, 1, None, by).unwrap()
    });
    authorise(&node, &mut owner, project, &["withdraw"]).await;
    let mut agent = node.as_("agent").await;
    let inside = agent.get(&format!("/a/p/{project}")).await.text;
    assert!(!inside.contains("接着填写") && !inside.contains("/apply?stage="), "{inside}");
    assert!(owner.get(&format!("/a/p/{project}")).await.text.contains("接着填写"));
    let page = format!("/a/d/{draft}");
    assert_eq!(owner.get(&page).await.status, StatusCode::OK);
    assert_eq!(agent.get(&page).await.status, StatusCode::NOT_FOUND);
    let files = format!("/api/v1/projects/{project}/files?paper=business-licence&name=a.pdf");
    assert_eq!(agent.post_bytes(&files, b"%PDF-1.7 %%EOF").await.status, StatusCode::FORBIDDEN);
    assert_ne!(owner.post_bytes(&files, b"%PDF-1.7 %%EOF").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_ends_by_itself() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    authorise(&node, &mut owner, project, &["apply"]).await;
    node.clock_plus_minutes(31 * 24 * 60);
    let mut agent = node.as_("agent").await;
    assert!(!agent.get("/a/projects").await.text.contains(&project.to_string()));
    assert_eq!(agent.get(&format!("/a/p/{project}")).await.status, StatusCode::NOT_FOUND);
    let mut owner = node.as_("owner").await;
    assert!(owner.get(&format!("/a/p/{project}/agents")).await.text.contains("已到期"));
}

/// Which accounts there are is told to nobody who may not let anybody act.
#[tokio::test(flavor = "multi_thread")]
async fn who_has_an_account_is_not_found_out_by_trying() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    authorise(&node, &mut owner, project, &["apply"]).await;
    let (mut agent, until) = (node.as_("agent").await, in_a_month(&node));
    let post = format!("/a/p/{project}/acts/authorise-agent");
    let officer = name(&node, "officer-planning");
    for name in [officer.as_str(), "别的姓名"] {
        let form = [("agent", "owner2"), ("name", name), ("until", &until), ("power", "apply")];
        assert_eq!(agent.post(&post, &form).await.status, StatusCode::FORBIDDEN);
    }
    let end = format!("/a/p/{project}/acts/end-agency");
    let known = owner.post(&end, &[("agent", "officer-planning")]).await;
    let unknown = owner.post(&end, &[("agent", "nobody-here")]).await;
    assert_eq!((known.status, known.text), (unknown.status, unknown.text));
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_to_trust_is_named_twice_and_never_an_official() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let post = format!("/a/p/{project}/acts/authorise-agent");
    let until = in_a_month(&node);
    let (agent, officer) = (name(&node, "agent"), name(&node, "officer-planning"));
    let sentence = "没有可以受托的这个账号，或者姓名不符";
    for (login, name) in [
        ("agent", "别的姓名"),
        ("nobody-here", agent.as_str()),
        ("officer-planning", officer.as_str()),
    ] {
        let form =
            [("agent", login), ("name", name), ("until", until.as_str()), ("power", "apply")];
        let page = owner.post(&post, &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains(sentence), "the same for all: {login}");
        assert!(page.text.contains(&format!("value=\"{login}\"")), "nothing typed is lost");
    }
    let nothing = owner.post(&post, &[("agent", "agent"), ("name", &agent)]).await;
    assert!(nothing.text.contains("请至少选择一项委托权限"));
    assert!(nothing.text.contains("请填写委托期限"));
    // The staff of another company may be trusted; its own projects stay its own.
    let other = name(&node, "owner2");
    let form =
        [("agent", "owner2"), ("name", other.as_str()), ("until", &until), ("power", "apply")];
    assert_eq!(owner.post(&post, &form).await.status, StatusCode::SEE_OTHER);
    let listed = node.as_("owner2").await.get("/a/projects").await.text;
    assert!(listed.contains(&format!("/a/p/{project}")) && listed.contains("登记新项目"));
}
