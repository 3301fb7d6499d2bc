//! The result, and the story of how it was made.

use crate::geometry::{CropBox, Rect, Side, Size};
use crate::options::{Effort, Quality};
use crate::orientation::Orientation;
use crate::probe::Format;

/// A photo that the service accepts.
///
/// ```no_run
/// use headshot::{Options, prepare};
///
/// let upload = std::fs::read("upload.jpg")?;
/// let photo = prepare(&upload, &Options::default())?;
/// println!("{} of {} pixels a side", photo.format.media_type(), photo.side);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Photo {
    /// The file.
    pub bytes: Vec<u8>,
    /// What kind of file it is.
    pub format: Format,
    /// Its width, and its height.
    pub side: Side,
    /// Its frames: 1 for a still.
    pub frames: u32,
    /// What was done to the upload, in order.
    pub steps: Vec<Step>,
}

/// One thing that is done to an upload. [`Plan::steps`](crate::Plan::steps)
/// says beforehand what [`Photo::steps`] says afterwards, but for what is known only then:
/// [`Step::DamageAccepted`], [`Step::BarsApproximated`] and [`Step::ColorReplaced`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Turned or mirrored as its EXIF orientation asks.
    Oriented {
        /// How.
        orientation: Orientation,
    },
    /// Cut to the crop box.
    Cropped {
        /// The box, in displayed pixels of the source.
        crop: CropBox,
    },
    /// Resampled.
    Scaled {
        /// The picture before: the crop box, or all of it as displayed.
        from: Size,
        /// The picture after.
        to: Size,
    },
    /// Centred on a square canvas, with bars beside it.
    Letterboxed {
        /// Where the picture lies on the canvas.
        picture: Rect,
        /// The canvas.
        side: Side,
    },
    /// Converted to sRGB.
    ColorsConverted {
        /// The ICC profile's name, a description such as "cICP 9/16" or "gamma 0.45455", or
        /// "CMYK" for inks without a profile.
        from: String,
    },
    /// Laid on the background's colour, since the output holds no transparency.
    Flattened {
        /// Red, green and blue in sRGB.
        color: [u8; 3],
    },
    /// Reduced to the first frame of an animation.
    Stilled {
        /// Frames that the animation has.
        frames: u32,
    },
    /// Reduced to as many frames as the limit allows.
    Thinned {
        /// Frames that the animation has.
        from: u32,
        /// Those that are left.
        to: u32,
    },
    /// Frames shown for 10 ms or less now last 100 ms, as browsers play them.
    DelaysRaised {
        /// How many frames.
        frames: u32,
    },
    /// Nothing was done about scans that a progressive JPEG lacks: the picture is as blurred or
    /// coarse as without them.
    ScansMissing {
        /// See [`Info::unsent_coefficients`](crate::Info::unsent_coefficients).
        coefficients: u32,
    },
    /// EXIF, GPS, XMP, comments and the like were left out.
    MetadataRemoved {
        /// Bytes of it in the source.
        bytes: u64,
    },
    /// Pixels were missing or corrupt, and the rest of them was used.
    DamageAccepted {
        /// Where in the file, in bytes, if known.
        offset: Option<u64>,
    },
    /// The pixels were taken over exactly, into a new container: see
    /// [`Plan::pass_through`](crate::Plan::pass_through).
    PassedThrough,
    /// The frames of a GIF were moved or cut, but keep their palettes and the
    /// colours of their pixels: see [`Plan::keep_indices`](crate::Plan::keep_indices).
    IndicesKept,
    /// The bars' color is another one in the first frame, or in each that draws bars, since
    /// its pixels are kept and use 256 colors: see
    /// [`Plan::keep_indices`](crate::Plan::keep_indices).
    BarsApproximated {
        /// The color that was asked for.
        wanted: [u8; 3],
        /// The nearest of the frame's colors, in which bars are drawn.
        used: [u8; 3],
    },
    /// One color of a frame gave way to the nearest other one, since bars are drawn beside
    /// a frame that leaves pixels uncovered and uses 256 colors: see
    /// [`Plan::keep_indices`](crate::Plan::keep_indices).
    ColorReplaced {
        /// The color that was there.
        color: [u8; 3],
        /// The one that is there now.
        by: [u8; 3],
    },
    /// Written in another format.
    Converted {
        /// The source's format.
        from: Format,
        /// The photo's format.
        to: Format,
    },
    /// Compressed with more effort, for [`Options::with_max_bytes`], as are the steps
    /// that follow.
    ///
    /// [`Options::with_max_bytes`]: crate::Options::with_max_bytes
    EffortRaised {
        /// What was asked for.
        from: Effort,
        /// What was taken.
        to: Effort,
    },
    /// Compressed at a lower quality.
    QualityLowered {
        /// What was asked for.
        from: Quality,
        /// What was taken.
        to: Quality,
    },
    /// Drawn in fewer colours.
    ColorsReduced {
        /// The most that a palette has.
        to: u16,
    },
    /// Pixels that hardly change from frame to frame stay as they are.
    ChangesIgnored {
        /// By how much one of a pixel's channels may be wrong, of 256 levels.
        tolerance: u8,
    },
    /// Made smaller than the picture is.
    SideReduced {
        /// The side that it would have.
        from: Side,
        /// The photo's side.
        to: Side,
    },
}

impl Step {
    /// A stable name for logs and `--json`, in `snake_case`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Oriented { .. } => "oriented",
            Self::Cropped { .. } => "cropped",
            Self::Scaled { .. } => "scaled",
            Self::Letterboxed { .. } => "letterboxed",
            Self::ColorsConverted { .. } => "colors_converted",
            Self::Flattened { .. } => "flattened",
            Self::Stilled { .. } => "stilled",
            Self::Thinned { .. } => "thinned",
            Self::DelaysRaised { .. } => "delays_raised",
            Self::ScansMissing { .. } => "scans_missing",
            Self::MetadataRemoved { .. } => "metadata_removed",
            Self::DamageAccepted { .. } => "damage_accepted",
            Self::PassedThrough => "passed_through",
            Self::IndicesKept => "indices_kept",
            Self::BarsApproximated { .. } => "bars_approximated",
            Self::ColorReplaced { .. } => "color_replaced",
            Self::Converted { .. } => "converted",
            Self::EffortRaised { .. } => "effort_raised",
            Self::QualityLowered { .. } => "quality_lowered",
            Self::ColorsReduced { .. } => "colors_reduced",
            Self::ChangesIgnored { .. } => "changes_ignored",
            Self::SideReduced { .. } => "side_reduced",
        }
    }
}
