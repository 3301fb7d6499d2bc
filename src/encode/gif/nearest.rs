//! The nearest of a palette's colours, for millions of pixels.

use super::cubes::{Cubes, Size};

/// The squared distance of two colours.
pub(super) fn distance([r, g, b]: [u8; 3], [other_r, other_g, other_b]: [u8; 3]) -> i32 {
    let squared = |one: u8, other: u8| (i32::from(one) - i32::from(other)).pow(2);
    squared(r, other_r) + squared(g, other_g) + squared(b, other_b)
}

/// Candidates of a larger cube that are looked at one by one: a smaller cube has hardly
/// fewer.
const FEW: usize = 4;

/// Cubes that `find_roughly` tells apart.
const ROUGH: Size = Size::Of8;

/// What nobody asked yet; and the last of 256 colours, which is found anew each time.
const UNKNOWN: u8 = u8::MAX;

/// A palette, and which of its colours are near to which others.
pub(super) struct Nearest {
    palette: Vec<[u8; 3]>,
    /// The same, up to 256. From where it ends, nobody looks.
    colors: Box<[[u8; 3]; 256]>,
    cubes: Cubes,
    /// For each cube of 8 values, the colour nearest to its middle, or `UNKNOWN`.
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
        self.roughly.clear();
        self.last = None;
    }

    /// The colour that is nearest to the middle of a colour's cube, and its index: quickly,
    /// where hardly two pixels are alike. In photos that costs 0.1 or 0.2 dB.
    #[expect(clippy::indexing_slicing, reason = "a place for each cube")]
    pub(super) fn find_roughly(&mut self, color: [u8; 3]) -> Found {
        if self.roughly.is_empty() {
            self.roughly.resize(ROUGH.count(), UNKNOWN);
        }
        let place = &mut self.roughly[ROUGH.cube(color)];
        if *place == UNKNOWN {
            *place = self.cubes.nearest_to_middle(color, ROUGH);
        }
        let index = *place;
        (index, self.colors[usize::from(index)])
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Up to so many colours, everywhere or so close that many are equally near.
    fn colors(most: usize) -> impl Strategy<Value = Vec<[u8; 3]>> {
        let few = prop::collection::vec(prop::array::uniform3(0..=20_u8), 1..=most);
        prop_oneof![prop::collection::vec(any::<[u8; 3]>(), 1..=most), few]
    }

    proptest! {
        #[test]
        fn roughly_is_the_nearest_to_the_middle(
            palettes in [colors(256), colors(256)],
            asked in colors(200),
        ) {
            let mut nearest = Nearest::new();
            for palette in palettes {
                nearest.set_palette(palette.iter().copied());
                for &color in &asked {
                    let middle = color.map(|channel| channel / 8 * 8 + 4);
                    let distances = palette.iter().map(|&known| distance(known, middle));
                    let (index, _) = distances.enumerate().min_by_key(|&(_, d)| d).unwrap();
                    let (found, known) = nearest.find_roughly(color);
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
