//! The way over the network.

use std::fmt;
use std::io;
use std::time::Duration;

use ureq::config::AutoHeaderValue;
use ureq::http::{HeaderValue, Request, header};
use ureq::{Agent, Timeout};

use super::request::Sealed;
use super::transport::{Fault, Reply, Transport};
use crate::error::Source;

/// HTTP/1.1, over TLS but for loopback: `ureq` with `rustls`, and with Mozilla's root
/// certificates as they are when this crate is built.
///
/// Connections are kept for a while, and reused. A proxy is taken from the environment
/// (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`) as `ureq` does; it sees nothing but TLS. None is
/// used for plain HTTP, which goes to this machine alone.
///
/// A program that logs at the level `trace` has to leave out the target `ureq_proto`: at
/// that level it dumps the bytes that are sent, and the token is among them. All else that
/// is logged is without it.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use headshot::upload::{Base, Client, Http, Token};
///
/// // One for all, so that they share its connections.
/// let http = Arc::new(Http::new(Duration::from_secs(20)));
/// let clients = ["xoxp-1234-secret", "xoxp-5678-secret"].map(|token| {
///     let client = Client::new(Base::default(), Token::new(token).unwrap());
///     client.with_transport(Arc::clone(&http))
/// });
/// # drop(clients);
/// ```
pub struct Http {
    agent: Agent,
}

impl Http {
    /// How long a call may take, unless another time is chosen: a minute. Slack's pages
    /// name no time; the service scales the photo while the caller waits.
    pub const TIMEOUT: Duration = Duration::from_mins(1);

    /// How long it may take to connect, if the call may take that long.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

    /// Bytes that an answer may have: 1 MiB. An honest one has some thousand.
    pub const LONGEST_ANSWER: u64 = 1 << 20;

    /// `timeout` is for a call as a whole, from the look-up of the host to the last byte
    /// of the answer.
    #[must_use]
    pub fn new(timeout: Duration) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(timeout))
            .timeout_connect(Some(timeout.min(Self::CONNECT_TIMEOUT)))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // What is sent is what the request says.
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .accept_encoding(AutoHeaderValue::None)
            .build();
        Self {
            agent: config.new_agent(),
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::new(Self::TIMEOUT)
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the agent: it knows a proxy, which may have a password.
        f.debug_struct("Http").finish_non_exhaustive()
    }
}

impl Transport for Http {
    fn send(&self, sealed: &Sealed) -> Result<Reply, Fault> {
        let mut request = Request::post(sealed.url());
        for (name, value) in sealed.headers() {
            let mut value = HeaderValue::from_str(value).map_err(unsent)?;
            value.set_sensitive(name.eq_ignore_ascii_case(header::AUTHORIZATION.as_str()));
            request = request.header(name, value);
        }
        let request = request.body(sealed.body()).map_err(unsent)?;
        let request = if sealed.url().starts_with("https:") {
            request
        } else {
            self.agent.configure_request(request).proxy(None).build()
        };
        let response = self.agent.run(request).map_err(fault)?;
        let (parts, body) = response.into_parts();
        let headers = parts.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        });
        Ok(Reply {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: (body.into_with_config().limit(Self::LONGEST_ANSWER))
                .read_to_vec()
                .map_err(fault)?,
        })
    }
}

/// What keeps a request from being made.
fn unsent(error: impl Into<Source>) -> Fault {
    Fault::Unreachable(error.into())
}

/// Nothing was sent only where that is certain.
fn fault(error: ureq::Error) -> Fault {
    use ureq::Error as E;
    match error {
        E::Timeout(Timeout::Resolve | Timeout::Connect)
        | E::HostNotFound
        | E::ConnectionFailed
        | E::InvalidProxyUrl
        | E::ConnectProxyFailed(_)
        | E::TlsRequired
        | E::BadUri(_)
        | E::Http(_) => Fault::Unreachable(error.into()),
        E::Io(error) if is_before_connection(error.kind()) => Fault::Unreachable(error.into()),
        E::Timeout(_) => Fault::TimedOut,
        E::BodyExceedsLimit(limit) => Fault::TooLong { limit },
        error => Fault::Lost(error.into()),
    }
}

fn is_before_connection(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::AddrNotAvailable
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
    )
}
