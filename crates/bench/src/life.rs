//! What clients do: register, apply, accept, decide, look up. Only acts are timed; what an act
//! needs before, such as uploads, is done and not counted.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use hyper::body::Bytes;
use serde_json::{Value, json};
use tongban_domain::{
    application::Prospect,
    catalog::{FieldType, PaperSource},
    ids::ProjectId,
    time::Instant as Moment,
};

use crate::{
    Scenario,
    client::Client,
    measure::{Beats, Figures, Pace},
    node::Node,
};

/// Who is logged in.
struct Sessions {
    owner: String,
    window: String,
    filing: String,
    officer: String,
    reviewer: String,
    approver: String,
}

impl Sessions {
    async fn open(address: &str) -> anyhow::Result<Self> {
        let mut client = Client::connect(address).await?;
        Ok(Self {
            owner: client.log_in("owner").await?,
            window: client.log_in("window").await?,
            filing: client.log_in("officer-development-reform").await?,
            officer: client.log_in("officer-planning").await?,
            reviewer: client.log_in("reviewer-planning").await?,
            approver: client.log_in("approver-planning").await?,
        })
    }
}

/// What all clients of a scenario share.
struct Shared {
    sessions: Sessions,
    /// Stage 1 of the usual project, but for its files.
    submission: Value,
    /// Papers that the owner uploads, with the end of their names.
    papers: Vec<(String, String)>,
    next: Cell<u32>,
    /// Keys of requests do not repeat between scenarios: microseconds of the machine.
    begun: i64,
    times: RefCell<Vec<Duration>>,
    /// Applications that wait to be accepted.
    waiting: RefCell<Vec<(String, String)>>,
    until: Instant,
    /// The number that is looked up.
    number: String,
}

/// One of the clients.
struct Somebody {
    client: Client,
    shared: Rc<Shared>,
    beats: Beats,
    timed: bool,
}

pub(crate) async fn measure(
    node: &Node,
    scenario: Scenario,
    pace: Pace,
) -> anyhow::Result<Figures> {
    let shared = prepare(node, pace).await?;
    if scenario == Scenario::Departments {
        // Enough applications for the time, made beforehand.
        fill(node, &shared, pace).await?;
    }
    let number = if scenario == Scenario::LookUp {
        some_number(node, &shared).await?
    } else {
        String::new()
    };
    let begun = Instant::now();
    let mut shared = alone(shared)?;
    shared.until = begun + Duration::from_secs(pace.seconds);
    shared.number = number;
    let shared = Rc::new(shared);
    all(node, &shared, pace, Task::Measure(scenario)).await?;
    let times = shared.times.take();
    Ok(Figures::of(times, begun.elapsed()))
}

/// What a client has to do.
#[derive(Clone, Copy)]
enum Task {
    /// Make so many applications, untimed.
    Apply(usize),
    /// Do this, timed, until the time is over.
    Measure(Scenario),
}

/// The only holder of what was shared, after all clients ended.
fn alone(shared: Rc<Shared>) -> anyhow::Result<Shared> {
    Rc::try_unwrap(shared).map_err(|_| anyhow::anyhow!("a client is left"))
}

/// Runs as many clients as are in flight, each on a connection of its own.
async fn all(node: &Node, shared: &Rc<Shared>, pace: Pace, task: Task) -> anyhow::Result<()> {
    let timed = matches!(task, Task::Measure(_));
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            let mut running = Vec::new();
            for number in 0..pace.in_flight {
                let client = Client::connect(&node.address).await?;
                let beats = pace.beats(number);
                let somebody = Somebody { client, shared: Rc::clone(shared), beats, timed };
                running.push(tokio::task::spawn_local(somebody.does(task)));
            }
            for one in running {
                one.await??;
            }
            anyhow::Ok(())
        })
        .await
}

async fn prepare(node: &Node, pace: Pace) -> anyhow::Result<Rc<Shared>> {
    let sessions = Sessions::open(&node.address).await?;
    let shared = Rc::new(Shared {
        sessions,
        submission: Value::Null,
        papers: Vec::new(),
        next: Cell::new(0),
        begun: now().0,
        times: RefCell::default(),
        waiting: RefCell::default(),
        until: Instant::now(),
        number: String::new(),
    });
    let project = {
        let client = Client::connect(&node.address).await?;
        let one = Pace { in_flight: 1, rate: None, ..pace };
        let beats = one.beats(0);
        let mut somebody = Somebody { client, shared: Rc::clone(&shared), beats, timed: false };
        somebody.register().await?
    };
    let mut shared = alone(shared)?;
    (shared.submission, shared.papers) = usual(node, project.parse()?)?;
    Ok(Rc::new(shared))
}

