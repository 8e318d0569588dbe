//! Clients that act until the node is gone: owners register projects, a supervisor marks them.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use serde_json::{Value, json};
use tongban_simulator::DEMO_PASSWORD;

use crate::ledger::Ledger;

/// An answer of the node.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// One request over a connection of its own; none when the node is gone.
pub(crate) fn request(
    address: &str,
    (token, key): (&str, &str),
    (method, path): (&str, &str),
    body: &Value,
) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let body = body.to_string();
    write!(
        stream,
        "{method} /api/v1{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: serde_json::from_str(body.trim()).unwrap_or(Value::Null) })
}

/// The token of an account.
pub(crate) fn log_in(address: &str, login: &str) -> anyhow::Result<String> {
    let body = json!({ "login": login, "password": DEMO_PASSWORD });
    let answer = request(address, ("", login), ("POST", "/session"), &body);
    let answer = answer.context("nobody answered the login")?;
    let token = answer.body["token"].as_str().context("no token")?;
    Ok(token.to_owned())
}

fn registration(code: &str) -> Value {
    json!({
        "flow": "E", "code": code, "project-name": format!("断电试验 {code}"),
        "construction-kind": "new", "industry-code": "C3612", "content-scale": "厂房",
        "site-division": "320571", "site-address": "星湖街 1 号", "land-area": "1000",
        "floor-area": "2000", "total-investment": "500", "funding-nature": "private",
        "planned-start": "2026-12-01", "planned-finish": "2027-12-01",
        "legal-representative": "李工", "contact-name": "李工", "contact-phone": "13800006621"
    })
}

/// A running load.
pub(crate) struct Load<'a> {
    pub(crate) address: &'a str,
    pub(crate) owner: String,
    pub(crate) supervisor: String,
    pub(crate) ledger: &'a Mutex<Ledger>,
    pub(crate) stop: &'a AtomicBool,
}

impl<'a> Load<'a> {
    pub(crate) fn begin(
        address: &'a str,
        ledger: &'a Mutex<Ledger>,
        stop: &'a AtomicBool,
    ) -> anyhow::Result<Self> {
        let (owner, supervisor) = (log_in(address, "owner")?, log_in(address, "supervisor")?);
        Ok(Self { address, owner, supervisor, ledger, stop })
    }

    fn ledger(&self) -> std::sync::MutexGuard<'a, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next project sent for registration, and what was answered.
    pub(crate) fn register(&self) -> (String, Option<Answer>) {
        let code = {
            let mut ledger = self.ledger();
            ledger.next += 1;
            let code = format!("2601-320571-89-01-{:06}", ledger.next);
            ledger.sent.insert(code.clone());
            code
        };
        let done = self.send(&code);
        (code, done)
    }

    /// A registration under its own key: sent again it gives the same answer and does nothing.
    fn send(&self, code: &str) -> Option<Answer> {
        let by = (self.owner.as_str(), &*format!("r-{code}"));
        request(self.address, by, ("POST", "/projects"), &registration(code))
    }

    /// One project registered and marked; false when the node does not answer so any more.
    pub(crate) fn one(&self) -> bool {
        let (code, done) = self.register();
        self.marked(code, done)
    }

    /// The same for a registration that was sent before and not acknowledged.
    pub(crate) fn again(&self, code: String) -> bool {
        let done = self.send(&code);
        self.marked(code, done)
    }

    fn marked(&self, code: String, done: Option<Answer>) -> bool {
        let Some(Answer { status: 200, body }) = done else { return false };
        let mark = format!("m-{code}");
        let Some(project) = body["project"].as_str() else { return false };
        {
            let mut ledger = self.ledger();
            ledger.registered.insert(code.clone(), project.to_owned());
            ledger.marking.insert(code.clone());
        }
        let path = format!("/projects/{project}/acts/mark-key-project");
        let by = (self.supervisor.as_str(), mark.as_str());
        match request(self.address, by, ("POST", &path), &json!({})) {
            Some(Answer { status: 200, .. }) => {
                self.ledger().marked.insert(code);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Acts until the node is gone or somebody says stop.
    pub(crate) fn run(&self) {
        while !self.stop.load(Ordering::Relaxed) && self.one() {}
    }

    /// Acts until somebody says stop, also while nobody answers.
    pub(crate) fn run_on(&self) {
        while !self.stop.load(Ordering::Relaxed) {
            if !self.one() {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

/// Loads a node with several clients, does something meanwhile, and waits until they end.
pub(crate) fn under_load<T>(
    address: &str,
    ledger: &Mutex<Ledger>,
    clients: usize,
    meanwhile: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let stop = AtomicBool::new(false);
    let load = Load::begin(address, ledger, &stop)?;
    std::thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| load.run());
        }
        let done = meanwhile();
        stop.store(true, Ordering::Relaxed);
        done
    })
}
