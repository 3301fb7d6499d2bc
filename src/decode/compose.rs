//! Frames of an animation, laid one over the other.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

use std::time::Duration;

use crate::error::Error;
use crate::geometry::{Rect, Size, around};
use crate::memory::{reserve, zeroed};
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
    /// What was under the frame that is to be taken back, row by row.
    saved: Vec<[u8; 4]>,
    /// A row with the frame drawn on it.
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
    pub(super) const fn frame(&self, delay: Duration) -> Frame<'_> {
        Frame {
            raster: &self.canvas,
            delay,
            changed: self.changed,
        }
    }

    /// Disposes of the frame before, then draws the next one on `rect`.
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
        let mut changed = self.dispose();
        let size = self.canvas.size();
        let size = size.ok_or_else(|| Error::internal("decode")("a canvas of planes"))?;
        let on_canvas = rect.common(Rect::covering(size));
        if let Some(rect) = on_canvas {
            if dispose == Dispose::Restore {
                self.save(rect)?;
            }
            let mut row = std::mem::take(&mut self.row);
            for (pixels, y) in rows(&mut self.canvas, rect).zip(rect.y..) {
                row.clear();
                row.extend_from_slice(pixels);
                draw(y.saturating_sub(rect.y) as usize, &mut row);
                let differs = || row.iter().zip(&*pixels).map(|(new, old)| new != old);
                let first = differs().position(|differs| differs);
                let last = differs().rposition(|differs| differs);
                if let (Some(first), Some(last)) = (first, last) {
                    let [first, end] = [first, last.saturating_add(1)]
                        .map(|at| rect.x.saturating_add(u32::try_from(at).unwrap_or(0)));
                    let run = Rect::between([first, y], [end, y.saturating_add(1)]);
                    changed = around(changed, Some(run));
                    pixels.copy_from_slice(&row);
                }
            }
            self.row = row;
        }
        self.pending = on_canvas.map(|rect| (dispose, rect));
        self.changed = if self.is_first {
            Some(Rect::covering(size))
        } else {
            changed
        };
        self.is_first = false;
        Ok(())
    }

    /// Keeps what is under the frame that comes next.
    fn save(&mut self, rect: Rect) -> Result<(), Error> {
        self.saved.clear();
        let pixels = (rect.width as usize).saturating_mul(rect.height as usize);
        reserve(&mut self.saved, pixels)?;
        for row in rows(&mut self.canvas, rect) {
            self.saved.extend_from_slice(row);
        }
        Ok(())
    }

    /// Disposes of the last frame; returns where that may have changed something.
    fn dispose(&mut self) -> Option<Rect> {
        let (dispose, rect) = self.pending.take()?;
        match dispose {
            Dispose::Keep => return None,
            Dispose::Clear => {
                for pixels in rows(&mut self.canvas, rect) {
                    pixels.fill([0; 4]);
                }
            }
            Dispose::Restore => {
                let saved = self.saved.chunks_exact(rect.width as usize);
                for (pixels, saved) in rows(&mut self.canvas, rect).zip(saved) {
                    pixels.copy_from_slice(saved);
                }
            }
        }
        Some(rect)
    }
}

/// The canvas's rows under `rect`, which lies on the canvas, from its left to its
/// right edge.
fn rows(canvas: &mut Raster, rect: Rect) -> impl Iterator<Item = &mut [[u8; 4]]> {
    let [left, top, width, height] =
        [rect.x, rect.y, rect.width, rect.height].map(|edge| edge as usize);
    canvas
        .planes
        .first_mut()
        .into_iter()
        .flat_map(move |plane| {
            let stride = plane.stride();
            let rows = plane.samples.chunks_exact_mut(stride);
            rows.skip(top).take(height).filter_map(move |row| {
                let (pixels, _) = row.as_chunks_mut();
                pixels.get_mut(left..left.saturating_add(width))
            })
        })
}
