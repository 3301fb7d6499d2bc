//! What will be done to a picture, decided once and in whole numbers.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

mod memory;
mod savings;
mod squares;
mod steps;
mod ways;

use std::num::NonZeroUsize;

use crate::cancel::Cancel;
use crate::color::{self, ColorSpace};
use crate::error::{Error, Quantity};
use crate::geometry::{Edge, Rect, Side, Size};
use crate::limits;
use crate::options::{
    Animation, Background, Damage, Dither, Effort, Filter, Light, Options, Quality, Upscale,
};
use crate::orientation::Orientation;
use crate::photo::Step;
use crate::probe::{ColorModel, Format, Info, Loops};
use crate::raster::Layout;
use memory::afford;
pub(crate) use savings::{Savings, savings};
use squares::most_of_use;
pub(crate) use squares::{Squares, plan_squares};
use steps::steps;
use ways::{keeps_indices, passes_through, streams};

/// Decides what [`prepare`](crate::prepare) does to a picture.
///
/// The side of the square is the picture's longest edge (of the crop box, or of
/// all that is displayed), brought into [`Side::MIN`]`..=`[`Side::MAX`]. The
/// other edge is scaled by the same factor and rounded half up, but never to 0.
/// The picture is centred; an odd pixel left over goes to the right or to the
/// bottom. A picture whose longest edge is already in the window is not
/// resampled.
///
/// This is pure integer arithmetic on what [`probe`](crate::probe) found: it
/// reads no file, and gives the same answer on every machine.
///
/// # Errors
///
/// [`Error::TooLarge`] and [`Error::TooManyFrames`] if the picture exceeds the
/// limits, [`Error::CropEmpty`] and [`Error::CropOutside`] if the crop box has
/// no pixel or not all of them in the picture, [`Error::TooSmall`] and
/// [`Error::Animated`] if the options forbid what would be needed, and
/// [`Error::Unsupported`] if no decoder handles the file.
///
/// # Examples
///
/// A portrait is centred, with a bar at each side:
///
/// ```
/// # fn portrait() -> Vec<u8> {
/// #     let mut png = Vec::new();
/// #     let mut encoder = png::Encoder::new(&mut png, 600, 800);
/// #     encoder.set_color(png::ColorType::Grayscale);
/// #     encoder.write_header().unwrap().write_image_data(&[0; 600 * 800]).unwrap();
/// #     png
/// # }
/// use headshot::{Options, Rect, plan, probe};
///
/// let info = probe(&portrait())?; // 600x800
/// let plan = plan(&info, &Options::default())?;
/// assert_eq!(plan.side.px(), 800);
/// assert_eq!(plan.picture, Rect { x: 100, y: 0, width: 600, height: 800 });
/// # Ok::<(), headshot::Error>(())
/// ```
pub fn plan(info: &Info, options: &Options) -> Result<Plan, Error> {
    plan_saving(info, options, &Savings::none(options))
}

