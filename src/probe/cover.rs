//! Whether frames leave pixels of the canvas uncovered, by their rectangles alone.

use crate::geometry::Rect;

/// What becomes of a frame after its time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Stays,
    Cleared,
    TakenBack,
}

/// What frames leave transparent, though each of their pixels be opaque.
#[derive(Default)]
pub(super) struct Cover {
    /// What the last frame left transparent.
    cleared: Option<Rect>,
    /// Whether some frame stayed on the canvas.
    stayed: bool,
    /// Whether a frame was shown beside what was cleared before it.
    pub(super) is_broken: bool,
}

impl Cover {
    pub(super) fn add(&mut self, rect: Rect, after: After) {
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
