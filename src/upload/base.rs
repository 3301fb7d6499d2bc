//! Where the service is.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

use super::error::Error;

/// The address that the names of methods are put behind, such as
/// `https://slack.com/api/`. It ends in a slash.
///
/// # Guarantees
///
/// It is `https`; or `http`, and then it leads to this machine alone: to `localhost`,
/// `127.0.0.0/8` or `[::1]`. It holds no user, password, query or fragment.
///
/// # Examples
///
/// ```
/// use headshot::upload::Base;
///
/// assert_eq!(Base::default().as_str(), "https://slack.com/api/");
/// assert_eq!(Base::new("https://slack-gov.com/api")?.as_str(), "https://slack-gov.com/api/");
/// assert!(Base::new("http://127.0.0.1:8080/").is_ok());
/// assert!(Base::new("http://slack.com/api/").is_err());
/// # Ok::<(), headshot::upload::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Base(String);

impl Base {
    /// Slack's own address, for all but US government workspaces
    /// (<https://docs.slack.dev/apis/web-api/>).
    pub const SLACK: &'static str = "https://slack.com/api/";

    /// Reads an address. A slash at its end may be left out.
    ///
    /// # Errors
    ///
    /// [`Error::Base`] if it is none, or none that a token may be sent to.
    pub fn new(address: &str) -> Result<Self, Error> {
        let refused = |problem| Err(Error::Base { problem });
        // `Uri` would leave a fragment out without a word.
        if address.contains('#') {
            return refused("has a fragment");
        }
        let Ok(uri) = address.parse::<Uri>() else {
            return refused("is no URL");
        };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return refused("is no URL with a scheme and a host");
        };
        if authority.as_str().contains('@') {
            return refused("has a user name or password");
        }
        // What stands behind the host is a port, or nothing.
        let has_port = authority.as_str() != authority.host();
        if authority.host().is_empty() || has_port && authority.port_u16().is_none() {
            return refused("has no host, or a port that is none");
        }
        if uri.query().is_some() {
            return refused("has a query");
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(authority.host()) => {}
            "http" => return refused("is plain http, which only loopback may be"),
            _ => return refused("is neither https nor http"),
        }
        let slash = if uri.path().ends_with('/') { "" } else { "/" };
        Ok(Self(format!("{scheme}://{authority}{}{slash}", uri.path())))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn join(&self, method: &str) -> String {
        format!("{}{method}", self.0)
    }
}

/// `localhost` is one by RFC 6761, section 6.3.
fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

impl Default for Base {
    fn default() -> Self {
        Self(Self::SLACK.to_owned())
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Base {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}
