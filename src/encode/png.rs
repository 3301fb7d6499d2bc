//! PNG through the crate `png`.

use std::io::Write;

use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use super::indexed::Indexed;
use super::repeats::repeat;
use crate::error::Error;
use crate::options::Effort;
use crate::plan::Plan;
use crate::raster::{Frame, Layout};

pub(super) fn still(frame: &Frame<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let indexed = (plan.colors).map(|most| Indexed::new(samples(frame), plan.canvas, most));
    let samples = match &indexed {
        Some(indexed) => &indexed.indices,
        None => samples(frame),
    };
    let write = |compression, filter| -> Result<Vec<u8>, Error> {
        plan.cancel.look()?;
        let mut bytes = Vec::new();
        let mut encoder = encoder(&mut bytes, plan);
        if let Some(indexed) = &indexed {
            indexed.describe(&mut encoder);
        }
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
    };
    let fast = write(Compression::Fast, Filter::Adaptive)?;
    let stride = samples.len() / plan.side.px() as usize;
    let is_enough = match plan.effort {
        Effort::Fast => true,
        Effort::Balanced => !repeat(samples, stride),
        Effort::Smallest => false,
    };
    if is_enough {
        return Ok(fast);
    }
    let unfiltered = write(Compression::Balanced, Filter::NoFilter)?;
    let filters_help = fast.len() < 2 * unfiltered.len();
    let mut files = vec![fast, unfiltered];
    if filters_help || plan.effort == Effort::Smallest {
        files.push(write(Compression::Balanced, Filter::Adaptive)?);
    }
    if plan.effort == Effort::Smallest {
        files.push(write(Compression::High, Filter::NoFilter)?);
        files.push(write(Compression::High, Filter::Adaptive)?);
    }
    let smallest = files.into_iter().min_by_key(Vec::len);
    smallest.ok_or_else(|| Error::internal("encode")("no file"))
}

pub(super) fn encoder<W: Write>(file: W, plan: &Plan) -> Encoder<'static, W> {
    let side = plan.side.px();
    let mut encoder = Encoder::new(file, side, side);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_color(match plan.canvas {
        Layout::Gray => ColorType::Grayscale,
        Layout::GrayAlpha => ColorType::GrayscaleAlpha,
        Layout::Rgba => ColorType::Rgba,
        _ => ColorType::Rgb,
    });
    encoder.set_compression(Compression::Balanced);
    encoder
}

pub(super) fn samples<'a>(frame: &Frame<'a>) -> &'a [u8] {
    let plane = frame.raster.planes.first();
    plane.map_or(&[], |plane| &plane.samples)
}
