//! Why a photo was not set or removed.

use std::fmt;
use std::time::Duration;

use super::code::Code;
use super::remedy::Remedy;
use super::transport::Fault;
use crate::error::Source;
use crate::probe::Format;

/// Why a photo was not set or removed, or why nobody knows.
///
/// Programs match on the variant, on [`Error::code`], or on [`Error::remedy`]. Messages
/// are for people and may change in any release. No error holds the token, whatever the
/// service answers.
///
/// # Examples
///
/// ```
/// use headshot::upload::{Base, Remedy};
///
/// let error = Base::new("http://slack.com/api/").unwrap_err();
/// assert_eq!(error.code(), "invalid_base");
/// assert_eq!(error.remedy(), Remedy::FixCall);
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is no picture, or the square isn't inside it. Nothing was sent.
    #[error(transparent)]
    Picture(crate::Error),

    /// The file is of another format than it is said to be. Nothing was sent.
    #[error("said to be a {declared} file, but is a {format} file")]
    Misnamed {
        /// What it is said to be.
        declared: Format,
        /// What it is.
        format: Format,
    },

    /// The address is none that a token may be sent to. It isn't repeated here, since it
    /// may hold a password.
    #[error("the service's address {problem}")]
    Base {
        /// What is wrong.
        problem: &'static str,
    },

    /// What should be a token is none.
    #[error("the token {problem}")]
    Token {
        /// What is wrong.
        problem: &'static str,
    },

    /// The token's start says that it isn't a user's. Nothing was sent.
    #[error("the token is {whose}, and only a user's can change a user's photo")]
    WrongToken {
        /// Whose it is.
        whose: &'static str,
    },

    /// The service said no.
    #[error("the service refused: {code}{}{}", Scopes(needed, provided), Wait(*retry_after))]
    Refused {
        /// Its word.
        code: Code,
        /// The scope that the token lacks, if that is what is wrong.
        needed: Option<String>,
        /// The scopes that the token has, then.
        provided: Option<String>,
        /// How long the service wants to be left alone.
        retry_after: Option<Duration>,
        /// The status of the HTTP answer.
        status: u16,
    },

    /// An HTTP answer of failure, without a word of the service in it.
    #[error("the service answered with HTTP status {status}{}", Wait(*retry_after))]
    Status {
        /// The status.
        status: u16,
        /// How long the service wants to be left alone.
        retry_after: Option<Duration>,
    },

    /// An HTTP answer of success that isn't as agreed: such as a page of HTML.
    #[error("the service's answer {problem}")]
    Unexpected {
        /// What is wrong.
        problem: &'static str,
    },

    /// The service pointed elsewhere. Nobody went there.
    #[error(
        "the service answered with HTTP status {status}, a redirection{}",
        To(origin)
    )]
    Redirected {
        /// The status.
        status: u16,
        /// The scheme, host and port that it pointed to, if it named them. The rest is
        /// left out, since it may hold secrets.
        origin: Option<String>,
    },

    /// There was no connection, so nothing was sent.
    #[error("the service can't be reached")]
    Unreachable {
        /// What the transport said.
        source: Source,
    },

    /// The connection was lost before there was a whole answer.
    #[error("the connection to the service was lost")]
    Lost {
        /// What the transport said.
        source: Source,
    },

    /// There was no whole answer in time.
    #[error("the service did not answer in time")]
    TimedOut,

    /// The answer is longer than any that is read.
    #[error("the service's answer exceeds the limit of {limit} bytes")]
    TooLong {
        /// What is allowed.
        limit: u64,
    },
}

impl Error {
    /// The service's word, where it said one; and otherwise one of ours, which is never
    /// renamed.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Picture(error) => error.code(),
            Self::Misnamed { .. } => "bad_image",
            Self::Base { .. } => "invalid_base",
            Self::Token { .. } => "invalid_token",
            // What the service would say.
            Self::WrongToken { .. } => "not_allowed_token_type",
            Self::Refused { code, .. } => code.as_str(),
            Self::Status { .. } => "http_status",
            Self::Unexpected { .. } => "unexpected_answer",
            Self::Redirected { .. } => "redirected",
            Self::Unreachable { .. } => "unreachable",
            Self::Lost { .. } => "connection_lost",
            Self::TimedOut => "timed_out",
            Self::TooLong { .. } => "answer_too_long",
        }
    }

    /// What can be done about it.
    #[must_use]
    pub const fn remedy(&self) -> Remedy {
        match self {
            Self::Picture(_) | Self::Misnamed { .. } => Remedy::FixPicture,
            Self::Base { .. } | Self::Redirected { .. } => Remedy::FixCall,
            Self::Token { .. } | Self::WrongToken { .. } => Remedy::FixToken,
            Self::Refused { code, .. } => code.remedy(),
            Self::Status { status, .. } if *status < 500 => Remedy::FixCall,
            Self::Unreachable { .. } => Remedy::WaitAndRetry,
            Self::Status { .. }
            | Self::Unexpected { .. }
            | Self::Lost { .. }
            | Self::TimedOut
            | Self::TooLong { .. } => Remedy::FindOut,
        }
    }

    /// How long the service wants to be left alone, if it said so.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } | Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether nobody knows if the photo was changed.
    #[must_use]
    pub fn leaves_unknown(&self) -> bool {
        self.remedy() == Remedy::FindOut
    }

    /// Whether the same call may go well within a minute.
    pub(super) const fn passes(&self) -> bool {
        match self {
            Self::Refused { code, status, .. } => code.passes() || *status >= 500,
            Self::Status { status, .. } => *status >= 500,
            Self::Unreachable { .. } | Self::Lost { .. } | Self::TimedOut => true,
            Self::Picture(_)
            | Self::Misnamed { .. }
            | Self::Base { .. }
            | Self::Token { .. }
            | Self::WrongToken { .. }
            | Self::Unexpected { .. }
            | Self::Redirected { .. }
            | Self::TooLong { .. } => false,
        }
    }
}

/// A type of this crate, so that nothing foreign gets into the API.
impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Self::Picture(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unreachable(source) => Self::Unreachable { source },
            Fault::Lost(source) => Self::Lost { source },
            Fault::TimedOut => Self::TimedOut,
            Fault::TooLong { limit } => Self::TooLong { limit },
        }
    }
}

/// Writes which scopes are needed and which are there, where that is known.
struct Scopes<'a>(&'a Option<String>, &'a Option<String>);

impl fmt::Display for Scopes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(needed) = self.0 {
            write!(f, ", needs the scope {needed}")?;
        }
        if let Some(provided) = self.1 {
            write!(f, ", has {provided}")?;
        }
        Ok(())
    }
}

/// Writes how long to wait, where that is known.
struct Wait(Option<Duration>);

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(wait) => write!(f, ", and wants to be left alone for {} s", wait.as_secs()),
            None => Ok(()),
        }
    }
}

/// Writes where to, where that is known.
struct To<'a>(&'a Option<String>);

impl fmt::Display for To<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(origin) => write!(f, " to {origin}"),
            None => Ok(()),
        }
    }
}
