//! What the scans of a JPEG ask for, by their headers alone.

use crate::container::frame::{Coding, Frame, Member};
use crate::container::jpeg::{Segment, marker};

/// The precision of a coefficient that no scan has sent.
const UNKNOWN: u8 = u8::MAX;

/// Counts scans as far as a decoder would go through them.
pub(super) struct Scans<'f> {
    frame: &'f Frame,
    /// Whether a decoder gives up here.
    is_over: bool,
    pub(super) count: u32,
    /// Blocks in all of them.
    pub(super) blocks: u64,
    /// Of each component the lowest bit known of each coefficient, or [`UNKNOWN`].
    known: Vec<[u8; 64]>,
    /// Whether all scans are due: none repeats or leaves out bits, and DC comes first.
    pub(super) are_due: bool,
}

impl<'f> Scans<'f> {
    pub(super) fn of(frame: &'f Frame) -> Self {
        Self {
            frame,
            is_over: false,
            count: 0,
            blocks: 0,
            known: vec![[UNKNOWN; 64]; frame.components.len()],
            are_due: true,
        }
    }

    /// Coefficients of a progressive picture that no scan sends to the last bit, of 64 for each
    /// component.
    pub(super) fn unsent_coefficients(&self) -> u32 {
        match self.frame.coding() {
            Coding::Sequential => 0,
            Coding::Progressive => {
                let known = self.known.as_flattened().iter();
                known.fold(0, |count: u32, &low| {
                    count.saturating_add((low != 0).into())
                })
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

    /// Returns the components of a scan, and the bytes of its header after them (T.81, B.2.3).
    fn read<'h>(&self, header: &'h [u8]) -> Option<(Vec<Member>, &'h [u8])> {
        let (&count, rest) = header.split_first()?;
        let (selectors, spectrum) = rest.split_at_checked(usize::from(count).checked_mul(2)?)?;
        Some((self.frame.members(selectors)?, spectrum))
    }

    /// Notes what a progressive scan sends: coefficients from one to another, down to a bit.
    fn send(&mut self, members: &[Member], spectrum: &[u8]) {
        if self.frame.coding() == Coding::Sequential {
            return;
        }
        let &[first, last, levels] = spectrum else {
            self.are_due = false;
            return;
        };
        let (high, low) = (levels >> 4, levels & 15);
        // What is known before (T.81, G.1.1.1.1).
        let before = match high {
            0 => UNKNOWN,
            _ => high,
        };
        let steps = high == 0 || high.checked_sub(1) == Some(low);
        for member in members {
            let Some(known) = self.known.get_mut(member.component) else {
                continue;
            };
            let has_dc = first == 0 || known.first() != Some(&UNKNOWN);
            let band = known
                .get_mut(first.into()..=last.into())
                .unwrap_or_default();
            let is_due = !band.is_empty() && band.iter().all(|&low| low == before);
            self.are_due &= steps && has_dc && is_due;
            band.fill(low);
        }
    }
}
