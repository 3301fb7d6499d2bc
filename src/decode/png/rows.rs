//! Rows of a pass, unfiltered.

use pulp::Arch;

use super::inflate::Inflater;
use super::source::Source;
use super::unfilter::Single;
#[cfg(target_arch = "x86_64")]
use super::{unfilter::rest, wave::Wave};
use crate::error::Error;
use crate::memory::zeroed;

/// Rows that are unfiltered at once, where that is of use.
pub(super) const BATCH: usize = 4;

/// Hands out the rows of a pass, one after the other.
pub(super) struct Rows {
    /// Bytes from one to the next pixel, 1 if there are more pixels to a byte.
    pixel: usize,
    /// Bytes of a row.
    stride: usize,
    /// Rows that were not unfiltered yet.
    left: u32,
    above: Vec<u8>,
    /// The rows that were unfiltered last, how many they are, and how many of them
    /// were handed out.
    batch: [Vec<u8>; BATCH],
    ready: usize,
    taken: usize,
    /// Why no more rows could be inflated than there are.
    failed: Option<Error>,
    arch: Arch,
}

impl Rows {
    /// For rows of up to `stride` bytes, of pixels of so many bits.
    pub(super) fn new(stride: usize, bits: usize) -> Result<Self, Error> {
        let row = || zeroed(stride as u64);
        Ok(Self {
            pixel: bits.div_ceil(8),
            stride: 0,
            left: 0,
            above: row()?,
            batch: [row()?, row()?, row()?, row()?],
            ready: 0,
            taken: 0,
            failed: None,
            arch: Arch::new(),
        })
    }

    /// Begins a pass. Above its first row is nothing but zeros.
    pub(super) fn begin(&mut self, stride: usize, rows: u32) {
        self.stride = stride;
        self.left = rows;
        self.ready = 0;
        self.taken = 0;
        self.above.fill(0);
    }

    /// The next row, which there must be.
    pub(super) fn next(
        &mut self,
        inflater: &mut Inflater,
        source: &mut Source<'_>,
    ) -> Result<&[u8], Error> {
        if self.taken == self.ready {
            let last = self.ready.checked_sub(1);
            if let Some(last) = last.and_then(|last| self.batch.get_mut(last)) {
                std::mem::swap(&mut self.above, last);
            }
            self.taken = 0;
            self.ready = 0;
            self.ready = self.unfilter(inflater, source)?;
        }
        let row = self.batch.get(self.taken).map_or(&[][..], |row| row);
        self.taken += 1;
        Ok(row.get(..self.stride).unwrap_or_default())
    }

    /// Looks at no more of the next row than its filter.
    pub(super) fn pass_over(
        &mut self,
        inflater: &mut Inflater,
        source: &mut Source<'_>,
    ) -> Result<(), Error> {
        inflater.need(source, self.stride + 1)?;
        let filter = inflater.bytes().first();
        if filter.is_none_or(|&filter| filter > 4) {
            return Err(source.malformed("no such filter"));
        }
        inflater.take(self.stride + 1);
        Ok(())
    }

    /// Unfilters one row or a batch of them; says how many.
    fn unfilter(
        &mut self,
        inflater: &mut Inflater,
        source: &mut Source<'_>,
    ) -> Result<usize, Error> {
        let stored = self.stride + 1;
        if inflater.bytes().len() < stored {
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            inflater.need(source, stored)?;
        }
        if self.may_batch() && self.failed.is_none() {
            // One by one, so that where damage is accepted, those before it are there.
            let mut ahead = (2..=BATCH).map(|rows| inflater.need(source, rows * stored));
            self.failed = ahead.find_map(Result::err);
        }
        let done = if self.undo_batch(inflater.bytes()) {
            BATCH
        } else {
            let filtered = inflater.bytes().get(..stored).unwrap_or_default();
            (self.undo_one(filtered)).ok_or_else(|| source.malformed("no such filter"))?;
            1
        };
        inflater.take(done * stored);
        self.left = self
            .left
            .saturating_sub(u32::try_from(done).unwrap_or(u32::MAX));
        Ok(done)
    }

    fn may_batch(&self) -> bool {
        cfg!(target_arch = "x86_64") && matches!(self.pixel, 3 | 4) && self.left as usize >= BATCH
    }

    fn undo_one(&mut self, filtered: &[u8]) -> Option<()> {
        let (&filter @ 0..=4, filtered) = filtered.split_first()? else {
            return None;
        };
        let [row, ..] = &mut self.batch;
        self.arch.dispatch(Single {
            filter,
            pixel: self.pixel,
            above: self.above.get(..self.stride)?,
            filtered,
            row: row.get_mut(..self.stride)?,
        });
        Some(())
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn undo_batch(&mut self, _: &[u8]) -> bool {
        false
    }

    /// Undoes the filters of four rows, if they are all there, and at least two of them
    /// have one that is slow by itself.
    #[cfg(target_arch = "x86_64")]
    fn undo_batch(&mut self, inflated: &[u8]) -> bool {
        let (stride, pixel) = (self.stride, self.pixel);
        if !self.may_batch() {
            return false;
        }
        let mut filters = [0; BATCH];
        let mut filtered = [&[][..]; BATCH];
        let mut stored = inflated.chunks_exact(stride + 1);
        for (filter, filtered) in filters.iter_mut().zip(&mut filtered) {
            match stored.next().and_then(<[u8]>::split_first) {
                Some((&number @ 0..=4, bytes)) => (*filter, *filtered) = (number, bytes),
                _ => return false,
            }
        }
        let are_slow = filters.iter().filter(|&&filter| filter > 2);
        if are_slow.count() < 2 {
            return false;
        }
        let mut above = self.above.get(..stride).unwrap_or_default();
        let rows = self.batch.each_mut();
        let mut rows = rows.map(|row| row.get_mut(..stride).unwrap_or_default());
        let wave = Wave {
            pixel,
            filters,
            above,
            filtered,
            rows: rows.each_mut().map(|row| &mut **row),
        };
        let done = wave.undo() * pixel;
        if done == 0 {
            return false;
        }
        for ((filter, filtered), row) in filters.into_iter().zip(filtered).zip(rows) {
            let one = Single {
                filter,
                pixel,
                above,
                filtered,
                row,
            };
            above = rest(one, done);
        }
        true
    }
}
