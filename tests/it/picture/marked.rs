//! Pictures of which a person sees at once whether they are upright.

use super::{Picture, noise};

/// A letter F on noise, with a corner each in red (top left), green (top
/// right), blue (bottom left) and yellow (bottom right).
pub(crate) fn upright(width: u32, height: u32, seed: u32) -> Picture {
    let ground = noise::photo(width, height, seed);
    Picture::from_fn(width, height, |x, y| {
        let noise = [0, 1, 2].map(|channel| ground.pixel(x, y)[channel] / 2);
        let tint = |rgb: [u8; 3]| [0, 1, 2].map(|channel| noise[channel] / 2 + rgb[channel]);
        // Places in twelfths of the edges.
        let (column, row) = (x * 12 / width, y * 12 / height);
        match (column, row) {
            (0..=1, 0..=1) => tint([190, 0, 0]),
            (10..=11, 0..=1) => tint([0, 190, 0]),
            (0..=1, 10..=11) => tint([0, 0, 190]),
            (10..=11, 10..=11) => tint([190, 190, 0]),
            (4, 2..=9) | (5..=7, 2) | (5..=6, 5) => tint([190, 190, 190]),
            _ => noise,
        }
    })
}