/// The same, with something given up for a shorter file.
pub(crate) fn plan_saving(
    info: &Info,
    options: &Options,
    savings: &Savings,
) -> Result<Plan, Error> {
    check_claims(info, options)?;
    let cut = cut(info.displayed(), options)?;
    let from = Size::new(cut.width, cut.height)
        .ok_or_else(|| Error::internal("plan")("a picture without pixels was not refused"))?;
    check_enlarging(from, options, savings)?;
    if options.animation() == Animation::Reject && info.is_animated() {
        return Err(Error::Animated {
            frames: info.frames,
        });
    }
    if let Some(feature) = info.unsupported {
        return Err(Error::Unsupported {
            format: info.format,
            feature,
        });
    }

    let animation = match savings.squares {
        Some(_) => Animation::Still,
        None => options.animation(),
    };
    let side = Side::clamped(from.longest()).min(savings.side);
    let square = savings.squares.map(|largest| most_of_use(from, largest));
    let edge = square.unwrap_or(side.into());
    let picture = letterbox(from, edge);
    let format = options
        .format()
        .unwrap_or_else(|| natural_format(info, animation));
    // Nothing is mixed where nothing is resampled.
    let light = if from == picture {
        Light::Encoded
    } else {
        options.light()
    };
    let canvas = canvas_layout(
        info,
        options.background(),
        format,
        light,
        picture != edge.size(),
    );
    let convert_first = info
        .color
        .space
        .as_ref()
        .is_some_and(color::is_far_from_srgb)
        || (needs_conversion(info) && from.longest() < picture.longest());
    let convert_first = convert_first || light == Light::Linear;
    let at_least = info.orientation.displayed(if convert_first {
        from
    } else {
        sharp_enough(from, picture)
    });
    let mut plan = Plan {
        request: Request {
            region: info.orientation.rect_to_stored(cut, info.stored),
            at_least,
            chroma_at_least: match canvas {
                Layout::YCbCr => halved(at_least),
                _ => at_least,
            },
        },
        orientation: info.orientation,
        picture: Rect::from(picture).centred_in(edge),
        side,
        square,
        canvas,
        background: options.background(),
        format,
        quality: savings.quality,
        effort: savings.effort,
        dither: options.dither(),
        colors: savings.colors,
        tolerance: savings.tolerance,
        max_bytes: options.max_bytes(),
        convert_from: info.color.space.clone(),
        convert_first,
        streamed: false,
        filter: options.filter(),
        light,
        damage: options.damage(),
        frames: frames(info, options, animation, format),
        loops: info.loops,
        pass_through: false,
        keep_indices: false,
        threads: options.threads(),
        cancel: Cancel::never(),
        memory_bytes: 0,
        work: options.limits().work,
        steps: Vec::new(),
    };
    plan.pass_through = !savings.anew && passes_through(info, &plan);
    plan.keep_indices = !savings.anew && keeps_indices(info, &plan);
    if plan.pass_through {
        // Nobody looks at the pixels, so as few are made as a decoder can do with.
        plan.request.at_least = Size::SMALLEST;
        plan.request.chroma_at_least = Size::SMALLEST;
    }
    plan.streamed = streams(info, &plan);
    afford(info, &mut plan, options.limits().memory_bytes)?;
    plan.steps = steps(info, options, savings, from, &plan);
    Ok(plan)
}

/// What will be done to a picture. All later stages obey it, and decide nothing.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a decision by itself, for another stage"
)]
pub struct Plan {
    /// What the decoder is asked for, in stored pixels.
    pub request: Request,
    /// How stored pixels have to be turned.
    pub orientation: Orientation,
    /// The edge of the square.
    pub side: Side,
    /// The edge of a square that is no photo, and may be smaller than one.
    pub(crate) square: Option<Edge>,
    /// Where the picture lies on the square; the rest are bars.
    pub picture: Rect,
    /// How the square's pixels are laid out.
    pub canvas: Layout,
    /// What fills the bars.
    pub background: Background,
    /// The output's format.
    pub format: Format,
    /// The quality of JPEG output.
    pub quality: Quality,
    /// What a small file is worth.
    pub effort: Effort,
    /// The most colours of a palette, where bytes have to be saved. Without it, a GIF
    /// has up to 256, and a PNG as many as the picture has, if those fit into a palette.
    pub colors: Option<u16>,
    /// By how much a channel of a pixel may change from one frame to the next before
    /// the pixel is drawn anew. 0 where nothing has to be saved.
    pub tolerance: u8,
    /// The most bytes that the photo may have.
    pub max_bytes: Option<u64>,
    /// What becomes of colours that a palette lacks.
    pub dither: Dither,
    /// The space that colours are converted from; `None` for sRGB, which needs no
    /// conversion.
    pub convert_from: Option<ColorSpace>,
    /// Whether colours are computed of all pixels, before any are mixed, and not
    /// of the picture's alone.
    pub convert_first: bool,
    /// Whether the picture is resampled while its rows are decoded, so that it is
    /// never in memory as a whole.
    pub streamed: bool,
    /// How the picture is resampled.
    pub filter: Filter,
    /// In which light its pixels are mixed.
    pub light: Light,
    /// What becomes of damaged pixels.
    pub damage: Damage,
    /// Frames of the output: 1 for a still.
    pub frames: u32,
    /// How often an animation is played.
    pub loops: Loops,
    /// Whether the file meets all rules as it is, so that no pixel changes. Its pixels are
    /// decoded to prove that they are whole, and written into a new container without metadata:
    /// the scans of a JPEG are Huffman-coded again; the compressed data of a PNG or GIF are copied if
    /// they hold nothing but the pixels.
    pub pass_through: bool,
    /// Whether the frames of a GIF keep their palettes and their pixels' colours:
    /// nothing is resampled, so that they only move to another place, or are cut.
    /// Where a frame shows what is there already, it may leave that out. Compressed
    /// pixels of frames that are not cut stay as they are, unless that makes them
    /// shorter. All colours that are seen stay exactly the same, with one exception.
    ///
    /// Bars are drawn by the first frame, and once more by the next one where a frame that
    /// drew them is cleared away. If all 256 colors of such a frame are in use and the bars'
    /// color is none of them, the bars get the nearest one of them, and no pixel of the
    /// picture changes ([`Step::BarsApproximated`]). The exception is such a frame that also
    /// leaves pixels of the picture uncovered and has no transparent color: one color has to
    /// leave its index to them. The pixels of the color that is missed least get the nearest
    /// other one ([`Step::ColorReplaced`]).
    pub keep_indices: bool,
    /// Threads that work on the picture. The photo is the same with any number.
    pub threads: NonZeroUsize,
    /// What may stop the work. [`plan`] leaves it at [`Cancel::never`].
    pub cancel: Cancel,
    /// Estimate of the memory that the work takes, in bytes.
    pub memory_bytes: u64,
    /// The most work that may be done: see [`Limits::work`](crate::Limits::work).
    pub work: u64,
    /// What will be done, in order.
    pub steps: Vec<Step>,
}

