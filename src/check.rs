//! Whether a file could be uploaded as it is.

use std::fmt;

use crate::geometry::{Side, Size};
use crate::limits::Limits;
use crate::orientation::Orientation;
use crate::probe::{Format, Info};

/// Lists the rules of the service that a file breaks as it is. None: it can be
/// uploaded without being prepared.
///
/// `declared` is what somebody calls the file, if anybody does: a media type such
/// as `image/png` or the extension of its name.
///
/// # Examples
///
/// ```
/// use headshot::{Limits, Violation, check, probe};
///
/// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// let violations = check(&probe(gif)?, &Limits::default(), Some("image/png"));
/// assert!(matches!(
///     violations[..],
///     [Violation::TooSmall { .. }, Violation::Misnamed { .. }]
/// ));
/// assert_eq!(violations[0].to_string(), "size of 1x1 is below 512x512");
/// assert_eq!(violations[1].to_string(), "declared as image/png, but is a GIF file");
/// # Ok::<(), headshot::Error>(())
/// ```
#[must_use]
pub fn check(info: &Info, limits: &Limits, declared: Option<&str>) -> Vec<Violation> {
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
    if let Some(declared) = declared.filter(|name| !info.format.is_called(name)) {
        violations.push(Violation::Misnamed {
            declared: declared.to_owned(),
            format: info.format,
        });
    }
    violations
}

/// A rule that a file breaks, with what was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// It is called something else than what it is.
    Misnamed {
        /// What it is called.
        declared: String,
        /// What it is.
        format: Format,
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
            | Self::Unsupported { .. }
            | Self::Misnamed { .. } => "bad_image",
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
            Self::Misnamed { .. } => "misnamed",
        }
    }

    /// What was measured and what is allowed, where the rule is about a number.
    #[must_use]
    pub const fn measured_and_limit(&self) -> Option<(u64, u64)> {
        match *self {
            Self::TooSmall { size } => Some((size.shortest() as u64, Side::MIN.px() as u64)),
            Self::TooLarge { size } => Some((size.longest() as u64, Side::MAX.px() as u64)),
            Self::TooManyFrames { frames, limit } => Some((frames as u64, limit as u64)),
            Self::TooManyBytes { bytes, limit } => Some((bytes, limit)),
            Self::NotSquare { .. }
            | Self::NotUpright { .. }
            | Self::Unsupported { .. }
            | Self::Misnamed { .. } => None,
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
            Self::Misnamed { declared, format } => {
                write!(f, "declared as {declared}, but is a {format} file")
            }
        }
    }
}
