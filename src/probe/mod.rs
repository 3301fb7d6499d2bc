//! What a file is, from its headers alone.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod cover;
mod exif;
mod gif;
mod icc;
mod jpeg;
mod png;
mod png_color;
mod scans;

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use crate::color::ColorSpace;
use crate::container::frame::Frame;
use crate::error::{Error, Quantity};
use crate::geometry::Size;
use crate::orientation::Orientation;

/// Reads what a file is, and decodes no pixel.
///
/// The format comes from the bytes, never from a name. The cost is one walk
/// over the file's segments, chunks or blocks: microseconds for a photo, less
/// than a millisecond for a long animation. What a file *claims* is not limited
/// here, only reported; [`plan`](crate::plan) holds it against the limits.
///
/// # Errors
///
/// [`Error::UnknownFormat`], [`Error::Malformed`] or [`Error::Truncated`] if
/// the headers don't say what the picture is, and [`Error::TooLarge`] if an edge
/// is above [`Size::MAX_EDGE`].
///
/// # Examples
///
/// ```
/// use headshot::{ColorModel, Format, Size, probe};
///
/// // The smallest GIF: one pixel.
/// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// let info = probe(gif)?;
/// assert_eq!(info.format, Format::Gif);
/// assert_eq!(info.displayed(), Size::new(1, 1).unwrap());
/// assert_eq!(info.frames, 1);
/// assert_eq!(info.color.model, ColorModel::Palette);
/// # Ok::<(), headshot::Error>(())
/// ```
pub fn probe(bytes: &[u8]) -> Result<Info, Error> {
    match Format::sniff(bytes).ok_or(Error::UnknownFormat)? {
        Format::Jpeg => jpeg::probe(bytes),
        Format::Png => png::probe(bytes),
        Format::Gif => gif::probe(bytes),
    }
}

/// A kind of file that goes in and comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG (W3C PNG, third edition), still or animated.
    Png,
    /// GIF (GIF89a), still or animated.
    Gif,
}

impl Format {
    /// Tells the format by the first bytes.
    ///
    /// ```
    /// use headshot::Format;
    ///
    /// assert_eq!(Format::sniff(b"GIF89a..."), Some(Format::Gif));
    /// assert_eq!(Format::sniff(b"<svg>"), None);
    /// ```
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            _ => None,
        }
    }

    /// The media type, such as `image/jpeg`.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
        }
    }

    /// Whether `name` is a media type or a file name's extension of this format,
    /// in whatever case.
    ///
    /// ```
    /// use headshot::Format;
    ///
    /// assert!(Format::Jpeg.is_called("JPEG") && Format::Png.is_called("image/png"));
    /// assert!(!Format::Gif.is_called("png"));
    /// ```
    #[must_use]
    pub fn is_called(self, name: &str) -> bool {
        let names: &[&str] = match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif", "mpo", "image/jpg"],
            Self::Png => &["apng", "image/apng"],
            Self::Gif => &[],
        };
        [self.extension(), self.media_type()]
            .iter()
            .chain(names)
            .any(|known| known.eq_ignore_ascii_case(name))
    }

    /// The usual extension of a file name, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
        })
    }
}

/// What [`probe`] found.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of a report"
)]
#[non_exhaustive]
pub struct Info {
    /// What the bytes are, whatever the file is called.
    pub format: Format,
    /// Length of the file.
    pub file_bytes: u64,
    /// Width and height as stored.
    pub stored: Size,
    /// How the stored pixels have to be turned to be seen upright.
    pub orientation: Orientation,
    /// How colours are stored.
    pub color: Color,
    /// Progressive JPEG, Adam7 PNG, or interlaced GIF (its first frame).
    pub interlaced: bool,
    /// Frames of an animation, counted; 1 for a still.
    pub frames: u32,
    /// Time that the animation takes once through, as browsers play it: a frame
    /// shown for 10 ms or less counts 100 ms. Zero for a still.
    pub duration: Duration,
    /// Frames whose delay is 10 ms or less, and is played as 100 ms.
    pub short_delays: u32,
    /// How often the animation is played.
    pub loops: Loops,
    /// Personal and other data beside the picture.
    pub metadata: Metadata,
    /// Further images behind the first (MPO), such as a preview.
    pub extra_images: u32,
    /// Whether a gain map (Ultra HDR, ISO 21496-1) goes with the picture.
    pub gain_map: bool,
    /// Whether the end marker (EOI, IEND, trailer) is there.
    pub terminated: bool,
    /// Coefficients of a progressive JPEG that no scan sends to the last bit, of 64 for each
    /// component: its scans end early, and it is blurred or coarse. 0 for a file whose scans are
    /// complete, and for all other files.
    pub unsent_coefficients: u32,
    /// Bytes after the end of the picture, extra images included.
    pub trailing_bytes: u64,
    /// Whether an animated PNG has a picture for viewers that show no animations,
    /// which is none of its frames.
    pub default_image_apart: bool,
    /// A feature of the file that no decoder of this crate handles, such as
    /// "arithmetic coding".
    pub unsupported: Option<&'static str>,
    /// The frame header of a JPEG.
    pub(crate) frame: Option<Frame>,
    /// Scans of a JPEG, and the blocks in all of them.
    pub(crate) scans: u32,
    pub(crate) scan_blocks: u64,
    /// Whether each scan sends what is not known yet, in an order that the standard allows.
    pub(crate) scans_are_due: bool,
    /// Pixels of the largest frame of a GIF, which may be larger than the canvas.
    pub(crate) largest_frame: u64,
    /// Pixels of all frames of a GIF as they are stored.
    pub(crate) frames_pixels: u64,
}

