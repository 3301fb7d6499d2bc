//! Resampling of a picture while its rows come in: it is never in memory as a whole.

use fast_image_resize::MulDiv;
use fast_image_resize::images::Image;

use super::convolve::{Target, pixel};
use super::linear;
use super::steps::{Band, Steps};
use crate::error::{Error, Source};
use crate::geometry::Size;
use crate::raster::Plane;

/// A picture that is resampled as its rows come in. The result is that of resampling
/// the whole picture.
pub(crate) struct Stream {
    steps: Steps,
    /// How many rows come in.
    height: u32,
    /// The newest rows, premultiplied.
    window: Plane,
    /// The row that the window begins with, and how many it has.
    first: u32,
    rows: u32,
    band: Band,
    to: Plane,
    alpha: MulDiv,
}

impl Stream {
    /// For rows of a picture of size `from`. Takes the memory for all of it:
    /// [`Stream::bytes`].
    pub(crate) fn new(from: Size, steps: Steps, channels: usize) -> Result<Self, Error> {
        let window = Size::new(from.width(), steps.window_rows()).unwrap_or(from);
        Ok(Self {
            height: from.height(),
            window: Plane::empty(window, channels)?,
            first: 0,
            rows: 0,
            band: Band::new(steps, 0..steps.to().height(), channels)?,
            to: Plane::empty(steps.to(), channels)?,
            alpha: MulDiv::new(),
            steps,
        })
    }

    /// The bytes that [`Stream::new`] takes.
    pub(crate) fn bytes(from: Size, steps: &Steps, channels: usize) -> u64 {
        let rows = steps.window_rows() + steps.band_rows(channels);
        (u64::from(from.width()) * u64::from(rows) + steps.to().pixels()) * channels as u64
    }

    /// Has the next row filled in, if there is one more.
    pub(crate) fn push(
        &mut self,
        fill: impl FnOnce(&mut [u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.first + self.rows >= self.height {
            return Ok(());
        }
        let stride = self.window.stride();
        let from = self.rows as usize * stride;
        let Some(row) = self.window.samples.get_mut(from..from + stride) else {
            return Err(Error::internal("transform")("a window that is too small"));
        };
        fill(row)?;
        if linear::alpha(self.window.channels).is_some() {
            premultiply(
                &self.alpha,
                row,
                self.window.size.width(),
                self.window.channels,
            )
            .map_err(Error::internal("transform"))?;
        }
        self.rows += 1;
        self.advance()
    }

    /// The resampled picture. Rows that did not come in are zeros.
    pub(crate) fn finish(mut self) -> Result<Plane, Error> {
        let missing = self.height - self.first - self.rows;
        for _ in 0..missing {
            self.push(|row| {
                row.fill(0);
                Ok(())
            })?;
        }
        if linear::alpha(self.to.channels).is_some() {
            let (width, height) = (self.to.size.width(), self.to.size.height());
            Image::from_slice_u8(width, height, &mut self.to.samples, pixel(self.to.channels))
                .map_err(Source::from)
                .and_then(|mut image| Ok(self.alpha.divide_alpha_inplace(&mut image)?))
                .map_err(Error::internal("transform"))?;
        }
        Ok(self.to)
    }

    /// Makes all rows of the output that the window has the pixels of.
    fn advance(&mut self) -> Result<(), Error> {
        while let Some(start) = self.band.next() {
            let window = self.steps.window(start);
            self.forget_before(window.start);
            if window.end > self.first + self.rows {
                return Ok(());
            }
            let to = Target {
                samples: &mut self.to.samples,
                size: self.to.size,
                rect: self.to.size.into(),
            };
            self.band.step(&self.window, self.first, to)?;
        }
        self.forget_before(self.height);
        Ok(())
    }

    /// Drops rows that nothing needs any more.
    fn forget_before(&mut self, row: u32) {
        let count = row.saturating_sub(self.first).min(self.rows);
        if count == 0 {
            return;
        }
        let stride = self.window.stride();
        let kept = count as usize * stride..self.rows as usize * stride;
        self.window.samples.copy_within(kept, 0);
        self.first += count;
        self.rows -= count;
    }
}

fn premultiply(alpha: &MulDiv, row: &mut [u8], width: u32, channels: usize) -> Result<(), Source> {
    let mut image = Image::from_slice_u8(width, 1, row, pixel(channels))?;
    Ok(alpha.multiply_alpha_inplace(&mut image)?)
}
