//! The options of `prepare`, as typed. `examples/time.rs` takes the same.

use clap::Args;
use headshot::{
    Animation, CropBox, Damage, Dither, Effort, Filter, Format, Light, Limits, Options, Side,
    Upscale,
};

use crate::values::{self, Bytes, Value};

/// Every default is the library's own.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(crate) struct PrepareOptions {
    /// Take this square instead of the whole picture: left, top and width in
    /// pixels of the picture as it is seen
    ///
    /// The origin is the top left corner. A square that isn't wholly inside the
    /// picture is refused. Without this option, the whole picture is taken, and
    /// letterboxed if it isn't square.
    #[arg(long, value_name = "X,Y,W", value_parser = values::crop)]
    #[arg(allow_hyphen_values = true, help_heading = "Picture")]
    crop: Option<CropBox>,

    /// Colour beside a picture that isn't square: `black`, `white`,
    /// `transparent` or `#rrggbb`
    ///
    /// It also shows through transparent pixels where the output can't hold
    /// them. Quote the `#`, or leave it out.
    #[arg(long, value_name = "COLOUR", default_value_t = Value(Options::default().background()))]
    #[arg(help_heading = "Picture")]
    background: Value<headshot::Background>,

    /// Format of the photo
    #[arg(long, value_name = "FORMAT", default_value_t = Value(Options::default().format()))]
    #[arg(value_enum, help_heading = "Picture")]
    format: Value<Option<Format>>,

    #[arg(long, value_name = "N", default_value_t = Value(Options::default().quality()))]
    #[arg(help_heading = "Picture", help = values::quality_help())]
    quality: Value<headshot::Quality>,

    /// How long it may take to make a PNG small
    #[arg(long, value_name = "EFFORT", default_value_t = Value(Options::default().effort()))]
    #[arg(value_enum, help_heading = "Picture")]
    effort: Value<Effort>,

    /// Most bytes of the photo; as a number, or with KiB, MiB or GiB
    ///
    /// A photo that is longer is made again, at a lower quality, in fewer colours or
    /// smaller, as much as it takes. If nothing helps, it is refused.
    #[arg(long, value_name = "BYTES", help_heading = "Picture")]
    max_bytes: Option<Bytes>,

    /// What becomes of an animation
    #[arg(long, value_name = "MODE", default_value_t = Value(Options::default().animation()))]
    #[arg(value_enum, help_heading = "Picture")]
    animation: Value<Animation>,

    #[arg(long, help_heading = "Picture")]
    #[arg(help = format!(
        "Refuse a picture whose longest edge is below {} pixels, instead of enlarging it",
        Side::MIN
    ))]
    no_upscale: bool,

    /// How pixels are resampled
    #[arg(long, value_name = "FILTER", default_value_t = Value(Options::default().filter()))]
    #[arg(value_enum, help_heading = "Picture")]
    filter: Value<Filter>,

    /// Mix pixels as light adds up, not as samples are encoded: slower, and fine
    /// bright detail keeps its brightness
    #[arg(long, help_heading = "Picture")]
    linear_light: bool,

    /// Mix colours that a GIF's palette lacks out of neighbouring pixels, where they
    /// would make bands
    #[arg(long, help_heading = "Picture")]
    dither: bool,

    /// Use what is left of a picture whose pixels are cut short or corrupt,
    /// instead of refusing it
    #[arg(long, help_heading = "Picture")]
    accept_damage: bool,

    /// Threads that work on one picture; the photo is the same with any number
    #[cfg(feature = "parallel")]
    #[arg(long, value_name = "N", default_value_t = Options::default().threads())]
    #[arg(help_heading = "Work")]
    threads: std::num::NonZeroUsize,

    #[command(flatten)]
    limits: LimitOptions,
}

#[expect(clippy::struct_field_names, reason = "the names of the options")]
#[derive(Args, Debug)]
#[command(next_help_heading = "Limits (a picture above one is refused)")]
struct LimitOptions {
    /// Bytes of the file; as a number, or with KiB, MiB or GiB
    #[arg(long, value_name = "BYTES", default_value_t = Bytes(Limits::default().file_bytes))]
    max_file_bytes: Bytes,

    /// Pixels of the longer edge
    #[arg(long, value_name = "N", default_value_t = Limits::default().edge)]
    max_edge: u32,

