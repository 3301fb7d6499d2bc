//! Which frames are drawn with less care, so that an animation of which much is drawn
//! doesn't take long.

/// Pixels of all frames that may be drawn with care: two seconds in the slowest colors
/// that were found.
const MOST: u64 = 24 << 20;

/// Estimates how many pixels will be drawn, by those that were.
pub(super) struct Haste {
    /// Frames in all.
    frames: u64,
    /// Those that were seen.
    seen: u64,
    /// Pixels of the first frame, which is drawn whole.
    first: u64,
    /// Pixels of the others that were seen.
    others: u64,
}

impl Haste {
    pub(super) fn new(frames: u32) -> Self {
        Self {
            frames: frames.into(),
            seen: 0,
            first: 0,
            others: 0,
        }
    }

    /// Whether no frame was seen.
    pub(super) const fn is_first(&self) -> bool {
        self.seen == 0
    }

    /// Whether more than `MOST` pixels will be drawn, if the frames that are left are like
    /// those that were seen, up to the next one, of which so many pixels differ. Of the
    /// first frame, nothing can be concluded.
    pub(super) fn next(&mut self, pixels: u64) -> bool {
        self.seen += 1;
        if self.seen == 1 {
            self.first = pixels;
            return false;
        }
        self.others += pixels;
        let per_frame = self.others.div_ceil(self.seen - 1);
        let left = self.frames.saturating_sub(self.seen);
        self.first + self.others + left * per_frame > MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which frames are drawn in haste.
    fn hasty(pixels: &[u64]) -> Vec<bool> {
        let mut haste = Haste::new(u32::try_from(pixels.len()).unwrap());
        pixels.iter().map(|&pixels| haste.next(pixels)).collect()
    }

    #[test]
    fn frames_that_differ_everywhere_are_drawn_in_haste_from_the_second_on() {
        assert_eq!(hasty(&[1 << 20; 24]), [false; 24]);
        let mut most = [true; 25];
        most[0] = false;
        assert_eq!(hasty(&[1 << 20; 25]), most);
    }

    #[test]
    fn frames_that_hardly_differ_are_drawn_with_care() {
        let mut pixels = [10_000; 400];
        pixels[0] = 1 << 20;
        assert_eq!(hasty(&pixels), [false; 400]);
        // So are some that do, if they are few.
        pixels[300] = 1 << 20;
        assert_eq!(hasty(&pixels), [false; 400]);
    }
}