impl Plan {
    /// The same work, which this may stop.
    #[must_use]
    pub(crate) fn until(self, cancel: &Cancel) -> Self {
        Self {
            cancel: cancel.clone(),
            ..self
        }
    }

    /// The edge of the square, be it a photo or not.
    pub(crate) fn edge(&self) -> Edge {
        self.square.unwrap_or(self.side.into())
    }

    /// The size at which planes become whole pixels: that of the picture, or of
    /// all of the region where colours are computed before pixels are mixed.
    pub(crate) fn mixed(&self) -> Size {
        if self.convert_first {
            self.request.region.size().unwrap_or(self.request.at_least)
        } else {
            self.stored_picture()
        }
    }

    /// The size of the picture on the canvas before it is turned.
    pub(crate) fn stored_picture(&self) -> Size {
        let picture = self.picture.size().unwrap_or(self.edge().size());
        self.orientation.displayed(picture)
    }
}

/// What a decoder is asked for: at least so many pixels of this rectangle.
///
/// A decoder that can shrink while it decodes may hand out fewer pixels than
/// are stored, as long as the region keeps `at_least` of them in both
/// directions; one that can crop may leave out what lies outside. Each
/// [`Plane`](crate::Plane) says where the region lies in what came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The wanted part of the picture, in stored pixels.
    pub region: Rect,
    /// How many pixels of it are of use: what the picture will have and half as
    /// many again along each edge, or all. More than the region has where the
    /// picture will be enlarged.
    pub at_least: Size,
    /// The same for samples of colour differences, where those are stored apart.
    pub chroma_at_least: Size,
}

pub(crate) fn at_most(quantity: Quantity, measured: u64, limit: u64) -> Result<(), Error> {
    if measured > limit {
        return Err(Error::TooLarge {
            quantity,
            measured,
            limit,
        });
    }
    Ok(())
}

/// Holds what the file claims against the limits.
fn check_claims(info: &Info, options: &Options) -> Result<(), Error> {
    let limits = options.limits();
    at_most(Quantity::FileBytes, info.file_bytes, limits.file_bytes)?;
    at_most(
        Quantity::Edge,
        info.stored.longest().into(),
        limits.edge.into(),
    )?;
    let pixels = info.stored.pixels().max(info.largest_frame);
    at_most(Quantity::Pixels, pixels, limits.pixels)?;
    let thins = options.animation() == Animation::Thin && limits.frames > 0;
    if info.frames > limits.frames && !thins {
        return Err(Error::TooManyFrames {
            frames: info.frames,
            limit: limits.frames,
        });
    }
    if info.is_animated() {
        at_most(
            Quantity::AnimationPixels,
            info.pixels(),
            limits.animation_pixels,
        )?;
    }
    at_most(Quantity::Scans, info.scans.into(), limits::SCANS.into())?;
    at_most(Quantity::ScanBlocks, info.scan_blocks, limits::SCAN_BLOCKS)?;
    let profile_bytes = info.color.profile.as_ref().map_or(0, |p| p.bytes);
    at_most(Quantity::Metadata, profile_bytes, limits.metadata_bytes)
}

/// The part of the displayed picture that is taken.
fn cut(displayed: Size, options: &Options) -> Result<Rect, Error> {
    match options.crop() {
        None => Ok(Rect::covering(displayed)),
        Some(crop) if crop.width == 0 => Err(Error::CropEmpty { crop }),
        Some(crop) if !crop.rect().lies_in(displayed) => Err(Error::CropOutside {
            crop,
            size: displayed,
        }),
        Some(crop) => Ok(crop.rect()),
    }
}

