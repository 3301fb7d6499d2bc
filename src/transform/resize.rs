//! Resampling of one plane.

use std::mem;
use std::num::NonZeroUsize;

use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, ResizeOptions, Resizer as FastResizer};

use super::convolve::{Target, algorithm, convolve, convolve_in_view, outer};
use super::linear;
use super::part::Part;
use crate::error::{Error, Source};
use crate::geometry::{Rect, Size};
use crate::options::Filter;
use crate::raster::{Plane, Region};
use crate::threads;

/// A resizer keeps its tables and buffers from one plane to the next. It holds no
/// result: a fresh one and a used one give the same pixels.
#[derive(Debug)]
pub(super) struct Resizer {
    fast: FastResizer,
    filter: Filter,
    threads: NonZeroUsize,
}

impl Resizer {
    pub(super) fn new(filter: Filter, threads: NonZeroUsize) -> Self {
        Self {
            fast: FastResizer::new(),
            filter,
            threads,
        }
    }

    /// Fills `rect` of `to` with a region of `from`.
    ///
    /// Nothing outside the region has a part in it: a crop looks the same as if
    /// the rest had never been there.
    pub(super) fn resize(
        &mut self,
        from: &Plane,
        region: Region,
        to: &mut Plane,
        rect: Rect,
    ) -> Result<(), Error> {
        // With alpha, samples are multiplied before and divided after all, so
        // that rows and columns can't be resampled apart.
        let in_parts = self.threads > NonZeroUsize::MIN
            && self.filter != Filter::Nearest
            && linear::alpha(from.channels).is_none();
        if in_parts {
            return self.resize_in_parts(from, region, to, rect);
        }
        let to = Target {
            samples: &mut to.samples,
            size: to.size,
            rect,
        };
        convolve(&mut self.fast, self.filter, from, region, to)
    }

    /// Fills a part of `rect` of `to`, which shows a region of `from`.
    pub(super) fn resize_part(
        &mut self,
        from: &Plane,
        part: &Part,
        to: &mut Plane,
        rect: Rect,
    ) -> Result<(), Error> {
        let to = Target {
            samples: &mut to.samples,
            size: to.size,
            rect: part.rect.moved(rect.x, rect.y),
        };
        let from_where = (part.view, part.region);
        convolve_in_view(&mut self.fast, self.filter, from, from_where, to)
    }

    /// The same on several threads: parts of the columns, then parts of the rows.
    /// Columns first is what `fast_image_resize` does for samples of 8 bits, so
    /// the result is the same.
    fn resize_in_parts(
        &self,
        from: &Plane,
        region: Region,
        to: &mut Plane,
        rect: Rect,
    ) -> Result<(), Error> {
        let view = outer(region);
        let down = self.resize_columns(from, region, view, rect.height)?;
        let stride = to.stride();
        let (width, x) = (to.size.width(), rect.x);
        let mut left = to
            .samples
            .get_mut(rect.y as usize * stride..)
            .unwrap_or_default();
        let bands = threads::ranges(0..rect.height, self.threads);
        let bands = bands.into_iter().map(|rows| {
            let (band, below) = mem::take(&mut left).split_at_mut(rows.len() * stride);
            left = below;
            (rows, band)
        });
        threads::each(bands.collect(), |(rows, samples)| {
            let height = rows.end - rows.start;
            let region = Region {
                x: region.x - f64::from(view.x),
                y: rows.start.into(),
                width: region.width,
                height: height.into(),
            };
            let to = Target {
                samples,
                size: size(width, height)?,
                rect: Rect {
                    x,
                    y: 0,
                    width: rect.width,
                    height,
                },
            };
            convolve(&mut FastResizer::new(), self.filter, &down, region, to)
        })?;
        Ok(())
    }

    /// Resamples the columns in `view`, each by itself.
    fn resize_columns(
        &self,
        from: &Plane,
        region: Region,
        view: Rect,
        height: u32,
    ) -> Result<Plane, Error> {
        let columns = threads::ranges(0..view.width, self.threads);
        let parts = threads::each(columns, |columns| {
            let width = columns.end - columns.start;
            let region = Region {
                x: (view.x + columns.start).into(),
                width: width.into(),
                ..region
            };
            let mut part = Plane::empty(size(width, height)?, from.channels)?;
            let to = Target {
                size: part.size,
                rect: part.size.into(),
                samples: &mut part.samples,
            };
            convolve(&mut FastResizer::new(), self.filter, from, region, to)?;
            Ok::<_, Error>((columns.start, part))
        })?;
        let mut down = Plane::empty(size(view.width, height)?, from.channels)?;
        for (x, part) in parts {
            let (stride, length) = (down.stride(), part.stride());
            let from = x as usize * from.channels;
            let rows = down.samples.chunks_exact_mut(stride);
            for (to, part) in rows.zip(part.samples.chunks_exact(length)) {
                if let Some(to) = to.get_mut(from..from + length) {
                    to.copy_from_slice(part);
                }
            }
        }
        Ok(down)
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
        self.fast.resize(&source, &mut target, &options)?;
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

fn size(width: u32, height: u32) -> Result<Size, Error> {
    Size::new(width, height).ok_or_else(|| Error::internal("transform")("a part without pixels"))
}
