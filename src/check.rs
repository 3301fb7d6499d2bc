//! Whether a file could be uploaded as it is.

use std::fmt;

use crate::geometry::{Side, Size};
use crate::limits::Limits;
use crate::orientation::Orientation;
use crate::probe::Info;

/// Lists the rules of the service that a file breaks as it is. None: it can be
/// uploaded without being prepared.
///
/// # Examples
///
/// ```
/// use headshot::{Limits, Violation, check, probe};
///
/// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// let violations = check(&probe(gif)?, &Limits::default());
/// assert!(matches!(violations[..], [Violation::TooSmall { .. }]));
/// assert_eq!(violations[0].to_string(), "size of 1x1 is below 512x512");
/// # Ok::<(), headshot::Error>(())
/// ```
#[must_use]
pub fn check(info: &Info, limits: &Limits) -> Vec<Violation> {
    let size = info.displayed();
    let mut violations = Vec::new();
    if size.shortest() < Side::MIN.px() {
        violations.push(Violation::TooSmall { size });
    }
    if size.longest() > Side::MAX.px() {
        violations.push(Violation::TooLarge { size });
    }
    if size.width() != size.height() {
        violations.push(Violation::NotSquare { size });
    }
    if info.orientation != Orientation::Upright {
        violations.push(Violation::NotUpright {
            orientation: info.orientation,
        });
    }
    if info.frames > limits.frames {
        violations.push(Violation::TooManyFrames {
            frames: info.frames,
            limit: limits.frames,
        });
    }
    if info.file_bytes > limits.file_bytes {
        violations.push(Violation::TooManyBytes {
            bytes: info.file_bytes,
            limit: limits.file_bytes,
        });
    }
    if let Some(feature) = info.unsupported {
        violations.push(Violation::Unsupported { feature });
    }
    violations
}

/// A rule that a file breaks, with what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// An edge is shorter than [`Side::MIN`].
    TooSmall {
        /// As displayed.
        size: Size,
    },
    /// An edge is longer than [`Side::MAX`].
    TooLarge {
        /// As displayed.
        size: Size,
    },
    /// Width and height differ.
    NotSquare {
        /// As displayed.
        size: Size,
    },
    /// It is seen upright only by those who heed its EXIF orientation.
    NotUpright {
        /// How it has to be turned.
        orientation: Orientation,
    },
    /// An animation with too many frames.
    TooManyFrames {
        /// Frames counted.
        frames: u32,
        /// Frames allowed.
        limit: u32,
    },
    /// A file that is too long.
    TooManyBytes {
        /// Its length.
        bytes: u64,
        /// The length allowed.
        limit: u64,
    },
    /// A feature that ordinary decoders refuse.
    Unsupported {
        /// The feature.
        feature: &'static str,
    },
}

impl Violation {
    /// The word that the service would answer with.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooSmall { .. }
            | Self::NotSquare { .. }
            | Self::NotUpright { .. }
            | Self::Unsupported { .. } => "bad_image",
            Self::TooLarge { .. } | Self::TooManyBytes { .. } => "too_large",
            Self::TooManyFrames { .. } => "too_many_frames",
        }
    }

    /// A finer name, never renamed.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::TooSmall { .. } => "too_small",
            Self::TooLarge { .. } => "edge",
            Self::NotSquare { .. } => "not_square",
            Self::NotUpright { .. } => "not_upright",
            Self::TooManyFrames { .. } => "frames",
            Self::TooManyBytes { .. } => "file_bytes",
            Self::Unsupported { .. } => "unsupported",
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSmall { size } => write!(f, "size of {size} is below {}", Side::MIN.size()),
            Self::TooLarge { size } => write!(f, "size of {size} is above {}", Side::MAX.size()),
            Self::NotSquare { size } => write!(f, "size of {size} is not square"),
            Self::NotUpright { orientation } => write!(
                f,
                "stored with EXIF orientation {}, which not every viewer heeds",
                orientation.exif()
            ),
            Self::TooManyFrames { frames, limit } => {
                write!(
                    f,
                    "animation of {frames} frames exceeds the limit of {limit}"
                )
            }
            Self::TooManyBytes { bytes, limit } => {
                write!(f, "file of {bytes} bytes exceeds the limit of {limit}")
            }
            Self::Unsupported { feature } => write!(f, "uses {feature}"),
        }
    }
}