impl Info {
    /// Width and height as a person sees the picture.
    #[must_use]
    pub const fn displayed(&self) -> Size {
        self.orientation.displayed(self.stored)
    }

    /// Whether there is more than one frame.
    #[must_use]
    pub const fn is_animated(&self) -> bool {
        self.frames > 1
    }

    /// Pixels of all frames together: the estimated cost of decoding it whole.
    ///
    /// Frames count as many as the canvas has, or as they have themselves, if those
    /// of a GIF have more.
    #[must_use]
    pub const fn pixels(&self) -> u64 {
        let shown = self.stored.pixels().saturating_mul(self.frames as u64);
        if self.frames_pixels > shown {
            self.frames_pixels
        } else {
            shown
        }
    }

    /// A still with the usual values, for the probes to fill in.
    fn still(format: Format, bytes: &[u8], stored: Size, color: Color) -> Self {
        Self {
            format,
            file_bytes: bytes.len() as u64,
            stored,
            orientation: Orientation::Upright,
            color,
            interlaced: false,
            frames: 1,
            duration: Duration::ZERO,
            short_delays: 0,
            loops: Loops::Times(NonZeroU32::MIN),
            metadata: Metadata::default(),
            extra_images: 0,
            gain_map: false,
            terminated: false,
            unsent_coefficients: 0,
            trailing_bytes: 0,
            default_image_apart: false,
            unsupported: None,
            frame: None,
            scans: 0,
            scan_blocks: 0,
            scans_are_due: true,
            largest_frame: 0,
            frames_pixels: 0,
        }
    }
}

/// How colours are stored.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Color {
    /// The model.
    pub model: ColorModel,
    /// Bits of a sample, or of an index into the palette.
    pub bit_depth: u8,
    /// Whether some pixel may be transparent.
    pub alpha: bool,
    /// The embedded ICC profile, if there is one, whether it is of use or not.
    pub profile: Option<Profile>,
    /// The space that the samples are to be converted from; `None` if that is
    /// sRGB, said or assumed.
    pub space: Option<ColorSpace>,
}

/// What the samples of a pixel stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColorModel {
    /// One sample: luminance.
    Gray,
    /// Red, green, blue.
    Rgb,
    /// An index into a palette of RGB colours.
    Palette,
    /// Luma and two colour differences (JFIF).
    YCbCr,
    /// Inks: cyan, magenta, yellow, black.
    Cmyk,
    /// CMYK with the first three inks as luma and differences (Adobe).
    Ycck,
}

impl ColorModel {
    /// A stable name for logs and `--json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gray => "gray",
            Self::Rgb => "rgb",
            Self::Palette => "palette",
            Self::YCbCr => "ycbcr",
            Self::Cmyk => "cmyk",
            Self::Ycck => "ycck",
        }
    }
}

/// An embedded ICC profile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// Its description, such as "Display P3"; `None` if it has none that can be
    /// read.
    pub name: Option<String>,
    /// Its length, inflated.
    pub bytes: u64,
}

/// How often an animation is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loops {
    /// Without end.
    Forever,
    /// That many times in all.
    Times(NonZeroU32),
}

/// What a file tells besides its picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of a report"
)]
#[non_exhaustive]
pub struct Metadata {
    /// Bytes of all of it as stored, the ICC profile left out.
    pub bytes: u64,
    /// Camera data (JPEG APP1, PNG eXIf).
    pub exif: bool,
    /// A place on earth, within the EXIF data.
    pub gps: bool,
    /// XMP packets.
    pub xmp: bool,
    /// Photoshop resources, which hold IPTC captions (JPEG APP13).
    pub iptc: bool,
    /// Comments and text chunks.
    pub text: bool,
    /// Blocks of vendors, previews and the like.
    pub other: bool,
}

impl Metadata {
    fn count(&mut self, data: &[u8]) {
        self.bytes = self.bytes.saturating_add(data.len() as u64);
    }
}

/// The size, if this crate handles pictures of that size at all.
fn size(format: Format, width: u32, height: u32, offset: usize) -> Result<Size, Error> {
    match Size::new(width, height) {
        Some(size) => Ok(size),
        None if width == 0 || height == 0 => {
            Err(Error::malformed(format, "picture without pixels", offset))
        }
        None => Err(Error::TooLarge {
            quantity: Quantity::Edge,
            measured: width.max(height).into(),
            limit: Size::MAX_EDGE.into(),
        }),
    }
}

/// Sums up the delays of frames the way browsers play them.
#[derive(Default)]
struct Delays {
    total: Duration,
    raised: u32,
}

impl Delays {
    fn add(&mut self, delay: Duration) {
        let played = played(delay);
        self.raised = self.raised.saturating_add((played != delay).into());
        self.total = self.total.saturating_add(played);
    }
}

/// How long a frame is really shown: browsers take 10 ms and less for a
/// mistake of the maker and show the frame for 100 ms (WebKit bug 36082, and
/// alike in Firefox and Chromium). They cut delays to whole milliseconds first.
pub(crate) fn played(delay: Duration) -> Duration {
    if delay < Duration::from_millis(11) {
        Duration::from_millis(100)
    } else {
        delay
    }
}
