//! Frames of an animation, laid one over the other.

use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::raster::{Layout, Raster, zeroed};

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
    /// The canvas without the frame that is to be taken back.
    saved: Vec<u8>,
}

impl Composer {
    /// A transparent canvas of which `region` is wanted.
    pub(super) fn new(size: Size, region: Rect) -> Result<Self, Error> {
        let samples = zeroed(size.pixels() * Layout::Rgba.channels() as u64)?;
        Ok(Self {
            canvas: Raster::cut(Layout::Rgba, size, samples, region),
            pending: None,
            saved: Vec::new(),
        })
    }

    /// The canvas as the last frame left it.
    pub(super) const fn canvas(&self) -> &Raster {
        &self.canvas
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
        self.dispose();
        if dispose == Dispose::Restore {
            let canvas = self.samples();
            let mut saved = zeroed(canvas.len() as u64)?;
            saved.copy_from_slice(canvas);
            self.saved = saved;
        }
        self.pending = Some((dispose, rect));
        for (row, pixels) in self.rows(rect).enumerate() {
            draw(row, pixels);
        }
        Ok(())
    }

    fn dispose(&mut self) {
        match self.pending.take() {
            None | Some((Dispose::Keep, _)) => {}
            Some((Dispose::Clear, rect)) => {
                for pixels in self.rows(rect) {
                    pixels.fill([0; 4]);
                }
            }
            Some((Dispose::Restore, _)) => {
                let saved = std::mem::take(&mut self.saved);
                if let Some(plane) = self.canvas.planes.first_mut() {
                    plane.samples = saved;
                }
            }
        }
    }

    fn samples(&self) -> &[u8] {
        self.canvas
            .planes
            .first()
            .map_or(&[], |plane| &plane.samples)
    }

    /// The canvas's rows under `rect`, each from the rectangle's left edge to
    /// its right edge or the canvas's.
    fn rows(&mut self, rect: Rect) -> impl Iterator<Item = &mut [[u8; 4]]> {
        let [left, top, width, height] =
            [rect.x, rect.y, rect.width, rect.height].map(|edge| edge as usize);
        self.canvas
            .planes
            .first_mut()
            .into_iter()
            .flat_map(move |plane| {
                let stride = plane.stride();
                plane
                    .samples
                    .chunks_exact_mut(stride)
                    .skip(top)
                    .take(height)
                    .filter_map(move |row| {
                        let (pixels, _) = row.as_chunks_mut::<4>();
                        let right = pixels.len().min(left + width);
                        pixels.get_mut(left..right)
                    })
            })
    }
}
