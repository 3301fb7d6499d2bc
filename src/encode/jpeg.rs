//! JPEG through `jpeg-encoder`: baseline, chroma at half resolution.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::error::Error;
use crate::plan::Plan;
use crate::raster::{Frame, Layout};

pub(super) fn still(frame: &Frame<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let raster = frame.raster;
    let color = match raster.layout {
        Layout::Gray => ColorType::Luma,
        Layout::Rgb => ColorType::Rgb,
        Layout::GrayAlpha | Layout::Rgba => {
            return Err(Error::internal("encode")("a JPEG has no transparency"));
        }
    };
    let samples = raster
        .planes
        .first()
        .map_or(&[][..], |plane| &plane.samples);
    let side = u16::try_from(plan.side.px()).map_err(Error::internal("encode"))?;

    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, plan.quality.get());
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_optimized_huffman_tables(true);
    encoder
        .encode(samples, side, side, color)
        .map_err(Error::internal("encode"))?;
    Ok(bytes)
}