/// Refuses a picture that would have to be enlarged, where that is forbidden.
fn check_enlarging(from: Size, options: &Options, savings: &Savings) -> Result<(), Error> {
    let largest = savings.squares.map_or(Side::MIN.px(), Edge::px);
    let minimum = Side::clamped(largest);
    if options.upscale() == Upscale::Forbid && from.longest() < minimum.px() {
        return Err(Error::TooSmall {
            size: from,
            minimum,
        });
    }
    Ok(())
}

/// The size of the picture on a canvas that its longest edge fills.
fn letterbox(from: Size, edge: Edge) -> Size {
    let longest = u64::from(from.longest());
    let scaled = |px: u32| {
        let scaled = u64::from(px).saturating_mul(edge.px().into());
        // The longest edge of a size is never 0.
        let rounded = scaled.saturating_add(longest / 2).checked_div(longest);
        // At most `edge`, since no edge is longer than the longest; never 0, so
        // that a line stays visible.
        rounded
            .and_then(|px| u32::try_from(px).ok())
            .unwrap_or(edge.px())
            .max(1)
    };
    Size::new(scaled(from.width()), scaled(from.height())).unwrap_or(edge.size())
}

/// Whether colours have to be computed: from a profile, or from inks.
fn needs_conversion(info: &Info) -> bool {
    info.color.space.is_some() || matches!(info.color.model, ColorModel::Cmyk | ColorModel::Ycck)
}

/// How many pixels a decoder that shrinks must leave of `from`: half as many again
/// as the picture will have along each edge. A JPEG shrunk to nearly the final
/// size is soft, since too little is left for Lanczos to do: three photos that came
/// within 14% of it had 36, 37 and 40 dB against Pillow's, and have 52, 49 and 51
/// with half as many again.
fn sharp_enough(from: Size, picture: Size) -> Size {
    let edge =
        |from: u32, picture: u32| picture.max(from.min(picture.saturating_mul(3).div_ceil(2)));
    Size::new(
        edge(from.width(), picture.width()),
        edge(from.height(), picture.height()),
    )
    .unwrap_or(from)
}

/// The size of chroma planes at half the resolution, rounded up.
fn halved(size: Size) -> Size {
    Size::new(size.width().div_ceil(2), size.height().div_ceil(2)).unwrap_or(size)
}

impl From<Size> for Rect {
    fn from(size: Size) -> Self {
        Self::covering(size)
    }
}

impl Rect {
    /// The rectangle moved to the middle of a square that it fits into; an odd
    /// pixel goes to the right or to the bottom.
    fn centred_in(self, edge: Edge) -> Self {
        Self {
            x: edge.px().saturating_sub(self.width) / 2,
            y: edge.px().saturating_sub(self.height) / 2,
            ..self
        }
    }
}

/// How many frames the photo has.
fn frames(info: &Info, options: &Options, animation: Animation, format: Format) -> u32 {
    match animation {
        _ if format == Format::Jpeg => 1,
        Animation::Keep => info.frames,
        Animation::Thin => info.frames.min(options.limits().frames),
        Animation::Still | Animation::Reject => 1,
    }
}

fn natural_format(info: &Info, animation: Animation) -> Format {
    match info.format {
        Format::Gif if !info.is_animated() || animation == Animation::Still => Format::Png,
        format => format,
    }
}

/// The cheapest layout that holds the picture, and the bars if there are any.
fn canvas_layout(
    info: &Info,
    background: Background,
    format: Format,
    light: Light,
    bars: bool,
) -> Layout {
    let gray = info.color.model == ColorModel::Gray && (!bars || background.is_gray());
    let alpha = info.color.alpha || (bars && background == Background::Transparent);
    match format {
        // The writer of GIF chooses palettes from colours with alpha.
        Format::Gif => Layout::Rgba,
        Format::Jpeg if gray => Layout::Gray,
        // Planes all the way: no colour is ever computed.
        Format::Jpeg
            if info.color.model == ColorModel::YCbCr
                && info.color.space.is_none()
                && light == Light::Encoded =>
        {
            Layout::YCbCr
        }
        Format::Jpeg => Layout::Rgb,
        Format::Png => match (gray, alpha) {
            (true, false) => Layout::Gray,
            (true, true) => Layout::GrayAlpha,
            (false, false) => Layout::Rgb,
            (false, true) => Layout::Rgba,
        },
    }
}
