//! Quantisation (T.81, A.3.4).

use super::component::LANES;
use super::fdct::{self, Lanes};
use crate::container::jpeg::quantization::NATURAL;

/// The quantised coefficients of one block a lane.
#[derive(Clone, Debug)]
pub(super) struct Quantized {
    /// In zigzag order.
    pub(super) coefficients: Lanes<i16>,
    /// A bit for each coefficient that is not zero, the zigzag index being the bit's number.
    pub(super) nonzero: [u64; LANES],
}

/// Divides coefficients by their steps, rounding halves away from zero.
#[derive(Clone, Debug)]
pub(super) struct Quantizer {
    /// In zigzag order.
    divisors: [Divisor; 64],
}

/// A division by `d` as a multiplication that keeps the upper 16 bits, and a shift by `s`.
///
/// With `2^s < d <= 2^(s+1)` the factor is `ceil(2^(16+s) / d)`. It fits in 16 bits and, multiplied
/// by `d`, is less than `d` too large; so the quotient of a dividend below `2^15` is exact.
#[derive(Clone, Copy, Debug, Default)]
struct Divisor {
    half: u16,
    reciprocal: u16,
    shift: u16,
}

impl Quantized {
    pub(super) const ZERO: Self = Self {
        coefficients: [[0; LANES]; 64],
        nonzero: [0; LANES],
    };
}

impl Quantizer {
    pub(super) fn new(steps: &[u8; 64]) -> Self {
        Self {
            divisors: NATURAL
                .map(|index| Divisor::new(fdct::SCALE * u16::from(steps[usize::from(index)]))),
        }
    }

    #[inline(always)]
    pub(super) fn quantize(&self, coefficients: &Lanes<i16>, quantized: &mut Quantized) {
        quantized.nonzero = [0; LANES];
        // A quarter of the mask at a time, so that its lanes are as wide as the coefficients.
        for quarter in 0..4 {
            let mut nonzero = [0; LANES];
            for bit in 0..16 {
                let index = 16 * quarter + bit;
                let divisor = self.divisors[index];
                let input = &coefficients[usize::from(NATURAL[index])];
                let output = &mut quantized.coefficients[index];
                for lane in 0..LANES {
                    let value = divisor.divide(input[lane]);
                    output[lane] = value;
                    nonzero[lane] |= u16::from(value != 0) << bit;
                }
            }
            for (mask, quarter_mask) in quantized.nonzero.iter_mut().zip(nonzero) {
                *mask |= u64::from(quarter_mask) << (16 * quarter);
            }
        }
    }
}

impl Divisor {
    fn new(divisor: u16) -> Self {
        let shift = (divisor - 1).ilog2() as u16;
        let reciprocal = (1_u32 << (16 + shift)).div_ceil(u32::from(divisor));
        Self {
            half: divisor / 2,
            reciprocal: reciprocal as u16,
            shift,
        }
    }

    #[inline(always)]
    fn divide(self, value: i16) -> i16 {
        let dividend = u32::from(value.unsigned_abs() + self.half);
        let product = dividend * u32::from(self.reciprocal);
        let quotient = ((product >> 16) as u16 >> self.shift) as i16;
        let sign = value >> 15;
        (quotient ^ sign) - sign
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_is_exact() {
        for step in 1..=255 {
            let by = i32::from(fdct::SCALE) * step;
            let divisor = Divisor::new(by as u16);
            for value in -16_384..=16_384_i32 {
                let expected = (value.abs() + by / 2) / by * value.signum();
                assert_eq!(
                    i32::from(divisor.divide(value as i16)),
                    expected,
                    "{value} / {by}"
                );
            }
        }
    }

    #[test]
    fn mask_says_what_is_not_zero() {
        let mut coefficients = [[0; LANES]; 64];
        for (index, lane) in [(0, 0), (1, 0), (8, 5), (63, 5), (62, 15)] {
            coefficients[index][lane] = -8;
        }
        let mut quantized = Quantized::ZERO;
        Quantizer::new(&[1; 64]).quantize(&coefficients, &mut quantized);
        let mut expected = [0; LANES];
        expected[0] = 1 | 1 << 1;
        expected[5] = 1 << 2 | 1 << 63;
        expected[15] = 1 << 62;
        assert_eq!(quantized.nonzero, expected);
        assert_eq!(quantized.coefficients[2][5], -1);
    }
}
