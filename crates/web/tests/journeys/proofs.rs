//! What the node tells about itself, and what it proves to others.

use crate::support::{TestNode, case_of, registered, submitted};
use axum::http::StatusCode;
use tongban_journal::{PublicKeys, Receipt, SignedCheckpoint};

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_takes_away_the_receipt_of_an_act_and_checks_it_elsewhere() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let timeline = owner.get(&format!("/a/p/{project}/timeline")).await;
    let link = timeline.text.split('"').find(|part| part.contains("/proof/")).unwrap().to_owned();
    let receipt = owner.get(&link).await;
    assert_eq!(receipt.status, StatusCode::OK);
    let mut visitor = node.anybody();
    let keys: PublicKeys = visitor.get("/journal/keys").await.text.parse().unwrap();
    let read: Receipt = receipt.text.parse().unwrap();
    let checkpoint = read.verify(&keys).unwrap();
    assert!(checkpoint.roots.size <= node.store.roots().unwrap().size);

    // Nobody else's business, and no act of another project.
    let other = node.as_("owner2").await.get(&link).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get(&link).await.status, StatusCode::SEE_OTHER);
    let (path, _) = link.rsplit_once('/').unwrap();
    let unknown = owner.get(&format!("{path}/{project}")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_how_the_node_is_and_what_it_signed() {
    let node = TestNode::new();
    let mut visitor = node.anybody();
    let signed = tokio::task::block_in_place(|| node.store.sign_checkpoint()).unwrap().unwrap();
    let page = visitor.get("/status").await;
    assert!(page.text.contains("系统正常") && page.text.contains("tongban/1/1"));
    let checkpoint: SignedCheckpoint =
        visitor.get("/journal/checkpoint").await.text.parse().unwrap();
    assert!(checkpoint.checkpoint.roots.size >= signed.checkpoint.roots.size);
    let keys: PublicKeys = visitor.get("/journal/keys/1").await.text.parse().unwrap();
    checkpoint.verify(&keys).unwrap();
    assert_eq!(visitor.get("/journal/keys/2").await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get("/health/live").await.text, "live\n");
    assert_eq!(visitor.get("/health/ready").await.status, StatusCode::OK);
    node.store.clone().close();
    let closed = visitor.get("/health/ready").await;
    assert_eq!(closed.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(visitor.get("/status").await.text.contains("目前只能查询"));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_name_routes_and_nobody() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    owner.get(&format!("/a/p/{project}")).await;
    let figures = node.operations().get("/metrics").await;
    assert_eq!(figures.status, StatusCode::OK);
    let text = figures.text;
    assert!(text.contains("route=\"/a/p/{project}\""), "{text}");
    assert!(text.contains("tongban_facts_written_total") && text.contains("tongban_writing 1"));
    assert!(!text.contains(&project.to_string()));
    assert!(text.ends_with("# EOF\n"));
    // Not where everybody can ask.
    assert_eq!(owner.get("/metrics").await.status, StatusCode::NOT_FOUND);
}

/// An opinion is inside the department: the owner's receipt of the act has the taking up alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_proves_to_the_owner_what_the_owner_sees() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let mut window = node.as_("window").await;
    window.post(&format!("/s/j/{application}/acts/accept-application"), &[]).await;
    let permit = case_of(&node, project, "LX-11b");
    let mut officer = node.as_("officer-planning").await;
    let form = [("verdict", "pass"), ("text", "同意")];
    let given = officer.post(&format!("/s/c/{permit}/acts/give-opinion"), &form).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
    let history = tokio::task::block_in_place(|| node.store.history(project)).unwrap();
    let act = history.last().unwrap().envelope.act;
    let facts = history.iter().filter(|recorded| recorded.envelope.act == act).count();
    let leaves = |text: &str| text.parse::<Receipt>().map_or(0, |receipt| receipt.leaves.len());
    let path = format!("/a/p/{project}/proof/{act}");
    let own = owner.get(&path).await;
    assert!(leaves(&own.text) < facts, "{} of {facts}", leaves(&own.text));
    assert_eq!(leaves(&officer.get(&path).await.text), facts);
}
