//! One call of `fast_image_resize`.

use fast_image_resize::images::{CroppedImage, CroppedImageMut, Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::error::{Error, Source};
use crate::geometry::{Rect, Size};
use crate::options::Filter;
use crate::raster::{Plane, Region};

/// Whole pixels that are written to, as many channels as those they come from.
pub(super) struct Target<'a> {
    pub(super) samples: &'a mut [u8],
    pub(super) size: Size,
    /// The part that is filled.
    pub(super) rect: Rect,
}

/// Fills the target with a region of `from`. Nothing outside the region has a part
/// in it.
pub(super) fn convolve(
    resizer: &mut Resizer,
    filter: Filter,
    from: &Plane,
    region: Region,
    to: Target<'_>,
) -> Result<(), Error> {
    convolve_in_view(resizer, filter, from, (outer(region), region), to)
}

/// The same with a view that may be larger than the region: what is in view has a
/// part in the target, as far as the filter reaches.
pub(super) fn convolve_in_view(
    resizer: &mut Resizer,
    filter: Filter,
    from: &Plane,
    view_and_region: (Rect, Region),
    to: Target<'_>,
) -> Result<(), Error> {
    // To multiply by an alpha of 255 and divide by it again changes nothing.
    let alpha = !is_opaque(from, view_and_region.0);
    try_convolve(resizer, filter, alpha, from, view_and_region, to)
        .map_err(Error::internal("transform"))
}

/// The same with samples that are multiplied by alpha already, and stay so.
pub(super) fn convolve_premultiplied(
    resizer: &mut Resizer,
    filter: Filter,
    from: &Plane,
    view_and_region: (Rect, Region),
    to: Target<'_>,
) -> Result<(), Error> {
    try_convolve(resizer, filter, false, from, view_and_region, to)
        .map_err(Error::internal("transform"))
}

fn try_convolve(
    resizer: &mut Resizer,
    filter: Filter,
    alpha: bool,
    from: &Plane,
    (view, region): (Rect, Region),
    to: Target<'_>,
) -> Result<(), Source> {
    let pixel = pixel(from.channels);
    let source = ImageRef::new(from.size.width(), from.size.height(), &from.samples, pixel)?;
    let source = CroppedImage::new(&source, view.x, view.y, view.width, view.height)?;

    let Target {
        samples,
        size,
        rect,
    } = to;
    let mut target = Image::from_slice_u8(size.width(), size.height(), samples, pixel)?;
    let mut target = CroppedImageMut::new(&mut target, rect.x, rect.y, rect.width, rect.height)?;

    let options = ResizeOptions::new()
        .resize_alg(algorithm(filter))
        .crop(
            region.x - f64::from(view.x),
            region.y - f64::from(view.y),
            region.width,
            region.height,
        )
        .use_alpha(alpha);
    Ok(resizer.resize(&source, &mut target, &options)?)
}

pub(super) const fn pixel(channels: usize) -> PixelType {
    match channels {
        1 => PixelType::U8,
        2 => PixelType::U8x2,
        3 => PixelType::U8x3,
        _ => PixelType::U8x4,
    }
}

/// Whether all pixels in view are RGBA without any transparency.
fn is_opaque(plane: &Plane, view: Rect) -> bool {
    let (x, width) = (view.x as usize, view.width as usize);
    let rows = plane.samples.chunks_exact(plane.stride());
    let mut rows = rows.skip(view.y as usize).take(view.height as usize);
    plane.channels == 4
        && rows.all(|row| {
            let pixels = row.as_chunks::<4>().0.get(x..x + width);
            let alpha = pixels.unwrap_or_default().iter().map(|&[.., alpha]| alpha);
            alpha.fold(255, |all, alpha| all & alpha) == 255
        })
}

pub(super) const fn algorithm(filter: Filter) -> ResizeAlg {
    ResizeAlg::Convolution(match filter {
        Filter::Nearest => return ResizeAlg::Nearest,
        Filter::Box => FilterType::Box,
        Filter::Bilinear => FilterType::Bilinear,
        Filter::Hamming => FilterType::Hamming,
        Filter::CatmullRom => FilterType::CatmullRom,
        Filter::Mitchell => FilterType::Mitchell,
        Filter::Gaussian => FilterType::Gaussian,
        Filter::Lanczos3 => FilterType::Lanczos3,
    })
}

/// The whole samples that a region touches.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a region lies in its plane, whose edges are u32"
)]
pub(super) fn outer(region: Region) -> Rect {
    let (x, y) = (region.x.floor() as u32, region.y.floor() as u32);
    Rect {
        x,
        y,
        width: (region.x + region.width).ceil() as u32 - x,
        height: (region.y + region.height).ceil() as u32 - y,
    }
}
