//! Inverse discrete cosine transforms (T.81 A.3.3) of many blocks at once, whole or reduced.
//!
//! A [`Group`] holds blocks whose rows of samples make 64 bytes side by side: 8 blocks of 8
//! samples, 16 of 4, 32 of 2 or 64 of 1. Coefficients of the same place stand together, so that a
//! plain loop over the blocks is what the compiler turns into vector code. All arithmetic is in
//! integers that wrap, so every machine gives the same samples.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "places are constants, or below the lanes and edges of a group, which give its \
              size; a coefficient has 16 bits, sums of four of them 18, and whatever else \
              hostile ones come to wraps, then is clamped to 8"
)]

/// Samples in a row of a group.
pub(super) const ROW: usize = 64;

/// Rows of samples; a group of `edge` samples a block fills the first `edge` of them.
pub(super) type Rows = [[u8; ROW]; 8];

/// Coefficients of the blocks of a group, after dequantisation.
///
/// Coefficient `place` of block `lane` is at `place * lanes + lane`; places beyond the last are for
/// coefficients that nobody wants.
#[derive(Clone)]
pub(super) struct Group {
    coefficients: [i16; Group::SIZE],
}

impl Group {
    /// A power of two, so that a mask proves an index to be in range.
    const SIZE: usize = 1024;

    /// The place whose values are never read, when blocks have `edge` samples.
    pub(super) const fn unwanted(edge: u32) -> u16 {
        (edge * edge) as u16
    }

    pub(super) const fn new() -> Self {
        Self {
            coefficients: [0; Self::SIZE],
        }
    }

    /// How many blocks a group of `edge` samples a block holds.
    pub(super) const fn lanes(edge: u32) -> u32 {
        ROW as u32 / edge
    }

    #[inline(always)]
    pub(super) fn set(&mut self, index: usize, value: i16) {
        self.coefficients[index % Self::SIZE] = value;
    }

    /// Takes the coefficients of all blocks as they lie in another group, and adds to the first one
    /// of each block, which is in units of `step` there.
    #[inline(always)]
    pub(super) fn load(&mut self, wanted: &[i16], lanes: usize, correction: i16, step: i16) {
        if let Some(own) = self.coefficients.get_mut(..wanted.len()) {
            own.copy_from_slice(wanted);
        }
        for dc in self.coefficients.iter_mut().take(lanes) {
            *dc = dc.wrapping_add(correction).wrapping_mul(step);
        }
    }

    /// Transforms the blocks, each to `EDGE` samples in each direction, and zeroes them.
    #[inline(always)]
    pub(super) fn transform<const EDGE: usize>(&mut self, rows: &mut Rows) {
        match EDGE {
            8 => eight(&self.coefficients, rows),
            4 => four(&self.coefficients, rows),
            2 => two(&self.coefficients, rows),
            _ => one(&self.coefficients, rows),
        }
        self.coefficients[..EDGE * ROW].fill(0);
    }
}

/// Fraction bits of the constants below.
const FRACTION: u32 = 13;
/// Fraction bits that the first pass keeps.
const KEPT: u32 = 2;
/// Fraction bits of a sum over a two-dimensional transform: a JPEG coefficient is 8 times the
/// orthonormal amplitude of a sample.
const SCALE: u32 = 3;

/// Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications",
/// ICASSP 1989. Rounding is that of libjpeg's accurate integer method, bit for bit.
#[inline(always)]
fn eight(coefficients: &[i16; Group::SIZE], rows: &mut Rows) {
    const LANES: usize = 8;
    let mut half = [[[0_i32; LANES]; 8]; 8];
    for x in 0..8 {
        for lane in 0..LANES {
            let at = |y: usize| i32::from(coefficients[(y * 8 + x) * LANES + lane]);
            let input = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
            let output = eight_points(input, FRACTION - KEPT);
            for y in 0..8 {
                half[y][x][lane] = output[y];
            }
        }
    }
    for (half, row) in half.iter().zip(rows) {
        let mut left = [0_u32; LANES];
        let mut right = [0_u32; LANES];
        for lane in 0..LANES {
            let input = [
                half[0][lane],
                half[1][lane],
                half[2][lane],
                half[3][lane],
                half[4][lane],
                half[5][lane],
                half[6][lane],
                half[7][lane],
            ];
            let v = eight_points(input, FRACTION + KEPT + SCALE);
            left[lane] = packed([v[0], v[1], v[2], v[3]]);
            right[lane] = packed([v[4], v[5], v[6], v[7]]);
        }
        for (to, (left, right)) in row
            .as_chunks_mut::<8>()
            .0
            .iter_mut()
            .zip(left.iter().zip(&right))
        {
            *to = (u64::from(*left) | u64::from(*right) << 32).to_le_bytes();
        }
    }
}

