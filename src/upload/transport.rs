//! The way to the service and back.

use std::sync::Arc;

use super::request::Sealed;
use crate::error::Source;

/// Sends a request, and brings what is answered. [`Http`](super::Http) does so over the
/// network; another may be written for tests, or for another HTTP client.
///
/// # Contract
///
/// The request is sent as it is, once, by POST, and to its URL alone: redirections are
/// handed back and not followed. No answer is read without a bound in bytes and in time.
/// Faults don't repeat the request's headers and body.
///
/// # Examples
///
/// ```
/// use headshot::upload::{Base, Client, Fault, Reply, Sealed, Token, Transport};
///
/// /// Says yes to everything.
/// struct Yes;
///
/// impl Transport for Yes {
///     fn send(&self, _: &Sealed) -> Result<Reply, Fault> {
///         Ok(Reply {
///             status: 200,
///             headers: Vec::new(),
///             body: br#"{"ok":true}"#.to_vec(),
///         })
///     }
/// }
///
/// let client = Client::new(Base::default(), Token::new("xoxp-1234-secret")?).with_transport(Yes);
/// assert_eq!(client.delete_photo()?.tries, 1);
/// # Ok::<(), headshot::upload::Error>(())
/// ```
pub trait Transport: Send + Sync {
    /// Sends it, and waits for the answer.
    ///
    /// # Errors
    ///
    /// [`Fault`], if there is no whole answer. An answer of failure is one too, and no
    /// fault.
    fn send(&self, request: &Sealed) -> Result<Reply, Fault>;
}

/// So that many clients can share one: with its connections, if it keeps any.
impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: &Sealed) -> Result<Reply, Fault> {
        (**self).send(request)
    }
}

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its status, such as 200.
    pub status: u16,
    /// Its headers, with names in whatever case.
    pub headers: Vec<(String, String)>,
    /// What comes after them.
    pub body: Vec<u8>,
}

impl Reply {
    /// The first header of a name, in whatever case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Fault {
    /// There was no connection, so that nothing was sent.
    Unreachable(Source),
    /// The connection was lost, with the request sent or part of it.
    Lost(Source),
    /// The answer did not come in time.
    TimedOut,
    /// The answer is too long.
    TooLong {
        /// Bytes that it may have.
        limit: u64,
    },
}
