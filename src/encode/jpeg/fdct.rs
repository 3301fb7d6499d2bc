//! The forward DCT (T.81, A.3.3) in integers.

use super::component::{BLOCK_EDGE, LANES, Samples};

/// One value for each lane, 64 of them in natural order: row by row, the lowest frequency first.
pub(super) type Lanes<T> = [[T; LANES]; BLOCK_EDGE * BLOCK_EDGE];

/// Fraction bits of the cosines below.
const COSINE_BITS: u32 = 13;
/// Fraction bits that the first pass leaves for the second.
const PASS_BITS: u32 = 2;

/// What outputs 2 and 6 take from the differences of the folded input, and what the odd outputs
/// take from those of the whole input: `sqrt(2) * cos(k * pi / 16)`, times 2^13.
///
/// Several are one off the nearest integer. They are what the usual factorisation into twelve
/// multiplications (Loeffler, Ligtenberg and Moschytz, ICASSP 1989) amounts to when its constants
/// are rounded to 13 bits; with them the coefficients are those of the accurate integer DCT that
/// most JPEG software shares.
const EVEN: [[i32; 2]; 2] = [[10703, 4433], [4433, -10704]];
const ODD: [[i32; 4]; 4] = [
    [11363, 9633, 6437, 2260],
    [9633, -2259, -11362, -6436],
    [6437, -11362, 2261, 9633],
    [2260, -6436, 9633, -11363],
];

/// Room for a transform, kept from one to the next.
pub(super) struct Fdct {
    rows: Lanes<i32>,
    coefficients: Lanes<i16>,
}

impl Fdct {
    pub(super) const fn new() -> Self {
        Self {
            rows: [[0; LANES]; 64],
            coefficients: [[0; LANES]; 64],
        }
    }

    /// Transforms one block a lane. The coefficients are [`SCALE`] times those of T.81.
    #[inline(always)]
    pub(super) fn transform(&mut self, samples: &Samples) -> &Lanes<i16> {
        transform_rows(samples, &mut self.rows);
        transform_columns(&self.rows, &mut self.coefficients);
        &self.coefficients
    }
}

/// Each pass scales by `sqrt(8)`. The quantiser divides that out.
pub(super) const SCALE: u16 = 8;

/// The first pass. Its output is scaled by `sqrt(8)` and has [`PASS_BITS`].
#[inline(always)]
fn transform_rows(samples: &Samples, rows: &mut Lanes<i32>) {
    for (samples, outputs) in samples.iter().zip(rows.as_chunks_mut::<BLOCK_EDGE>().0) {
        let blocks = samples.as_chunks::<BLOCK_EDGE>().0;
        for lane in 0..LANES {
            let word = u64::from_le_bytes(blocks[lane]);
            let mut input = [0; BLOCK_EDGE];
            for (index, sample) in input.iter_mut().enumerate() {
                *sample = i32::from((word >> (8 * index)) as u8);
            }
            let sums = transform(input);
            // Samples are centred on zero. Only the lowest frequency sees that.
            outputs[0][lane] = (sums[0] - 8 * 128) << PASS_BITS;
            outputs[4][lane] = sums[4] << PASS_BITS;
            for u in [1, 2, 3, 5, 6, 7] {
                outputs[u][lane] = round(sums[u], COSINE_BITS - PASS_BITS);
            }
        }
    }
}

/// The second pass. Scales by `sqrt(8)` once more and drops [`PASS_BITS`].
#[inline(always)]
fn transform_columns(rows: &Lanes<i32>, coefficients: &mut Lanes<i16>) {
    for u in 0..BLOCK_EDGE {
        for lane in 0..LANES {
            let mut input = [0; BLOCK_EDGE];
            for (y, value) in input.iter_mut().enumerate() {
                *value = rows[y * BLOCK_EDGE + u][lane];
            }
            let sums = transform(input);
            for v in [0, 4] {
                coefficients[v * BLOCK_EDGE + u][lane] = round(sums[v], PASS_BITS) as i16;
            }
            for v in [1, 2, 3, 5, 6, 7] {
                coefficients[v * BLOCK_EDGE + u][lane] =
                    round(sums[v], COSINE_BITS + PASS_BITS) as i16;
            }
        }
    }
}