/// One dimension; the comments give the factors of the paper's rotators.
#[inline(always)]
fn eight_points(s: [i32; 8], shift: u32) -> [i32; 8] {
    let turn = times(4433, plus(s[2], s[6])); // 0.541196100
    let low = minus(turn, times(15137, s[6])); // 1.847759065
    let high = plus(turn, times(6270, s[2])); // 0.765366865
    let sum = plus(s[0], s[4]).wrapping_shl(FRACTION);
    let difference = minus(s[0], s[4]).wrapping_shl(FRACTION);
    let even = [
        plus(sum, high),
        plus(difference, low),
        minus(difference, low),
        minus(sum, high),
    ];

    let turn = times(9633, plus(plus(s[7], s[3]), plus(s[5], s[1]))); // 1.175875602
    let outer = times(-7373, plus(s[7], s[1])); // 0.899976223
    let inner = times(-20995, plus(s[5], s[3])); // 2.562915447
    let first = plus(turn, times(-16069, plus(s[7], s[3]))); // 1.961570560
    let second = plus(turn, times(-3196, plus(s[5], s[1]))); // 0.390180644
    let odd = [
        plus(plus(times(12299, s[1]), outer), second), // 1.501321110
        plus(plus(times(25172, s[3]), inner), first),  // 3.072711026
        plus(plus(times(16819, s[5]), inner), second), // 2.053119869
        plus(plus(times(2446, s[7]), outer), first),   // 0.298631336
    ];
    [
        round(plus(even[0], odd[0]), shift),
        round(plus(even[1], odd[1]), shift),
        round(plus(even[2], odd[2]), shift),
        round(plus(even[3], odd[3]), shift),
        round(minus(even[3], odd[3]), shift),
        round(minus(even[2], odd[2]), shift),
        round(minus(even[1], odd[1]), shift),
        round(minus(even[0], odd[0]), shift),
    ]
}

/// The lowest 4 x 4 coefficients as a transform of their own: half the size, free of aliasing.
#[inline(always)]
fn four(coefficients: &[i16; Group::SIZE], rows: &mut Rows) {
    const LANES: usize = 16;
    let mut half = [[[0_i32; LANES]; 4]; 4];
    for x in 0..4 {
        for lane in 0..LANES {
            let at = |y: usize| i32::from(coefficients[(y * 4 + x) * LANES + lane]);
            let output = four_points([at(0), at(1), at(2), at(3)], FRACTION - KEPT);
            for y in 0..4 {
                half[y][x][lane] = output[y];
            }
        }
    }
    for (half, row) in half.iter().zip(rows) {
        let mut words = [0_u32; LANES];
        for lane in 0..LANES {
            let input = [half[0][lane], half[1][lane], half[2][lane], half[3][lane]];
            words[lane] = packed(four_points(input, FRACTION + KEPT + SCALE));
        }
        for (to, word) in row.as_chunks_mut::<4>().0.iter_mut().zip(&words) {
            *to = word.to_le_bytes();
        }
    }
}

#[inline(always)]
fn four_points(s: [i32; 4], shift: u32) -> [i32; 4] {
    let sum = plus(s[0], s[2]).wrapping_shl(FRACTION);
    let difference = minus(s[0], s[2]).wrapping_shl(FRACTION);
    // The square root of 2 times the cosines of 1/8 and 3/8 of pi: 1.306562965 and 0.541196100.
    let near = plus(times(10703, s[1]), times(4433, s[3]));
    let far = minus(times(4433, s[1]), times(10703, s[3]));
    [
        round(plus(sum, near), shift),
        round(plus(difference, far), shift),
        round(minus(difference, far), shift),
        round(minus(sum, near), shift),
    ]
}

