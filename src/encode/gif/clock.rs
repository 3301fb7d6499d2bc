//! Times in hundredths of a second.

use std::time::Duration;

/// Rounds the times at which frames appear, not those that they last: else an
/// animation of 16 ms a frame would run a quarter slower.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// When the next frame appears.
    now: Duration,
    /// The same, as the file says.
    written: Duration,
}

/// The shortest time that viewers heed (see `probe::played`).
const SHORTEST: Duration = Duration::from_millis(20);

impl Clock {
    /// How long a frame is said to last.
    pub(super) fn next(&mut self, delay: Duration) -> Duration {
        self.now += delay;
        let left = self.now.saturating_sub(self.written).as_millis() + 5;
        let whole = u64::try_from(left / 10 * 10).unwrap_or(u64::MAX);
        let written = Duration::from_millis(whole).max(SHORTEST);
        self.written += written;
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_stay_true() {
        let mut clock = Clock::default();
        let total: Duration = (0..60)
            .map(|_| clock.next(Duration::from_micros(33_333)))
            .sum();
        assert_eq!(total, Duration::from_secs(2));
    }

    #[test]
    fn whole_hundredths_stay_as_they_are() {
        let mut clock = Clock::default();
        for millis in [20, 100, 70, 655_350, 30] {
            let delay = Duration::from_millis(millis);
            assert_eq!(clock.next(delay), delay);
        }
    }

    #[test]
    fn no_frame_is_shorter_than_viewers_heed() {
        let mut clock = Clock::default();
        for _ in 0..10 {
            assert!(clock.next(Duration::from_millis(11)) >= SHORTEST);
        }
    }
}
