//! The nearest of a palette's colours, for millions of pixels.

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

/// The squared distance of two colours.
pub(super) fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.into_iter()
        .zip(other)
        .map(|(a, b)| u32::from(a.abs_diff(b)).pow(2))
        .sum()
}

/// A palette, and for each cell that was asked for, the colours of which one is
/// the nearest for any colour in it: three or so of 256.
pub(super) struct Nearest {
    palette: Vec<[u8; 3]>,
    /// Where a cell's candidates begin, plus one; 0 where nobody asked yet.
    starts: Vec<u32>,
    /// Cells that were asked for.
    asked: Vec<u32>,
    /// Their number, then themselves.
    candidates: Vec<u8>,
}

/// The most candidates of a cell. Where palettes are so dense that there were
/// more, the error is small whichever is taken.
const MOST: usize = 24;

impl Nearest {
    pub(super) fn new() -> Self {
        Self {
            palette: Vec::new(),
            starts: vec![0; CELLS],
            asked: Vec::new(),
            candidates: Vec::new(),
        }
    }

    pub(super) fn palette(&self) -> &[[u8; 3]] {
        &self.palette
    }

    pub(super) fn set_palette(&mut self, palette: impl Iterator<Item = [u8; 3]>) {
        self.palette.clear();
        self.palette.extend(palette);
        self.candidates.clear();
        for cell in self.asked.drain(..) {
            if let Some(start) = self.starts.get_mut(cell as usize) {
                *start = 0;
            }
        }
    }

    /// The nearest colour and its index; the first of those that are equally near.
    pub(super) fn find(&mut self, color: [u8; 3]) -> (u8, [u8; 3]) {
        let cell = cell(color);
        let start = match self.starts.get(cell) {
            Some(0) | None => self.ask(cell),
            Some(&start) => start,
        };
        let candidates = self
            .candidates
            .get(start as usize - 1..)
            .unwrap_or_default();
        let (&count, candidates) = candidates.split_first().unwrap_or((&0, &[]));
        let candidates = candidates.get(..count.into()).unwrap_or_default();
        let mut best = (u32::MAX, (0, color));
        for &index in candidates {
            let known = self
                .palette
                .get(usize::from(index))
                .copied()
                .unwrap_or_default();
            let distance = distance(known, color);
            if distance < best.0 {
                best = (distance, (index, known));
            }
        }
        best.1
    }

    /// Finds a cell's candidates: those that are no farther from its middle than
    /// the nearest one and the cell's diagonal together.
    #[cold]
    fn ask(&mut self, cell: usize) -> u32 {
        let start = u32::try_from(self.candidates.len() + 1).unwrap_or(u32::MAX);
        // In halves, so that the middle of four values is a whole number.
        let middle = [2 * CELL_BITS, CELL_BITS, 0].map(|shift| {
            let channel = (cell >> shift) % (1 << CELL_BITS);
            i32::try_from(channel << (9 - CELL_BITS)).unwrap_or(0) + WIDTH - 1
        });
        let from_middle = |color: [u8; 3]| -> i32 {
            let halves = color.into_iter().zip(middle);
            halves
                .map(|(channel, middle)| (2 * i32::from(channel) - middle).pow(2))
                .sum()
        };
        let mut distances: Vec<(i32, u8)> = (self.palette.iter().map(|&color| from_middle(color)))
            .zip(0..=u8::MAX)
            .collect();
        let least = distances
            .iter()
            .map(|&(distance, _)| distance)
            .min()
            .unwrap_or(0);
        // (√least + 2r)² with the radius r, rounded up.
        let reach = least + DIAGONAL.pow(2) + 2 * DIAGONAL * (least.isqrt() + 1);
        distances.retain(|&(distance, _)| distance <= reach);
        if distances.len() > MOST {
            distances.sort_unstable();
            distances.truncate(MOST);
            distances.sort_unstable_by_key(|&(_, index)| index);
        }
        self.candidates
            .push(u8::try_from(distances.len()).unwrap_or(u8::MAX));
        self.candidates
            .extend(distances.iter().map(|&(_, index)| index));
        if let Some(place) = self.starts.get_mut(cell) {
            *place = start;
        }
        self.asked.push(u32::try_from(cell).unwrap_or(u32::MAX));
        start
    }
}

/// Values of a channel in a cell.
const WIDTH: i32 = 1 << (8 - CELL_BITS);
/// From one corner of a cell to the opposite one, in halves: 2 · 3 · √3, rounded up.
const DIAGONAL: i32 = 11;

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
