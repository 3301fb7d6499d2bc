//! Why a picture was not prepared.

use std::fmt;

use crate::geometry::{CropBox, Side, Size};
use crate::probe::Format;

/// The error of a decoder or encoder below this crate. Its type is no part of
/// the API.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a picture was not prepared.
///
/// Programs match on the variant, on [`Error::code`] (the word that the service
/// itself would answer with) or on [`Error::reason`] (finer, and ours).
/// Messages are for people and may change in any release.
///
/// ```
/// use headshot::{Options, prepare};
///
/// let error = prepare(b"%PDF-1.7", &Options::default()).unwrap_err();
/// assert_eq!(error.code(), "bad_image");
/// assert_eq!(error.reason(), "unknown_format");
/// assert_eq!(error.to_string(), "not a JPEG, PNG or GIF file");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes do not start like a JPEG, PNG or GIF file.
    #[error("not a JPEG, PNG or GIF file")]
    UnknownFormat,

    /// The file starts well but breaks its format's rules.
    #[error("broken {format} file: {problem}{}", At(*offset))]
    Malformed {
        /// What the first bytes say that it is.
        format: Format,
        /// The rule that is broken.
        problem: &'static str,
        /// Where in the file, in bytes, if known.
        offset: Option<u64>,
        /// The decoder's own error, if one noticed.
        source: Option<Source>,
    },

    /// The file ends before its picture does.
    #[error("{format} file is cut short{}", At(*offset))]
    Truncated {
        /// What the first bytes say that it is.
        format: Format,
        /// Where in the file data are missing, in bytes, if known.
        offset: Option<u64>,
    },

    /// The file is legal, but uses a feature that this crate doesn't decode.
    #[error("{format} file uses {feature}, which is not supported")]
    Unsupported {
        /// What the first bytes say that it is.
        format: Format,
        /// The feature, such as "arithmetic coding".
        feature: &'static str,
    },

    /// The picture would have to be enlarged, and
    /// [`Upscale::Forbid`](crate::Upscale::Forbid) is set.
    #[error("picture of {size} is too small: its longest edge must have {minimum} pixels at least")]
    TooSmall {
        /// The picture: the crop box, or all of the source.
        size: Size,
        /// The smallest output.
        minimum: Side,
    },

    /// The file is an animation, and
    /// [`Animation::Reject`](crate::Animation::Reject) is set.
    #[error("animation of {frames} frames where only a still is allowed")]
    Animated {
        /// Frames counted.
        frames: u32,
    },

    /// The picture exceeds one of the [`Limits`](crate::Limits).
    #[error("{quantity} of {measured} exceeds the limit of {limit}")]
    TooLarge {
        /// What was measured.
        quantity: Quantity,
        /// What the file has or needs.
        measured: u64,
        /// What is allowed.
        limit: u64,
    },

    /// The animation has more frames than [`Limits::frames`](crate::Limits::frames).
    #[error("animation of {frames} frames exceeds the limit of {limit}")]
    TooManyFrames {
        /// Frames counted.
        frames: u32,
        /// Frames allowed.
        limit: u32,
    },

    /// Part of the crop box is outside the picture.
    #[error("crop box {crop} reaches outside the picture of {size}")]
    CropOutside {
        /// The box asked for.
        crop: CropBox,
        /// The picture as displayed.
        size: Size,
    },

    /// The crop box has no pixel.
    #[error("crop box {crop} is empty")]
    CropEmpty {
        /// The box asked for.
        crop: CropBox,
    },

    /// The job was stopped from outside, by [`Cancel`](crate::Cancel).
    #[error("cancelled")]
    Cancelled,

    /// A bug of this crate: no picture and no option should lead here.
    #[error("internal error in {stage}")]
    Internal {
        /// The stage that failed.
        stage: &'static str,
        /// What it said.
        source: Source,
    },
}

