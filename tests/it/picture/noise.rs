//! Noise that has the statistics of a photo: the coarser, the stronger, and
//! with edges. Flat colours would compress, decode and resample unlike photos.

use super::{Picture, byte};

/// A photo of nothing, in RGB.
pub(crate) fn photo(width: u32, height: u32, seed: u32) -> Picture {
    let longest = width.max(height);
    let luma = plane(width, height, seed, 2);
    let blue = plane(width, height, hash(seed, 1, 0), (longest / 16).max(4));
    let red = plane(width, height, hash(seed, 2, 0), (longest / 16).max(4));
    let discs = discs(width, height, seed);
    let row = width as usize;
    Picture::from_fn(width, height, |x, y| {
        let at = y as usize * row + x as usize;
        let mut ycc = [128 + luma[at] / 5, blue[at] / 14, red[at] / 14];
        for disc in discs.iter().filter(|disc| disc.covers(x, y)) {
            for (sample, shift) in ycc.iter_mut().zip(disc.shift) {
                *sample += shift;
            }
        }
        rgb(ycc)
    })
}

/// The sum of octaves of smooth noise, down to cells of `finest` pixels: values
/// around 0, rarely beyond 600.
pub(crate) fn plane(width: u32, height: u32, seed: u32, finest: u32) -> Vec<i32> {
    let mut plane = vec![0; width as usize * height as usize];
    let mut cell = (width.max(height) / 2).next_power_of_two().max(finest);
    let mut amplitude = 400;
    while cell >= finest {
        add_octave(&mut plane, width, cell, amplitude, hash(seed, cell, 7));
        cell /= 2;
        amplitude = amplitude * 11 / 16;
    }
    plane
}

/// Adds smoothly interpolated values of a lattice, each within `amplitude`.
fn add_octave(plane: &mut [i32], width: u32, cell: u32, amplitude: i32, seed: u32) {
    let fractions: Vec<i32> = (0..cell).map(|at| smooth(at, cell)).collect();
    let cell = cell as usize;
    let columns = width / u32::try_from(cell).unwrap_or(1) + 2;
    let lattice = |row: usize| -> Vec<i32> {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        (0..columns)
            .map(|column| signed(hash(seed, column, row)))
            .collect()
    };
    for (band, rows) in plane.chunks_mut(width as usize * cell).enumerate() {
        let (above, below) = (lattice(band), lattice(band + 1));
        for (row, &down) in rows.chunks_exact_mut(width as usize).zip(&fractions) {
            let between: Vec<i32> = above
                .iter()
                .zip(&below)
                .map(|(&above, &below)| mix(above, below, down) * amplitude / 256)
                .collect();
            for (values, ends) in row.chunks_mut(cell).zip(between.windows(2)) {
                for (value, &along) in values.iter_mut().zip(&fractions) {
                    *value += mix(ends[0], ends[1], along);
                }
            }
        }
    }
}

/// Noise along a line: a height between -256 and 256 for every place.
pub(crate) fn ridge(at: u32, cell: u32, seed: u32) -> i32 {
    let along = smooth(at % cell, cell);
    let end = |step| signed(hash(seed, at / cell + step, 3));
    mix(end(0), end(1), along)
}

/// How far `at` is on the way through a cell, in 256ths, slow at both ends.
fn smooth(at: u32, cell: u32) -> i32 {
    let t = at * 256 / cell;
    i32::try_from((t * t * (768 - 2 * t)) >> 16).unwrap_or(256)
}

pub(crate) const fn mix(from: i32, to: i32, part_of_256: i32) -> i32 {
    from + (to - from) * part_of_256 / 256
}

fn signed(hash: u32) -> i32 {
    i32::try_from(hash >> 23).unwrap_or_default() - 256
}

/// A number that looks random, the same for the same place.
pub(crate) const fn hash(seed: u32, x: u32, y: u32) -> u32 {
    // The steps and constants of xxHash32's last rounds mix well enough.
    let mut hash = seed
        .wrapping_add(x.wrapping_mul(0x9E37_79B1))
        .rotate_left(13)
        .wrapping_add(y.wrapping_mul(0xC2B2_AE3D));
    hash = (hash ^ (hash >> 15)).wrapping_mul(0x85EB_CA77);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xC2B2_AE3D);
    hash ^ (hash >> 16)
}

/// A round thing in the picture, for the sake of its edge.
struct Disc {
    center: [i64; 2],
    radius: i64,
    shift: [i32; 3],
}

impl Disc {
    fn covers(&self, x: u32, y: u32) -> bool {
        let [dx, dy] = [i64::from(x) - self.center[0], i64::from(y) - self.center[1]];
        dx * dx + dy * dy < self.radius * self.radius
    }
}

fn discs(width: u32, height: u32, seed: u32) -> Vec<Disc> {
    let longest = width.max(height);
    (0..5)
        .map(|disc| {
            let random = |what| hash(seed, 100 + disc, what);
            let shift = |what, most| signed(random(what)) * most / 256;
            Disc {
                center: [(random(0) % width).into(), (random(1) % height).into()],
                radius: (longest / 16 + random(2) % (longest / 6 + 1)).into(),
                shift: [shift(3, 48), shift(4, 28), shift(5, 28)],
            }
        })
        .collect()
}

/// JFIF's YCbCr as RGB, the differences being around 0.
fn rgb([y, cb, cr]: [i32; 3]) -> [u8; 3] {
    [
        byte(y + cr * 359 / 256),
        byte(y - (cb * 88 + cr * 183) / 256),
        byte(y + cb * 454 / 256),
    ]
}
