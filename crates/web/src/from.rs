//! From which address a request comes.

use std::{convert::Infallible, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};

use crate::app::App;

/// Last entry of this header is what the proxy in front of the node saw.
const FORWARDED: &str = "x-forwarded-for";

/// The address, as text; empty where there is none. What a proxy on this machine says of whom it
/// serves is believed, and of nobody else.
pub(crate) struct From(pub(crate) String);

impl From {
    pub(crate) fn of(parts: &Parts) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
        // A proxy may add to the line of the client or write one of its own behind it.
        let told = parts.headers.get_all(FORWARDED).iter().next_back();
        let told = told.and_then(|value| value.to_str().ok());
        let told = told.and_then(|all| all.rsplit(',').next()).map(str::trim);
        Self(match (peer, told) {
            (Some(peer), Some(told)) if peer.is_loopback() && is_address(told) => told.to_owned(),
            (Some(peer), _) => peer.to_string(),
            (None, _) => String::new(),
        })
    }
}

fn is_address(text: &str) -> bool {
    text.parse::<std::net::IpAddr>().is_ok()
}

impl FromRequestParts<App> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn from(peer: &str, told: Option<&str>) -> String {
        let mut request = Request::builder();
        if let Some(told) = told {
            request = request.header(FORWARDED, told);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let peer: SocketAddr = peer.parse().unwrap();
        parts.extensions.insert(ConnectInfo(peer));
        From::of(&parts).0
    }

    #[test]
    fn a_proxy_on_this_machine_is_believed_and_nobody_else() {
        assert_eq!(from("203.0.113.7:4000", None), "203.0.113.7");
        assert_eq!(from("203.0.113.7:4000", Some("198.51.100.1")), "203.0.113.7");
        assert_eq!(from("127.0.0.1:4000", Some("10.9.9.9, 198.51.100.1")), "198.51.100.1");
        assert_eq!(from("127.0.0.1:4000", Some("<script>")), "127.0.0.1");
    }
}
