//! What the scans of a JPEG ask for, by their headers alone.

use crate::container::frame::Frame;
use crate::container::jpeg::{Segment, marker};

/// Counts scans as far as a decoder would go through them.
pub(super) struct Scans<'f> {
    frame: &'f Frame,
    /// Whether a decoder gives up here.
    is_over: bool,
    pub(super) count: u32,
    /// Blocks in all of them.
    pub(super) blocks: u64,
}

impl<'f> Scans<'f> {
    pub(super) const fn of(frame: &'f Frame) -> Self {
        Self {
            frame,
            is_over: false,
            count: 0,
            blocks: 0,
        }
    }

    pub(super) fn add(&mut self, segment: &Segment<'_>) {
        match segment.marker {
            marker::SOS if !self.is_over => match self.blocks_of(segment.payload) {
                Some(blocks) => {
                    self.count = self.count.saturating_add(1);
                    self.blocks = self.blocks.saturating_add(blocks);
                }
                None => self.is_over = true,
            },
            // Another picture.
            marker::SOI => self.is_over = true,
            _ => {}
        }
    }

    /// Blocks of a scan with this header (T.81, B.2.3).
    fn blocks_of(&self, header: &[u8]) -> Option<u64> {
        let (&count, rest) = header.split_first()?;
        let selectors = rest.get(..usize::from(count).checked_mul(2)?)?;
        Some(self.frame.scan_blocks(&self.frame.members(selectors)?))
    }
}
