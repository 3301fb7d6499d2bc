//! Quantization tables: the order of their steps, and those that most encoders use.

use super::Channel;
use crate::options::Quality;

/// Natural index (row * 8 + column) of each zigzag index (T.81, figure A.6).
#[rustfmt::skip]
pub(crate) const NATURAL: [u8; 64] = [
     0,  1,  8, 16,  9,  2,  3, 10,
    17, 24, 32, 25, 18, 11,  4,  5,
    12, 19, 26, 33, 40, 48, 41, 34,
    27, 20, 13,  6,  7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36,
    29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46,
    53, 60, 61, 54, 47, 55, 62, 63,
];

/// Luminance steps (T.81, table K.1).
#[rustfmt::skip]
const LUMA_QUANTIZATION: [u8; 64] = [
    16, 11, 10, 16,  24,  40,  51,  61,
    12, 12, 14, 19,  26,  58,  60,  55,
    14, 13, 16, 24,  40,  57,  69,  56,
    14, 17, 22, 29,  51,  87,  80,  62,
    18, 22, 37, 56,  68, 109, 103,  77,
    24, 35, 55, 64,  81, 104, 113,  92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103,  99,
];

/// Chrominance steps (T.81, table K.2).
#[rustfmt::skip]
const CHROMA_QUANTIZATION: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99,
    18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
];

/// The quantization steps of a channel in natural order.
///
/// T.81 has one example table for each channel (Annex K.1) and no scale. This is the one of the
/// Independent JPEG Group's software: the example tables are quality 50, 100 is steps of 1, and
/// below 50 the steps grow with the reciprocal.
pub(crate) fn steps(quality: Quality, channel: Channel) -> [u8; 64] {
    let percent = percent(quality);
    example(channel).map(|step| scaled(step, percent))
}

/// Puts steps in natural order into zigzag order.
pub(crate) fn zigzag(steps: &[u8; 64]) -> [u16; 64] {
    NATURAL.map(|index| steps.get(usize::from(index)).copied().map_or(0, u16::from))
}

/// Whether [`steps`] gives these, which are in zigzag order, for some quality and channel.
pub(crate) fn are_standard(given: &[u16; 64]) -> bool {
    let examples = [Channel::Luma, Channel::Chroma].map(|channel| zigzag(example(channel)));
    let mut percents = (1..=100).filter_map(Quality::new).map(percent);
    percents.any(|percent| {
        examples.iter().any(|example| {
            let mut pairs = example.iter().zip(given);
            pairs.all(|(&step, &given)| u16::from(scaled(step, percent)) == given)
        })
    })
}

const fn example(channel: Channel) -> &'static [u8; 64] {
    match channel {
        Channel::Luma => &LUMA_QUANTIZATION,
        Channel::Chroma => &CHROMA_QUANTIZATION,
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "a quality is 1 to 100")]
fn percent(quality: Quality) -> u32 {
    let quality = u32::from(quality.get());
    if quality < 50 {
        5000 / quality
    } else {
        200 - 2 * quality
    }
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "example steps have 8 bits, and percents 13"
)]
fn scaled(step: impl Into<u32>, percent: u32) -> u8 {
    ((step.into() * percent + 50) / 100).clamp(1, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_scales_the_example_tables() {
        let steps = |quality| steps(Quality::new(quality).unwrap(), Channel::Luma);
        assert_eq!(steps(50), LUMA_QUANTIZATION);
        assert_eq!(steps(100), [1; 64]);
        assert_eq!(steps(1), [255; 64]);
        assert_eq!(steps(85)[..4], [5, 3, 3, 5]);
    }

    #[test]
    fn tables_of_any_quality_are_standard_and_others_are_not() {
        for quality in [1, 50, 75, 100] {
            let quality = Quality::new(quality).unwrap();
            let mut table = zigzag(&steps(quality, Channel::Chroma));
            assert!(are_standard(&table));
            table[63] += 1;
            assert!(!are_standard(&table));
        }
    }
}
