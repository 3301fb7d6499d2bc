//! Resampling of a picture while its rows come in: it is never in memory as a whole.

use fast_image_resize::images::Image;
use fast_image_resize::{MulDiv, Resizer};

use super::convolve::{Target, convolve_premultiplied, pixel};
use super::linear;
use crate::error::{Error, Source};
use crate::geometry::{Rect, Size};
use crate::options::Filter;
use crate::raster::{Plane, Region};

/// Rows of the output that are resampled from a window of rows of the input at once.
const STEP: u32 = 16;

/// Rows of the output whose pixels are resampled along the row at once. Weights are
/// computed anew each time: with 128, that is 2 ms for a photo of 4032 pixels.
const BAND: u32 = 128;

/// How far the widest filter reaches, in pixels of the larger picture.
const REACH: f64 = 3.0;

/// A picture that is resampled as its rows come in.
///
/// The result is that of resampling the whole picture, but for what the weights
/// round off in 64-bit floating point.
pub(crate) struct Stream {
    filter: Filter,
    /// The size of what comes in.
    from: Size,
    /// The newest rows, premultiplied.
    window: Plane,
    /// The row that the window begins with, and how many it has.
    first: u32,
    rows: u32,
    /// Rows of the output at the input's width.
    band: Plane,
    /// How many rows of the output are in the band, and how many done before.
    banded: u32,
    done: u32,
    to: Plane,
    down: Resizer,
    across: Resizer,
    alpha: MulDiv,
}

impl Stream {
    /// Takes the memory for all of it: [`Stream::bytes`].
    pub(crate) fn new(
        from: Size,
        to: Size,
        channels: usize,
        filter: Filter,
    ) -> Result<Self, Error> {
        let high = |rows| Size::new(from.width(), rows).unwrap_or(from);
        Ok(Self {
            filter,
            from,
            window: Plane::empty(high(window_rows(from, to)), channels)?,
            first: 0,
            rows: 0,
            band: Plane::empty(high(BAND.min(to.height())), channels)?,
            banded: 0,
            done: 0,
            to: Plane::empty(to, channels)?,
            down: Resizer::new(),
            across: Resizer::new(),
            alpha: MulDiv::new(),
        })
    }

    /// The bytes that [`Stream::new`] takes, and what resampling takes on top.
    pub(crate) fn bytes(from: Size, to: Size, channels: usize) -> u64 {
        let rows = window_rows(from, to) + BAND.min(to.height());
        (u64::from(from.width()) * u64::from(rows) + to.pixels()) * channels as u64
    }

    /// Has the next row filled in, if there is one more.
    pub(crate) fn push(
        &mut self,
        fill: impl FnOnce(&mut [u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.first + self.rows >= self.from.height() {
            return Ok(());
        }
        let stride = self.window.stride();
        let from = self.rows as usize * stride;
        let Some(row) = self.window.samples.get_mut(from..from + stride) else {
            return Err(Error::internal("transform")("a window that is too small"));
        };
        fill(row)?;
        if linear::alpha(self.window.channels).is_some() {
            premultiply(&self.alpha, row, self.from.width(), self.window.channels)
                .map_err(Error::internal("transform"))?;
        }
        self.rows += 1;
        self.advance()
    }

    /// The resampled picture. Rows that did not come in are zeros.
    pub(crate) fn finish(mut self) -> Result<Plane, Error> {
        let missing = self.from.height() - self.first - self.rows;
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
        let height = self.to.size.height();
        while self.done + self.banded < height {
            let start = self.done + self.banded;
            let count = STEP
                .min(height - start)
                .min(self.band.size.height() - self.banded);
            let [_, end] = reach(start, count, self.from.height(), height);
            if end > self.first + self.rows {
                return Ok(());
            }
            self.resample_down(start, count)?;
            self.banded += count;
            let next = reach(start + count, 1, self.from.height(), height)[0];
            self.forget_before(next);
            if self.banded == self.band.size.height() || self.done + self.banded == height {
                self.resample_across()?;
            }
        }
        Ok(())
    }

    /// Makes rows of the output, at the width of the input.
    fn resample_down(&mut self, start: u32, count: u32) -> Result<(), Error> {
        let scale = f64::from(self.from.height()) / f64::from(self.to.size.height());
        let view = Rect {
            x: 0,
            y: 0,
            width: self.from.width(),
            height: self.rows,
        };
        let y = (f64::from(start) * scale - f64::from(self.first)).max(0.0);
        let region = Region {
            y,
            // Rounding must not reach beyond the last row.
            height: (f64::from(count) * scale).min(f64::from(self.rows) - y),
            ..view.into()
        };
        let to = Target {
            samples: &mut self.band.samples,
            size: self.band.size,
            rect: Rect {
                y: self.banded,
                height: count,
                ..view
            },
        };
        let from_where = (view, region);
        convolve_premultiplied(&mut self.down, self.filter, &self.window, from_where, to)
    }

    /// Finishes the rows of the band.
    fn resample_across(&mut self) -> Result<(), Error> {
        let view = Rect {
            x: 0,
            y: 0,
            width: self.from.width(),
            height: self.banded,
        };
        let to = Target {
            size: self.to.size,
            rect: Rect {
                x: 0,
                y: self.done,
                width: self.to.size.width(),
                height: self.banded,
            },
            samples: &mut self.to.samples,
        };
        let from_where = (view, view.into());
        convolve_premultiplied(&mut self.across, self.filter, &self.band, from_where, to)?;
        self.done += self.banded;
        self.banded = 0;
        Ok(())
    }

    /// Drops rows that nothing needs any more.
    fn forget_before(&mut self, row: u32) {
        let count = row.saturating_sub(self.first).min(self.rows);
        let stride = self.window.stride();
        let kept = count as usize * stride..self.rows as usize * stride;
        self.window.samples.copy_within(kept, 0);
        self.first += count;
        self.rows -= count;
    }
}

/// The rows of an input of `from` rows that have a part in some of the `to` rows of
/// the output: the first, and the one behind the last.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both are brought into the range of rows before"
)]
fn reach(start: u32, count: u32, from: u32, to: u32) -> [u32; 2] {
    let scale = f64::from(from) / f64::from(to);
    // One row more on each side, for what rounding may need.
    let reach = REACH * scale.max(1.0) + 1.0;
    let last = f64::from(from);
    let first = f64::from(start) * scale - reach;
    let end = f64::from(start + count) * scale + reach;
    [
        first.floor().clamp(0.0, last) as u32,
        end.ceil().clamp(0.0, last) as u32,
    ]
}

/// Rows that the window must have room for.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an edge of a picture times a few"
)]
fn window_rows(from: Size, to: Size) -> u32 {
    let scale = f64::from(from.height()) / f64::from(to.height());
    let rows = f64::from(STEP) * scale + 2.0 * (REACH * scale.max(1.0) + 2.0);
    (rows.ceil() as u32).min(from.height())
}

fn premultiply(alpha: &MulDiv, row: &mut [u8], width: u32, channels: usize) -> Result<(), Source> {
    let mut image = Image::from_slice_u8(width, 1, row, pixel(channels))?;
    Ok(alpha.multiply_alpha_inplace(&mut image)?)
}