impl Error {
    /// The word that the service would answer with: `bad_image`, `too_large`,
    /// `too_many_frames`, `invalid_arguments` or `internal_error`; or `cancelled`,
    /// which is none of its words, since nobody waits for an answer.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownFormat
            | Self::Malformed { .. }
            | Self::Truncated { .. }
            | Self::Unsupported { .. }
            | Self::TooSmall { .. }
            | Self::Animated { .. } => "bad_image",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyFrames { .. } => "too_many_frames",
            Self::CropOutside { .. } | Self::CropEmpty { .. } => "invalid_arguments",
            Self::Cancelled => "cancelled",
            Self::Internal { .. } => "internal_error",
        }
    }

    /// A finer name for logs, metrics and translations.
    ///
    /// It is never renamed, and never reused for something else.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::UnknownFormat => "unknown_format",
            Self::Malformed { .. } => "malformed",
            Self::Truncated { .. } => "truncated",
            Self::Unsupported { .. } => "unsupported",
            Self::TooSmall { .. } => "too_small",
            Self::Animated { .. } => "animated",
            Self::TooLarge { quantity, .. } => quantity.reason(),
            Self::TooManyFrames { .. } => "frames",
            Self::CropOutside { .. } => "crop_outside",
            Self::CropEmpty { .. } => "crop_empty",
            Self::Cancelled => "cancelled",
            Self::Internal { .. } => "internal",
        }
    }

    /// What was measured and what is allowed, where the error is about a number.
    #[must_use]
    pub const fn measured_and_limit(&self) -> Option<(u64, u64)> {
        match *self {
            Self::TooSmall { size, minimum } => Some((size.longest() as u64, minimum.px() as u64)),
            Self::Animated { frames } => Some((frames as u64, 1)),
            Self::TooLarge {
                measured, limit, ..
            } => Some((measured, limit)),
            Self::TooManyFrames { frames, limit } => Some((frames as u64, limit as u64)),
            Self::UnknownFormat
            | Self::Malformed { .. }
            | Self::Truncated { .. }
            | Self::Unsupported { .. }
            | Self::CropOutside { .. }
            | Self::CropEmpty { .. }
            | Self::Cancelled
            | Self::Internal { .. } => None,
        }
    }

    /// The byte of the file at which it was noticed, where that is known.
    #[must_use]
    pub const fn offset(&self) -> Option<u64> {
        match self {
            Self::Malformed { offset, .. } | Self::Truncated { offset, .. } => *offset,
            _ => None,
        }
    }

    #[cold]
    pub(crate) fn malformed(format: Format, problem: &'static str, offset: usize) -> Self {
        Self::Malformed {
            format,
            problem,
            offset: Some(offset as u64),
            source: None,
        }
    }

    #[cold]
    pub(crate) fn truncated(format: Format, offset: usize) -> Self {
        Self::Truncated {
            format,
            offset: Some(offset as u64),
        }
    }

    /// For `map_err` on the calls that can fail only through a bug of ours.
    /// No `From` impls: those would put other crates' types into the API.
    #[cold]
    pub(crate) fn internal<E: Into<Source>>(stage: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Internal {
            stage,
            source: source.into(),
        }
    }
}

/// What [`Error::TooLarge`] measured; each is bounded by the field of the same
/// name in [`Limits`](crate::Limits), where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quantity {
    /// Bytes of the file.
    FileBytes,
    /// Pixels of the longer edge.
    Edge,
    /// Pixels of one frame.
    Pixels,
    /// Pixels of all frames together.
    AnimationPixels,
    /// Bytes of metadata, inflated.
    Metadata,
    /// Bytes of working memory.
    Memory,
    /// Work on the frames of a GIF or of an animation, in units of about a nanosecond: see
    /// [`Limits::work`](crate::Limits::work). It is counted while it is done, so that this
    /// error comes from [`Frames::next`](crate::Frames::next),
    /// [`Canvases::next`](crate::Canvases::next) and [`encode`](crate::encode), and not
    /// from [`plan`](crate::plan).
    Work,
    /// Scans of a JPEG. Bounded by a number that no honest file comes near.
    Scans,
    /// Blocks in all scans of a JPEG. Bounded as the scans are.
    ScanBlocks,
    /// Bytes of the shortest photo that [`prepare`](crate::prepare) has found. From
    /// [`encode`](crate::encode), those of an animation are counted until they are too
    /// many. Bounded by [`Options::with_max_bytes`](crate::Options::with_max_bytes),
    /// and by what a file may have by default.
    OutputBytes,
}

impl Quantity {
    const fn reason(self) -> &'static str {
        match self {
            Self::FileBytes => "file_bytes",
            Self::Edge => "edge",
            Self::Pixels => "pixels",
            Self::AnimationPixels => "animation_pixels",
            Self::Work => "work",
            Self::Metadata => "metadata",
            Self::Memory => "memory",
            Self::Scans => "scans",
            Self::ScanBlocks => "scan_blocks",
            Self::OutputBytes => "output_bytes",
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FileBytes => "file size in bytes",
            Self::Edge => "longest edge in pixels",
            Self::Pixels => "number of pixels",
            Self::AnimationPixels => "number of pixels in all frames",
            Self::Work => "work in units of about a nanosecond",
            Self::Metadata => "metadata in bytes",
            Self::Memory => "working memory in bytes",
            Self::Scans => "number of scans",
            Self::ScanBlocks => "number of blocks in all scans",
            Self::OutputBytes => "length of the photo in bytes",
        })
    }
}

/// Writes " at byte N" where N is known.
struct At(Option<u64>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(offset) => write!(f, " at byte {offset}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn message_does_not_repeat_its_source() {
        let error = Error::Malformed {
            format: Format::Gif,
            problem: "frame does not decode",
            offset: Some(13),
            source: Some("bad LZW code".into()),
        };
        assert_eq!(
            error.to_string(),
            "broken GIF file: frame does not decode at byte 13"
        );
        assert_eq!(
            error.source().map(ToString::to_string).as_deref(),
            Some("bad LZW code")
        );
    }

    #[test]
    fn error_crosses_threads_and_stays_small() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert!(size_of::<Error>() <= 64, "{}", size_of::<Error>());
    }
}
