//! One way of asking over HTTP: few seconds, few bytes, no redirects, a key in a header.

use std::{io::Read as _, net::IpAddr, time::Duration};

use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Most bytes of an answer: one register's page, one system's acknowledgement.
const LARGEST: u64 = 64 * 1024;

/// How to ask one system.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Most time for the whole of a question and its answer.
    pub patience: Duration,
    /// What is shown as `Authorization: Bearer`.
    pub key: Option<String>,
    /// Certificates of the authority that vouches for the system (PEM); without them those that
    /// browsers trust. Networks of governments have authorities of their own.
    pub authority: Option<Vec<u8>>,
}

impl Default for Asking {
    fn default() -> Self {
        Self { patience: Duration::from_secs(5), key: None, authority: None }
    }
}

/// Why there is no answer of use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutsideError {
    /// It cannot be reached, or is too slow.
    #[error("no answer: {0}")]
    Away(String),
    /// It does not want to answer this node.
    #[error("refused with status {0}")]
    Refused(u16),
    /// Keys and persons would go over the network for everybody to read.
    #[error("{0} is not asked in the clear: its address has to begin with https://")]
    InTheClear(String),
    /// What came back is not an answer to what was asked.
    #[error("not an answer: {0}")]
    Unclear(String),
}

/// Whether nobody between here and an address reads along: it is encrypted, or on this machine.
///
/// # Errors
/// [`OutsideError::InTheClear`] otherwise, also for what is no address.
pub(crate) fn guarded(address: &str) -> Result<(), OutsideError> {
    let in_the_clear = || OutsideError::InTheClear(address.to_owned());
    let address: ureq::http::Uri = address.parse().map_err(|_| in_the_clear())?;
    let host = address.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse().is_ok_and(|it: IpAddr| it.is_loopback());
    match address.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if is_here => Ok(()),
        Some(_) | None => Err(in_the_clear()),
    }
}

/// Asks one system.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    key: Option<String>,
}

impl Client {
    /// A client.
    ///
    /// # Errors
    /// [`OutsideError::Unclear`] when the certificates of the authority cannot be read.
    pub(crate) fn new(asking: Asking) -> Result<Self, OutsideError> {
        let mut config = ureq::Agent::config_builder()
            .timeout_global(Some(asking.patience))
            .http_status_as_error(false)
            // A question goes where the configuration says, and nowhere else.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None);
        if let Some(pem) = asking.authority {
            let bad = |error: ureq::Error| OutsideError::Unclear(error.to_string());
            let found: Result<Vec<_>, _> = ureq::tls::parse_pem(&pem)
                .filter_map(|item| match item {
                    Ok(ureq::tls::PemItem::Certificate(it)) => {
                        Some(Ok::<Certificate<'static>, _>(it))
                    }
                    Ok(_) => None,
                    Err(error) => Some(Err(bad(error))),
                })
                .collect();
            let found = found?;
            if found.is_empty() {
                return Err(OutsideError::Unclear("no certificate of an authority".to_owned()));
            }
            let roots = RootCerts::from(found);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Ok(Self { agent: config.build().new_agent(), key: asking.key })
    }

    /// Asks with `GET`; gives the body of a success.
    ///
    /// # Errors
    /// See [`OutsideError`].
    pub(crate) fn get(
        &self,
        address: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<u8>, OutsideError> {
        let request = self.agent.get(address).query_pairs(query.iter().copied());
        read(self.keyed(request).call())
    }

    /// Hands something over with `POST`. Any success says that it was taken, whatever it says beside.
    ///
    /// # Errors
    /// See [`OutsideError`].
    pub(crate) fn post(&self, address: &str, body: &[u8]) -> Result<(), OutsideError> {
        let request = self.agent.post(address).content_type("application/json");
        succeeded(self.keyed(request).send(body)).map(drop)
    }

    /// Sends a request that is made elsewhere, and gives whatever comes back, refusals too.
    ///
    /// # Errors
    /// See [`OutsideError`].
    pub(crate) fn send(
        &self,
        request: ureq::http::Request<Vec<u8>>,
    ) -> Result<ureq::http::Response<Vec<u8>>, OutsideError> {
        // Where to was told by somebody else.
        guarded(&request.uri().to_string())?;
        let answered = self.agent.run(request).map_err(|error| away(&error))?;
        let (parts, mut body) = answered.into_parts();
        Ok(ureq::http::Response::from_parts(parts, few_bytes(&mut body)?))
    }

    fn keyed<B>(&self, request: ureq::RequestBuilder<B>) -> ureq::RequestBuilder<B> {
        match &self.key {
            Some(key) => request.header("authorization", &format!("Bearer {key}")),
            None => request,
        }
    }
}

type Answered = ureq::http::Response<ureq::Body>;

fn away(error: &dyn std::fmt::Display) -> OutsideError {
    OutsideError::Away(error.to_string())
}

fn succeeded(answered: Result<Answered, ureq::Error>) -> Result<Answered, OutsideError> {
    let answered = answered.map_err(|error| away(&error))?;
    match answered.status().as_u16() {
        200..=299 => Ok(answered),
        // It is there, but cannot do its work now.
        status @ (429 | 500..=599) => Err(away(&format!("status {status}"))),
        status => Err(OutsideError::Refused(status)),
    }
}

fn read(answered: Result<Answered, ureq::Error>) -> Result<Vec<u8>, OutsideError> {
    few_bytes(succeeded(answered)?.body_mut())
}

fn few_bytes(body: &mut ureq::Body) -> Result<Vec<u8>, OutsideError> {
    let mut read = Vec::new();
    body.as_reader().take(LARGEST + 1).read_to_end(&mut read).map_err(|error| away(&error))?;
    if read.len() as u64 > LARGEST {
        return Err(OutsideError::Unclear(format!("more than {LARGEST} bytes")));
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_elsewhere_is_asked_in_the_clear() {
        for fine in [
            "https://registers.example.gov.cn/answers",
            "http://127.0.0.1:9000/answers",
            "http://localhost/answers",
            "http://[::1]:80/",
        ] {
            assert_eq!(guarded(fine), Ok(()), "{fine}");
        }
        for clear in [
            "http://registers.example.gov.cn/answers",
            "http://10.0.0.8/answers",
            "http://localhost.example.gov.cn/",
            "http://127.0.0.1@registers.example.gov.cn/",
            "http://127.0.0.1:80@registers.example.gov.cn/",
            "ftp://127.0.0.1/",
            "registers.example.gov.cn",
            "",
        ] {
            assert_eq!(guarded(clear), Err(OutsideError::InTheClear(clear.to_owned())));
        }
    }
}
