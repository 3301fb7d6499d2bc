//! Pixels as they are compressed, inflated as they are needed.

use fdeflate::{DecompressionError, Decompressor};

use super::proof::Proof;
use super::source::Source;
use crate::error::Error;
use crate::memory::zeroed;
use crate::options::Damage;
use crate::probe::Format;

/// How far back deflate refers (RFC 1950, section 2.2).
const REACH: usize = 32 << 10;

/// Bytes that are inflated at once, so that they are unfiltered while they are in the
/// cache. From 16 to 256 KiB, inflating itself takes the same time.
const AHEAD: usize = 64 << 10;

/// Bytes that are fed at once: where one does not inflate, its place is known as
/// exactly as that.
const FEED: usize = 8 << 10;

/// Inflates the data of one picture. No more of them are in memory than a window,
/// whatever the file claims.
pub(super) struct Inflater {
    state: Decompressor,
    buffer: Vec<u8>,
    /// What is inflated and not yet taken.
    start: usize,
    end: usize,
    /// Bytes of the picture that are not inflated yet.
    left: u64,
    damage: Damage,
    pub(super) proof: Option<Proof>,
}

impl Inflater {
    /// For a picture of `total` bytes, of which up to `most` will be needed at once.
    pub(super) fn new(total: u64, most: usize, damage: Damage) -> Result<Self, Error> {
        // One byte more shows whether there are more than there should be.
        let len = (total + 1).min((REACH + AHEAD.max(most)) as u64);
        let mut state = Decompressor::new();
        // Chunks have checksums of their own. Where that matters, `Proof` has it.
        state.ignore_adler32();
        Ok(Self {
            state,
            buffer: zeroed(len)?,
            start: 0,
            end: 0,
            left: total,
            damage,
            proof: None,
        })
    }

    /// Bytes that come next, as far as they are inflated.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Takes bytes, which are inflated.
    pub(super) fn take(&mut self, len: usize) {
        self.start = self.end.min(self.start + len);
    }

    /// Has at least `len` bytes inflated.
    pub(super) fn need(&mut self, source: &mut Source<'_>, len: usize) -> Result<(), Error> {
        while self.end - self.start < len {
            let room = match self.damage {
                Damage::Refuse => usize::MAX,
                // An error takes with it what was inflated in the same step.
                Damage::Accept => len - (self.end - self.start),
            };
            let left = usize::try_from(self.left).unwrap_or(usize::MAX);
            let inflated = self.inflate(source, len, room.min(left))?;
            self.left -= inflated as u64;
        }
        Ok(())
    }

    /// Inflates what comes behind the picture, if anything does, and ends the proof.
    pub(super) fn prove(&mut self, source: &mut Source<'_>) -> Option<Proof> {
        while !self.state.is_done() {
            self.start = self.end;
            match self.inflate(source, 1, usize::MAX) {
                Ok(0) => {}
                Ok(_) | Err(_) => return None,
            }
        }
        self.proof.take()
    }

    /// Inflates some bytes more, up to `most`. At the end, that is an error.
    fn inflate(
        &mut self,
        source: &mut Source<'_>,
        needed: usize,
        most: usize,
    ) -> Result<usize, Error> {
        if self.state.is_done() {
            return Err(source.malformed("fewer pixels than the header says"));
        }
        self.make_room(needed);
        let data = source.data()?;
        let feed = data.get(..FEED).unwrap_or(data);
        let room = self.buffer.len().min(self.end.saturating_add(most));
        let output = self.buffer.get_mut(..room).unwrap_or_default();
        let (taken, inflated) = (self.state)
            .read(feed, output, self.end, false)
            .map_err(|error| broken(source.at(), &error))?;
        if taken == 0 && inflated == 0 && !self.state.is_done() {
            return Err(source.missing());
        }
        if let Some(proof) = &mut self.proof {
            proof.add(
                feed.get(..taken).unwrap_or_default(),
                output
                    .get(self.end..self.end + inflated)
                    .unwrap_or_default(),
            );
        }
        source.take(taken);
        self.end += inflated;
        Ok(inflated)
    }

    /// Drops what nothing refers to any more, once the buffer is full.
    fn make_room(&mut self, needed: usize) {
        if self.end < self.buffer.len() && self.start + needed <= self.buffer.len() {
            return;
        }
        let dropped = self.start.min(self.end.saturating_sub(REACH));
        self.buffer.copy_within(dropped..self.end, 0);
        self.start -= dropped;
        self.end -= dropped;
    }
}

#[cold]
fn broken(offset: usize, error: &DecompressionError) -> Error {
    Error::Malformed {
        format: Format::Png,
        problem: "pixels do not inflate",
        offset: Some(offset as u64),
        source: Some(format!("{error:?}").into()),
    }
}
