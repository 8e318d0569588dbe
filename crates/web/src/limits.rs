//! How much one address or one account may ask for: a bucket that fills at a steady rate. Who runs
//! into it is told so; nothing was done.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use tongban_store::Store;

use crate::{api::ApiError, app::App, error::PageError, from::From, session};

/// Requests a minute, of each kind; a bucket holds as many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Attempts to log in, of one address: a whole hall of clerks may share one.
    pub logins: u32,
    /// Changes, of one session or else one address.
    pub writes: u32,
    /// Pages and look-ups, of one session or else one address.
    pub reads: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { logins: 120, writes: 600, reads: 3000 }
    }
}

/// Buckets that are kept at most; beyond that the full ones are forgotten.
const BUCKETS: usize = 50_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Login,
    Write,
    Read,
}

/// What is left in a bucket, and when it was looked at.
#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
    /// When the log was told last that it is empty.
    told: Option<Instant>,
}

/// What comes out of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    One,
    /// Nothing, and whether the log is to be told: once a minute, or whoever floods the node would
    /// flood the log.
    Nothing {
        tell: bool,
    },
}

/// The buckets of a process.
pub(crate) struct Buckets {
    limits: Option<Limits>,
    buckets: Mutex<HashMap<(Kind, String), Bucket>>,
}

impl Buckets {
    pub(crate) fn of(limits: Option<Limits>) -> Self {
        Self { limits, buckets: Mutex::default() }
    }

    /// Whether nothing is limited.
    const fn are_off(&self) -> bool {
        self.limits.is_none()
    }

    /// Takes one out, if there is one.
    fn take(&self, kind: Kind, who: String, now: Instant) -> Taken {
        let Some(limits) = self.limits else { return Taken::One };
        let most = f64::from(match kind {
            Kind::Login => limits.logins,
            Kind::Write => limits.writes,
            Kind::Read => limits.reads,
        });
        let filled = |bucket: &Bucket| {
            let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
            (bucket.left + passed * most / 60.0).min(most)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS {
            buckets.retain(|_, bucket| now.saturating_duration_since(bucket.at).as_secs() < 60);
        }
        let bucket =
            buckets.entry((kind, who)).or_insert(Bucket { left: most, at: now, told: None });
        let left = filled(bucket);
        if left >= 1.0 {
            *bucket = Bucket { left: left - 1.0, at: now, ..*bucket };
            return Taken::One;
        }
        let is_old = |told| now.saturating_duration_since(told) >= Duration::from_secs(60);
        let tell = bucket.told.is_none_or(is_old);
        *bucket = Bucket { left, at: now, told: if tell { Some(now) } else { bucket.told } };
        Taken::Nothing { tell }
    }
}

/// Refuses what is beyond the limit.
pub(crate) async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    if app.buckets().are_off() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let is_login = path.starts_with("/login") || path.ends_with("/v1/session");
    let kind = match parts.method {
        Method::GET | Method::HEAD => Kind::Read,
        _ if is_login => Kind::Login,
        _ => Kind::Write,
    };
    // A login has no session that would count; one that was not seen a moment ago counts for its
    // address, whether it was made up or not.
    let own = session::token(&app, &parts.headers).filter(|_| kind != Kind::Login);
    let store = app.store();
    let known = own.filter(|token| {
        store.known_session(token).is_some() || store.department_with_key(token).is_some()
    });
    let who = known.map_or_else(|| From::of(&parts).0, ToOwned::to_owned);
    // Scripts and styles are sent from memory, and health is asked for by machines.
    let is_free = path.starts_with("/assets/") || path.starts_with("/health/");
    let taken = if is_free { Taken::One } else { app.buckets().take(kind, who, Instant::now()) };
    match taken {
        Taken::One => return next.run(Request::from_parts(parts, body)).await,
        Taken::Nothing { tell: true } => {
            let by = known.and_then(|token| owner_of(store, token));
            tracing::warn!(?kind, by = by.as_deref().unwrap_or("nobody"), "too many requests");
        }
        Taken::Nothing { tell: false } => {}
    }
    if path.starts_with("/api/") {
        return ApiError::from(PageError::TooFast).into_response();
    }
    PageError::TooFast.into_response()
}

/// The opaque id of the account or the department whose token it is.
fn owner_of(store: &Store, token: &str) -> Option<String> {
    let session = store.known_session(token).map(|session| session.account.id.to_string());
    session.or_else(|| Some(store.department_with_key(token)?.id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_fills_again_and_is_of_one_alone() {
        let limits = Limits { logins: 3, writes: 60, reads: 60 };
        let (buckets, now) = (Buckets::of(Some(limits)), Instant::now());
        let take = |who: &str, at| buckets.take(Kind::Login, who.to_owned(), at) == Taken::One;
        assert!((0..3).all(|_| take("one", now)));
        assert!(!take("one", now) && take("other", now));
        assert_eq!(buckets.take(Kind::Write, "one".to_owned(), now), Taken::One, "another kind");
        assert!(!take("one", now + Duration::from_secs(19)));
        assert!(take("one", now + Duration::from_secs(21)));
        assert!(!take("one", now + Duration::from_secs(22)));
        assert_eq!(Buckets::of(None).take(Kind::Login, "one".to_owned(), now), Taken::One);
    }

    #[test]
    fn who_floods_the_node_does_not_flood_the_log() {
        let limits = Limits { logins: 1, writes: 60, reads: 60 };
        let (buckets, now) = (Buckets::of(Some(limits)), Instant::now());
        let told = |after: u64| {
            let at = now + Duration::from_millis(after);
            buckets.take(Kind::Login, "one".to_owned(), at) == Taken::Nothing { tell: true }
        };
        assert_eq!(buckets.take(Kind::Login, "one".to_owned(), now), Taken::One);
        assert_eq!((1..500).filter(|it| told(*it)).count(), 1);
        // It filled once meanwhile, and was emptied again.
        assert!(!told(60_100) && told(60_200) && !told(60_300));
    }
}
