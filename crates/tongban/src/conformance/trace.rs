//! What the system asks of the platform, watched on the way; two acts meet a fault there.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};

/// Most bytes of an act that are looked at: files are larger, and no acts.
const LARGEST: usize = 512 * 1024 * 1024;

/// An act that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Its path.
    pub(crate) path: String,
    /// Its number on the case, as it was sent.
    pub(crate) number: String,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// What the platform answered, whether that arrived or not.
    pub(crate) status: StatusCode,
    /// What the platform said.
    pub(crate) answer: String,
    /// What was done to it on the way.
    pub(crate) fault: Option<Fault>,
}

/// What can befall an act on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It was done, and its answer did not arrive.
    AnswerLost,
    /// It did not arrive.
    Away,
}

/// Everything that was watched.
#[derive(Default)]
pub(crate) struct Trace {
    acts: Mutex<Vec<Seen>>,
    /// Paths that were read.
    reads: Mutex<Vec<String>>,
}

impl Trace {
    fn acts_now(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.acts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The acts so far.
    pub(crate) fn acts(&self) -> Vec<Seen> {
        self.acts_now().clone()
    }

    /// Whether something below a path was read.
    pub(crate) fn has_read(&self, below: &str) -> bool {
        let reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        reads.iter().any(|path| path.starts_with(below))
    }

    /// What befalls the next act: the first loses its answer, the next other one does not arrive.
    fn next_fault(&self, path: &str, number: &str) -> Option<Fault> {
        let acts = self.acts_now();
        let again = acts.iter().any(|seen| seen.path == path && seen.number == number);
        let had = |fault| acts.iter().any(|seen| seen.fault == Some(fault));
        match () {
            () if again => None,
            () if !had(Fault::AnswerLost) => Some(Fault::AnswerLost),
            () if !had(Fault::Away) => Some(Fault::Away),
            () => None,
        }
    }
}

/// The routes of a node with somebody who watches.
pub(crate) fn watched(routes: Router, trace: Arc<Trace>) -> Router {
    routes.layer(middleware::from_fn_with_state(trace, watch))
}

async fn watch(State(trace): State<Arc<Trace>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_act = path.starts_with("/api/v1/cases/") && !path.ends_with("/files");
    if request.method() != Method::POST || !is_act {
        trace.reads.lock().unwrap_or_else(PoisonError::into_inner).push(path);
        return next.run(request).await;
    }
    let number = request.headers().get("tongban-sequence").and_then(|it| it.to_str().ok());
    let number = number.unwrap_or_default().to_owned();
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let fault = trace.next_fault(&path, &number);
    let mut seen = Seen {
        path,
        number,
        body: body.to_vec(),
        status: StatusCode::SERVICE_UNAVAILABLE,
        answer: String::new(),
        fault,
    };
    if fault == Some(Fault::Away) {
        trace.acts_now().push(seen);
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let (head, body) = response.into_parts();
    let answer = to_bytes(body, LARGEST).await.unwrap_or_default();
    seen.status = head.status;
    seen.answer = String::from_utf8_lossy(&answer).into_owned();
    trace.acts_now().push(seen);
    match fault {
        Some(Fault::AnswerLost) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::Away) | None => Response::from_parts(head, Body::from(answer)),
    }
}
