//! The order in which an interlaced picture is stored (W3C PNG, section 8.2).

use crate::geometry::Size;

/// Pixels that are stored together, as a picture of their own: those of some
/// columns and rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pass {
    left: u32,
    top: u32,
    right: u32,
    down: u32,
}

const fn pass([left, top, right, down]: [u32; 4]) -> Pass {
    Pass {
        left,
        top,
        right,
        down,
    }
}

/// A picture that is not interlaced.
const WHOLE: [Pass; 1] = [pass([0, 0, 1, 1])];

const PASSES: [Pass; 7] = [
    pass([0, 0, 8, 8]),
    pass([4, 0, 8, 8]),
    pass([0, 4, 4, 8]),
    pass([2, 0, 4, 4]),
    pass([0, 2, 2, 4]),
    pass([1, 0, 2, 2]),
    pass([0, 1, 1, 2]),
];

/// The passes of a picture that have pixels.
pub(super) fn passes(size: Size, interlaced: bool) -> impl Iterator<Item = Pass> {
    let passes = if interlaced { &PASSES[..] } else { &WHOLE[..] };
    let has_pixels = move |pass: &Pass| pass.width(size) > 0 && pass.height(size) > 0;
    passes.iter().copied().filter(has_pixels)
}

impl Pass {
    /// Pixels of a row of it.
    pub(super) const fn width(self, size: Size) -> u32 {
        size.width().saturating_sub(self.left).div_ceil(self.right)
    }

    /// Its rows.
    pub(super) const fn height(self, size: Size) -> u32 {
        size.height().saturating_sub(self.top).div_ceil(self.down)
    }

    /// Which row of the picture one of its rows is.
    pub(super) const fn row(self, number: u32) -> u32 {
        self.top + number * self.down
    }

    /// Puts the pixels of a row where they belong in the row of the picture.
    pub(super) fn scatter(self, pixels: &[u8], channels: usize, row: &mut [u8]) {
        let places = row.chunks_exact_mut(channels);
        let places = places.skip(self.left as usize).step_by(self.right as usize);
        for (place, pixel) in places.zip(pixels.chunks_exact(channels)) {
            place.copy_from_slice(pixel);
        }
    }
}
