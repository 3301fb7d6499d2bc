//! PNG through the crate `png`.

use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use super::indexed::Indexed;
use super::repeats::repeat;
use crate::error::Error;
use crate::geometry::Size;
use crate::options::Effort;
use crate::plan::Plan;
use crate::raster::{Frame, Layout};

pub(super) fn still(frame: &Frame<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let (samples, size) = (samples(frame), plan.edge().size());
    let Some(most) = plan.colors else {
        return write(samples, size, plan, Ways::of(samples, size, plan.effort));
    };
    let indexed = Indexed::new(samples, plan, most)?;
    let ways = Ways::of(&indexed.indices, size, plan.effort);
    shortest(&indexed.indices, size, plan, ways, &|encoder| {
        indexed.describe(encoder);
    })
}

/// In how many ways a picture is compressed, of which the shortest is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ways {
    /// The quick one.
    One,
    /// Those that suit drawings, too.
    Some,
    All,
}

impl Ways {
    /// Those for these samples.
    pub(super) fn of(samples: &[u8], size: Size, effort: Effort) -> Self {
        let stride = samples.len() / size.height() as usize;
        match effort {
            Effort::Fast => Self::One,
            Effort::Balanced if repeat(samples, stride) => Self::Some,
            Effort::Balanced => Self::One,
            Effort::Smallest => Self::All,
        }
    }
}

/// Writes a picture of the canvas's layout, be it the whole canvas or a part of it, in
/// the shortest of so many ways.
pub(super) fn write(samples: &[u8], size: Size, plan: &Plan, ways: Ways) -> Result<Vec<u8>, Error> {
    shortest(samples, size, plan, ways, &|encoder| {
        encoder.set_color(match plan.canvas {
            Layout::Gray => ColorType::Grayscale,
            Layout::GrayAlpha => ColorType::GrayscaleAlpha,
            Layout::Rgba => ColorType::Rgba,
            _ => ColorType::Rgb,
        });
    })
}

/// Tells the encoder what samples of 8 bits mean.
type Describe<'a> = &'a dyn Fn(&mut Encoder<'_, &mut Vec<u8>>);

fn shortest(
    samples: &[u8],
    size: Size,
    plan: &Plan,
    ways: Ways,
    describe: Describe<'_>,
) -> Result<Vec<u8>, Error> {
    let one = |compression, filter| {
        plan.cancel.look()?;
        one(samples, size, describe, compression, filter)
    };
    let fast = one(Compression::Fast, Filter::Adaptive)?;
    if ways == Ways::One {
        return Ok(fast);
    }
    let unfiltered = one(Compression::Balanced, Filter::NoFilter)?;
    let filters_help = fast.len() < 2 * unfiltered.len();
    let mut best = shorter(fast, unfiltered);
    if filters_help || ways == Ways::All {
        best = shorter(best, one(Compression::Balanced, Filter::Adaptive)?);
    }
    if ways == Ways::All {
        best = shorter(best, one(Compression::High, Filter::NoFilter)?);
        best = shorter(best, one(Compression::High, Filter::Adaptive)?);
    }
    Ok(best)
}

fn one(
    samples: &[u8],
    size: Size,
    describe: Describe<'_>,
    compression: Compression,
    filter: Filter,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, size.width(), size.height());
    encoder.set_depth(BitDepth::Eight);
    describe(&mut encoder);
    encoder.set_compression(compression);
    encoder.set_filter(filter);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(samples)?;
            writer.finish()
        })
        .map_err(Error::internal("encode"))?;
    Ok(bytes)
}

/// The shorter file, the first one of two that are as long as each other.
fn shorter(one: Vec<u8>, other: Vec<u8>) -> Vec<u8> {
    if other.len() < one.len() { other } else { one }
}

pub(super) fn samples<'a>(frame: &Frame<'a>) -> &'a [u8] {
    let plane = frame.raster.planes.first();
    plane.map_or(&[], |plane| &plane.samples)
}
