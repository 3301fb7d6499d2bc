//! What can be wrong with a picture.

use crate::memory::Refused;
use crate::probe::Format;

/// Why a picture cannot be decoded, and where in the file that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Error {
    /// Who can do something about it.
    pub(super) kind: ErrorKind,
    /// One line in lower case, without a full stop.
    pub(super) message: &'static str,
    /// Byte offset in the file. In entropy-coded data it is near the fault, not exactly at it.
    pub(super) offset: Option<usize>,
}

/// The sort of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorKind {
    /// The bytes break a rule of ITU T.81.
    Malformed,
    /// The bytes end, or a part of the picture is missing.
    Truncated,
    /// The allocator refused.
    OutOfMemory(Refused),
    /// The job was stopped from outside.
    Cancelled,
    /// A mistake of ours: the plan asks for what there is not, for one.
    Internal,
}

impl Error {
    pub(super) const fn new(kind: ErrorKind, message: &'static str, offset: usize) -> Self {
        Self {
            kind,
            message,
            offset: Some(offset),
        }
    }

    pub(super) const fn malformed(message: &'static str, offset: usize) -> Self {
        Self::new(ErrorKind::Malformed, message, offset)
    }

    pub(super) const fn truncated(message: &'static str, offset: usize) -> Self {
        Self::new(ErrorKind::Truncated, message, offset)
    }

    /// Whether it is we who stop, and no fault of the file.
    pub(super) const fn is_ours(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::OutOfMemory(_) | ErrorKind::Cancelled | ErrorKind::Internal
        )
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self {
            kind: ErrorKind::OutOfMemory(refused),
            message: "allocation refused",
            offset: None,
        }
    }
}

impl From<Error> for crate::Error {
    fn from(error: Error) -> Self {
        let offset = error.offset.map(|offset| offset as u64);
        match error.kind {
            ErrorKind::Malformed => Self::Malformed {
                format: Format::Jpeg,
                problem: error.message,
                offset,
                source: None,
            },
            ErrorKind::Truncated => Self::Truncated {
                format: Format::Jpeg,
                offset,
            },
            ErrorKind::OutOfMemory(refused) => refused.into(),
            ErrorKind::Cancelled => Self::Cancelled,
            ErrorKind::Internal => Self::internal("decode")(error.message),
        }
    }
}
