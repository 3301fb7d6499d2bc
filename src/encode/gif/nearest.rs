//! The nearest of a palette's colours, for millions of pixels.

use super::rough::Rough;

/// Bits of each channel that tell one cell of colours from the next.
const CELL_BITS: u32 = 6;
/// Cells that there are.
pub(super) const CELLS: usize = 1 << (3 * CELL_BITS);

/// The cell of a colour.
pub(super) fn cell([r, g, b]: [u8; 3]) -> usize {
    [r, g, b].into_iter().fold(0, |cell, channel| {
        cell << CELL_BITS | usize::from(channel >> (8 - CELL_BITS))
    })
}

/// Which of the cells that are twice as wide a cell is in.
pub(super) fn wider(cell: usize) -> usize {
    let channel = |shift: u32| cell >> (shift * CELL_BITS + 1) & ((1 << (CELL_BITS - 1)) - 1);
    [2, 1, 0]
        .into_iter()
        .fold(0, |wider, shift| wider << (CELL_BITS - 1) | channel(shift))
}

/// The squared distance of two colours.
pub(super) fn distance([r, g, b]: [u8; 3], [other_r, other_g, other_b]: [u8; 3]) -> i32 {
    let squared = |one: u8, other: u8| (i32::from(one) - i32::from(other)).pow(2);
    squared(r, other_r) + squared(g, other_g) + squared(b, other_b)
}

/// A palette, and for each cell that was asked for, the colours of which one is
/// the nearest for any colour in it: three or so of 256.
pub(super) struct Nearest {
    palette: Vec<[u8; 3]>,
    /// The same, up to 256: black from where it ends.
    colors: Box<[[u8; 3]; 256]>,
    /// Which of them may be the nearest for a cell and those around it.
    rough: Rough,
    /// Where a cell's candidates begin, plus one; 0 where nobody asked yet.
    starts: Vec<u32>,
    /// Cells that were asked for.
    asked: Vec<u32>,
    /// Their number less one, then themselves.
    candidates: Vec<u8>,
    /// The last question and its answer: neighbours are often alike.
    last: Option<([u8; 3], Found)>,
}

/// An index and its colour.
type Found = (u8, [u8; 3]);

/// Candidates that are remembered, or all are forgotten: a bound for pictures that
/// are made to ask for many.
const MOST: usize = 1 << 22;

impl Nearest {
    pub(super) fn new() -> Self {
        Self {
            palette: Vec::new(),
            colors: Box::new([[0; 3]; 256]),
            rough: Rough::new(),
            starts: vec![0; CELLS],
            asked: Vec::new(),
            candidates: Vec::new(),
            last: None,
        }
    }

    pub(super) fn palette(&self) -> &[[u8; 3]] {
        &self.palette
    }

    /// Takes another palette, of 256 colours at most.
    pub(super) fn set_palette(&mut self, palette: impl Iterator<Item = [u8; 3]>) {
        self.palette.clear();
        self.palette.extend(palette.take(256));
        for (to, &color) in self.colors.iter_mut().zip(&self.palette) {
            *to = color;
        }
        self.rough
            .set(self.palette.iter().map(|color| color.map(f32::from)));
        self.forget();
    }

    fn forget(&mut self) {
        self.last = None;
        self.candidates.clear();
        for cell in self.asked.drain(..) {
            if let Some(start) = self.starts.get_mut(cell as usize) {
                *start = 0;
            }
        }
    }