/// The usual answers of stage 1, the fields that they call for, and the papers of the owner.
fn usual(node: &Node, id: ProjectId) -> anyhow::Result<(Value, Vec<(String, String)>)> {
    let store = node.look()?;
    let (catalog, credit, day) = (store.catalog()?, store.credit(), store.now().day());
    let project = store.project(id)?.context("the project is not there")?;
    let prospect = Prospect { catalog: &catalog, project: &project, credit: &credit, day };
    let mut answers: BTreeMap<String, String> = BTreeMap::new();
    for question in prospect.questions(1, &BTreeMap::new()) {
        let answer = if question.key == "eia-class" { "none" } else { &question.default };
        answers.insert(question.key.clone(), answer.to_owned());
    }
    let flow = catalog.flows.get(&project.flow).context("no such flow")?;
    let mut known = answers.clone();
    known.extend(prospect.known_answers());
    let entries = catalog.needed(flow, 1, &known, project.region);
    let items: Vec<String> = entries.map(|entry| entry.item.clone()).collect();
    let fields: BTreeMap<String, &str> = prospect
        .fields(&items, &known)
        .iter()
        .map(|field| (field.key.clone(), fitting(&field.kind)))
        .collect();
    let slots = prospect.papers(&items, &known);
    let own = slots.into_iter().filter(|(_, from)| from.is_none()).filter_map(|(slot, _)| {
        let paper = catalog.papers.get(&slot.paper)?;
        let uploaded = matches!(paper.source, PaperSource::Owner) || !slot.deferrable;
        uploaded.then(|| (slot.paper.clone(), paper.accept.first().cloned().unwrap_or_default()))
    });
    let papers = own.collect();
    let body = json!({ "stage": 1, "items": items, "answers": answers, "fields": fields });
    Ok((body, papers))
}

/// A value that fits a field.
fn fitting(kind: &FieldType) -> &str {
    match kind {
        FieldType::Text | FieldType::LongText => "按图施工",
        FieldType::Money | FieldType::Area | FieldType::Number => "1200",
        FieldType::Longitude => "120.585316",
        FieldType::Latitude => "31.298886",
        FieldType::Date => "2027-05-01",
        FieldType::Choice(options) => options.first().map_or("", |option| &option.key),
        FieldType::YesNo => "no",
        FieldType::Uscc => "91350100M000100Y43",
        FieldType::Phone => "13800006621",
        FieldType::PersonName => "李工",
        FieldType::ResidentId => "11010519491231002X",
        FieldType::Division => "320571",
    }
}

fn content(end: &str) -> Bytes {
    match end {
        "png" => Bytes::from_static(b"\x89PNG\r\n\x1a\n...."),
        "dwg" => Bytes::from_static(b"AC1032...."),
        "xlsx" | "docx" => Bytes::from_static(b"PK\x03\x04....[Content_Types].xml"),
        "zip" | "ofd" => Bytes::from_static(b"PK\x03\x04...."),
        "txt" => Bytes::from_static(b"text"),
        _ => Bytes::from_static(b"%PDF-1.7 ...."),
    }
}

/// Applications made beforehand, more than can be handled in the time.
async fn fill(node: &Node, shared: &Rc<Shared>, pace: Pace) -> anyhow::Result<()> {
    const EACH_SECOND: u64 = 1_200;
    let share = (EACH_SECOND * pace.seconds) as usize / pace.in_flight.min(64) + 1;
    let makers = Pace { in_flight: pace.in_flight.min(64), rate: None, ..pace };
    all(node, shared, makers, Task::Apply(share)).await
}

/// The number of an application, with the last digits of its contact's telephone.
async fn some_number(node: &Node, shared: &Rc<Shared>) -> anyhow::Result<String> {
    let one = Pace { in_flight: 1, seconds: 1, rate: None };
    all(node, shared, one, Task::Apply(1)).await?;
    let made = shared.waiting.borrow_mut().pop();
    let (project, _) = made.context("nothing was made")?;
    let folded = node.look()?.project(project.parse()?)?.context("the project is not there")?;
    let application = folded.applications.values().next().context("no application")?;
    Ok(application.number.clone())
}

impl Somebody {
    async fn does(mut self, task: Task) -> anyhow::Result<()> {
        let shared = Rc::clone(&self.shared);
        let scenario = match task {
            Task::Apply(count) => {
                for _ in 0..count {
                    let one = self.apply().await?;
                    shared.waiting.borrow_mut().push(one);
                }
                return Ok(());
            }
            Task::Measure(scenario) => scenario,
        };
        while Instant::now() < shared.until {
            match scenario {
                Scenario::Register => drop(self.register().await?),
                Scenario::Mixed => {
                    let (project, application) = self.apply().await?;
                    self.handle(&project, &application).await?;
                }
                Scenario::Departments => {
                    let next = shared.waiting.borrow_mut().pop();
                    let Some((project, application)) = next else { break };
                    self.handle(&project, &application).await?;
                }
                Scenario::LookUp => self.look_up(&shared.number).await?,
            }
        }
        Ok(())
    }

