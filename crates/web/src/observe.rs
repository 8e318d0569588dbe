//! What the node tells those who watch it: one log line and two figures for each request, and the
//! figures of the store. Routes are named by their pattern, so that no number, name or id of
//! anybody gets into a log or a figure; only who is refused something is told by the account.

use std::time::Instant;

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use tongban_store::Store;

use crate::{app::App, error::PageError, pages};

/// Bounds of the histogram of requests, in seconds.
const SECONDS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0, 5.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

type Seconds = Family<Route, Histogram, fn() -> Histogram>;

/// All figures of a node.
pub(crate) struct Observed {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Seconds,
    journal_facts: Gauge,
    signed_facts: Gauge,
    writing: Gauge,
    retyped: Gauge,
}

impl Observed {
    pub(crate) fn of(store: &Store) -> Self {
        let mut registry = Registry::with_prefix("tongban");
        let figures = store.figures();
        registry.register("changes", "Changes that are durable", figures.changes);
        registry.register("changes_refused", "Changes refused at writing", figures.refused);
        registry.register("facts_written", "Facts that are durable", figures.facts);
        registry.register("commit_failures", "Transactions that failed", figures.failures);
        let (seconds_help, group_help) = ("Begin to flush of a commit", "Changes in a commit");
        registry.register_with_unit("commit", seconds_help, Unit::Seconds, figures.commit_seconds);
        registry.register("commit_group", group_help, figures.group);
        let answered = Family::<Answered, Counter>::default();
        registry.register("requests", "Requests answered", answered.clone());
        let fresh: fn() -> Histogram = || Histogram::new(SECONDS);
        let seconds = Seconds::new_with_constructor(fresh);
        registry.register_with_unit("request", "Time of answers", Unit::Seconds, seconds.clone());
        let mut gauge = |name: &str, help: &str| {
            let gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        Self {
            journal_facts: gauge("journal_facts", "Facts in the journal"),
            signed_facts: gauge("journal_signed_facts", "Facts covered by the last checkpoint"),
            writing: gauge("writing", "1 while acts can be written"),
            retyped: gauge(
                "retyped_acts",
                "Acts typed by hand for departments with a system of their own",
            ),
            registry,
            answered,
            seconds,
        }
    }
}

/// Counts and logs a request.
pub(crate) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    // Clients may send any word: only the known ones become a series.
    let known = [Method::GET, Method::POST, Method::HEAD, Method::DELETE, Method::OPTIONS];
    let known = known.into_iter().find(|method| method == request.method());
    let method = known.map_or_else(|| "other".to_owned(), |method| method.to_string());
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("unknown", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let observed = app.observed();
    let answered = Answered { method, route, status };
    tracing::info!(
        method = answered.method,
        route = answered.route,
        status,
        micros = took.as_micros() as u64,
        "answered"
    );
    let route = Route { route: answered.route.clone() };
    observed.seconds.get_or_create(&route).observe(took.as_secs_f64());
    observed.answered.get_or_create(&answered).inc();
    response
}

/// What is shown to those who operate the node, on an address of its own.
pub fn operations(app: App) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/health/live", get(pages::live))
        .route("/health/ready", get(pages::ready))
        .with_state(app)
}

async fn metrics(State(app): State<App>) -> Response {
    let told = app.run(|app| {
        let (store, observed) = (app.store(), app.observed());
        observed.journal_facts.set(store.roots()?.size as i64);
        let signed = store.last_checkpoint()?.map_or(0, |signed| signed.checkpoint.roots.size);
        observed.signed_facts.set(signed as i64);
        observed.writing.set(i64::from(store.is_writing()));
        observed.retyped.set(store.retyped()?.iter().map(|(_, _, acts)| *acts as i64).sum());
        let mut text = String::new();
        encode(&mut text, &observed.registry)
            .map_err(|error| PageError::Broken(error.to_string()))?;
        Ok(text)
    });
    match told.await {
        Ok(text) => {
            let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, media)], text).into_response()
        }
        Err(error) => (error.status(), error.to_string()).into_response(),
    }
}
