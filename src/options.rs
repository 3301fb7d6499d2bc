//! What the caller may choose.

use std::num::NonZeroUsize;

use crate::geometry::CropBox;
use crate::limits::Limits;
use crate::probe::Format;

/// What the caller may choose. The default suits an untrusted upload.
///
/// Every value is valid by its type, so building options cannot fail.
///
/// ```
/// use headshot::{Background, Format, Options};
///
/// let options = Options::default()
///     .with_background(Background::Color([255, 255, 255]))
///     .with_format(Some(Format::Png));
/// assert_eq!(options.format(), Some(Format::Png));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    crop: Option<CropBox>,
    background: Background,
    format: Option<Format>,
    quality: Quality,
    effort: Effort,
    animation: Animation,
    upscale: Upscale,
    filter: Filter,
    light: Light,
    dither: Dither,
    damage: Damage,
    max_bytes: Option<u64>,
    threads: Threads,
    limits: Limits,
}

impl Options {
    /// The square to take from the picture, in displayed pixels. Default:
    /// `None`, the whole picture, letterboxed.
    #[must_use]
    pub const fn with_crop(self, crop: CropBox) -> Self {
        Self {
            crop: Some(crop),
            ..self
        }
    }

    /// What fills the bars beside a picture that is not square, and what shows
    /// through where the output can't hold transparency. Default: black.
    #[must_use]
    pub const fn with_background(self, background: Background) -> Self {
        Self { background, ..self }
    }

    /// The output's format. Default: `None`, which follows the input: JPEG to
    /// JPEG, PNG to PNG, animated GIF to GIF, and still GIF to PNG.
    #[must_use]
    pub const fn with_format(self, format: Option<Format>) -> Self {
        Self { format, ..self }
    }

    /// The quality of JPEG output, where pixels have to be compressed anew. A
    /// JPEG that meets all rules keeps those it has. Default: 85.
    #[must_use]
    pub const fn with_quality(self, quality: Quality) -> Self {
        Self { quality, ..self }
    }

    /// What a small file is worth, where a PNG is written. Default:
    /// [`Effort::Balanced`].
    #[must_use]
    pub const fn with_effort(self, effort: Effort) -> Self {
        Self { effort, ..self }
    }

    /// What becomes of an animation. Default: it is kept.
    #[must_use]
    pub const fn with_animation(self, animation: Animation) -> Self {
        Self { animation, ..self }
    }

    /// Whether pictures smaller than the smallest output are enlarged.
    /// Default: they are.
    #[must_use]
    pub const fn with_upscale(self, upscale: Upscale) -> Self {
        Self { upscale, ..self }
    }

    /// How pixels are resampled. Default: [`Filter::Lanczos3`].
    #[must_use]
    pub const fn with_filter(self, filter: Filter) -> Self {
        Self { filter, ..self }
    }

    /// In which light pixels are mixed. Default: [`Light::Encoded`].
    #[must_use]
    pub const fn with_light(self, light: Light) -> Self {
        Self { light, ..self }
    }

    /// What becomes of colours that a palette lacks, of a GIF or of a PNG that has to be
    /// short. Default: [`Dither::Off`].
    ///
    /// ```
    /// use headshot::{Dither, Options};
    ///
    /// let options = Options::default().with_dither(Dither::Ordered);
    /// assert_eq!(options.dither(), Dither::Ordered);
    /// ```
    #[must_use]
    pub const fn with_dither(self, dither: Dither) -> Self {
        Self { dither, ..self }
    }

    /// What becomes of a picture whose pixels are cut short or corrupt. Default:
    /// it is refused.
    #[must_use]
    pub const fn with_damage(self, damage: Damage) -> Self {
        Self { damage, ..self }
    }

    /// The most bytes that the photo may have. Default: `None`, any number up to
    /// what a file may have by default.
    ///
    /// If the photo has more, [`prepare`](crate::prepare) makes it again and gives
    /// up something for it, and [`Photo::steps`](crate::Photo::steps) says what. In
    /// this order, each on top of what stands before:
    ///
    /// | | JPEG | PNG | animated PNG | GIF |
    /// | --- | --- | --- | --- | --- |
    /// | compressed pixels are not taken over, a PNG gets [`Effort::Smallest`] | yes | yes | yes | yes |
    /// | quality | 75, 65, 55, 45 | | | |
    /// | colours of a palette | | 256, 128, 64, 32 | | 128, 64, 32 |
    /// | differences between frames that are left out, in levels of 256 | | | 3, 6, 12 | 3, 6, 12 |
    /// | side | 896, 768, 640, 512 | the same | the same | the same |
    ///
    /// Among these it looks for the first that is short enough by bisection, so that
    /// at most six photos more are made. If none is found, the error is [`Quantity::OutputBytes`](crate::Quantity::OutputBytes).
    /// [`plan`](crate::plan) plans the first, of which nothing is given up, and
    /// [`encode`](crate::encode) refuses it if it is too long.
    ///
    /// ```
    /// use headshot::{Options, prepare};
    ///
    /// let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    /// let few = Options::default().with_max_bytes(Some(10));
    /// assert_eq!(prepare(gif, &few).unwrap_err().reason(), "output_bytes");
    /// ```
    #[must_use]
    pub const fn with_max_bytes(self, max_bytes: Option<u64>) -> Self {
        Self { max_bytes, ..self }
    }

