//! A killed process loses no acknowledged act: the real binary, real requests, SIGKILL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

const ROUNDS: u32 = 12;

fn repository() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A demo node as a process of its own.
struct Node {
    process: Child,
    address: String,
    /// Kept open: a node whose output nobody takes any more would end by itself.
    _output: BufReader<ChildStdout>,
}

impl Node {
    fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_tongban"))
            .args(["demo", "--projects", "8", "--days", "100", "--listen", "127.0.0.1:0"])
            .args(["--data", data.to_str().unwrap()])
            .current_dir(repository())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let address = output
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("http://").map(|(_, address)| address.to_owned()))
            .unwrap();
        Self { process, address, _output: output }
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// One request over a connection of its own; none when the node is gone.
fn request(
    address: &str,
    token: &str,
    key: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> Option<Value> {
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
    if !head.starts_with("HTTP/1.1 200") {
        return None;
    }
    serde_json::from_str(body.trim()).ok()
}

fn registration(number: u32) -> Value {
    json!({
        "flow": "E", "code": format!("2601-320571-89-01-{:06}", 900_000 + number),
        "project-name": format!("断电试验 {number}"), "construction-kind": "new",
        "industry-code": "C3612", "content-scale": "厂房", "site-division": "320571",
        "site-address": "星湖街 1 号", "land-area": "1000", "floor-area": "2000",
        "total-investment": "500", "funding-nature": "private", "planned-start": "2026-12-01",
        "planned-finish": "2027-12-01", "legal-representative": "李工", "contact-name": "李工",
        "contact-phone": "13800006621"
    })
}

fn token(address: &str) -> String {
    let login = json!({ "login": "owner", "password": "tongban-2026" });
    let answer = request(address, "", "log-in-again", "POST", "/session", &login).unwrap();
    answer["token"].as_str().unwrap().to_owned()
}

#[test]
fn killed_at_any_moment_a_node_keeps_every_acknowledged_act() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    let mut acknowledged: Vec<(u32, String)> = Vec::new();
    let mut sent = 0;
    for round in 0..ROUNDS {
        let node = Node::start(&data);
        let (address, token) = (node.address.clone(), token(&node.address));
        let first = sent + 1;
        // Spread over the life of requests without a clock of chance.
        let life = Duration::from_millis(40 + u64::from(round) * 37 % 300);
        let killer = thread::spawn(move || {
            thread::sleep(life);
            node.kill();
        });
        let until = Instant::now() + life + Duration::from_millis(200);
        let mut number = first;
        while Instant::now() < until {
            let key = format!("kill-{number:08}");
            match request(&address, &token, &key, "POST", "/projects", &registration(number)) {
                Some(answer) => {
                    acknowledged.push((number, answer["project"].as_str().unwrap().to_owned()));
                }
                None => break,
            }
            number += 1;
        }
        sent = number;
        killer.join().unwrap();
    }
    assert!(acknowledged.len() > ROUNDS as usize, "the node took acts before it was killed");

    let node = Node::start(&data);
    let token = token(&node.address);
    for (number, project) in &acknowledged {
        let path = format!("/projects/{project}");
        let found = request(&node.address, &token, "-", "GET", &path, &Value::Null);
        let name = found.unwrap_or_else(|| panic!("project {number} was acknowledged and is lost"));
        assert_eq!(name["name"], format!("断电试验 {number}"));
        // The same request again is answered the same and makes no second project.
        let key = format!("kill-{number:08}");
        let again =
            request(&node.address, &token, &key, "POST", "/projects", &registration(*number));
        assert_eq!(again.unwrap()["project"].as_str(), Some(project.as_str()));
    }
    node.kill();
    let verified = Command::new(env!("CARGO_BIN_EXE_tongban"))
        .args(["verify", "--data", data.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}
