//! Changes between frames that are too small to draw, where bytes have to be saved.

use std::borrow::Cow;

use crate::error::Error;
use crate::memory::copied;

/// The samples of a frame, with pixels that differ from what is shown by no more than
/// the tolerance, in any channel, replaced by what was wanted there last. What is
/// drawn is compared with what is shown and not with the frame before, so that slow
/// fades go on, in steps.
///
/// It is all or nothing for a frame of which less than half of what differs could
/// stay: holes in what has to be drawn take more bytes than they spare.
///
/// All three have as many samples, of so many channels.
pub(super) fn settled<'a>(
    samples: &'a [u8],
    shown: &[u8],
    wanted: &[u8],
    channels: usize,
    tolerance: u8,
) -> Result<Cow<'a, [u8]>, Error> {
    if tolerance == 0 {
        return Ok(Cow::Borrowed(samples));
    }
    let mut settled = copied(samples)?;
    let pixels = settled
        .chunks_exact_mut(channels)
        .zip(shown.chunks_exact(channels))
        .zip(wanted.chunks_exact(channels));
    let (mut differing, mut staying) = (0_usize, 0_usize);
    for ((pixel, shown), wanted) in pixels.filter(|((pixel, _), wanted)| pixel != wanted) {
        differing += 1;
        let mut channels = pixel.iter().zip(shown);
        if channels.all(|(new, old)| new.abs_diff(*old) <= tolerance) {
            pixel.copy_from_slice(wanted);
            staying += 1;
        }
    }
    if 2 * staying < differing {
        return Ok(Cow::Borrowed(samples));
    }
    Ok(Cow::Owned(settled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_to_the_screen_stays() {
        let [shown, wanted] = [[10, 20, 30, 40, 0, 0], [11, 21, 31, 41, 1, 1]];
        let samples = [13, 17, 30, 44, 2, 3];
        let settled = settled(&samples, &shown, &wanted, 2, 3).unwrap();
        assert_eq!(*settled, [11, 21, 30, 44, 1, 1]);
    }

    #[test]
    fn a_frame_that_changes_is_drawn_without_holes() {
        let samples = [10, 100, 200];
        let settled = settled(&samples, &[11; 3], &[11; 3], 1, 3).unwrap();
        assert_eq!(*settled, samples);
    }

    #[test]
    fn nothing_is_copied_without_need() {
        let settled = settled(&[1, 2], &[0, 0], &[0, 0], 1, 0).unwrap();
        assert!(matches!(settled, Cow::Borrowed(&[1, 2])));
    }
}
