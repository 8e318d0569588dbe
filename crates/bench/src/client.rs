//! One connection to the node, kept open.

use anyhow::{Context as _, ensure};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tongban_simulator::DEMO_PASSWORD;

/// A connection.
pub(crate) struct Client {
    sender: SendRequest<Full<Bytes>>,
    address: String,
}

impl Client {
    pub(crate) async fn connect(address: &str) -> anyhow::Result<Self> {
        let stream = tokio::net::TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends with the sender.
        tokio::spawn(connection);
        Ok(Self { sender, address: address.to_owned() })
    }

    /// One request; gives the body of an answer 200.
    pub(crate) async fn ask(
        &mut self,
        (method, path): (&str, &str),
        (token, key): (&str, &str),
        body: Bytes,
    ) -> anyhow::Result<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", &self.address)
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", key)
            .header("content-type", "application/json")
            .body(Full::new(body))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        ensure!(status == 200, "{method} {path}: {status} {}", String::from_utf8_lossy(&body));
        Ok(body)
    }

    /// The same, with JSON both ways.
    pub(crate) async fn json(
        &mut self,
        what: (&str, &str),
        by: (&str, &str),
        body: &Value,
    ) -> anyhow::Result<Value> {
        let body = Bytes::from(serde_json::to_vec(body)?);
        Ok(serde_json::from_slice(&self.ask(what, by, body).await?)?)
    }

    /// A session of an account.
    pub(crate) async fn log_in(&mut self, login: &str) -> anyhow::Result<String> {
        let body = json!({ "login": login, "password": DEMO_PASSWORD });
        let answer = self.json(("POST", "/session"), ("", login), &body).await?;
        Ok(answer["token"].as_str().context("no token")?.to_owned())
    }
}
