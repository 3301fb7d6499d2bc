//! PNG through the crate `png`.

use png::{BitDepth, ColorType, Compression, Encoder};

use crate::error::Error;
use crate::plan::Plan;
use crate::raster::{Frame, Layout};

pub(super) fn still(frame: &Frame<'_>, plan: &Plan) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    encoder(&mut bytes, plan)
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(samples(frame))?;
            writer.finish()
        })
        .map_err(Error::internal("encode"))?;
    Ok(bytes)
}

pub(super) fn encoder<'a>(bytes: &'a mut Vec<u8>, plan: &Plan) -> Encoder<'a, &'a mut Vec<u8>> {
    let side = plan.side.px();
    let mut encoder = Encoder::new(bytes, side, side);
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
