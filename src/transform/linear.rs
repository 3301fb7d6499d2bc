//! sRGB samples as linear light in 16 bits, and back (IEC 61966-2-1).

/// The linear value of each sample.
pub(super) fn decoding() -> Vec<u16> {
    (0..=u8::MAX).map(decoded).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 65 535"
)]
fn decoded(sample: u8) -> u16 {
    let encoded = f64::from(sample) / 255.0;
    let linear = if encoded <= 0.04045 {
        encoded / 12.92
    } else {
        ((encoded + 0.055) / 1.055).powf(2.4)
    };
    (linear * 65_535.0).round() as u16
}

/// The sample whose linear value is nearest.
pub(super) fn encoded(decoding: &[u16], linear: u16) -> u8 {
    let above = decoding.partition_point(|&value| value < linear);
    let distance = |index: usize| decoding.get(index).map(|value| value.abs_diff(linear));
    let below = above.saturating_sub(1);
    let nearest = match (distance(below), distance(above)) {
        (Some(to_below), Some(to_above)) if to_above <= to_below => above,
        _ => below,
    };
    u8::try_from(nearest).unwrap_or(u8::MAX)
}

/// Alpha has no curve.
pub(super) fn narrowed(alpha: u16) -> u8 {
    u8::try_from((u32::from(alpha) + 128) / 257).unwrap_or(u8::MAX)
}

/// Which of the channels is alpha.
pub(super) const fn alpha(channels: usize) -> Option<usize> {
    match channels {
        2 => Some(1),
        4 => Some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_comes_back() {
        let table = decoding();
        for sample in 0..=u8::MAX {
            assert_eq!(encoded(&table, decoded(sample)), sample);
            assert_eq!(narrowed(u16::from(sample) * 257), sample);
        }
        assert_eq!(encoded(&table, u16::MAX), 255);
        // Half of the light is sRGB 188 (0.735 of the range).
        assert_eq!(encoded(&table, 32_768), 188);
    }
}