/// Eight samples to eight frequencies, exactly: 0 and 4 as plain sums, the others with
/// [`COSINE_BITS`].
#[inline(always)]
fn transform(input: [i32; BLOCK_EDGE]) -> [i32; BLOCK_EDGE] {
    let mut sums = [0; 4];
    let mut differences = [0; 4];
    for index in 0..4 {
        let (value, mirrored) = (input[index], input[7 - index]);
        sums[index] = value + mirrored;
        differences[index] = value - mirrored;
    }
    let (outer, inner) = (sums[0] + sums[3], sums[1] + sums[2]);
    let folded = [sums[0] - sums[3], sums[1] - sums[2]];
    [
        outer + inner,
        dot(differences, ODD[0]),
        dot(folded, EVEN[0]),
        dot(differences, ODD[1]),
        outer - inner,
        dot(differences, ODD[2]),
        dot(folded, EVEN[1]),
        dot(differences, ODD[3]),
    ]
}

#[inline(always)]
fn dot<const N: usize>(values: [i32; N], cosines: [i32; N]) -> i32 {
    let mut sum = 0;
    for index in 0..N {
        sum += values[index] * cosines[index];
    }
    sum
}

/// Drops fraction bits, halves rounded up.
#[inline(always)]
fn round(value: i32, bits: u32) -> i32 {
    (value + (1 << (bits - 1))) >> bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::{FRAC_1_SQRT_2, PI};

    type Picture = [[u8; BLOCK_EDGE]; BLOCK_EDGE];

    /// Transforms the same block in every lane, and checks that the lanes agree.
    fn transformed(block: &Picture) -> [i16; 64] {
        let mut samples = [[0; LANES * BLOCK_EDGE]; BLOCK_EDGE];
        for (samples, row) in samples.iter_mut().zip(block) {
            samples.as_chunks_mut().0.fill(*row);
        }
        Fdct::new().transform(&samples).map(|lanes| {
            assert_eq!(lanes, [lanes[0]; LANES]);
            lanes[0]
        })
    }

    /// The definition (T.81, A.3.3), with our scale.
    fn defined(block: &Picture) -> [f64; 64] {
        let norm = |frequency| if frequency == 0 { FRAC_1_SQRT_2 } else { 1.0 };
        std::array::from_fn(|index| {
            let (u, v) = (index % 8, index / 8);
            let mut sum = 0.0;
            for (y, row) in block.iter().enumerate() {
                for (x, &sample) in row.iter().enumerate() {
                    sum += (f64::from(sample) - 128.0) * cosine(x, u) * cosine(y, v);
                }
            }
            f64::from(SCALE) / 4.0 * norm(u) * norm(v) * sum
        })
    }

    fn cosine(position: usize, frequency: usize) -> f64 {
        let [position, frequency] = [position, frequency].map(|index| f64::from(index as u8));
        ((2.0 * position + 1.0) * frequency * PI / 16.0).cos()
    }

    /// For each frequency the two blocks that have most of it.
    fn extremes() -> impl Iterator<Item = Picture> {
        (0..128).map(|index| {
            let (u, v, peak) = (index % 8, index / 8 % 8, index < 64);
            std::array::from_fn(|y| {
                std::array::from_fn(|x| {
                    let positive = cosine(x, u) * cosine(y, v) > 0.0;
                    if positive == peak { u8::MAX } else { 0 }
                })
            })
        })
    }

    fn noise() -> impl Iterator<Item = Picture> {
        let mut state = 1_u32;
        std::iter::repeat_with(move || {
            [[(); BLOCK_EDGE]; BLOCK_EDGE].map(|row| {
                row.map(|()| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 24) as u8
                })
            })
        })
    }

    #[test]
    fn is_the_dct_within_a_quarter_of_the_finest_step() {
        for block in extremes().chain(noise().take(500)) {
            for (ours, exact) in transformed(&block).into_iter().zip(defined(&block)) {
                assert!(
                    (f64::from(ours) - exact).abs() < 2.0,
                    "{ours} {exact} {block:?}"
                );
            }
        }
    }

    #[test]
    fn coefficients_fit_the_baseline_categories() {
        for block in extremes() {
            let [dc, ac @ ..] = transformed(&block);
            assert!((-8 * 1024..8 * 1024).contains(&dc));
            assert!(ac.iter().all(|ac| ac.unsigned_abs() < 8 * 1023), "{ac:?}");
        }
    }
}
