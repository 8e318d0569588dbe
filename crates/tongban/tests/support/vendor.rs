//! A stand-in for the system of a department: takes tasks over HTTP, and handles its cases through
//! the API of the platform, as well or as badly as told.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Nothing.
    None,
    /// An act that is not answered is given up.
    GivesUp,
    /// An act that is not answered is sent again under the next number.
    Renumbers,
    /// A task that comes twice is handled twice.
    HandlesTwice,
    /// Takes nothing.
    IsDown,
}

struct State {
    settings: PathBuf,
    flaw: Flaw,
    known: Mutex<BTreeSet<String>>,
    agent: ureq::Agent,
}

/// The server; it stops when dropped.
pub(crate) struct Vendor {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Vendor {
    /// A system with a flaw that finds in a file what it has to know of the platform.
    pub(crate) fn with(flaw: Flaw, settings: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopping = Arc::clone(&stop);
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false);
        let agent = config.build().new_agent();
        let state = State { settings, flaw, known: Mutex::default(), agent };
        let thread = std::thread::spawn(move || {
            let (work, waiting) = std::sync::mpsc::channel::<Value>();
            let state = Arc::new(state);
            let worker = Arc::clone(&state);
            // Tasks are acknowledged at once and handled one after the other.
            std::thread::spawn(move || {
                for task in waiting {
                    handle(&worker, &task);
                }
            });
            for stream in listener.incoming() {
                if stopping.load(Ordering::SeqCst) {
                    return;
                }
                let _ = stream.and_then(|stream| take(&state, stream, &work));
            }
        });
        Self { address, stop, thread: Some(thread) }
    }

    pub(crate) fn address(&self) -> String {
        format!("http://{}/tasks", self.address)
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // So that it looks.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn take(
    state: &State,
    mut stream: TcpStream,
    work: &std::sync::mpsc::Sender<Value>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        let head = line.to_ascii_lowercase();
        if let Some(told) = head.strip_prefix("content-length:") {
            length = told.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let pushed: Value = serde_json::from_slice(&body).unwrap_or_default();
    let is_ready = state.settings.exists() && state.flaw != Flaw::IsDown;
    if is_ready {
        for task in pushed["tasks"].as_array().into_iter().flatten() {
            let id = task["id"].as_str().unwrap_or_default().to_owned();
            let is_new = state.known.lock().unwrap().insert(id);
            if is_new || state.flaw == Flaw::HandlesTwice {
                let _ = work.send(task.clone());
            }
        }
    }
    let status = if is_ready { "204 No Content" } else { "503 Service Unavailable" };
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

/// The platform as the settings describe it.
struct Platform<'a> {
    state: &'a State,
    settings: Value,
}

impl Platform<'_> {
    fn text(&self, name: &str) -> &str {
        self.settings[name].as_str().unwrap_or_default()
    }

    fn get(&self, path: &str, officer: Option<&str>) -> Value {
        let url = format!("{}{path}", self.text("address"));
        let mut request = self.state.agent.get(&url);
        request = request.header("authorization", &format!("Bearer {}", self.text("key")));
        if let Some(officer) = officer {
            request = request.header("tongban-officer", self.text(officer));
        }
        let mut answer = request.call().unwrap();
        answer
            .body_mut()
            .read_to_string()
            .map_or(Value::Null, |text| serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    fn post(&self, path: &str, officer: &str, number: Option<u64>, body: &[u8]) -> (u16, Value) {
        let url = format!("{}{path}", self.text("address"));
        let mut number = number;
        for _ in 0..5 {
            let mut request = self.state.agent.post(&url);
            request = request.header("authorization", &format!("Bearer {}", self.text("key")));
            request = request.header("tongban-officer", self.text(officer));
            let key = format!("{:?} {path}", self.state.settings);
            request = request.header("idempotency-key", &key[key.len().saturating_sub(90)..]);
            if let Some(number) = number {
                request = request.header("tongban-sequence", &number.to_string());
            }
            let mut answer = request.send(body).unwrap();
            let status = answer.status().as_u16();
            let text = answer.body_mut().read_to_string().unwrap_or_default();
            if status != 503 || self.state.flaw == Flaw::GivesUp {
                return (status, serde_json::from_str(&text).unwrap_or_default());
            }
            if self.state.flaw == Flaw::Renumbers {
                number = number.map(|number| number + 1);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        (503, Value::Null)
    }
}

fn handle(state: &State, task: &Value) {
    let settings = std::fs::read_to_string(&state.settings).unwrap();
    let platform = Platform { state, settings: serde_json::from_str(&settings).unwrap() };
    let twice = state.flaw == Flaw::HandlesTwice;
    for case in task["cases"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        // A paper of its own first, then from hand to hand.
        let mut filed = false;
        for _ in 0..6 {
            let path = format!("/cases/{case}");
            let read = platform.get(&path, None);
            let may =
                |act: &str| read["acts"].as_array().is_some_and(|all| all.contains(&json!(act)));
            let number = read["next_sequence"].as_u64();
            let opinion = json!({ "verdict": "pass", "text": "符合条件" });
            let refusal = json!({
                "verdict": "refuse", "reason": "conditions-not-met", "text": "不符合条件"
            });
            let (act, who, body) = match read["standing"].as_str().unwrap_or_default() {
                "with-officer" if may("give-opinion") && !filed && (twice || number == Some(1)) => {
                    filed = true;
                    let file = format!("{path}/files?name=report.pdf");
                    let (_, kept) = platform.post(&file, "officer", None, b"%PDF-1.7 report");
                    let filing = json!({ "title": "踏勘报告", "file": kept["file"] });
                    ("filed-papers".to_owned(), "officer", filing)
                }
                "with-officer" if may("give-opinion") => {
                    ("acts/give-opinion".to_owned(), "officer", opinion)
                }
                "with-reviewer" => ("acts/review-case".to_owned(), "reviewer", opinion),
                "with-approver" => ("acts/decide-case".to_owned(), "approver", refusal),
                _ => break,
            };
            let body = body.to_string();
            let path = format!("{path}/{act}");
            let (status, _) = platform.post(&path, who, number, body.as_bytes());
            if status != 200 {
                break;
            }
            if twice && filed && act == "filed-papers" {
                // And once more, for it was told twice.
                let number = number.map(|number| number + 1);
                platform.post(&path, who, number, body.as_bytes());
            }
        }
    }
}
