//! Pictures with a palette.

use super::{Picture, byte};

pub(crate) type Palette = Vec<[u8; 3]>;

/// Indices (a picture of one channel) and their colours.
#[derive(Clone)]
pub(crate) struct Indexed {
    pub(crate) indices: Picture,
    pub(crate) palette: Palette,
}

/// Levels of red, green and blue in a palette of so many bits. One level of red
/// and blue stands for shades of gray.
const fn levels(bits: u8) -> [u8; 3] {
    match bits {
        1 => [1, 2, 1],
        2 => [1, 4, 1],
        3 => [2, 2, 2],
        4 => [2, 4, 2],
        5 => [4, 4, 2],
        6 => [4, 4, 4],
        7 => [4, 8, 4],
        _ => [8, 8, 4],
    }
}

/// A palette of 2, 4, 8 ... 256 colours, evenly spread.
pub(crate) fn palette(bits: u8) -> Palette {
    let [reds, greens, blues] = levels(bits);
    let shade = |level: u8, levels: u8| byte(u32::from(level) * 255 / u32::from(levels - 1));
    let mut palette = Palette::new();
    for red in 0..reds {
        for green in 0..greens {
            for blue in 0..blues {
                let g = shade(green, greens);
                palette.push(match reds {
                    1 => [g; 3],
                    _ => [shade(red, reds), g, shade(blue, blues)],
                });
            }
        }
    }
    palette
}

/// RGB with an ordered dither of 4x4, as programs of the time made it.
pub(crate) fn indexed(rgb: &Picture, bits: u8) -> Indexed {
    const BAYER: [[u32; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    let [reds, greens, blues] = levels(bits);
    let indices = Picture::from_fn(rgb.width, rgb.height, |x, y| {
        let threshold = BAYER[y as usize % 4][x as usize % 4];
        let level = |channel: usize, levels: u8| {
            let scaled = u32::from(rgb.pixel(x, y)[channel]) * u32::from(levels - 1);
            (scaled * 16 / 255 + threshold) / 16
        };
        let [r, g, b] = [level(0, reds), level(1, greens), level(2, blues)];
        [byte((r * u32::from(greens) + g) * u32::from(blues) + b)]
    });
    Indexed {
        indices,
        palette: palette(bits),
    }
}