    /// An act: timed when this is measured.
    async fn act(&mut self, path: &str, by: &str, body: &Value) -> anyhow::Result<Value> {
        let begun = if self.timed { self.beats.beat().await } else { Instant::now() };
        let key = self.key();
        let answer = self.client.json(("POST", path), (by, &key), body).await?;
        if self.timed {
            self.shared.times.borrow_mut().push(begun.elapsed());
        }
        Ok(answer)
    }

    fn key(&self) -> String {
        let number = self.shared.next.get();
        self.shared.next.set(number + 1);
        format!("bench-{}-{number:09}", self.shared.begun)
    }

    async fn register(&mut self) -> anyhow::Result<String> {
        let body = json!({
            "flow": "E", "project-name": "星湖智能制造厂房", "construction-kind": "new",
            "industry-code": "C3612", "content-scale": "厂房", "site-division": "320571",
            "site-address": "星湖街 1 号", "land-area": "1000", "floor-area": "2000",
            "total-investment": "500", "funding-nature": "private",
            "planned-start": "2027-01-01", "planned-finish": "2028-01-01",
            "legal-representative": "李工", "contact-name": "李工", "contact-phone": "13800006621"
        });
        let owner = self.shared.sessions.owner.clone();
        let answer = self.act("/projects", &owner, &body).await?;
        Ok(answer["project"].as_str().context("no project")?.to_owned())
    }

    /// A project with its first application handed in.
    async fn apply(&mut self) -> anyhow::Result<(String, String)> {
        let shared = Rc::clone(&self.shared);
        let owner = &shared.sessions.owner;
        let project = self.register().await?;
        let mut papers = serde_json::Map::new();
        for (paper, end) in &shared.papers {
            let path = format!("/projects/{project}/files?paper={paper}&name=paper.{end}");
            let key = self.key();
            let answer = self.client.ask(("POST", &path), (owner, &key), content(end)).await?;
            let answer: Value = serde_json::from_slice(&answer)?;
            papers.insert(paper.clone(), answer["file"].clone());
        }
        let mut body = shared.submission.clone();
        body["papers"] = Value::Object(papers);
        let answer = self.act(&format!("/projects/{project}/applications"), owner, &body).await?;
        let application = answer["application"].as_str().context("no application")?;
        Ok((project, application.to_owned()))
    }

    /// What the window and the departments do with it.
    async fn handle(&mut self, project: &str, application: &str) -> anyhow::Result<()> {
        let shared = Rc::clone(&self.shared);
        let by = &shared.sessions;
        let path = format!("/applications/{application}");
        let key = self.key();
        let found = self.client.json(("GET", &path), (&by.window, &key), &Value::Null).await?;
        let case = |item: &str| {
            let cases = found["cases"].as_array().into_iter().flatten();
            let own = cases.filter(|case| case["item"] == item);
            own.filter_map(|case| case["case"].as_str()).next().map(ToOwned::to_owned)
        };
        let filing = case("LX-05").context("no filing")?;
        let permit = case("LX-11b").context("no permit")?;
        self.act(&format!("{path}/acts/accept-application"), &by.window, &json!({})).await?;
        let today = json!({ "key": "land-contract", "on": today() });
        let mile = format!("/projects/{project}/acts/record-milestone");
        self.act(&mile, &by.officer, &today).await?;
        let yes = json!({ "verdict": "pass", "text": "同意" });
        for (case, act, by) in [
            (&filing, "decide-case", &by.filing),
            (&permit, "give-opinion", &by.officer),
            (&permit, "review-case", &by.reviewer),
            (&permit, "decide-case", &by.approver),
        ] {
            self.act(&format!("/cases/{case}/acts/{act}"), by, &yes).await?;
        }
        Ok(())
    }

    async fn look_up(&mut self, number: &str) -> anyhow::Result<()> {
        let begun = self.beats.beat().await;
        let path = format!("/progress?number={number}&tail=6621");
        self.client.ask(("GET", &path), ("", ""), Bytes::new()).await?;
        self.shared.times.borrow_mut().push(begun.elapsed());
        Ok(())
    }
}

/// The clock of the node.
fn now() -> Moment {
    use tongban_store::Clock as _;
    tongban_store::SystemClock { offset: 0 }.now()
}

fn today() -> String {
    now().day().to_string()
}
