//! Takes the stuffed zero bytes out of entropy-coded data (T.81 F.1.2.3), a bounded piece at a
//! time, so that the bit reader never has to look for 0xFF.

use super::bits::{Bits, Position};
use super::error::Error;
use crate::container::jpeg::{find_marker, marker};
use crate::memory;
use memchr::{memchr, memchr_iter};

/// Bytes that are unstuffed ahead.
pub(super) const CAPACITY: usize = 64 * 1024;

/// The most bytes that are loaded and not yet read.
const LOADED: usize = 8;

/// The entropy-coded segments of one scan.
pub(super) struct Entropy<'a> {
    bytes: &'a [u8],
    /// The next byte of the file to unstuff, or the 0xFF of the marker that ends the segment.
    at: usize,
    end: Option<End>,
    buffer: Vec<u8>,
    position: Position,
    /// Bytes of the scan before those in the buffer, without what was stuffed in.
    passed: u64,
}

/// What follows a segment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Marker(u8),
    File,
}

impl<'a> Entropy<'a> {
    /// One buffer serves all scans of a file.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Error> {
        let buffer = memory::with_capacity(CAPACITY)?;
        Ok(Self {
            bytes,
            at: 0,
            end: None,
            buffer,
            position: Position::default(),
            passed: 0,
        })
    }

    /// Starts a scan at `offset` in the file.
    pub(super) fn start(&mut self, offset: usize) {
        self.start_within(offset, 0);
    }

    /// Starts at `offset` in the file, behind `passed` bytes of the scan.
    pub(super) fn start_within(&mut self, offset: usize, passed: u64) {
        self.at = offset;
        self.end = None;
        self.buffer.clear();
        self.position = Position::default();
        self.passed = passed;
    }

    /// How many bits of the scan are read, those that fill up segments included.
    pub(super) fn bit(&self) -> u64 {
        let loaded = self.passed.saturating_add(self.position.next() as u64);
        (loaded.saturating_mul(8)).saturating_sub(self.position.unread().into())
    }

    /// Where in the file unstuffing has got to.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// The bits from here on, at least `need` bytes of them unless the segment ends before.
    pub(super) fn bits(&mut self, need: usize) -> Bits<'_> {
        // As much again as a refill loads beyond what is read.
        let end = (self.position.next()).saturating_add(need.saturating_add(LOADED));
        if self.end.is_none() && self.buffer.len() < end {
            self.fill();
        }
        Bits::new(&self.buffer, self.position)
    }

    /// Goes on from where reading [`Self::bits`] has got to.
    pub(super) fn resume(&mut self, position: Position) {
        self.position = position;
    }

    fn fill(&mut self) {
        let used = self.position.next().min(self.buffer.len());
        self.position = self.position.rebased(used);
        self.buffer.drain(..used);
        self.passed = self.passed.saturating_add(used as u64);
        while self.end.is_none() && self.buffer.len() < CAPACITY {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let room = CAPACITY.saturating_sub(self.buffer.len());
            let room = rest.get(..room).unwrap_or(rest);
            let escape = memchr(0xFF, room);
            let plain = escape.and_then(|count| room.get(..count)).unwrap_or(room);
            self.buffer.extend_from_slice(plain);
            self.at = self.at.saturating_add(plain.len());
            if escape.is_some() {
                self.unstuff();
            } else {
                self.end = (room.len() == rest.len()).then_some(End::File);
            }
        }
    }

    /// At a 0xFF: any number of them before a zero are one byte of data, before anything else the
    /// start of a marker.
    fn unstuff(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let code = (rest.iter().copied().enumerate()).find(|&(_, byte)| byte != 0xFF);
        match code {
            Some((count, 0)) => {
                self.buffer.push(0xFF);
                self.at = self.at.saturating_add(count).saturating_add(1);
            }
            Some((count, marker)) => {
                self.at = self.at.saturating_add(count.saturating_sub(1));
                self.end = Some(End::Marker(marker));
            }
            None => {
                self.at = self.bytes.len();
                self.end = Some(End::File);
            }
        }
    }

    /// Skips the rest of the segment and says what follows it.
    pub(super) fn finish(&mut self) -> End {
        if let Some(end) = self.end {
            return end;
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let (offset, end) = match find_marker(rest) {
            Some((skip, marker)) => (self.at.saturating_add(skip), End::Marker(marker)),
            None => (self.bytes.len(), End::File),
        };
        // Every 0xFF before a marker has a zero stuffed in behind it.
        let skipped = self.bytes.get(self.at..offset).unwrap_or_default();
        let plain = skipped
            .len()
            .saturating_sub(memchr_iter(0xFF, skipped).count());
        self.passed = self.passed.saturating_add(plain as u64);
        self.at = offset;
        self.end = Some(end);
        end
    }

    /// Goes past the restart marker of [`Self::finish`], whatever its number, to the next segment.
    ///
    /// Returns the number, or what stands there instead.
    pub(super) fn next_segment(&mut self) -> Result<u8, End> {
        match self.finish() {
            End::Marker(number @ marker::RST0..=marker::RST7) => {
                let passed = self.passed.saturating_add(self.buffer.len() as u64);
                self.start_within(self.at.saturating_add(2), passed);
                Ok(number & 7)
            }
            end => Err(end),
        }
    }

    /// Whether the scan is closed by a marker other than a restart, seen without decoding it.
    pub(super) fn is_closed(&self) -> bool {
        self.closing_marker().is_some()
    }

    /// Bytes of the scan from here on, with its restart markers.
    pub(super) fn len(&self) -> usize {
        let end = self.closing_marker().unwrap_or(self.bytes.len());
        end.saturating_sub(self.at)
    }

    /// Where the marker stands that closes the scan.
    fn closing_marker(&self) -> Option<usize> {
        let mut at = self.at;
        loop {
            let (skip, marker) = find_marker(self.bytes.get(at..)?)?;
            at = at.saturating_add(skip);
            if !matches!(marker, marker::RST0..=marker::RST7) {
                return Some(at);
            }
            at = at.saturating_add(2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_bytes_can_be_read_as_are_asked_for() {
        const NEED: usize = 1984;
        // None of them is 0xFF.
        let data: Vec<u8> = (0..=250).cycle().take(3 * CAPACITY).collect();
        // Wherever the end of what is unstuffed lies in what is asked for.
        for first in (NEED - 16)..(NEED + 80) {
            let mut entropy = Entropy::new(&data).unwrap();
            entropy.start(0);
            let (mut at, mut need, mut is_eager) = (0, first, first % 2 == 0);
            while at + need <= data.len() {
                let mut bits = entropy.bits(need);
                for (&byte, place) in data[at..at + need].iter().zip(at..) {
                    // As little as can be is loaded at the end of one, as much at that of the next.
                    if is_eager || bits.position().unread() < 8 {
                        bits = bits.refill();
                    }
                    assert_eq!(bits.peek(8), u32::from(byte), "byte {place} after {first}");
                    bits = bits.skip(8);
                }
                let position = bits.position();
                entropy.resume(position);
                (at, need, is_eager) = (at + need, NEED, !is_eager);
            }
            assert!(at > 2 * CAPACITY);
        }
    }
}
