//! JPEG through zune-jpeg.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use crate::error::Error;
use crate::geometry::Size;
use crate::plan::Plan;
use crate::probe::{ColorModel, Format, Info};
use crate::raster::{Layout, Raster, zeroed};

pub(super) fn decode(bytes: &[u8], info: &Info, plan: &Plan) -> Result<Raster, Error> {
    let (layout, space) = match info.color.model {
        ColorModel::Gray => (Layout::Gray, ColorSpace::Luma),
        _ => (Layout::Rgb, ColorSpace::RGB),
    };
    let options = DecoderOptions::default()
        .set_max_width(Size::MAX_EDGE as usize)
        .set_max_height(Size::MAX_EDGE as usize)
        .jpeg_set_out_colorspace(space);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let mut samples = zeroed(info.stored.pixels() * layout.channels() as u64)?;
    decoder.decode_headers().map_err(broken)?;
    decoder.decode_into(&mut samples).map_err(broken)?;
    Ok(Raster::cut(
        layout,
        info.stored,
        samples,
        plan.request.region,
    ))
}

fn broken(error: DecodeErrors) -> Error {
    match error {
        DecodeErrors::ExhaustedData => Error::Truncated {
            format: Format::Jpeg,
            offset: None,
        },
        error => Error::Malformed {
            format: Format::Jpeg,
            problem: "picture does not decode",
            offset: None,
            source: Some(error.into()),
        },
    }
}
