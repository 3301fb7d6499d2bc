//! What the scans of a JPEG ask for, by their headers alone.

use crate::container::frame::{Coding, Frame, Member};
use crate::container::jpeg::{Segment, marker};

/// Counts scans as far as a decoder would go through them.
pub(super) struct Scans<'f> {
    frame: &'f Frame,
    /// Whether a decoder gives up here.
    is_over: bool,
    pub(super) count: u32,
    /// Blocks in all of them.
    pub(super) blocks: u64,
    /// Which coefficients of each component are sent to the last bit, as bits in zigzag order.
    sent: Vec<u64>,
}

impl<'f> Scans<'f> {
    pub(super) fn of(frame: &'f Frame) -> Self {
        Self {
            frame,
            is_over: false,
            count: 0,
            blocks: 0,
            sent: vec![0; frame.components.len()],
        }
    }

    /// Coefficients of a progressive picture that no scan sends to the last bit, of 64 for each
    /// component.
    pub(super) fn unsent_coefficients(&self) -> u32 {
        match self.frame.coding() {
            Coding::Sequential => 0,
            Coding::Progressive => {
                let unsent = self.sent.iter().map(|sent| sent.count_zeros());
                unsent.fold(0, u32::saturating_add)
            }
        }
    }

    pub(super) fn add(&mut self, segment: &Segment<'_>) {
        match segment.marker {
            marker::SOS if !self.is_over => match self.read(segment.payload) {
                Some((members, spectrum)) => {
                    self.count = self.count.saturating_add(1);
                    let blocks = self.frame.scan_blocks(&members);
                    self.blocks = self.blocks.saturating_add(blocks);
                    self.send(&members, spectrum);
                }
                None => self.is_over = true,
            },
            // Another picture.
            marker::SOI => self.is_over = true,
            _ => {}
        }
    }

    /// The components of a scan, and what its header says behind them (T.81, B.2.3).
    fn read<'h>(&self, header: &'h [u8]) -> Option<(Vec<Member>, &'h [u8])> {
        let (&count, rest) = header.split_first()?;
        let (selectors, spectrum) = rest.split_at_checked(usize::from(count).checked_mul(2)?)?;
        Some((self.frame.members(selectors)?, spectrum))
    }

    /// Notes what a progressive scan sends: coefficients from one to another, down to a bit.
    fn send(&mut self, members: &[Member], spectrum: &[u8]) {
        let &[first, last @ 0..=63, levels] = spectrum else {
            return;
        };
        let up_to = |index: u8| u64::MAX.unbounded_shr(63_u32.saturating_sub(index.into()));
        let band = up_to(last) & u64::MAX.unbounded_shl(first.into());
        for member in members {
            if let Some(sent) = self.sent.get_mut(member.component) {
                if levels & 15 == 0 {
                    *sent |= band;
                } else {
                    *sent &= !band;
                }
            }
        }
    }
}
