//! Why there is no photo, in the words of messages and of JSON.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use headshot::Error;

use crate::console::Printable;

/// Why there is no photo of one input.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The library refuses the picture.
    Picture(Error),
    /// The input can't be read.
    Unreadable(io::Error),
    /// The photo can't be written.
    Unwritable { output: PathBuf, source: io::Error },
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Picture(error)
    }
}

impl Refusal {
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Picture(error) => error.code(),
            Self::Unreadable(_) | Self::Unwritable { .. } => "io_error",
        }
    }

    pub(crate) const fn reason(&self) -> &'static str {
        match self {
            Self::Picture(error) => error.reason(),
            Self::Unreadable(_) => "cannot_read",
            Self::Unwritable { .. } => "cannot_write",
        }
    }

    pub(crate) const fn picture(&self) -> Option<&Error> {
        match self {
            Self::Picture(error) => Some(error),
            Self::Unreadable(_) | Self::Unwritable { .. } => None,
        }
    }

    /// The line for standard error.
    pub(crate) fn line(&self, path: &Path) -> String {
        let path = Printable::path(path);
        let message = self.to_string();
        let message = Printable::text(&message);
        match self {
            Self::Picture(error) => {
                format!("{path}: {} ({}): {message}", error.code(), error.reason())
            }
            Self::Unreadable(_) | Self::Unwritable { .. } => format!("{path}: {message}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Picture(error) => {
                write!(f, "{error}")?;
                let sources = std::iter::successors(error.source(), |&error| error.source());
                for source in sources {
                    write!(f, ": because {source}")?;
                }
                Ok(())
            }
            Self::Unreadable(source) => write!(f, "cannot read: {source}"),
            Self::Unwritable { output, source } => {
                write!(f, "cannot write {}: {source}", output.display())
            }
        }
    }
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