    /// What a picture may cost. Default: [`Limits::default`].
    #[must_use]
    pub const fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// On how many threads of the current rayon pool one picture may be worked
    /// on. The photo is the same with any number. Default: 1, which gets most
    /// photos done in a given time; more get one photo done sooner, if cores are
    /// idle.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    ///
    /// use headshot::Options;
    ///
    /// let two = NonZeroUsize::new(2).unwrap();
    /// assert_eq!(Options::default().with_threads(two).threads(), two);
    /// ```
    #[cfg(feature = "parallel")]
    #[must_use]
    pub const fn with_threads(self, threads: NonZeroUsize) -> Self {
        Self {
            threads: Threads(threads),
            ..self
        }
    }

    /// See [`Options::with_crop`].
    #[must_use]
    pub const fn crop(&self) -> Option<CropBox> {
        self.crop
    }

    /// See [`Options::with_background`].
    #[must_use]
    pub const fn background(&self) -> Background {
        self.background
    }

    /// See [`Options::with_format`].
    #[must_use]
    pub const fn format(&self) -> Option<Format> {
        self.format
    }

    /// See [`Options::with_quality`].
    #[must_use]
    pub const fn quality(&self) -> Quality {
        self.quality
    }

    /// See [`Options::with_effort`].
    #[must_use]
    pub const fn effort(&self) -> Effort {
        self.effort
    }

    /// See [`Options::with_animation`].
    #[must_use]
    pub const fn animation(&self) -> Animation {
        self.animation
    }

    /// See [`Options::with_upscale`].
    #[must_use]
    pub const fn upscale(&self) -> Upscale {
        self.upscale
    }

    /// See [`Options::with_filter`].
    #[must_use]
    pub const fn filter(&self) -> Filter {
        self.filter
    }

    /// See [`Options::with_light`].
    #[must_use]
    pub const fn light(&self) -> Light {
        self.light
    }

    /// See [`Options::with_dither`].
    #[must_use]
    pub const fn dither(&self) -> Dither {
        self.dither
    }

    /// See [`Options::with_damage`].
    #[must_use]
    pub const fn damage(&self) -> Damage {
        self.damage
    }

    /// See [`Options::with_max_bytes`].
    #[must_use]
    pub const fn max_bytes(&self) -> Option<u64> {
        self.max_bytes
    }

    /// On how many threads one picture may be worked on: 1, unless the feature
    /// `parallel` is there to choose otherwise.
    #[must_use]
    pub const fn threads(&self) -> NonZeroUsize {
        self.threads.0
    }

    /// See [`Options::with_limits`].
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Threads(NonZeroUsize);

impl Default for Threads {
    fn default() -> Self {
        Self(NonZeroUsize::MIN)
    }
}

/// What the picture leaves uncovered of the square.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Background {
    /// One opaque colour: red, green and blue in sRGB.
    Color([u8; 3]),
    /// Nothing, where the output can hold that; black in a JPEG.
    Transparent,
}

impl Background {
    /// The colour that an output without transparency shows.
    #[must_use]
    pub const fn opaque(self) -> [u8; 3] {
        match self {
            Self::Color(rgb) => rgb,
            Self::Transparent => [0; 3],
        }
    }

    /// The same as red, green, blue and alpha, not premultiplied.
    #[must_use]
    pub const fn rgba(self) -> [u8; 4] {
        match self {
            Self::Color([r, g, b]) => [r, g, b, 255],
            Self::Transparent => [0; 4],
        }
    }

    /// Whether a picture without colours can hold it.
    #[must_use]
    pub(crate) const fn is_gray(self) -> bool {
        let [r, g, b] = self.opaque();
        r == g && g == b
    }
}

impl Default for Background {
    /// Black, as the service letterboxes: "just like your favorite old
    /// laserdiscs".
    fn default() -> Self {
        Self::Color([0; 3])
    }
}

/// JPEG quality on libjpeg's scale: 1 (smallest) to 100 (best).
///
/// ```
/// use headshot::Quality;
///
/// assert_eq!(Quality::default().get(), 85);
/// assert!(Quality::new(0).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quality(u8);

impl Quality {
    /// The lowest.
    pub const MIN: Self = Self(1);
    /// The highest.
    pub const MAX: Self = Self(100);

