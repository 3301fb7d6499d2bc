//! What a picture may cost.

/// Bounds on what a picture may claim and cost, each checked before the work
/// that it bounds.
///
/// A value equal to its bound is allowed. The service documents no numbers for
/// bytes and frames: these are defaults of ours, chosen to let every ordinary
/// photo through. A still within them takes half a second or so at most. An animation
/// may take as long as its bytes are worth, since what its frames change is bounded by
/// the length of the file; whoever can't wait so long asks for fewer pixels or frames, or
/// stops the job with [`Cancel`](crate::Cancel).
///
/// That, and the scans of a JPEG, are bounded by numbers that no honest file comes near:
/// see [`Quantity::ChangedPixels`](crate::Quantity::ChangedPixels) and
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
}

/// Scans of a JPEG: ten times what encoders write. The standard allows thousands.
pub(crate) const SCANS: u32 = 100;

/// Blocks of all scans of a JPEG together: a second or so of decoding. A photo of 12
/// megapixels in ten scans has 2 million.
pub(crate) const SCAN_BLOCKS: u64 = 1 << 27;

/// Pixels that the frames of an animation may change, in the file or on the canvas, given
/// the length of the file: 48 a byte, and what a MiB may at least. Of 130 honest animations
/// that were collected, the one that changes most, 45 million pixels, may change 50 million.
pub(crate) const fn changed_pixels(file_bytes: u64) -> u64 {
    let worth = if file_bytes > 1 << 20 {
        file_bytes
    } else {
        1 << 20
    };
    worth.saturating_mul(48)
}

/// Pixels that may be drawn on the canvas before the time that it takes counts: half of what
/// a file of a MiB may change, or two seconds in the slowest colours that were found.
pub(crate) const HASTE: u64 = 24 << 20;

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
        }
    }
}
