//! What people uploaded is fetched with a pass, from a path that knows no session.

use axum::http::StatusCode;

use crate::support::{TestNode, registered};

#[tokio::test(flavor = "multi_thread")]
async fn who_may_see_a_file_gets_a_pass_that_opens_it_alone_and_for_minutes() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let file = owner.keep_file(project, "site-report", "report.pdf").await;
    let other = owner.keep_file(project, "red-line-map", "map.dwg").await;
    let page = format!("/files/{file}");
    let sent = owner.get(&page).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let pass = sent.location;
    assert!(pass.starts_with("/content/"), "{pass}");
    // Nobody else gets one, with or without a login.
    assert_eq!(node.as_("owner2").await.get(&page).await.status, StatusCode::NOT_FOUND);
    assert!(node.anybody().get(&page).await.location.starts_with("/login"));

    // It opens this file to whoever has it, and sets or reads nothing of a session.
    let content = node.anybody().get(&pass).await;
    assert_eq!(content.status, StatusCode::OK);
    assert!(content.bytes.starts_with(b"%PDF") && content.token.is_none());
    for made_up in [
        pass.replace(&file, &other),
        pass.replacen('.', ".9", 1),
        format!("{}0", &pass[..pass.len() - 1]),
        format!("{}g", &pass[..pass.len() - 1]),
        "/content/x".to_owned(),
        format!("/content/{file}"),
    ] {
        let answer = node.anybody().get(&made_up).await;
        let same = made_up == pass;
        assert!(same || answer.status == StatusCode::NOT_FOUND, "{made_up}: {}", answer.status);
    }
    node.clock_plus_minutes(9);
    assert_eq!(node.anybody().get(&pass).await.status, StatusCode::OK);
    node.clock_plus_minutes(2);
    assert_eq!(node.anybody().get(&pass).await.status, StatusCode::NOT_FOUND);
}
