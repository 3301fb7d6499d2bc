//! Two colours in turn for one that the palette lacks.
//!
//! The pattern is a mask over the canvas (Bayer, 1973: an optimum method for two-level
//! rendition of continuous-tone pictures): which colour a pixel gets depends on itself
//! and its place, and on no neighbour and no frame before.

use super::nearest::Nearest;

/// Edge of the mask.
const EDGE: usize = 8;

/// Each of 64 levels once, as far as possible from those beside it.
const MASK: [[u8; EDGE]; EDGE] = [
    [0, 32, 8, 40, 2, 34, 10, 42],
    [48, 16, 56, 24, 50, 18, 58, 26],
    [12, 44, 4, 36, 14, 46, 6, 38],
    [60, 28, 52, 20, 62, 30, 54, 22],
    [3, 35, 11, 43, 1, 33, 9, 41],
    [51, 19, 59, 27, 49, 17, 57, 25],
    [15, 47, 7, 39, 13, 45, 5, 37],
    [63, 31, 55, 23, 61, 29, 53, 21],
];

/// How far beyond a colour its partner is looked for, in errors: the nearer the colour
/// that is wanted is to one of the palette, the farther away is the next one.
const REACHES: [i32; 4] = [1, 2, 4, 8];

/// The most that a channel is looked beyond: a partner that is farther away shows as a
/// pattern.
const FARTHEST: i32 = 48;

/// The colour for a pixel of the canvas, and its index: the nearest one, or one on the
/// other side of the colour that is wanted, each in as many places of the mask as the
/// colour is near to it.
#[inline(never)] // what isn't dithered stays a small loop
pub(super) fn find(nearest: &mut Nearest, color: [u8; 3], [x, y]: [u32; 2]) -> (u8, [u8; 3]) {
    let one = nearest.find(color);
    let error = minus(color, one.1);
    if error == [0; 3] {
        return one;
    }
    for reach in REACHES {
        let mut beyond = color;
        for (channel, error) in beyond.iter_mut().zip(error) {
            let moved = i32::from(*channel) + (reach * error).clamp(-FARTHEST, FARTHEST);
            *channel = u8::try_from(moved.clamp(0, 255)).unwrap_or(u8::MAX);
        }
        let other = nearest.find(beyond);
        let between = minus(other.1, one.1);
        // Of the way from one to the other, how much leads to what is wanted.
        let (part, whole) = (dot(error, between), dot(between, between));
        if part > 0 {
            let level = 2 * i32::from(level(x, y)) + 1;
            // On both sides of the middle, the same places get the same colour.
            let takes_other = if one.0 < other.0 {
                128 * part > level * whole
            } else {
                128 * part > (128 - level) * whole
            };
            return if takes_other { other } else { one };
        }
    }
    one
}

fn level(x: u32, y: u32) -> u8 {
    let [x, y] = [x, y].map(|at| at as usize % EDGE);
    MASK.get(y).and_then(|row| row.get(x)).copied().unwrap_or(0)
}

fn minus(one: [u8; 3], other: [u8; 3]) -> [i32; 3] {
    let ([r, g, b], [other_r, other_g, other_b]) = (one.map(i32::from), other.map(i32::from));
    [r - other_r, g - other_g, b - other_b]
}

fn dot([r, g, b]: [i32; 3], [other_r, other_g, other_b]: [i32; 3]) -> i32 {
    r * other_r + g * other_g + b * other_b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_is_there_once() {
        let mut levels = MASK.concat();
        levels.sort_unstable();
        assert!(levels.into_iter().eq(0..64));
    }

    #[test]
    fn as_many_places_as_the_colour_is_near() {
        let mut nearest = Nearest::new();
        nearest.set_palette([[10, 20, 30], [18, 20, 30]].into_iter());
        for red in 10..=18_u8 {
            let places = (0..64).map(|at| [at % 8, at / 8]);
            let found = places.map(|place| find(&mut nearest, [red, 20, 30], place).0);
            let count = found.filter(|&index| index == 1).count();
            assert_eq!(count, 8 * usize::from(red - 10));
        }
    }
}
