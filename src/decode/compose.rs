//! Frames of an animation, laid one over the other.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

use std::ops::Range;
use std::time::Duration;

use crate::budget::{Work, cost};
use crate::error::Error;
use crate::geometry::{Rect, Size, around};
use crate::memory::{filled, zeroed};
use crate::raster::{Frame, Layout, Raster};

/// What happens to a frame's rectangle before the next frame is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dispose {
    /// It stays.
    Keep,
    /// It becomes transparent.
    Clear,
    /// What was there before the frame comes back.
    Restore,
}

/// A canvas of RGBA pixels, not premultiplied, on which frames are drawn.
#[derive(Debug)]
pub(super) struct Composer {
    canvas: Raster,
    /// What to do before the next frame, and where.
    pending: Option<(Dispose, Rect)>,
    /// What was under the frame that is to be taken back, in its place on the canvas.
    /// Empty until a frame is.
    saved: Vec<[u8; 4]>,
    /// A row of the canvas, disposed of and drawn on.
    row: Vec<[u8; 4]>,
    /// What differs from the canvas before the last frame.
    changed: Option<Rect>,
    is_first: bool,
}

impl Composer {
    /// A transparent canvas of which `region` is wanted.
    pub(super) fn new(size: Size, region: Rect) -> Result<Self, Error> {
        let samples = zeroed(size.pixels().saturating_mul(Layout::Rgba.channels() as u64))?;
        Ok(Self {
            canvas: Raster::cut(Layout::Rgba, size, samples, region),
            pending: None,
            saved: Vec::new(),
            row: Vec::new(),
            changed: None,
            is_first: true,
        })
    }

    /// The canvas as the last frame left it, shown for so long.
    pub(super) fn frame(&self, delay: Duration) -> Frame<'_> {
        Frame {
            raster: &self.canvas,
            delay,
            changed: self.changed,
            work: Work::default(),
        }
    }

    /// What it takes to draw a frame on `rect`.
    pub(super) fn work(&self, rect: Rect) -> Work {
        let disposed = self.disposed().map_or(0, Rect::pixels);
        Work::new(rect.pixels().saturating_add(disposed), cost::COMPOSED)
    }

    /// Disposes of the frame before, then draws the next one on `rect`, and finds out
    /// what of that can be seen.
    ///
    /// `draw` is called for each row of the frame that touches the canvas, from
    /// the top, with the row's number within the frame and the canvas's pixels
    /// from the frame's left edge on, cut off at the canvas's right edge.
    pub(super) fn draw(
        &mut self,
        rect: Rect,
        dispose: Dispose,
        mut draw: impl FnMut(usize, &mut [[u8; 4]]),
    ) -> Result<(), Error> {
        let size = self.canvas.size();
        let size = size.ok_or_else(|| Error::internal("decode")("a canvas of planes"))?;
        let whole = Rect::covering(size);
        let stride = size.width() as usize;
        let drawn = rect.common(whole);
        if dispose == Dispose::Restore && self.saved.is_empty() {
            self.saved = filled([0; 4], stride.saturating_mul(size.height() as usize))?;
        }
        let disposed = self.disposed();
        let is_restored = matches!(self.pending, Some((Dispose::Restore, _)));
        self.pending = drawn.map(|rect| (dispose, rect));

        let mut row = std::mem::take(&mut self.row);
        let mut changed = None;
        let touched = around(disposed, drawn);
        let rows = touched.into_iter().flat_map(|rect| rect.y..rect.end()[1]);
        for y in rows {
            let [disposed, drawn] =
                [disposed, drawn].map(|rect| rect.and_then(|rect: Rect| rect.row(y)));
            let Some(touched) = around(disposed, drawn) else {
                continue; // between the two
            };
            let start = (y as usize).saturating_mul(stride);
            let Some(pixels) = pixels_mut(&mut self.canvas, start, touched) else {
                continue;
            };
            row.clear();
            row.extend_from_slice(pixels);
            if let Some(disposed) = disposed
                && let Some(to) = part_mut(&mut row, touched, disposed)
            {
                if is_restored && let Some(saved) = self.saved.get(range(start, disposed)) {
                    to.copy_from_slice(saved);
                } else {
                    to.fill([0; 4]);
                }
            }
            if let Some(drawn) = drawn
                && let Some(to) = part_mut(&mut row, touched, drawn)
            {
                if dispose == Dispose::Restore
                    && let Some(saved) = self.saved.get_mut(range(start, drawn))
                {
                    saved.copy_from_slice(to);
                }
                draw(y.saturating_sub(rect.y) as usize, to);
            }
            if let Some(part) = differing(&row, pixels, touched) {
                changed = around(changed, Some(part));
                pixels.copy_from_slice(&row);
            }
        }
        self.row = row;
        self.changed = if self.is_first { Some(whole) } else { changed };
        self.is_first = false;
        Ok(())
    }

    /// Where the last frame is disposed of before the next one.
    fn disposed(&self) -> Option<Rect> {
        match self.pending {
            Some((Dispose::Clear | Dispose::Restore, rect)) => Some(rect),
            Some((Dispose::Keep, _)) | None => None,
        }
    }
}

/// The smallest part of a row, which `rect` is, that differs.
fn differing(new: &[[u8; 4]], old: &[[u8; 4]], rect: Rect) -> Option<Rect> {
    if new == old {
        return None;
    }
    let differs = || new.iter().zip(old).map(|(new, old)| new != old);
    let first = differs().position(|differs| differs)?;
    let last = differs().rposition(|differs| differs)?;
    let [first, end] = [first, last.saturating_add(1)]
        .map(|at| rect.x.saturating_add(u32::try_from(at).unwrap_or(0)));
    Some(Rect::between([first, rect.y], [end, rect.end()[1]]))
}

/// The canvas's pixels from `start` on, where its row begins, that lie in a part of the row.
fn pixels_mut(canvas: &mut Raster, start: usize, part: Rect) -> Option<&mut [[u8; 4]]> {
    let (pixels, _) = canvas.planes.first_mut()?.samples.as_chunks_mut();
    pixels.get_mut(range(start, part))
}

/// The pixels of a part of a row that begins at `start`.
fn range(start: usize, part: Rect) -> Range<usize> {
    let start = start.saturating_add(part.x as usize);
    start..start.saturating_add(part.width as usize)
}

/// The pixels of a part of a row, of those of another one around it.
fn part_mut(row: &mut [[u8; 4]], around: Rect, part: Rect) -> Option<&mut [[u8; 4]]> {
    let start = part.x.saturating_sub(around.x) as usize;
    row.get_mut(start..start.saturating_add(part.width as usize))
}
