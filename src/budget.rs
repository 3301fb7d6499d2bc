//! How much work a picture may take, counted as the work is done.
//!
//! Each stage counts what it does to a frame in [`Work`], by the constants of [`cost`],
//! and spends it from a [`Budget`]. The decoder and the resampler share one; what they
//! spent for a frame goes with the frame ([`Frame`](crate::Frame)) to the encoder, which
//! spends it again from its own, in the order of frames. So the verdict is the same on any
//! number of threads, and the encoder's budget holds the work of all stages.

use crate::encode::Ways;
use crate::error::{Error, Quantity};

/// Units of work. A unit is about a nanosecond of one thread: the constants were fitted to
/// the times of `examples/bombs.rs` and of 160 real animations on an x86-64 server.
pub(crate) mod cost {
    use super::Ways;

    /// A pixel of a frame, or of what is disposed of before it, decoded and composed.
    pub(crate) const COMPOSED: u64 = 2;
    /// A byte of a GIF's LZW codes that are checked and copied.
    pub(crate) const PROVEN: u64 = 5;
    /// A pixel of the source that is read by the resampler.
    pub(crate) const READ: u64 = 2;
    /// A pixel of the canvas that the resampler computes.
    pub(crate) const RESAMPLED: u64 = 6;
    /// A pixel of the canvas that is copied from the source.
    pub(crate) const MOVED: u64 = 1;
    /// A pixel that is compared with the same one of the frame before.
    pub(crate) const COMPARED: u64 = 1;
    /// A pixel of the rectangle that a GIF's frame covers, LZW-coded.
    pub(crate) const CODED: u64 = 3;
    /// A pixel of a GIF's frame that differs from the frame before.
    pub(crate) const DRAWN: u64 = 4;
    /// A pixel that isn't of the color of the pixel before, looked up in a palette that holds
    /// its color.
    pub(crate) const EXACT: u64 = 6;
    /// The same in a palette that was chosen by all pixels; the nearest color is searched for.
    pub(crate) const NEAREST: u64 = 66;
    /// The same in a palette that was chosen by some of the pixels.
    pub(crate) const HASTY: u64 = 34;

    /// A byte of a PNG's pixels, compressed in each of `ways`.
    pub(crate) const fn deflated(ways: Ways) -> u64 {
        match ways {
            Ways::One => 3,
            Ways::Some => 21,
            // Up to 350 were measured. `Effort::Smallest` is a choice of the caller.
            Ways::All => 60,
        }
    }
}

/// Work that was done, and the number of compressed bytes that it was done for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// See [`cost`].
    pub(crate) units: u64,
    /// Bytes of compressed pixels that were decoded. Bytes that no pixel comes from are
    /// not counted, so that padding a file doesn't raise its limit.
    pub(crate) bytes: u64,
}

impl Work {
    pub(crate) const fn new(pixels: u64, cost: u64) -> Self {
        Self {
            units: pixels.saturating_mul(cost),
            bytes: 0,
        }
    }

    #[must_use]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            units: self.units.saturating_add(other.units),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }
}

/// Each this many bytes of compressed pixels raise the limit by its initial value.
const BYTES: u64 = 16 << 20;

/// Work that is allowed, and the work that was done.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    limit: u64,
    done: Work,
    /// The part of it that [`Budget::take_latest`] has not returned yet.
    latest: Work,
}

impl Budget {
    /// A budget of [`Limits::work`](crate::Limits::work).
    pub(crate) const fn new(limit: u64) -> Self {
        Self {
            limit,
            done: Work { units: 0, bytes: 0 },
            latest: Work { units: 0, bytes: 0 },
        }
    }

    /// Counts work.
    ///
    /// # Errors
    ///
    /// [`Quantity::Work`] if the sum exceeds what is allowed for the bytes decoded so far.
    pub(crate) fn spend(&mut self, work: Work) -> Result<(), Error> {
        self.done = self.done.and(work);
        self.latest = self.latest.and(work);
        let limit = self.allowed();
        if self.done.units > limit {
            return Err(Error::TooLarge {
                quantity: Quantity::Work,
                measured: self.done.units,
                limit,
            });
        }
        Ok(())
    }

    /// Returns the work that was spent since the last call.
    pub(crate) fn take_latest(&mut self) -> Work {
        std::mem::take(&mut self.latest)
    }

    fn allowed(&self) -> u64 {
        let more = u128::from(self.limit) * u128::from(self.done.bytes) / u128::from(BYTES);
        (self.limit).saturating_add(u64::try_from(more).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_refused_once_it_exceeds_the_limit() {
        let mut budget = Budget::new(100);
        assert!(budget.spend(Work::new(10, 10)).is_ok());
        let error = budget.spend(Work::new(1, 1)).unwrap_err();
        assert_eq!((error.code(), error.reason()), ("too_large", "work"));
        assert_eq!(error.measured_and_limit(), Some((101, 100)));
    }

    #[test]
    fn compressed_pixels_allow_for_more() {
        let mut budget = Budget::new(100);
        let bytes = |bytes| Work { units: 0, bytes };
        assert!(budget.spend(bytes(BYTES / 2)).is_ok());
        assert!(budget.spend(Work::new(150, 1)).is_ok());
        assert!(budget.spend(Work::new(1, 1)).is_err());
        // None of the sums overflows.
        let mut budget = Budget::new(u64::MAX);
        let most = Work {
            units: u64::MAX,
            bytes: u64::MAX,
        };
        for _ in 0..2 {
            assert!(budget.spend(most).is_ok());
        }
        assert_eq!(budget.take_latest(), most);
        assert_eq!(budget.take_latest(), Work::default());
    }
}