    /// A quality, or `None` outside 1..=100.
    #[must_use]
    pub const fn new(quality: u8) -> Option<Self> {
        if quality < Self::MIN.0 || quality > Self::MAX.0 {
            return None;
        }
        Some(Self(quality))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Default for Quality {
    fn default() -> Self {
        Self(85)
    }
}

/// How long it may take to make a PNG small, still or animated. The pixels are the
/// same.
///
/// Of 80 squares of 256 to 1024 pixels, made of real photos, drawings, charts and
/// text, the files were this long in comparison with those of libvips (its default,
/// 21 ms a file), and took so long on the same machine:
///
/// | | all together | longest of all | a file |
/// | --- | --- | --- | --- |
/// | `Fast` | 0.74 | 5.5 | 3 ms |
/// | `Balanced` | 0.69 | 1.0 | 9 ms |
/// | `Smallest` | 0.63 | 1.0 | 260 ms |
///
/// Of an animation, each frame's rectangle is written like a still. Beside the one
/// way for all frames that the crate `png` takes by default, 39 animations of a
/// collection of real ones came to this in all:
///
/// | | bytes | time |
/// | --- | --- | --- |
/// | `Fast` | 1.07 | 0.16 |
/// | `Balanced` | 1.02 | 0.78 |
///
/// Photos alone take an eighth of the time, in 1.05 of the bytes; a recording of a
/// screen takes 0.66 of the bytes with `Balanced`, and 2.9 with `Fast`.
///
/// A JPEG's codes are the best for its picture in any case, and `Quality` is what
/// makes it smaller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Effort {
    /// What compresses photos well. Drawings and text get several times as long as
    /// they need to be.
    Fast,
    /// The same for photos; for pictures in which much repeats, what compresses
    /// those.
    #[default]
    Balanced,
    /// Everything that may help is tried, and the shortest file kept.
    Smallest,
}

impl Effort {
    /// All of them, from the fastest on.
    pub const ALL: [Self; 3] = [Self::Fast, Self::Balanced, Self::Smallest];

    /// A stable name for the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Balanced => "balanced",
            Self::Smallest => "smallest",
        }
    }
}

/// What becomes of an animation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Animation {
    /// All frames are prepared. An output format that holds none (JPEG) gets
    /// the first frame.
    #[default]
    Keep,
    /// The same; but of more frames than [`Limits::frames`] allows, so many are
    /// taken at even distances. Each is shown for the time of those that are left
    /// out after it, too, so that the animation takes as long as before.
    Thin,
    /// The first frame becomes a still.
    Still,
    /// Anything with more than one frame is refused.
    Reject,
}

/// Whether a picture smaller than [`Side::MIN`](crate::Side::MIN) is enlarged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Upscale {
    /// It is, and [`Step::Scaled`](crate::Step::Scaled) says so.
    #[default]
    Allow,
    /// It is refused as too small.
    Forbid,
}

/// What becomes of a picture whose pixels are cut short or corrupt.
///
/// What lies beside the pixels (metadata, further images, the end marker) may be
/// broken or missing in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Damage {
    /// It is refused as truncated or malformed.
    #[default]
    Refuse,
    /// What can be decoded of it is used, and [`Step::DamageAccepted`] says so.
    ///
    /// [`Step::DamageAccepted`]: crate::Step::DamageAccepted
    Accept,
}

/// How a picture is resampled: the filters of `fast_image_resize`, each with its
/// support in pixels of the larger picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Filter {
    /// The nearest pixel, as it is: for pixel art.
    Nearest,
    /// The mean of the pixels that are covered (0.5).
    Box,
    /// Linear interpolation (1).
    Bilinear,
    /// Like bilinear, but as sharp as bicubic (1).
    Hamming,
    /// Cubic, through the pixels (2).
    CatmullRom,
    /// Cubic, between sharp and smooth (2).
    Mitchell,
    /// A bell, blurring a little (3).
    Gaussian,
    /// A windowed sinc: the sharpest (3).
    #[default]
    Lanczos3,
}

impl Filter {
    /// All of them, from the roughest on.
    pub const ALL: [Self; 8] = [
        Self::Nearest,
        Self::Box,
        Self::Bilinear,
        Self::Hamming,
        Self::CatmullRom,
        Self::Mitchell,
        Self::Gaussian,
        Self::Lanczos3,
    ];

    /// A stable name for the command line, in `kebab-case`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Box => "box",
            Self::Bilinear => "bilinear",
            Self::Hamming => "hamming",
            Self::CatmullRom => "catmull-rom",
            Self::Mitchell => "mitchell",
            Self::Gaussian => "gaussian",
            Self::Lanczos3 => "lanczos3",
        }
    }
}

/// What becomes of colours that a GIF's palette lacks. A picture of 256 colours or
/// fewer lacks none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dither {
    /// Each pixel gets the nearest colour of the palette: the least error a pixel and
    /// the smallest files, but bands where colours change slowly.
    #[default]
    Off,
    /// Neighbours get two colours of the palette in turn, so that they are right on
    /// average. The pattern is that of a fixed mask of 8 by 8 pixels over the canvas, so
    /// that it stays where it is from frame to frame, and what doesn't change can be
    /// left out.
    Ordered,
}

/// In which light pixels are mixed when a picture is resampled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Light {
    /// As the samples are encoded: what nearly every program does. Fine bright
    /// detail on dark ground comes out a little too dark.
    #[default]
    Encoded,
    /// As light adds up. Takes all pixels of the source in 16 bits, and several
    /// times the time.
    Linear,
}
