//! Components of the frame: a plane and how it takes part in the scan.

use super::plane::PlaneRef;
use crate::container::jpeg::Channel;
use crate::error::Error;

/// Samples along each edge of a block.
pub(super) const BLOCK_EDGE: usize = 8;

/// Blocks side by side that are transformed at once, each in a lane of its own.
pub(super) const LANES: usize = 16;

/// Eight rows of eight samples for each lane.
pub(super) type Samples = [[u8; LANES * BLOCK_EDGE]; BLOCK_EDGE];

/// A plane with its sampling factor, which here is the same along both axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Component<'a> {
    pub(super) plane: PlaneRef<'a>,
    pub(super) channel: Channel,
    pub(super) factor: u8,
}

impl<'a> Component<'a> {
    pub(super) fn gray(plane: PlaneRef<'a>) -> Self {
        Self {
            plane,
            channel: Channel::Luma,
            factor: 1,
        }
    }

    /// Luma and two planes of chroma, half as wide and half as high, rounded up.
    pub(super) fn ycbcr([luma, cb, cr]: [PlaneRef<'a>; 3]) -> Result<[Self; 3], Error> {
        let expected = (luma.width().div_ceil(2), luma.height().div_ceil(2));
        if [cb, cr].iter().any(|c| (c.width(), c.height()) != expected) {
            return Err(Error::internal("encode")("chroma planes of the wrong size"));
        }
        let chroma = |plane| Self {
            plane,
            channel: Channel::Chroma,
            factor: 1,
        };
        Ok([
            Self {
                plane: luma,
                channel: Channel::Luma,
                factor: 2,
            },
            chroma(cb),
            chroma(cr),
        ])
    }

    /// Columns of blocks that hold samples of the plane.
    pub(super) fn blocks_across(&self) -> usize {
        usize::from(self.plane.width()).div_ceil(BLOCK_EDGE)
    }

    /// Rows of blocks that hold samples of the plane.
    pub(super) fn blocks_down(&self) -> usize {
        usize::from(self.plane.height()).div_ceil(BLOCK_EDGE)
    }

    /// The samples of blocks `16 * x..16 * (x + 1)` of block row `y`. The last sample of each row
    /// and the lowest row are repeated where the plane ends (T.81, A.2.4 leaves the choice to
    /// the encoder).
    pub(super) fn samples(&self, x: usize, y: usize) -> Samples {
        let mut samples = [[0; LANES * BLOCK_EDGE]; BLOCK_EDGE];
        for (index, samples) in samples.iter_mut().enumerate() {
            let row = self.plane.row(y * BLOCK_EDGE + index);
            let (whole, end) = row.as_chunks();
            match whole.get(x) {
                Some(whole) => *samples = *whole,
                None => pad(samples, end),
            }
        }
        samples
    }
}

/// Copies the end of a row and repeats its last sample.
fn pad(samples: &mut [u8], end: &[u8]) {
    let (given, beyond) = samples.split_at_mut(end.len());
    given.copy_from_slice(end);
    beyond.fill(end.last().copied().unwrap_or_default());
}