/// The lowest 2 x 2 coefficients: sums and differences.
#[inline(always)]
fn two(coefficients: &[i16; Group::SIZE], rows: &mut Rows) {
    const LANES: usize = 32;
    let mut words = [[0_u16; LANES]; 2];
    for lane in 0..LANES {
        let at = |place: usize| i32::from(coefficients[place * LANES + lane]);
        let pair = |left: i32, right: i32| {
            let (left, right) = (left + right, left - right);
            let byte = |value: i32| u16::from(sample(round(value, SCALE)));
            byte(left) | byte(right) << 8
        };
        words[0][lane] = pair(at(0) + at(2), at(1) + at(3));
        words[1][lane] = pair(at(0) - at(2), at(1) - at(3));
    }
    for (row, words) in rows.iter_mut().zip(&words) {
        for (to, word) in row.as_chunks_mut::<2>().0.iter_mut().zip(words) {
            *to = word.to_le_bytes();
        }
    }
}

/// The DC coefficient alone: the mean.
#[inline(always)]
fn one(coefficients: &[i16; Group::SIZE], rows: &mut Rows) {
    for (to, &dc) in rows[0].iter_mut().zip(coefficients) {
        *to = sample(round(i32::from(dc), SCALE));
    }
}

/// Four samples, the first in the low byte.
#[inline(always)]
fn packed(values: [i32; 4]) -> u32 {
    let byte = |place: usize| u32::from(sample(values[place])) << (8 * place);
    byte(0) | byte(1) | byte(2) | byte(3)
}

/// Shifts the level (T.81 A.3.1) and keeps what a sample can hold.
#[inline(always)]
fn sample(value: i32) -> u8 {
    plus(value, 128).clamp(0, 255) as u8
}

/// The nearest multiple of 2 to the power of `shift`, divided by it.
#[inline(always)]
fn round(value: i32, shift: u32) -> i32 {
    plus(value, 1 << (shift - 1)) >> shift
}

// Coefficients of a hostile file may overflow, and then mean nothing.

#[inline(always)]
fn plus(left: i32, right: i32) -> i32 {
    left.wrapping_add(right)
}

#[inline(always)]
fn minus(left: i32, right: i32) -> i32 {
    left.wrapping_sub(right)
}

#[inline(always)]
fn times(factor: i32, value: i32) -> i32 {
    value.wrapping_mul(factor)
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "places in a block, and coefficients of at most 800"
)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    /// The definition, in floating point, for the lowest `edge` coefficients of 8.
    fn definition(block: &[i16], edge: usize, y: usize, x: usize) -> f64 {
        let basis = |frequency: usize, place: usize| {
            let angle = (2 * place + 1) as f64 * frequency as f64 * PI / (2 * edge) as f64;
            if frequency == 0 {
                1.0
            } else {
                2.0_f64.sqrt() * angle.cos()
            }
        };
        let terms = (0..edge * edge)
            .map(|at| f64::from(block[at]) * basis(at / edge, y) * basis(at % edge, x) / 8.0);
        (terms.sum::<f64>() + 128.0).clamp(0.0, 255.0)
    }

    fn agrees<const EDGE: usize>() {
        let lanes = ROW / EDGE;
        let mut state = 1_u32;
        for _ in 0..200 {
            let mut group = Group::new();
            let mut blocks = vec![vec![0; EDGE * EDGE]; lanes];
            for (lane, block) in blocks.iter_mut().enumerate() {
                for (at, coefficient) in block.iter_mut().enumerate() {
                    state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
                    let range = 800 / (1 + at as i32);
                    *coefficient = ((state >> 8) as i32 % (2 * range + 1) - range) as i16;
                    group.set(at * lanes + lane, *coefficient);
                }
            }
            let mut rows = [[0; ROW]; 8];
            group.transform::<EDGE>(&mut rows);
            for (lane, block) in blocks.iter().enumerate() {
                for (y, x) in (0..EDGE).flat_map(|y| (0..EDGE).map(move |x| (y, x))) {
                    let exact = definition(block, EDGE, y, x);
                    let got = f64::from(rows[y][lane * EDGE + x]);
                    assert!((exact - got).abs() < 0.6, "{got} for {exact}");
                }
            }
            assert!(
                group
                    .coefficients
                    .iter()
                    .all(|&coefficient| coefficient == 0)
            );
        }
    }

    #[test]
    fn transforms_agree_with_the_definition() {
        agrees::<8>();
        agrees::<4>();
        agrees::<2>();
        agrees::<1>();
    }
}
