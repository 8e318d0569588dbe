//! Every route, knocked at by everybody: the table says who comes in, and nobody else does.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use tongban_domain::permission::Role;
use tongban_web::{Door, Route};

use crate::support::{TestNode, Visitor, case_of, registered, submitted};

/// One account for each office that people hold.
const PEOPLE: [(Role, &str); 12] = [
    (Role::Owner, "owner"),
    (Role::Agent, "agent"),
    (Role::Window, "window"),
    (Role::Officer, "officer-planning"),
    (Role::Reviewer, "reviewer-planning"),
    (Role::Approver, "approver-planning"),
    (Role::Supervisor, "supervisor"),
    (Role::Administrator, "admin"),
    (Role::Government, "government"),
    (Role::SystemAdministrator, "sysadmin"),
    (Role::SecurityAdministrator, "secadmin"),
    (Role::AuditAdministrator, "auditor"),
];

/// What may stand behind a door that was opened: anything but a refusal at the door, and nothing
/// that broke.
fn is_inside(path: &str, status: StatusCode, location: &str) -> bool {
    // Who has to log in is sent there, also by the pages of the login.
    let sent_away = location.starts_with("/login") && !path.starts_with("/login");
    status != StatusCode::UNAUTHORIZED && !sent_away && !status.is_server_error()
}

async fn knock(visitor: &mut Visitor, route: &Route, path: &str) -> (StatusCode, String, String) {
    let answer = match route.method {
        Method::GET => visitor.get(path).await,
        Method::DELETE => visitor.delete(path).await,
        _ if path.starts_with("/api/") => visitor.post_json(path, &serde_json::json!({})).await,
        _ => visitor.post(path, &[]).await,
    };
    (answer.status, answer.location.clone(), answer.text.clone())
}

/// The matrix under version control: a route that is opened to somebody else is seen in review.
#[tokio::test(flavor = "multi_thread")]
async fn the_table_of_doors_is_under_version_control() {
    let node = TestNode::new();
    let mut table = String::from("method path · anybody · offices\n");
    for Route { method, path, door } in node.routes() {
        let offices: Vec<&str> = PEOPLE
            .iter()
            .filter(|(role, _)| door.opens_for(*role))
            .map(|(role, _)| role.name())
            .collect();
        let all = offices.len() == PEOPLE.len();
        let offices = match door {
            Door::System => "部门系统".to_owned(),
            _ if all => "登录即可".to_owned(),
            _ => offices.join("、"),
        };
        let anybody = if door == Door::Everybody { "公众" } else { "—" };
        table.push_str(&format!("{method} {path} · {anybody} · {offices}\n"));
    }
    insta::assert_snapshot!("doors", table);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_door_opens_for_those_it_names_and_for_nobody_else() {
    let node = TestNode::new();
    let mut owner = node.as_("owner").await;
    let project = registered(&node, &mut owner, "E").await;
    let application = submitted(&node, &mut owner, project).await;
    let case = case_of(&node, project, "LX-05");
    // Things that are there; and what a name that is not there does to the others.
    let names: BTreeMap<&str, String> = [
        ("project", project.to_string()),
        ("application", application.to_string()),
        ("case", case.to_string()),
        ("code", "LX-05".to_owned()),
        ("act", "claim-case".to_owned()),
    ]
    .into();
    let address = |path: &str| {
        path.split('/')
            .map(|part| match part.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
                Some(name) => names.get(name).cloned().unwrap_or_else(|| "none".to_owned()),
                None => part.to_owned(),
            })
            .collect::<Vec<_>>()
            .join("/")
    };
    let routes = node.routes();
    let mut cells = 0;
    let mut wrong = Vec::new();
    // Whoever changes something changes it for those who knock later: only refusals are knocked at
    // with what is there.
    let leaves = |route: &Route| route.path.ends_with("/session") || route.path == "/logout";
    for route in &routes {
        let path = address(&route.path);
        let (status, location, _) = knock(&mut node.anybody(), route, &path).await;
        let came_in = is_inside(&path, status, &location);
        cells += 1;
        // A login that fails is told so, and is no closed door.
        let expected = route.door == Door::Everybody || route.path.ends_with("/session");
        if came_in != expected && !route.path.ends_with("/session") {
            wrong.push(format!("anybody at {} {path}: {status} {location}", route.method));
        }
    }
    for (role, login) in PEOPLE {
        let mut visitor = node.as_(login).await;
        for route in routes.iter().filter(|route| !leaves(route)) {
            let path = address(&route.path);
            let (status, location, text) = knock(&mut visitor, route, &path).await;
            cells += 1;
            let turned_away = status == StatusCode::FORBIDDEN
                && (text.contains("不能使用这个工作台") || text.contains("not-allowed"));
            let opens = route.door.opens_for(role);
            let good = if opens { is_inside(&path, status, &location) } else { turned_away };
            if !good {
                wrong.push(format!("{login} at {} {path}: {status} {location}", route.method));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cells > 900, "{cells}");
}
