//! A stand-in for a system of others: real HTTP on loopback, as good or as bad as told.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How it behaves.
#[derive(Debug, Clone)]
pub(crate) enum Manner {
    /// Answers with a status and a body; `OWNER` and `PAPER` in it become those asked for.
    Answers(u16, String),
    /// The same after a while.
    Slow(Duration, String),
    /// Hangs up without a word.
    HangsUp,
    /// Answers by path; nothing else is there.
    Knows(BTreeMap<&'static str, String>),
    /// Sends somewhere else.
    Redirects(String),
}

/// The server; it stops when dropped.
pub(crate) struct StandIn {
    address: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    requests: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl StandIn {
    pub(crate) fn that(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let manner = Arc::new(Mutex::new(manner));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let own = (Arc::clone(&manner), Arc::clone(&requests), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let (manner, requests, stop) = own;
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let manner = manner.lock().unwrap().clone();
                let requests = Arc::clone(&requests);
                // Whoever asked may have lost patience; the next one is not to wait for that.
                std::thread::spawn(move || {
                    let _ = stream.and_then(|stream| answer(stream, manner, &requests));
                });
            }
        });
        Self { address, manner, requests, stop, thread: Some(thread) }
    }

    pub(crate) fn address(&self) -> String {
        format!("http://{}/answers", self.address)
    }

    pub(crate) fn behaves(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// What it was asked, heads with what follows them, oldest first.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // So that it looks.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(stream: TcpStream, manner: Manner, requests: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut head = String::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    while reader.read_line(&mut head)? > 2 {}
    if head.is_empty() {
        return Ok(());
    }
    let lower = head.to_ascii_lowercase();
    let length = lower.split("content-length:").nth(1).and_then(|it| it.lines().next());
    let mut body = vec![0; length.and_then(|it| it.trim().parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body)?;
    head.push_str(&String::from_utf8_lossy(&body));
    let asked = |name: &str| {
        let target = head.split(' ').nth(1).unwrap_or_default();
        let (_, query) = target.split_once('?').unwrap_or_default();
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map_or("", |(_, value)| value).to_owned()
    };
    let filled =
        |body: &str| body.replace("OWNER", &asked("owner")).replace("PAPER", &asked("paper"));
    let (status, more, body) = match &manner {
        Manner::Answers(status, body) => (*status, String::new(), filled(body)),
        Manner::Slow(wait, body) => {
            std::thread::sleep(*wait);
            (200, String::new(), filled(body))
        }
        Manner::Knows(answers) => {
            let path = head.split(' ').nth(1).unwrap_or_default();
            match answers.get(path) {
                Some(body) => (200, String::new(), body.clone()),
                None => (404, String::new(), String::new()),
            }
        }
        Manner::HangsUp => {
            requests.lock().unwrap().push(head);
            return Ok(());
        }
        Manner::Redirects(place) => (302, format!("location: {place}\r\n"), String::new()),
    };
    requests.lock().unwrap().push(head);
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status} X\r\n{more}content-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
}
