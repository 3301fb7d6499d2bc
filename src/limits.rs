//! What a picture may cost.

/// Bounds on what a picture may claim and cost, each checked before the work
/// that it bounds.
///
/// A value equal to its bound is allowed. The service documents no numbers for
/// bytes and frames: these are defaults of ours, chosen to let every ordinary
/// photo through. A still within them takes half a second or so at most. An animation
/// takes some seconds at most, and more only if it has many bytes of compressed pixels:
/// see [`Limits::work`]. To bound the time itself, stop the job with
/// [`Cancel`](crate::Cancel).
///
/// The scans of a JPEG are bounded by numbers far above those of real files: see
/// [`Quantity::Scans`](crate::Quantity::Scans).
///
/// ```
/// use headshot::{Limits, Options};
///
/// let strict = Limits { frames: 1, ..Limits::default() };
/// let options = Options::default().with_limits(strict);
/// assert_eq!(options.limits().frames, 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file. Default: 32 MiB.
    pub file_bytes: u64,
    /// Pixels of the longer edge. Default: 16 384.
    pub edge: u32,
    /// Pixels of one frame, width times height. Default: 100 million.
    pub pixels: u64,
    /// Frames of an animation. Default: 500.
    pub frames: u32,
    /// Pixels of all frames of an animation together. Default: 400 million.
    pub animation_pixels: u64,
    /// Bytes of the metadata that have to be read to show the picture (EXIF
    /// and ICC profile), inflated. Default: 4 MiB, since profiles of CMYK presses have
    /// up to 2.5 MB. Metadata that is merely skipped costs nothing and isn't counted.
    pub metadata_bytes: u64,
    /// Bytes of working memory: decoded samples, canvas and output, as
    /// estimated by [`plan`](crate::plan). Default: 256 MiB. What the frames of an
    /// animation compress to can't be foreseen and isn't in it; the photo is refused
    /// once that is more than the default of [`Limits::file_bytes`] or than
    /// [`Options::with_max_bytes`](crate::Options::with_max_bytes).
    pub memory_bytes: u64,
    /// Units of work on the frames of a GIF or of an animation. Default: 2.5 billion, and as
    /// much again for each 16 MiB of compressed pixels that are decoded.
    ///
    /// A unit is about a nanosecond of one thread. What is counted is the work that is
    /// done: pixels that are decoded, resampled, drawn because they differ from the frame
    /// before, and coded. So it depends on the file and the options alone, and not on the
    /// machine. Frames and pixels that [`Animation`](crate::Animation) or a crop box leaves
    /// out cost nothing.
    pub work: u64,
}

/// Scans of a JPEG: ten times what encoders write. The standard allows thousands.
pub(crate) const SCANS: u32 = 100;

/// Blocks of all scans of a JPEG together: a second or so of decoding. A photo of 12
/// megapixels in ten scans has 2 million.
pub(crate) const SCAN_BLOCKS: u64 = 1 << 27;

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 32 << 20,
            edge: 16_384,
            pixels: 100_000_000,
            frames: 500,
            animation_pixels: 400_000_000,
            metadata_bytes: 4 << 20,
            memory_bytes: 256 << 20,
            work: 2_500_000_000,
        }
    }
}
