//! Takes the stuffed zero bytes out of entropy-coded data (T.81 F.1.2.3), a bounded piece at a
//! time, so that the bit reader never has to look for 0xFF.

use super::bits::{Bits, Position};
use super::error::Error;
use crate::container::jpeg::{find_marker, marker};
use crate::memory;
use memchr::{memchr, memchr_iter};

/// Bytes that are unstuffed ahead.
pub(super) const CAPACITY: usize = 64 * 1024;

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
        (self.passed + self.position.next() as u64) * 8 - u64::from(self.position.unread())
    }

    /// Where in the file unstuffing has got to.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// The bits from here on, at least `need` bytes of them unless the segment ends before.
    pub(super) fn bits(&mut self, need: usize) -> Bits<'_> {
        if self.end.is_none() && self.buffer.len() < self.position.next() + need {
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
        let kept = self.buffer.len() - used;
        self.buffer.copy_within(used.., 0);
        self.buffer.truncate(kept);
        self.passed += used as u64;
        while self.end.is_none() && self.buffer.len() < CAPACITY {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let room = rest.get(..CAPACITY - self.buffer.len()).unwrap_or(rest);
            if let Some(count) = memchr(0xFF, room) {
                self.take(&rest[..count]);
                self.unstuff();
            } else {
                self.take(room);
                self.end = (room.len() == rest.len()).then_some(End::File);
            }
        }
    }

    fn take(&mut self, plain: &[u8]) {
        self.buffer.extend_from_slice(plain);
        self.at += plain.len();
    }

    /// At a 0xFF: any number of them before a zero are one byte of data, before anything else the
    /// start of a marker.
    fn unstuff(&mut self) {
        let rest = &self.bytes[self.at..];
        match rest.iter().position(|&byte| byte != 0xFF) {
            Some(count) if rest[count] == 0 => {
                self.buffer.push(0xFF);
                self.at += count + 1;
            }
            Some(count) => {
                self.at += count - 1;
                self.end = Some(End::Marker(rest[count]));
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
            Some((skip, marker)) => (self.at + skip, End::Marker(marker)),
            None => (self.bytes.len(), End::File),
        };
        // Every 0xFF before a marker has a zero stuffed in behind it.
        let skipped = self.bytes.get(self.at..offset).unwrap_or_default();
        self.passed += (skipped.len() - memchr_iter(0xFF, skipped).count()) as u64;
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
                self.start_within(self.at + 2, self.passed + self.buffer.len() as u64);
                Ok(number - marker::RST0)
            }
            end => Err(end),
        }
    }

    /// Whether the scan is closed by a marker other than a restart, seen without decoding it.
    pub(super) fn is_closed(&self) -> bool {
        let mut rest = self.bytes.get(self.at..).unwrap_or_default();
        loop {
            match find_marker(rest) {
                Some((skip, marker::RST0..=marker::RST7)) => {
                    rest = rest.get(skip + 2..).unwrap_or_default();
                }
                found => return found.is_some(),
            }
        }
    }
}
