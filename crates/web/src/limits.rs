//! How much one address or one account may ask for: a bucket that fills at a steady rate. Who runs
//! into it is told so; nothing was done.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};

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

    /// Takes one out; false when there is none.
    fn take(&self, kind: Kind, who: String, now: Instant) -> bool {
        let Some(limits) = self.limits else { return true };
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
        let bucket = buckets.entry((kind, who)).or_insert(Bucket { left: most, at: now });
        let left = filled(bucket);
        let has = left >= 1.0;
        *bucket = Bucket { left: if has { left - 1.0 } else { left }, at: now };
        has
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
    if is_free || app.buckets().take(kind, who, Instant::now()) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    if path.starts_with("/api/") {
        return ApiError::from(PageError::TooFast).into_response();
    }
    PageError::TooFast.into_response()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_empties_fills_again_and_is_of_one_alone() {
        let limits = Limits { logins: 3, writes: 60, reads: 60 };
        let (buckets, now) = (Buckets::of(Some(limits)), Instant::now());
        let take = |who: &str, at| buckets.take(Kind::Login, who.to_owned(), at);
        assert!((0..3).all(|_| take("one", now)));
        assert!(!take("one", now) && take("other", now));
        assert!(buckets.take(Kind::Write, "one".to_owned(), now), "another kind");
        assert!(!take("one", now + Duration::from_secs(19)));
        assert!(take("one", now + Duration::from_secs(21)));
        assert!(!take("one", now + Duration::from_secs(22)));
        assert!(Buckets::of(None).take(Kind::Login, "one".to_owned(), now));
    }
}
