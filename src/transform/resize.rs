//! Resampling of one plane.

use std::mem;
use std::num::NonZeroUsize;

use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, ResizeOptions, Resizer as FastResizer};

use super::convolve::{Target, algorithm, convolve, convolve_in_view};
use super::linear;
use super::part::Part;
use super::steps::{Band, STEP, Steps};
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
        // With alpha, samples are multiplied before and divided after all.
        let in_steps = self.filter != Filter::Nearest
            && linear::alpha(from.channels).is_none()
            && region.exactly() != rect.size();
        if let Some(size) = rect.size()
            && in_steps
        {
            let steps = Steps::new(region, size, self.filter);
            return self.resize_in_steps(from, steps, to, rect);
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

    /// Each thread makes some of the steps.
    fn resize_in_steps(
        &self,
        from: &Plane,
        steps: Steps,
        to: &mut Plane,
        rect: Rect,
    ) -> Result<(), Error> {
        let stride = to.stride();
        let mut left = to
            .samples
            .get_mut(rect.y as usize * stride..)
            .unwrap_or_default();
        let parts = threads::ranges(0..steps.count(), self.threads);
        let parts = parts.into_iter().map(|part| {
            let rows = part.start * STEP..rect.height.min(part.end * STEP);
            let (samples, below) = mem::take(&mut left).split_at_mut(rows.len() * stride);
            left = below;
            (rows, samples)
        });
        threads::each(parts.collect(), |(rows, samples)| {
            let height = rows.end - rows.start;
            let size = Size::new(to.size.width(), height).unwrap_or(to.size);
            let rect = Rect {
                y: 0,
                height,
                ..rect
            };
            let mut band = Band::new(steps, rows, from.channels)?;
            while band.next().is_some() {
                let to = Target {
                    samples: &mut *samples,
                    size,
                    rect,
                };
                band.step(from, 0, to)?;
            }
            Ok::<_, Error>(())
        })?;
        Ok(())
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
