//! Large files come in parts: a connection that breaks costs one part, and nobody else's parts are mine.

use axum::http::StatusCode;

use crate::support::{Answer, TestNode, Visitor, drafted, registered};

const PART: usize = 4 << 20;

fn pdf(size: usize) -> Vec<u8> {
    let mut content = b"%PDF-1.7 ".to_vec();
    content.resize(size, b' ');
    content
}

async fn begun(visitor: &mut Visitor, size: usize) -> String {
    let answer = visitor.post_bytes(&format!("/uploads?size={size}"), b"").await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(answer.json()["part"], PART);
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn part(visitor: &mut Visitor, id: &str, at: usize, bytes: &[u8]) -> Answer {
    visitor.post_bytes(&format!("/uploads/{id}?at={at}"), bytes).await
}

async fn there(visitor: &mut Visitor, id: &str) -> u64 {
    visitor.get(&format!("/uploads/{id}")).await.json()["at"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_parts_is_taken_like_a_file_that_came_at_once() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let draft = drafted(&node, &mut owner, project).await;
    let page = owner.get(&format!("{draft}/slots")).await;
    let slot = page.text.split("/slots/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let to = format!("{draft}/slots/{slot}");
    let content = pdf(PART + 5);
    let id = begun(&mut owner, content.len()).await;
    assert_eq!(part(&mut owner, &id, 0, &content[..PART]).await.json()["at"], PART);
    // The answer was lost: the same part again is told where to go on, and changes nothing.
    let again = part(&mut owner, &id, 0, &content[..PART]).await;
    assert_eq!(
        (again.status, again.json()["at"].as_u64()),
        (StatusCode::CONFLICT, Some(PART as u64))
    );
    let gap = part(&mut owner, &id, PART + 1, b"    ").await;
    assert_eq!(gap.status, StatusCode::CONFLICT, "no gaps");
    assert_eq!(
        part(&mut owner, &id, PART, &[b' '; 6]).await.status,
        StatusCode::CONFLICT,
        "too long"
    );
    assert_eq!(there(&mut owner, &id).await, PART as u64);
    let form = [("parts:file", id.as_str()), ("name:file", "方案.pdf")];
    let early = owner.upload_with(&to, &form, "", b"").await;
    assert_eq!(early.status, StatusCode::BAD_REQUEST, "not before all of it is there");
    assert_eq!(part(&mut owner, &id, PART, &content[PART..]).await.status, StatusCode::OK);
    let done = owner.upload_with(&to, &form, "", b"").await;
    assert!(done.location.ends_with("done=uploaded"), "{}", done.words_of("error-summary"));
    let listed = owner.get(&format!("{draft}/slots")).await;
    assert!(listed.text.contains("方案.pdf"));
    let gone = owner.get(&format!("/uploads/{id}")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "it was taken");
    // It is looked into like any other.
    let id = begun(&mut owner, 9).await;
    part(&mut owner, &id, 0, b"not a pdf").await;
    let form = [("parts:file", id.as_str()), ("name:file", "方案.pdf")];
    let lying = owner.upload_with(&to, &form, "", b"").await;
    assert_eq!(lying.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_of_one_account_and_have_limits() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let id = begun(&mut owner, 100).await;
    let mut other = node.as_("owner2").await;
    assert_eq!(other.get(&format!("/uploads/{id}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(part(&mut other, &id, 0, b"x").await.status, StatusCode::NOT_FOUND);
    for path in ["/uploads/..%2F..%2Fjournal.key", "/uploads/x", "/uploads/0.1"] {
        assert_eq!(owner.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let large = part(&mut owner, &id, 0, &vec![b' '; PART + 1]).await;
    assert_eq!(large.status, StatusCode::BAD_REQUEST);
    for size in [0, 513 << 20] {
        let refused = owner.post_bytes(&format!("/uploads?size={size}"), b"").await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{size}");
    }
    let mut begun_more = 0;
    while owner.post_bytes("/uploads?size=10", b"").await.status == StatusCode::CREATED {
        begun_more += 1;
    }
    assert_eq!(begun_more, 19, "twenty unfinished at most");
    assert_eq!(other.post_bytes("/uploads?size=10", b"").await.status, StatusCode::CREATED);
}
