//! Lines for people and programs.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::path::Path;

/// Where reports go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    /// Writes at once: standard output is flushed at the end of each line.
    pub(crate) fn line(self, line: impl fmt::Display) -> io::Result<()> {
        match self {
            Self::Stdout => writeln!(io::stdout().lock(), "{line}"),
            Self::Stderr => writeln!(io::stderr().lock(), "{line}"),
        }
    }
}

/// Text on standard error that is not to be overlooked: red on a terminal, unless the
/// environment's `NO_COLOR` or `CLICOLOR=0` says that colours aren't wanted.
pub(crate) fn alarming(text: impl fmt::Display) -> impl fmt::Display {
    console::style(text).red().for_stderr()
}

/// Writes to standard error.
pub(crate) fn complain(line: impl fmt::Display) {
    // If even this fails, there is nobody left to tell.
    let _ = Stream::Stderr.line(line);
}

/// Text from elsewhere: what would steer a terminal, or make one line look like
/// two, is escaped.
pub(crate) struct Printable<'a>(Cow<'a, str>);

impl<'a> Printable<'a> {
    pub(crate) fn text(text: &'a str) -> Self {
        Self(text.into())
    }

    pub(crate) fn path(path: &'a Path) -> Self {
        Self(path.to_string_lossy())
    }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if steers(c) {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// Control characters, line separators, and what turns the direction of
/// writing (Unicode Technical Report 36, section 3.6).
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        let shown = |text| Printable::text(text).to_string();
        assert_eq!(shown("M\u{fc}ller 1.jpg"), "M\u{fc}ller 1.jpg");
        assert_eq!(shown("a\u{1b}[2Jb\r\n"), "a\\u{1b}[2Jb\\r\\n");
        assert_eq!(shown("gpj\u{202e}.exe\u{9b}"), "gpj\\u{202e}.exe\\u{9b}");
    }
}
