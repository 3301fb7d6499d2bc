//! What frames do to the canvas, by their rectangles alone: how much of it they change,
//! and whether they leave pixels uncovered.

use crate::geometry::Rect;

/// What becomes of a frame after its time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Stays,
    Cleared,
    TakenBack,
}

/// What frames change, and what they leave transparent, though each of their pixels be
/// opaque.
#[derive(Default)]
pub(super) struct Cover {
    /// Pixels that differ from one frame to the next, at most: those of each frame's
    /// rectangle and of the one that is disposed of before, and what lies between them.
    pub(super) changed: u64,
    /// Where the last frame is disposed of.
    disposed: Option<Rect>,
    /// What the last frame left transparent.
    cleared: Option<Rect>,
    /// Whether some frame stayed on the canvas.
    stayed: bool,
    /// Whether a frame was shown beside what was cleared before it.
    pub(super) is_broken: bool,
}

impl Cover {
    pub(super) fn add(&mut self, rect: Rect, after: After) {
        let disposed = self.disposed.take();
        let changed = disposed.map_or(rect, |disposed| disposed.around(rect));
        let pixels = u64::from(changed.width).saturating_mul(changed.height.into());
        self.changed = self.changed.saturating_add(pixels);
        if after != After::Stays {
            self.disposed = Some(rect);
        }
        let cleared = self.cleared.take();
        self.is_broken |= cleared.is_some_and(|cleared| rect.common(cleared) != Some(cleared));
        match after {
            After::Stays => self.stayed = true,
            // What was there before the first frame is nothing.
            After::TakenBack if self.stayed => {}
            After::Cleared | After::TakenBack => self.cleared = Some(rect),
        }
    }
}
