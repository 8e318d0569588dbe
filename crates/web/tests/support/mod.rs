//! A node with a founded city, and visitors who ask it for pages.

pub(crate) mod authenticator;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use tongban_domain::{
    application::Prospect,
    catalog::{Catalog, FieldType, SourceFile},
    ids::{ApplicationId, CaseId, ProjectId},
    time::Day,
};
use tongban_simulator::{DEMO_PASSWORD, found_city};
use tongban_store::{NodeOptions, Store, VirtualClock};
use tongban_web::{App, Route, SecondFactor, Settings, router};
use tower::ServiceExt as _;

/// A node in a folder of its own, on a Monday morning.
pub(crate) struct TestNode {
    pub(crate) store: Store,
    pub(crate) clock: Arc<VirtualClock>,
    router: Router,
    app: App,
    _folder: tempfile::TempDir,
}

fn pack() -> Vec<SourceFile> {
    tongban_store::read_pack(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/jiangsu"))
        .unwrap()
}

impl TestNode {
    pub(crate) fn new() -> Self {
        Self::with(SecondFactor::Offered)
    }

    /// The same, where officials have to log in with a second factor or may.
    pub(crate) fn with(second_factor: SecondFactor) -> Self {
        Self::set(|settings| settings.second_factor = second_factor)
    }

    /// The same with other settings.
    pub(crate) fn set(change: impl FnOnce(&mut Settings)) -> Self {
        // Founding waits for the disk, which an async test may not do on its own thread.
        tokio::task::block_in_place(|| Self::found(change))
    }

    fn found(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let monday: Day = "2026-03-02".parse().unwrap();
        let clock = Arc::new(VirtualClock::at(monday.at(9, 30)));
        let database = tongban_private_postgres::database_for_test().unwrap();
        let options = NodeOptions::new(folder.path(), 1, clock.clone())
            .seeded(7)
            .on(database)
            .asking(["市场监管部门".to_owned()]);
        let store = Store::open(options).unwrap();
        store.publish_pack(&pack()).unwrap();
        found_city(&store, 320_500).unwrap();
        let mut settings = Settings {
            place: "苏州市".to_owned(),
            demo: None,
            files: None,
            address: None,
            unified: None,
            secure_cookies: false,
            limits: None,
            second_factor: SecondFactor::Offered,
        };
        change(&mut settings);
        let app = App::new(store.clone(), settings, Path::new("no-bundle")).unwrap();
        Self { store, clock, router: router(app.clone()), app, _folder: folder }
    }

    /// Those who operate the node, on their own address.
    pub(crate) fn operations(&self) -> Visitor {
        Visitor {
            router: tongban_web::operations(self.app.clone()),
            token: None,
            headers: Vec::new(),
            cookies: BTreeMap::new(),
            requests: 0,
        }
    }

    /// Every route, with who may come through.
    pub(crate) fn routes(&self) -> Vec<Route> {
        tongban_web::routes(&self.app)
    }

    /// Somebody who has not logged in.
    pub(crate) fn anybody(&self) -> Visitor {
        Visitor {
            router: self.router.clone(),
            token: None,
            headers: Vec::new(),
            cookies: BTreeMap::new(),
            requests: 0,
        }
    }

    /// Somebody with an account of the founded city.
    pub(crate) async fn as_(&self, login: &str) -> Visitor {
        let mut visitor = self.anybody();
        let body = json!({ "login": login, "password": DEMO_PASSWORD });
        let answer = visitor.post_json("/api/v1/session", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{login}: {}", answer.text);
        visitor.token = Some(answer.json()["token"].as_str().unwrap().to_owned());
        visitor
    }

    /// Somebody with this session token.
    pub(crate) fn with_token(&self, token: &str) -> Visitor {
        Visitor {
            router: self.router.clone(),
            token: Some(token.to_owned()),
            headers: Vec::new(),
            cookies: BTreeMap::new(),
            requests: 0,
        }
    }

    /// A department's system with its key, for an officer or for itself.
    pub(crate) fn system(&self, key: &str, officer: Option<&str>) -> Visitor {
        let mut visitor = self.anybody();
        visitor.headers.push(("authorization", format!("Bearer {key}")));
        visitor.headers.extend(officer.map(|login| ("tongban-officer", login.to_owned())));
        visitor
    }

    /// Lets time pass; gives whether the clock moved.
    pub(crate) fn clock_plus_minutes(&self, minutes: i64) -> bool {
        let before = self.store.now();
        self.clock.set(before.plus_seconds(minutes * 60));
        self.store.now() > before
    }

    pub(crate) fn catalog(&self) -> Arc<Catalog> {
        self.store.catalog().unwrap()
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    /// The session that the answer sets.
    pub(crate) token: Option<String>,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The text of the first element with this class, without tags.
    pub(crate) fn words_of(&self, class: &str) -> String {
        let Some(start) = self.text.find(&format!("class=\"{class}\"")) else {
            return String::new();
        };
        let part: String = self.text[start..].chars().take(1500).collect();
        let part = part.split_once('>').map_or("", |(_, rest)| rest);
        let end = part.find("</div>").unwrap_or(part.len());
        let mut words = String::new();
        let mut inside = false;
        for letter in part[..end].chars() {
            match letter {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    words.push(' ');
                }
                other if !inside => words.push(other),
                _ => {}
            }
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Somebody who asks for pages.
pub(crate) struct Visitor {
    router: Router,
    token: Option<String>,
    /// Sent with every request.
    headers: Vec<(&'static str, String)>,
    /// Cookies beside that of the session, as a browser keeps them.
    cookies: BTreeMap<String, String>,
    requests: u32,
}

impl Visitor {
    /// The same browser, with the session of somebody else.
    pub(crate) fn swaps_session(&mut self, other: &Self) {
        self.token.clone_from(&other.token);
    }

    /// The browser tells this of itself.
    pub(crate) fn says_it_is(&mut self, browser: &str) {
        self.headers.push(("user-agent", browser.to_owned()));
    }

    async fn send(&mut self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let location = response
            .headers()
            .get(header::LOCATION)
            .map_or(String::new(), |value| value.to_str().unwrap().to_owned());
        let mut token = None;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            match pair.split_once('=').unwrap() {
                ("session", value) => token = Some(value.to_owned()),
                (name, value) => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
        let bytes = to_bytes(response.into_body(), 1 << 26).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, location, token, text, bytes: bytes.to_vec() }
    }

    fn request(&mut self, method: &str, path: &str) -> axum::http::request::Builder {
        self.requests += 1;
        let mut builder = Request::builder()
            .method(method)
            .uri(path)
            .header("idempotency-key", format!("request-{:06}", self.requests));
        for (name, value) in &self.headers {
            builder = builder.header(*name, value);
        }
        if let Some(token) = &self.token {
            builder = builder.header(header::COOKIE, format!("session={token}"));
        }
        for (name, value) in &self.cookies {
            builder = builder.header(header::COOKIE, format!("{name}={value}"));
        }
        builder
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    pub(crate) async fn delete(&mut self, path: &str) -> Answer {
        let request = self.request("DELETE", path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// Posts a form.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")))
            .unwrap();
        self.send(request).await
    }

    /// Posts an empty form as a browser does that was on another site.
    pub(crate) async fn post_from(&mut self, site: &str, path: &str) -> Answer {
        let request = self
            .request("POST", path)
            .header("sec-fetch-site", site)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::empty())
            .unwrap();
        self.send(request).await
    }

    /// Posts a form with one file.
    pub(crate) async fn upload(&mut self, path: &str, name: &str, content: &[u8]) -> Answer {
        self.upload_with(path, &[], name, content).await
    }

    /// The same with fields beside the file.
    pub(crate) async fn upload_with(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        content: &[u8],
    ) -> Answer {
        let field = |(name, value): &(&str, &str)| {
            format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let mut body: Vec<u8> = fields.iter().map(field).collect::<String>().into_bytes();
        let head = format!(
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--B--\r\n");
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn post_json(&mut self, path: &str, body: &Value) -> Answer {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// Posts an act of a system with its number on the case.
    pub(crate) async fn post_numbered(&mut self, number: u32, path: &str, body: &Value) -> Answer {
        self.headers.retain(|(name, _)| *name != "tongban-sequence");
        self.headers.push(("tongban-sequence", number.to_string()));
        self.post_json(path, body).await
    }

    /// Posts bytes.
    pub(crate) async fn post_bytes(&mut self, path: &str, content: &[u8]) -> Answer {
        let request = self.request("POST", path).body(Body::from(content.to_vec())).unwrap();
        self.send(request).await
    }

    /// The same request again: same key, same body.
    pub(crate) async fn repeat_json(&mut self, path: &str, body: &Value) -> Answer {
        self.requests -= 1;
        self.post_json(path, body).await
    }

    /// Posts bytes for a paper and gives the file's id.
    pub(crate) async fn keep_file(
        &mut self,
        project: ProjectId,
        paper: &str,
        name: &str,
    ) -> String {
        let path = format!("/api/v1/projects/{project}/files?paper={paper}&name={name}");
        let content = match name.rsplit_once('.').unwrap().1 {
            "png" => b"\x89PNG\r\n\x1a\n....".to_vec(),
            "dwg" => b"AC1032....".to_vec(),
            "xlsx" | "docx" => b"PK\x03\x04....[Content_Types].xml".to_vec(),
            "zip" | "ofd" => b"PK\x03\x04....".to_vec(),
            "txt" => b"text".to_vec(),
            _ => b"%PDF-1.7 ....".to_vec(),
        };
        let request = self.request("POST", &path).body(Body::from(content)).unwrap();
        let answer = self.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()["file"].as_str().unwrap().to_owned()
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A value that fits a field.
fn fitting(kind: &FieldType) -> String {
    match kind {
        FieldType::Text | FieldType::LongText => "按图施工".to_owned(),
        FieldType::Money | FieldType::Area | FieldType::Number => "1200".to_owned(),
        FieldType::Longitude => "120.585316".to_owned(),
        FieldType::Latitude => "31.298886".to_owned(),
        FieldType::Date => "2026-05-01".to_owned(),
        FieldType::Choice(options) => options[0].key.clone(),
        FieldType::YesNo => "no".to_owned(),
        FieldType::Uscc => "91350100M000100Y43".to_owned(),
        FieldType::Phone => "13800006621".to_owned(),
        FieldType::PersonName => "李工".to_owned(),
        FieldType::ResidentId => "11010519491231002X".to_owned(),
        FieldType::Division => "320571".to_owned(),
    }
}

/// The registration form, filled.
pub(crate) fn registration(node: &TestNode, flow: &str) -> BTreeMap<String, String> {
    let catalog = node.catalog();
    let fields = catalog.fields.iter().filter(|field| field.at_registration);
    let mut form: BTreeMap<String, String> =
        fields.map(|field| (field.key.clone(), fitting(&field.kind))).collect();
    form.insert("flow".to_owned(), flow.to_owned());
    form.insert("project-name".to_owned(), "星湖智能制造厂房".to_owned());
    form
}

/// A project of the owner, registered over the API.
pub(crate) async fn registered(node: &TestNode, owner: &mut Visitor, flow: &str) -> ProjectId {
    let body = serde_json::to_value(registration(node, flow)).unwrap();
    let answer = owner.post_json("/api/v1/projects", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["project"].as_str().unwrap().parse().unwrap()
}

/// A complete submission of a stage, with land already bought where it is asked.
pub(crate) async fn submission(
    node: &TestNode,
    owner: &mut Visitor,
    project: ProjectId,
    stage: u8,
) -> Value {
    let catalog = node.catalog();
    let folded = node.store.project(project).unwrap().unwrap();
    let mut answers: BTreeMap<String, String> = BTreeMap::new();
    let (credit, day) = (node.store.credit(), node.store.now().day());
    let prospect = Prospect { catalog: &catalog, project: &folded, credit: &credit, day };
    for question in prospect.questions(stage, &BTreeMap::new()) {
        let wanted = if question.key == "eia-class" { "registration" } else { &question.default };
        let known = question.offered().iter().any(|choice| choice.key == wanted);
        answers.insert(
            question.key.clone(),
            if known { wanted.to_owned() } else { question.default.clone() },
        );
    }
    let flow = &catalog.flows[&folded.flow];
    let mut all = answers.clone();
    all.extend(prospect.known_answers());
    let items: Vec<String> = catalog
        .needed(flow, stage, &all, folded.region)
        .filter(|entry| folded.is_free(&entry.item))
        .map(|entry| entry.item.clone())
        .collect();
    let fields: BTreeMap<String, String> = prospect
        .fields(&items, &all)
        .iter()
        .map(|field| (field.key.clone(), fitting(&field.kind)))
        .collect();
    let mut papers = BTreeMap::new();
    for (slot, from) in prospect.papers(&items, &all) {
        if from.is_none() {
            let accept = &catalog.papers[&slot.paper].accept;
            let end = accept.iter().find(|end| *end == "pdf").unwrap_or(&accept[0]);
            let file = owner.keep_file(project, &slot.paper, &format!("paper.{end}")).await;
            papers.insert(slot.paper, file);
        }
    }
    json!({ "stage": stage, "items": items, "answers": answers, "fields": fields, "papers": papers })
}

/// Stage 1 handed in over the API.
pub(crate) async fn submitted(
    node: &TestNode,
    owner: &mut Visitor,
    project: ProjectId,
) -> ApplicationId {
    let body = submission(node, owner, project, 1).await;
    let answer = owner.post_json(&format!("/api/v1/projects/{project}/applications"), &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["application"].as_str().unwrap().parse().unwrap()
}

/// The case for an item.
pub(crate) fn case_of(node: &TestNode, project: ProjectId, item: &str) -> CaseId {
    node.store.project(project).unwrap().unwrap().latest_case(item).unwrap().opened.case
}

/// As it stands in an address.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A draft of the first stage with the usual answers; gives its address.
pub(crate) async fn drafted(node: &TestNode, owner: &mut Visitor, project: ProjectId) -> String {
    let catalog = node.catalog();
    let folded = node.store.project(project).unwrap().unwrap();
    let credit = node.store.credit();
    let day = node.store.now().day();
    let prospect = Prospect { catalog: &catalog, project: &folded, credit: &credit, day };
    let questions = prospect.questions(1, &BTreeMap::new());
    let answers: Vec<(&str, &str)> =
        questions.iter().map(|q| (q.key.as_str(), q.default.as_str())).collect();
    let started = owner.post(&format!("/a/p/{project}/apply?stage=1"), &answers).await;
    assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.words_of("error-summary"));
    started.location
}
