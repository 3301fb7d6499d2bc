//! Rows of a pass, unfiltered.

use pulp::Arch;

use super::inflate::Inflater;
use super::source::Source;
use super::unfilter::{Pair, Single};
use crate::error::Error;
use crate::raster::zeroed;

/// Hands out the rows of a pass, one after the other.
pub(super) struct Rows {
    /// Bytes from one to the next pixel, 1 if there are more pixels to a byte.
    pixel: usize,
    /// Bytes of a row.
    stride: usize,
    /// Rows that were not inflated yet.
    left: u32,
    above: Vec<u8>,
    row: Vec<u8>,
    /// The row below, if it was unfiltered at the same time.
    ahead: Vec<u8>,
    is_ahead: bool,
    /// Why there is no row below.
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
            row: row()?,
            ahead: row()?,
            is_ahead: false,
            failed: None,
            arch: Arch::new(),
        })
    }

    /// Begins a pass. Above its first row is nothing but zeros.
    pub(super) fn begin(&mut self, stride: usize, rows: u32) {
        self.stride = stride;
        self.left = rows;
        self.is_ahead = false;
        self.row.fill(0);
    }

    /// The next row, which there must be.
    pub(super) fn next(
        &mut self,
        inflater: &mut Inflater,
        source: &mut Source<'_>,
    ) -> Result<&[u8], Error> {
        std::mem::swap(&mut self.above, &mut self.row);
        if self.is_ahead {
            self.is_ahead = false;
            std::mem::swap(&mut self.row, &mut self.ahead);
        } else {
            self.unfilter(inflater, source)?;
        }
        Ok(self.row.get(..self.stride).unwrap_or_default())
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

    fn unfilter(&mut self, inflater: &mut Inflater, source: &mut Source<'_>) -> Result<(), Error> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let (stride, pixel) = (self.stride, self.pixel);
        inflater.need(source, stride + 1)?;
        let pairs = Pair::exists(pixel, inflater.bytes()) && self.left > 1;
        self.left = self.left.saturating_sub(1);
        if pairs {
            self.failed = inflater.need(source, 2 * (stride + 1)).err();
        }
        let above = self.above.get(..stride).unwrap_or_default();
        let row = self.row.get_mut(..stride).unwrap_or_default();
        let mut filtered = inflater.bytes().chunks_exact(stride + 1);
        let [first, second] = [filtered.next(), filtered.next()].map(Option::unwrap_or_default);
        if pairs && Pair::exists(pixel, second) {
            let ahead = self.ahead.get_mut(..stride).unwrap_or_default();
            self.arch.dispatch(Pair {
                pixel,
                above,
                filtered: [first, second].map(|row| row.get(1..).unwrap_or_default()),
                rows: [row, ahead],
            });
            self.is_ahead = true;
            self.left = self.left.saturating_sub(1);
            inflater.take(2 * (stride + 1));
            return Ok(());
        }
        let Some((&filter @ 0..=4, filtered)) = first.split_first() else {
            return Err(source.malformed("no such filter"));
        };
        self.arch.dispatch(Single {
            filter,
            pixel,
            above,
            filtered,
            row,
        });
        inflater.take(stride + 1);
        Ok(())
    }
}