    /// Pixels of one frame, width times height
    #[arg(long, value_name = "N", default_value_t = Limits::default().pixels)]
    max_pixels: u64,

    /// Frames of an animation
    #[arg(long, value_name = "N", default_value_t = Limits::default().frames)]
    max_frames: u32,

    /// Pixels of all frames of an animation together
    #[arg(long, value_name = "N", default_value_t = Limits::default().animation_pixels)]
    max_animation_pixels: u64,

    /// Bytes of metadata that must be read to show the picture, inflated
    #[arg(long, value_name = "BYTES", default_value_t = Bytes(Limits::default().metadata_bytes))]
    max_metadata: Bytes,

    /// Bytes of memory that a picture may take, as estimated from its headers
    #[arg(long, value_name = "BYTES", default_value_t = Bytes(Limits::default().memory_bytes))]
    max_memory: Bytes,

    /// Units of work on an animation, each about a nanosecond
    #[arg(long, value_name = "N", default_value_t = Limits::default().work)]
    max_work: u64,
}

impl From<&PrepareOptions> for Options {
    fn from(typed: &PrepareOptions) -> Self {
        let options = Self::default()
            .with_background(typed.background.0)
            .with_format(typed.format.0)
            .with_quality(typed.quality.0)
            .with_effort(typed.effort.0)
            .with_max_bytes(typed.max_bytes.map(|bytes| bytes.0))
            .with_animation(typed.animation.0)
            .with_filter(typed.filter.0)
            .with_limits(Limits::from(&typed.limits));
        let options = match typed.crop {
            Some(crop) => options.with_crop(crop),
            None => options,
        };
        let options = if typed.no_upscale {
            options.with_upscale(Upscale::Forbid)
        } else {
            options
        };
        let options = if typed.linear_light {
            options.with_light(Light::Linear)
        } else {
            options
        };
        let options = if typed.dither {
            options.with_dither(Dither::Ordered)
        } else {
            options
        };
        #[cfg(feature = "parallel")]
        let options = options.with_threads(typed.threads);
        if typed.accept_damage {
            options.with_damage(Damage::Accept)
        } else {
            options
        }
    }
}

impl From<&LimitOptions> for Limits {
    fn from(typed: &LimitOptions) -> Self {
        Self {
            file_bytes: typed.max_file_bytes.0,
            edge: typed.max_edge,
            pixels: typed.max_pixels,
            frames: typed.max_frames,
            animation_pixels: typed.max_animation_pixels,
            metadata_bytes: typed.max_metadata.0,
            memory_bytes: typed.max_memory.0,
            work: typed.max_work,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use headshot::{Background, Quality};

    use super::*;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        options: PrepareOptions,
    }

    fn parse(line: &str) -> Options {
        let words = std::iter::once("test").chain(line.split_whitespace());
        Options::from(&Only::try_parse_from(words).unwrap().options)
    }

    #[test]
    fn nothing_typed_is_the_librarys_default() {
        assert_eq!(parse(""), Options::default());
    }

    #[test]
    fn each_option_reaches_its_place() {
        let crop = CropBox {
            x: 1,
            y: 2,
            width: 3,
        };
        let limits = Limits {
            file_bytes: 1,
            edge: 2,
            pixels: 3,
            frames: 4,
            animation_pixels: 5,
            metadata_bytes: 6 << 10,
            memory_bytes: 7 << 20,
            work: 8,
        };
        assert_eq!(
            parse(
                "--crop 1,2,3 --background #0a0b0c --format gif --quality 7 --effort smallest --max-bytes 8KiB --animation still \
                 --no-upscale --filter mitchell --linear-light --dither --accept-damage --max-file-bytes 1 --max-edge 2 --max-pixels 3 --max-frames 4 \
                 --max-animation-pixels 5 --max-metadata 6KiB --max-memory 7MiB --max-work 8"
            ),
            Options::default()
                .with_crop(crop)
                .with_background(Background::Color([10, 11, 12]))
                .with_format(Some(Format::Gif))
                .with_quality(Quality::new(7).unwrap())
                .with_effort(Effort::Smallest)
                .with_max_bytes(Some(8 << 10))
                .with_animation(Animation::Still)
                .with_upscale(Upscale::Forbid)
                .with_filter(Filter::Mitchell)
                .with_light(Light::Linear)
                .with_dither(Dither::Ordered)
                .with_damage(Damage::Accept)
                .with_limits(limits)
        );
    }
}
