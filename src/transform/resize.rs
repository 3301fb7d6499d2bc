//! Resampling of one plane, with `fast_image_resize`.

use fast_image_resize::images::{CroppedImage, CroppedImageMut, Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions};

use super::linear;
use crate::error::{Error, Source};
use crate::geometry::Rect;
use crate::options::Filter;
use crate::raster::{Plane, Region};

/// A resizer keeps its tables and buffers from one plane to the next. It holds no
/// result: a fresh one and a used one give the same pixels.
#[derive(Debug)]
pub(super) struct Resizer {
    resizer: fast_image_resize::Resizer,
    filter: Filter,
}

impl Resizer {
    pub(super) fn new(filter: Filter) -> Self {
        Self {
            resizer: fast_image_resize::Resizer::new(),
            filter,
        }
    }

    /// Fills `to_rect` of `to` with a region of `from`.
    ///
    /// Nothing outside the region has a part in it: a crop looks the same as if
    /// the rest had never been there.
    pub(super) fn resize(
        &mut self,
        from: &Plane,
        region: Region,
        to: &mut Plane,
        to_rect: Rect,
    ) -> Result<(), Error> {
        self.try_resize(from, region, to, to_rect)
            .map_err(Error::internal("transform"))
    }

    fn try_resize(
        &mut self,
        from: &Plane,
        region: Region,
        to: &mut Plane,
        to_rect: Rect,
    ) -> Result<(), Source> {
        let pixel = match from.channels {
            1 => PixelType::U8,
            2 => PixelType::U8x2,
            3 => PixelType::U8x3,
            _ => PixelType::U8x4,
        };
        let source = ImageRef::new(from.size.width(), from.size.height(), &from.samples, pixel)?;
        let view = outer(region);
        let source = CroppedImage::new(&source, view.x, view.y, view.width, view.height)?;

        let (width, height) = (to.size.width(), to.size.height());
        let mut target = Image::from_slice_u8(width, height, &mut to.samples, pixel)?;
        let mut target = CroppedImageMut::new(
            &mut target,
            to_rect.x,
            to_rect.y,
            to_rect.width,
            to_rect.height,
        )?;

        let options = ResizeOptions::new()
            .resize_alg(algorithm(self.filter))
            .crop(
                region.x - f64::from(view.x),
                region.y - f64::from(view.y),
                region.width,
                region.height,
            );
        Ok(self.resizer.resize(&source, &mut target, &options)?)
    }
}

impl Resizer {
    /// Resamples whole pixels of sRGB, all of `from` to all of `to`, in linear
    /// light.
    pub(super) fn resize_linear(&mut self, from: &Plane, to: &mut Plane) -> Result<(), Error> {
        self.try_resize_linear(from, to)
            .map_err(Error::internal("transform"))
    }

    fn try_resize_linear(&mut self, from: &Plane, to: &mut Plane) -> Result<(), Source> {
        let pixel = match from.channels {
            1 => PixelType::U16,
            2 => PixelType::U16x2,
            3 => PixelType::U16x3,
            _ => PixelType::U16x4,
        };
        let mut source = Image::new(from.size.width(), from.size.height(), pixel);
        let table = linear::decoding();
        let alpha = linear::alpha(from.channels);
        for (index, (&sample, wide)) in (from.samples.iter())
            .zip(source.buffer_mut().as_chunks_mut().0)
            .enumerate()
        {
            let value = if Some(index % from.channels) == alpha {
                u16::from(sample) * 257
            } else {
                table.get(usize::from(sample)).copied().unwrap_or(u16::MAX)
            };
            *wide = value.to_ne_bytes();
        }
        let mut target = Image::new(to.size.width(), to.size.height(), pixel);
        let options = ResizeOptions::new().resize_alg(algorithm(self.filter));
        self.resizer.resize(&source, &mut target, &options)?;
        for (index, (sample, &wide)) in (to.samples.iter_mut())
            .zip(target.buffer().as_chunks().0)
            .enumerate()
        {
            let value = u16::from_ne_bytes(wide);
            *sample = if Some(index % from.channels) == alpha {
                linear::narrowed(value)
            } else {
                linear::encoded(&table, value)
            };
        }
        Ok(())
    }
}

const fn algorithm(filter: Filter) -> ResizeAlg {
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
fn outer(region: Region) -> Rect {
    let (x, y) = (region.x.floor() as u32, region.y.floor() as u32);
    Rect {
        x,
        y,
        width: (region.x + region.width).ceil() as u32 - x,
        height: (region.y + region.height).ceil() as u32 - y,
    }
}