    /// The nearest colour and its index; the first of those that are equally near.
    #[inline]
    pub(super) fn find(&mut self, color: [u8; 3]) -> Found {
        if let Some((asked, found)) = self.last
            && asked == color
        {
            return found;
        }
        let cell = cell(color);
        let start = match self.starts.get(cell) {
            Some(0) | None => self.ask(cell),
            Some(&start) => start,
        };
        let candidates = self.candidates.get(start as usize - 1..);
        let (&more, candidates) = (candidates.and_then(<[u8]>::split_first)).unwrap_or((&0, &[]));
        let candidates = candidates.get(..=more.into()).unwrap_or_default();
        let mut best = (i32::MAX, 0, color);
        for &index in candidates {
            let known = self.color(index);
            let distance = distance(known, color);
            if distance < best.0 {
                best = (distance, index, known);
            }
        }
        let found = (best.1, best.2);
        self.last = Some((color, found));
        found
    }

    #[expect(clippy::indexing_slicing, reason = "a u8 indexes an array of 256")]
    fn color(&self, index: u8) -> [u8; 3] {
        self.colors[usize::from(index)]
    }

    /// Finds a cell's candidates: those that are no farther from its middle than
    /// the nearest one and the cell's diagonal together.
    #[cold]
    fn ask(&mut self, cell: usize) -> u32 {
        if self.candidates.len() > MOST {
            self.forget();
        }
        let corner = [2 * CELL_BITS, CELL_BITS, 0].map(|shift| {
            let channel = u8::try_from((cell >> shift) % (1 << CELL_BITS)).unwrap_or(0);
            channel << (8 - CELL_BITS)
        });
        // In halves, to be whole.
        let middle = corner.map(|channel| 2 * i32::from(channel) + WIDTH - 1);
        let mut distances = [0; 256];
        let rough = self.rough.near(corner);
        for (to, &index) in distances.iter_mut().zip(rough) {
            let color = self.colors.get(usize::from(index)).copied();
            *to = (color.unwrap_or_default().into_iter().zip(middle))
                .map(|(channel, middle)| (2 * i32::from(channel) - middle).pow(2))
                .sum();
        }
        let distances = distances.get(..rough.len()).unwrap_or_default();
        let least = distances.iter().copied().min().unwrap_or(0);
        let reach = reach(least);
        let start = self.candidates.len();
        self.candidates.push(0);
        let near = rough.iter().zip(distances);
        let near = near.filter(|&(_, &distance)| distance <= reach);
        self.candidates.extend(near.map(|(&index, _)| index));
        let more = self.candidates.len().saturating_sub(start + 2);
        if let Some(place) = self.candidates.get_mut(start) {
            *place = u8::try_from(more).unwrap_or(u8::MAX);
        }
        let start = u32::try_from(start + 1).unwrap_or(u32::MAX);
        if let Some(place) = self.starts.get_mut(cell) {
            *place = start;
        }
        self.asked.push(u32::try_from(cell).unwrap_or(u32::MAX));
        start
    }
}

/// Values of a channel in a cell.
const WIDTH: i32 = 1 << (8 - CELL_BITS);

/// From one corner of a cell to the opposite one, in halves: 6 · √3, rounded up.
const DIAGONAL: f32 = 10.4;

/// The squared distance that is a diagonal more than that of the nearest colour, in halves,
/// rounded up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "whole numbers below 2^20, and below 2^21"
)]
fn reach(least: i32) -> i32 {
    let least = least as f32;
    (least + DIAGONAL * DIAGONAL + 2.0 * DIAGONAL * least.sqrt()) as i32 + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_colour_is_nearer(
            palette in prop::collection::vec(any::<[u8; 3]>(), 1..=256),
            colors in prop::collection::vec(any::<[u8; 3]>(), 1..200),
        ) {
            let mut nearest = Nearest::new();
            nearest.set_palette(palette[..1].iter().copied());
            nearest.find([1, 2, 3]);
            nearest.set_palette(palette.iter().copied());
            for color in colors {
                let (found, known) = nearest.find(color);
                prop_assert_eq!(known, palette[usize::from(found)]);
                let distances = palette.iter().map(|&known| distance(known, color));
                let (index, _) = distances.enumerate().min_by_key(|&(_, d)| d).unwrap();
                prop_assert_eq!(usize::from(found), index);
            }
        }
    }
}
