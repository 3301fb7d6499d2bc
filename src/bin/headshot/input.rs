//! Where pictures come from.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use headshot::{Error, Quantity};

use crate::refusal::Refusal;
use crate::status::Failure;

/// A file, or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
}

impl From<OsString> for Input {
    fn from(typed: OsString) -> Self {
        if typed == "-" {
            Self::Stdin
        } else {
            Self::File(typed.into())
        }
    }
}

impl Input {
    /// As typed.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Stdin => Path::new("-"),
            Self::File(path) => path,
        }
    }

    /// The name without its folder and extension.
    pub(crate) fn stem(&self) -> &OsStr {
        let path = self.path();
        // A path without a name is a folder, which is refused when it is read.
        path.file_stem().unwrap_or(path.as_os_str())
    }

    /// The extension of its name, which tells what somebody takes it for.
    pub(crate) fn extension(&self) -> Option<&str> {
        self.path().extension()?.to_str()
    }

    /// Reads it, unless it has more than `limit` bytes: then it stops there,
    /// however long it is.
    pub(crate) fn read(&self, limit: u64) -> Result<Vec<u8>, Refusal> {
        let bytes = match self {
            Self::Stdin => read_at_most(io::stdin().lock(), 0, limit),
            Self::File(path) => read_file(path, limit),
        };
        bytes.map_err(Refusal::Unreadable)?.map_err(|measured| {
            Refusal::Picture(Error::TooLarge {
                quantity: Quantity::FileBytes,
                measured,
                limit,
            })
        })
    }
}

/// Standard input can be read only once.
pub(crate) fn one_stdin_at_most<'a>(
    inputs: impl IntoIterator<Item = &'a Input>,
) -> Result<(), Failure> {
    let stdin = inputs.into_iter().filter(|&input| *input == Input::Stdin);
    if stdin.count() > 1 {
        let message = "`-` stands for standard input, which can be read only once; \
                       a file of that name is `./-`";
        return Err(Failure::Usage(message.to_owned()));
    }
    Ok(())
}

/// The bytes, or how many there are if that is more than `limit`.
type Bounded = Result<Vec<u8>, u64>;

fn read_file(path: &Path, limit: u64) -> io::Result<Bounded> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.len() > limit {
        return Ok(Err(metadata.len()));
    }
    read_at_most(file, metadata.len(), limit)
}

/// A stream that is too long counts as one byte too long: the rest of it is
/// never read.
fn read_at_most(stream: impl Read, expected: u64, limit: u64) -> io::Result<Bounded> {
    let mut bytes = Vec::new();
    // Pipes say 0, and what a file says may change: this only spares copies.
    let expected = usize::try_from(expected.min(limit)).unwrap_or(0);
    bytes.try_reserve(expected)?;
    let one_more = limit.saturating_add(1);
    stream.take(one_more).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Ok(Err(one_more));
    }
    Ok(Ok(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stream_is_read_no_further_than_its_limit() {
        let all = read_at_most(&b"1234"[..], 0, 4).unwrap();
        assert_eq!(all, Ok(b"1234".to_vec()));
        let mut endless = io::repeat(0);
        assert_eq!(read_at_most(&mut endless, 0, 9).unwrap(), Err(10));
        assert_eq!(read_at_most(&b""[..], 0, 0).unwrap(), Ok(Vec::new()));
        assert_eq!(
            read_at_most(&b"1"[..], 0, u64::MAX).unwrap(),
            Ok(vec![b'1'])
        );
    }

    #[test]
    fn dash_alone_is_standard_input() {
        assert_eq!(Input::from(OsString::from("-")), Input::Stdin);
        let file = Input::from(OsString::from("./-"));
        assert_eq!(file, Input::File("./-".into()));
        assert!(one_stdin_at_most(&[Input::Stdin, file]).is_ok());
        assert!(one_stdin_at_most(&[Input::Stdin, Input::Stdin]).is_err());
    }

    #[test]
    fn stem_keeps_inner_dots() {
        let input = |path: &str| Input::File(path.into());
        assert_eq!(input("a/b.c.jpg").stem(), "b.c");
        assert_eq!(input("a/b").stem(), "b");
        assert_eq!(input("..").stem(), "..");
    }
}
