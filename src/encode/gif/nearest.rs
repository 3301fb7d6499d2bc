//! The nearest of a palette's colours, for millions of pixels.

use super::cubes::{Cubes, Size};
use super::histogram::{COARSE, Histogram};

/// The squared distance of two colours.
pub(super) fn distance([r, g, b]: [u8; 3], [other_r, other_g, other_b]: [u8; 3]) -> i32 {
    let squared = |one: u8, other: u8| (i32::from(one) - i32::from(other)).pow(2);
    squared(r, other_r) + squared(g, other_g) + squared(b, other_b)
}

/// Candidates of a larger cube that are looked at one by one: a smaller cube has hardly
/// fewer.
const FEW: usize = 4;

/// What nobody asked yet; and the last of 256 colours, which is found anew each time.
const UNKNOWN: u8 = u8::MAX;

/// A palette, and which of its colours are near to which others.
pub(super) struct Nearest {
    palette: Vec<[u8; 3]>,
    /// The same, up to 256. From where it ends, nobody looks.
    colors: Box<[[u8; 3]; 256]>,
    cubes: Cubes,
    /// What `Roughly` found, cell by cell, or `UNKNOWN`.
    roughly: Vec<u8>,
    /// The last question and its answer: neighbours are often alike.
    last: Option<([u8; 3], Found)>,
}

/// An index and its colour.
type Found = (u8, [u8; 3]);

impl Nearest {
    pub(super) fn new() -> Self {
        Self {
            palette: Vec::new(),
            colors: Box::new([[0; 3]; 256]),
            cubes: Cubes::new(),
            roughly: Vec::new(),
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
        let colors = self.palette.iter().map(|color| color.map(f32::from));
        self.cubes.set(colors);
        self.last = None;
    }

    /// What finds colours cell by cell, for a frame that was counted in wide cells.
    pub(super) fn roughly<'a>(&'a mut self, histogram: &'a Histogram) -> Roughly<'a> {
        self.roughly.clear();
        self.roughly.resize(COARSE.count(), UNKNOWN);
        Roughly {
            indices: &mut self.roughly,
            colors: &self.colors,
            cubes: &mut self.cubes,
            histogram,
        }
    }

    /// The nearest colour and its index; the first of those that are equally near.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a u8 indexes an array of 256")]
    pub(super) fn find(&mut self, color: [u8; 3]) -> Found {
        if let Some((asked, found)) = self.last
            && asked == color
        {
            return found;
        }
        let colors = &self.colors;
        let mut candidates = self.cubes.near(color, Size::Of8);
        if candidates.len() > FEW {
            candidates = self.cubes.near(color, Size::Of4);
        }
        let mut best = (i32::MAX, 0, color);
        for &index in candidates {
            let known = colors[usize::from(index)];
            let distance = distance(known, color);
            if distance < best.0 {
                best = (distance, index, known);
            }
        }
        let found = (best.1, best.2);
        self.last = Some((color, found));
        found
    }
}

/// Finds, for a colour, the one that is nearest to the mean of the colour's cell: quickly,
/// where hardly two pixels are alike. In a cell of which no pixel was counted, that is the
/// one that is nearest to its middle.
pub(super) struct Roughly<'a> {
    indices: &'a mut [u8],
    colors: &'a [[u8; 3]; 256],
    cubes: &'a mut Cubes,
    histogram: &'a Histogram,
}

impl Roughly<'_> {
    /// The index of that colour, and that colour.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a u8 indexes an array of 256")]
    pub(super) fn find(&mut self, color: [u8; 3]) -> Found {
        let index = match self.indices.get(COARSE.cube(color)) {
            Some(&index) if index != UNKNOWN => index,
            _ => self.ask(color),
        };
        (index, self.colors[usize::from(index)])
    }

    #[cold]
    fn ask(&mut self, color: [u8; 3]) -> u8 {
        let index = self.cubes.nearest(self.histogram.mean(color));
        if let Some(place) = self.indices.get_mut(COARSE.cube(color)) {
            *place = index;
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    /// Up to so many colours, everywhere or so close that many are equally near.
    fn colors(most: usize) -> impl Strategy<Value = Vec<[u8; 3]>> {
        let few = prop::collection::vec(prop::array::uniform3(0..=20_u8), 1..=most);
        prop_oneof![prop::collection::vec(any::<[u8; 3]>(), 1..=most), few]
    }

    proptest! {
        #[test]
        fn roughly_is_the_nearest_to_the_mean_of_a_cell(
            seed in any::<u32>(),
            palettes in [colors(256), colors(256)],
            asked in colors(200),
        ) {
            // In pairs: of pixels that are alike, none is left out.
            let counted = (0..80_000_u32).map(|pixel| {
                let [r, g, b, _] = (pixel / 2 + seed % 1000).wrapping_mul(0x9E37_79B1).to_le_bytes();
                [r, g, b]
            });
            let mut histogram = Histogram::new();
            prop_assert!(histogram.count(counted.clone(), true, false).1);
            let cell = |color: [u8; 3]| color.map(|channel| channel / 8);
            let mut cells: HashMap<_, ([u32; 3], u32)> = HashMap::new();
            for color in counted {
                let (sums, count) = cells.entry(cell(color)).or_default();
                *count += 1;
                for (sum, channel) in sums.iter_mut().zip(color) {
                    *sum += u32::from(channel);
                }
            }
            let mut nearest = Nearest::new();
            for palette in palettes {
                nearest.set_palette(palette.iter().copied());
                let mut roughly = nearest.roughly(&histogram);
                for &color in &asked {
                    let middle = cell(color).map(|channel| channel * 8 + 4);
                    let mean = cells.get(&cell(color)).map_or(middle, |(sums, count)| {
                        sums.map(|sum| u8::try_from(sum / count).unwrap())
                    });
                    let distances = palette.iter().map(|&known| distance(known, mean));
                    let (index, _) = distances.enumerate().min_by_key(|&(_, d)| d).unwrap();
                    let (found, known) = roughly.find(color);
                    prop_assert_eq!(usize::from(found), index);
                    prop_assert_eq!(known, palette[index]);
                }
            }
        }

        #[test]
        fn no_colour_is_nearer(palette in colors(256), colors in colors(200)) {
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
