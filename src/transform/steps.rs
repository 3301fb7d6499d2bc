//! Resampling in steps: some rows of the output at a time, from the rows that they
//! need.
//!
//! `fast_image_resize` rounds weights to what suits the largest of a call, so the
//! calls decide the last bit. They are the same wherever rows come from, and on
//! however many threads: so is the result.

use std::ops::Range;

use fast_image_resize::Resizer;

use super::chroma;
use super::convolve::{Target, convolve_premultiplied, outer};
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::options::Filter;
use crate::plan::Plan;
use crate::raster::{Plane, Region};

/// Rows of the output that are resampled from a window of rows of the input at once.
pub(super) const STEP: u32 = 16;

/// How many bytes of rows are resampled along the row at once. Weights are computed
/// anew each time: with 128 rows of 4032 pixels, that is 2 ms of a photo.
const BAND_BYTES: u64 = 3 << 19;

/// How far the widest filter reaches, in pixels of the larger picture.
const REACH: f64 = 3.0;

/// How a region of a plane becomes a plane of another size. Samples with alpha are
/// multiplied by it already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steps {
    filter: Filter,
    region: Region,
    /// The whole samples that the region touches: nothing outside has a part in it.
    view: Rect,
    to: Size,
}

impl Steps {
    /// `region` of the input is resampled to the size of `to`.
    pub(crate) fn new(region: Region, to: Size, filter: Filter) -> Self {
        Self {
            filter,
            region,
            view: outer(region),
            to,
        }
    }

    /// For the component of a number in a JPEG whose planes go to the canvas as they
    /// are: `region` of its plane shows what is wanted of the picture.
    pub(crate) fn of_component(number: usize, size: Size, region: Region, plan: &Plan) -> Self {
        let (region, to) = match number {
            0 => (region, plan.stored_picture()),
            _ => chroma::target(size, region, plan),
        };
        Self::new(region, to, plan.filter)
    }

    pub(super) const fn to(&self) -> Size {
        self.to
    }

    /// How many steps there are.
    pub(super) const fn count(&self) -> u32 {
        self.to.height().div_ceil(STEP)
    }

    /// Most rows of the input that a step needs.
    pub(super) fn window_rows(&self) -> u32 {
        let scale = self.scale();
        let rows = f64::from(STEP) * scale + 2.0 * (REACH * scale.max(1.0) + 2.0);
        whole(rows.ceil(), 1..self.view.height)
    }

    /// Rows that are resampled along the row at once.
    pub(super) fn band_rows(&self, channels: usize) -> u32 {
        let row = u64::from(self.view.width) * channels as u64;
        let rows = u32::try_from(BAND_BYTES / row.max(1)).unwrap_or(u32::MAX);
        (rows / STEP * STEP).max(STEP).min(self.to.height())
    }

    /// The rows of the input that have a part in the step that begins with row `start`
    /// of the output.
    pub(super) fn window(&self, start: u32) -> Range<u32> {
        let scale = self.scale();
        // One row more on each side, for what rounding may need.
        let reach = REACH * scale.max(1.0) + 1.0;
        let first = self.region.y + f64::from(start) * scale - reach;
        let end = self.region.y + f64::from(start + self.rows(start)) * scale + reach;
        let rows = self.view.y..self.view.y + self.view.height;
        whole(first.floor(), rows.clone())..whole(end.ceil(), rows)
    }

    /// How many rows the step that begins with row `start` has.
    pub(super) fn rows(&self, start: u32) -> u32 {
        STEP.min(self.to.height().saturating_sub(start))
    }

    fn scale(&self) -> f64 {
        self.region.height / f64::from(self.to.height())
    }
}

/// A whole number as one of a range, its end included.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "brought into the range before"
)]
fn whole(number: f64, range: Range<u32>) -> u32 {
    number.clamp(range.start.into(), range.end.into()) as u32
}

/// Some rows of the output while they are made.
pub(super) struct Band {
    steps: Steps,
    /// The rows of the output that are wanted, and how many of them are finished.
    rows: Range<u32>,
    done: u32,
    /// The next ones, as far as they are made, at the input's width.
    made: Plane,
    count: u32,
    down: Resizer,
    across: Resizer,
}

impl Band {
    /// For rows of the output that begin with a step.
    pub(super) fn new(steps: Steps, rows: Range<u32>, channels: usize) -> Result<Self, Error> {
        let height = steps.band_rows(channels).min(rows.end - rows.start);
        let size = Size::new(steps.view.width, height)
            .ok_or_else(|| Error::internal("transform")("a band without pixels"))?;
        Ok(Self {
            steps,
            rows,
            done: 0,
            made: Plane::empty(size, channels)?,
            count: 0,
            down: Resizer::new(),
            across: Resizer::new(),
        })
    }

    /// The first row of the next step, if there is one.
    pub(super) fn next(&self) -> Option<u32> {
        let next = self.rows.start + self.done + self.count;
        (next < self.rows.end).then_some(next)
    }

    /// Makes the next step from a plane that begins with row `first` of the input.
    /// `to` is the place of all rows.
    pub(super) fn step(&mut self, from: &Plane, first: u32, to: Target<'_>) -> Result<(), Error> {
        let Some(start) = self.next() else {
            return Ok(());
        };
        let count = self.resample_down(from, first, start)?;
        self.count += count;
        if self.count == self.made.size.height() || start + count == self.rows.end {
            self.resample_across(to)?;
        }
        Ok(())
    }

    /// Makes the rows of a step, at the width of the input; says how many.
    fn resample_down(&mut self, from: &Plane, first: u32, start: u32) -> Result<u32, Error> {
        let steps = &self.steps;
        let (window, count) = (steps.window(start), steps.rows(start));
        let view = Rect {
            y: window.start - first,
            height: window.end - window.start,
            ..steps.view
        };
        let y = steps.region.y + f64::from(start) * steps.scale() - f64::from(window.start);
        let y = y.max(0.0);
        let height = f64::from(count) * steps.scale();
        let region = Region {
            y: f64::from(view.y) + y,
            // Rounding must not reach beyond the last row.
            height: height.min(f64::from(view.height) - y),
            ..view.into()
        };
        let to = Target {
            samples: &mut self.made.samples,
            size: self.made.size,
            rect: Rect {
                x: 0,
                y: self.count,
                width: view.width,
                height: count,
            },
        };
        convolve_premultiplied(&mut self.down, steps.filter, from, (view, region), to)?;
        Ok(count)
    }

    /// Finishes the rows that are made.
    fn resample_across(&mut self, to: Target<'_>) -> Result<(), Error> {
        let Steps {
            filter,
            region,
            view,
            ..
        } = self.steps;
        let made = Rect {
            x: 0,
            y: 0,
            width: view.width,
            height: self.count,
        };
        let region = Region {
            x: region.x - f64::from(view.x),
            width: region.width,
            ..made.into()
        };
        let place = Target {
            rect: Rect {
                y: to.rect.y + self.done,
                height: self.count,
                ..to.rect
            },
            ..to
        };
        convolve_premultiplied(&mut self.across, filter, &self.made, (made, region), place)?;
        self.done += self.count;
        self.count = 0;
        Ok(())
    }
}
