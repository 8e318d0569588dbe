//! Persons' data: masked for everybody, in clear for whoever says why, and for nobody else.

use std::collections::{BTreeSet, VecDeque};

use axum::http::StatusCode;
use tongban_domain::ids::ProjectId;

use crate::support::{TestNode, Visitor, registration, submitted};

/// Persons nobody else is called like: where one of these is read, it was told.
const CANARIES: [&str; 3] = ["皇甫金丝", "欧阳雀舌", "19900000417"];

fn told(text: &str) -> Vec<&'static str> {
    CANARIES.into_iter().filter(|canary| text.contains(canary)).collect()
}

async fn with_canaries(node: &TestNode, owner: &mut Visitor) -> ProjectId {
    let mut form = registration(node, "E");
    for (field, value) in [("legal-representative", 0), ("contact-name", 1), ("contact-phone", 2)] {
        form.insert(field.to_owned(), CANARIES[value].to_owned());
    }
    let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let answer = owner.post("/a/projects/new", &pairs).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let id = answer.location.trim_start_matches("/a/p/");
    id.split(['/', '?']).next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_who_says_why_reads_it_for_ten_minutes_and_the_owner_knows() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = with_canaries(&node, &mut owner).await;
    let (page, api) =
        (format!("/s/p/{project}/persons"), format!("/api/v1/projects/{project}/persons"));
    let mut window = node.as_("window").await;
    let masked = window.get(&page).await;
    assert_eq!(told(&masked.text), [""; 0]);
    assert!(masked.text.contains("皇***") && masked.text.contains("199******17"));
    let without = window.post(&page, &[("reason", "")]).await;
    assert_eq!((without.status, told(&without.text).len()), (StatusCode::UNPROCESSABLE_ENTITY, 0));

    let why = [("reason", "reach-contact"), ("text", "电话核对地址")];
    let read = window.post(&page, &why).await;
    assert_eq!(read.status, StatusCode::SEE_OTHER, "{}", read.text);
    assert_eq!(told(&window.get(&page).await.text), CANARIES);
    let json = window.get(&api).await;
    assert_eq!(told(&json.text), CANARIES);
    assert!(json.json()["in_clear_until"].is_i64());
    // Nowhere else, and for nobody else.
    assert_eq!(told(&window.get(&format!("/s/p/{project}")).await.text), [""; 0]);
    let mut supervisor = node.as_("supervisor").await;
    for path in [&page, &api] {
        assert_eq!(told(&supervisor.get(path).await.text), [""; 0], "{path}");
    }
    let timeline = owner.get(&format!("/a/p/{project}/timeline")).await;
    assert!(timeline.text.contains("查看联系人和个人信息：联系经办人"));

    node.clock_plus_minutes(10);
    for path in [&page, &api] {
        assert_eq!(told(&window.get(path).await.text), [""; 0], "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_department_without_a_case_may_not_read_it() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = with_canaries(&node, &mut owner).await;
    let (page, why) = (format!("/s/p/{project}/persons"), [("reason", "reach-contact")]);
    let mut officer = node.as_("officer-planning").await;
    assert_eq!(officer.post(&page, &why).await.status, StatusCode::FORBIDDEN);
    submitted(&node, &mut owner, project).await;
    assert_eq!(officer.post(&page, &why).await.status, StatusCode::SEE_OTHER);
    assert_eq!(told(&officer.get(&page).await.text), CANARIES);
    // Keeping the catalogue is no reason to know anybody.
    let mut admin = node.as_("admin").await;
    assert_eq!(admin.post(&page, &why).await.status, StatusCode::FORBIDDEN);
}

/// Everything that can be reached by following links, as everybody.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_list_export_or_error_tells_a_person() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = with_canaries(&node, &mut owner).await;
    let application = submitted(&node, &mut owner, project).await;
    let number =
        node.store.project(project).unwrap().unwrap().applications[&application].number.clone();
    let more = [
        format!("/api/v1/projects/{project}"),
        format!("/api/v1/projects/{project}/persons"),
        format!("/api/v1/applications/{application}"),
        "/api/v1/queue?view=all".to_owned(),
        "/s/queue.csv?view=all".to_owned(),
        "/s/search?q=19900000417".to_owned(),
    ];
    // Who knows number and digits sees how far it is, and nobody.
    for tail in ["0417", "0418"] {
        let form = [("no", number.as_str()), ("tail", tail)];
        let found = told(&node.anybody().post("/track", &form).await.text);
        assert!(found.is_empty(), "{found:?}");
    }
    let mut reached = 0;
    for login in [
        "owner",
        "window",
        "officer-planning",
        "approver-planning",
        "supervisor",
        "admin",
        "sysadmin",
        "secadmin",
        "auditor",
        "government",
        "",
    ] {
        let mut visitor = if login.is_empty() { node.anybody() } else { node.as_(login).await };
        let starts = ["/", "/a", "/s"].map(ToOwned::to_owned).into_iter().chain(more.clone());
        let mut waiting: VecDeque<String> = starts.collect();
        let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
        let mut left = 250;
        while let Some(path) = waiting.pop_front() {
            let answer = visitor.get(&path).await;
            let found = told(&answer.text);
            // What was asked for stands in the box again.
            let own = path.contains("q=19900000417");
            assert!(own || found.is_empty(), "{login}: {found:?} at {path}");
            reached += 1;
            left -= 1;
            if left == 0 {
                break;
            }
            waiting.extend(links(&answer.text).filter(|link| seen.insert(link.clone())));
        }
    }
    assert!(reached > 250, "only {reached} answers were read");
}

/// Addresses of this site on a page, but for the guides, which know no project.
fn links(page: &str) -> impl Iterator<Item = String> {
    page.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| {
            link.starts_with('/') && !link.starts_with("/guide") && !link.starts_with("/mode")
        })
        .map(|link| link.split('#').next().unwrap_or(link).replace("&amp;", "&"))
}
