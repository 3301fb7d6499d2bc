//! Why there is no photo, in the words of messages and of JSON.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use headshot::Error;
#[cfg(feature = "upload")]
use headshot::{Violation, upload};

use crate::console::{Printable, alarming};

/// Why there is no photo of one input.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The library refuses the picture.
    Picture(Error),
    /// The input can't be read.
    Unreadable(io::Error),
    /// The photo can't be written.
    Unwritable { output: PathBuf, source: io::Error },
    /// The file breaks a rule as it is, and maybe others.
    #[cfg(feature = "upload")]
    Rules(Violation, Vec<Violation>),
    /// The service did not take the photo, or it isn't known whether it did.
    #[cfg(feature = "upload")]
    Service(upload::Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Picture(error)
    }
}

impl Refusal {
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Picture(error) => error.code(),
            Self::Unreadable(_) | Self::Unwritable { .. } => "io_error",
            #[cfg(feature = "upload")]
            Self::Rules(violation, _) => violation.code(),
            #[cfg(feature = "upload")]
            Self::Service(error) => error.code(),
        }
    }

    pub(crate) const fn reason(&self) -> &'static str {
        match self {
            Self::Picture(error) => error.reason(),
            Self::Unreadable(_) => "cannot_read",
            Self::Unwritable { .. } => "cannot_write",
            #[cfg(feature = "upload")]
            Self::Rules(violation, _) => violation.reason(),
            // The code is as fine as it gets; this is what can be done about it.
            #[cfg(feature = "upload")]
            Self::Service(error) => error.remedy().name(),
        }
    }

    pub(crate) const fn picture(&self) -> Option<&Error> {
        match self {
            Self::Picture(error) => Some(error),
            Self::Unreadable(_) | Self::Unwritable { .. } => None,
            #[cfg(feature = "upload")]
            Self::Rules(..) | Self::Service(_) => None,
        }
    }

    /// What was measured and what is allowed, where it is about a number.
    pub(crate) fn measured_and_limit(&self) -> Option<(u64, u64)> {
        match self {
            Self::Picture(error) => error.measured_and_limit(),
            Self::Unreadable(_) | Self::Unwritable { .. } => None,
            #[cfg(feature = "upload")]
            Self::Rules(violation, _) => violation.measured_and_limit(),
            #[cfg(feature = "upload")]
            Self::Service(_) => None,
        }
    }

    /// The line for standard error.
    pub(crate) fn line(&self, path: &Path) -> String {
        let path = Printable::path(path);
        let message = self.to_string();
        let message = Printable::text(&message);
        if matches!(self, Self::Unreadable(_) | Self::Unwritable { .. }) {
            return format!("{path}: {message}");
        }
        let code = Printable::text(self.code());
        let code = alarming(format!("{code} ({})", self.reason()));
        format!("{path}: {code}: {message}")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Picture(error) => with_sources(error, f),
            Self::Unreadable(source) => write!(f, "cannot read: {source}"),
            Self::Unwritable { output, source } => {
                write!(f, "cannot write {}: {source}", output.display())
            }
            #[cfg(feature = "upload")]
            Self::Rules(violation, others) => {
                write!(f, "{violation}")?;
                others.iter().try_for_each(|other| write!(f, "; {other}"))
            }
            #[cfg(feature = "upload")]
            Self::Service(error) => {
                with_sources(error, f)?;
                write!(f, "; {}", error.remedy().advice())
            }
        }
    }
}

fn with_sources(error: &dyn std::error::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{error}")?;
    let mut sources = std::iter::successors(error.source(), |&error| error.source());
    sources.try_for_each(|source| write!(f, ": because {source}"))
}

#[cfg(test)]
mod tests {
    use headshot::Format;

    use super::*;

    #[test]
    fn line_has_codes_message_and_sources() {
        let error = Error::Malformed {
            format: Format::Gif,
            problem: "frame does not decode",
            offset: Some(13),
            source: Some("bad \u{1b}[31mcode".into()),
        };
        assert_eq!(
            Refusal::from(error).line(Path::new("a\n.gif")),
            "a\\n.gif: bad_image (malformed): broken GIF file: frame does not decode at byte 13: \
             because bad \\u{1b}[31mcode"
        );
    }

    #[test]
    fn line_of_a_missing_file_has_no_codes() {
        let missing = Refusal::Unreadable(io::ErrorKind::NotFound.into());
        assert_eq!(
            missing.line(Path::new("a.gif")),
            "a.gif: cannot read: entity not found"
        );
        assert_eq!(
            (missing.code(), missing.reason()),
            ("io_error", "cannot_read")
        );
    }
}
